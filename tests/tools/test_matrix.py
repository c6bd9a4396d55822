"""The versions that are tested, and what the outcomes amount to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matrix
import pytest

ROOT = Path(matrix.__file__).resolve().parent.parent
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
PASSED = matrix.Outcome("3.11", "3.11", passed=True, detail="9 passed", seconds=12.4)
FAILED = matrix.Outcome("lowest", "3.10", passed=False, detail="1 failed, 8 passed", seconds=3)
ABSENT = matrix.Outcome("3.13", "3.13", passed=None, detail="no python3.13 on this machine")

PYPROJECT = """
dependencies = [
  "httpx>=0.27,<1",
  "PyYAML>=6",
  "tomli>=2; python_version < '3.11'",
]
"""


def test_the_lowest_versions_are_those_that_the_project_allows():
    assert matrix.lowest_versions(PYPROJECT) == {"httpx": "0.27", "PyYAML": "6", "tomli": "2"}


@pytest.mark.parametrize("text", ["", "dependencies = []", 'dependencies = [\n  "httpx<1",\n]'])
def test_a_dependency_without_a_lowest_version_is_an_error(text):
    with pytest.raises(ValueError, match=r"lowest version|no runtime dependencies"):
        matrix.lowest_versions(text)


def test_every_runtime_dependency_is_pinned_to_its_lowest_version():
    leg = matrix.legs()["lowest"]
    pins = {line.split("==")[0].lower(): line for line in leg.constraints}
    assert pins["httpx"] == "httpx==0.27"
    assert pins["pydantic"] == "pydantic==2.7"
    assert "pydantic_core" not in pins
    assert len([p for p in leg.constraints if p.lower().startswith("pydantic")]) == 1
    assert leg.python == "3.10"


def test_every_python_that_is_supported_has_a_leg():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    supported = {v for v in matrix.PYTHONS if f"Python :: {v}" in text}
    assert supported == {
        line.rpartition(" ")[2].strip('",') for line in text.splitlines() if "Python :: 3." in line
    }
    assert set(matrix.legs()) == supported | {"lowest"}


def test_what_the_lowest_leg_leaves_out_exists():
    for path in matrix.legs()["lowest"].ignored:
        assert (ROOT / path).exists()


def test_the_table_is_aligned():
    assert matrix.table([PASSED, FAILED, ABSENT]).splitlines() == [
        "leg     python  result      seconds  tests",
        "3.11    3.11    passed      12       9 passed",
        "lowest  3.10    FAILED      3        1 failed, 8 passed",
        "3.13    3.13    not tested  -        no python3.13 on this machine",
    ]


@pytest.mark.parametrize(
    ("outcomes", "complete", "code", "says"),
    [
        ([PASSED, matrix.Outcome("3.12", "3.12", passed=True, detail="")], True, 0, ""),
        ([PASSED, matrix.Outcome("3.12", "3.12", passed=True, detail=""), ABSENT], True, 0, ""),
        ([PASSED, FAILED], True, 1, ""),
        ([PASSED, ABSENT], True, 1, "only Python 3.11 was found"),
        ([PASSED], False, 0, ""),
        ([ABSENT], True, 1, "no Python was found"),
        ([ABSENT], False, 1, "no Python was found"),
    ],
)
def test_the_exit_code(outcomes, complete, code, says, capsys):
    assert matrix.verdict(outcomes, complete=complete) == code
    assert says in capsys.readouterr().err


def test_an_unknown_leg_is_refused(capsys):
    assert matrix.main(["3.9"]) == 2
    assert "no such leg: 3.9; there are 3.10, 3.11" in capsys.readouterr().err


def test_chosen_legs_are_run_and_shown(monkeypatch, capsys):
    monkeypatch.setattr(matrix, "_try", lambda leg: FAILED if leg.name == "lowest" else PASSED)
    assert matrix.main(["3.11"]) == 0
    assert capsys.readouterr().out == matrix.table([PASSED]) + "\n"
    assert matrix.main(["3.11", "lowest"]) == 1
    assert "FAILED" in capsys.readouterr().out


def test_this_python_is_found():
    found = matrix.find_python(HERE)
    assert found is not None
    assert subprocess.check_output([found, "-c", "print(1)"]) == b"1\n"


def test_a_shim_that_stands_for_nothing_is_not_taken(tmp_path, monkeypatch):
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert matrix.find_python("3.99") is None


def test_the_latest_of_pyenv_is_taken(tmp_path, monkeypatch):
    for version in ("3.99.9", "3.99.10"):
        python = tmp_path / "versions" / version / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\necho 3.99\n")
        python.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", "/bin")
    found = matrix.find_python("3.99")
    assert found is not None
    assert found.parts[-3] == "3.99.10"


@pytest.fixture
def commands(monkeypatch):
    """The commands that a leg runs, none of which is run."""
    seen: list[list[str]] = []

    def note(command, **_options):
        seen.append([str(part) for part in command])

    monkeypatch.setattr(matrix.subprocess, "run", note)
    return seen


def test_a_leg_installs_the_built_package_and_runs_what_needs_no_dagster(commands, monkeypatch):
    monkeypatch.setattr(matrix, "_test", lambda leg, python: (True, f"{leg.name} by {python.name}"))
    leg = matrix.Leg("never", "3.10", (".[dev]",), ("httpx==0.27",))
    outcome = matrix._try(leg, lambda _version: Path("/usr/bin/python3"))

    assert outcome.passed
    assert outcome.detail == "never by python"
    made, installed = commands
    assert made == ["/usr/bin/python3", "-m", "venv", str(ROOT / ".venv-never")]
    assert installed[-1] == ".[dev]"
    assert "-e" not in installed


def test_a_leg_whose_installation_fails_has_failed(monkeypatch):
    def fail(*_args):
        raise subprocess.CalledProcessError(7, "pip")

    monkeypatch.setattr(matrix, "_install", fail)
    outcome = matrix._try(matrix.legs()["lowest"], lambda _version: Path("/usr/bin/python3"))
    assert outcome.passed is False
    assert "exit code 7" in outcome.detail


def test_an_absent_python_is_not_tested():
    outcome = matrix._try(matrix.legs()["3.13"], lambda _version: None)
    assert outcome == ABSENT


@pytest.mark.parametrize(("code", "passed"), [(0, True), (1, False)])
def test_the_last_line_of_pytest_is_the_detail(tmp_path, code, passed):
    python = tmp_path / "python"
    python.write_text(
        f"#!/bin/sh\necho \"$@\" > {tmp_path}/args\necho '== 2 failed, 1 passed in 3.2s =='\nexit {code}\n"
    )
    python.chmod(0o755)
    leg = matrix.legs()["lowest"]
    assert matrix._test(leg, python) == (passed, "2 failed, 1 passed")
    arguments = (tmp_path / "args").read_text()
    assert "-m not dagster" in arguments
    assert "--ignore=tests/codegen" in arguments
