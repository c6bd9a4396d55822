"""Completion: what each shell gets, and real shells where they are installed."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time

import pytest
from kit import payloads
from kit.canary import TOKEN
from kit.server import Reply

from dagster_plus_sdk.cli.app import COMPLETE
from dagster_plus_sdk.cli.completion import live
from dagster_plus_sdk.cli.completion.lexing import split
from dagster_plus_sdk.cli.completion.scripts import SCRIPTS

BREAKS = " \t\n\"'@><=;|&(:"


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setenv("DPLUS_COMPLETION_SECONDS", "20")
    return tmp_path / "cache" / "dagster_plus_sdk" / "completion"


@pytest.fixture
def complete(dplus, monkeypatch, cache):
    """Returns the candidates for a line."""

    def candidates(line: str, shell: str = "fish", breaks: str = BREAKS) -> list[str]:
        monkeypatch.setenv(COMPLETE, f"{shell}_complete")
        monkeypatch.setenv("_DPLUS_LINE", line)
        monkeypatch.setenv("_DPLUS_BREAKS", breaks)
        monkeypatch.setattr(sys, "stderr", sys.stderr)
        done = dplus()
        assert done.err == ""
        kept = [line.split("\t")[:2] for line in done.out.splitlines()]
        return [value if kind == "plain" else f"{kind}:{value}" for kind, value in kept]

    return candidates


@pytest.fixture
def server_of(server, monkeypatch):
    monkeypatch.setenv("DAGSTER_GRAPHQL_URL", server.url)
    return server


PLAIN = [
    ("dplus ru", ["run", "run-events"]),
    ("dplus run wa", ["wait", "wait-many", "watch"]),
    ("dplus -d staging run wa", ["wait", "wait-many", "watch"]),
    ("dplus run list --with", ["--with-total"]),
    ("dplus run list --status SU", ["SUCCESS", "SUSPENDED"]),
    ("dplus run list --status succ", ["SUCCESS"]),
    ("dplus run list --status SUCCESS,FA", ["SUCCESS,FAILURE"]),
    ("dplus run list --status SUCCESS,q", ["SUCCESS,QUEUED"]),
    ("dplus run list --status=SUCC", ["--status=SUCCESS"]),
    ("dplus run list --format js", ["json", "jsonl"]),
    ("dplus run list --fields id,job", ["id,job_name"]),
    ("dplus completion ", ["bash", "zsh", "fish"]),
    ("dplus run create --run-config ", ["file:"]),
    ("dplus run create --run-config=a/", ["file:--run-config="]),
    ("dplus graphql @que", ["file:@"]),
    ("dplus sandbox up --dir ", ["dir:"]),
    ("dplus run get --nothing x ", []),
]


@pytest.mark.parametrize(("line", "candidates"), PLAIN, ids=lambda value: str(value)[:50])
def test_what_needs_no_server(complete, line, candidates):
    assert complete(line)[: len(candidates) or None] == candidates


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("dplus --profile ", ["ci", "europe"]),
        ("dplus run list --profile e", ["europe"]),
        ("dplus config use c", ["ci"]),
        ("dplus config delete-profile ", ["ci", "europe"]),
    ],
)
def test_profiles(complete, monkeypatch, tmp_path, line, candidates):
    profiles = [
        f'[dagster_plus_sdk.profiles.{name}]\nurl = "http://x"\n' for name in ("europe", "ci")
    ]
    path = tmp_path / "dg.toml"
    path.write_text("".join(profiles))
    monkeypatch.setenv("DG_CLI_CONFIG", str(path))
    assert complete(line) == candidates
    path.write_text("no [toml")
    assert complete(line) == []


BASH = [
    ("dplus run list --status=SUCC", ["SUCCESS"]),
    ("dplus run list --status='SUCC", ["SUCCESS"]),
    ("dplus asset get shop/o", ["shop/orders"]),
    ("dplus asset get s3:", ["//a\\ b"]),
    ("dplus asset get s3://", ["//a\\ b"]),
    ("dplus asset get 's3://a", ["s3://a b"]),
    ('dplus asset get "we', ["weird\\$1"]),
    ("dplus asset get we", ["weird\\$1"]),
    ("dplus asset materialize users,sh", ["users,shop/orders"]),
    ("dplus asset materialize users,", ["users,shop/orders", "users,s3://a\\ b", "users,weird\\$1"]),
    ("dplus asset list --group=fi", ["finance"]),
]  # fmt: skip


def answer_assets(server):
    keys = (("shop", "orders"), ("s3:", "", "a b"), ("weird$1",), ("users",))
    found = [payloads.asset(*key, group="finance") for key in keys]
    server.data(payloads.assets(*found))


@pytest.mark.parametrize(("line", "candidates"), BASH, ids=lambda value: str(value)[:50])
def test_bash(complete, server_of, line, candidates):
    answer_assets(server_of)
    assert complete(line, "bash") == candidates


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("", r"x\'\;\$\(id\)\ \[2J\`id\`"),
        ("'", r"x'\'';$(id) [2J`id`"),
        ('"', r"x';\$(id) [2J\`id\`"),
    ],
)
@pytest.mark.parametrize("breaks", [BREAKS, ""])
def test_a_name_does_nothing_to_the_shell_and_the_terminal(
    complete, server_of, monkeypatch, typed, given, breaks
):
    jobs(server_of, "x';$(id)\x1b[2J`id`")
    assert complete("dplus job get ") == ["x';$(id) [2J`id`"]
    assert complete(f"dplus job get {typed}", "bash", breaks) == [given]


def test_a_line_is_read_as_a_shell_does():
    line = split(r"""dplus "a \"b" 'c d'e f\ g --x='y z""")
    assert line.words == ["dplus", 'a "b', "c de", "f g"]
    assert (line.word, line.quote) == ("--x=y z", "'")
    assert split("dplus ").word == ""
    assert split("dplus '' x").words == ["dplus", ""]


