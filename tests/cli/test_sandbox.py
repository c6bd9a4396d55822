"""What is done with a sandbox in the background: its faults, its requests, its state."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk.cli.sandbox import verbs as sandbox_verbs
from dagster_plus_sdk.sandbox import Sandbox, background
from dagster_plus_sdk.sandbox.admin.remote import RemoteSandbox
from dagster_plus_sdk.sandbox.background import SandboxStatus
from dagster_plus_sdk.sandbox.faults.rules import FAULTS
from dagster_plus_sdk.sandbox.processes import keeper
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
        (("explosion",), 2, "choose from latency, rate_limited"),
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
        (
            "clock",
            ("GET", "clock"),
            {"now": 1, "ahead": 2},
            "Now: 1970-01-01T00:00:01Z\nAhead: 2\n",
        ),
        (
            "clock --advance 60",
            ("POST", "clock", {"advance": 60.0}),
            {"now": 1, "ahead": 60},
            "Ahead: 60\n",
        ),
        ("reset", ("POST", "reset", {}), {}, "The sandbox is as at the start\n"),
        ("seed {file}", ("POST", "seed", b"a: 1"), {"teams": 2}, "Teams: 2\n"),
        ("snapshot load {file}", ("PUT", "snapshot", b"a: 1"), {}, "Loaded {file}\n"),
        ("snapshot save {file}", ("GET", "snapshot"), {"tables": {}}, "Saved {file}\n"),
        (
            "switches --set a=b --set c=403 --set d=true",
            ("PATCH", "switches", {"a": "b", "c": "403", "d": "true"}),
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


def test_a_seed_from_stdin(dplus, told, sandbox, monkeypatch):
    assert dplus("sandbox", "seed", "-", stdin="teams: [Mine]").out == "Teams: 1\n"
    assert "Mine" in dplus("team", "list").out
    sandbox.reset()


def test_status_and_env(dplus, told, sandbox):
    done = dplus("sandbox", "status", "--json")
    assert done.json.items() >= {"deployments": ["prod", "staging"], "dagster": "none"}.items()
    assert (done.json["seeded"], done.json["url"]) == ({}, sandbox.url)
    assert sandbox.token not in done.out
    found = {"URL": sandbox.url, "ORGANIZATION": "demo", "DEPLOYMENT": "staging"}
    lines = [f"export DAGSTER_CLOUD_{name}={value}\n" for name, value in found.items()]
    assert dplus("sandbox", "env", "-d", "staging").out == "".join(lines)
    name = "DAGSTER_CLOUD_API_TOKEN"
    assert dplus("sandbox", "env", "--with-token").out.endswith(f"export {name}={sandbox.token}\n")
    viewer = dplus("sandbox", "tokens", "--role", "viewer", "--fields", "token").out.strip()
    assert viewer == sandbox.tokens["viewer"]
    assert dplus("sandbox", "env", "--role", "viewer", "--json").json[name] == viewer


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("env --role king", "--role can be organization_admin, admin, "),
        ("tokens --role king", "not 'king'"),
        ("seed gone.yaml", "gone.yaml cannot be read: No such file"),
        ("snapshot load gone.json", "gone.json cannot be read: No such file"),
        ("snapshot save gone/x", "gone/x cannot be written: No such file"),
        ("requests --fields colour", "unknown field 'colour'; choose from number, time"),
        ("clock --advance -1", "no number of seconds from 0"),
        ("up --dagster both", "'both' cannot be; choose from process, inprocess, none"),
        ("up --api-token x", "give the token by --token-file"),
        ("up --token-file gone", "gone cannot be read: No such file"),
        ("up --token-file /dev/null", "there is no token in /dev/null"),
    ],
)
def test_what_cannot_be(dplus, told, words, message):
    done = dplus("sandbox", *words.split())

    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_the_faults_of_the_help():
    (about,) = (param["help"] for param in sandbox_verbs.ADD if param["name"] == "fault")
    assert about == f"What goes wrong: {', '.join(list(FAULTS)[:-1])} or {list(FAULTS)[-1]}."


def up(dplus, folder, *words, **options):
    more = ["--dagster", "none", "--port", "0", "--detach", "--dir", str(folder)]
    return dplus("sandbox", "up", *more, *words, **options)


@pytest.fixture
def folder(tmp_path):
    yield tmp_path / "state"
    background.down(tmp_path / "state")


def test_a_seed_at_the_start_and_a_token_from_stdin(dplus, folder, tmp_path):
    seed = tmp_path / "seed.yaml"
    seed.write_text("teams: [Mine]")
    words = ["--seed", str(seed), "--token-file", "-", "-o", "acme"]

    done = up(dplus, folder, *words, "--json", stdin="user:own\n")
    assert (done.code, done.json["seeded"], done.json["organization"]) == (0, {"teams": 1}, "acme")
    assert "user:own" not in done.out + done.err
    found = background.status(folder)
    assert found.token == "user:own"
    if Path("/proc").is_dir():
        pids = [found.pid, *keeper.descendants(found.pid)]
        assert not any(b"user:own" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids)
    assert dplus("sandbox", "down", "--dir", str(folder)).code == 0

    done = up(dplus, folder, *words, stdin="user:own\n")
    assert "the seed was not planted: --fresh starts anew" in done.err
    assert f'eval "$(dplus sandbox env --with-token --dir {folder})"' in done.err


def test_none_runs(dplus, told, tmp_path):
    done = dplus("sandbox", "reset", "--dir", str(tmp_path), "--json")

    assert (done.code, done.error["code"]) == (1, "SANDBOX_NOT_RUNNING")
