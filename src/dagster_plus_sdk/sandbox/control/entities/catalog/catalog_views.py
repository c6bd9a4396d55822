"""Catalog views, and what else of them can be pinned."""

from __future__ import annotations

import json
import re

from ...callers import USER
from ...registry import VIEW, Failure, ServerFault, kind, linked, mutation, query, seeds, switch
from .definitions import asset_owner
from .own import NOTHING, OTHERS, deployments_shown, new_item, owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

CATALOG_VIEW = "CatalogView"
ICONS = switch(
    "catalog_view_icons",
    "any",
    "known",
    about="Whether an icon that the web interface does not have is a fault of the server.",
)
KNOWN_ICONS = frozenset(
    {"asset", "code_location", "database", "globe", "job", "lock", "star", "tag"}
)
NAMED = re.compile(r"""[\w/*+.:@"'=<>, -]+""")


def selection_of(given: Row) -> Row:
    """Return a selection as it is read, from one as it is written."""
    return {
        "querySelection": given.get("querySelection"),
        **{name: given[name] for name in NOTHING},
        "groups": [group_of(**group) for group in given["groups"]],
        "owners": [asset_owner(one["ownerName"]) for one in given["owners"]],
    }


def group_of(groupName: str, repositoryLocationName: str = "", repositoryName: str = "") -> Row:  # noqa: N803
    """Return a group of a selection: one without a place is the group in all of them."""
    return {
        "groupName": groupName,
        "repositoryLocationName": repositoryLocationName or "",
        "repositoryName": repositoryName or "",
    }


def may_edit(context: Context, row: Row) -> bool:
    """Tell whether the caller may change a view: their own, or a shared one, or another's with a permission of its own."""
    if row["ownerId"] == str(context.caller.user_id):
        return True
    return context.allows(OTHERS if row["isPrivate"] else "EDIT_ALL_CATALOG_VIEWS")


kind(
    CATALOG_VIEW,
    private=("deployment",),
    canEdit=may_edit,
    createdBy=linked(USER, "creatorId"),
)


@query("catalogViews")
def catalog_views(
    context: Context, *, owner_email: str | None = None, include_branch_base: bool | None = None
) -> list[Row]:
    """Return the shared views, and the private ones of the owner."""
    shown = deployments_shown(context, with_base=include_branch_base)
    of = context.caller.user if owner_email is None else owner(context, owner_email)
    owned = str(of["userId"]) if of else None
    return [
        row
        for row in context.store.list(CATALOG_VIEW)
        if row["deployment"] in shown and (not row["isPrivate"] or row["ownerId"] == owned)
    ]


@mutation("createOrUpdateCatalogView", needs=VIEW, audit=None)
def create_or_update(
    context: Context,
    *,
    name: str,
    description: str,
    icon: str,
    is_private: bool,
    selection: Row,
    id: str | None = None,  # noqa: A002 - the argument's name
    owner_email: str | None = None,
) -> Row:
    """Create a view, or with an id change one."""
    if selection.get("tableNames") is None or (
        context.switch(ICONS) == "known" and icon not in KNOWN_ICONS
    ):
        raise ServerFault
    _check_query(selection.get("querySelection"))
    of = owner(context, owner_email)
    before: dict[str, Any] = {}
    if id is not None:
        before = _own_view(context, id)
    elif not is_private:
        context.require("EDIT_ALL_CATALOG_VIEWS")
    row = {
        **new_item(of, context.here()["deploymentId"]),
        **before,
        "name": name,
        "description": description,
        "icon": icon,
        "isPrivate": is_private,
        "selection": selection_of(selection),
    }
    return context.store.put(CATALOG_VIEW, row["id"], row)


def _check_query(text: str | None) -> None:
    """Refuse what is plainly no selection. What Dagster's own parser says of the rest is not asked."""
    if text is None:
        return
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
    words = text.replace("(", " ").replace(")", " ").split()
    broken = depth != 0 or not words or words[-1].lower() in ("and", "or", "not")
    if broken or not NAMED.fullmatch(" ".join(words)):
        raise Failure("SelectionNotResolvableError", f"The selection {text!r} cannot be read.")


def _own_view(context: Context, identifier: str | None) -> Row:
    found = context.need(CATALOG_VIEW, identifier, "CatalogViewNotFound", "catalog view")
    if not may_edit(context, found):
        raise Failure("UnauthorizedError", f"{context.caller.name} may not change this view.")
    return found


@mutation("deleteCatalogView", needs=VIEW, audit=None)
def delete(context: Context, *, id: str | None = None) -> Row:  # noqa: A002
    """Delete a view that no alert policy uses, and return it."""
    found = _own_view(context, id)
    for policy in context.store.list("AlertPolicy"):
        if found["id"] in json.dumps(policy):
            message = f"The alert policy {policy.get('name')!r} uses this view."
            raise Failure("SelectionCantBeDeletedError", message)
    context.store.delete(CATALOG_VIEW, found["id"])
    return found


@seeds("catalog_views")
def plant_view(
    context: Context, name: str, user: str, query: str, description: str = "", icon: str = "globe"
) -> None:
    """Write a shared view of a user, with a selection of assets."""
    of = context.need_one(USER, "UserNotFoundError", "user", email=user)
    _check_query(query)
    row = {
        **new_item(of, context.here()["deploymentId"]),
        "name": name,
        "description": description,
        "icon": icon,
        "isPrivate": False,
        "selection": {"querySelection": query, **NOTHING},
    }
    context.store.put(CATALOG_VIEW, row["id"], row)
