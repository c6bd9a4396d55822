"""Every example in the facade's docstrings runs against a sandbox: as Python, and as the command line that help shows."""

from __future__ import annotations

import os
import shlex
import time
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from command_examples import Call, calls_in
from kit import example_plus
from kit import example_variables as kit
from kit.endless import first_answer_only

from dagster_plus_sdk import DagsterPlus
from dagster_plus_sdk.cli._commands import NOUNS
from dagster_plus_sdk.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.dagster

#: By attribute the table of a noun's verbs; last those that a daemon gets ready for.
TABLES = {
    entry["module"]: import_module(f"dagster_plus_sdk.cli._commands.{entry['module']}").VERBS
    for _, entry in sorted(NOUNS.items(), key=lambda item: item[0] == "backfill")
}


class Place:
    """Where examples run, on the command line and in Python."""

    def __init__(self, settings: dict[str, str], client: DagsterPlus, sandbox=None) -> None:
        self.settings, self.client, self._sandbox = settings, client, sandbox

    def reset(self, attribute: str) -> None:
        """Let a sandbox be as it was, with what the resource's examples need."""
        if self._sandbox is not None:
            self._sandbox.reset()
            example_plus.PREPARE.get(attribute, lambda _: None)(self._sandbox)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Let a sandbox's clock go on faster: a code location takes three seconds of it to load."""
        ended = Event()

        def hurry() -> None:
            while self._sandbox is not None and not ended.wait(0.1):
                self._sandbox.advance_clock(1)

        thread = Thread(target=hurry)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def value(self, dplus, call: Call, name: str) -> object:
        """What stands behind a name in a call."""
        names = (f"{call.attribute}.{call.method}.{name}", f"{call.attribute}.{name}", name)
        how = next(kit.VARIABLES[key] for key in names if key in kit.VARIABLES)
        if not isinstance(how, str):
            return how(self.client)
        end = time.monotonic() + 180
        while not (done := dplus(*shlex.split(how)[1:])).out.strip():
            assert (done.code, time.monotonic() < end) == (0, True), f"{how}: {done.err}"
            time.sleep(0.1)  # the run has been launched
        return done.out.strip()


@pytest.fixture(scope="module")
def plus():
    """A control plane only."""
    with Sandbox(dagster=None, seed=kit.SEED) as sandbox, sandbox.client() as client:
        yield of_sandbox(sandbox, client)


@pytest.fixture(scope="module")
def code(daemon):
    """A sandbox with the demo project, whose runs do not take long."""
    with Sandbox(dagster="inprocess", seed=kit.SEED) as sandbox, sandbox.client() as client:
        kit.set_up(client)
        yield of_sandbox(sandbox, client)


@pytest.fixture(scope="module")
def daemon(dagster_url):
    """A Dagster with a daemon."""
    with DagsterPlus(url=dagster_url) as client:
        kit.set_up_daemon(client)
        yield Place({"DAGSTER_GRAPHQL_URL": dagster_url}, client)


def of_sandbox(sandbox, client) -> Place:
    url = f"{sandbox.url}/{sandbox.deployment}"
    settings = {"DAGSTER_CLOUD_URL": url, "DAGSTER_CLOUD_API_TOKEN": sandbox.token}
    return Place(settings, client, sandbox)


@pytest.fixture
def places(request, monkeypatch, tmp_path):
    """Gives the place for a method; each place as it was, the files in the current folder, the environment leading there."""
    monkeypatch.chdir(tmp_path)
    kit.write_files(tmp_path)
    seen = set()

    def place_of(attribute: str, method: str) -> Place:
        kinds = kit.PLACES
        kind = kinds.get(f"{attribute}.{method}") or kinds.get(attribute, "plus")
        place: Place = request.getfixturevalue(kind)
        if kind not in seen:
            place.reset(attribute)
            seen.add(kind)
        for name in ("DAGSTER_CLOUD_URL", "DAGSTER_CLOUD_API_TOKEN", "DAGSTER_GRAPHQL_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in place.settings.items():
            monkeypatch.setenv(name, value)
        return place

    with ExitStack() as stack:
        if request.node.callspec.params["attribute"] == "code_locations":
            stack.enter_context(request.getfixturevalue("plus").hurried())
        yield place_of


def in_time(attribute: str, method: str):
    """What lets a method come to its end: following what has none."""
    is_endless = (attribute, method) in (("assets", "follow"), ("code_locations", "follow"))
    return first_answer_only() if is_endless else nullcontext()


def calls_of(attribute: str, method: str) -> list[Call]:
    """The calls of a method's example, as its docstring shows them."""
    return calls_in(getdoc(getattr(resource(attribute), method)))


@cache
def resource(attribute: str) -> type:
    """The class of a client's resource."""
    with DagsterPlus(url="http://localhost:1") as client:
        return type(getattr(client, attribute))


def failure_in_python(place: Place, dplus, call: Call) -> str | None:
    """Run a call; tell why it failed, if it did."""
    names = {name: place.value(dplus, call, name) for name in sorted(call.names)}
    try:
        result = eval(call.python, {"client": place.client, "Path": Path, **names})
        if hasattr(result, "__next__") or hasattr(result, "pages"):
            list(result)
    except Exception as error:  # noqa: BLE001 - all of them are told
        return f"{call.python}: {error!r}"
    return None


def failure_in_a_shell(place: Place, dplus, call: Call, line: str, monkeypatch) -> str | None:
    """Run a command line; tell what it said, if it failed."""
    for name in sorted(call.names):
        value = place.value(dplus, call, name)
        if isinstance(value, (int, str)):
            monkeypatch.setenv(name.upper(), str(value))
    done = dplus(*(os.path.expandvars(word) for word in shlex.split(line)[1:]))
    return f"{line}: {done.code}: {done.err}{done.out}" if done.code else None


@pytest.mark.parametrize("attribute", TABLES)
def test_in_a_shell(attribute, places, dplus, monkeypatch):
    failed = []
    for entry in TABLES[attribute].values():
        place = places(attribute, entry["method"])
        calls = calls_of(attribute, entry["method"])
        with in_time(attribute, entry["method"]):
            for call, line in zip(calls, entry["examples"], strict=True):
                failed.append(failure_in_a_shell(place, dplus, call, line, monkeypatch))
    assert failed == [None] * len(failed)
    assert len(failed) >= len(TABLES[attribute])


@pytest.mark.parametrize("attribute", TABLES)
def test_in_python(attribute, places, dplus):
    failed = []
    for entry in TABLES[attribute].values():
        place = places(attribute, entry["method"])
        calls = calls_of(attribute, entry["method"])
        with in_time(attribute, entry["method"]):
            failed += [failure_in_python(place, dplus, call) for call in calls]
    assert failed == [None] * len(failed)
    assert len(failed) >= len(TABLES[attribute])


@pytest.mark.parametrize("attribute", ["teams"])
def test_an_example_that_fails_is_found(attribute, places, dplus, monkeypatch):
    bad, good = calls_in('Does.\n\nExample:\n    client.teams.get("nope")\n    client.teams.list()')
    place = places(attribute, "get")
    found = failure_in_python(place, dplus, bad)
    assert found.startswith("client.teams.get('nope'): NotFoundError(")
    assert failure_in_python(place, dplus, good) is None
    found = failure_in_a_shell(place, dplus, bad, "dplus team get nope", monkeypatch)
    assert found.startswith("dplus team get nope: 1: dplus: ")
    assert failure_in_a_shell(place, dplus, good, "dplus team list", monkeypatch) is None
