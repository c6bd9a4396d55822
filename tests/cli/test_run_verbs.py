"""Verbs of runs, jobs and logs whose arguments or results are lists."""

from __future__ import annotations

import pytest
from kit.payloads import error, jobs, run, run_summary
from kit.payloads import job as job_payload

from dagster_plus_sdk.cli.params.options import parameters
from dagster_plus_sdk.cli.params.values import value_of


@pytest.fixture
def many(server):
    """Two launches, of which one is refused."""
    results = [
        {"__typename": "LaunchRunSuccess", "run": run(id="a")},
        error("UnauthorizedError", "not you"),
    ]
    launched = {
        "launchMultipleRuns": {"__typename": "LaunchMultipleRunsResult", "results": results}
    }
    server.data(jobs(job_payload("report")), launched)


@pytest.fixture
def launches(tmp_path):
    path = tmp_path / "launches.yaml"
    path.write_text("- {job: report}\n- {job: report, partition: p}\n", encoding="utf-8")
    return str(path)


def test_several_launches_from_a_file(scripted, server, many, launches):
    done = scripted("run", "create-many", launches, "--json")
    assert done.code == 1
    first, second = done.json["items"]
    assert (first["run"]["id"], second["message"]) == ("a", "not you")
    assert len(server.received[1].variables["executionParamsList"]) == 2
    assert (done.error["code"], done.error["error"]) == ("REFUSED", "1 of 2 launches were refused")
    assert done.error["errors"] == [{"path": ["launch 2 (report)"], "message": "not you"}]


def test_each_refused_launch_has_a_line(scripted, many, launches):
    done = scripted("run", "create-many", launches, "--fields", "run.id,message")
    assert (done.code, done.out) == (1, "a\t\n\tnot you\n")
    assert done.err == "dplus: 1 of 2 launches were refused\n  launch 2 (report): not you\n"


def test_a_launch_of_an_unknown_job_is_named(scripted, server):
    server.data(jobs(job_payload("report")))
    where = "{job: report, location: demo}"
    done = scripted(
        "run", "create-many", f"[{{job: report}}, {{job: reprt}}, {where}, {{job: reprt}}]"
    )
    assert (done.code, server.operations) == (1, ["FindJobs"])
    assert done.err.startswith("dplus: launch 2, 4: There is no job 'reprt'")
    assert done.err.endswith("; nothing was launched\n")
    server.data(jobs(job_payload("report")))
    done = scripted("run", "create-many", "[{job: report}, {job: report, location: x}]")
    assert done.err.startswith("dplus: launch 2: There is no job 'report' in location 'x'")


def test_several_runs_are_terminated(scripted, server):
    results = [{"__typename": "TerminateRunSuccess", "run": run_summary(n)} for n in "abc"]
    server.data({"terminateRuns": {"__typename": "TerminateRunsResult", "results": results}})
    done = scripted("run", "terminate-many", "a", "b,c", "--force", "--yes", "--json")
    assert [r["run"]["id"] for r in done.json["items"]] == ["a", "b", "c"]
    assert server.received[0].variables == {
        "runIds": ["a", "b", "c"],
        "terminatePolicy": "MARK_AS_CANCELED_IMMEDIATELY",
    }
    assert scripted("run", "terminate-many").code == 2


def test_of_two_list_arguments_the_last_takes_the_rest():
    entries = [{"name": name, "kind": "list", "help": ""} for name in ("first", "last")]
    assert [p.nargs for p in parameters(entries)] == [1, -1]
    assert value_of(entries[0], ["a", "b"]) == value_of(entries[1], (["a"], ["b"])) == ["a", "b"]


def test_partition_keys_and_ids_are_lines(scripted, server):
    keys = {"pipelineOrError": {"__typename": "Pipeline", "partitions": {"keys": ["p1", "p2"]}}}
    server.data(keys)
    place = ("-l", "demo", "-r", "__repository__")
    done = scripted("job", "partitions", "report", *place)
    assert (done.code, done.out.split()) == (0, ["p1", "p2"])
    listed = scripted("job", "partitions", "report", *place, "--json")
    assert listed.json["items"] == ["p1", "p2"]
    csv = scripted("job", "partitions", "report", *place, "--format", "csv")
    assert csv.out.split() == ["value", "p1", "p2"]


def test_a_log_and_its_links(scripted, server):
    captured = {
        "__typename": "LogsCapturedEvent",
        "timestamp": "1700000000000",
        "fileKey": "f",
        "stepKeys": ["load"],
    }
    page = {"events": [captured], "cursor": "1", "hasMore": False}
    events = {"logsForRun": {"__typename": "EventConnection"} | page}
    text = {"logKey": ["r", "compute_logs", "f"], "stdout": "hello", "stderr": "", "cursor": "5:0"}
    end = text | {"stdout": "", "cursor": "5:0"}
    links = {"stdoutUrl": "/logs/out", "stderrUrl": None}
    server.data(events, {"capturedLogs": text}, {"capturedLogs": end})
    server.data(events, {"capturedLogsMetadata": links})
    assert scripted("log", "get", "r", "--json").json["stdout"] == "hello"
    done = scripted("log", "links", "r", "--fields", "file_key,stdout_url")
    assert done.out.split()[-2:] == ["f", f"{server.url}/logs/out"]
