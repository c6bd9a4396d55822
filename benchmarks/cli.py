"""Measure the command beside the official `dg api`, on the same sandbox, and print one table.

    python benchmarks/cli.py [--rounds 11] [--dg PATH]

Whole processes are started turn by turn, with bytecode compiled in advance. Without ``--dg``, the official command is
installed into an environment of its own, `.venv-bench-dg`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from measure import HERE, Times, compile_all, environment, interleaved

from dagster_plus_sdk.sandbox import Sandbox

PROJECT = HERE.parent
PYTHON = Path(sys.executable)
DPLUS = PYTHON.with_name("dplus")
#: What is compared: ours, and the official command that does the same.
COMPARED = (
    ("dplus --help", "dg api --help"),
    ("dplus run list --help", "dg api --help"),
    ("dplus run list --json", "dg api run list --json"),
    ("dplus run get ID --json", "dg api run get ID --json"),
)
CONFIG = {"ops": {"extract_orders": {"config": {"region": "north"}}}}


def install_dg() -> Path:
    """Install the official command by itself and return its path."""
    folder = PROJECT / ".venv-bench-dg"
    command = folder / "bin" / "dg"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "dagster-dg-cli", "dagster"], check=True)
    return command


def measure(dg: Path, rounds: int) -> dict[str, Times]:
    """Measure every command against a sandbox with one run."""
    with (
        Sandbox() as sandbox,
        sandbox.client() as client,
        tempfile.NamedTemporaryFile("w", suffix=".toml") as config,
    ):
        run_id = client.jobs.launch("daily_report", run_config=CONFIG).id
        assert list(client.run_events.follow(run_id, timeout=120))
        config.write(
            f'[cli.plus]\nurl = "{sandbox.url}"\norganization = "{sandbox.organization}"\n'
            f'default_deployment = "{sandbox.deployment}"\nuser_token = "{sandbox.token}"\n'
        )
        config.flush()
        env = environment() | {"DG_CLI_CONFIG": config.name, "DAGSTER_DISABLE_TELEMETRY": "1"}

        def process(*command: object) -> object:
            arguments = list(map(str, command))
            return subprocess.run(arguments, env=env, capture_output=True, check=True)

        return interleaved(
            {
                "python -c pass": lambda: process(PYTHON, "-c", "pass"),
                "import click": lambda: process(PYTHON, "-c", "import click"),
                "dplus --help": lambda: process(DPLUS, "--help"),
                "dplus run list --help": lambda: process(DPLUS, "run", "list", "--help"),
                "dg api --help": lambda: process(dg, "api", "--help"),
                "dplus run list --json": lambda: process(DPLUS, "run", "list", "--json"),
                "dg api run list --json": lambda: process(dg, "api", "run", "list", "--json"),
                "dplus run get ID --json": lambda: process(DPLUS, "run", "get", run_id, "--json"),
                "dg api run get ID --json": lambda: process(
                    dg, "api", "run", "get", run_id, "--json"
                ),
            },
            rounds,
        )


def table(found: dict[str, Times]) -> str:
    """Return the times in ms, with what the official command takes of ours."""
    lines = [f"{'':26}  {'min':>8} {'median':>8}"]
    lines += [
        f"{name:26}  {times.best * 1000:8.1f} {times.median * 1000:8.1f}"
        for name, times in found.items()
    ]
    lines += ["", *(_faster(found, ours, official) for ours, official in COMPARED)]
    return "\n".join([*lines, f"noise {found['python -c pass'].noise:.0%}"])


def _faster(found: dict[str, Times], ours: str, official: str) -> str:
    """Return how many times as fast one of ours is."""
    mine, theirs = found[ours], found[official]
    ratios = f"{theirs.best / mine.best:.2f} ({theirs.median / mine.median:.2f})"
    return f"{ours}: {ratios} times as fast as {official}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--dg", type=Path)
    given = parser.parse_args()
    dg = given.dg or install_dg()
    compile_all(PYTHON, PROJECT / "src", Path(sysconfig.get_path("purelib")))
    compile_all(dg.with_name("python"), dg.parent.parent / "lib")
    print(table(measure(dg, given.rounds)))


if __name__ == "__main__":
    main()
