"""Launches that happen at most once, and finding the place of a job by its name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .._core.errors import DagsterPlusError
from .._core.inputs import text
from .._core.launch import LOOKUP_SECONDS, original, was_lost
from .._core.places import Place, only_place
from .._core.retry import is_transient
from .._core.waiting import asleep
from .._generated import operations as ops

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.launch import Launch
    from .._core.operation import Operation
    from .._generated.models import Run
    from .transport import AsyncTransport, HasOk


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
    nodes = (await transport.fetch(ops.find_jobs())).nodes
    places = (Place.of(job.repository, job.name) for node in nodes for job in node.jobs)
    found = only_place(places, "job", name, location, repository, typename="PipelineNotFoundError")
    return found.location, found.repository


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
    return await _recover(transport.with_options(retries=0), launch, lost)


async def find_launched(transport: AsyncTransport, launch: Launch) -> Run | None:
    """Return the run that carries the launch's key, if there is one."""
    operation = ops.find_runs(filter=launch.lookup(), limit=100)
    run: Run | None = original((await transport.fetch(operation)).results)
    return run


async def _recover(transport: AsyncTransport, launch: Launch, lost: DagsterPlusError) -> Run:
    """Look for the run until it is there, or the time is over."""
    end, pause = time.monotonic() + LOOKUP_SECONDS, 0.25
    while True:
        try:
            if found := await find_launched(transport, launch):
                return found
        except DagsterPlusError as error:
            if not is_transient(error):
                raise launch.unknown(lost) from error
        if time.monotonic() + pause > end:
            raise launch.unknown(lost)
        await asleep(pause)
        pause = min(pause * 2, 4.0)
