"""Measure this package beside the official one, and print one table.

    python benchmarks/run.py [--rounds 15] [--quick]

`make bench` installs the official package beside ours and calls this. Whole processes are started turn by turn, with
bytecode compiled in advance; so are the ones in environments that hold nothing but one of the packages, as its users
would have it. The least and the median of each are shown; ratios are of the least times, and of the medians behind
them. See docs/performance.md for what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import programs
from measure import HERE, Times, compile_all, environment, processes, run, server

PROJECT = HERE.parent
PYTHON = Path(sys.executable)
MINIMUM_ROUNDS = 11
OFFICIAL = "dagster-rest-resources"


@dataclass
class Report:
    """Rows of the table, printed at the end."""

    rows: list[tuple[str, ...]] = field(default_factory=list)

    def heading(self, text: str) -> None:
        """Begin a part of the table."""
        self.rows.append((f"\n{text}",))

    def times(self, name: str, times: Times, ratio: str = "") -> None:
        """Add a row of times, in ms."""
        spread = f"{times.best * 1000:8.1f} {times.median * 1000:8.1f}"
        self.rows.append((name, spread, ratio))

    def value(self, name: str, value: str, ratio: str = "") -> None:
        """Add a row of another figure."""
        self.rows.append((name, value.rjust(17), ratio))

    def text(self) -> str:
        """Return the table."""
        width = max(len(row[0]) for row in self.rows if len(row) > 1)
        lines = [f"{'':{width}}  {'min':>8} {'median':>8}  ratio"]
        for row in self.rows:
            cells = [f"{row[0]:{width}}", *row[1:]] if len(row) > 1 else [row[0]]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)


def ratio(one: Times, other: Times, *, less: Times | None = None) -> str:
    """Return one time as a part of another, by the least and by the median, each less a third's."""
    best, median = (less.best, less.median) if less else (0.0, 0.0)
    by_best = (one.best - best) / (other.best - best)
    by_median = (one.median - median) / (other.median - median)
    return f"{by_best:.2f} ({by_median:.2f})"


def starts(report: Report, title: str, python: Path, url: str, rounds: int) -> None:
    """Measure imports and construction in one environment."""
    found = processes(
        {
            "python -c pass": (python, programs.BARE),
            "import httpx": (python, programs.HTTPX),
            "import and construct DagsterPlus": (python, programs.CONSTRUCT),
            "import and construct AsyncDagsterPlus": (python, programs.CONSTRUCT_ASYNC),
        },
        url,
        rounds,
    )
    bare, httpx, *ours = found.values()
    report.heading(f"{title}: before the first request (target: at most 0.4 of import httpx)")
    report.times("python -c pass", bare, f"noise {bare.noise:.0%}")
    report.times("import httpx", httpx)
    for name, times in zip(list(found)[2:], ours, strict=True):
        net = ratio(times, httpx, less=bare)
        report.times(
            name, times, f"{ratio(times, httpx)} of import httpx; less python itself {net}"
        )


def first_calls(
    report: Report, title: str, ours: Path, official: Path | None, url: str, rounds: int
) -> None:
    """Measure the whole process of one call."""
    wanted = {
        "httpx and pydantic alone": (ours, programs.FLOOR),
        "DagsterPlus": (ours, programs.FIRST_CALL),
        "AsyncDagsterPlus": (ours, programs.FIRST_CALL_ASYNC),
    }
    if official:
        wanted[OFFICIAL] = (official, programs.FIRST_CALL_OFFICIAL)
    found = processes(wanted, url, rounds)
    report.heading(f"{title}: a process that gets one run (target: at most 1.0)")
    for name, times in found.items():
        compared = f"{ratio(times, found[OFFICIAL])} of {OFFICIAL}" if OFFICIAL in found else ""
        report.times(name, times, "" if name == OFFICIAL else compared)


