"""Every example of the commands' help and of the guide runs, against a sandbox with a real Dagster."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from kit.endless import first_answer_only
from kit.hurry import hurried

from dagster_plus_sdk.cli import main
from dagster_plus_sdk.cli.examples import EXAMPLES
from dagster_plus_sdk.sandbox import background

pytestmark = pytest.mark.dagster

ROOT = Path(__file__).resolve().parents[2]
README, GUIDE = ROOT / "README.md", ROOT / "docs" / "cli.md"
#: These start and end sandboxes, which others of this module do, or store things, which test_auth.py does.
APART = (
    *("dplus sandbox up", "dplus sandbox down", "dplus auth log", "dplus deployment use"),
    *("dplus config set", "dplus config unset", "dplus config use", "dplus config delete-profile"),
)


def lines_of(page: Path) -> list[str]:
    """The commands of a page, in their order."""
    blocks = re.findall(r"^```bash\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if not line.startswith("pip install ")]


def words_of(line: str) -> list[str]:
    """The words behind ``dplus``, with the variables put in."""
    name, *words = [os.path.expandvars(word) for word in shlex.split(line, comments=True)]
    assert name == "dplus"
    return words


@pytest.fixture(scope="module")
def foreground(tmp_path_factory):
    """A sandbox with definitions of its own in the foreground, started as the second example says."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "defs.py").write_text("import dagster\n\n@dagster.job\ndef mine(): ...\n")
    words = [*words_of(EXAMPLES["sandbox up"][1]), "--dir", str(folder / "state")]
    with subprocess.Popen(
        [sys.executable, "-m", "dagster_plus_sdk", *words],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process, folder / "state"
        process.terminate()


@pytest.fixture(scope="module")
def folder(foreground, tmp_path_factory):
    """A state folder with a running sandbox, started as the first example says."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        with hurried(backfill_seconds=1):
            assert main([*words_of(EXAMPLES["sandbox up"][0]), "--port", "0"]) == 0
        yield folder
        patch.setenv("XDG_STATE_HOME", str(folder))
        found = background.status(folder / "dagster_plus_sdk" / "sandbox")
        assert main(words_of(EXAMPLES["sandbox down"][0])) == 0
    assert found is not None
    assert not found.is_alive()


@pytest.fixture
def here(dplus, folder, monkeypatch):
    """Runs the command where the sandbox is all that there is."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return dplus


def test_the_guide_has_every_command():
    text = "\n".join(lines_of(GUIDE))
    missing = [path for path in EXAMPLES if f"dplus {path}" not in text]
    assert missing == ["sandbox down"]
    assert "`dplus sandbox down`" in GUIDE.read_text()


def runs_of(here, lines, monkeypatch) -> list:
    """Run the lines one after the other; return those that failed."""
    failed = []
    for line in lines:
        kept = re.fullmatch(r"(\w+)=\$\((.*)\)", line)
        words = words_of(kept[2] if kept else line)
        if words[1:2] == ["terminate"]:
            wait_started(here, words[2])
        is_endless = words[:2] in (["asset", "follow"], ["code-location", "follow"])
        with first_answer_only() if is_endless else nullcontext():
            done = here(*words)
        if done.code:
            failed.append((line, done))
        if kept:
            monkeypatch.setenv(kept[1], done.out.strip())
    return failed


def wait_started(here, run_id: str) -> None:
    """A run that has just been launched cannot be terminated at once."""
    end = time.monotonic() + 180
    while "STARTED" not in here("run", "get", run_id, "--fields", "status").out:
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A current folder with what the examples read."""
    monkeypatch.chdir(tmp_path)
    Path("seed.yaml").write_text("teams: [{name: Finance, members: [vic@example.com]}]")
    launch = "{job: daily_report, run_config: {ops: {extract_orders: {config: {region: south}}}}}"
    Path("launches.yaml").write_text(f"[{launch}, {launch}]")
    Path("config.yaml").write_text("ops: {extract_orders: {config: {region: west}}}")
    Path("report.yaml").write_text("ops: {extract_orders: {config: {region: north}}}")
    Path("settings.yaml").write_text("run_monitoring: {start_timeout_seconds: 600}")
    Path("locations.yaml").write_text(
        "locations: [{location_name: etl, image: 'etl:2', code_source: {module_name: etl}}]"
    )
    Path("secrets.yaml").write_text("secrets: [{name: API_URL, value: hush}]")
    Path("token.txt").write_text("user:of-my-own\n")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("line", EXAMPLES["sandbox up"][2:])
def test_every_other_sandbox(dplus, line, tmp_path):
    more = ["--dagster", "none", "--detach", "--port", "0", "--dir", str(tmp_path / "state")]
    done = dplus(*words_of(line), *more)
    assert done.code == 0, done.err
    assert dplus("sandbox", "down", "--dir", str(tmp_path / "state")).code == 0


@pytest.mark.usefixtures("files")
def test_every_line_of_the_guide_and_the_rest_of_the_help(here, monkeypatch):
    pages = [*lines_of(GUIDE), *lines_of(README)]
    assert len(pages) > len(lines_of(GUIDE)) + 5
    guide = [line for line in pages if not line.startswith(APART)]
    rest = [
        line
        for lines in EXAMPLES.values()
        for line in lines
        if line not in guide and not line.startswith(APART)
    ]
    # A run is needed until it is deleted.
    guide.sort(key=lambda line: line.startswith("dplus run delete "))
    assert guide[-1].startswith("dplus run delete ")
    assert runs_of(here, [*guide[:-1], *rest, guide[-1]], monkeypatch) == []


def test_an_example_that_fails_is_found(here, monkeypatch):
    ((line, done),) = runs_of(here, ["dplus run get nope"], monkeypatch)
    assert (line, done.code) == ("dplus run get nope", 1)


def test_settings_come_from_the_sandbox(here):
    shown = here("config", "show", "--json").json
    assert shown["token"]["value"] == "***"
    assert shown["url"]["source"].startswith("sandbox /")
    assert (
        here("-d", "staging", "config", "show", "--json").json["deployment"]["value"] == "staging"
    )


def test_a_configured_server_goes_before_the_sandbox(here, server):
    server.data({"version": "0"})
    assert here("graphql", "{ version }", "--url", server.url).json == {"version": "0"}


def test_one_sandbox_per_folder(here):
    done = here("sandbox", "up", "--port", "0")
    assert done.code == 2
    assert "already, at http://127.0.0.1:" in done.err


def test_status_and_down_where_none_runs(dplus):
    done = dplus("sandbox", "status", "--json")
    assert done.code == 1
    assert (done.error["code"], done.error["status_code"]) == ("SANDBOX_NOT_RUNNING", 404)
    assert dplus("sandbox", "down").out == "No sandbox was running\n"
    assert dplus("sandbox", "down", "--json").json == {"stopped": False}
    done = dplus("run", "list")
    assert (done.code, "No server is configured" in done.err) == (2, True)


def test_a_state_folder_without_a_sandbox(dplus, tmp_path):
    (tmp_path / "dagster_plus_sdk" / "sandbox").mkdir(parents=True)
    assert dplus("run", "list").code == 2


def test_a_sandbox_in_the_foreground_with_own_definitions(foreground, capsys):
    process, state = foreground
    url = process.stdout.readline().split()[-1]
    found = background.status(state)
    assert (found.url, found.pid) == (url, process.pid)
    words = ["job", "list", "--fields", "name", "--url", url, "-o", "demo"]
    assert main([*words, "--api-token", found.token]) == 0
    assert capsys.readouterr().out == "mine\n"
    assert process.stdout.readline() == "Organization: demo\n"
    process.send_signal(signal.SIGINT)
    out, err = process.stdout.read(), process.stderr.read()
    assert process.wait(60) == 0
    assert "Deployments: prod, staging\nDagster: process\nDagster url: http://127.0.0.1:" in out
    assert "user:sandbox" not in out + err
    assert err.endswith("dplus: Ctrl-C ends it\n")
    assert background.status(state) is None
