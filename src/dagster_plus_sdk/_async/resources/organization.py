"""The Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, InvalidResponseError
from ..._core.rest import RestCall, form_frame
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from ..._generated.models import Identity, Organization, UserCount
    from ..pager import AsyncPager


class AsyncOrganizationResource(AsyncResource):
    """The organization (Dagster+)."""

    __slots__ = ()

    async def get(self) -> Organization:
        """Return the organization that the token belongs to. GraphQL: ``organization``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.organization.get()
        """
        return await self._transport.fetch(ops.get_organization())

    async def identity(self) -> Identity:
        """Return who the token stands for: its user, permissions and feature gates. GraphQL: ``identity``.

        Returns:
            The identity; an agent's token has no ``viewer``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.organization.identity()
        """
        return await self._transport.fetch(ops.get_identity())

    async def plan(self) -> str:
        """Return the organization's plan. GraphQL: ``planType``.

        Returns:
            A member of ``DagsterCloudPlanType``, such as ``STANDARD``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.organization.plan()
        """
        return await self._transport.fetch(ops.get_plan_type())

    def user_counts(
        self,
        *,
        where: Callable[[UserCount], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[UserCount]:
        """List how many users there are, by their highest role. The API has no pages here: one request gets all. GraphQL: ``userCountsByHighestLevel``.

        Args:
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            client.organization.user_counts()
        """
        return self._whole(
            ops.list_user_counts(), lambda found: found, where=where, limit=limit, cursor=cursor
        )

    async def scim_sync_enabled(self) -> bool:
        """Tell whether users come from an identity provider by SCIM. GraphQL: ``scimSyncEnabled``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.organization.scim_sync_enabled()
        """
        return await self._transport.fetch(ops.get_scim_sync_enabled())

    async def set_scim_sync(self, *, enabled: bool) -> bool:
        """Let users come from an identity provider by SCIM, or no longer. GraphQL: ``setScimSyncEnabled``.

        Args:
            enabled: Whether they come from there.

        Returns:
            Whether they do now.

        Raises:
            PermissionDeniedError: Only organization admins may.

        Example:
            await client.organization.set_scim_sync(enabled=True)
            await client.organization.set_scim_sync(enabled=False)
        """
        return (await self._transport.fetch(ops.set_scim_sync(enabled=enabled))).enabled

    async def upload_saml_metadata(self, metadata: bytes | os.PathLike[str]) -> None:
        """Give the identity provider's SAML metadata, which switches single sign-on on. REST: ``/upload_idp_metadata``.

        Args:
            metadata: A file with the XML document, or its bytes.

        Raises:
            InvalidInputError: The file cannot be read, or it is no XML; nothing is sent.
            PermissionDeniedError: Only organization admins may.
            InvalidResponseError: The server did not say that it worked.

        Example:
            await client.organization.upload_saml_metadata(Path("metadata.xml"))
        """
        content = _read(metadata)
        before, after, content_type = form_frame({}, "metadata.xml", "metadata.xml")
        call = RestCall("upload_idp_metadata", before + content + after, content_type=content_type)
        answer = await self._transport.execute(call)
        if answer.strip() != "SUCCESS":
            raise InvalidResponseError(
                f"The server did not confirm the upload; is this the organization's URL? It said: {answer[:200]}",
                operation=call.name,
            )

    async def remove_saml_metadata(self) -> None:
        """Remove the identity provider's SAML metadata, which switches single sign-on off. REST: ``/remove_idp_metadata``.

        Raises:
            PermissionDeniedError: Only organization admins may.

        Example:
            await client.organization.remove_saml_metadata()
        """
        await self._transport.execute(RestCall("remove_idp_metadata"))


def _read(metadata: bytes | os.PathLike[str]) -> bytes:
    """Return the metadata, checked roughly."""
    if not isinstance(metadata, bytes):
        if not hasattr(metadata, "__fspath__"):
            raise InvalidInputError("give the metadata as bytes, or their file as a Path")
        try:
            with open(metadata, "rb") as file:  # noqa: PTH123 - PathLike, not only Path
                metadata = file.read()
        except OSError as error:
            raise InvalidInputError(f"the metadata cannot be read: {error}") from error
    if not metadata.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise InvalidInputError("the metadata are no XML document")
    return metadata
