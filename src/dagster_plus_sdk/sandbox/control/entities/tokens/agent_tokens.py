"""Agent tokens, and what agents with them may serve."""

from __future__ import annotations

from ...callers import AGENT_TOKEN, agent_holder
from ...registry import ServerFault, mutation, query
from ..people.grants import give_grant, take_grant
from .tokens import OF_AGENT, describe, issue_agent_token, revoke, token_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ...context import Context
    from ...store import Row

NEEDS = "READ_AND_EDIT_AGENT_TOKENS"


@query("agentTokensOrError", needs=NEEDS)
def agent_tokens(context: Context) -> list[Row]:
    """Return all, the revoked ones included."""
    return context.store.list(AGENT_TOKEN)


@query("agentTokenOrError", needs=NEEDS)
def agent_token(context: Context, *, token_id: int) -> Row:
    """Return one."""
    return token_of(context, OF_AGENT, token_id)


@mutation("createAgentToken", needs=NEEDS, audit="CREATE_AGENT_TOKEN")
def create_agent_token(context: Context, *, description: str | None = None) -> Row:
    """Make a token."""
    return issue_agent_token(context, description=description)


@mutation("editAgentTokenDescription", needs=NEEDS, audit=None)
def edit_agent_token_description(
    context: Context, *, token_id: int, description: str | None = None
) -> Row:
    """Change what a token is for."""
    return describe(context, token_of(context, OF_AGENT, token_id), description)


@mutation("revokeAgentToken", needs=NEEDS, audit="REVOKE_AGENT_TOKEN")
def revoke_agent_token(context: Context, *, token_id: int) -> Row:
    """Revoke a token."""
    return revoke(context, token_of(context, OF_AGENT, token_id))


@mutation("createOrUpdateAgentPermissions", needs=NEEDS, audit="UPDATE_AGENT_TOKEN_PERMISSIONS")
def create_or_update_agent_permissions(
    context: Context, *, agent_permission: dict[str, Any]
) -> Row:
    """Let a token serve the organization, a deployment, or all branch deployments."""
    token = _token(context, agent_permission)
    give_grant(context, agent_holder(token["id"]), agent_permission, agent=True)
    return token


@mutation("removeAgentPermissions", needs=NEEDS, audit="UPDATE_AGENT_TOKEN_PERMISSIONS")
def remove_agent_permissions(context: Context, *, agent_permission: dict[str, Any]) -> Row:
    """Take back what a token may serve."""
    token = _token(context, agent_permission)
    take_grant(context, agent_holder(token["id"]), agent_permission)
    return token


def _token(context: Context, given: Mapping[str, Any]) -> Row:
    """Return the token that an input names.

    Raises:
        ServerFault: It has a base of branch deployments: Dagster+ breaks there.
        Failure: There is no such token.
    """
    has_deployment = given.get("deploymentId") is not None
    if has_deployment and given["deploymentScope"] == "ALL_BRANCH_DEPLOYMENTS":
        raise ServerFault
    return token_of(context, OF_AGENT, given["agentTokenId"])
