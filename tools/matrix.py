"""Run the tests on every supported Python, and with the lowest supported dependencies.

    python tools/matrix.py                  all legs
    python tools/matrix.py 3.12 lowest      some of them

Each leg has an environment of its own, `.venv-<leg>`, with the built package in it instead of the source tree, and runs
the tests that need no real Dagster (`make test` runs those).  The leg `lowest` runs on the oldest Python with the lowest
version that `pyproject.toml` allows of each runtime dependency.

A Python is looked for on PATH and among pyenv's versions.  One that is absent is reported as not tested and is no
failure, as few machines have all; but a run that finds only one Python fails, for it tells nothing that `make test` does
not.  The exit code is 1 when a leg failed or nothing could be compared, 2 for a leg that does not exist.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
PYTHONS: Final = ("3.10", "3.11", "3.12", "3.13")
LOWEST: Final = "lowest"

#: What the tests themselves need, where the whole `dev` extra cannot be installed.
_TEST_TOOLS: Final = (
    "coverage",
    "cryptography",
    "graphql-core",
    "hatchling",
    "hypothesis",
    "pytest",
    "vcrpy",
    "websockets",
)

#: The code generator wants newer httpx and click than our users need, so its tests cannot run beside the lowest.
_NOT_WITH_LOWEST: Final = ("tests/codegen", "tests/tools")

#: Pins that follow from the lowest dependencies: `pydantic` names the one version of `pydantic_core` that it takes.
_FOLLOWS: Final = ("pydantic_core",)

_SUMMARY: Final = re.compile(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in [\d.]+s", re.MULTILINE)


@dataclass(frozen=True)
class Leg:
    """One environment to test in.

    Attributes:
        name: `3.10` and so on, or `lowest`.
        python: The version of Python.
        requirements: What pip installs.
        constraints: The lines of its constraints file.
        ignored: Paths of tests that cannot run here.
    """

    name: str
    python: str
    requirements: tuple[str, ...]
    constraints: tuple[str, ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a leg came to; `passed` is None where it could not be tried."""

    leg: str
    python: str
    passed: bool | None
    detail: str
    seconds: float = 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the legs and print a table.

    Returns:
        The exit code.
    """
    wanted = list(sys.argv[1:] if arguments is None else arguments)
    every = legs()
    unknown = [name for name in wanted if name not in every]
    if unknown:
        print(f"no such leg: {', '.join(unknown)}; there are {', '.join(every)}", file=sys.stderr)
        return 2
    chosen = [every[name] for name in wanted or every]
    outcomes = [_try(leg) for leg in chosen]
    print(table(outcomes))
    return verdict(outcomes, complete=not wanted)


def legs() -> dict[str, Leg]:
    """Return every leg by its name."""
    pins = _lines(ROOT / "constraints.txt")
    found = {v: Leg(v, v, (".[dev]",), pins) for v in PYTHONS}
    lowest = lowest_versions((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    replaced = {_normal(name) for name in (*lowest, *_FOLLOWS)}
    others = tuple(pin for pin in pins if _normal(pin) not in replaced)
    found[LOWEST] = Leg(
        LOWEST,
        PYTHONS[0],
        (".", *_TEST_TOOLS),
        (*others, *(f"{name}=={version}" for name, version in lowest.items())),
        _NOT_WITH_LOWEST,
    )
    return found


def lowest_versions(pyproject: str) -> dict[str, str]:
    """Return the lowest version that is allowed of each runtime dependency.

    Args:
        pyproject: The text of `pyproject.toml`.

    Raises:
        ValueError: A dependency names none, or there are no dependencies.
    """
    # Read without a parser: the Python that runs this may be 3.10 and bare.
    block = re.search(r"^dependencies = \[\n(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
    requirements = re.findall(r'"([^"]+)"', block[1]) if block else []
    if not requirements:
        raise ValueError("pyproject.toml has no runtime dependencies")
    lowest: dict[str, str] = {}
    for requirement in requirements:
        parts = re.match(r"([\w.-]+)[^;]*?>=\s*([\w.]+)", requirement)
        if parts is None:
            raise ValueError(f"{requirement!r} names no lowest version")
        lowest[parts[1]] = parts[2]
    return lowest


def verdict(outcomes: Sequence[Outcome], *, complete: bool) -> int:
    """Return the exit code for the outcomes; `complete` where all legs were asked for."""
    tried = [outcome for outcome in outcomes if outcome.passed is not None]
    if any(not outcome.passed for outcome in tried):
        return 1
    if not tried:
        print("no Python was found to test with", file=sys.stderr)
        return 1
    if complete and len({outcome.python for outcome in tried}) == 1:
        print(f"only Python {tried[0].python} was found: no other was tested", file=sys.stderr)
        return 1
    return 0


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the outcomes as aligned lines."""
    words = {True: "passed", False: "FAILED", None: "not tested"}
    rows = [("leg", "python", "result", "seconds", "tests")]
    rows += [
        (o.leg, o.python, words[o.passed], f"{o.seconds:.0f}" if o.seconds else "-", o.detail)
        for o in outcomes
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def find_python(version: str) -> Path | None:
    """Return a working interpreter of this version, from PATH or of pyenv's."""
    return next((path for path in _candidates(version) if _runs(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
        yield Path(sys.executable)
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    # The latest patch version first: 3.10.13 stands before 3.10.9.
    found = pyenv.glob(f"{version}.*/bin/python")
    yield from sorted(found, key=lambda path: _numbers(path.parts[-3]), reverse=True)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _runs(python: Path, version: str) -> bool:
    """Tell whether it is what its name says: the shims of pyenv may stand for nothing."""
    show = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        result = subprocess.run(  # noqa: S603
            [python, "-c", show], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return result.stdout.strip() == version


def _try(leg: Leg, find: Callable[[str], Path | None] = find_python) -> Outcome:
    """Make the leg's environment and run its tests."""
    python = find(leg.python)
    if python is None:
        return Outcome(leg.name, leg.python, None, f"no python{leg.python} on this machine")
    print(f"== {leg.name}: {python}", flush=True)
    started = time.monotonic()
    environment = ROOT / f".venv-{leg.name}" / "bin" / "python"
    try:
        _install(leg, python, environment)
    except subprocess.CalledProcessError as error:
        passed, detail = False, f"the installation failed with exit code {error.returncode}"
    else:
        passed, detail = _test(leg, environment)
    return Outcome(leg.name, leg.python, passed, detail, time.monotonic() - started)


def _install(leg: Leg, python: Path, environment: Path) -> None:
    folder = environment.parent.parent
    if not environment.exists():
        subprocess.run([python, "-m", "venv", folder], check=True)  # noqa: S603
    with tempfile.TemporaryDirectory(prefix="matrix-") as name:
        constraints = Path(name) / "constraints.txt"
        constraints.write_text("\n".join(leg.constraints) + "\n", encoding="utf-8")
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        command = [str(environment), *install, "-c", str(constraints), *leg.requirements]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603


def _test(leg: Leg, environment: Path) -> tuple[bool, str]:
    """Run the tests, showing what they print; return whether they passed, and pytest's last line."""
    command = [str(environment), "-m", "pytest", "-q", "-m", "not dagster"]
    command += [f"--ignore={path}" for path in leg.ignored]
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    found = _SUMMARY.findall("".join(lines))
    return process.returncode == 0, found[-1] if found else "pytest printed no summary"


def _lines(path: Path) -> tuple[str, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _normal(requirement: str) -> str:
    """Return the name in a requirement, as package indexes compare them."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
