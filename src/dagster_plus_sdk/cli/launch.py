"""``run create`` and ``job launch``: launch a run, and follow it to its end."""

from __future__ import annotations

import click

from .columns import columns_of, human_text
from .connect import connect
from .errors import InterruptedWaitError, RunFailedError
from .invoke import arguments_of
from .output import data_of, show_record, tell
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .. import DagsterPlus, Run

#: The job that Dagster makes of all assets.
ASSET_JOB = "__ASSET_JOB"

#: What is no argument of the facade.
_OWN = ("config_yaml", "wait", "timeout", "cancel_on_timeout", "verbose")


def create(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch a run; by default wait for its end.

    Raises:
        click.UsageError: The options contradict each other.
        RunFailedError: The run ended, and not with success.
        WaitTimeoutError: It did not end in time; it goes on.
        InterruptedWaitError: Ctrl-C; it goes on.
    """
    placed, named = arguments_of(entry, values)
    own = {name: named.pop(name, None) for name in _OWN}
    if own["config_yaml"] is not None:
        if "run_config" in named:
            raise click.UsageError(
                "--run-config and --config-yaml are both given: give one of them"
            )
        named["run_config"] = own["config_yaml"]
    job = placed[0] if placed else named.pop("job", None)
    if job is None and "asset_selection" not in named:
        raise click.UsageError("say what to run: --job, or --asset-selection, or both")
    with connect(state, "Run") as client:
        run = client.runs.create(job or ASSET_JOB, **named)
        state.subject["run_id"] = run.id
        tell(f"Launched run {run.id}\n{client.settings.web_url}/runs/{run.id}")
        if own["wait"]:
            run = _wait(state, client, run.id, own)
        _show(state, run)
        if own["wait"] and run.status != "SUCCESS":
            raise RunFailedError(f"run {run.id} ended with {run.status}")


def _show(state: State, run: Run) -> None:
    record = data_of(run)
    show_record(state, record, columns_of("Run", ()), human_text("Run", record))


def _plain(state: State) -> State:
    """Return the same format without the fields, which are the run's and not its events'."""
    plain = State()
    plain.format = state.format
    return plain


def _wait(state: State, client: DagsterPlus, run_id: str, own: dict[str, Any]) -> Run:
    """Follow a run to its end and return it as it stands then."""
    from .. import WaitTimeoutError
    from .run_events import stream

    try:
        events = client.run_events.follow(run_id, timeout=own["timeout"])
        if own["verbose"]:
            stream(_plain(state), events, to_stderr=state.format is not None)
        else:
            for _ in events:
                pass
        return client.runs.get(run_id)
    except WaitTimeoutError:
        if own["cancel_on_timeout"]:
            client.runs.terminate(run_id)
            tell(f"dplus: the time is over, so run {run_id} was asked to end")
        raise
    except KeyboardInterrupt:
        raise InterruptedWaitError(
            f"run {run_id} goes on; see it with: dplus run-events follow {run_id}"
        ) from None
