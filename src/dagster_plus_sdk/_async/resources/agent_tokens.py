"""Tokens of agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import DagsterPlusError, InvalidInputError
from ..._core.grants import agent_place, grant_place
from ..._core.people import oldest_first, only_token, token_filter
from ..._generated import operations as ops
from ..people import place_fields
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._core.grants import PlaceFields
    from ..._generated.enums import PermissionDeploymentScope
    from ..._generated.models import AgentToken, RevealedAgentToken
    from ..pager import AsyncPager


class AsyncAgentTokens(AsyncResource):
    """Tokens of agents, and what they may serve (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        revoked: bool | None = None,
        description: str | None = None,
        where: Callable[[AgentToken], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AgentToken]:
        """List agent tokens, oldest first, without their values. The API has no pages here: one request gets all. GraphQL: ``agentTokensOrError``.

        Args:
            revoked: Only revoked tokens (True), or only the others (False); filtered here.
            description: A pattern of the description, such as ``prod*``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            PermissionDeniedError: The token in use may not see agent tokens.

        Example:
            client.agent_tokens.list(revoked=False)
        """
        return self._whole(
            ops.list_agent_tokens(),
            lambda found: oldest_first(found.tokens),
            where=token_filter(revoked, description, where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, token_id: int) -> AgentToken:
        """Return one agent token, without its value. GraphQL: ``agentTokenOrError``.

        Args:
            token_id: Its id.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not see agent tokens.

        Example:
            await client.agent_tokens.get(agent_token_id)
        """
        operation = ops.get_agent_token(token_id=token_id)
        return await self._explained(operation, lambda: self._known(token_id))

    async def reveal(self, token_id: int) -> RevealedAgentToken:
        """Return one agent token with its value. GraphQL: ``agentTokenOrError``.

        Args:
            token_id: Its id.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not see agent tokens.

        Example:
            await client.agent_tokens.reveal(agent_token_id)
        """
        operation = ops.reveal_agent_token(token_id=token_id)
        return await self._explained(operation, lambda: self._known(token_id))

    async def create(
        self,
        *,
        description: str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
    ) -> RevealedAgentToken:
        """Make an agent token. GraphQL: ``createAgentToken``, ``createOrUpdateAgentPermissions``, ``removeAgentPermissions``.

        A new token may serve the whole organization. With a narrower place, that one is granted and the organization taken
        back; where that fails, the token is revoked.

        Args:
            description: What it is for.
            scope: What it may serve: ``organization`` (the default), ``deployment``, or ``all_branch_deployments``; a
                deployment alone says it too.
            deployment: The deployment's name or id.

        Returns:
            The token; its ``token.reveal()`` is the value.

        Raises:
            InvalidInputError: It cannot serve that; nothing is made.
            NotFoundError: There is no such deployment; nothing is made.
            PermissionDeniedError: The token in use may not make agent tokens.

        Example:
            await client.agent_tokens.create(description="Cluster east", deployment="prod")
        """
        place = agent_place(scope, deployment)
        fields = await place_fields(self._transport, place) if place else None
        made = await self._transport.fetch(ops.create_agent_token(description=description))
        if fields is None or fields["deploymentScope"] == "ORGANIZATION":
            return made
        try:
            narrowed = await self._narrow(made.id, fields)
        except DagsterPlusError as error:
            await self._withdraw(made.id, error)
            raise
        return made.model_copy(update={"grants": narrowed.grants})

    async def update(
        self,
        token_id: int,
        *,
        description: str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
    ) -> AgentToken:
        """Change an agent token's description, or let it serve more. GraphQL: ``editAgentTokenDescription``, ``createOrUpdateAgentPermissions``.

        A token that may serve the organization serves all; take that back with ``remove_role``.

        Args:
            token_id: Its id.
            description: A new description.
            scope: What it may serve besides: ``organization``, ``deployment``, or ``all_branch_deployments``; a
                deployment alone says it too.
            deployment: The deployment's name or id.

        Raises:
            InvalidInputError: Nothing is to be changed, or it cannot serve that; nothing is sent.
            NotFoundError: There is no such token or deployment.
            PermissionDeniedError: The token in use may not change agent tokens.

        Example:
            await client.agent_tokens.update(agent_token_id, description="Cluster west")
            await client.agent_tokens.update(agent_token_id, scope="all_branch_deployments")
        """
        place = agent_place(scope, deployment)
        if place is None and description is None:
            raise InvalidInputError(
                "say what to change: description=..., deployment=... or scope=..."
            )
        fields = await place_fields(self._transport, place) if place else None
        edit = ops.update_agent_token(token_id=token_id, description=description)
        if fields is None:
            return await self._transport.fetch(edit)
        if description is not None:
            await self._transport.fetch(edit)
        return await self._grant(token_id, fields)

    async def remove_role(
        self,
        token_id: int,
        *,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
    ) -> AgentToken:
        """Take back what an agent token may serve. GraphQL: ``removeAgentPermissions``.

        Args:
            token_id: Its id.
            scope: What it may no longer serve: ``organization``, ``deployment``, or ``all_branch_deployments``; a
                deployment alone says it too.
            deployment: The deployment's name or id.

        Raises:
            InvalidInputError: Nothing says what; nothing is sent.
            NotFoundError: There is no such deployment.
            PermissionDeniedError: The token in use may not change agent tokens.

        Example:
            await client.agent_tokens.remove_role(agent_token_id, scope="organization")
        """
        place = agent_place(scope, deployment) or grant_place(scope, deployment)
        fields = await place_fields(self._transport, place)
        return await self._remove(token_id, fields)

    async def revoke(self, token_id: int) -> AgentToken:
        """Revoke an agent token for good. GraphQL: ``revokeAgentToken``.

        Args:
            token_id: Its id.

        Raises:
            NotFoundError: There is no such token.
            PermissionDeniedError: The token in use may not revoke agent tokens.

        Example:
            await client.agent_tokens.revoke(agent_token_id)
        """
        return await self._transport.fetch(ops.revoke_agent_token(token_id=token_id))

    async def _known(self, token_id: int) -> None:
        """Look whether there is an agent token.

        Raises:
            NotFoundError: There is none with that id.
        """
        found = await self._transport.fetch(ops.list_agent_tokens())
        only_token(found.tokens, "agent token", token_id)

    async def _grant(self, token_id: int, fields: PlaceFields) -> AgentToken:
        from ..._generated.enums.permission_grant import PermissionGrant

        operation = ops.set_agent_token_grant(
            grant={**fields, "agentTokenId": token_id, "grant": PermissionGrant.AGENT}
        )
        return await self._transport.fetch(operation)

    async def _remove(self, token_id: int, fields: PlaceFields) -> AgentToken:
        operation = ops.remove_agent_token_grant(grant={**fields, "agentTokenId": token_id})
        return await self._transport.fetch(operation)

    async def _narrow(self, token_id: int, fields: PlaceFields) -> AgentToken:
        """Grant a place to a new token, and take back the organization."""
        await self._grant(token_id, fields)
        return await self._remove(token_id, grant_place("organization", None).fields(None))

    async def _withdraw(self, token_id: int, error: DagsterPlusError) -> None:
        """Revoke a new token that could not be narrowed; where that fails too, the error says so."""
        try:
            await self.revoke(token_id)
        except DagsterPlusError:
            error.message += (
                f"; the agent token {token_id} was made, may serve the whole organization, and could not be "
                "revoked: revoke it"
            )
