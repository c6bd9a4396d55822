"""Deployments. All of them have the one real Dagster behind them."""

from __future__ import annotations

import re

from ..registry import VIEW, Failure, kind, mutation, query, seeds
from .organization import the_organization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..context import Context
    from ..store import Row, Store

#: How many full deployments the demo organization's plan has.
LIMIT = 10
#: What a deployment can be called: it is a segment of URLs.
NAME = re.compile(r"[A-Za-z0-9_-]+")
TYPE = "DagsterCloudDeployment"


def create(store: Store, name: str, agent_type: str = "HYBRID") -> Row:
    """Write a full deployment and return it."""
    number = store.next_number(TYPE)
    deployment = {
        "deploymentId": number,
        "deploymentName": name,
        "deploymentType": "PRODUCTION",
        "deploymentStatus": "ACTIVE",
        "agentType": agent_type,
    }
    return store.put(TYPE, number, deployment)


def full(store: Store) -> list[Row]:
    """Return the deployments that are no branch deployments, oldest first."""
    return store.list(TYPE, deploymentType="PRODUCTION")


def default_name(store: Store) -> str:
    """Return the name of the deployment that the organization's URL stands for: the oldest."""
    name: str = full(store)[0]["deploymentName"]
    return name


def by_name(store: Store, name: str) -> Row:
    """Return the deployment of this name.

    Raises:
        Failure: There is none.
    """
    found = store.find(TYPE, deploymentName=name)
    if found is None:
        raise Failure("DeploymentNotFoundError", f"There is no deployment {name!r}.")
    return found


def _may(permission: str) -> Callable[[Context, Row], bool]:
    return lambda context, row: context.allows(permission, deployment=row)


kind(
    TYPE,
    canAccessDeployment=_may(VIEW),
    canDeleteDeployment=_may("MANAGE_FULL_DEPLOYMENTS"),
    canEditDeploymentPermissions=_may("EDIT_DEPLOYMENT_PERMISSIONS"),
    canEditDeploymentSettings=_may("EDIT_DEPLOYMENT_SETTINGS"),
    canHaveBranchDeployments=lambda _, row: row["deploymentType"] == "PRODUCTION",
    isBranchDeployment=lambda _, row: row["deploymentType"] == "BRANCH",
    organizationId=lambda context, _: the_organization(context)["id"],
    organizationName=lambda context, _: the_organization(context)["name"],
    organizationStatus=lambda context, _: the_organization(context)["status"],
)


@seeds("deployments")
def plant_deployment(context: Context, name: str, agent_type: str = "HYBRID") -> None:
    """Write a full deployment."""
    create(context.store, name, agent_type)


@query("deployments", needs=None)
def deployments(context: Context) -> list[Row]:
    """Return those that the caller may open."""
    return [row for row in context.store.list(TYPE) if context.allows(VIEW, deployment=row)]


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


@mutation("createDeployment", needs="MANAGE_FULL_DEPLOYMENTS", audit="CREATE_DEPLOYMENT")
def create_deployment(
    context: Context,
    *,
    deployment_name: str,
    deployment_agent_type: str | None = None,
    inherit_perms_deployment_id: int | None = None,
) -> Row:
    """Create a full deployment."""
    store = context.store
    if not NAME.fullmatch(deployment_name):
        raise Failure(
            "InvalidDeploymentName",
            f"A deployment cannot be called {deployment_name!r}: letters, digits, '_' and '-' can be used.",
        )
    if store.find(TYPE, deploymentName=deployment_name):
        raise Failure(
            "DuplicateDeploymentError", f"There is a deployment {deployment_name!r} already."
        )
    inherited = inherit_perms_deployment_id
    if inherited is not None and store.get(TYPE, inherited) is None:
        raise Failure("DeploymentNotFoundError", f"There is no deployment with id {inherited}.")
    if len(full(store)) >= LIMIT:
        raise Failure("DeploymentLimitError", f"The plan has {LIMIT} full deployments.")
    return create(store, deployment_name, deployment_agent_type or "HYBRID")


@mutation("deleteDeployment", needs="MANAGE_FULL_DEPLOYMENTS", audit="DELETE_DEPLOYMENT")
def delete_deployment(context: Context, *, deployment_id: int) -> Row:
    """Delete a deployment at once. Dagster+ takes its time."""
    store = context.store
    found = store.get(TYPE, deployment_id)
    if found is None:
        raise Failure("DeploymentNotFoundError", f"There is no deployment with id {deployment_id}.")
    if full(store) == [found]:
        raise Failure(
            "DeleteFinalDeploymentError",
            "The last deployment of an organization cannot be deleted.",
        )
    store.delete(TYPE, deployment_id)
    return found
