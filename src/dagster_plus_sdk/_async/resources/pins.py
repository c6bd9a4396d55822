"""What users of Dagster+ have pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import glob
from ..._core.inputs import all_of, one_of, text
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..locating import locate
from ..resource import AsyncResource
from .catalog_views import AsyncCatalogViews

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._generated.models import PinnedItem
    from ..pager import AsyncPager


class AsyncPins(AsyncResource):
    """Jobs, asset groups and catalog views that a user has pinned (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        user: str | None = None,
        with_base: bool = False,
        where: Callable[[PinnedItem], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[PinnedItem]:
        """List pins, in the server's order. The API has no pages here: one request gets all. GraphQL: ``pinnedItems``.

        Args:
            name: A pattern of the name, such as ``sales*``; filtered here.
            user: Whose pins: an e-mail address; the token's own by default.
            with_base: In a branch deployment, those of its base deployment too.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Returns:
            ``PinnedJob``, ``PinnedAssetGroup`` and ``PinnedCatalogView``.

        Example:
            client.pins.list()
        """
        return self._whole(
            ops.list_pinned_items(
                owner_email=UNSET if user is None else text(user, "user"),
                include_branch_base=with_base or UNSET,
            ),
            lambda found: found,
            where=all_of(glob(name, lambda item: item.name), where),
            limit=limit,
            cursor=cursor,
        )

    async def add(
        self,
        *,
        job: str | None = None,
        asset_group: str | None = None,
        catalog_view: str | None = None,
        location: str | None = None,
        repository: str | None = None,
        user: str | None = None,
    ) -> PinnedItem:
        """Pin something. GraphQL: ``addPinnedJob``, ``addPinnedAssetGroup``, ``addPinnedCatalogView``.

        Args:
            job: A job; one of these three is given.
            asset_group: An asset group.
            catalog_view: A catalog view: its name or id.
            location: The job's code location; found by the name where that is unique.
            repository: The job's repository; found likewise.
            user: Whose pin: an e-mail address; the token's own by default.

        Raises:
            InvalidInputError: Not exactly one thing is given, or its name is ambiguous; nothing is pinned.
            NotFoundError: There is no such job or view.
            PermissionDeniedError: The token may not pin for that user.

        Example:
            await client.pins.add(job="daily_report")
            await client.pins.add(asset_group="analytics")
        """
        kind, name = one_of(job=job, asset_group=asset_group, catalog_view=catalog_view)
        text(name, f"the name of the {kind.replace('_', ' ')}")
        if kind != "job" and (location, repository) != (None, None):
            raise InvalidInputError("give location and repository with job, whose they are")
        email = UNSET if user is None else text(user, "user")
        if kind == "asset_group":
            group = ops.add_pinned_asset_group(asset_group_name=name, user_email=email)
            return (await self._transport.fetch(group)).item
        if kind == "catalog_view":
            found = await AsyncCatalogViews(self._transport).get(name)
            view = ops.add_pinned_catalog_view(catalog_view_id=found.id, user_email=email)
            return (await self._transport.fetch(view)).item
        place = await locate(self._transport, "job", name, location, repository)
        pinned = ops.add_pinned_job(
            job_name=name,
            location=place.location,
            repository=place.repository,
            user_email=email,
        )
        return (await self._transport.fetch(pinned)).item

    async def remove(self, item_id: str, *, user: str | None = None) -> None:
        """Unpin something. GraphQL: ``removePinnedItem``.

        Args:
            item_id: The pin's ``id``, as ``list`` gives it.
            user: Whose pin: an e-mail address; the token's own by default.

        Raises:
            InvalidInputError: The id is empty; nothing is sent.
            PermissionDeniedError: The token may not unpin for that user.

        Example:
            await client.pins.remove(pin_id)
        """
        operation = ops.remove_pinned_item(
            item_id=text(item_id, "item_id"),
            user_email=UNSET if user is None else text(user, "user"),
        )
        await self._transport.fetch(operation)
