"""Looks at runs that many waits take: those that wait for their turn are served by one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.errors import DagsterPlusError
from .._core.retry import is_transient
from .polling import persist_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._core.operation import Operation
    from .._core.waiting import Patience
    from .transport import AsyncTransport


class _Look:
    """The runs that one wait asks for."""

    __slots__ = ("found", "is_over", "run_ids")

    def __init__(self, run_ids: Sequence[str]) -> None:
        self.run_ids = run_ids
        self.found: list[Any] | None = None
        self.is_over = False


async def look(
    transport: AsyncTransport,
    make: Callable[..., Operation[Any]],
    run_ids: Sequence[str],
    patience: Patience,
    otherwise: str,
    *,
    most: int,
) -> list[Any]:
    """Return those of the runs that there are, asked for by this wait or, after it began to wait, by another one.

    Args:
        transport: What sends; waits share requests where they share its settings.
        make: Makes the operation from ``filter`` and ``limit``.
        run_ids: The runs.
        patience: How long, and through what.
        otherwise: What the error says at the deadline.
        most: Runs in one request.
    """
    board = transport.turns().boards.setdefault((id(transport.settings), make), {})
    mine = _Look(run_ids)

    async def ask(once: AsyncTransport) -> list[Any]:
        if mine.found is None:
            # After a fault each asks for itself: it may be the fault of one.
            batch = [mine] if patience.fault else _batch(mine, list(board), most)
            for each in batch:
                board.pop(each, None)
            try:
                await _fetch(once, make, batch)
            except DagsterPlusError as error:
                if len(batch) == 1 or is_transient(error):
                    raise
                await _fetch(once, make, [mine])  # it may be about a run of another
            finally:
                board.update((each, None) for each in batch[1:] if _is_open(each))
        return mine.found or []

    name = make.__name__.title().replace("_", "")
    board[mine] = None
    try:
        return await persist_in(transport, ask, patience, otherwise, name)
    finally:
        mine.is_over = True
        board.pop(mine, None)


async def _fetch(
    transport: AsyncTransport, make: Callable[..., Operation[Any]], batch: Sequence[_Look]
) -> None:
    """Send one request for some looks."""
    run_ids = list(dict.fromkeys(run_id for each in batch for run_id in each.run_ids))
    operation = make(filter={"runIds": run_ids}, limit=len(run_ids))
    runs = {run.id: run for run in (await transport.fetch(operation)).results}
    for each in batch:
        each.found = [runs[run_id] for run_id in each.run_ids if run_id in runs]


def _batch(mine: _Look, others: Sequence[_Look], most: int) -> list[_Look]:
    """Return the looks that go into one request, one's own first."""
    batch, free = [mine], most - len(mine.run_ids)
    for other in others:
        if not free:
            break
        if other is not mine and len(other.run_ids) <= free:
            batch.append(other)
            free -= len(other.run_ids)
    return batch


def _is_open(look: _Look) -> bool:
    return look.found is None and not look.is_over
