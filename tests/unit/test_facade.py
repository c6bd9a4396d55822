"""The facade is of one piece: every method of every resource keeps to the same rules."""

from __future__ import annotations

import builtins

import pytest
from kit import facade
from kit.facade import RESOURCES, methods, methods_in
from kit.nouns import VERBS

from dagster_plus_sdk import errors
from dagster_plus_sdk._generated import enums, models

MODELS = frozenset({*models.MODULES, *enums.MODULES})
EXCEPTIONS = frozenset(
    {*errors.__all__}
    | {n for n, o in vars(builtins).items() if isinstance(o, type) and issubclass(o, Exception)}
)
METHODS = methods()


def names(method):
    if method.name not in VERBS.get(method.where.partition(".")[0], "").split():
        yield "is a new verb: take one of kit/nouns.py, or add it there"


RULES = {
    "names": names,
    "summary": facade.summary,
    "returns": lambda method: facade.returns(method, MODELS),
    "parameters": facade.parameters,
    "fields": facade.fields,
    "arguments": facade.arguments,
    "raises": lambda method: facade.raises(method, EXCEPTIONS),
}


def test_all_resources_are_looked_at():
    found = {method.where.partition(".")[0] for method in METHODS}
    assert found == {path.stem for path in RESOURCES.glob("[!_]*.py")}
    assert {"runs.list", "run_events.follow", "deployments.get"} <= {m.where for m in METHODS}


@pytest.mark.parametrize("noun", VERBS)
def test_every_verb_is_there(noun):
    verbs = VERBS[noun].split()
    assert verbs == sorted(set(verbs))
    assert set(verbs) - {m.name for m in METHODS if m.where == f"{noun}.{m.name}"} == set()


@pytest.mark.parametrize("rule", RULES)
def test_every_method_keeps_to(rule):
    found = [f"{method.where} {problem}" for method in METHODS for problem in RULES[rule](method)]
    assert not found, "\n" + "\n".join(found)


GOOD = '''
class AsyncRuns(AsyncResource):
    def list(self, *, where: X = None, limit: int | None = None, cursor: str = None) -> AsyncPager[Run]:
        """List runs. The API has no pages here. GraphQL: ``runsOrError``.

        Args:
            where: A filter.
            limit: How many,
                in all: so many.
            cursor: Where to begin.
        """
        return self._paged(ops.list_runs)

    async def get(self, run_id: str) -> Run:
        """Return one run. GraphQL: ``runOrError`` and ``runsOrError { count }``.

        Args:
            run_id: Its id.

        Raises:
            NotFoundError: There is none.
        """
        return await self._transport.fetch(ops.get_run(run_id=run_id))

    async def delete(self, run_id: str) -> None:
        """Delete a run. GraphQL: ``deleteRun``.

        Args:
            run_id: Its id.

        Raises:
            NotFoundError: There is none.
        """
        await self._transport.fetch(ops.delete_run(run_id=run_id))

    async def terminate(self, *, why: str) -> dict[str, list[Run | None]]:
        """Terminate. GraphQL: ``terminateRun``.

        Args:
            why: A text.

        Raises:
            ConflictError: No.
        """
        return self._ask(ops.terminate_run)

    async def wait(self) -> AsyncIterator[RunEvent]:
        """Yield. REST: ``/a/path``.
        """
        yield self

    def validate(self, *, text: str) -> dict[str, Any]:
        """Look at a text, here.

        Args:
            text: It.
        """
        return {}

    def _own(self, a, b=1): ...

class Other:
    def nothing(self): ...
'''

