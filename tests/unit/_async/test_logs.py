"""Captured logs: which one is meant, the whole text, and following to the end."""

from __future__ import annotations

import pytest
from kit.payloads import RUN_ID, error
from kit.server import Reply

from dagster_plus_sdk import CapturedLog, CapturedLogs, errors

pytestmark = pytest.mark.anyio


def captured(file_key, *steps):
    return {
        "__typename": "LogsCapturedEvent",
        "timestamp": "1700000000000",
        "fileKey": file_key,
        "stepKeys": list(steps) or None,
        "externalUrl": None,
        "externalStdoutUrl": None,
        "externalStderrUrl": None,
    }


OTHER = {"__typename": "RunStartEvent", "timestamp": "1700000000000"}


class Run:
    """A run that writes: a server's answers about it.

    Args:
        events: In the order in which they come.
        texts: What each file has: standard output, standard errors.
    """

    def __init__(self, events, texts, *, page=1000, piece=1000):
        self.events = events
        self.texts = {key: list(pair) for key, pair in texts.items()}
        self.page = page
        self.piece = piece
        self.status = "SUCCESS"
        self.rounds = []
        self.faults = []

    def __call__(self, received):
        if self.faults:
            return self.faults.pop()
        asked = received.variables
        if received.operation == "GetCapturedLogs":
            return self.text(asked)
        if received.operation == "GetCapturedLogsLinks":
            name = asked["logKey"][-1]
            links = {"stdoutUrl": f"/logs/{name}/out", "stderrUrl": "https://store.test/x"}
            links |= {"stdoutLocation": "/out", "stderrLocation": None}
            return Reply({"data": {"capturedLogsMetadata": links}})
        data = {"logsForRun": self.events_behind(asked)}
        if received.operation == "PollCapturedLogs":
            state = {"__typename": "Run", "id": RUN_ID, "status": self.status}
            data["runOrError"] = state
            if self.rounds:
                self.rounds.pop(0)(self)
        return Reply({"data": data})

    def events_behind(self, asked):
        start = int(asked["afterCursor"] or 0)
        end = start + self.page
        return {
            "__typename": "EventConnection",
            "events": self.events[start:end],
            "cursor": str(min(end, len(self.events))),
            "hasMore": end < len(self.events),
        }

    def text(self, asked):
        run_id, folder, name = asked["logKey"]
        assert (run_id, folder) == (RUN_ID, "compute_logs")
        starts = [int(n) for n in (asked["cursor"] or "0:0").split(":")]
        pieces = [
            None if t is None else t[start : start + self.piece]
            for t, start in zip(self.texts[name], starts, strict=True)
        ]
        ends = [start + len(p or "") for start, p in zip(starts, pieces, strict=True)]
        found = dict(zip(("stdout", "stderr"), pieces, strict=True))
        cursor = ":".join(map(str, ends))
        found |= {"logKey": asked["logKey"], "cursor": cursor}
        return Reply({"data": {"capturedLogs": found}})


# get


async def test_the_whole_text_in_pieces(client, server):
    server.reply(Run([OTHER, captured("f", "load")], {"f": ["x" * 25, "y" * 7]}, piece=10))
    found = await client.logs.get(RUN_ID)
    assert type(found) is CapturedLogs
    assert (found.stdout, found.stderr) == ("x" * 25, "y" * 7)
    assert found.log_key == [RUN_ID, "compute_logs", "f"]
    assert server.operations == ["ListCapturedLogs"] + ["GetCapturedLogs"] * 4


@pytest.mark.parametrize(
    ("stream", "kept"),
    [(None, ("out", "err")), ("stdout", ("out", None)), ("STDERR", (None, "err"))],
)
async def test_one_stream(client, server, stream, kept):
    server.reply(Run([captured("f", "load")], {"f": ["out", "err"]}))
    found = await client.logs.get(RUN_ID, stream=stream)
    assert (found.stdout, found.stderr) == kept


async def test_what_was_not_captured_is_none(client, server):
    server.reply(Run([captured("f", "load")], {"f": [None, ""]}))
    found = await client.logs.get(RUN_ID)
    assert (found.stdout, found.stderr) == (None, "")


SEVERAL = [captured("a", "load"), OTHER, captured("b", "clean", "report"), captured("c", "load")]
TEXTS = {"a": ["first try", ""], "b": ["cleaned", ""], "c": ["second try", ""]}


@pytest.mark.parametrize(("step", "text"), [("load", "second try"), ("report", "cleaned")])
@pytest.mark.parametrize("page", [1, 2, 1000])
async def test_the_log_of_a_step_is_its_last_one(client, server, step, text, page):
    server.reply(Run(SEVERAL, TEXTS, page=page))
    assert (await client.logs.get(RUN_ID, step=step)).stdout == text


