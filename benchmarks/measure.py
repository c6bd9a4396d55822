"""How things are measured: turn by turn, so that what slows the machine down slows each alike."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE = Path(__file__).resolve().parent

#: The programs' environment: nothing of ours, and no writing of bytecode, which is compiled in advance.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Times:
    """The times of one thing, in seconds."""

    runs: tuple[float, ...]

    @property
    def best(self) -> float:
        """The least: what the machine does when nothing else disturbs it."""
        return min(self.runs)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.runs)

    @property
    def noise(self) -> float:
        """How far the median lies above the least, as a part of it."""
        return self.median / self.best - 1


def environment() -> dict[str, str]:
    """Return the environment of every measured process."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def run(python: Path, program: str, url: str) -> str:
    """Run a program to its end and return what it printed."""
    done = subprocess.run(
        [str(python), "-c", program, url],
        env=environment(),
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{python} failed:\n{done.stderr}")
    return done.stdout


def processes(programs: Mapping[str, tuple[Path, str]], url: str, rounds: int) -> dict[str, Times]:
    """Measure whole processes, one of each per round; the round before the first is not counted."""
    return interleaved(
        {
            name: lambda p=python, s=source: run(p, s, url)
            for name, (python, source) in programs.items()
        },
        rounds,
    )


def interleaved(things: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Measure callables turn by turn."""
    found: dict[str, list[float]] = {name: [] for name in things}
    for round_ in range(rounds + 1):
        for name, thing in things.items():
            gc.collect()
            started = time.perf_counter()
            thing()
            if round_:
                found[name].append(time.perf_counter() - started)
    return {name: Times(tuple(times)) for name, times in found.items()}


@contextmanager
def server(python: Path) -> Iterator[str]:
    """Run the local server; yields its address."""
    with subprocess.Popen(
        [str(python), str(HERE / "server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def compile_all(python: Path, *folders: Path) -> None:
    """Write the bytecode of everything that may be imported."""
    command = [str(python), "-m", "compileall", "-qq", "-j", "0", *map(str, folders)]
    subprocess.run(
        command,
        check=False,
        env=environment() | {"PYTHONDONTWRITEBYTECODE": ""},
        stderr=subprocess.DEVNULL,  # the standard library's own tests hold files that do not compile
    )