#: What makes a method bad, and what is said about it: (rule, good text, bad text, problem).
BAD = [
    ("names", "async def get(", "async def obtain(", "runs.obtain is a new verb"),
    ("summary", '"""Delete a run. GraphQL: ``deleteRun``.', '"""', "runs.delete has no docstring"),
    ("summary", "``deleteRun``.", "``deleteRun``", "first line must be a whole sentence"),
    ("returns", "    def list(", "    async def list(", "a pager, so it must not be async"),
    ("returns", "AsyncPager[Run]", "Run", "runs.list must return AsyncPager"),
    ("returns", "-> AsyncPager[Run]", "-> list[Run]", "runs.list must return AsyncPager"),
    ("returns", "async def get(", "def get(", "runs.get must be async"),
    ("returns", ") -> Run:", ") -> Any:", "annotated to return Any"),
    ("returns", ") -> Run:", ") -> dict[int, Any]:", "annotated to return dict[int, Any]"),
    ("returns", ") -> Run:", ") -> list:", "annotated to return list"),
    ("returns", ") -> Run:", ") -> list[Any]:", "annotated to return list[Any]"),
    ("returns", ") -> Run:", ") -> GetRun:", "annotated to return GetRun"),
    ("returns", ") -> Run:", ") -> list[AsyncPager[Run]]:", "annotated to return list[AsyncPager"),
    ("returns", ") -> Run:", "):", "annotated to return nothing"),
    ("parameters", "(self, run_id: str) -> Run", "(self, run_id: str = '') -> Run", "by position"),
    ("parameters", "(self, run_id: str) -> Run", "(self, *run_id: str) -> Run", "takes * or **"),
    ("parameters", "(self, run_id: str) -> Run", "(self, **run_id: str) -> Run", "takes * or **"),
    ("parameters", "(self, run_id: str) -> Run", "(self, run_id) -> Run", "no annotation for"),
    ("parameters", "limit: int | None = None, ", "", "pager without limit by keyword"),
    ("parameters", "self, *, where", "self, where", "pager without where, limit, cursor"),
    ("parameters", " The API has no pages here.", "", "must take page_size, or else say"),
    ("parameters", "limit: int | None", "page_size: int = 1, limit: int | None", "must take page_"),
    ("fields", "GraphQL: ``runsOrError``.", "", "runs.list does not name what is behind"),
    ("fields", "``runsOrError``.", "runsOrError.", "runs.list does not name what is behind"),
    ("fields", "REST: ``/a/path``", "", "runs.wait does not name what is behind"),
    ("fields", "``runOrError``", "``runOrErr``", "names runOrErr, which is no root field"),
    ("fields", "``deleteRun``", "``launchRun``", "launchRun, which no operation of its module"),
    ("fields", "``runsOrError { count", "``version { count", "version, which no operation of its"),
    ("arguments", "            why: A text.\n", "", "does not say what why is"),
    ("arguments", "            why: A", "            when: A", "has when in Args, and no such"),
    ("arguments", "where: A filter.\n            limit", "limit", "does not say what where is"),
    ("arguments", "self, *, where: X = None, limit", "self, *, limit", "has where in Args"),
    (
        "arguments",
        "where: X = None, limit: int | None = None",
        "limit: int = 1, where: X = 2",
        "order",
    ),
    (
        "raises",
        "        Raises:\n            ConflictError: No.\n",
        "",
        "runs.terminate has no Raises",
    ),
    (
        "raises",
        "        Raises:\n            NotFoundError: There is none.\n",
        "",
        "get has no Raises",
    ),
    ("raises", "ConflictError: No", "NoSuchError: No", "NoSuchError, which is no exception"),
]


def problems(rule, source, tmp_path):
    path = tmp_path / "runs.py"
    path.write_text(source)
    return [f"{m.where} {problem}" for m in methods_in(path) for problem in RULES[rule](m)]


@pytest.mark.parametrize("rule", RULES)
def test_good_methods_pass(rule, tmp_path):
    assert problems(rule, GOOD, tmp_path) == []


@pytest.mark.parametrize(("rule", "good", "bad", "problem"), BAD)
def test_bad_methods_are_found(rule, good, bad, problem, tmp_path):
    assert good in GOOD
    found = problems(rule, GOOD.replace(good, bad), tmp_path)
    assert any(problem in line for line in found), found


def test_every_rule_has_a_method_that_breaks_it():
    assert {rule for rule, *_ in BAD} == {*RULES}


def test_operations_of_imported_modules_count(tmp_path):
    folder = tmp_path / "_async" / "resources"
    folder.mkdir(parents=True)
    (folder.parent / "launching.py").write_text("x = ops.launch_run()")
    (folder / "jobs.py").write_text("from ..launching import x\nops.get_job()\n")
    assert facade.used_operations(folder / "jobs.py") == {"launch_run", "get_job"}
