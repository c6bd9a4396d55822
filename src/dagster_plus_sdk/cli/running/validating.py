"""What is wrong with a run configuration: ``--validate-only``, and where a launch is refused for it."""

from __future__ import annotations

from contextlib import contextmanager

from ... import InvalidInputError, InvalidRequestError
from ..connect import connect
from ..failures.errors import InvalidConfigError
from ..printing import progress
from ..printing.output import show_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from ... import DagsterPlus
    from ..state import State

#: The job that Dagster makes of all assets.
ASSET_JOB = "__ASSET_JOB"
#: What of a launch says where and what it is of; its tags and its key say nothing of its configuration.
_PLACE = ("location", "repository", "run_config", "op_selection", "asset_selection")


def validate(
    state: State, job: str | None, named: dict[str, Any], *, pattern: list[str] | None = None
) -> None:
    """Ask the server whether a launch's configuration fits, and print that it does.

    Args:
        state: The global options.
        job: The job; None for the one that the assets are in.
        named: The arguments of the launch.
        pattern: Patterns of asset keys, in the place of a selection.

    Raises:
        InvalidConfigError: It does not fit; it has each reason with its path.
    """
    chosen = {name: named[name] for name in _PLACE if name in named}
    with connect(state) as client:
        progress.say("validating")
        if job is None:
            job = _place_assets(client, chosen, pattern)
        with fitting(f" of {job}"):
            # The plan is made of the same configuration as the run would be.
            plan = client.runs.execution_plan(job, **chosen)
    record = {"valid": True, "job": job, "steps": len(plan.steps)}
    text = f"Valid: the run configuration fits {job}; nothing was launched"
    show_record(state, record, [(name.upper(), name) for name in record], text)


@contextmanager
def fitting(of_what: str = "") -> Generator[None, None, None]:
    """Say of a configuration that the server refuses how many errors it has, and keep each with its path.

    Raises:
        InvalidConfigError: It does not fit.
    """
    try:
        yield
    except InvalidRequestError as error:
        if error.typename != "RunConfigValidationInvalid":
            raise
        count = f"{len(error.errors)} errors" if len(error.errors) > 1 else "1 error"
        raise InvalidConfigError(
            f"the run configuration{of_what} has {count}; nothing was launched",
            operation=error.operation,
            errors=error.errors,
        ) from None


def _place_assets(client: DagsterPlus, chosen: dict[str, Any], pattern: list[str] | None) -> str:
    """Find the job that a launch of the assets would take, and write down its place and their keys.

    Raises:
        InvalidInputError: Nothing matches, or no job runs all of them.
    """
    from ..._core.asset_launch import job_of

    where, keys = chosen.get("location"), chosen.get("asset_selection", ())
    matching: list[Any] = [client.assets.get(key) for key in keys]
    matching += [a for p in pattern or () for a in client.assets.list(pattern=p, location=where)]
    found: dict[Any, Any] = {
        asset.key: asset.definition
        for asset in matching
        if asset.definition is not None and asset.definition.is_materializable
    }
    if not found:
        wanted = ", ".join(map(str, pattern or keys))
        raise InvalidInputError(f"there is nothing that can be materialized: {wanted}")
    place = job_of([*found], [*found.values()], observes=False, location=where, operation="")
    chosen |= {
        "asset_selection": [*found],
        "location": place.location,
        "repository": place.repository,
    }
    return place.job
