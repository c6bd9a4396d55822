"""Deployments. All of them have the one real Dagster behind them."""

from __future__ import annotations

import re

from graphql import GraphQLError

from ...deploying import (
    TYPE,
    by_id,
    by_name,
    chosen_or_here,
    create,
    existing,
    free,
    full,
    remove,
    staying,
    stays,
)
from ...registry import VIEW, Failure, kind, mutation, query, seeds, switch
from ...rights import GRANT
from ..organization.feature_gates import gate
from ..organization.organization import the_organization
from ..people.grants import set_grant
from ..secret_rules import editable_locations
from .deployment_settings import settings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...context import Context
    from ...store import Row, Store

#: What a deployment can be called: it is a segment of URLs.
NAME = re.compile(r"[A-Za-z0-9_-]+")
MANAGE = "MANAGE_FULL_DEPLOYMENTS"
MANAGE_BRANCHES = "MANAGE_BRANCH_DEPLOYMENTS"

BAD_NAME = switch(
    "bad_deployment_name",
    "python_error",
    "duplicate_error",
    "graphql_error",
    about="How a deployment's name that cannot be one is refused.",
)
BRANCHES = switch(
    "branches_among_deployments",
    "listed",
    "left_out",
    about="Whether the deployments that someone may open include branch deployments.",
)


def can_manage(context: Context, row: Row) -> bool:
    """Tell whether the caller may delete a deployment; a branch's also with a right in its base."""
    if row["deploymentType"] != "BRANCH":
        return context.allows(MANAGE)
    base = context.store.get(TYPE, row["parentId"])
    return context.allows(MANAGE_BRANCHES, deployment=row) or bool(
        base and context.allows(MANAGE_BRANCHES, deployment=base)
    )


def _may(permission: str) -> Callable[[Context, Row], bool]:
    return lambda context, row: context.allows(permission, deployment=row)


def _parent(context: Context, row: Row) -> Row | None:
    return context.store.get(TYPE, row["parentId"]) if row["deploymentType"] == "BRANCH" else None


kind(
    TYPE,
    private=("goneAt", "parentId", "snapshotBaseCondition"),
    canAccessDeployment=_may(VIEW),
    canDeleteDeployment=can_manage,
    canEditDeploymentPermissions=_may("EDIT_DEPLOYMENT_PERMISSIONS"),
    canEditDeploymentSettings=_may("EDIT_DEPLOYMENT_SETTINGS"),
    canHaveBranchDeployments=lambda _, row: row["deploymentType"] == "PRODUCTION",
    deploymentSettings=settings_of,
    editableSecretLocations=editable_locations,
    isBranchDeployment=lambda _, row: row["deploymentType"] == "BRANCH",
    latestCommit=lambda _, row: next(iter(row.get("commits", [])[-1:]), None),
    organizationId=lambda context, _: the_organization(context)["id"],
    organizationName=lambda context, _: the_organization(context)["name"],
    organizationStatus=lambda context, _: the_organization(context)["status"],
    parentDeployment=_parent,
)


@seeds("deployments")
def plant_deployment(context: Context, name: str, agent_type: str | None = None) -> None:
    """Write a full deployment."""
    create(context.store, name, agent_type or the_organization(context)["agentType"])


@query("deployments", needs=None)
def deployments(context: Context) -> list[Row]:
    """Return those that the caller may open."""
    where = {} if context.switch(BRANCHES) == "listed" else {"deploymentType": "PRODUCTION"}
    rows = existing(context.store, **where)
    return [row for row in rows if context.allows(VIEW, deployment=row)]


@query("fullDeployments", needs=None)
def full_deployments(context: Context) -> list[Row]:
    """Return those that are no branch deployments."""
    return full(context.store)


@query("currentDeployment", needs=None)
def current_deployment(context: Context) -> Row:
    """Return the one that was asked."""
    return context.here()


@query("deploymentByName", needs=None)
def deployment_by_name(context: Context, *, name: str) -> Row:
    """Return the one of this name."""
    return by_name(context.store, name)


@mutation("createDeployment", needs=MANAGE, audit="CREATE_DEPLOYMENT")
def create_deployment(
    context: Context,
    *,
    deployment_name: str,
    deployment_agent_type: str | None = None,
    inherit_perms_deployment_id: int | None = None,
) -> Row:
    """Create a full deployment, with the grants of another if it shall have them."""
    store = context.store
    if not NAME.fullmatch(deployment_name):
        raise _bad_name(context, deployment_name)
    if not free(context, deployment_name):
        raise Failure(
            "DuplicateDeploymentError", f"There is a deployment {deployment_name!r} already."
        )
    inherited = inherit_perms_deployment_id
    source = None if inherited is None else by_id(store, inherited)
    limit = gate(context, "PRODUCTION_DEPLOYMENT_LIMIT")
    if limit is not None and len(staying(store)) >= limit:
        raise Failure("DeploymentLimitError", f"The plan has {limit} full deployments.")
    agent_type = deployment_agent_type or the_organization(context)["agentType"]
    made = create(store, deployment_name, agent_type)
    if source is not None:
        _inherit(store, source, made)
    return made


def _bad_name(context: Context, name: str) -> Exception:
    message = f"A deployment cannot be called {name!r}: letters, digits, '_' and '-' can be used."
    how = context.switch(BAD_NAME)
    if how == "graphql_error":
        return GraphQLError(message)
    wrong = "DuplicateDeploymentError" if how == "duplicate_error" else "InvalidDeploymentName"
    return Failure(wrong, message)


def _inherit(store: Store, source: Row, made: Row) -> None:
    for row in store.list(GRANT, deploymentScope="DEPLOYMENT", deploymentId=source["deploymentId"]):
        set_grant(
            store,
            row["holder"],
            row["grant"],
            deployment_id=made["deploymentId"],
            custom_role_id=row["customRoleId"],
            location_grants=row["locationGrants"],
            owner_role=row["ownerDefinitionsRoleHandle"],
        )


@mutation("updateDeploymentAgentType", needs=MANAGE, audit="UPDATE_AGENT_TYPE")
def update_agent_type(
    context: Context,
    *,
    deployment_agent_type: str | None = None,
    deployment_id: int | None = None,
) -> Row:
    """Say how a deployment's code is served: by default that of the deployment that was asked."""
    row = chosen_or_here(context, deployment_id)
    agent_type = deployment_agent_type or the_organization(context)["agentType"]
    return context.store.put(TYPE, row["deploymentId"], {**row, "agentType": agent_type})


@mutation("deleteDeployment", needs=None, audit="DELETE_DEPLOYMENT", audit_scope="organization")
def delete_deployment(context: Context, *, deployment_id: int) -> Row:
    """Delete a full or a branch deployment."""
    store = context.store
    found = by_id(store, deployment_id)
    if not can_manage(context, found):
        is_branch = found["deploymentType"] == "BRANCH"
        context.require(MANAGE_BRANCHES if is_branch else MANAGE, deployment=found)
    context.notes["deployment_name"] = found["deploymentName"]
    if not stays(found):
        return found
    if staying(store) == [found]:
        raise Failure(
            "DeleteFinalDeploymentError",
            "The last deployment of an organization cannot be deleted.",
        )
    return remove(context, found)
