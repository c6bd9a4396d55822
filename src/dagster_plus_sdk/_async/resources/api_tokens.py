"""Tokens of services outside, such as a SCIM directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import member, text
from ..._core.people import oldest_first, only_token, token_filter
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._generated.enums import DagsterCloudApiTokenType
    from ..._generated.models import ApiToken, RevealedApiToken
    from ..pager import AsyncPager


class AsyncApiTokens(AsyncResource):
    """Tokens of services outside, such as a SCIM directory (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        kind: DagsterCloudApiTokenType | str = "SCIM",
        revoked: bool | None = None,
        description: str | None = None,
        where: Callable[[ApiToken], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ApiToken]:
        """List API tokens, oldest first, without their values. The API has no pages here: one request gets all. GraphQL: ``apiTokensOrError``.

        Args:
            kind: Only those of this kind; the API knows ``SCIM`` only.
            revoked: Only revoked tokens (True), or only the others (False); filtered here.
            description: A pattern of the description, such as ``okta*``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A type that cannot be; nothing is sent.
            PermissionDeniedError: The token in use may not see API tokens.

        Example:
            client.api_tokens.list(revoked=False)
        """
        return self._whole(
            ops.list_api_tokens(type=_kind(kind)),
            lambda found: oldest_first(found.tokens),
            where=token_filter(revoked, description, where),
            limit=limit,
            cursor=cursor,
        )

    async def get(
        self, token_id: str, *, kind: DagsterCloudApiTokenType | str = "SCIM"
    ) -> ApiToken:
        """Return one API token, without its value; the API gives only the list of all. GraphQL: ``apiTokensOrError``.

        Args:
            token_id: Its id.
            kind: Its kind; the API knows ``SCIM`` only.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not see API tokens.

        Example:
            await client.api_tokens.get(api_token_id)
        """
        wanted = text(token_id, "token_id")
        found = await self._transport.fetch(ops.list_api_tokens(type=_kind(kind)))
        return only_token(found.tokens, "API token", wanted)

    async def reveal(
        self, token_id: str, *, kind: DagsterCloudApiTokenType | str = "SCIM"
    ) -> RevealedApiToken:
        """Return one API token with its value. GraphQL: ``apiTokensOrError``.

        Args:
            token_id: Its id.
            kind: Its kind; the API knows ``SCIM`` only.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not see API tokens.

        Example:
            await client.api_tokens.reveal(api_token_id)
        """
        wanted = text(token_id, "token_id")
        found = await self._transport.fetch(ops.reveal_api_tokens(type=_kind(kind)))
        return only_token(found.tokens, "API token", wanted)

    async def create(
        self,
        *,
        description: str | None = None,
        kind: DagsterCloudApiTokenType | str = "SCIM",
    ) -> RevealedApiToken:
        """Make an API token. GraphQL: ``createApiToken``.

        Args:
            description: What it is for.
            kind: Its kind; the API knows ``SCIM`` only.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            PermissionDeniedError: The token in use may not make API tokens.

        Example:
            await client.api_tokens.create(description="Users from Okta")
        """
        operation = ops.create_api_token(type=_kind(kind), description=description)
        return await self._transport.fetch(operation)

    async def update(
        self,
        token_id: str,
        description: str,
        *,
        kind: DagsterCloudApiTokenType | str = "SCIM",
    ) -> ApiToken:
        """Change an API token's description. GraphQL: ``editApiTokenDescription``.

        Args:
            token_id: Its id.
            description: The new description.
            kind: Its kind; the API knows ``SCIM`` only.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not change API tokens.

        Example:
            await client.api_tokens.update(api_token_id, "Users from Entra ID")
        """
        operation = ops.update_api_token(
            token_id=text(token_id, "token_id"), type=_kind(kind), description=description
        )
        return await self._transport.fetch(operation)

    async def revoke(
        self, token_id: str, *, kind: DagsterCloudApiTokenType | str = "SCIM"
    ) -> ApiToken:
        """Revoke an API token for good. GraphQL: ``revokeApiToken``.

        Args:
            token_id: Its id.
            kind: Its kind; the API knows ``SCIM`` only.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not revoke API tokens.

        Example:
            await client.api_tokens.revoke(api_token_id)
        """
        operation = ops.revoke_api_token(token_id=text(token_id, "token_id"), type=_kind(kind))
        return await self._transport.fetch(operation)


def _kind(value: DagsterCloudApiTokenType | str) -> DagsterCloudApiTokenType:
    from ..._generated.enums.dagster_cloud_api_token_type import DagsterCloudApiTokenType

    return member(DagsterCloudApiTokenType, value, "kind")
