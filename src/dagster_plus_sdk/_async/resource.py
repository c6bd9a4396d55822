"""What every resource has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .._core.errors import (
    DagsterPlusError,
    NotFoundError,
    ServerError,
    UnexpectedResultError,
)
from .._core.lookup import not_found
from .._core.paging import Batch, Plan
from .pager import PAGE_SIZE, AsyncPager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from .._core.operation import Operation
    from .transport import AsyncTransport, HasOk

S = TypeVar("S")
T = TypeVar("T")


class AsyncResource:
    """A group of methods that send operations."""

    __slots__ = ("_transport",)

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def _whole(
        self,
        operation: Operation[HasOk[S]],
        items: Callable[[S], Sequence[T]],
        *,
        where: Callable[[T], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[T]:
        """Return a list that the API gives in one request.

        Args:
            operation: What gets it.
            items: Picks the items from the answer, in a stable order.
            where: All filters; they are applied here.
            limit: How many in all; None for every one.
            cursor: Go on behind this place.
        """

        async def gather() -> Sequence[T]:
            return items(await self._transport.fetch(operation))

        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    def _gathered(
        self,
        gather: Callable[[], Awaitable[Sequence[T]]],
        *,
        where: Callable[[T], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[T]:
        """Return a list that comes whole, but needs more than one operation, or one that is not known yet.

        Args:
            gather: Gets all items, in a stable order.
            where: All filters; they are applied here.
            limit: How many in all; None for every one.
            cursor: Go on behind this place.
        """

        async def fetch(_after: str | None, _size: int) -> Batch[T]:
            return Batch(await gather())

        return AsyncPager(fetch, Plan(limit=limit, cursor=cursor, where=where))

    def _paged(
        self,
        ask: Callable[[str | None, int], Operation[HasOk[S]]],
        batch: Callable[[S, int], Batch[T]],
        plan: Plan[T],
        *,
        default_page_size: int = PAGE_SIZE,
    ) -> AsyncPager[T]:
        """Return a list that the API gives page by page.

        Args:
            ask: Returns the operation for a page, from its cursor and how many items are wanted of it.
            batch: Turns the answer, and that number, into a batch.
            plan: What the caller asked for.
            default_page_size: Items of a page where the caller does not say.
        """

        async def fetch(after: str | None, size: int) -> Batch[T]:
            return batch(await self._transport.fetch(ask(after, size)), size)

        return AsyncPager(fetch, plan, default_page_size=default_page_size)

    async def _found(
        self,
        operation: Operation[HasOk[T | None]],
        what: str,
        name: object,
        *,
        typename: str | None = None,
    ) -> T:
        """Return what an operation gives, where the API's answer for something unknown is null.

        Args:
            operation: What gets it.
            what: Its kind, such as ``team``, for the error; its code is ``TEAM_NOT_FOUND``.
            name: What was asked for.
            typename: The API's own error for it elsewhere; the code follows from it.

        Raises:
            NotFoundError: There is no such thing.
        """
        missing: NotFoundError = not_found(what, name, typename=typename, operation=operation.name)
        try:
            found = await self._transport.fetch(operation)
        except UnexpectedResultError as error:
            if error.result is not None:
                raise
            missing.request_id = error.request_id
            raise missing from None
        if found is None:
            raise missing
        return found

    async def _explained(
        self, operation: Operation[HasOk[S]], look: Callable[[], Awaitable[object]]
    ) -> S:
        """Return what an operation gives, where the API fails for something unknown without saying that it is that.

        Args:
            operation: What is sent.
            look: Asks for the thing after a failure, and raises `NotFoundError` where it does not exist.

        Raises:
            NotFoundError: There is no such thing.
            ServerError: There is, and the server failed all the same.
        """
        try:
            return await self._transport.fetch(operation)
        except ServerError as error:
            await self._explain(error, look)
            raise

    @staticmethod
    async def _explain(error: ServerError, look: Callable[[], Awaitable[object]]) -> None:
        """Look for a thing after the server has failed on it.

        Raises:
            NotFoundError: There is no such thing.
        """
        if error.typename is None:
            return
        try:
            await look()
        except NotFoundError as missing:
            missing.request_id = error.request_id
            raise missing from None
        except DagsterPlusError:  # what was asked for first counts
            pass

    def __repr__(self) -> str:
        """Show where it sends to."""
        return f"{type(self).__name__}({self._transport.settings.url!r})"
