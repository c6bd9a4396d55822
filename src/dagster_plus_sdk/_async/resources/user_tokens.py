"""Tokens of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.people import oldest_first, only_token, token_filter, user_key
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..people import user_id, viewer_id
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable

    from ..._generated.models import RevealedUserToken, UserToken
    from ..pager import AsyncPager


class AsyncUserTokens(AsyncResource):
    """Tokens of users: one's own, or another's (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        user: int | str | None = None,
        revoked: bool | None = None,
        description: str | None = None,
        where: Callable[[UserToken], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[UserToken]:
        """List a user's tokens, oldest first, without their values. The API has no pages here. GraphQL: ``userTokensOrError``.

        Args:
            user: Whose: the number, or the e-mail address, which is looked up; by default one's own.
            revoked: Only revoked tokens (True), or only the others (False); filtered here.
            description: A pattern of the description, such as ``laptop*``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: No user is named, and the token in use is no user's.
            NotFoundError: There is no such user.
            PermissionDeniedError: The token in use may not see this user's tokens.

        Example:
            client.user_tokens.list(user="eve@example.com", revoked=False)
        """
        if user is not None:
            user_key(user)

        async def gather() -> builtins.list[UserToken]:
            operation = ops.list_user_tokens(user_id=await self._owner(user))
            return oldest_first((await self._transport.fetch(operation)).tokens)

        where = token_filter(revoked, description, where)
        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    async def get(self, token_id: int, *, user: int | str | None = None) -> UserToken:
        """Return one token of a user, without its value; the API gives only the list of all. GraphQL: ``userTokensOrError``.

        Args:
            token_id: Its id.
            user: See ``user_tokens.list``.

        Raises:
            NotFoundError: There is no such token, or no such user.
            PermissionDeniedError: The token in use may not see this user's tokens.

        Example:
            await client.user_tokens.get(user_token_id)
        """
        operation = ops.list_user_tokens(user_id=await self._owner(user))
        found = await self._transport.fetch(operation)
        return only_token(found.tokens, "user token", token_id)

    async def reveal(self, token_id: int, *, user: int | str | None = None) -> RevealedUserToken:
        """Return one token of a user with its value. GraphQL: ``userTokensOrError``.

        Nobody sees the value of another's token.

        Args:
            token_id: Its id.
            user: See ``user_tokens.list``.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            NotFoundError: There is no such token, or no such user.
            PermissionDeniedError: The token in use may not see this user's tokens.

        Example:
            await client.user_tokens.reveal(user_token_id)
        """
        operation = ops.reveal_user_tokens(user_id=await self._owner(user))
        found = await self._transport.fetch(operation)
        return only_token(found.tokens, "user token", token_id)

    async def create(
        self, *, description: str | None = None, user: int | str | None = None
    ) -> RevealedUserToken:
        """Make a token of a user. GraphQL: ``createUserToken``.

        Args:
            description: What it is for.
            user: Whose; the API lets everybody make one's own only, which is the default.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            NotFoundError: There is no such user.
            PermissionDeniedError: The token in use may not make tokens for this user.

        Example:
            await client.user_tokens.create(description="Laptop")
        """
        owner = UNSET if user is None else await user_id(self._transport, user)
        operation = ops.create_user_token(user_id=owner, description=description)
        return await self._transport.fetch(operation)

    async def update(
        self, token_id: int, description: str, *, user: int | str | None = None
    ) -> UserToken:
        """Change the description of a user's token. GraphQL: ``editUserTokenDescription``.

        Args:
            token_id: Its id.
            description: The new description.
            user: See ``user_tokens.list``.

        Raises:
            NotFoundError: There is no such token, or no such user.
            PermissionDeniedError: The token in use may not change this user's tokens.

        Example:
            await client.user_tokens.update(user_token_id, "Old laptop")
        """
        operation = ops.update_user_token(
            user_id=await self._owner(user), token_id=token_id, description=description
        )
        return await self._transport.fetch(operation)

    async def revoke(self, token_id: int, *, user: int | str | None = None) -> UserToken:
        """Revoke a user's token for good. GraphQL: ``revokeUserToken``.

        Args:
            token_id: Its id.
            user: See ``user_tokens.list``.

        Raises:
            NotFoundError: There is no such token, or no such user.
            PermissionDeniedError: The token in use may not revoke this user's tokens.

        Example:
            await client.user_tokens.revoke(user_token_id)
        """
        operation = ops.revoke_user_token(user_id=await self._owner(user), token_id=token_id)
        return await self._transport.fetch(operation)

    async def _owner(self, user: int | str | None) -> int:
        """Return the number of the user whose tokens are meant."""
        if user is None:
            return await viewer_id(self._transport)
        return await user_id(self._transport, user)
