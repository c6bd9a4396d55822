"""Launching runs: of a job, of assets, of a run again, or several at once; then the wait for the end."""

from __future__ import annotations

import click

from ..connect import connect
from ..failures.errors import RefusedError, launching, leaving
from ..invoke import arguments_of, show
from ..printing import progress
from ..printing.output import tell
from ..tree import method_of
from .validating import ASSET_JOB, fitting, validate
from .waiting import ended, shown
from .waiting import show as show_runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ... import DagsterPlus, Run
    from ..state import State

_TARGETS = {
    "job": "--job",
    "asset_selection": "--asset-selection",
    "asset_pattern": "--asset-pattern",
}


def launch(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch a run as the facade's method does it; by default wait for its end."""
    placed, named, own = launch_arguments(entry, values)
    # What may be left out must not be given by place.
    placed = [value for value in placed if value is not None]
    of_assets = entry["attribute"] == "assets"
    if of_assets and not placed and "pattern" not in named:
        raise click.UsageError("say which assets: KEYS, or --pattern")
    if not own.get("validate_only"):
        _run(state, entry, own, lambda client: method_of(client, entry)(*placed, **named))
    elif of_assets:
        keys = placed[0] if placed else ()
        validate(state, None, {**named, "asset_selection": keys}, pattern=named.get("pattern"))
    else:
        validate(state, placed[0], named)


def create(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch a run of a job, or of assets; by default wait for its end."""
    _, named, own = launch_arguments(entry, values)
    target = _target({**named, **own})
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
        with launching(f"run list --limit {len(launches)}"):
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


def launch_arguments(
    entry: dict[str, Any], values: dict[str, Any]
) -> tuple[list[Any], dict[str, Any], dict[str, Any]]:
    """Return what the facade's method takes, by place and by name, and what the command has beyond it.

    Raises:
        click.UsageError: The configuration is given twice.
    """
    placed, named = arguments_of(entry, values)
    own = {name: named.pop(name, None) for name in entry["own"]}
    text = own.pop("config_yaml", None)
    if text is not None and "run_config" in named:
        raise click.UsageError("--run-config and --config-yaml are both given: give one of them")
    return placed, named if text is None else {**named, "run_config": text}, own


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
        with fitting(), launching("run list --limit 1"):
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
