"""What is done with a sandbox in the background: its faults, its requests, its state."""

from __future__ import annotations

import os
import time

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.admin.remote import RemoteSandbox
from dagster_plus_sdk.sandbox.background import SandboxStatus
from dagster_plus_sdk.sandbox.processes.pids import start_time


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(dagster=None, token="user:of-this-test") as sandbox:
        yield sandbox


@pytest.fixture
def told(sandbox, tmp_path):
    """A state folder that says where the sandbox is."""
    folder = tmp_path / "dagster_plus_sdk" / "sandbox"
    folder.mkdir(parents=True)
    SandboxStatus(
        url=sandbox.url, token=sandbox.token, organization="demo", deployment="prod",
        pid=os.getpid(), started_at=time.time(), home=str(sandbox.home),
        process_start=start_time(os.getpid()),
    ).write(str(folder))  # fmt: skip
    sandbox.faults.clear()
    sandbox.clear_requests()
    return folder


def test_faults(dplus, told):
    done = dplus(
        "sandbox", "faults", "add", "bad_gateway", "--operation", "List*", "--times", "1",
        "--set", "status=504", "--set", '{"body": "<html>"}', "--json",
    )  # fmt: skip
    rule = {"fault": "bad_gateway", "operation": "List*", "times": 1, "status": 504}
    assert done.json.items() >= {**rule, "body": "<html>", "matched": 0, "fired": 0}.items()
    assert dplus("deployment", "list").code == 0
    (listed,) = dplus("sandbox", "faults", "list", "--json").json["items"]
    assert (listed["id"], listed["fired"]) == (done.json["id"], 1)
    number = str(listed["id"])
    assert dplus("sandbox", "faults", "remove", number).out == f"Removed {number}\n"
    assert dplus("sandbox", "faults", "remove", number).code == 1
    assert "Fault: latency\n" in dplus("sandbox", "faults", "add", "latency").out
    assert dplus("sandbox", "faults", "clear").out == "Removed all faults\n"
    assert dplus("sandbox", "faults", "list", "--json").json["items"] == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("explosion",), 2, "fault must be one of latency, rate_limited"),
        (("latency", "--set", "x"), 2, "--set takes a JSON object or k=v, not 'x'"),
        (("latency", "--set", "{"), 2, "--set is no JSON"),
        (("latency", "--share", "2"), 2, "share must be a number from 0 to 1, not 2.0"),
    ],
)
def test_faults_that_cannot_be(dplus, told, words, code, message):
    done = dplus("sandbox", "faults", "add", *words)

    assert done.code == code
    assert message in done.err


def test_requests(dplus, told, sandbox):
    dplus("deployment", "list")
    dplus("deployment", "get", "prod")
    found = dplus("sandbox", "requests", "--operation", "*Deployments", "--json").json["items"]

    assert [request["operation"] for request in found] == ["ListDeployments"]
    assert found[0]["headers"]["dagster-cloud-api-token"] == "***"
    text = dplus("sandbox", "requests", "--limit", "1", "--clear").out
    assert "GetDeployment" in text
    assert "ListDeployments" not in text
    assert sandbox.token not in text
    assert dplus("sandbox", "requests", "--json").json["items"] == []


@pytest.mark.parametrize(
    ("words", "asked", "answer", "out"),
    [
        ("tokens", ("GET", "tokens"), {"admin": "user:a"}, "admin\tuser:a\n"),
        ("clock", ("GET", "clock"), {"now": 1.5}, "Now: 1.5\n"),
        ("clock --advance 60", ("POST", "clock", {"advance": 60.0}), {"ahead": 60}, "Ahead: 60\n"),
        ("reset", ("POST", "reset", {}), {}, "The sandbox is as at the start\n"),
        ("seed {file}", ("POST", "seed", b"a: 1"), {"teams": 2}, "Teams: 2\n"),
        ("snapshot load {file}", ("PUT", "snapshot", b"a: 1"), {}, "Loaded {file}\n"),
        ("snapshot save {file}", ("GET", "snapshot"), {"tables": {}}, "Saved {file}\n"),
        (
            "switches --set a=b",
            ("PATCH", "switches", {"a": "b"}),
            {"a": {"value": "b", "choices": ["b", "c"], "about": "What."}},
            "a\tb\tb, c\tWhat.\n",
        ),
    ],
)
def test_the_state(dplus, told, tmp_path, monkeypatch, words, asked, answer, out):
    file = tmp_path / "file"
    file.write_text("a: 1")
    sent = []

    def ask(_remote, *arguments):
        sent.append(tuple(argument for argument in arguments if argument is not None))
        return answer

    monkeypatch.setattr(RemoteSandbox, "ask", ask)
    done = dplus("sandbox", *words.format(file=file).split())

    assert (done.code, done.err) == (0, "")
    assert sent == [asked]
    assert done.out.endswith(out.format(file=file))
    if "save" in words:
        assert file.read_text() == '{"tables": {}}'


def test_none_runs(dplus, told, tmp_path):
    done = dplus("sandbox", "reset", "--dir", str(tmp_path), "--json")

    assert (done.code, done.error["code"]) == (1, "SANDBOX_NOT_RUNNING")
