"""Deployments. All of them have the one real Dagster behind them."""

from __future__ import annotations

import re

from .registry import Failure, kind, mutation, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .registry import Context
    from .store import Row, Store

#: How many full deployments the demo organization's plan has.
LIMIT = 10
#: What a deployment can be called: it is a segment of URLs.
NAME = re.compile(r"[A-Za-z0-9_-]+")
TYPE = "DagsterCloudDeployment"
ORGANIZATION = "DagsterCloudOrganization"


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


def _organization(context: Context) -> Row:
    found = context.store.find(ORGANIZATION)
    assert found
    return found


def _yes(_context: Context, _row: Row) -> bool:
    # The user of the sandbox is the organization's admin.
    return True


kind(
    TYPE,
    canAccessDeployment=_yes,
    canDeleteDeployment=_yes,
    canEditDeploymentPermissions=_yes,
    canEditDeploymentSettings=_yes,
    canHaveBranchDeployments=lambda _, row: row["deploymentType"] == "PRODUCTION",
    isBranchDeployment=lambda _, row: row["deploymentType"] == "BRANCH",
    organizationId=lambda context, _: _organization(context)["id"],
    organizationName=lambda context, _: _organization(context)["name"],
    organizationStatus=lambda context, _: _organization(context)["status"],
)


@query("deployments")
def deployments(context: Context) -> list[Row]:
    """Return those the caller may open: all."""
    return context.store.list(TYPE)


@query("fullDeployments")
def full_deployments(context: Context) -> list[Row]:
    """Return those that are no branch deployments."""
    return full(context.store)


@query("currentDeployment")
def current_deployment(context: Context) -> Row:
    """Return the one that was asked."""
    return by_name(context.store, context.deployment)


@query("deploymentByName")
def deployment_by_name(context: Context, *, name: str) -> Row:
    """Return the one of this name."""
    return by_name(context.store, name)


@mutation("createDeployment")
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


@mutation("deleteDeployment")
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
