"""Catalog views of a Dagster+ deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.catalog_selection import selection_parts, whole_selection
from ..._core.errors import InvalidInputError
from ..._core.filters import glob
from ..._core.inputs import all_of, text
from ..._core.lookup import only
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..._generated.models import CatalogView
    from ..pager import AsyncPager


class AsyncCatalogViews(AsyncResource):
    """Catalog views: selections of assets that are kept by name (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        private: bool | None = None,
        user: str | None = None,
        with_base: bool = False,
        where: Callable[[CatalogView], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CatalogView]:
        """List catalog views, by name. The API has no pages here: one request gets all. GraphQL: ``catalogViews``.

        Args:
            name: A pattern of the name, such as ``sales*``; filtered here.
            private: Only private views (True), or only shared ones (False); filtered here.
            user: Whose private views are among them: an e-mail address; the token's own by default.
            with_base: In a branch deployment, those of its base deployment too.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A number that cannot be; nothing is sent.

        Example:
            client.catalog_views.list(name="sales*")
        """

        def fits(view: CatalogView) -> bool:
            return view.is_private is private

        return self._whole(
            ops.list_catalog_views(
                owner_email=UNSET if user is None else text(user, "user"),
                include_branch_base=with_base or UNSET,
            ),
            lambda found: sorted(found, key=lambda view: (view.name, view.id)),
            where=all_of(
                glob(name, lambda view: view.name), fits if private is not None else None, where
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, view: str) -> CatalogView:
        """Return one catalog view; the API gives only the list of all. GraphQL: ``catalogViews``.

        Args:
            view: Its name or id.

        Raises:
            NotFoundError: There is no such view; the message names similar ones.
            InvalidInputError: Several have that name; the message lists their ids.

        Example:
            await client.catalog_views.get("Sales tables")
        """
        text(view, "the view's name")
        return only(
            await self._transport.fetch(ops.list_catalog_views()),
            "catalog view",
            view,
            name_of=lambda found: found.name,
            ids_of=lambda found: [found.id],
        )

    async def create(
        self,
        name: str,
        *,
        query: str | None = None,
        groups: str | Iterable[str] | None = None,
        kinds: str | Iterable[str] | None = None,
        owners: str | Iterable[str] | None = None,
        tags: Mapping[str, str] | None = None,
        column_tags: Mapping[str, str] | None = None,
        columns: str | Iterable[str] | None = None,
        table_names: str | Iterable[str] | None = None,
        code_locations: str | Iterable[str] | None = None,
        description: str = "",
        icon: str = "globe",
        private: bool = False,
        user: str | None = None,
    ) -> CatalogView:
        """Create a catalog view, from a query or from parts. GraphQL: ``createOrUpdateCatalogView``.

        Views may share a name: a second call with it makes a second view.

        Args:
            name: Its name.
            query: A selection of assets in Dagster's syntax, such as ``kind:dbt and tag:domain=sales``; alone.
            groups: Asset groups: ``group``, ``group@location`` or ``group@repository@location``.
            kinds: Kinds, such as ``dbt``.
            owners: Owners: e-mail addresses, or ``team:name``.
            tags: Tags of assets.
            column_tags: Tags of columns.
            columns: Names of columns.
            table_names: Names of tables.
            code_locations: Code locations: ``location`` or ``repository@location``.
            description: What it is for.
            icon: The name of its icon; the server fails on ones that it does not know.
            private: Only its owner sees it.
            user: Whose it is: an e-mail address; the token's own by default.

        Raises:
            InvalidInputError: Nothing is selected, or an argument cannot be; nothing is sent.
            InvalidRequestError: The server cannot read the selection.
            PermissionDeniedError: The token may not create it.

        Example:
            await client.catalog_views.create("Customers", query="kind:python and tag:domain=crm")
            await client.catalog_views.create(
                "Finance", groups=["analytics"], owners=["team:finance"]
            )
        """
        parts = selection_parts(
            query=query,
            groups=groups,
            kinds=kinds,
            owners=owners,
            tags=tags,
            column_tags=column_tags,
            columns=columns,
            table_names=table_names,
            code_locations=code_locations,
        )
        operation = ops.create_catalog_view(
            name=text(name, "the view's name"),
            description=description,
            icon=text(icon, "the icon"),
            is_private=private,
            selection=whole_selection(parts),
            owner_email=UNSET if user is None else text(user, "user"),
        )
        return await self._transport.fetch(operation)

    async def update(
        self,
        view: str,
        *,
        name: str | None = None,
        query: str | None = None,
        groups: str | Iterable[str] | None = None,
        kinds: str | Iterable[str] | None = None,
        owners: str | Iterable[str] | None = None,
        tags: Mapping[str, str] | None = None,
        column_tags: Mapping[str, str] | None = None,
        columns: str | Iterable[str] | None = None,
        table_names: str | Iterable[str] | None = None,
        code_locations: str | Iterable[str] | None = None,
        description: str | None = None,
        icon: str | None = None,
        private: bool | None = None,
        user: str | None = None,
    ) -> CatalogView:
        """Change a catalog view; what is not given stays. GraphQL: ``createOrUpdateCatalogView``, ``catalogViews``.

        The API takes a view whole, so it is read first; a change that someone else makes in between is lost.

        Args:
            view: Its name or id.
            name: A new name.
            query: Select by this query, and no longer by parts.
            groups: See ``create``.
            kinds: See ``create``.
            owners: See ``create``.
            tags: See ``create``.
            column_tags: See ``create``.
            columns: See ``create``.
            table_names: See ``create``.
            code_locations: See ``create``.
            description: A new description.
            icon: See ``create``.
            private: Whether only its owner sees it.
            user: See ``create``.

        Raises:
            InvalidInputError: Nothing is to be changed, nothing would be selected, or an argument cannot be.
            NotFoundError: There is no such view.
            InvalidRequestError: The server cannot read the selection.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.catalog_views.update(
                "Sales tables", description="What the sales team looks at"
            )
        """
        parts = selection_parts(
            query=query,
            groups=groups,
            kinds=kinds,
            owners=owners,
            tags=tags,
            column_tags=column_tags,
            columns=columns,
            table_names=table_names,
            code_locations=code_locations,
        )
        if not parts and all(new is None for new in (name, description, icon, private, user)):
            raise InvalidInputError(
                "nothing is to be changed; give query or a part, such as groups, name, description, icon, private or user"
            )
        before = await self.get(view)
        operation = ops.update_catalog_view(
            id=before.id,
            name=text(before.name if name is None else name, "the view's name"),
            description=before.description if description is None else description,
            icon=text(before.icon if icon is None else icon, "the icon"),
            is_private=before.is_private if private is None else private,
            selection=whole_selection(parts, before.selection),
            owner_email=UNSET if user is None else text(user, "user"),
        )
        return await self._transport.fetch(operation)

    async def delete(self, view: str) -> None:
        """Delete a catalog view. GraphQL: ``deleteCatalogView``, ``catalogViews``.

        Args:
            view: Its name or id.

        Raises:
            NotFoundError: There is no such view.
            InvalidInputError: Several have that name; the message lists their ids.
            ConflictError: An alert policy uses it.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.catalog_views.delete("Customers")
        """
        found = await self.get(view)
        await self._transport.fetch(ops.delete_catalog_view(id=found.id))
