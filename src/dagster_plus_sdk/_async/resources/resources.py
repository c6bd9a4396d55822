"""Resources that definitions use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.filters import glob
from ..._core.inputs import all_of
from ..._core.places import Place, repository_selector
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..locating import locate
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._generated.input_types import ResourceSelector
    from ..._generated.models import ResourceDetails, ResourceSummary
    from ..pager import AsyncPager


class AsyncResourcesResource(AsyncResource):
    """Resources of the deployment's code locations, such as databases and services that assets and ops use."""

    __slots__ = ()

    def list(
        self,
        *,
        location: str | None = None,
        repository: str | None = None,
        pattern: str | None = None,
        resource_type: str | None = None,
        where: Callable[[ResourceSummary], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ResourceSummary]:
        """List top-level resources, by location and name. GraphQL: ``repositoriesOrError { allTopLevelResourceDetails }``.

        The API has no pages here: one request gets all. A resource's ``id`` begins with its location and repository.

        Args:
            location: Only resources of this code location.
            repository: Only resources of repositories of this name.
            pattern: Only those whose name matches, with ``*``, ``?`` and ``[...]``, in any case.
            resource_type: Only those whose Python type matches, likewise: ``*.OrderBook``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.resources.list(location="demo")
        """
        selector = repository_selector(location, repository)
        return self._whole(
            ops.list_resources(repository_selector=selector or UNSET),
            lambda found: [
                resource
                for _, resource in sorted(
                    (
                        (Place.of(node, resource.name), resource)
                        for node in found.nodes
                        for resource in node.resources
                        if Place.of(node, resource.name).is_in(location, repository)
                    ),
                    key=lambda placed: placed[0],
                )
            ],
            where=all_of(
                glob(pattern, lambda resource: resource.name),
                glob(resource_type, lambda resource: resource.type),
                where,
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> ResourceDetails:
        """Return one resource: its configuration, and what uses it. GraphQL: ``topLevelResourceDetailsOrError``.

        Args:
            name: Its name.
            location: Its code location; found by the name where that is unique.
            repository: Its repository; found likewise.

        Raises:
            NotFoundError: There is no such resource.
            InvalidInputError: Several locations have such a resource; the message lists them.

        Example:
            await client.resources.get("order_book")
        """
        place = await locate(self._transport, "resource", name, location, repository)
        selector: ResourceSelector = {**place.selector(), "resourceName": name}
        return await self._transport.fetch(ops.get_resource(resource_selector=selector))
