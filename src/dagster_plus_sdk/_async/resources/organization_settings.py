"""The settings of the Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.inputs import all_of
from ..._generated import operations as ops
from ..resource import AsyncResource
from ..settings import (
    checked_settings,
    key_prefix,
    settings_changes,
    settings_document,
    settings_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._core.documents import Changes, Document
    from ..._core.setting import Setting
    from ..._generated.models import OrganizationSettingsSchema
    from ..pager import AsyncPager


class AsyncOrganizationSettings(AsyncResource):
    """Settings of the organization (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        prefix: str | None = None,
        where: Callable[[Setting], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Setting]:
        """List the settings as rows of key and value, by key. The API has no pages here: one request gets all. GraphQL: ``organizationSettings``.

        Args:
            prefix: Only those whose key begins so, such as ``sso``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.organization_settings.list(prefix="sso")
        """
        return self._whole(
            ops.get_organization_settings(),
            settings_rows,
            where=all_of(key_prefix(prefix), where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self) -> dict[str, Any]:
        """Return the settings as a document. GraphQL: ``organizationSettings``.

        Returns:
            All settings, those that have their default value included.

        Example:
            await client.organization_settings.get()
        """
        return settings_document(await self._transport.fetch(ops.get_organization_settings()))

    async def update(self, document: Document, *, validate: bool = True) -> dict[str, Any]:
        """Put settings into those that there are. GraphQL: ``updateOrganizationSettings``, ``organizationSettingsSchema``.

        Args:
            document: What is to change: a mapping, YAML or JSON text, or the path of such a file.
            validate: Check it against the server's schema before it is sent.

        Returns:
            All settings as they are afterwards.

        Raises:
            InvalidInputError: It does not fit, with each reason and its path in ``errors``; nothing is changed.
            PermissionDeniedError: Organization admins may change settings.

        Example:
            await client.organization_settings.update(Path("organization.yaml"))
        """
        read = await self._checked(document, validate=validate)
        operation = ops.update_organization_settings(organization_settings={"settings": read})
        return settings_document(await self._transport.fetch(operation))

    async def set(self, document: Document, *, validate: bool = True) -> dict[str, Any]:
        """Replace all settings; those that are not named return to their defaults. GraphQL: ``setOrganizationSettings``, ``organizationSettingsSchema``.

        Args:
            document: The settings: a mapping, YAML or JSON text, or the path of such a file; an empty one resets all.
            validate: See ``update``.

        Returns:
            All settings as they are afterwards.

        Raises:
            InvalidInputError: It does not fit, with each reason and its path in ``errors``; nothing is changed.
            PermissionDeniedError: Organization admins may change settings.

        Example:
            await client.organization_settings.set(Path("organization.yaml"))
        """
        read = await self._checked(document, validate=validate)
        operation = ops.set_organization_settings(organization_settings={"settings": read})
        return settings_document(await self._transport.fetch(operation))

    async def schema(self) -> OrganizationSettingsSchema | None:
        """Return what settings there are, and of which types. GraphQL: ``organizationSettingsSchema``.

        Returns:
            The schema; None where the server gives none.

        Example:
            await client.organization_settings.schema()
        """
        return await self._transport.fetch(ops.get_organization_settings_schema())

    async def plan(
        self, document: Document, *, replace: bool = False, validate: bool = True
    ) -> Changes:
        """Tell what a document would change, and change nothing. GraphQL: ``organizationSettings``, ``organizationSettingsSchema``.

        Args:
            document: See ``update``.
            replace: Compare for ``set`` instead of ``update``; settings that return to their defaults show as deleted.
            validate: See ``update``.

        Raises:
            InvalidInputError: The document does not fit.

        Example:
            await client.organization_settings.plan(Path("organization.yaml"), replace=True)
        """
        read = await self._checked(document, validate=validate)
        return settings_changes(await self.get(), read, replace=replace)

    async def _checked(self, document: Document, *, validate: bool) -> dict[str, Any]:
        schema = ops.get_organization_settings_schema()
        return await checked_settings(self._transport, document, schema, validate=validate)
