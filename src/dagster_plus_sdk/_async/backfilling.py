"""Launches of backfills that happen at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.backfill import original
from .._core.errors import DagsterPlusError
from .._core.launch import was_lost
from .._core.places import Place, only_place, repository_selector
from .._core.unset import UNSET
from .._generated import operations as ops
from .polling import look_for

if TYPE_CHECKING:
    from .._core.backfill import BackfillLaunch
    from .._generated.input_types import PartitionSetSelector
    from .._generated.models import Backfill, BackfillRef
    from .transport import AsyncTransport

#: How many backfills one request of a lookup asks for.
_PAGE_SIZE = 100


async def launch_backfill(
    transport: AsyncTransport,
    launch: BackfillLaunch,
    location: str | None,
    repository: str | None,
) -> Backfill:
    """Launch, and look for the backfill where the answer is lost; nothing is sent again.

    Raises:
        DagsterPlusError: See ``backfills.create``.
    """
    if launch.given and (earlier := await find_launched(transport, launch)):
        known = await read_launched(transport, earlier)
        launch.check(known)
        return known
    selector = await _partition_set(transport, launch, location, repository)
    operation = ops.launch_backfill(backfill_params=launch.params(selector))
    try:
        launched = await transport.fetch(operation, headers=launch.headers())
    except DagsterPlusError as error:
        if not was_lost(error):
            raise
        lost = error
    else:
        return await read_launched(transport, launched.backfill_id)
    found = await look_for(
        transport,
        lambda patient: find_launched(patient, launch),
        lambda: launch.unknown(lost),
    )
    return await read_launched(transport, found)


async def find_launched(transport: AsyncTransport, launch: BackfillLaunch) -> str | None:
    """Return the id of the backfill that carries the launch's key, if there is one."""
    refs: list[BackfillRef] = []
    cursor: str | None = None
    while True:
        # All of them: the launched one is the oldest.
        page = await transport.fetch(
            ops.find_backfills(filter=launch.lookup(), cursor=cursor or UNSET, limit=_PAGE_SIZE)
        )
        refs += page.results
        if not page.has_more or page.cursor == cursor:
            break
        cursor = page.cursor
    found = original(refs)
    return None if found is None else found.id


async def read_launched(transport: AsyncTransport, backfill_id: str) -> Backfill:
    """Return a backfill that was just launched; the API's own answer has its id only.

    Raises:
        DagsterPlusError: It cannot be read; the message says that it was launched.
    """
    try:
        return await transport.fetch(ops.get_backfill(backfill_id=backfill_id))
    except DagsterPlusError as error:
        error.message = f"Backfill {backfill_id} was launched, but not read: {error.message}"
        raise


async def _partition_set(
    transport: AsyncTransport,
    launch: BackfillLaunch,
    location: str | None,
    repository: str | None,
) -> PartitionSetSelector | None:
    """Return the partition set of the launch's job, having chosen its partitions; None for assets."""
    if launch.job is None:
        return None
    selector = repository_selector(location, repository)
    operation = ops.find_partition_sets(repository_selector=selector or UNSET)
    sets = {
        Place.of(node, found.job_name): found.name
        for node in (await transport.fetch(operation)).nodes
        for found in node.partition_sets
    }
    place = only_place(
        sets,
        "partitioned job",
        launch.job,
        location,
        repository,
        typename="PartitionSetNotFoundError",
    )
    if launch.needs_keys:
        launch.choose(await job_partition_keys(transport, place))
    return {
        "partitionSetName": sets[place],
        "repositorySelector": place.selector(),
    }


async def job_partition_keys(transport: AsyncTransport, place: Place) -> list[str]:
    """Return the keys of all partitions of a job."""
    operation = ops.list_job_partition_keys(params=place.job_selector())
    return (await transport.fetch(operation)).page.keys
