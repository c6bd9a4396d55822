"""Tokens of service users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import text
from ..._core.people import oldest_first, only_token, token_filter
from ..._generated import operations as ops
from ..people import service_user_id
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable

    from ..._generated.models import RevealedServiceToken, ServiceToken
    from ..pager import AsyncPager


class AsyncServiceTokens(AsyncResource):
    """Tokens of service users (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        service_user: str,
        *,
        revoked: bool | None = None,
        description: str | None = None,
        where: Callable[[ServiceToken], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ServiceToken]:
        """List a service user's tokens, oldest first. The API has no pages here. GraphQL: ``serviceTokensOrError``.

        Args:
            service_user: The id, or the name, which is looked up.
            revoked: Only revoked tokens (True), or only the others (False); filtered here.
            description: A pattern of the description, such as ``ci*``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such service user.
            PermissionDeniedError: The token in use may not see service users' tokens.

        Example:
            client.service_tokens.list("ci", revoked=False)
        """
        wanted = text(service_user, "the service user's name")

        async def gather() -> builtins.list[ServiceToken]:
            owner = await service_user_id(self._transport, wanted)
            operation = ops.list_service_tokens(service_user_id=owner)
            return oldest_first((await self._transport.fetch(operation)).tokens)

        where = token_filter(revoked, description, where)
        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    async def get(self, service_user: str, token_id: str) -> ServiceToken:
        """Return one token of a service user; the API gives only the list of all. GraphQL: ``serviceTokensOrError``.

        Args:
            service_user: The id, or the name, which is looked up.
            token_id: The token's id.

        Raises:
            NotFoundError: There is no such token, or no such service user.
            PermissionDeniedError: The token in use may not see service users' tokens.

        Example:
            await client.service_tokens.get("ci", service_token_id)
        """
        wanted = text(token_id, "token_id")
        owner = await self._owner(service_user)
        found = await self._transport.fetch(ops.list_service_tokens(service_user_id=owner))
        return only_token(found.tokens, "service token", wanted)

    async def create(
        self, service_user: str, *, description: str | None = None
    ) -> RevealedServiceToken:
        """Make a token for a service user; its value is shown this once. GraphQL: ``createServiceToken``.

        Args:
            service_user: The id, or the name, which is looked up.
            description: What it is for.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            NotFoundError: There is no such service user.
            PermissionDeniedError: The token in use may not make tokens for service users.

        Example:
            await client.service_tokens.create("ci", description="GitHub Actions")
        """
        owner = await self._owner(service_user)
        operation = ops.create_service_token(service_user_id=owner, description=description)
        return await self._transport.fetch(operation)

    async def update(self, service_user: str, token_id: str, description: str) -> ServiceToken:
        """Change the description of a service user's token. GraphQL: ``updateServiceToken``.

        Args:
            service_user: The id, or the name, which is looked up.
            token_id: The token's id.
            description: The new description.

        Raises:
            NotFoundError: There is no such token, or no such service user.
            PermissionDeniedError: The token in use may not change service users' tokens.

        Example:
            await client.service_tokens.update("ci", service_token_id, "GitLab CI")
        """
        wanted = text(token_id, "token_id")
        owner = await self._owner(service_user)
        operation = ops.update_service_token(
            service_user_id=owner, token_id=wanted, description=description
        )
        return await self._transport.fetch(operation)

    async def revoke(self, token_id: str) -> ServiceToken:
        """Revoke a service user's token for good. GraphQL: ``revokeServiceToken``.

        Args:
            token_id: Its id.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not revoke service users' tokens.

        Example:
            await client.service_tokens.revoke(service_token_id)
        """
        operation = ops.revoke_service_token(token_id=text(token_id, "token_id"))
        return await self._transport.fetch(operation)

    async def _owner(self, service_user: str) -> str:
        """Return the id of the service user whose tokens are meant."""
        wanted = text(service_user, "the service user's name")
        return await service_user_id(self._transport, wanted)
