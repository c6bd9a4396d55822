"""What people pinned: jobs, asset groups, catalog views."""

from __future__ import annotations

from ...callers import USER
from ...registry import VIEW, Failure, kind, linked, mutation, query, switch
from .catalog_views import CATALOG_VIEW, group_of, selection_of
from .own import NOTHING, deployments_shown, new_item, owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

#: Whose pin it is, and what: the item's id.
PIN = "pin"
GROUP = "AssetGroupPinnableItem"
JOB = "JobPinnableItem"
MISSING = switch(
    "missing_pin_removal",
    "success",
    "error",
    about="What removePinnedItem answers if there is no such pin.",
)

for _typename in (GROUP, JOB):
    kind(_typename, private=("deployment",), createdBy=linked(USER, "creatorId"))


@query("pinnedItems")
def pinned_items(
    context: Context, *, owner_email: str | None = None, include_branch_base: bool | None = None
) -> list[Row]:
    """Return what a user pinned, in that order."""
    shown = deployments_shown(context, with_base=include_branch_base)
    number = owner(context, owner_email)["userId"]
    rows = [row for row in context.store.list(PIN, userId=number) if row["deployment"] in shown]
    found = (context.store.get(row["kind"], row["item"]) for row in rows)
    return [item for item in found if item]


@mutation("addPinnedCatalogView", needs=VIEW, audit=None)
def add_view(
    context: Context, *, catalog_view_id: str | None = None, user_email: str | None = None
) -> Row:
    """Pin a catalog view."""
    found = context.need(CATALOG_VIEW, catalog_view_id, "CatalogViewNotFound", "catalog view")
    return _pin(context, user_email, found)


@mutation("addPinnedAssetGroup", needs=VIEW, audit=None)
def add_group(
    context: Context, *, asset_group_name: str | None = None, user_email: str | None = None
) -> Row:
    """Pin an asset group."""
    if not asset_group_name:
        raise Failure("InvalidPin", "The group's name is missing.")
    selection = selection_of({**NOTHING, "groups": [group_of(asset_group_name)]})
    return _pin(context, user_email, _made(context, GROUP, asset_group_name, selection, user_email))


@mutation("addPinnedJob", needs=VIEW, audit=None)
def add_job(
    context: Context,
    *,
    code_location_name: str | None = None,
    job_name: str | None = None,
    repository_name: str | None = None,
    user_email: str | None = None,
) -> Row:
    """Pin a job."""
    if not (job_name and code_location_name and repository_name):
        raise Failure(
            "InvalidPin", "The job's name, its code location or its repository is missing."
        )
    selection = {
        "jobNames": [job_name],
        "codeLocationName": code_location_name,
        "repositoryName": repository_name,
    }
    return _pin(context, user_email, _made(context, JOB, job_name, selection, user_email))


def _made(context: Context, typename: str, name: str, selection: Row, email: str | None) -> Row:
    """Return the item for something to pin: the one that is there, or a new one."""
    of, here = owner(context, email), context.here()["deploymentId"]
    for row in context.store.list(typename, ownerId=str(of["userId"]), deployment=here):
        if row["selection"] == selection:
            return row
    row = {
        **new_item(of, here),
        "name": name,
        "icon": "job" if typename == JOB else "asset_group",
        "isPrivate": True,
        "canEdit": True,
        "selection": selection,
    }
    return context.store.put(typename, row["id"], row)


def _pin(context: Context, email: str | None, item: Row) -> Row:
    of = owner(context, email)
    row = {
        "userId": of["userId"],
        "deployment": context.here()["deploymentId"],
        "kind": item["__typename"],
        "item": item["id"],
    }
    context.store.put(PIN, f"{of['userId']}/{item['id']}", row)
    return {"item": item, "pinned": True}


@mutation("removePinnedItem", needs=VIEW, audit=None)
def remove(context: Context, *, item_id: str | None = None, user_email: str | None = None) -> Row:
    """Remove a pin."""
    of = owner(context, user_email)
    found = context.store.get(PIN, f"{of['userId']}/{item_id}")
    if found is None:
        context.refuse(MISSING, "PinNotFound", f"There is no pin {item_id!r}.")
    context.store.delete(PIN, f"{of['userId']}/{item_id}")
    if found and found["kind"] != CATALOG_VIEW:
        context.store.delete(found["kind"], item_id)
    return {"itemId": item_id, "pinned": False}
