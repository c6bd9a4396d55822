"""Formats: on a terminal, in a pipe, and the chosen ones."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios

import click
import pytest
import yaml
from kit import payloads
from kit.server import Reply

from dagster_plus_sdk import CapturedLogs
from dagster_plus_sdk.cli.invoke import show
from dagster_plus_sdk.cli.printing import output
from dagster_plus_sdk.cli.printing.reader import tell_more
from dagster_plus_sdk.cli.printing.text import lines_of, plain_lines, to_json
from dagster_plus_sdk.cli.state import State

OTHER = "1f1f1f1f-1111-4222-8333-444455556666"
RUNS = payloads.runs(payloads.RUN_ID, OTHER)
PIPE = (
    f"{payloads.RUN_ID}\tSUCCESS\tdaily_report\t2023-11-14T22:13:20Z\t\n"
    f"{OTHER}\tSUCCESS\tdaily_report\t2023-11-14T22:13:20Z\t\n"
)
COLUMN = 36 + 2


def test_a_list_in_a_pipe_is_tab_separated_without_a_header(scripted, server):
    server.data(RUNS)
    done = scripted("run", "list")
    assert (done.code, done.out, done.err) == (0, PIPE, "")


def test_a_list_on_a_terminal_is_a_table(scripted, server, terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    server.data(RUNS)
    lines = scripted("run", "list").out.splitlines()
    assert lines[0] == f"{'ID':<{COLUMN}}STATUS   JOB           CREATED               ENDED"
    assert lines[1] == f"{payloads.RUN_ID}  SUCCESS  daily_report  2023-11-14T22:13:20Z"
    assert len(lines) == 3


def test_a_line_ends_at_the_edge_of_the_terminal(scripted, server, terminal):
    server.data(payloads.jobs(payloads.job("daily", description="long " * 50)))
    lines = scripted("job", "list").out.splitlines()
    assert [len(line) for line in lines][1:] == [80]
    assert lines[1].endswith("…")


def test_a_table_in_a_pipe_has_whole_lines(scripted, server):
    server.data(payloads.jobs(payloads.job("daily", description="long " * 50)))
    lines = scripted("job", "list", "--format", "table").out.splitlines()
    assert lines[0].split() == ["NAME", "LOCATION", "REPOSITORY", "DESCRIPTION"]
    assert lines[1].endswith(("long " * 50).strip())


def test_an_empty_list(scripted, server, terminal):
    server.data(payloads.runs())
    done = scripted("run", "list")
    assert (done.code, done.out) == (0, "")
    assert done.err == "dplus: there is nothing to list\n"


def test_a_list_as_json(scripted, server):
    server.data(payloads.runs(payloads.RUN_ID, OTHER))
    done = scripted("run", "list", "--json", "--limit", "1")
    assert done.err == ""
    assert list(done.json) == ["items", "cursor", "has_more"]
    assert done.json["cursor"] == payloads.RUN_ID
    assert done.json["has_more"] is True
    (run,) = done.json["items"]
    assert run["created_at"] == "2023-11-14T22:13:20.250000Z"
    assert run["ended_at"] is None
    assert done.out == json.dumps(done.json, indent=2) + "\n"


def test_the_end_of_a_list_has_no_cursor(scripted, server):
    server.data(RUNS)
    done = scripted("--json", "run", "list")
    assert (done.json["cursor"], done.json["has_more"]) == (None, False)


def test_where_to_go_on_is_told_on_stderr(scripted, server):
    server.data(RUNS)
    done = scripted("run", "list", "--limit", "1", "--fields", "id")
    assert done.out == f"{payloads.RUN_ID}\n"
    assert done.err == f"dplus: there is more; go on with --cursor {payloads.RUN_ID}\n"


def test_how_to_go_on_is_told_as_a_shell_takes_it(capsys):
    tell_more('["it\'s"]')
    told = capsys.readouterr().err
    assert shlex.split(told)[-2:] == ["--cursor", '["it\'s"]']


def test_a_cursor_goes_on(scripted, server):
    server.data(RUNS)
    scripted("run", "list", "--cursor", OTHER)
    assert server.received[0].variables["cursor"] == OTHER


def test_the_limit_is_50_and_may_be_all(scripted, server):
    many = [f"{number:08d}-1111-4222-8333-444455556666" for number in range(101)]
    server.data(payloads.runs(*many[:51]))
    assert len(scripted("run", "list").out.splitlines()) == 50
    assert server.received[-1].variables["limit"] == 51
    server.replies.clear()
    server.data(payloads.runs(*many), payloads.runs(*many[100:]))
    assert len(scripted("run", "list", "--limit", "all").out.splitlines()) == 101


def test_the_total_is_part_of_the_json(scripted, server):
    data = payloads.runs(payloads.RUN_ID)
    data["runsOrError"]["count"] = 7
    server.data(data)
    assert scripted("run", "list", "--with-total", "--json").json["total"] == 7


def test_json_lines(scripted, server):
    server.data(RUNS)
    lines = scripted("run", "list", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [payloads.RUN_ID, OTHER]


def test_csv_has_a_header_and_whole_values(scripted, server):
    text = 'says "a, b"\nand more'
    server.data(payloads.jobs(payloads.job("daily", description=text)))
    done = scripted("job", "list", "--format", "csv", "--fields", "name,description,is_asset_job")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert rows == [["name", "description", "is_asset_job"], ["daily", text, "false"]]


def test_yaml(scripted, server):
    server.data(RUNS)
    found = yaml.safe_load(scripted("run", "list", "--format", "yaml").out)
    assert [run["id"] for run in found["items"]] == [payloads.RUN_ID, OTHER]
    assert list(found["items"][0])[:2] == ["id", "status"]


def test_fields_in_their_order_and_inside_of_others(scripted, server):
    server.data(payloads.jobs(payloads.job("daily")))
    fields = "repository.location.name,name"
    assert scripted("job", "list", "--fields", fields).out == "demo\tdaily\n"
    (item,) = scripted("job", "list", "--fields", fields, "--json").json["items"]
    assert item == {"repository.location.name": "demo", "name": "daily"}


GOLDEN_RUN = f"""\
Run ID: {payloads.RUN_ID}
Status: SUCCESS
Created: 2023-11-14T22:13:20Z
Started: 2023-11-14T22:13:21Z
Pipeline: daily_report
Mode: default
"""


def test_a_run(scripted, server):
    server.data(payloads.get_run())
    assert scripted("run", "get", payloads.RUN_ID).out == GOLDEN_RUN


def test_a_run_is_the_same_on_a_terminal(scripted, server, terminal):
    server.data(payloads.get_run())
    assert scripted("run", "get", payloads.RUN_ID).out == GOLDEN_RUN


def test_a_run_that_has_not_begun(scripted, server):
    server.data(payloads.get_run(startedAt=None, status="QUEUED", mode=""))
    assert [line.split(":")[0] for line in scripted("run", "get", "x").out.splitlines()] == [
        "Run ID", "Status", "Created", "Pipeline",
    ]  # fmt: skip


def test_a_run_as_json(scripted, server):
    server.data(payloads.get_run())
    run = scripted("run", "get", payloads.RUN_ID, "--json").json
    assert run.keys() >= {
        "id", "status", "created_at", "started_at", "ended_at", "job_name", "pipeline_name", "mode", "tags",
    }  # fmt: skip
    assert run["started_at"] == "2023-11-14T22:13:21.500000Z"
    assert run["ended_at"] is None
    assert run["tags"] == [{"key": "team", "value": "shop"}]


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("yaml", "id: 1\nstatus: SUCCESS\n"),
        ("jsonl", '{"id": "1", "status": "SUCCESS"}\n'),
        ("csv", "id,status\n1,SUCCESS\n"),
        ("tsv", "1\tSUCCESS\n"),
        ("table", "ID  STATUS\n1   SUCCESS\n"),
    ],
)
def test_one_thing_in_each_format(scripted, server, format_, expected):
    server.data(payloads.get_run(id="1"))
    done = scripted("run", "get", "1", "--format", format_, "--fields", "id,status")
    assert done.out.replace("'1'", "1") == expected


def test_chosen_fields_of_one_thing(scripted, server):
    server.data(payloads.get_run())
    done = scripted("run", "get", payloads.RUN_ID, "--fields", "tags,repository_origin")
    assert done.out == (
        "Tags: team=shop\nRepository origin: repository_name=__repository__ location_name=demo\n"
    )


def test_a_thing_without_a_form_of_its_own(scripted, server):
    server.data(payloads.whole_asset("a", "b"))
    lines = scripted("asset", "get", "a/b").out.splitlines()
    assert lines[:2] == ["ID: a/b", "Key: a/b"]


def test_a_number(scripted, server):
    server.data({"runsOrError": {"__typename": "Runs", "count": 3}})
    assert scripted("run", "count").out == "3\n"
    assert scripted("run", "count", "--json").json == {"count": 3}
    assert scripted("run", "count", "--format", "yaml").out == "count: 3\n"


STREAM = {"returns": "stream", "method": "follow", "model": "CapturedLogs", "fields": ["stdout"]}


@pytest.mark.parametrize(
    ("format_", "fields", "text"),
    [
        (None, [], "one\n [31mtwo\nthree\n"),
        ("jsonl", ["stdout"], '{"stdout": "one\\n\\u001b[31mtwo\\n"}\n{"stdout": null}\n'),
        ("json", ["stderr"], '{"stderr": null}\n{"stderr": "three"}\n'),
        (None, ["stderr"], "\nthree\n"),
        ("tsv", [], "one  [31mtwo \n\n"),
    ],
)
def test_what_comes_one_by_one(capsys, format_, fields, text):
    logs = [
        CapturedLogs(log_key=["a"], stdout="one\n\x1b[31mtwo\n"),
        CapturedLogs(log_key=["a"], stderr="three"),
    ]
    state = State()
    state.format, state.fields = format_, fields
    show(state, STREAM, iter(logs), {})
    assert capsys.readouterr().out == text


@pytest.mark.parametrize("format_", ["csv", "table", "yaml"])
def test_what_comes_one_by_one_has_no_end_for_some_formats(format_):
    state = State()
    state.format = format_
    with pytest.raises(click.UsageError, match=f"cannot be {format_}, but jsonl"):
        show(state, STREAM, iter(()), {})


def test_lines_stay_and_what_moves_the_cursor_goes():
    assert plain_lines("a\r\nb\tc\x1b[2J\rd\x9b") == "a\nb\tc [2J d "
    assert to_json(["\x1b\x7f\x9b\u00e9"], indent=None) == r'["\u001b\u007f\u009b' + '\u00e9"]'


def test_a_list_of_models_is_a_table(scripted, server, terminal):
    results = [{"__typename": "TerminateRunSuccess", "run": payloads.run_summary(n)} for n in "ab"]
    results.append(payloads.error("UnauthorizedError", "not you"))
    server.data({"terminateRuns": {"__typename": "TerminateRunsResult", "results": results}})
    done = scripted("run", "terminate-many", "a", "b", "c", "--yes")
    assert [line.split() for line in done.out.splitlines()] == [
        ["RUN", "STATUS", "MESSAGE"],
        ["a", "SUCCESS"],
        ["b", "SUCCESS"],
        ["not", "you"],
    ]
    items = scripted("run", "terminate-many", "a", "b", "c", "--json", "-y").json
    assert (len(items["items"]), items["cursor"], items["has_more"]) == (3, None, False)


def test_a_list_that_was_an_argument_is_named_by_its_words(dplus, capsys):
    entry = {"returns": "none", "method": "add", "model": "", "fields": [], "params": [
        {"name": "definition", "kind": "text"},
        {"name": "keys", "kind": "list"},
        {"name": "file", "kind": "config"},
    ]}  # fmt: skip
    values = {"definition": "days", "keys": (["a"], ["b", "c"]), "file": "a.yaml"}
    state = State()
    show(state, entry, None, values)
    state.format = "json"
    show(state, entry, None, values)
    out = capsys.readouterr().out
    assert out.startswith("Done days, a, b, c, a.yaml\n{")
    assert json.loads(out.partition("\n")[2])["keys"] == ["a", "b", "c"]


def test_what_has_no_result(scripted, server):
    answer = {"deleteRun": {"__typename": "DeletePipelineRunSuccess", "runId": "1"}}
    server.data(answer)
    assert scripted("run", "delete", "1", "--yes").out == "Deleted 1\n"
    assert scripted("run", "delete", "1", "--json", "-y").json == {"run_id": "1", "deleted": True}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.5, "1.5"),
        (["a", None, 1], "a, , 1"),
        ([{"key": "k", "value": "v"}], "k=v"),
        ({"a": 1, "b": None, "c": [], "d": {"e": "f"}}, "a=1 d=e=f"),
        ("a\tb\nc\x1b[31md\x9bm\x7f", "a b c [31md m "),
    ],
)
def test_cells(value, text):
    assert output.cell(value) == text


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("2023-11-14T22:13:20.250000Z", "2023-11-14T22:13:20Z"),
        ("2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z"),
        ("ends with Z at 2023-11", "ends with Z at 2023-11"),
        (5, 5),
    ],
)
def test_times_are_short(value, short):
    assert output.short_time(value) == short


def test_what_is_no_object_has_nothing_inside():
    assert output.pick({"a": [1]}, "a.b") is None
    assert output.data_of(5) == 5


def test_a_real_terminal(server):
    server.data(payloads.jobs(payloads.job("daily", description="long " * 50)))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "dagster_plus_sdk", "job", "list", "--url", server.url]
    subprocess.run(command, env=env, stdout=theirs, check=True, timeout=60)
    os.close(theirs)
    with os.fdopen(ours, "rb") as terminal:
        lines = terminal.read1().decode().splitlines()
    assert lines[0].split() == ["NAME", "LOCATION", "REPOSITORY", "DESCRIPTION"]
    assert (len(lines[1]), lines[1][-1:]) == (60, "…")


def test_what_a_document_would_change(dplus, server, tmp_path):
    document = tmp_path / "locations.yaml"
    document.write_text("locations: [{location_name: new, image: a}]\n")
    words = ["code-location", "plan", "--no-validate", str(document)]
    words += ["--url", server.url, "--api-token", "t", "-o", "acme"]
    known = {"location_name": "new", "image": "a"}
    for locations in ([], [], [known], [known]):
        server.data({"locationsAsDocument": {"document": {"locations": locations}}})
    shown = dplus(*words).out
    assert "+  image: a\n" in shown
    assert shown.endswith("1 created\n")
    found = dplus(*words, "--json").json
    assert (found["created"], found["deleted"]) == (["new"], [])
    assert dplus(*words).out == "Nothing changes\n"


def test_objects_in_a_list_have_a_line_each():
    record = {
        "id": "b",
        "tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}],
        "assets": {"root": None, "statuses": [{"key": "x", "done": 1}, {"key": "y", "done": 0}]},
        "run_counts": [],
    }
    assert lines_of(record).splitlines() == [
        "ID: b",
        "Tags: a=1, b=2",
        "Assets:",
        "  Statuses:",
        "    key=x done=1",
        "    key=y done=0",
    ]


#: A title, a clear screen, a line that is written over, a text that turns around, and what breaks lines elsewhere.
NASTY = "a\x1b]0;T\x07\x9b2J\rb\x85\u202ec\u2066\u2028d\x00"
ACTED_UPON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
VERSION = {"data": {"version": NASTY}}
TAGS = payloads.get_run(tags=[{"key": NASTY, "value": NASTY}], mode=NASTY)
ERRORS = {"data": None, "errors": [{"message": NASTY}]}


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (("run", "get", "1"), {"data": TAGS}),
        (("run", "get", "1", "--fields", "tags"), {"data": TAGS}),
        (("run", "get", "1", "--format", "csv", "--fields", "id,mode"), {"data": TAGS}),
        (("run", "get", "1", "--format", "tsv", "--fields", "id,mode"), {"data": TAGS}),
        (("run", "get", "1", "--json"), {"data": TAGS}),
        (("instance", "version"), VERSION),
        (("graphql", "{ version }"), VERSION),
        (("run", "get", "1"), ERRORS),
        (("run", "get", "1", "--json"), ERRORS),
        (("run", "get", "1", "--debug"), ERRORS),
        (("run", "list"), {"data": payloads.runs(NASTY)}),
        (("run", "list", "--quiet"), {"data": payloads.runs(NASTY)}),
    ],
)
def test_a_terminal_acts_upon_nothing_that_a_server_says(scripted, server, terminal, words, body):
    server.reply(Reply(body))
    done = scripted(*words)
    assert "]0;T" in done.out + done.err
    assert not ACTED_UPON.search(done.out + done.err)
    if "--json" in words:
        assert NASTY in json.loads(done.out or done.err).get("mode", NASTY)


def test_a_value_in_a_pipe_is_as_it_came(scripted, server):
    server.reply(Reply(VERSION))
    assert scripted("instance", "version").out == NASTY + "\n"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_json_has_no_number_that_is_none(scripted, server, number):
    server.reply(Reply(f'{{"data": {{"v": [{number}, 1.5, {{"w": {number}}}]}}}}'.encode()))
    assert (
        scripted("graphql", "{ v }", "--format", "jsonl").out == '{"v": [null, 1.5, {"w": null}]}\n'
    )