def jobs(server, *names):
    server.data(payloads.jobs(*(payloads.job(name) for name in names)))


def test_names_are_kept_for_a_minute(complete, server_of, cache, monkeypatch):
    jobs(server_of, "daily", "nightly", "__ASSET_JOB")
    assert complete("dplus job get ") == ["daily", "nightly"]
    assert complete("dplus job get __") == ["__ASSET_JOB"]
    assert complete("dplus run list --job=d") == ["--job=daily"]
    assert len(server_of.received) == 1
    (file,) = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (cache, cache.parent)} == {0o700}
    os.utime(file, (time.time() - 61,) * 2)
    server_of.replies.clear()
    jobs(server_of, "new")
    assert complete("dplus job get ") == ["new"]
    assert len(server_of.received) == 2


def test_each_deployment_has_its_own_names(complete, server, monkeypatch, cache):
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", TOKEN)
    words = f"--url {server.url} -o acme"
    jobs(server, "a")
    assert complete(f"dplus {words} -d prod job get ") == ["a"]
    server.replies.clear()
    jobs(server, "b")
    assert complete(f"dplus -d staging job get {words} ") == ["b"]
    assert complete(f"dplus {words} -d prod job get ") == ["a"]
    assert len(server.received) == 2
    assert TOKEN not in "".join(f.read_text() + f.name for f in cache.iterdir())


def test_a_server_that_fails_is_silent_and_left_alone(complete, server_of, cache):
    jobs(server_of, "a")
    assert complete("dplus job get ") == ["a"]
    (file,) = cache.iterdir()
    os.utime(file, (time.time() - 61,) * 2)
    server_of.replies.clear()
    server_of.reply(Reply(b"no", 503))
    before = len(server_of.received)
    assert complete("dplus job get ") == ["a"]  # older names are better than none
    assert complete("dplus job get ") == ["a"]
    assert len(server_of.received) == before + 1  # no retries, and not asked again at once


@pytest.mark.parametrize("content", ["", "[", "[1]", '[["a"]]', "\x00"], ids=repr)
def test_a_broken_cache(complete, server_of, cache, content):
    jobs(server_of, "a")
    complete("dplus job get ")
    (file,) = cache.iterdir()
    file.write_text(content)
    assert complete("dplus job get ") == ["a"]


