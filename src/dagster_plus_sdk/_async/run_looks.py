"""Looks at runs that many waits take: those that wait for their turn are served by one request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .._core.errors import DagsterPlusError
from .._core.retry import is_transient
from .polling import persist_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._core.operation import Operation
    from .._core.waiting import Patience
    from .transport import AsyncTransport


#: Seconds after a fault that passes for which others take it for theirs: a server in trouble is not asked by each of thousands.
_SHARED = 1.0


class _Look:
    """The runs that one wait asks for."""

    __slots__ = ("found", "is_over", "run_ids")

    def __init__(self, run_ids: Sequence[str]) -> None:
        self.run_ids = run_ids
        self.found: list[Any] | None = None
        self.is_over = False


class _Board:
    """The looks that wait for their turn, and the last fault of one."""

    __slots__ = ("_fault", "_fault_at", "_of", "looks")

    def __init__(self) -> None:
        self.looks: dict[_Look, None] = {}
        self._fault: DagsterPlusError | None = None
        self._fault_at = 0.0
        self._of: _Look | None = None

    def note(self, fault: DagsterPlusError, look: _Look) -> None:
        """Take note of a fault that passes."""
        self._fault, self._fault_at, self._of = fault, time.monotonic(), look

    def check(self, look: _Look) -> None:
        """Raise what another look has just met with; whose it was may ask again."""
        fault = self._fault
        is_new = time.monotonic() - self._fault_at < _SHARED
        if fault is not None and is_new and self._of is not look:
            raise fault.with_traceback(None)


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
    board: _Board = transport.turns().boards.setdefault((id(transport.settings), make), _Board())
    mine = _Look(run_ids)

    async def ask(once: AsyncTransport) -> list[Any]:
        if mine.found is None:
            if (
                patience.heard or patience.end is not None
            ):  # else the client's own retries come first
                board.check(mine)
            # After a fault each asks for itself: it may be the fault of one.
            batch = [mine] if patience.fault else _batch(mine, list(board.looks), most)
            for each in batch:
                board.looks.pop(each, None)
            try:
                await _fetch(once, make, batch)
            except DagsterPlusError as error:
                if is_transient(error):
                    board.note(error, mine)
                if len(batch) == 1 or is_transient(error):
                    raise
                await _fetch(once, make, [mine])  # it may be about a run of another
            finally:
                board.looks.update((each, None) for each in batch[1:] if _is_open(each))
        return mine.found or []

    name = make.__name__.title().replace("_", "")
    board.looks[mine] = None
    try:
        return await persist_in(transport, ask, patience, otherwise, name)
    finally:
        mine.is_over = True
        board.looks.pop(mine, None)


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
