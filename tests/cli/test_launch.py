"""Launching, and waiting for the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from kit import payloads
from kit.payloads import RUN_ID
from kit.server import Reply

SLOW = "{ops: {wait_for_suppliers: {config: {seconds: 30}}}}"


class Script:
    """Answers a launch and what follows it, by the names of the operations."""

    def __init__(self, server, status="SUCCESS"):
        self.status = status
        self.server = server
        self.params = None
        server.reply(self.answer)

    def answer(self, received):
        data = {
            "FindJobs": lambda: payloads.jobs(payloads.job("daily"), payloads.job("__ASSET_JOB")),
            "LaunchRun": lambda: payloads.launched(status="STARTING"),
            "PollRunEvents": self.poll,
            "GetRun": lambda: payloads.get_run(status=self.status),
            "TerminateRun": lambda: {
                "terminateRun": {"__typename": "TerminateRunSuccess", "run": payloads.run()}
            },
        }[received.operation]()
        if received.operation == "LaunchRun":
            self.params = received.variables["executionParams"]
        return Reply({"data": data})

    def poll(self):
        after = self.server.received[-1].variables.get("afterCursor")
        events = [] if after else [payloads.event(0, eventType="RUN_START")]
        state = {"__typename": "Run", "id": RUN_ID, "status": self.status}
        return {"runOrError": state, "logsForRun": payloads.event_page(events, cursor="c")}


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
        "run", "create", "--job", "daily", "-l", "demo", "-r", "main", "--no-wait",
        "--run-config", str(config), "--asset-selection", "a/b,c",
    )  # fmt: skip
    assert done.code == 0
    assert script.params["runConfigData"] == {"ops": {"a": {}}}
    selector = script.params["selector"]
    assert (selector["repositoryLocationName"], selector["repositoryName"]) == ("demo", "main")
    assert selector["assetSelection"] == [{"path": ["a", "b"]}, {"path": ["c"]}]


def test_assets_alone_run_in_their_own_job(scripted, server):
    script = Script(server)
    assert scripted("run", "create", "--asset-selection", "a", "--no-wait").code == 0
    assert script.params["selector"]["jobName"] == "__ASSET_JOB"


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


def test_verbose_prints_events_to_stdout_and_beside_json_to_stderr(scripted, server):
    Script(server)
    row = "2023-11-14T22:13:20  RUN_START                                           event 0\n"
    done = scripted("job", "launch", "daily", "--verbose")
    assert done.out.startswith(row + "Run ID: ")
    done = scripted("job", "launch", "daily", "--verbose", "--json", "--fields", "id")
    assert done.json == {"id": RUN_ID}
    assert '"eventType": "RUN_START"' in done.err


def test_the_time_is_over(scripted, server):
    Script(server, "STARTED")
    done = scripted("run", "create", "--job", "daily", "--timeout", "0.2")
    assert (done.code, done.out) == (6, "")
    assert done.err.endswith(f"dplus: Run {RUN_ID} did not end within 0.2 s\n")
    assert "TerminateRun" not in server.operations


def test_the_time_is_over_and_so_is_the_run(scripted, server):
    Script(server, "STARTED")
    done = scripted("run", "create", "--job", "daily", "--timeout", "0.2", "--cancel-on-timeout")
    assert done.code == 6
    assert "was asked to end" in done.err
    assert server.operations[-1] == "TerminateRun"


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
    assert (done.code, done.out) == (1, "")
    assert done.error["status_code"] == 422
    assert done.error["errors"][0]["message"] == "Missing region"


def test_ctrl_c_leaves_the_run_and_says_how_to_go_on(server):
    Script(server, "STARTED")
    env = {**os.environ, "DAGSTER_GRAPHQL_URL": server.url}
    words = ["run", "create", "--job", "daily"]
    with subprocess.Popen(
        [sys.executable, "-m", "dagster_plus_sdk", *words],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        end = time.monotonic() + 20
        while "PollRunEvents" not in server.operations and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    line = f"dplus: run {RUN_ID} goes on; see it with: dplus run-events follow {RUN_ID}\n"
    assert err.endswith(line)
    assert "TerminateRun" not in server.operations


def test_ctrl_c_as_json(scripted, server, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    Script(server, "STARTED")
    monkeypatch.setattr("dagster_plus_sdk.RunEvents.follow", interrupted)
    done = scripted("run", "create", "--job", "daily", "--json")
    error = json.loads(done.err[done.err.index("{") :])
    assert (done.code, error["code"], error["run_id"]) == (130, "INTERRUPTED", RUN_ID)


def test_a_real_failure(real):
    done = real("job", "launch", "broken_report")
    assert done.code == 5
    assert "Status: FAILURE\n" in done.out
    run_id = done.out.splitlines()[0].removeprefix("Run ID: ")
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
