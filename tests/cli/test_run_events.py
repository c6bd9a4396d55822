"""Events of runs, to the letter."""

from __future__ import annotations

import json

import pytest
from kit.payloads import RUN_ID, error, event, event_page

LONG = "m" * 60
EVENTS = [
    event(0, eventType="RUN_START", message="Started execution", level="DEBUG"),
    event(1500, message=LONG, stepKey="extract_orders", level="WARNING"),
    event(
        61000,
        __typename="ExecutionStepFailureEvent",
        eventType="STEP_FAILURE",
        message="failed\nbadly",
        stepKey="collect_payments",
        level="ERROR",
        error=error(
            "PythonError",
            "E: no",
            className="E",
            stack=["a line\n"],
            causes=[{"className": "C", "message": "C: why", "stack": []}],
            chain=[],
        ),
    ),
]
TEXT = f"""\
Events for run {RUN_ID}:

TIMESTAMP            TYPE                 STEP_KEY                       {"MESSAGE":<50}
{"-" * 123}
2023-11-14T22:13:20  RUN_START                                           Started execution
2023-11-14T22:13:21  WARNING              extract_orders                 {"m" * 47}...
2023-11-14T22:14:21  STEP_FAILURE         collect_payments               failed badly

Total events: 3
"""


@pytest.fixture
def events(scripted, server):
    """Runs ``run-events`` commands of a run with three events."""
    server.data({"logsForRun": event_page(EVENTS, cursor="c3")})

    def run(*words):
        return scripted("run-events", *words)

    return run


def test_the_text(events):
    done = events("get", RUN_ID)
    assert (done.code, done.out, done.err) == (0, TEXT, "")


def test_the_text_is_the_same_on_a_terminal(events, terminal):
    assert events("get", RUN_ID).out == TEXT


def test_a_message_of_fifty_is_whole(scripted, server):
    server.data({"logsForRun": event_page([event(0, message="m" * 50)], cursor="c")})
    assert scripted("run-events", "get", RUN_ID).out.splitlines()[4].endswith(" " + "m" * 50)


def test_no_events(scripted, server):
    server.data({"logsForRun": event_page([], cursor="c")})
    done = scripted("run-events", "get", RUN_ID)
    assert (done.code, done.out) == (0, f"No events found for run {RUN_ID}\n")


def test_the_json(events):
    done = events("get", RUN_ID, "--json")
    assert list(done.json) == ["run_id", "events", "count"]
    assert (done.json["run_id"], done.json["count"]) == (RUN_ID, 3)
    first, _, failure = done.json["events"]
    assert first == {
        "runId": RUN_ID,
        "message": "Started execution",
        "timestamp": "2023-11-14T22:13:20Z",
        "level": "DEBUG",
        "stepKey": None,
        "eventType": "RUN_START",
    }
    assert failure["error"] == {
        "className": "E",
        "message": "E: no",
        "stack": ["a line\n"],
        "causes": [{"className": "C", "message": "C: why", "stack": []}],
        "chain": [],
    }


def test_yaml_and_fields(events):
    assert events("get", RUN_ID, "--format", "yaml").out.startswith(f"run_id: {RUN_ID}\nevents:\n")
    found = events("get", RUN_ID, "--json", "--fields", "event_type,step_key").json["events"]
    assert found[2] == {"eventType": "STEP_FAILURE", "stepKey": "collect_payments"}


def test_rows_in_other_formats(events):
    lines = events("get", RUN_ID, "--format", "tsv").out.splitlines()
    assert lines[0] == "2023-11-14T22:13:20Z\tRUN_START\tDEBUG\t\tStarted execution"
    lines = events("get", RUN_ID, "--format", "jsonl").out.splitlines()
    assert json.loads(lines[2])["stepKey"] == "collect_payments"


def test_chosen_fields_are_columns(events):
    lines = events("get", RUN_ID, "--fields", "level,step_key").out.splitlines()
    assert lines == ["DEBUG\t", "WARNING\textract_orders", "ERROR\tcollect_payments"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--type", "run_start,STEP_failure"], 2),
        (["--type", "PIPELINE_START"], 1),
        (["--type", "PIPELINE_START", "--type", "STEP_FAILURE"], 2),
        (["--step", "EXTRACT"], 1),
        (["--level", "error", "--level", "WARNING"], 2),
        (["--limit", "1"], 1),
        (["--limit", "0"], 0),
    ],
)
def test_filters(events, words, count):
    assert events("get", RUN_ID, "--json", *words).json["count"] == count


def test_the_limit_is_100_over_as_many_pages_as_it_takes(scripted, server):
    pages = [
        [event(n, level="INFO" if n % 3 else "ERROR") for n in range(i, i + 100)]
        for i in (0, 100, 200, 300)
    ]
    for number, page in enumerate(pages):
        data = event_page(page, cursor=str(number), more=number < 3)
        server.data({"logsForRun": data})
    done = scripted("run-events", "get", RUN_ID, "--level", "ERROR", "--json")
    assert done.json["count"] == 100
    assert done.err.startswith("dplus: there are more events; go on with --cursor ")
    assert len(server.received) == 3


def test_all_rows_of_several_pages(scripted, server):
    for number in range(3):
        page = event_page([event(number)], cursor=str(number), more=number < 2)
        server.data({"logsForRun": page})
    done = scripted("run-events", "get", RUN_ID, "--limit", "all", "--format", "csv")
    assert (done.code, len(done.out.splitlines()), done.err) == (0, 4, "")


@pytest.fixture
def ended(scripted, server):
    """Follows a run that has ended."""
    state = {"runOrError": {"__typename": "Run", "id": RUN_ID, "status": "FAILURE"}}
    server.data(
        {**state, "logsForRun": event_page(EVENTS, cursor="c3")},
        {**state, "logsForRun": event_page([], cursor="c3")},
    )

    def run(*words):
        return scripted("run-events", "follow", RUN_ID, "--poll", "0.1", *words)

    return run


def test_following_prints_events_as_they_come(ended):
    done = ended()
    assert (done.code, done.out.splitlines()) == (0, TEXT.splitlines()[4:7])


def test_following_as_json_is_one_object_per_line(ended):
    (line,) = ended("--json", "--type", "STEP_FAILURE").out.splitlines()
    assert json.loads(line)["error"]["causes"][0]["className"] == "C"


def test_following_chosen_fields(ended):
    done = ended("--fields", "level,step_key")
    assert done.out == "DEBUG\t\nWARNING\textract_orders\nERROR\tcollect_payments\n"


def test_following_in_a_format_of_the_whole(ended, server):
    done = ended("--format", "yaml")
    assert (done.code, server.received) == (2, [])
    assert "cannot be yaml, but jsonl" in done.err


@pytest.mark.usefixtures("no_pauses")
def test_following_has_a_deadline(scripted, server):
    state = {"runOrError": {"__typename": "Run", "id": RUN_ID, "status": "STARTED"}}
    server.data({**state, "logsForRun": event_page([], cursor="c3")})
    done = scripted("run-events", "follow", RUN_ID, "--timeout", "60", "--json")
    assert done.code == 6
    assert (done.error["code"], done.error["status_code"]) == ("TIMEOUT", 504)
    assert done.error["run_id"] == RUN_ID


def test_an_unknown_run(scripted, server):
    server.data({"logsForRun": error("RunNotFoundError", "no such run")})
    done = scripted("run-events", "get", "nope", "--json")
    assert done.code == 1
    assert (done.error["status_code"], done.error["run_id"]) == (404, "nope")
