"""Finding the place of a definition by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._core.asset_key import AssetKey
from .._core.errors import DagsterPlusError
from .._core.inputs import text
from .._core.launch import selection
from .._core.places import Place, only_place
from .._generated import operations as ops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from .._generated.input_types import PipelineSelector
    from .transport import AsyncTransport

    Kind: TypeAlias = Literal["job", "resource", "schedule", "sensor"]
    Wanted: TypeAlias = tuple[str, str | None, str | None]

#: The API's own errors for what does not exist.
_MISSING = {
    "job": "PipelineNotFoundError",
    "resource": "ResourceNotFoundError",
    "schedule": "ScheduleNotFoundError",
    "sensor": "SensorNotFoundError",
}


async def locate(
    transport: AsyncTransport,
    kind: Kind,
    name: str,
    location: str | None,
    repository: str | None,
) -> Place:
    """Return the place of a definition; nothing is asked where location and repository are given.

    Raises:
        NotFoundError: There is none of that name; the message names similar ones.
        InvalidInputError: Several places have it; the message lists them.
    """
    return (await locate_all(transport, kind, [(name, location, repository)]))[0]


async def locate_all(
    transport: AsyncTransport,
    kind: Kind,
    wanted: Iterable[Wanted],
    told: Callable[[Wanted, str], str] | None = None,
) -> list[Place]:
    """Return the places of definitions; one request finds those of which location or repository is not given.

    Args:
        transport: What sends.
        kind: What they are.
        wanted: Name, location and repository of each.
        told: What an error says about one of them, from its message.

    Raises:
        NotFoundError: There is none of a name; the message names similar ones.
        InvalidInputError: Several places have one; the message lists them.
    """
    known: list[Place] | None = None
    found: list[Place] = []
    for one in wanted:
        name, location, repository = one
        text(name, f"the {kind}'s name")
        if location is not None and repository is not None:
            found.append(Place(location, repository, name))
            continue
        if known is None:
            known = await _places(transport, kind)
        try:
            found.append(only_place(known, kind, *one, typename=_MISSING[kind]))
        except DagsterPlusError as error:
            error.message = told(one, error.message) if told else error.message
            raise
    return found


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
    place = await locate(transport, "job", name, location, repository)
    selector = place.job_selector()
    if assets:
        selector["assetSelection"] = [AssetKey.parse(key) for key in assets]
    if chosen:
        selector["solidSelection"] = chosen
    return selector


async def _places(transport: AsyncTransport, kind: Kind) -> list[Place]:
    if kind == "job":
        homes = (await transport.fetch(ops.find_jobs())).nodes
        return [Place.of(job.repository, job.name) for home in homes for job in home.jobs]
    if kind == "schedule":
        timed = (await transport.fetch(ops.find_schedules())).nodes
        return [Place.of(home, found.name) for home in timed for found in home.schedules]
    if kind == "sensor":
        watched = (await transport.fetch(ops.find_sensors())).nodes
        return [Place.of(home, found.name) for home in watched for found in home.sensors]
    used = (await transport.fetch(ops.list_resources())).nodes
    return [Place.of(home, found.name) for home in used for found in home.resources]
