"""``run watch`` and ``backfill watch``: lines and live views."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta, timezone
from functools import partial
from types import SimpleNamespace

import pytest
from kit import payloads
from kit.payloads import RUN_ID, event, event_page
from kit.server import Reply

from dagster_plus_sdk import Run, RunEvent
from dagster_plus_sdk.cli.running.backfills import Counted, rows_of
from dagster_plus_sdk.cli.running.watch import Watched, print_news
from dagster_plus_sdk.cli.state import State

RETRY_ID = "1f1f1f1f-1111-4222-8333-444455556666"


def happened(at, kind, step=None, message="", run_id=RUN_ID):
    """An event, ``at`` ms after the first one."""
    return event(at, eventType=kind, stepKey=step, message=message, runId=run_id)


EVENTS = [
    happened(0, "RUN_STARTING"),
    happened(1000, "RUN_START"),
    happened(1500, "STEP_START", "load"),
    happened(1600, "STEP_START", "clean"),
    happened(2000, "STEP_UP_FOR_RETRY", "load"),
    happened(2500, "STEP_RESTARTED", "load"),
    happened(2600, None, "load", "reading"),
    happened(4000, "STEP_SUCCESS", "load"),
    happened(4100, "STEP_SKIPPED", "late"),
]
BAD = [
    happened(5000, "STEP_FAILURE", "clean", "Execution of step failed"),
    happened(6000, "RUN_FAILURE", None, "Steps failed:\n['clean']"),
]
GOOD = [happened(5000, "STEP_SUCCESS", "clean"), happened(6000, "PIPELINE_SUCCESS")]
#: What comes of the retry.
AGAIN = [
    happened(9000, "RUN_START", run_id=RETRY_ID),
    happened(9500, "STEP_START", "clean", run_id=RETRY_ID),
    happened(9750, "STEP_SUCCESS", "clean", run_id=RETRY_ID),
    happened(10000, "RUN_SUCCESS", run_id=RETRY_ID),
]

FIRST_LINES = f"""\
2023-11-14T22:13:20  STARTING   run {RUN_ID} (daily_report)
2023-11-14T22:13:21  STARTED    run {RUN_ID} (daily_report)
2023-11-14T22:13:21  STARTED    load
2023-11-14T22:13:21  STARTED    clean
2023-11-14T22:13:22  RETRYING   load
2023-11-14T22:13:22  STARTED    load
2023-11-14T22:13:24  SUCCESS    load after 2.5 s
2023-11-14T22:13:24  SKIPPED    late
"""
GOOD_LINES = f"""\
2023-11-14T22:13:25  SUCCESS    clean after 3.4 s
2023-11-14T22:13:26  SUCCESS    run {RUN_ID} (daily_report) after 5.0 s
"""
BAD_LINES = f"""\
2023-11-14T22:13:25  FAILURE    clean after 3.4 s
2023-11-14T22:13:26  FAILURE    run {RUN_ID} (daily_report) after 5.0 s: Steps failed: ['clean']
"""
RETRY_LINES = f"""\
2023-11-14T22:13:29  STARTED    run {RETRY_ID} (daily_report, a retry of {RUN_ID})
2023-11-14T22:13:29  STARTED    clean
2023-11-14T22:13:29  SUCCESS    clean after 0.2 s
2023-11-14T22:13:30  SUCCESS    run {RETRY_ID} (daily_report, a retry of {RUN_ID}) after 1.0 s
"""


class Story:
    """A server that tells what happens in runs, by their ids."""

    def __init__(self, server, **runs):
        #: For each run its events, its last state, and its tags.
        self.runs = {name.replace("_", "-"): told for name, told in runs.items()}
        server.reply(self.answer)

    def answer(self, received):
        variables = received.variables
        run_id = variables.get("runId") or variables["filter"]["runIds"][0]
        if run_id not in self.runs:
            return Reply(
                {"data": {"runOrError": payloads.error("RunNotFoundError", "no such run")}}
            )
        events, status, tags = self.runs[run_id]
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        whole = payloads.run(id=run_id, status=status, tags=listed)
        left = events if not variables.get("afterCursor") else []
        data = {
            "GetRun": {"runOrError": whole},
            "ListRuns": payloads.runs(run_id, status=status, tags=listed),
            "FindRuns": payloads.full_runs(whole),
            "PollRunEvents": {
                "runOrError": {"__typename": "Run", "id": run_id, "status": status},
                "logsForRun": event_page(left, cursor="c"),
            },
            "ListRunEvents": {"logsForRun": event_page([], cursor="c")},
        }
        return Reply({"data": data[received.operation]})


FINAL = {"dagster/will_retry": "false"}


def test_a_run_that_succeeds(scripted, server):
    Story(server, **{RUN_ID: (EVENTS + GOOD, "SUCCESS", {})})
    done = scripted("run", "watch", RUN_ID)
    assert (done.code, done.out, done.err) == (0, FIRST_LINES + GOOD_LINES, "")


def test_a_run_that_fails(scripted, server):
    Story(server, **{RUN_ID: (EVENTS + BAD, "FAILURE", FINAL)})
    done = scripted("run", "watch", RUN_ID)
    assert (done.code, done.out) == (5, FIRST_LINES + BAD_LINES)
    assert done.err.startswith(f"dplus: Run {RUN_ID} ended with FAILURE")


RETRIED = {"dagster/will_retry": "true", "dagster/auto_retry_run_id": RETRY_ID}


def test_a_retry_is_watched_too(scripted, server):
    Story(
        server,
        **{RUN_ID: (EVENTS + BAD, "FAILURE", RETRIED), RETRY_ID: (AGAIN, "SUCCESS", {})},
    )
    done = scripted("run", "watch", RUN_ID)
    assert (done.code, done.out) == (0, FIRST_LINES + BAD_LINES + RETRY_LINES)


def test_a_retry_that_is_announced_is_waited_for(scripted, server, monkeypatch):
    tags = {"dagster/will_retry": "true"}
    story = Story(server, **{RUN_ID: (BAD, "FAILURE", tags), RETRY_ID: (AGAIN, "SUCCESS", {})})
    monkeypatch.setattr(
        "dagster_plus_sdk._sync.run_waiting.sleep",
        lambda _s: tags.update(RETRIED) if story else None,
    )
    done = scripted("run", "watch", RUN_ID)
    assert (done.code, done.out.count(f"run {RETRY_ID}")) == (0, 2)


def test_as_json(scripted, server):
    Story(server, **{RUN_ID: (EVENTS + BAD, "FAILURE", FINAL)})
    done = scripted("run", "watch", RUN_ID, "--json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, len(lines)) == (5, 10)
    assert lines[6] == {
        "run_id": RUN_ID,
        "time": "2023-11-14T22:13:24Z",
        "state": "SUCCESS",
        "step_key": "load",
        "seconds": 2.5,
        "message": "",
    }
    assert (done.error["code"], done.error["run_id"]) == ("RUN_FAILED", RUN_ID)


@pytest.mark.usefixtures("no_pauses")
def test_the_time_is_over(scripted, server):
    Story(server, **{RUN_ID: (EVENTS, "STARTED", {})})
    done = scripted("run", "watch", RUN_ID, "--timeout", "60")
    assert (done.code, done.out) == (6, FIRST_LINES)
    assert "did not end within 60 s" in done.err


def test_an_unknown_run_and_a_format_of_the_whole(scripted, server):
    Story(server)
    done = scripted("run", "watch", "nope", "--json")
    assert (done.code, done.error["status_code"], done.error["run_id"]) == (1, 404, "nope")
    done = scripted("run", "watch", "nope", "--format", "csv")
    assert (done.code, "cannot be csv, but jsonl" in done.err) == (2, True)


def test_no_permission(scripted, server):
    server.data({"runOrError": payloads.error("UnauthorizedError", "not you")})
    assert scripted("run", "watch", RUN_ID).code == 4


def test_verbose_waiting_shows_the_events_of_the_retry_too(scripted, server):
    story = Story(
        server,
        **{RUN_ID: (BAD, "FAILURE", RETRIED), RETRY_ID: (AGAIN, "SUCCESS", {})},
    )
    launch = Reply({"data": payloads.launched(status="STARTING")})
    server.replies[:] = [
        Reply({"data": payloads.jobs(payloads.job("daily"))}),
        launch,
        story.answer,
    ]
    done = scripted("job", "launch", "daily", "--verbose", "--json")
    assert (done.code, done.json["id"]) == (0, RETRY_ID)
    assert done.err.count(f'"runId": "{RETRY_ID}"') == len(AGAIN)


def watched(*told, steps=0):
    """What is known after some events."""
    found = Watched(
        RUN_ID,
        Run.model_validate(payloads.run(status="STARTED")),
        "https://x.dagster.plus/prod/runs/a",
    )
    many = [happened(1500, "STEP_START", f"step_{number}") for number in range(steps)]
    for payload in [*told, *many]:
        found.take(RunEvent.model_validate(payload))
    return found


def picture(render, width, height=40):
    """A live view as text."""
    rich = pytest.importorskip("rich.console")
    console = rich.Console(
        file=io.StringIO(), width=width, height=height, record=True, force_terminal=True
    )
    console.print(render(console.size))
    return console.export_text()


NOW = datetime(2023, 11, 14, 22, 14, 30, tzinfo=timezone.utc)


def view_of(found):
    from dagster_plus_sdk.cli.running.watch_view import run_view

    return lambda size: run_view(found, NOW, size)


@pytest.mark.parametrize("width", [60, 100, 160])
def test_the_live_view(width):
    pytest.importorskip("rich")
    text = picture(view_of(watched(*EVENTS)), width)
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[:2] == ["daily_report  STARTED  1:09", "https://x.dagster.plus/prod/runs/a"]
    rows = [line.split() for line in lines[3:7]]
    assert rows == [
        ["STEP", "STATE", "TIME"],
        ["load", "SUCCESS", "2.5", "s"],
        ["clean", "STARTED", "1:08"],
        ["late", "SKIPPED"],
    ]
    assert lines[-3] == "22:13:22  INFO load reading"
    assert max(map(len, lines)) <= width


def test_long_names_and_messages_are_cut_and_controls_do_nothing():
    pytest.importorskip("rich")
    nasty = happened(1600, "STEP_START", "s" * 200, "m\x1b[2J[bold]" + "m" * 300)
    lines = picture(view_of(watched(nasty)), 60).splitlines()
    assert max(map(len, lines)) <= 60
    assert any("…" in line for line in lines)
    assert "\x1b" not in "".join(lines)
    assert "STARTED" in lines[4]


@pytest.mark.parametrize(("height", "left"), [(12, 97), (20, 94)])
def test_where_there_is_no_room_for_all_steps_the_failed_ones_stay(height, left):
    pytest.importorskip("rich")
    failed = [happened(1500, "STEP_START", "bad"), happened(1600, "STEP_FAILURE", "bad")]
    text = picture(view_of(watched(*failed, steps=100)), 100, height=height)
    assert text.splitlines()[4].split()[:2] == ["bad", "FAILURE"]
    assert f"... and {left} more: {left} STARTED" in text
    # The cursor rests below it.
    assert len(text.splitlines()) < height


def test_a_retry_is_another_run_in_the_same_view():
    pytest.importorskip("rich")
    found = watched(*EVENTS)
    found.take(RunEvent.model_validate(happened(1900, "RUN_START", run_id=RETRY_ID)))
    assert f"a retry of {RUN_ID}" in picture(view_of(found), 100)
    assert found.steps == {}


def test_on_a_terminal_there_is_a_live_view(scripted, server, terminal, monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm")
    Story(server, **{RUN_ID: (EVENTS + GOOD, "SUCCESS", {})})
    done = scripted("run", "watch", RUN_ID)
    assert done.code == 0
    assert "daily_report  SUCCESS  5.0 s" in done.out
    assert "STARTING   run" not in done.out


def test_without_rich_there_are_lines_on_a_terminal_too(scripted, server, terminal, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    Story(server, **{RUN_ID: (EVENTS + GOOD, "SUCCESS", {})})
    assert scripted("run", "watch", RUN_ID).out == FIRST_LINES + GOOD_LINES


def counted(key, targeted, materialized, failed, running):
    return SimpleNamespace(
        asset_key=key,
        targeted=targeted,
        materialized=materialized,
        failed=failed,
        in_progress=running,
    )


def whole(key, *, made=False, failed=False, running=False):
    return SimpleNamespace(
        asset_key=key, is_materialized=made, is_failed=failed, is_in_progress=running
    )


def backfill(status, *statuses, runs=(), partitions=None):
    """A snapshot of a backfill's progress."""
    return SimpleNamespace(
        id="abc",
        status=SimpleNamespace(value=status),
        assets=SimpleNamespace(statuses=statuses) if statuses else None,
        run_counts=[SimpleNamespace(run_status=SimpleNamespace(value=k), count=n) for k, n in runs],
        num_partitions=partitions,
    )


