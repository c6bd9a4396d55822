"""The page of what is covered, and what makes its check fail."""

from __future__ import annotations

from pathlib import Path

import api_coverage
import pytest

SCHEMA = """
type Query { run(id: ID!): Int  runs: Int  chat: Int  old: Int }
type Mutation { launch: Int }
type Subscription { chat: Int }
"""
QUERIES = """
query GetRun($id: ID!) { run(id: $id) }
query ListRuns { runs  again: run(id: 1) }
mutation LaunchRun { launch }
query GetChat { chat }
"""
RUNS = """
from ..following import AsyncSource
from ..launching import launch
class AsyncRuns(AsyncResource):
    async def get(self, id): return await self._transport.fetch(ops.get_run(id=id))
    async def count(self): return len(await self._all())
    async def _all(self): return await self._transport.fetch(ops.list_runs())
    async def create(self): return await launch(self._transport)
    async def follow(self): return AsyncSource(self._transport)
    async def feed(self, source: AsyncSource, ask): return ask(source)
"""
JOBS = """
from .runs import AsyncRuns
class AsyncJobs(AsyncResource):
    async def launch(self): return await AsyncRuns(self._transport).create()
    async def launches(self): return None
"""
LAUNCHING = "async def launch(transport): return await transport.fetch(ops.launch_run())\n"
FOLLOWING = """
class AsyncSource:
    def ask(self): return ops.get_chat()
    def subscribe(self): return ops.follow_chat()
"""
EXCUSED = {"old": "an old name"}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "src" / "dagster_plus_sdk" / "_async"
    (folder / "resources").mkdir(parents=True)
    (folder / "resources" / "runs.py").write_text(RUNS)
    (folder / "resources" / "jobs.py").write_text(JOBS)
    (folder / "launching.py").write_text(LAUNCHING)
    (folder / "following.py").write_text(FOLLOWING)
    (tmp_path / "schema.graphql").write_text(SCHEMA)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "runs.graphql").write_text(QUERIES + "subscription FollowChat { chat }")
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_operations_and_methods_of_each_root_field(root):
    found = {(r.kind, r.name): (r.operations, r.methods) for r in api_coverage.collect(root)}
    assert found == {
        ("query", "run"): (("get_run", "list_runs"), ("runs.count", "runs.get")),
        ("query", "runs"): (("list_runs",), ("runs.count",)),
        ("query", "chat"): (("get_chat",), ("runs.follow",)),
        ("query", "old"): ((), ()),
        ("mutation", "launch"): (("launch_run",), ("jobs.launch", "runs.create")),
        ("subscription", "chat"): (("follow_chat",), ("runs.follow",)),
    }


def check(root, capsys, excused=EXCUSED):
    code = api_coverage.main(["--check"], root, excused)
    return code, capsys.readouterr().err


def test_a_page_that_is_current(root, capsys):
    assert check(root, capsys) == (1, "docs/coverage.md is stale: run make generate\n")
    assert api_coverage.main([], root, EXCUSED) == 0
    assert check(root, capsys) == (0, "")
    text = (root / "docs" / "coverage.md").read_text()
    assert "5 of 6 root fields have an operation; 1 have none" in text
    assert "| `run` | `get_run`, `list_runs` | `runs.count`, `runs.get` |" in text
    assert "| `old` | an old name |" in text


def test_a_new_root_field_needs_an_operation_or_a_reason(root, capsys):
    (root / "schema.graphql").write_text(SCHEMA.replace("launch: Int", "launch: Int  brew: Int"))
    assert api_coverage.main([], root, EXCUSED) == 1
    assert "mutation brew has no operation in queries/ and no reason\n" in capsys.readouterr().err
    assert api_coverage.main(["--missing"], root, EXCUSED) == 0
    assert capsys.readouterr().out == "mutation brew has no operation in queries/ and no reason\n"


@pytest.mark.parametrize(
    ("excused", "says"),
    [
        ({**EXCUSED, "run": "x"}, "run has an operation: remove its excuse"),
        ({**EXCUSED, "gone": "x"}, "gone is excused and is no root field: remove it"),
        (
            {**EXCUSED, **{f"x{n}": "x" for n in range(30)}},
            "31 root fields are excused; at most 30",
        ),
    ],
)
def test_reasons_that_are_wrong(root, capsys, excused, says):
    api_coverage.main([], root, excused)
    capsys.readouterr()
    code, err = check(root, capsys, excused)
    assert code == 1
    assert says in err


def test_the_api_is_covered(monkeypatch):
    roots = api_coverage.collect(Path(api_coverage.__file__).parents[1])
    monkeypatch.setattr(api_coverage, "collect", lambda _root: roots)  # it takes seconds
    assert api_coverage.main(["--check"]) == 0
    assert len(roots) == 346
    assert sum(bool(found.operations) for found in roots) >= 316