def memory(report: Report, title: str, ours: Path, official: Path | None, url: str) -> None:
    """Measure the most memory that processes hold, the least of three."""

    def most(python: Path, program: str) -> float:
        return min(float(run(python, program + programs.MEMORY, url)) for _ in range(3))

    report.heading(f"{title}: memory of a process")
    report.value("python -c pass", f"{most(ours, programs.BARE):.1f} MB")
    report.value("DagsterPlus constructed", f"{most(ours, programs.CONSTRUCT):.1f} MB")
    if official:
        constructed = most(official, programs.CONSTRUCT_OFFICIAL)
        report.value(f"{OFFICIAL} constructed", f"{constructed:.1f} MB")
    called = most(ours, programs.FIRST_CALL)
    report.value("DagsterPlus, one call", f"{called:.1f} MB")
    if official:
        theirs = most(official, programs.FIRST_CALL_OFFICIAL)
        report.value(f"{OFFICIAL}, one call", f"{theirs:.1f} MB", f"ours {called / theirs:.2f}")


def warm(report: Report, url: str, rounds: int) -> None:
    """Measure warm clients, both packages in one process."""
    command = [str(PYTHON), str(HERE / "inprocess.py"), url, str(rounds)]
    output = subprocess.run(
        command, env=environment(), check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    found = json.loads(output)
    held = found.pop("held")
    by_kind = {
        kind: {name: Times(tuple(runs)) for name, runs in names.items()}
        for kind, names in found.items()
    }
    titles = {
        "events": "10,000 events through the facade, 10 pages from memory",
        "runs": "a list of 1,000 runs with 8 tags each, from memory",
        "calls": "200 calls that get one run, over one connection",
    }
    for kind, title in titles.items():
        times = by_kind[kind]
        report.heading(title)
        report.times(
            "DagsterPlus", times["ours"], f"{ratio(times['ours'], times['official'])} of {OFFICIAL}"
        )
        report.times(OFFICIAL, times["official"])
        if "httpx" in times:
            report.times("httpx alone", times["httpx"])
            for name, label in (("ours", "DagsterPlus"), ("official", OFFICIAL)):
                report.value(f"{label}, calls per second", f"{200 / times[name].best:.0f}")
    report.heading("memory that 10,000 events hold")
    part = f"{held['ours'] / held['official']:.2f} of {OFFICIAL}; ours keep metadata and keys too"
    report.value("DagsterPlus, per event", f"{held['ours']:.0f} B", part)
    report.value(f"{OFFICIAL}, per event", f"{held['official']:.0f} B")


def alone(name: str, *requirements: str) -> Path | None:
    """Return the Python of an environment that holds only these; None where it cannot be made."""
    folder = PROJECT / f".venv-bench-{name}"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([str(PYTHON), "-m", "venv", str(folder)], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["-c", str(PROJECT / "constraints.txt")]
    done = subprocess.run(
        [str(python), *install, *constraints, *requirements],
        cwd=PROJECT,
        check=False,
        capture_output=True,
    )
    if done.returncode:
        print(f"{name}: cannot be installed alone, and is left out", file=sys.stderr)
        return None
    compile_all(python, *folder.glob("lib/python*/site-packages"))
    return python


def machine() -> str:
    """Say what the figures were measured on."""
    load = os.getloadavg()[0]
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    return f"Python {platform.python_version()}, {system}, load {load:.1f} at the start"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="at least 11; 15 if not given")
    parser.add_argument("--quick", action="store_true", help="leave out the other environments")
    options = parser.parse_args()
    rounds = max(options.rounds, MINIMUM_ROUNDS)
    print(f"{machine()}; {rounds} rounds; ratios by the least times (by the medians)\n", flush=True)
    paths = sysconfig.get_paths()
    compile_all(PYTHON, PROJECT / "src", HERE, Path(paths["purelib"]), Path(paths["stdlib"]))
    report = Report()
    with server(PYTHON) as url:
        here = "both packages in one environment"
        starts(report, here, PYTHON, url, rounds)
        first_calls(report, here, PYTHON, PYTHON, url, rounds)
        memory(report, here, PYTHON, PYTHON, url)
        if not options.quick and (ours := alone("ours", ".")):
            apart = "each package alone, without rich"
            official = alone("official", OFFICIAL)
            starts(report, apart, ours, url, rounds)
            first_calls(report, apart, ours, official, url, rounds)
            memory(report, apart, ours, official, url)
        warm(report, url, rounds)
    print(report.text(), flush=True)
    print("\n500 generated fragments more, with and without:", flush=True)
    subprocess.run([str(PYTHON), str(HERE / "fragments.py")], check=True)


if __name__ == "__main__":
    main()
