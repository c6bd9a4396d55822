"""Does the package stay lean as it grows? Its size, the import of its operations, the first call of five resources.

    python benchmarks/growth.py [--before CHECKOUT] [--rounds 15]

With ``--before``, the folder of an older checkout, both are measured turn by turn, and ratios are printed. Bytecode is compiled
in advance. The server answers from the schema, from memory, whatever a version selects.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import lru_cache
from pathlib import Path

from measure import HERE, compile_all, environment, interleaved

PROJECT = HERE.parent
CALLS = {
    "runs.get": 'client.runs.get("run")',
    "assets.get": 'client.assets.get("orders")',
    "jobs.list": "client.jobs.list().to_list()",
    "code_locations.list": "client.code_locations.list().to_list()",
    "deployments.list": "client.deployments.list().to_list()",
}
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[2])
from dagster_plus_sdk import DagsterPlus
with DagsterPlus(url=sys.argv[1], organization="acme", deployment="prod", token="user:x:1") as client:
    assert {call}
"""
OPERATIONS = """
import sys, time
sys.path.insert(0, sys.argv[2])
import dagster_plus_sdk, dagster_plus_sdk._core.operation, dagster_plus_sdk._core.unset
start = time.perf_counter()
from dagster_plus_sdk._generated import operations
print(time.perf_counter() - start)
"""


def size(checkout: Path) -> str:
    """Return the size of the generated package."""
    files = sorted((checkout / "src" / "dagster_plus_sdk" / "_generated").rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    lines = sum(text.count("\n") for text in texts)
    return f"{len(files)} modules, {lines} lines, {sum(map(len, texts)) / 1000:.0f} kB"


def run(program: str, url: str, checkout: Path) -> str:
    """Run a program with one checkout's package."""
    import subprocess

    command = [sys.executable, "-c", program, url, str(checkout / "src")]
    return subprocess.run(
        command, env=environment(), cwd=HERE, check=True, capture_output=True, text=True
    ).stdout


def serve() -> None:
    """Answer from the schema until stdin is closed; each request is answered from memory but once."""
    sys.path.insert(0, str(PROJECT / "tests"))
    sys.path.insert(0, str(PROJECT / "tools"))
    from kit import answer_server

    made = answer_server.answer
    answer_server.answer = lambda text, variables, name: json.loads(
        remembered(text, json.dumps(variables), name)
    )

    @lru_cache
    def remembered(text: str, variables: str, name: str) -> str:
        return json.dumps(made(text, json.loads(variables), name))

    with answer_server.AnswerServer() as server:
        print(server.url, flush=True)
        sys.stdin.read()


def main() -> None:
    """Measure, and print the table."""
    import subprocess

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, help="the folder of an older checkout")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    checkouts = {"now": PROJECT}
    if options.before:
        checkouts["before"] = options.before.resolve()
    for name, checkout in checkouts.items():
        compile_all(Path(sys.executable), checkout / "src")
        print(f"{name}: {size(checkout)} generated")
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        try:
            measure(url, checkouts, options.rounds)
        finally:
            server.stdin.close()


def measure(url: str, checkouts: dict[str, Path], rounds: int) -> None:
    """Print a row per call."""
    print(
        f"\n{'ms: least (median)':24}" + "".join(f"{name:>18}" for name in checkouts) + "   ratio"
    )
    imports = {
        name: [float(run(OPERATIONS, url, path)) for _ in range(rounds)]
        for name, path in checkouts.items()
    }
    _row(
        "import of operations",
        {name: (min(t), sorted(t)[len(t) // 2]) for name, t in imports.items()},
    )
    for call, source in CALLS.items():
        program = PROGRAM.format(call=source)
        found = interleaved(
            {name: lambda p=path, s=program: run(s, url, p) for name, path in checkouts.items()},
            rounds,
        )
        _row(call, {name: (times.best, times.median) for name, times in found.items()})


def _row(title: str, times: dict[str, tuple[float, float]]) -> None:
    cells = "".join(
        f"{best * 1000:9.1f} ({median * 1000:.1f})".rjust(18) for best, median in times.values()
    )
    ratio = ""
    if "before" in times:
        ratio = f"{times['now'][0] / times['before'][0]:8.2f}"
    print(f"{title:24}{cells}{ratio}", flush=True)


if __name__ == "__main__":
    main()