def test_the_lines_of_a_backfill(capsys):
    update = partial(print_news, State(), Counted().news_of)
    update(backfill("REQUESTED", counted("orders", 5, 0, 0, 2), whole("top", running=True)))
    update(backfill("REQUESTED", counted("orders", 5, 2, 1, 2), whole("top", running=True)))
    update(backfill("COMPLETED_FAILED", counted("orders", 5, 4, 1, 0), whole("top", made=True)))
    texts = [line.partition("  ")[2] for line in capsys.readouterr().out.splitlines()]
    assert texts == [
        "orders: 0 of 5 done, 0 failed, 2 running",
        "top: 0 of 1 done, 0 failed, 1 running",
        "REQUESTED  backfill abc",
        "orders: 2 of 5 done, 1 failed, 2 running",
        "orders: 4 of 5 done, 1 failed, 0 running",
        "top: 1 of 1 done, 0 failed, 0 running",
        "COMPLETED_FAILED  backfill abc",
    ]


def test_a_jobs_backfill_and_what_is_newer_than_this_version():
    runs = [("SUCCESS", 2), ("FAILURE", 1), ("CANCELED", 1), ("STARTED", 3), ("NOT_STARTED", 9)]
    assert rows_of(backfill("REQUESTED", runs=runs, partitions=20)) == [("runs", 2, 2, 3, 20)]
    assert rows_of(backfill("REQUESTED", runs=runs))[0].total == 16
    assert rows_of(backfill("REQUESTED", SimpleNamespace())) == []


@pytest.mark.parametrize("width", [60, 100, 160])
def test_the_live_view_of_a_backfill(width):
    pytest.importorskip("rich")
    from dagster_plus_sdk.cli.running.watch_view import backfill_view

    found = backfill("REQUESTED", *[counted(f"asset_{n}", 5, n, 1, 2) for n in range(30)])
    since = NOW - timedelta(hours=2, minutes=3, seconds=4)
    text = picture(lambda size: backfill_view(found, since, NOW, size), width, height=20)
    lines = text.splitlines()
    assert lines[0].rstrip() == "backfill abc  REQUESTED  2:03:04"
    assert lines[2].split() == ["DONE", "FAILED", "RUNNING", "OF"]
    assert lines[3].split() == ["asset_0", "0", "1", "2", "5"]
    assert lines[-1].rstrip() == "... and 17 more"
    assert max(map(len, lines)) <= width
