"""Environment variables that resources use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import glob
from ..._core.inputs import all_of
from ..._core.paging import Batch, Plan
from ..._core.places import Place
from ..._generated import operations as ops
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable

    from ..._generated.models import EnvVar, EnvVarConsumer


class AsyncEnvVars(AsyncResource):
    """Environment variables that the resources of code locations read; their values are not in the API."""

    __slots__ = ()

    def list(
        self,
        *,
        location: str | None = None,
        repository: str | None = None,
        pattern: str | None = None,
        consumer: str | None = None,
        where: Callable[[EnvVar], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[EnvVar]:
        """List variables with what reads them, by location and name. The API has no pages here. GraphQL: ``utilizedEnvVarsOrError``, ``repositoriesOrError``.

        The API lists one repository at a time: one request per repository, and one that finds them. A variable that is
        read in several repositories is listed for each.

        Args:
            location: Only variables that this code location reads.
            repository: Only variables that repositories of this name read.
            pattern: Only those whose name matches, with ``*``, ``?`` and ``[...]``, in any case.
            consumer: Only those that a resource of this name reads, likewise.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.env_vars.list(location="demo", consumer="order_book")
        """
        known: builtins.list[Place] = []

        async def fetch(after: str | None, _size: int) -> Batch[EnvVar]:
            if after is None or not known:
                known[:] = await self._repositories(location, repository)
            rest = [place for place in known if after is None or place[:2] > _behind(after)]
            if not rest:
                return Batch((), cursor=after)
            place = rest[0]
            found = await self._transport.fetch(
                ops.list_env_vars(repository_selector=place.selector())
            )
            return Batch(
                sorted(found.results, key=lambda variable: variable.name),
                cursor=json.dumps(place[:2]),
                has_more=len(rest) > 1,
            )

        def name_of(each: EnvVarConsumer) -> str:
            return each.name

        reads = glob(consumer, name_of)

        def fits(variable: EnvVar) -> bool:
            return reads is None or any(map(reads, variable.consumers))

        where = all_of(fits, glob(pattern, lambda variable: variable.name), where)
        return AsyncPager(fetch, Plan(limit=limit, cursor=cursor, where=where))

    async def _repositories(
        self, location: str | None, repository: str | None
    ) -> builtins.list[Place]:
        """Return the repositories in order, as places without a name."""
        found = await self._transport.fetch(ops.find_repositories())
        places = [Place.of(node, "") for node in found.nodes]
        return sorted(place for place in places if place.is_in(location, repository))


def _behind(cursor: str) -> tuple[str, str]:
    """Return location and repository of the place that a cursor names."""
    try:
        location, repository = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInputError(f"the cursor must be one of this list, not {cursor!r}") from None
    return str(location), str(repository)