def test_a_cache_that_cannot_be_written(complete, server_of, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nothing")
    jobs(server_of, "a")
    assert complete("dplus job get ") == ["a"]


def test_old_files_are_forgotten(complete, server_of, cache):
    cache.mkdir(parents=True)
    old, new = cache / "old.json", cache / "new.json"
    for file, age in ((old, 100_000), (new, 100)):
        file.write_text("[]")
        os.utime(file, (time.time() - age,) * 2)
    jobs(server_of, "a")
    complete("dplus job get ")
    assert (old.exists(), new.exists()) == (False, True)


def test_nothing_is_configured(complete, monkeypatch):
    for name in ("DAGSTER_GRAPHQL_URL", "DAGSTER_CLOUD_ORGANIZATION"):
        monkeypatch.delenv(name, raising=False)
    assert complete("dplus job get ") == []


def test_a_slow_server(complete, server_of, monkeypatch):
    monkeypatch.setenv("DPLUS_COMPLETION_SECONDS", "0.2")
    jobs(server_of, "a")
    ended = threading.Event()
    monkeypatch.setattr("dagster_plus_sdk.cli.failures.names.fetch", lambda *_: ended.wait(60))
    begun = time.monotonic()
    assert complete("dplus job get ") == []
    assert time.monotonic() - begun < 30
    ended.set()


def test_partitions_are_those_of_the_asset(complete, monkeypatch, server_of):
    asked = []

    def names(_state, kind, filters):
        asked.append((kind, filters))
        return [("2024-01-01", ""), ("2024-01-02", "")]

    monkeypatch.setattr(live, "cached_names_of", names)
    line = "dplus asset materialize shop/orders --partition-range 2024-01-01..2024"
    assert complete(line) == ["2024-01-01..2024-01-02"]
    assert asked == [("partition", {"asset": "shop/orders"})]
    assert complete("dplus run create --partition ") == []


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script(dplus, shell, monkeypatch):
    done = dplus("completion", shell)
    assert (done.code, done.out) == (0, SCRIPTS[shell])
    monkeypatch.setenv(COMPLETE, f"{shell}_source")  # click's way
    assert dplus().out == SCRIPTS[shell]


def test_another_shell(dplus, monkeypatch):
    done = dplus("completion", "tcsh")
    assert (done.code, done.out) == (2, "")
    assert "bash, zsh" in done.err
    monkeypatch.setenv(COMPLETE, "tcsh_complete")
    assert (dplus().code, dplus().out) == (1, "")


#: What asks the shell for candidates, without a terminal: the function itself, or the shell's own way.
ASK = {
    "bash": ["bash", "--norc", "-c", """
        eval "$(dplus completion bash)"
        COMP_LINE=$1 COMP_POINT=${#1}
        _dplus_completion dplus 2>/dev/null
        printf '%s\\n' "${COMPREPLY[@]}" """, "bash"],
    "zsh": ["zsh", "-f", "-c", """
        compdef() { }; compadd() { print -rl -- $values }
        eval "$(dplus completion zsh)"
        words=(${(z)1}); CURRENT=$#words
        _dplus_completion""", "zsh"],
    "fish": ["fish", "--no-config", "-c", "dplus completion fish | source; complete -C $argv[1]"],
}  # fmt: skip
ASKED = {
    "dplus completion fi": "fish",
    "dplus asset get shop/o": "shop/orders",
    "dplus run list --status=SUCC": "--status=SUCCESS",
}


@pytest.mark.skipif(os.name == "nt", reason="the shells of POSIX systems")
@pytest.mark.parametrize("shell", ASK)
def test_real_shells(shell, server, cache, tmp_path):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    answer_assets(server)
    program = tmp_path / "bin" / "dplus"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dagster_plus_sdk "$@"\n')
    program.chmod(0o755)
    env = {
        **os.environ, "DAGSTER_GRAPHQL_URL": server.url, "HOME": str(tmp_path),
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    for line, candidate in ASKED.items():
        asked = subprocess.run(
            [*ASK[shell], line], env=env, capture_output=True, text=True, check=False, timeout=60
        )
        wanted = candidate.partition("=")[2] or candidate if shell == "bash" else candidate
        found = [text.split("\t")[0] for text in asked.stdout.splitlines()]
        assert found == [wanted], (line, asked)


def test_the_names_in_the_cache_are_what_was_asked(complete, server_of, cache):
    jobs(server_of, "a\tb\nc")
    assert complete("dplus job get ") == ["a b c"]
    (file,) = cache.iterdir()
    assert json.loads(file.read_text()) == [["a\tb\nc", "demo"]]
