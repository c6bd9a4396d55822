"""Launches that happen at most once, and finding the place of a job by its name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from .._core.asset_key import AssetKey
from .._core.errors import DagsterPlusError
from .._core.inputs import text
from .._core.launch import LOOKUP_SECONDS, LaunchBatch, selection, was_lost
from .._core.places import Place, only_place
from .._core.retry import is_transient
from .._core.waiting import asleep
from .._generated import operations as ops

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from .._core.launch import Keyed, Launch, Reexecution
    from .._core.operation import Operation
    from .._generated.input_types import PipelineSelector
    from .._generated.models import Run, RunLaunch
    from .transport import AsyncTransport, HasOk

T = TypeVar("T")

#: The most runs that one lookup asks for.
_LOOKUP_LIMIT = 1000


async def locate_job(
    transport: AsyncTransport, name: str, location: str | None, repository: str | None
) -> tuple[str, str]:
    """Return code location and repository of a job; nothing is asked where both are given.

    Raises:
        NotFoundError: There is no such job; the message names similar ones.
        InvalidInputError: Several places have it; the message lists them.
    """
    text(name, "the job's name")
    if location is not None and repository is not None:
        return location, repository
    places = await _places(transport)
    found = only_place(places, "job", name, location, repository, typename="PipelineNotFoundError")
    return found.location, found.repository


async def select_job(
    transport: AsyncTransport,
    name: str,
    location: str | None,
    repository: str | None,
    *,
    asset_selection: Sequence[AssetKey | str] | None = None,
    op_selection: Sequence[str] | None = None,
) -> PipelineSelector:
    """Return the API's selector of a job, or of a part of it.

    Raises:
        NotFoundError: There is no such job; the message names similar ones.
        InvalidInputError: Several places have it, or a selection is empty.
    """
    assets = selection(asset_selection, "asset_selection")
    chosen = selection(op_selection, "op_selection")
    location, repository = await locate_job(transport, name, location, repository)
    selector: PipelineSelector = {
        "pipelineName": name,
        "repositoryLocationName": location,
        "repositoryName": repository,
    }
    if assets:
        selector["assetSelection"] = [AssetKey.parse(key) for key in assets]
    if chosen:
        selector["solidSelection"] = chosen
    return selector


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
    location, repository = await locate_job(transport, launch.job, location, repository)
    params = launch.params(location=location, repository=repository)
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
    asked = [
        (launch, *place)
        for launch, place in zip(launches, wanted, strict=True)
        if launch.key not in done
    ]
    if asked:
        homes = await _locate_jobs(transport, asked)
        batch = LaunchBatch([launch for launch, *_ in asked])
        results = await _launch_batch(transport, batch, homes)
        done.update(zip([launch.key for launch in batch.launches], results, strict=True))
    return [done[launch.key] for launch in launches]


async def find_launched(transport: AsyncTransport, launch: Keyed) -> Run | None:
    """Return the run that carries the launch's key, if there is one."""
    operation = ops.find_runs(filter=launch.lookup(), limit=100)
    run: Run | None = launch.pick((await transport.fetch(operation)).results)
    return run


async def _places(transport: AsyncTransport) -> list[Place]:
    nodes = (await transport.fetch(ops.find_jobs())).nodes
    return [Place.of(job.repository, job.name) for node in nodes for job in node.jobs]


async def _locate_jobs(
    transport: AsyncTransport, asked: Sequence[tuple[Launch, str | None, str | None]]
) -> list[tuple[str, str]]:
    """Return code location and repository of each; one request finds those that are not given."""
    places: list[Place] | None = None
    homes: list[tuple[str, str]] = []
    for launch, location, repository in asked:
        if location is not None and repository is not None:
            homes.append((location, repository))
            continue
        if places is None:
            places = await _places(transport)
        found = only_place(
            places, "job", launch.job, location, repository, typename="PipelineNotFoundError"
        )
        homes.append((found.location, found.repository))
    return homes


async def _launch_batch(
    transport: AsyncTransport, batch: LaunchBatch, homes: Sequence[tuple[str, str]]
) -> Sequence[RunLaunch]:
    """Launch, and return a result for each."""
    from .._generated.models.run_launch import RunLaunched

    params = [
        launch.params(location=location, repository=repository, batch=batch.key)
        for launch, (location, repository) in zip(batch.launches, homes, strict=True)
    ]
    operation = ops.launch_runs(execution_params_list=params)
    try:
        return (await transport.fetch(operation, headers=batch.headers())).results
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

    await _look_for(look, lambda: batch.unknown(lost, found))
    return [RunLaunched(run=found[launch.key]) for launch in batch.launches]


async def _recover_one(transport: AsyncTransport, launch: Keyed, lost: DagsterPlusError) -> Run:
    """Look for the run of a launch whose answer was lost."""
    patient = transport.with_options(retries=0)
    return await _look_for(lambda: find_launched(patient, launch), lambda: launch.unknown(lost))


async def _look_for(
    look: Callable[[], Awaitable[T | None]], unknown: Callable[[], DagsterPlusError]
) -> T:
    """Look until it is there, or the time is over."""
    end, pause = time.monotonic() + LOOKUP_SECONDS, 0.25
    while True:
        try:
            if found := await look():
                return found
        except DagsterPlusError as error:
            if not is_transient(error):
                raise unknown() from error
        if time.monotonic() + pause > end:
            raise unknown()
        await asleep(pause)
        pause = min(pause * 2, 4.0)
