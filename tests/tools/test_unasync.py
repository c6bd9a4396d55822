"""The conversion from async to sync: each rule, the whole, and the check of the trees."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import unasync
from unasync import UnasyncError, convert

PROJECT = Path(__file__).parents[2]
TOOLS = PROJECT / "tools"

RULES = {
    "def": ("async def f(): await g()", "def f(): g()"),
    "for": ("async def f():\n    async for x in y: pass", "def f():\n    for x in y: pass"),
    "with": ("async def f():\n    async with a as b: pass", "def f():\n    with a as b: pass"),
    "comprehension": ("x = [i async for i in p if await q(i)]", "x = [i for i in p if q(i)]"),
    "prefix": ("x: AsyncRuns = _AsyncPager()", "x: Runs = _Pager()"),
    "no prefix": ("Async = Asynchronous = MyAsyncThing", "Async = Asynchronous = MyAsyncThing"),
    "iterator": ("x: AsyncIterator[AsyncIterable[int]]", "x: Iterator[Iterable[int]]"),
    "httpx": (
        "httpx.AsyncClient(transport=httpx.AsyncHTTPTransport()); httpx.AsyncBaseTransport",
        "httpx.Client(transport=httpx.HTTPTransport()); httpx.BaseTransport",
    ),
    "stream": ("class S(httpx.AsyncByteStream): pass", "class S(httpx.SyncByteStream): pass"),
    "exit stack": (
        "async with AsyncExitStack() as s: await s.enter_async_context(c)",
        "with ExitStack() as s: s.enter_context(c)",
    ),
    "dunder": (
        "async def __aenter__(self): pass\nasync def __aexit__(self): pass",
        "def __enter__(self): pass\ndef __exit__(self): pass",
    ),
    "iteration": (
        "def __aiter__(self): pass\nasync def __anext__(self): raise StopAsyncIteration",
        "def __iter__(self): pass\ndef __next__(self): raise StopIteration",
    ),
    "methods": (
        "await c.aclose(); await r.aread(); r.aiter_bytes(); h.aheaders(); await asleep(1); arunning_loop()",
        "c.close(); r.read(); r.iter_bytes(); h.headers(); sleep(1); running_loop()",
    ),
    "builtins": ("x = await anext(aiter(p))", "x = next(iter(p))"),
    "contextmanager": (
        "from contextlib import asynccontextmanager",
        "from contextlib import contextmanager",
    ),
    "import path": ("from pkg._async.runs import AsyncRuns", "from pkg._sync.runs import Runs"),
    "awaitable": ("x: Callable[[A], Awaitable[B[C, D]]]", "x: Callable[[A], B[C, D]]"),
    "nested awaitable": ("x: Awaitable[Awaitable[AsyncX]]", "x: X"),
    "dotted awaitable": ("x: collections.abc.Awaitable[int] | None", "x: int | None"),
    "split awaitable": ("x = Awaitable[\n    int,  # why\n]", "x = int"),
    "imported awaitable": (
        "from typing import (\n    Awaitable,\n    AsyncGenerator,\n)",
        "from typing import (\n    Awaitable,\n    Generator,\n)",
    ),
    "coroutine": ("x: Coroutine[Any, Any, AsyncX[int]]", "x: X[int]"),
    "generator": (
        "x: AsyncGenerator[AsyncX[int], None]",
        "x: Generator[X[int], None, None]",
    ),
    "generator of generators": (
        "x: AsyncGenerator[int, AsyncGenerator[int, None]]",
        "x: Generator[int, Generator[int, None, None], None]",
    ),
    "generator with one argument": ("x: AsyncGenerator[int]", "x: Generator[int, None, None]"),
    "lock": ("import asyncio\nx = asyncio.Lock()", "import threading\nx = threading.Lock()"),
    "event": ("import asyncio\nx = asyncio.Event()", "import threading\nx = threading.Event()"),
    "sleep": ("import asyncio  # c\nawait asyncio.sleep(1)", "import time  # c\ntime.sleep(1)"),
    "lock and sleep": (
        "import asyncio\nasyncio.Lock\nasyncio.sleep",
        "import threading, time\nthreading.Lock\ntime.sleep",
    ),
    "builtin timeout": (
        "import asyncio\nasyncio.TimeoutError",
        "import threading\nTimeoutError",
    ),
    "anyio": ("import anyio\nawait anyio.sleep(1)", "import time\ntime.sleep(1)"),
    "patched module": ("patch(transport.asyncio.sleep)", "patch(transport.time.sleep)"),
    "attribute": ("x.asyncio", "x.asyncio"),
    "parentheses": ("x = (await self._t.send(a)[0]).ok", "x = self._t.send(a)[0].ok"),
    "parentheses after a keyword": ("return_ = not (await f()).x", "return_ = not f().x"),
    "parentheses of a call": ("f(await x); g[0](await x)", "f(x); g[0](x)"),
    "parentheses of an operation": ("x = (await a + 1).b", "x = (a + 1).b"),
    "parentheses without a name": ("x = (await (a or b)).c", "x = ((a or b)).c"),
    "parentheses over lines": ("x = (await a\n    .b)", "x = (a\n    .b)"),
    "parentheses at a keyword": ("x = 1 if(await a)else 2", "x = 1 if(a)else 2"),
    "decorator": (
        "@pytest.mark.anyio\nasync def test_x(): pass",
        "def test_x(): pass",
    ),
    "module mark": ("a = 1\npytestmark = pytest.mark.anyio  # all\nb = 2", "a = 1\nb = 2"),
    "module mark in a list": ("pytestmark = [pytest.mark.anyio]\nb = 2", "b = 2"),
    "first mark": ("m = [pytest.mark.anyio, pytest.mark.x]", "m = [ pytest.mark.x]"),
    "last mark": ("m = [pytest.mark.x, pytest.mark.anyio]", "m = [pytest.mark.x]"),
    "middle mark": ("m = [a, pytest.mark.anyio, b]", "m = [a, b]"),
    "single mark": ("f(marks=[pytest.mark.anyio])", "f(marks=[])"),
    "annotation": ('x: "AsyncPager[AsyncX | None]" = 1', 'x: "Pager[X | None]" = 1'),
    "annotation with awaitable": ('x: "Call[[A], Awaitable[B]]"', 'x: "Call[[A], B]"'),
    "all": ('__all__ = ["AsyncRuns"]', '__all__ = ["Runs"]'),
    "path": ('f("pkg._async.client.AsyncX")', 'f("pkg._sync.client.X")'),
    "backend": ('x = "asyncio"', 'x = "asyncio"'),
    "unmapped in a string": ('x: "asyncio.Task[None]"', 'x: "asyncio.Task[None]"'),
    "text": ('x = "await AsyncRuns.get"', 'x = "await AsyncRuns.get"'),
    "list as text": ('x = "AsyncRuns, AsyncJobs"', 'x = "AsyncRuns, AsyncJobs"'),
    "triple text": ('x = """AsyncRuns async def"""', 'x = """AsyncRuns async def"""'),
    "bytes": ('x = b"AsyncRuns"', 'x = b"AsyncRuns"'),
    "noqa": ("x = 1  # noqa: ASYNC109", "x = 1"),
    "noqa with others": ("x = 1  # noqa: S101, ASYNC109 y", "x = 1  # noqa: S101 y"),
    "other noqa": ("x = 1  # noqa: S101", "x = 1  # noqa: S101"),
}

F_STRINGS = {
    "field": ('f"{await x} AsyncX {AsyncY.z}"', 'f"{x} AsyncX {Y.z}"'),
    "conversion": ('f"{AsyncX!r:>{_AsyncY}} aread"', 'f"{X!r:>{_Y}} aread"'),
    "specification": ('f"{x:AsyncX}{AsyncX:AsyncX}"', 'f"{x:AsyncX}{X:AsyncX}"'),
    "escaped braces": ('f"{{AsyncX}} {{{AsyncX}}}"', 'f"{{AsyncX}} {{{X}}}"'),
    "named character": (
        r'f"\N{BULLET}{AsyncX}" + rf"\N{AsyncX}"',
        r'f"\N{BULLET}{X}" + rf"\N{X}"',
    ),
    "strings inside": (
        "f\"{d['AsyncX']} {d['a: Async']!s}\"",
        "f\"{d['X']} {d['a: Async']!s}\"",
    ),
    "comparison": ('f"{AsyncX != y}"', 'f"{X != y}"'),
    "debugging": ('f"{AsyncX.y=}"', 'f"{X.y=}"'),
    "nested": ("f\"{f'{AsyncX}'} {AsyncY}\"", "f\"{f'{X}'} {Y}\""),
    "brackets": ('f"{ {1: AsyncX}[1:2] }"', 'f"{ {1: X}[1:2] }"'),
    "several lines": (
        'f"""\u2014 \u00e9 {AsyncX(\n  await y)}\nAsyncZ"""; AsyncA',
        'f"""\u2014 \u00e9 {X(\n  y)}\nAsyncZ"""; A',
    ),
    "after text beyond ASCII": (
        '"\u00e9\u2014"; f"\u2014{AsyncX}"',
        '"\u00e9\u2014"; f"\u2014{X}"',
    ),
    "parentheses": ('f"{(await x.y()).z}"', 'f"{x.y().z}"'),
}

PROSE = {
    "await": ("run = await client.runs.get(1)", "run = client.runs.get(1)"),
    "await a call": ("use await f(x) and await x.y", "use f(x) and x.y"),
    "await in parentheses": ("(await client.runs.get(1)).status", "client.runs.get(1).status"),
    "await as argument": ("print(await run)", "print(await run)"),
    "await in code marks": ("``await pager``, `await x`", "``pager``, `x`"),
    "await after a prompt": (">>> await pager", ">>> pager"),
    "await in English": ("Then await the end. Do not await.", "Then await the end. Do not await."),
    "statements": ("async with a: async for b; async def c", "with a: for b; def c"),
    "async in English": (
        "The async client is asynchronous, async.",
        "The async client is asynchronous, async.",
    ),
    "names": ("AsyncRuns.aclose, _async/x.py, aiter_bytes", "Runs.close, _sync/x.py, iter_bytes"),
    "article": ("An AsyncRuns, an `AsyncJob`", "A Runs, a `Job`"),
    "article before a vowel": ("an AsyncIterator", "an Iterator"),
    "asleep": ("It is asleep; asleep(1)", "It is asleep; sleep(1)"),
    "library": ("asyncio.sleep, asyncio.Task", "time.sleep, asyncio.Task"),
    "awaitable": ("Awaitable[X[int]], Coroutine[Any, Any, X]", "X[int], X"),
    "generator": ("AsyncGenerator[X, None]", "Generator[X, None, None]"),
}

ERRORS = {
    "unknown asyncio name": ("import asyncio\n\nasyncio.gather(a)", "m.py:3: asyncio.gather"),
    "unknown anyio name": ("anyio.create_task_group()", "m.py:1: anyio.create_task_group"),
    "from asyncio": ("from asyncio import Lock", "m.py:1: asyncio has no sync form here"),
    "bare asyncio": ("patch(asyncio, 1)", "m.py:1: asyncio has no sync form here"),
    "asyncio as": ("import asyncio as aio", "m.py:1: asyncio has no sync form here"),
    "in an f-string": ('x\nf"""\n{asyncio.run(x)}"""', "m.py:2: asyncio.run"),
    "bare awaitable": ("x\nisinstance(x, Awaitable)", "m.py:2: Awaitable without"),
    "short coroutine": ("x: Coroutine[int]", "m.py:1: Coroutine needs 3"),
    "await method": ("class X:\n    def __await__(self): pass", "m.py:2: __await__"),
    "mark elsewhere": ("x = pytest.mark.anyio", "m.py:1: pytest.mark.anyio can be removed"),
    "directive": ("x = 1  # unasync: delete", "m.py:1: unknown directive"),
    "marker on else": ("if x:\n    a\nelse:  # unasync: remove\n    b", "m.py:3: the marker"),
    "marker on nothing": ("x = 1\n# unasync: remove\n\ny = 1", "m.py:2: the marker"),
    "empty block": ("if x:\n    a  # unasync: remove\nb", "m.py: the sync form is no valid"),
    "no Python": ("x = 1\nx = (", "m.py:2:"),
}

REMOVED = {
    "line": ("a\nb  # unasync: remove\nc", "a\nc"),
    "long line": ("a\nb(\n    1,  # unasync: remove\n)\nc", "a\nc"),
    "last line": ("a\nb  #unasync:remove", "a\n"),
    "if and else": ("if a:  # unasync: remove\n    b\nelse:\n    c\nd", "d"),
    "inside else": (
        "if a:\n    b\nelse:\n    c\n    d  # unasync: remove",
        "if a:\n    b\nelse:\n    c\n",
    ),
    "decorated": ("@x\n@y\nasync def f():  # unasync: remove\n    pass\nz", "z"),
    "decorator": ("@x  # unasync: remove\ndef f():\n    pass\nz", "z"),
    "long header": ("def f(\n    a,\n):  # unasync: remove\n    b\nz", "z"),
    "method": (
        "class A:\n    a = 1\n\n    @x\n    def f(self):  # unasync: remove\n        pass\n",
        "class A:\n    a = 1\n\n",
    ),
    "except": (
        "try:\n    a\nexcept asyncio.CancelledError:  # unasync: remove\n    b\nfinally:\n    c",
        "try:\n    a\nfinally:\n    c",
    ),
    "one line": ("if a: b  # unasync: remove\nc", "c"),
    "nested": ("if a:  # unasync: remove\n    b  # unasync: remove\n    c\nd", "d"),
    "in a match": (
        "match a:\n    case 1:\n        b  # unasync: remove\n        c",
        "match a:\n    case 1:\n        c",
    ),
    "match": ("match a:  # unasync: remove\n    case 1:\n        b\nc", "c"),
    "unmapped name": ("asyncio.gather()  # unasync: remove\nx", "x"),
}

MODULE = '''"""Runs of one deployment: AsyncRuns."""

from __future__ import annotations

import asyncio
import typing
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from .pager import AsyncPager

if typing.TYPE_CHECKING:
    from .client import AsyncDagsterPlus


class AsyncRuns:
    """An async iterable; see `AsyncDagsterPlus`.

    Example:
        async with AsyncDagsterPlus() as client:
            run = await client.runs.get("x")
    """

    def __init__(self, fetch: Callable[[str], Awaitable[int] | int]) -> None:
        self._lock = asyncio.Lock()  # await self._lock.acquire() by hand is an error
        self._fetch = fetch

    async def pages(self, size: int) -> AsyncIterator[int]:
        """Yield the pages."""
        async with self._lock:
            while True:
                page = (await self._fetch(f"{size!r:>4}")).real
                yield page
                await asyncio.sleep(0.5)

    def list(self, client: AsyncDagsterPlus) -> AsyncPager[int]:
        """Return an AsyncPager."""
        return AsyncPager(client, self.pages, stop=StopAsyncIteration)
'''

MODULE_SYNC = '''# Generated by tools/unasync.py from src/dagster_plus_sdk/_async/runs.py; do not edit.
"""Runs of one deployment: Runs."""

from __future__ import annotations

import threading
import time
import typing
from collections.abc import Callable, Iterator

from .pager import Pager

if typing.TYPE_CHECKING:
    from .client import DagsterPlus


class Runs:
    """An async iterable; see `DagsterPlus`.

    Example:
        with DagsterPlus() as client:
            run = client.runs.get("x")
    """

    def __init__(self, fetch: Callable[[str], int]) -> None:
        self._lock = threading.Lock()  # self._lock.acquire() by hand is an error
        self._fetch = fetch

    def pages(self, size: int) -> Iterator[int]:
        """Yield the pages."""
        with self._lock:
            while True:
                page = self._fetch(f"{size!r:>4}").real
                yield page
                time.sleep(0.5)

    def list(self, client: DagsterPlus) -> Pager[int]:
        """Return a Pager."""
        return Pager(client, self.pages, stop=StopIteration)
'''

TEST = """import pytest

