"""Launches that happen at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.errors import (
    DagsterPlusError,
    InvalidRequestError,
    InvalidResponseError,
    LaunchUnknownError,
)
from .._core.launch import KEY_TAG, launched_of, was_lost
from .._core.launch_batch import LaunchBatch
from .._core.unset import UNSET, UnsetType
from .._generated import operations as ops
from .locating import locate, locate_all
from .polling import look_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .._core.launch import Keyed, Launch, Reexecution
    from .._core.operation import Operation
    from .._core.places import Place
    from .._generated.input_types import RunsFilter
    from .._generated.models import Run, RunLaunch
    from .locating import Wanted
    from .transport import AsyncTransport, HasOk

#: How many runs one request of a lookup asks for: of one launch, and of many.
_PAGE_SIZE, _LARGE_PAGE_SIZE = 100, 1000


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
        launch.check(earlier)
        return earlier
    place = await locate(transport, "job", launch.job, location, repository)
    if launch.validate:
        await check_config(transport, launch, place)
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
    known: list[Run] = []
    for launch in launches:
        if launch.given and (earlier := await find_launched(transport, launch)):
            launch.check(earlier)
            done[launch.key] = RunLaunched(run=earlier)
            known.append(earlier)
    jobs = [(launch.job, *place) for launch, place in zip(launches, wanted, strict=True)]
    asked = {x: job for x, job in zip(launches, jobs, strict=True) if x.key not in done}
    if asked:

        def told(missing: Wanted, message: str) -> str:
            numbers = [str(number) for number, job in enumerate(jobs, 1) if job == missing]
            return f"launch {', '.join(numbers)}: {message}; nothing was launched"

        places = await locate_all(transport, "job", asked.values(), told)
        await _check_configs(transport, launches, dict(zip(asked, places, strict=True)))
        batch = LaunchBatch([*asked])
        try:
            results = await _launch_batch(transport, batch, places)
        except LaunchUnknownError as error:
            error.runs = [*known, *error.runs]
            raise
        done.update(zip([launch.key for launch in batch.launches], results, strict=True))
    return [done[launch.key] for launch in launches]


async def find_launched(transport: AsyncTransport, launch: Keyed) -> Run | None:
    """Return the run of a launch, if there is one.

    Raises:
        DagsterPlusError: It cannot be told; or the key is that of the run that is to be executed again.
    """
    run: Run | None = launch.pick(await _matches(transport, launch.lookup()))
    return run


async def find_launch(transport: AsyncTransport, idempotency_key: str) -> Run | None:
    """Return the run that was launched with a key, whatever launched it; None if there is none."""
    run: Run | None = launched_of(
        await _matches(transport, {"tags": [{"key": KEY_TAG, "value": idempotency_key}]})
    )
    return run


async def check_config(transport: AsyncTransport, launch: Launch, place: Place) -> None:
    """Ask the server whether a launch's configuration fits its job, or the part of it that is to run.

    Raises:
        InvalidRequestError: It does not; ``errors`` has each reason with its path.
    """
    await transport.fetch(
        ops.validate_run_config(pipeline=launch.selector(place), run_config_data=launch.config)
    )


async def _check_configs(
    transport: AsyncTransport, launches: Sequence[Launch], places: Mapping[Launch, Place]
) -> None:
    """Check those of several launches that are to be checked; the error says which one is wrong."""
    for number, launch in enumerate(launches, 1):
        if launch.validate and launch in places:
            try:
                await check_config(transport, launch, places[launch])
            except InvalidRequestError as error:
                error.message = f"launch {number}: {error.message}"
                raise


async def _matches(
    transport: AsyncTransport, lookup: RunsFilter, size: int = _PAGE_SIZE
) -> list[Run]:
    """Return every run that matches, newest first: retries inherit tags, and what they retry is the oldest."""
    found: dict[str, Run] = {}
    cursor: str | UnsetType = UNSET
    while True:
        operation = ops.find_runs(filter=lookup, cursor=cursor, limit=size)
        page = (await transport.fetch(operation)).results
        if len(page) < size or page[-1].id in found:  # a server that goes in circles
            return [*(found | {run.id: run for run in page}).values()]
        found |= {run.id: run for run in page}
        cursor = page[-1].id


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

    async def look(patient: AsyncTransport) -> dict[str, Run] | None:
        found.update(batch.pick(await _matches(patient, batch.lookup(), _LARGE_PAGE_SIZE)))
        return found if len(found) == len(batch.launches) else None

    await look_for(transport, look, lambda: batch.unknown(lost, found))
    return [RunLaunched(run=found[launch.key]) for launch in batch.launches]


async def _recover_one(transport: AsyncTransport, launch: Keyed, lost: DagsterPlusError) -> Run:
    """Look for the run of a launch whose answer was lost."""
    return await look_for(
        transport,
        lambda patient: find_launched(patient, launch),
        lambda: launch.unknown(lost),
    )
