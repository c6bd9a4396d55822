"""Captured logs: which one is meant, the whole text, and following to the end."""

from __future__ import annotations

import pytest
from kit.captured_logs import OTHER, Run, captured
from kit.payloads import RUN_ID, error
from kit.server import Reply

from dagster_plus_sdk import CapturedLog, CapturedLogs, errors

pytestmark = pytest.mark.anyio


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


@pytest.mark.parametrize("piece", [5, 7, 1000])
async def test_characters_that_the_server_cuts(client, server, piece):
    """It cuts at bytes, and puts U+FFFD for what is no whole character."""
    text = "Zürich, 東京 😀😀 \ufffd."
    server.reply(Run([captured("f", "load")], {"f": [text, "ééé"]}, piece=piece))
    found = await client.logs.get(RUN_ID)
    assert (found.stdout, found.stderr) == (text, "ééé")


async def test_a_character_that_never_becomes_whole(client, server):
    run = Run([captured("f", "load")], {"f": ["", ""]})
    run.text = lambda asked: Reply(
        {
            "data": {
                "capturedLogs": {
                    "logKey": asked["logKey"],
                    "stdout": "\ufffd" if asked["cursor"] == "1:0" else "a\ufffd",
                    "stderr": None,
                    "cursor": "2:0",
                }
            }
        }
    )
    server.reply(run)
    assert (await client.logs.get(RUN_ID)).stdout == "a\ufffd"


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