from pkg._async.runs import AsyncRuns

pytestmark = pytest.mark.anyio


async def test_runs() -> None:
    assert [x async for x in AsyncRuns().list()]
"""

TEST_SYNC = """# Generated by tools/unasync.py from tests/unit/_async/test_runs.py; do not edit.

from pkg._sync.runs import Runs


def test_runs() -> None:
    assert list(Runs().list())
"""


def _cases(table):
    return pytest.mark.parametrize(("source", "expected"), table.values(), ids=table.keys())


@_cases({**RULES, **F_STRINGS, **REMOVED})
def test_rule(source, expected):
    assert convert(source).rstrip() == expected.rstrip()
    ast.parse(expected)


@_cases({**RULES, **F_STRINGS, **REMOVED})
def test_converting_again_changes_nothing(source, expected):
    once = convert(source)
    assert convert(once) == once, expected


@_cases(PROSE)
def test_docstring(source, expected):
    for text in ("{}", "class A:\n    x = 1\n    # c\n    {}  # d\n", "def f():\n    {}\n"):
        literal = f'"""{source}"""'
        assert convert(text.format(literal)) == text.format(f'"""{expected}"""')


@_cases(PROSE)
def test_comment(source, expected):
    assert convert(f"x = 1  # {source}\n") == f"x = 1  # {expected}\n"


@_cases(ERRORS)
def test_error_names_file_and_line(source, expected):
    with pytest.raises(UnasyncError) as caught:
        convert(source, "m.py")
    assert str(caught.value).startswith(expected)


def test_every_interpreter_converts_alike(tmp_path):
    """The conversion needs the standard library only; Python 3.12 splits f-strings."""
    sources = [*RULES.values(), *F_STRINGS.values(), *REMOVED.values(), (MODULE, "")]
    (tmp_path / "cases.py").write_text(f"CASES = {[source for source, _ in sources]!r}")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from cases import CASES; from unasync import convert\n"
        "print(ascii([convert(case) for case in CASES]))"
    )
    names = [sys.executable, *(shutil.which(f"python3.{minor}") for minor in range(10, 15))]
    results = {}
    for python in filter(None, names):
        command = [python, "-I", "-c", code, str(tmp_path), str(TOOLS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "No module named" not in done.stderr and "not found" not in done.stderr:
            results[python] = done.stdout
            assert not done.stderr, python
    assert results[sys.executable] == f"{[convert(source) for source, _ in sources]!a}\n"
    assert set(results.values()) == {results[sys.executable]}


@pytest.fixture
def project(tmp_path):
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    files = {
        "src/dagster_plus_sdk/_async/__init__.py": "",
        "src/dagster_plus_sdk/_async/runs.py": MODULE,
        "src/dagster_plus_sdk/_async/resources/a.py": "class AsyncA:\n    pass\n",
        "tests/unit/_async/test_runs.py": TEST,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _run(project, *arguments):
    return unasync.main([*arguments, "--root", str(project)])


def test_writes_and_is_then_current(project, capsys):
    assert _run(project) == 0
    assert "4 sync files: 4 written, 0 removed" in capsys.readouterr().out
    package = project / "src/dagster_plus_sdk/_sync"
    assert (package / "runs.py").read_text() == MODULE_SYNC
    assert (package / "resources/a.py").read_text().endswith("class A:\n    pass\n")
    assert (package / "__init__.py").read_text().startswith("# Generated by")
    assert (project / "tests/unit/_sync/test_runs.py").read_text() == TEST_SYNC
    assert _run(project, "--check") == 0
    assert capsys.readouterr().out == ""


def test_writing_again_writes_nothing(project, capsys):
    _run(project)
    capsys.readouterr()
    assert _run(project) == 0
    assert "4 sync files: 0 written, 0 removed" in capsys.readouterr().out


def test_check_names_missing_files(project, capsys):
    assert _run(project, "--check") == 1
    out = capsys.readouterr().out
    assert "missing: src/dagster_plus_sdk/_sync/runs.py\n" in out
    assert "missing: tests/unit/_sync/test_runs.py\n" in out
    assert not (project / "tests/unit/_sync").exists()


def test_check_shows_what_is_stale(project, capsys):
    _run(project)
    source = project / "src/dagster_plus_sdk/_async/runs.py"
    source.write_text(MODULE.replace("0.5", "0.25"))
    capsys.readouterr()
    assert _run(project, "--check") == 1
    out = capsys.readouterr().out
    assert "stale: src/dagster_plus_sdk/_sync/runs.py\n" in out
    assert "+                time.sleep(0.25)\n" in out
    assert "1 of 4 sync files are not current" in out


def test_check_sees_an_edited_file_and_limits_the_diff(project, capsys):
    _run(project)
    target = project / "src/dagster_plus_sdk/_sync/runs.py"
    target.write_text(target.read_text() + "x = 1\n" * 50)
    capsys.readouterr()
    assert _run(project, "--check") == 1
    out = capsys.readouterr().out
    assert "more lines" in out
    assert len(out.splitlines()) < 30


def test_surplus_files_are_named_and_removed(project, capsys):
    _run(project)
    in_package = project / "src/dagster_plus_sdk/_sync/old.py"
    without_source = project / "tests/other/_sync/test_old.py"
    without_source.parent.mkdir(parents=True)
    in_package.write_text("")
    without_source.write_text("")
    capsys.readouterr()
    assert _run(project, "--check") == 1
    out = capsys.readouterr().out
    assert "surplus: src/dagster_plus_sdk/_sync/old.py\n" in out
    assert "surplus: tests/other/_sync/test_old.py\n" in out
    assert in_package.exists()
    assert _run(project) == 0
    assert "2 removed" in capsys.readouterr().out
    assert not in_package.exists()
    assert not without_source.exists()


def test_error_is_one_line(project, capsys):
    source = project / "tests/unit/_async/test_runs.py"
    source.write_text("import asyncio\nasyncio.gather()\n")
    assert _run(project) == 1
    err = capsys.readouterr().err
    assert err.startswith("unasync: tests/unit/_async/test_runs.py:2: asyncio.gather")
    assert err.count("\n") == 1


def test_no_ruff(project, capsys, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *_args, **_kwargs: None)
    assert _run(project) == 1
    assert "ruff is neither" in capsys.readouterr().err


def test_failing_ruff(project, capsys):
    (project / "pyproject.toml").write_text("[tool.ruff]\nline-length = 'long'\n")
    assert _run(project) == 1
    assert capsys.readouterr().err.startswith("unasync: ruff failed: ")


def test_nothing_to_do(tmp_path, capsys):
    assert _run(tmp_path, "--check") == 0
    assert _run(tmp_path) == 0
    assert "0 sync files" in capsys.readouterr().out
