"""Long lists in a real pipe: the first row at once, no more pages than are read, and the same memory to the end.

``DPLUS_STREAM_PAGES`` is how many pages the longest list has.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading

import pytest
from kit import payloads
from kit.server import Reply
from kit.terminal import until

PAGES = int(os.environ.get("DPLUS_STREAM_PAGES", "70"))
SIZE = 100


class Runs:
    """A list of runs that is as long as it is asked for.

    Args:
        text: How long a tag of each is.
        held: How many pages to give before ``go`` is set.
    """

    def __init__(self, text: int = 0, held: int | None = None) -> None:
        self.sizes: list[int] = []
        self.go = threading.Event()
        self._held = held
        summary = payloads.run_summary("ID", tags=[{"key": "k", "value": "v" * text}])
        self._row = json.dumps(summary)

    def __call__(self, received):
        if self._held is not None and len(self.sizes) >= self._held:
            assert self.go.wait(60)
        cursor, count = received.variables.get("cursor"), received.variables["limit"]
        first = int(cursor or -1) + 1
        self.sizes.append(count)
        rows = ",".join(self._row.replace('"ID"', f'"{n}"') for n in range(first, first + count))
        body = '{"data":{"runsOrError":{"__typename":"Runs","results":[' + rows + "]}}}"
        return Reply(body.encode())


@pytest.fixture
def start(server):
    """Starts ``run list`` as a process with a pipe."""
    begun = []

    def run(*words, **options):
        command = [sys.executable, "-m", "dagster_plus_sdk", "run", "list", "--url", server.url]
        process = subprocess.Popen(
            [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("--format", "jsonl"), '{"id": "0"'),
        ((), "0\tSUCCESS"),
        (("--format", "csv"), "id,status,job_name"),
        (("-q",), "0\n"),
    ],
    ids=["jsonl", "usual", "csv", "quiet"],
)
def test_the_first_row_comes_before_the_second_page(server, start, words, first):
    runs = Runs(held=1)
    server.reply(runs)
    process = start("--limit", "101", *words)
    line = process.stdout.readline()  # the server gives the second page only now
    assert line.startswith(first)
    runs.go.set()
    rest = process.stdout.read().splitlines()
    assert len(rest) == (101 if "csv" in words else 100)
    assert (process.wait(60), runs.sizes) == (0, [101, 2])


#: Runs the command, which gives its reader a minute to go in place of a moment.
_PATIENT = """
import sys
from dagster_plus_sdk.cli import main
from dagster_plus_sdk.cli.printing import reader
reader._MOMENT = 60_000
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("text", [0, 2000])
def test_no_page_is_asked_for_that_nobody_reads(server, text):
    runs = Runs(text)
    server.reply(runs)
    command = (
        f"{shlex.join([sys.executable, '-c', _PATIENT])} run list --url {server.url} --limit 100000 "
        "--format jsonl | head -1; echo ${PIPESTATUS[0]}"
    )
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False
    )
    line, code = done.stdout.splitlines()
    assert (json.loads(line)["id"], code, done.stderr) == ("0", "0", "")
    assert runs.sizes == [101]


def test_a_reader_that_goes_later_is_waited_for_no_more(server, start):
    runs = Runs(held=1)
    server.reply(runs)
    process = start("--limit", "100000", "--format", "jsonl")
    process.stdout.readline()
    until(lambda: server.requests == 2)
    process.stdout.close()
    runs.go.set()
    assert (process.wait(60), runs.sizes) == (0, [101, 101])


#: Runs the command, and tells how many bytes of memory it has after page 20 and after the last one.
_MEASURE = """
import os, sys
from dagster_plus_sdk.cli import main
from dagster_plus_sdk.cli.printing import output
rows, count = output._rows, 0
def measured(*arguments, **options):
    global count
    rows(*arguments, **options)
    count += 1
    if count in (20, {last}):
        with open("/proc/self/statm") as file:
            print(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"), file=sys.stderr)
output._rows = measured
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="Linux tells it")  # noqa: PTH110
def test_memory_stays_flat(server):
    runs = Runs()
    server.reply(runs)
    words = ["run", "list", "--url", server.url, "--limit", str(SIZE * PAGES), "--format", "jsonl"]
    with subprocess.Popen(
        [sys.executable, "-c", _MEASURE.format(last=PAGES), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        count = sum(1 for _ in process.stdout)
        early, late, remark = process.stderr.read().splitlines()
    assert (process.returncode, count, len(runs.sizes)) == (0, SIZE * PAGES, PAGES)
    assert "--cursor" in remark
    # Kept, the rows alone would take 30 kB per page, and the objects ten times as much.
    assert int(late) - int(early) < 30_000 * (PAGES - 20)
