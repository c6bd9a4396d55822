"""Launching runs: of a job, of assets, of a run again, or several at once; then the wait for the end."""

from __future__ import annotations

from contextlib import contextmanager

import click

from ... import InvalidInputError, NotFoundError
from ..connect import connect
from ..failures.errors import RefusedError, leaving
from ..invoke import arguments_of, show
from ..printing import progress
from ..printing.output import tell
from ..tree import method_of
from .validating import ASSET_JOB, fitting, validate
from .waiting import ended, shown, taken
from .waiting import show as show_runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from ... import DagsterPlus, Run
    from ..state import State

#: What is no argument of the facade.
_OWN = ("asset_pattern", "wait", "timeout", "cancel_on_timeout", "verbose", "validate_only")

#: Where a launch looks for its job, in the order in which an error says it.
_PLACE = ("location", "repository")

_TARGETS = {
    "job": "--job",
    "asset_selection": "--asset-selection",
    "asset_pattern": "--asset-pattern",
}


def launch(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch a run as the facade's method does it; by default wait for its end."""
    placed, named = arguments_of(entry, values)
    own = taken(named, _OWN)
    config_of(named)
    # What may be left out must not be given by place.
    placed = [value for value in placed if value is not None]
    of_assets = entry["attribute"] == "assets"
    if of_assets and not placed and "pattern" not in named:
        raise click.UsageError("say which assets: KEYS, or --pattern")
    if not own["validate_only"]:
        _run(state, entry, own, lambda client: method_of(client, entry)(*placed, **named))
    elif of_assets:
        keys = placed[0] if placed else ()
        validate(state, None, {**named, "asset_selection": keys}, pattern=named.get("pattern"))
    else:
        validate(state, placed[0], named)


def create(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch a run of a job, or of assets; by default wait for its end."""
    _, named = arguments_of(entry, values)
    own = taken(named, _OWN)
    config_of(named)
    target = _target({**named, "asset_pattern": own["asset_pattern"]})
    _check(target, named)
    if own["validate_only"]:
        validate(state, named.pop("job", None), named, pattern=own["asset_pattern"])
    elif target == "job":
        _run(state, entry, own, lambda client: client.runs.create(named.pop("job"), **named))
    elif "repository" in named:
        _run(state, entry, own, lambda client: client.runs.create(ASSET_JOB, **named))
    else:
        keys = named.pop("asset_selection", None)
        which = {"keys": keys} if keys else {"pattern": own["asset_pattern"]}
        _run(state, entry, own, lambda client: client.assets.materialize(**which, **named))


def create_many(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch several runs, and say which were refused.

    Raises:
        RefusedError: At least one was; the others are launched.
    """
    [launches], named = arguments_of(entry, values)
    with connect(state, entry["model"]) as client:
        with _which(launches):
            results = client.runs.create_many(launches, **named)
        show(state, entry, results, values)
    refused = [
        {"path": [f"launch {number} ({asked.get('job')})"], "message": _reason(result)}
        for number, (asked, result) in enumerate(zip(launches, results, strict=True), 1)
        if not hasattr(result, "run")
    ]
    if refused:
        raise RefusedError(
            f"{len(refused)} of {len(results)} launches were refused", errors=refused
        )


@contextmanager
def _which(launches: list[dict[str, Any]]) -> Generator[None, None, None]:
    """Say of a job that cannot be found which launches are of it."""
    try:
        yield
    except (InvalidInputError, NotFoundError) as error:
        numbers = [
            str(number)
            for number, text in enumerate(map(_sought, launches), 1)
            if text in error.message and f"{text} in " not in error.message
        ]
        if numbers:
            error.message = f"launch {', '.join(numbers)}: {error.message}; nothing was launched"
        raise


def _sought(asked: dict[str, Any]) -> str:
    """Return how an error says where a launch's job was looked for."""
    where = "".join(f" in {name} {asked[name]!r}" for name in _PLACE if asked.get(name))
    return f"job {asked.get('job')!r}{where}"


def config_of(named: dict[str, Any]) -> None:
    """Put the configuration in its place, from wherever it was given.

    Raises:
        click.UsageError: It is given twice.
    """
    text = named.pop("config_yaml", None)
    if text is not None:
        if "run_config" in named:
            raise click.UsageError(
                "--run-config and --config-yaml are both given: give one of them"
            )
        named["run_config"] = text


def _target(named: dict[str, Any]) -> str:
    """Return what is to run: a job, or assets.

    Raises:
        click.UsageError: Nothing is named, or several things are.
    """
    given = [name for name in _TARGETS if named.get(name)]
    if not given:
        raise click.UsageError(f"say what to run: {', or '.join(_TARGETS.values())}")
    if len(given) == 1:
        return given[0]
    both = " and ".join(_TARGETS[name] for name in given)
    part = ""
    if given == ["job", "asset_selection"]:
        part = f": dplus job launch {named['job']} --asset-selection ... runs part of an asset job"
    raise click.UsageError(f"{both} are given, of which only one can be{part}")


def _check(target: str, named: dict[str, Any]) -> None:
    if target != "job" and "op_selection" in named:
        raise click.UsageError("--op-selection is for a job: assets are run whole")
    if target == "asset_pattern" and "repository" in named:
        raise click.UsageError("--repo is not for a pattern: give --location")


def _run(
    state: State,
    entry: dict[str, Any],
    own: dict[str, Any],
    begin: Callable[[DagsterPlus], Run],
) -> None:
    """Launch a run, say so at once, and wait for its end unless that is not wanted."""
    with connect(state, "Run") as client:
        progress.say("launching")
        with fitting():
            run = begin(client)
        state.subject["run_id"] = run.id
        tell(f"Launched run {run.id}\n{client.url_for(run)}")
        if state.web or not own["wait"]:
            show_runs(state, entry, client, run)
            return
        with leaving(run.id), shown(state, entry, client):
            show_runs(state, entry, client, ended(state, client, run.id, own))


def _reason(result: Any) -> str:
    errors = getattr(result, "errors", None) or ()
    reasons = "; ".join(str(error.message) for error in errors)
    return str(getattr(result, "message", None) or reasons or "refused")
