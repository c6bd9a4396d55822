"""Lists that are fetched while they are walked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from .._core.errors import PaginationError
from .._core.paging import Batch, Page, Plan, Position

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Awaitable, Callable

    from .._core.paging import Selection

T = TypeVar("T")

#: Items that are asked for at once when the caller does not say.
PAGE_SIZE = 100


def once(ask: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
    """Return a function that asks when it is called first, and then knows: what all pages of a list need."""
    answers: list[T] = []

    async def answer() -> T:
        if not answers:
            answers.append(await ask())
        return answers[0]

    return answer


class AsyncPager(Generic[T]):
    """A lazy list: nothing is requested before it is walked, and no more than is walked.

    Walk it with ``async for item in pager``, or page by page with ``pager.pages()``. Each walk begins anew at the start.
    """

    def __init__(
        self,
        fetch: Callable[[str | None, int], Awaitable[Batch[T]]],
        plan: Plan[T],
        *,
        default_page_size: int = PAGE_SIZE,
    ) -> None:
        self._fetch = fetch
        self._plan = plan
        self._default_page_size = default_page_size
        self._position = Position.parse(plan.cursor)

    @property
    def cursor(self) -> str | None:
        """Where to resume: exactly behind the last item that the latest walk handed out.

        Give it to ``cursor=`` of the same list. None means the beginning.
        """
        return self._position.token()

    async def __aiter__(self) -> AsyncIterator[T]:
        """Walk the items."""
        async for selection in self._walk():
            for item, behind in selection.hits:
                self._position = behind
                yield item
            if not selection.limited:
                self._position = selection.end

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Walk the pages; with a client-side filter some may be empty."""
        async for selection in self._walk():
            hits = selection.hits
            self._position = hits[-1][1] if selection.limited else selection.end
            yield Page(
                [item for item, _ in hits],
                cursor=self.cursor,
                has_more=selection.has_more,
                total=selection.total,
            )

    async def first(self) -> T | None:
        """Return the first item, or None if there is none."""
        async for item in AsyncPager(self._fetch, self._plan.first_only()):
            return item
        return None

    async def to_list(self) -> builtins.list[T]:
        """Return all items; set ``limit`` where there may be many."""
        return [item async for item in self]

    async def _walk(self) -> AsyncIterator[Selection[T]]:
        self._position = place = Position.parse(self._plan.cursor)
        left = self._plan.limit
        while left is None or left > 0:
            size = self._plan.request_size(left, self._default_page_size, place.used)
            batch = await self._fetch(place.cursor, size)
            selection = self._plan.select(batch, place, left)
            if left is not None:
                left -= len(selection.hits)
            yield selection
            if not batch.has_more:
                return
            if selection.end.cursor == place.cursor:
                raise PaginationError(
                    f"the server says that there is more, but its cursor stays {place.cursor!r}"
                )
            place = selection.end

    def __repr__(self) -> str:
        """Show where it stands."""
        return f"{type(self).__name__}(cursor={self.cursor!r})"