@pytest.mark.parametrize(
    ("events", "given", "kind", "says"),
    [
        (SEVERAL, {}, errors.InvalidInputError, "3 captured logs.*clean, load, report"),
        (SEVERAL, {"step": "laod"}, errors.NotFoundError, "no step 'laod'.*mean 'load'"),
        ([OTHER], {}, errors.NotFoundError, "Nothing was captured"),
        ([OTHER], {"step": "load"}, errors.NotFoundError, "no step 'load'"),
    ],
)
async def test_a_log_that_is_not_clear(client, server, events, given, kind, says):
    server.reply(Run(events, TEXTS))
    with pytest.raises(kind, match=says):
        await client.logs.get(RUN_ID, **given)
    assert set(server.operations) == {"ListCapturedLogs"}


async def test_no_such_run(client, server):
    server.data({"logsForRun": error("RunNotFoundError")})
    with pytest.raises(errors.NotFoundError):
        await client.logs.get(RUN_ID)
    with pytest.raises(errors.NotFoundError):
        await client.logs.links(RUN_ID).to_list()


@pytest.mark.parametrize("given", [{"run_id": ""}, {"stream": "stdin"}])
async def test_what_cannot_be_asked(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.logs.get(**{"run_id": RUN_ID, **given})
    with pytest.raises(errors.InvalidInputError):
        _ = [piece async for piece in client.logs.follow(**{"run_id": RUN_ID, **given})]
    assert server.requests == 0


# links


async def test_links(client, server):
    server.reply(Run(SEVERAL, TEXTS))
    found = await client.logs.links(RUN_ID).to_list()
    assert [(type(log), log.file_key, log.step_keys) for log in found] == [
        (CapturedLog, "a", ["load"]),
        (CapturedLog, "b", ["clean", "report"]),
        (CapturedLog, "c", ["load"]),
    ]
    assert (found[0].stdout_url, found[0].stderr_url) == (
        f"{server.url}/logs/a/out",
        "https://store.test/x",
    )
    assert (found[0].stdout_location, found[0].stderr_location) == ("/out", None)
    assert (found[0].run_id, found[0].captured_at.timestamp()) == (RUN_ID, 1700000000)


async def test_no_more_links_are_asked_for_than_are_wanted(client, server):
    many = [captured(str(n), "load") for n in range(25)]
    server.reply(Run(many, {}))
    listed = client.logs.links(RUN_ID, step="load", limit=12)
    first = [log.file_key for log in await listed.to_list()]
    assert server.operations.count("GetCapturedLogsLinks") == 12
    rest = [log.file_key for log in await client.logs.links(RUN_ID, cursor=listed.cursor).to_list()]
    assert first + rest == [str(n) for n in range(25)]
    assert await client.logs.links(RUN_ID, step="nope").to_list() == []
    with pytest.raises(errors.InvalidInputError, match="none of this list"):
        await client.logs.links(RUN_ID, cursor="x").to_list()


# follow


def growing():
    """A run that writes between the looks at it, in a second process too, and then ends."""
    run = Run([OTHER, captured("a", "load")], {"a": ["one ", ""], "b": ["", ""]})
    run.status = "STARTED"

    def second(run):
        run.texts["a"][0] += "two "
        run.texts["b"][1] += "warning"
        run.events.append(captured("b", "report"))

    def end(run):
        run.texts["a"][0] += "three"
        run.status = "FAILURE"

    run.rounds = [lambda run: None, second, lambda run: None, end]
    return run


async def pieces(followed):
    return [(p.log_key[-1], p.stdout or "", p.stderr or "") async for p in followed]


async def test_follow_gives_each_text_once(client, server):
    server.reply(growing())
    found = await pieces(client.logs.follow(RUN_ID, poll=0.001))
    assert "".join(out for _, out, _ in found) == "one two three"
    assert [(key, err) for key, _, err in found if err] == [("b", "warning")]


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ({"step": "report"}, ["warning"]),
        ({"stream": "stderr"}, ["warning"]),
        ({"step": "load"}, ["one ", "two ", "three"]),
    ],
)
async def test_follow_a_part(client, server, given, texts):
    server.reply(growing())
    found = await pieces(client.logs.follow(RUN_ID, poll=0.001, **given))
    assert [out + err for _, out, err in found] == texts


async def test_follow_survives_faults_until_the_timeout(client, server):
    run = growing()
    run.faults = [Reply(b"", 503), Reply(fault="reset"), Reply(b"", 502)]
    server.reply(run)
    found = await pieces(client.logs.follow(RUN_ID, poll=0.001, timeout=20))
    assert "".join(out for _, out, _ in found) == "one two three"


async def test_follow_gives_up(client, server):
    run = Run([], {})
    run.status = "STARTED"
    server.reply(run)
    with pytest.raises(errors.WaitTimeoutError, match="did not end within"):
        await pieces(client.logs.follow(RUN_ID, poll=0.01, timeout=0.05))
    with pytest.raises(errors.InvalidInputError, match="poll"):
        await pieces(client.logs.follow(RUN_ID, poll=0))
