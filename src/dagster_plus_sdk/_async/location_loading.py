"""Loading code locations anew, and waiting until they are loaded."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from .._core.errors import GraphQLRequestError, RequestTimeoutError
from .._core.location_load import LOADING, load_failure, unloaded
from .._core.lookup import not_found
from .._core.timeouts import SHORTEST_TRY
from .._core.waiting import asleep
from .._generated import operations as ops
from .polling import persist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .._core.operation import Operation
    from .._core.waiting import Patience
    from .._generated.models import CodeLocation
    from .transport import AsyncTransport, HasOk

S = TypeVar("S")


async def reload(
    transport: AsyncTransport,
    operation: Operation[HasOk[S]],
    entries: Callable[[S], list[CodeLocation]],
    patience: Patience | None,
    *,
    raise_on_error: bool,
) -> list[CodeLocation]:
    """Send a reload; return the locations, once they are loaded if they are to be waited for.

    Args:
        transport: What sends.
        operation: The reload.
        entries: Picks the locations from its answer.
        patience: How long, how often, and through what they are waited for; None if they are not.
        raise_on_error: Raise where one cannot be loaded.

    Raises:
        LocationLoadError: One cannot be loaded.
        WaitTimeoutError: They were not loaded in time.
    """
    if patience is None:
        found = entries(await transport.fetch(operation))
    else:
        found = entries(await _answer(transport, operation, patience))
        if any(entry.load_status == LOADING for entry in found):
            names = [entry.name for entry in found]
            return await wait_for_loads(transport, names, patience, raise_on_error=raise_on_error)
    return await _judged(transport, found, raise_on_error=raise_on_error)


async def wait_for_loads(
    transport: AsyncTransport,
    names: Sequence[str] | None,
    patience: Patience,
    *,
    raise_on_error: bool,
) -> list[CodeLocation]:
    """Return code locations once they are loaded, in the order of the names.

    Their states are what is asked for again and again; the locations themselves, once these say that they are loaded.

    Args:
        transport: What sends.
        names: The locations; None for all there are, by name.
        patience: How long, how often, and through what.
        raise_on_error: Raise where one cannot be loaded.

    Raises:
        NotFoundError: The server knows no such location.
        LocationLoadError: One cannot be loaded.
        WaitTimeoutError: They were not loaded in time.
    """
    late: Sequence[str] = names or ()
    while True:
        states = await _states(transport, late, patience)
        for name in names or ():
            if name not in states:
                await _look_for(transport, name, states, patience)
        wanted = names or sorted(states)
        late = [name for name in wanted if states.get(name, LOADING) == LOADING]
        if not late:
            found = await _loaded(transport, patience)
            late = [name for name in wanted if name not in found]
            if not late:
                chosen = [found[name] for name in wanted]
                return await _judged(transport, chosen, raise_on_error=raise_on_error)
        if patience.is_over:
            raise patience.over(unloaded(late), "ListCodeLocationStatuses")
        await asleep(patience.within(patience.pause()))


async def _answer(
    transport: AsyncTransport, operation: Operation[HasOk[S]], patience: Patience
) -> S:
    """Send a reload: open-source Dagster answers once it is through with it, Dagster+ before that."""
    left = None if patience.left is None else max(SHORTEST_TRY, patience.left)
    patient = transport.with_options(
        timeout=transport.timeout.reading(left), retries=transport.retries.within(left)
    )
    try:
        return await patient.fetch(operation)
    except RequestTimeoutError as error:
        if patience.is_over:
            raise patience.over(unloaded(()), operation.name) from error
        raise


async def _states(
    transport: AsyncTransport, late: Sequence[str], patience: Patience
) -> dict[str, str]:
    """Return how far the server is with each location."""
    operation = ops.list_code_location_statuses()
    found = await persist(transport, operation, patience, unloaded(late))
    return {state.name: state.load_status for state in found.entries}


async def _look_for(
    transport: AsyncTransport, name: str, known: Iterable[str], patience: Patience
) -> None:
    """Look whether Dagster+ will load a location that it shows no state of yet.

    Raises:
        NotFoundError: There is none of that name.
    """
    kept = [*known]
    operation = ops.list_code_location_entries()
    with suppress(GraphQLRequestError):  # open-source Dagster keeps none
        found = await persist(transport, operation, patience, unloaded([name]))
        kept += [entry.name for entry in found.workspace_entries] if found else []
    if name not in kept:
        raise not_found("code location", name, kept, typename="RepositoryLocationNotFound")


async def _loaded(transport: AsyncTransport, patience: Patience) -> dict[str, CodeLocation]:
    """Return the locations that are loaded, by their names."""
    found = await persist(transport, ops.list_code_locations(), patience, unloaded(()))
    return {entry.name: entry for entry in found.location_entries if entry.load_status != LOADING}


async def _judged(
    transport: AsyncTransport, found: list[CodeLocation], *, raise_on_error: bool
) -> list[CodeLocation]:
    """Return code locations that were loaded.

    Raises:
        LocationLoadError: One cannot be loaded, and that is to be raised.
    """
    failure = load_failure(found, await transport.secrets()) if raise_on_error else None
    if failure is not None:
        raise failure
    return found
