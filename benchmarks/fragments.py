"""Does the first call slow down as the package grows? 500 generated fragments more, with and without.

    python benchmarks/fragments.py [--fragments 500] [--rounds 15]

Two copies of the package are generated into a temporary folder: one from `schema.graphql` and `queries/`, one with
synthetic types, fragments and operations besides. Both are compiled in advance. Then whole processes make the same
first call (a client, one request answered in memory, one decoded run), turn by turn, and the best and the median
times of each are printed, beside those of its parts.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tools"))

import generate  # noqa: E402 - found in tools/

FIELDS = 10
RUN = {
    "__typename": "Run",
    "id": "1",
    "runId": "1",
    "status": "SUCCESS",
    "jobName": "job",
    "pipelineName": "job",
    "mode": "default",
    "runConfig": {},
    "runConfigYaml": "{}",
    "canTerminate": False,
    "hasDeletePermission": True,
    "hasReexecutePermission": True,
    "hasTerminatePermission": True,
    "assets": [],
    "steps": [],
    "createdAt": 1700000000.25,
    "startedAt": 1700000001.5,
    "tags": [{"key": "a", "value": "b"}],
    "stats": {
        "__typename": "RunStatsSnapshot",
        "stepsSucceeded": 1,
        "stepsFailed": 0,
        "materializations": 0,
        "expectations": 0,
    },
}
FIRST_CALL = """
import json, sys, time
start = time.perf_counter()
from dagster_plus_sdk._generated import operations
imported = time.perf_counter()
import httpx, pydantic
from dagster_plus_sdk import DagsterPlus
answer = json.dumps({"data": {"runOrError": json.loads(sys.argv[1])}}).encode()
transport = httpx.MockTransport(lambda request: httpx.Response(200, content=answer))
http = httpx.Client(transport=transport)
client = DagsterPlus(url="http://127.0.0.1:3000", http_client=http)
ready = time.perf_counter()
run = client.runs.get("1")
done = time.perf_counter()
assert run.id == "1"
modules = sum("._generated." in name for name in sys.modules)
print(json.dumps([imported - start, done - ready, modules]))
"""


def synthetic(count: int) -> tuple[str, str]:
    """Return the schema and the queries of types that have nothing to do with the first call."""
    names = [f"Synthetic{i}" for i in range(count)]
    fields = [f"fieldNumber{i}: {'String' if i % 2 else 'Int!'}" for i in range(FIELDS)]
    kinds = [f"type {name} {{ {' '.join(fields)} }}" for name in names]
    roots = " ".join(f"get{name}: {name}!" for name in names)
    selected = " ".join(f"fieldNumber{i}" for i in range(FIELDS))
    queries = [
        f"fragment {name} on {name} {{ {selected} }} query Get{name}Now {{ get{name} {{ ...{name} }} }}"
        for name in names
    ]
    return "\n".join([*kinds, f"extend type CloudQuery {{ {roots} }}"]), "\n".join(queries)


def build(folder: Path, count: int) -> Path:
    """Generate a copy of the package with so many fragments more, and compile it."""
    source = folder / "src" / "dagster_plus_sdk"
    ignore = shutil.ignore_patterns("__pycache__", "_generated")
    shutil.copytree(PROJECT / "src" / "dagster_plus_sdk", source, ignore=ignore)
    shutil.copytree(PROJECT / "queries", folder / "queries")
    schema = (PROJECT / "schema.graphql").read_text()
    if count:
        more, queries = synthetic(count)
        schema += f"\n{more}\n"
        (folder / "queries" / "synthetic.graphql").write_text(queries)
    (folder / "schema.graphql").write_text(schema)
    shutil.copy(PROJECT / "codegen.toml", folder)
    generate.generate(generate.load_config(folder / "codegen.toml"), source / "_generated")
    compileall.compile_dir(source, quiet=2)
    return folder / "src"


def measure(path: Path) -> list[float]:
    """Return whole process, import of the operations, first call (ms), and generated modules."""
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALL, json.dumps(RUN)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    whole = time.perf_counter() - start
    imported, called, modules = json.loads(done.stdout)
    return [whole * 1000, imported * 1000, called * 1000, modules]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fragments", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = [0, options.fragments]
        paths = {n: build(Path(folder) / str(n), n) for n in counts}
        for path in paths.values():
            measure(path)
        rounds = [{n: measure(path) for n, path in paths.items()} for _ in range(options.rounds)]
    print(f"first call of runs.get, {options.rounds} rounds, milliseconds (best / median)")
    print(
        f"{'more fragments':>14}  {'whole process':>17}  {'operations':>15}  {'call':>15}  modules"
    )
    for n in counts:
        cells = []
        for column in range(3):
            values = [r[n][column] for r in rounds]
            cells.append(f"{min(values):.1f} / {statistics.median(values):.1f}")
        print(f"{n:>14}  {cells[0]:>17}  {cells[1]:>15}  {cells[2]:>15}  {rounds[0][n][3]:>7}")
    best = [min(r[n][0] for r in rounds) for n in counts]
    print(f"whole process with {options.fragments} more: {best[1] / best[0]:.3f} of that without")


if __name__ == "__main__":
    main()
