"""Launching, and waiting for the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from kit import payloads
from kit.payloads import RUN_ID
from kit.server import Reply
from kit.terminal import until

SLOW = "{ops: {wait_for_suppliers: {config: {seconds: 30}}}}"


class Script:
    """Answers a launch and what follows it, by the names of the operations."""

    #: No automatic retries, so that a failure is not looked at again.
    tags = ({"key": "dagster/will_retry", "value": "false"},)

    assets = (("a",), ("a", "b"), ("orders",))

    def __init__(self, server, status="SUCCESS"):
        self.status = status
        self.server = server
        self.params = None
        server.reply(self.answer)

    def answer(self, received):
        data = {
            "FindJobs": lambda: payloads.jobs(payloads.job("daily"), payloads.job("__ASSET_JOB")),
            "FindAssets": self.found,
            "ListRequiredAssetKeys": lambda: {"assetNodeAdditionalRequiredKeys": []},
            "ReexecuteRun": lambda: {
                "launchRunReexecution": payloads.launched(status="STARTING")["launchRun"]
            },
            "LaunchRun": lambda: payloads.launched(status="STARTING"),
            "PollRunEvents": self.poll,
            "ListRuns": lambda: payloads.runs(RUN_ID, status=self.status, tags=self.tags),
            "FindRuns": lambda: payloads.full_runs(payloads.run(status=self.status)),
            "ListRunEvents": lambda: {
                "logsForRun": payloads.event_page([payloads.step_failure("load")], cursor="c")
            },
            "TerminateRuns": lambda: {
                "terminateRuns": {
                    "__typename": "TerminateRunsResult",
                    "results": [
                        {"__typename": "TerminateRunSuccess", "run": payloads.run_summary(RUN_ID)}
                    ],
                }
            },
        }[received.operation]()
        if received.operation == "LaunchRun":
            self.params = received.variables["executionParams"]
        return Reply({"data": data})

    def found(self):
        keys = self.server.received[-1].variables.get("assetKeys")
        wanted = self.assets if keys is None else [tuple(key["path"]) for key in keys]
        return {
            "assetNodes": [payloads.asset_place(*path) for path in self.assets if path in wanted]
        }

    def poll(self):
        after = self.server.received[-1].variables.get("afterCursor")
        events = [] if after else [payloads.event(0, eventType="RUN_START")]
        state = {"__typename": "Run", "id": RUN_ID, "status": self.status}
        return {"runOrError": state, "logsForRun": payloads.event_page(events, cursor="c")}


SEE = f"see it with: dplus run watch {RUN_ID}"
LAUNCHED = "Launched run {id}\n{url}/runs/{id}\n"


def test_a_launch_is_followed_to_its_end(scripted, server):
    script = Script(server)
    done = scripted("run", "create", "--job", "daily", "--tags", "a=1,b=2", "--partition", "p")
    assert done.code == 0
    assert done.out.startswith(f"Run ID: {RUN_ID}\nStatus: SUCCESS\n")
    assert done.err == LAUNCHED.format(id=RUN_ID, url=server.url)
    tags = {t["key"]: t["value"] for t in script.params["executionMetadata"]["tags"]}
    assert (tags["a"], tags["b"], tags["dagster/partition"]) == ("1", "2", "p")


def test_no_wait(scripted, server):
    Script(server)
    done = scripted("run", "create", "--job", "daily", "--no-wait", "--json")
    assert (done.code, done.json["status"]) == (0, "STARTING")
    assert server.operations == ["FindJobs", "LaunchRun"]


def test_a_place_a_config_file_and_a_selection(scripted, server, tmp_path):
    script = Script(server)
    config = tmp_path / "run.yaml"
    config.write_text("ops: {a: {}}")
    done = scripted(
        "job", "launch", "daily", "-l", "demo", "-r", "main", "--no-wait",
        "--run-config", str(config), "--asset-selection", "a/b,c",
    )  # fmt: skip
    assert done.code == 0
    assert script.params["runConfigData"] == {"ops": {"a": {}}}
    selector = script.params["selector"]
    assert (selector["repositoryLocationName"], selector["repositoryName"]) == ("demo", "main")
    assert selector["assetSelection"] == [{"path": ["a", "b"]}, {"path": ["c"]}]


def test_assets_run_in_their_own_job(scripted, server):
    script = Script(server)
    assert scripted("run", "create", "--asset-selection", "orders,a/b", "--no-wait").code == 0
    selector = script.params["selector"]
    assert selector["jobName"] == "__ASSET_JOB"
    assert selector["assetSelection"] == [{"path": ["orders"]}, {"path": ["a", "b"]}]
    assert server.operations == ["FindAssets", "ListRequiredAssetKeys", "LaunchRun"]


def test_assets_of_a_repository(scripted, server):
    script = Script(server)
    words = ["--asset-selection", "a", "-l", "demo", "--repo", "main", "--no-wait"]
    assert scripted("run", "create", *words).code == 0
    selector = script.params["selector"]
    assert (selector["repositoryName"], selector["jobName"]) == ("main", "__ASSET_JOB")
    assert server.operations == ["LaunchRun"]


def tags_of(script):
    return {tag["key"]: tag["value"] for tag in script.params["executionMetadata"]["tags"]}


@pytest.mark.parametrize(
    "words",
    ["run create --asset-pattern a/*,orders", "asset materialize --pattern a/* --pattern orders"],
)
def test_assets_by_their_pattern(scripted, server, words):
    script = Script(server)
    assert scripted(*words.split(), "--no-wait").code == 0
    selection = script.params["selector"]["assetSelection"]
    assert selection == [{"path": ["a", "b"]}, {"path": ["orders"]}]


@pytest.mark.parametrize(
    "words",
    [
        ["run", "create", "--job", "daily", "--partition-range", "2024-01-01..2024-01-03"],
        ["job", "launch", "daily", "--partition-range", "2024-01-01,2024-01-03"],
        [
            "asset", "materialize", "a",
            "--partition-range", "2024-01-01", "--partition-range", "2024-01-03",
        ],
    ],
)  # fmt: skip
def test_a_range_of_partitions(scripted, server, words):
    script = Script(server)
    assert scripted(*words, "--no-wait").code == 0
    tags = tags_of(script)
    assert tags["dagster/asset_partition_range_start"] == "2024-01-01"
    assert tags["dagster/asset_partition_range_end"] == "2024-01-03"


@pytest.mark.parametrize("given", [["a"], ["a.."], ["a..b..c"], ["a", "b", "c"]])
def test_what_is_no_range(scripted, server, given):
    words = [word for end in given for word in ("--partition-range", end)]
    done = scripted("run", "create", "--job", "daily", *words)
    assert (done.code, server.received) == (2, [])
    assert "a range of partitions is FIRST..LAST" in done.err


def test_keys_or_a_pattern_are_wanted(scripted, server):
    done = scripted("asset", "materialize", "--no-wait")
    assert (done.code, server.received) == (2, [])
    assert "--pattern" in done.err


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("words", ["run reexecute x", "asset materialize a", "job launch daily"])
@pytest.mark.parametrize(("status", "code"), [("SUCCESS", 0), ("FAILURE", 5), ("STARTED", 6)])
def test_each_launch_waits(scripted, server, words, status, code):
    Script(server, status)
    done = scripted(*words.split(), "--timeout", "60", "--json")
    assert done.code == code
    assert done.err.startswith(LAUNCHED.format(id=RUN_ID, url=server.url))
    if code != 6:
        assert done.json["url"] == f"{server.url}/runs/{RUN_ID}"


@pytest.mark.parametrize("words", ["run create --job daily", "asset materialize a", "run watch x"])
def test_a_token_that_is_refused(scripted, server, words):
    server.reply(Reply(b"no", 401))
    done = scripted(*words.split(), "--json")
    assert (done.code, done.error["status_code"]) == (4, 401)


@pytest.mark.parametrize(
    ("words", "header"),
    [
        ("job launch daily --format csv", "id,status,job_name,created_at,ended_at"),
        ("run create --job daily --format csv --fields id,url", "id,url"),
    ],
)
def test_a_run_as_csv(scripted, server, words, header):
    Script(server)
    done = scripted(*words.split())
    assert (done.code, done.out.splitlines()[0]) == (0, header)
    assert done.out.splitlines()[1].startswith(RUN_ID)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "say what to run: --job, or --asset-selection, or --asset-pattern"),
        (
            "--job daily --asset-selection a",
            "only one can be: dplus job launch daily --asset-selection ... runs part of an asset job",
        ),
        ("--job daily --asset-pattern a*", "--job and --asset-pattern are given"),
        (
            "--asset-selection a --asset-pattern b",
            "--asset-selection and --asset-pattern are given",
        ),
        ("--asset-pattern a* --repo main", "--repo is not for a pattern: give --location"),
        ("--asset-selection a --op-selection b", "--op-selection is for a job"),
        ("--job daily --config-yaml {} --run-config x.yaml", "are both given"),
    ],
)
def test_options_that_contradict_each_other(scripted, server, words, says):
    done = scripted("run", "create", *words.split())
    assert (done.code, server.received) == (2, [])
    assert says in done.err


def test_the_asset_job_without_a_selection_is_refused(scripted, server):
    done = scripted("run", "create", "--job", "__ASSET_JOB")
    assert done.code == 2
    assert "would run every asset" in done.err
    assert server.received == []


@pytest.mark.parametrize("status", ["FAILURE", "CANCELED"])
def test_a_run_that_does_not_succeed(scripted, server, status):
    Script(server, status)
    done = scripted("job", "launch", "daily", "--json")
    assert (done.code, done.json["status"]) == (5, status)
    error = json.loads(done.err[done.err.index("{") :])
    assert (error["code"], error["run_id"]) == ("RUN_FAILED", RUN_ID)
    failed = [(e["step_key"], e["message"]) for e in error.get("errors", ())]
    assert failed == ([("load", "no disk")] if status == "FAILURE" else [])


def test_verbose_prints_events_to_stdout_and_beside_json_to_stderr(scripted, server):
    Script(server)
    row = "2023-11-14T22:13:20  RUN_START                                           event 0\n"
    done = scripted("job", "launch", "daily", "--verbose")
    assert done.out.startswith(row + "Run ID: ")
    done = scripted("job", "launch", "daily", "--verbose", "--json", "--fields", "id")
    assert done.json == {"id": RUN_ID}
    assert '"eventType": "RUN_START"' in done.err


@pytest.mark.usefixtures("no_pauses")
def test_the_time_is_over(scripted, server):
    Script(server, "STARTED")
    done = scripted("run", "create", "--job", "daily", "--timeout", "60")
    assert (done.code, done.out) == (6, "")
    assert done.err.endswith(f"dplus: Run {RUN_ID} did not end within 60 s; {SEE}\n")
    assert "TerminateRuns" not in server.operations


@pytest.mark.usefixtures("no_pauses")
def test_the_time_is_over_and_so_is_the_run(scripted, server):
    Script(server, "STARTED")
    done = scripted("run", "create", "--job", "daily", "--timeout", "60", "--cancel-on-timeout")
    assert done.code == 6
    assert done.err.endswith(f"; asked to end: {RUN_ID}\n")
    assert server.operations[-1] == "TerminateRuns"


def test_an_error_of_the_launch(scripted, server):
    reason = {
        "__typename": "X",
        "message": "Missing region",
        "reason": "R",
        "stack": {"entries": []},
    }
    invalid = {"__typename": "RunConfigValidationInvalid", "errors": [reason]}
    server.data(payloads.jobs(payloads.job("daily")), {"launchRun": invalid})
    done = scripted("run", "create", "--job", "daily", "--json")
    assert (done.code, done.out) == (2, "")
    assert done.error["status_code"] == 422
    assert done.error["errors"][0]["message"] == "Missing region"


@pytest.mark.parametrize("words", [["--timeout", "-1"], ["--timeout", "nan"]])
def test_a_wrong_duration_is_found_before_the_launch(scripted, server, words):
    done = scripted("run", "create", "--job", "daily", *words)
    assert (done.code, server.operations) == (2, [])


def test_every_error_of_a_refused_configuration_is_told(scripted, server):
    reasons = [
        {"__typename": "X", "message": text, "reason": "R", "stack": {"entries": []}}
        for text in ("Missing region", "What is foo?")
    ]
    invalid = {"__typename": "RunConfigValidationInvalid", "errors": reasons}
    server.data(payloads.jobs(payloads.job("daily")), {"launchRun": invalid})
    done = scripted("run", "create", "--job", "daily")
    assert done.code == 2
    assert done.err.splitlines() == [
        "dplus: the run configuration has 2 errors; nothing was launched",
        "  (root): Missing region",
        "  (root): What is foo?",
    ]


def test_what_is_executed_again_is_named_in_the_error(scripted, server):
    missing = {"__typename": "RunNotFoundError", "runId": RUN_ID, "message": "none"}
    server.data({"launchRunReexecution": missing}, {"runOrError": missing})
    done = scripted("run", "reexecute", RUN_ID, "--json")
    assert (done.error["status_code"], done.error["run_id"]) == (404, RUN_ID)


def test_ctrl_c_leaves_the_run_and_says_how_to_go_on(server):
    Script(server, "STARTED")
    env = {**os.environ, "DAGSTER_GRAPHQL_URL": server.url}
    words = ["run", "create", "--job", "daily"]
    with subprocess.Popen(
        [sys.executable, "-m", "dagster_plus_sdk", *words],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        until(lambda: "ListRuns" in server.operations)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    line = f"dplus: run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}\n"
    assert err.endswith(line)
    assert "TerminateRuns" not in server.operations


def test_ctrl_c_as_json(scripted, server, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    Script(server, "STARTED")
    monkeypatch.setattr("dagster_plus_sdk.Runs.wait", interrupted)
    done = scripted("run", "create", "--job", "daily", "--json")
    error = json.loads(done.err[done.err.index("{") :])
    assert (done.code, error["code"], error["run_id"]) == (130, "INTERRUPTED", RUN_ID)


INTERRUPTED = [
    (["run", "create", "--job", "daily"], "Runs.create", "run list --limit 1"),
    (["run", "reexecute", RUN_ID], "Runs.reexecute", "run list --limit 1"),
    (["run", "create-many", "[{job: a}, {job: b}]"], "Runs.create_many", "run list --limit 2"),
    (["backfill", "create", "--asset", "a", "--all-partitions"], "Backfills.create", "backfill list --limit 1"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "method", "see"), INTERRUPTED, ids=str)
def test_ctrl_c_while_a_launch_is_unanswered(scripted, monkeypatch, words, method, see):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(f"dagster_plus_sdk.{method}", interrupted)
    done = scripted(*words)
    assert (done.code, done.out) == (130, "")
    assert done.err == f"dplus: interrupted; it may have been launched: see dplus {see}\n"


def test_waiting_for_runs_that_were_launched_before(scripted, server):
    Script(server)
    done = scripted("run", "wait", RUN_ID)
    assert (done.code, done.out.splitlines()[0]) == (0, f"Run ID: {RUN_ID}")
    done = scripted(
        "run", "wait-many", RUN_ID, RUN_ID, "--format", "jsonl", "--fields", "id,status"
    )
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [RUN_ID] * 2
    assert scripted("run", "wait").code == 2


def test_waiting_for_a_run_that_failed(scripted, server):
    Script(server, "FAILURE")
    done = scripted("run", "wait", RUN_ID)
    assert (done.code, done.out.splitlines()[1]) == (5, "Status: FAILURE")
    assert done.err == f"dplus: Run {RUN_ID} ended with FAILURE: step load: no disk\n"
    done = scripted("run", "wait", RUN_ID, "--no-exit-status", "--json")
    assert (done.code, done.json["status"], done.err) == (0, "FAILURE", "")


def test_a_real_failure(real):
    done = real("job", "launch", "broken_report")
    assert done.code == 5
    assert "Status: FAILURE\n" in done.out
    step = "step collect_payments: dagster_plus_sdk.sandbox.demo.jobs.PaymentError: could not collect 2 payments"
    run_id = done.out.splitlines()[0].removeprefix("Run ID: ")
    assert done.err.splitlines()[-1] == f"dplus: Run {run_id} ended with FAILURE: {step}"
    found = real("run-events", "get", run_id, "--type", "STEP_FAILURE", "--json").json
    assert found["count"] == 1
    assert found["events"][0]["error"]["causes"][0]["className"] == "PaymentError"


def test_a_real_timeout(real):
    words = ["--config-yaml", SLOW, "--timeout", "0.5", "--cancel-on-timeout"]
    done = real("job", "launch", "slow_report", *words, "--json")
    assert done.code == 6
    assert done.out == ""


def test_an_unknown_job(real):
    done = real("run", "create", "--job", "dayly_report", "--json")
    assert done.code == 1
    assert done.error["status_code"] == 404
    assert "did you mean 'daily_report'" in done.error["error"]
