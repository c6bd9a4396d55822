"""Launches that happen at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.errors import DagsterPlusError, InvalidResponseError
from .._core.launch import LaunchBatch, was_lost
from .._generated import operations as ops
from .locating import locate, locate_all
from .polling import look_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._core.launch import Keyed, Launch, Reexecution
    from .._core.operation import Operation
    from .._core.places import Place
    from .._generated.models import Run, RunLaunch
    from .transport import AsyncTransport, HasOk

#: The most runs that one lookup asks for.
_LOOKUP_LIMIT = 1000


async def launch_run(
    transport: AsyncTransport,
    launch: Launch,
    location: str | None,
    repository: str | None,
    *,
    mutation: Callable[..., Operation[HasOk[Any]]] = ops.launch_run,
) -> Run:
    """Launch, and look for the run where the answer is lost; nothing is sent again.

    Raises:
        DagsterPlusError: See ``runs.create``.
    """
    if launch.given and (earlier := await find_launched(transport, launch)):
        return earlier
    place = await locate(transport, "job", launch.job, location, repository)
    params = launch.params(location=place.location, repository=place.repository)
    operation = mutation(execution_params=params)
    try:
        run: Run = (await transport.fetch(operation, headers=launch.headers())).run
    except DagsterPlusError as error:
        if not was_lost(error):
            raise
        lost = error
    else:
        return run
    return await _recover_one(transport, launch, lost)


async def reexecute_run(transport: AsyncTransport, reexecution: Reexecution) -> Run:
    """Execute a run again, and look for the new one where the answer is lost; nothing is sent again.

    Raises:
        DagsterPlusError: See ``runs.reexecute``.
    """
    if reexecution.given and (earlier := await find_launched(transport, reexecution)):
        return earlier
    operation = ops.reexecute_run(reexecution_params=reexecution.params())
    try:
        return (await transport.fetch(operation, headers=reexecution.headers())).run
    except DagsterPlusError as error:
        if not was_lost(error):
            raise
        lost = error
    return await _recover_one(transport, reexecution, lost)


async def launch_runs(
    transport: AsyncTransport,
    launches: Sequence[Launch],
    wanted: Sequence[tuple[str | None, str | None]],
) -> list[RunLaunch]:
    """Launch several runs in one request, and look for them where the answer is lost.

    Args:
        transport: What sends.
        launches: In the caller's order.
        wanted: Code location and repository of each, where they are known.

    Raises:
        DagsterPlusError: See ``runs.create_many``.
    """
    from .._generated.models.run_launch import RunLaunched

    done: dict[str, RunLaunch] = {}
    for launch in launches:
        if launch.given and (earlier := await find_launched(transport, launch)):
            done[launch.key] = RunLaunched(run=earlier)
    asked = {
        launch: (launch.job, *place)
        for launch, place in zip(launches, wanted, strict=True)
        if launch.key not in done
    }
    if asked:
        places = await locate_all(transport, "job", asked.values())
        batch = LaunchBatch([*asked])
        results = await _launch_batch(transport, batch, places)
        done.update(zip([launch.key for launch in batch.launches], results, strict=True))
    return [done[launch.key] for launch in launches]


async def find_launched(transport: AsyncTransport, launch: Keyed) -> Run | None:
    """Return the run that carries the launch's key, if there is one."""
    operation = ops.find_runs(filter=launch.lookup(), limit=100)
    run: Run | None = launch.pick((await transport.fetch(operation)).results)
    return run


async def _launch_batch(
    transport: AsyncTransport, batch: LaunchBatch, places: Sequence[Place]
) -> Sequence[RunLaunch]:
    """Launch, and return a result for each."""
    from .._generated.models.run_launch import RunLaunched

    params = [
        launch.params(location=place.location, repository=place.repository, batch=batch.key)
        for launch, place in zip(batch.launches, places, strict=True)
    ]
    operation = ops.launch_runs(execution_params_list=params)
    lost: DagsterPlusError
    try:
        results = (await transport.fetch(operation, headers=batch.headers())).results
        if len(results) == len(params):
            return results
        # Which result is whose cannot be told.
        text = f"{len(results)} results came for {len(params)} launches"
        lost = InvalidResponseError(text, operation=operation.name)
    except DagsterPlusError as error:
        if not was_lost(error):
            raise
        lost = error
    found: dict[str, Run] = {}
    patient = transport.with_options(retries=0)

    async def look() -> dict[str, Run] | None:
        lookup = ops.find_runs(filter=batch.lookup(), limit=_LOOKUP_LIMIT)
        found.update(batch.pick((await patient.fetch(lookup)).results))
        return found if len(found) == len(batch.launches) else None

    await look_for(look, lambda: batch.unknown(lost, found))
    return [RunLaunched(run=found[launch.key]) for launch in batch.launches]


async def _recover_one(transport: AsyncTransport, launch: Keyed, lost: DagsterPlusError) -> Run:
    """Look for the run of a launch whose answer was lost."""
    patient = transport.with_options(retries=0)
    return await look_for(lambda: find_launched(patient, launch), lambda: launch.unknown(lost))
