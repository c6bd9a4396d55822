"""Deployments as rows: found, made and removed, by those who manage them and by those who only need one."""

from __future__ import annotations

from .context import now
from .registry import Failure, switch
from .rights import GRANT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .context import Context
    from .store import Row, Store

TYPE = "DagsterCloudDeployment"
PENDING = "PENDING_DELETION"
#: How long a deployment that was deleted can still be seen.
LINGERS_FOR = 300.0

DELETION = switch(
    "deployment_deletion",
    "lingers",
    "at_once",
    about="Whether a deleted deployment can be seen for some minutes, as PENDING_DELETION, or is gone at once.",
)
REUSE = switch(
    "deployment_name_reuse",
    "when_gone",
    "at_once",
    about="When the name of a deleted deployment is free: when the deployment is gone from lists, or at once.",
)


def is_gone(store: Store, row: Row) -> bool:
    """Tell whether a deployment was deleted, and its time is over."""
    return row["deploymentStatus"] == PENDING and bool(row["goneAt"] <= now(store))


def existing(store: Store, **where: object) -> list[Row]:
    """Return the deployments with these values, oldest first: those that are being deleted included."""
    return [row for row in store.list(TYPE, **where) if not is_gone(store, row)]


def full(store: Store) -> list[Row]:
    """Return the deployments that are no branch deployments, oldest first."""
    return existing(store, deploymentType="PRODUCTION")


def find(store: Store, name: str | None) -> Row | None:
    """Return the deployment of this name."""
    return next(iter(existing(store, deploymentName=name)), None)


def staying(store: Store) -> list[Row]:
    """Return the full deployments that are not being deleted."""
    return [row for row in full(store) if stays(row)]


def default_name(store: Store) -> str:
    """Return the name of the deployment that the organization's URL stands for: the oldest."""
    name: str = staying(store)[0]["deploymentName"]
    return name


def by_name(store: Store, name: str) -> Row:
    """Return the deployment of this name.

    Raises:
        Failure: There is none.
    """
    found = find(store, name)
    if found is None:
        raise Failure("DeploymentNotFoundError", f"There is no deployment {name!r}.")
    return found


def by_id(store: Store, deployment_id: object) -> Row:
    """Return the deployment with this id.

    Raises:
        Failure: There is none.
    """
    found = store.get(TYPE, deployment_id)
    if found is None or is_gone(store, found):
        raise Failure("DeploymentNotFoundError", f"There is no deployment with id {deployment_id}.")
    return found


def named_or_here(context: Context, name: str | None) -> Row:
    """Return the deployment of this name; without one, that which was asked."""
    return context.here() if name is None else by_name(context.store, name)


def chosen_or_here(context: Context, deployment_id: int | None) -> Row:
    """Return the deployment with this id; without one, that which was asked."""
    return context.here() if deployment_id is None else by_id(context.store, deployment_id)


def create(
    store: Store, name: str, agent_type: str, deployment_type: str = "PRODUCTION", **fields: Any
) -> Row:
    """Write a deployment and return it."""
    number = store.next_number(TYPE)
    deployment = {
        "deploymentId": number,
        "deploymentName": name,
        "deploymentType": deployment_type,
        "deploymentStatus": "ACTIVE",
        "agentType": agent_type,
        **fields,
    }
    return store.put(TYPE, number, deployment)


def free(context: Context, name: str) -> bool:
    """Tell whether a deployment can be called so; what a deleted one of that name left is removed then."""
    store = context.store
    rows = store.list(TYPE, deploymentName=name)
    is_soon = context.switch(REUSE) == "at_once"
    if any(stays(row) or not (is_soon or is_gone(store, row)) for row in rows):
        return False
    store.delete_all(TYPE, deploymentName=name)
    return True


def remove(context: Context, row: Row) -> Row:
    """Delete a deployment, its branch deployments and all that is in them; return it as it is from now on."""
    store = context.store
    number = row["deploymentId"]
    for branch in store.list(TYPE, parentId=number, deploymentStatus="ACTIVE"):
        remove(context, branch)
    store.delete_all(deployment=number)
    store.delete_all(GRANT, deploymentId=number)
    wait = LINGERS_FOR if context.switch(DELETION) == "lingers" else 0.0
    gone = {**row, "deploymentStatus": PENDING, "goneAt": context.now() + wait}
    return store.put(TYPE, number, gone)


def stays(row: Row) -> bool:
    """Tell whether a deployment is not being deleted."""
    return bool(row["deploymentStatus"] != PENDING)
