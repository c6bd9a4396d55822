"""Secrets: environment variables of a full deployment and its branch deployments."""

from __future__ import annotations

import re

from ..deploying import named_or_here
from ..registry import VIEW, mutation, query, seeds, switch
from .secret_rules import (
    BRANCH,
    EDIT,
    FLAGS,
    READ,
    SECRET,
    all_here,
    invalid,
    locations_of,
    may_view,
    overlap,
    owner_of,
    place,
    put,
    require_edit,
    scopes_of,
    secret_here,
    visible_value,
    written,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..context import Context
    from ..store import Row

#: What seeds call scopes.
SCOPES: dict[str, str] = dict(zip(("full", "branches", "local"), FLAGS, strict=True))
#: What a value in a .env file can be without quotes.
PLAIN = re.compile(r"[\w./:@%+,-]*", re.ASCII)

SCOPE_FILTER = switch(
    "secret_scope_filter",
    "any",
    "all",
    about="Whether secretsOrError returns the secrets with any of the scopes asked for, or with all.",
)
SYNC = switch(
    "synced_scopes",
    "all",
    "listed",
    about="Whether syncSecrets removes all that is not listed, or only what shares a scope with what is.",
)
GONE = switch(
    "missing_secret_deletion",
    "error",
    "success",
    about="What deleteSecret answers if there is no secret with the id.",
)


@seeds("secrets")
def plant_secret(
    context: Context,
    name: str,
    value: str,
    deployment: str | None = None,
    locations: list[str] | None = None,
    scopes: list[str] | None = None,
    branch: str | None = None,
) -> None:
    """Write a secret: of the first deployment, for all code locations, and in the scopes full, branches and local."""
    wanted = [*SCOPES] if scopes is None and branch is None else scopes or []
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown:
        raise invalid(f"there is no scope {unknown[0]!r}: there are {', '.join(SCOPES)}")
    given: Row = {SCOPES[scope]: True for scope in wanted}
    row = written(context, name, value, given | {BRANCH: branch}, locations)
    row["deployment"] = named_or_here(context, deployment)["deploymentId"]
    for old in context.store.list(SECRET, deployment=row["deployment"]):
        if place(old) == place(row):
            row["id"] = old["id"]
    context.store.put(SECRET, row["id"], row)


@query("secretsOrError")
def secrets_or_error(
    context: Context,
    *,
    location_name: str | None = None,
    scopes: dict[str, Any] | None = None,
    secret_name: str | None = None,
    only_viewable: bool | None = None,
) -> list[Row]:
    """Return the secrets of a name, for a code location (those for all included), in scopes."""
    wanted = scopes_of(scopes or {})
    fits = any if context.switch(SCOPE_FILTER) == "any" else all
    return [
        row
        for row in all_here(context)
        if secret_name in (None, row["secretName"])
        and (not location_name or location_name in (locations_of(row) or {location_name}))
        and (not wanted or fits(scope in scopes_of(row) for scope in wanted))
        and (not only_viewable or may_view(context, row))
    ]


@query("localSecretsFileContents")
def local_secrets_file_contents(context: Context) -> str:
    """Return the secrets of scope local as the text of a .env file."""
    if not context.caller.allows_in_some_location(READ, owner_of(context)):
        context.require(READ, deployment=owner_of(context))
    rows = [row for row in all_here(context) if row["localDeploymentScope"]]
    # Those of single code locations stand last: they go before the others.
    rows.sort(key=lambda row: bool(row["locationNames"]))
    return "".join(
        f"{row['secretName']}={_quoted(visible_value(context, row))}\n"
        for row in rows
        if may_view(context, row)
    )


def _quoted(value: str) -> str:
    if PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@mutation("createSecret", needs=VIEW, audit="CREATE_SECRET")
def create_secret(
    context: Context,
    *,
    secret_name: str,
    secret_value: str,
    scopes: dict[str, Any],
    location_names: list[str | None] | None = None,
) -> Row:
    """Create a secret."""
    return put(context, written(context, secret_name, secret_value, scopes, location_names))


@mutation("updateSecret", needs=VIEW, audit="UPDATE_SECRET")
def update_secret(
    context: Context,
    *,
    secret_id: str,
    secret_name: str,
    secret_value: str,
    scopes: dict[str, Any],
    location_names: list[str | None] | None = None,
) -> Row:
    """Change a secret; the whole record is given."""
    old = secret_here(context, secret_id)
    row = written(context, secret_name, secret_value, scopes, location_names)
    return put(context, row, old)


@mutation("createOrUpdateSecretForScopes", needs=VIEW, audit="UPDATE_SECRET")
def create_or_update_secret_for_scopes(
    context: Context,
    *,
    secret_name: str,
    secret_value: str,
    scopes: dict[str, Any],
    location_name: str | None = None,
) -> Row:
    """Change the secret of this name with just these scopes and this code location, or create it."""
    row = written(context, secret_name, secret_value, scopes, [location_name])
    same = [found for found in all_here(context) if place(found) == place(row)]
    return put(context, row, same[0] if same else None)


@mutation("deleteSecret", needs=VIEW, audit="DELETE_SECRET")
def delete_secret(context: Context, *, secret_id: str) -> None:
    """Delete a secret."""
    if context.switch(GONE) == "success" and context.store.get(SECRET, secret_id) is None:
        context.require(EDIT, deployment=owner_of(context))
        return
    row = secret_here(context, secret_id)
    require_edit(context, row)
    context.notes["secretName"] = row["secretName"]
    context.store.delete(SECRET, secret_id)


@mutation("syncSecrets", needs=VIEW, audit="UPDATE_SECRET")
def sync_secrets(context: Context, *, secrets: list[Row | None]) -> Row:
    """Make the secrets those that are listed."""
    rows = [
        written(
            context,
            each["secretName"],
            each["secretValue"],
            each["scopes"],
            each.get("locationNames"),
        )
        for each in secrets
        if each
    ]
    _check_list(context, rows)
    before = {place(row): row for row in all_here(context)}
    removed = _removed(context, rows)
    for row in removed:
        require_edit(context, row)
        context.store.delete(SECRET, row["id"])
    for row in rows:
        old = before.get(place(row))
        if old is None or old["secretValue"] != row["secretValue"]:
            put(context, row, old)
    names = [row["secretName"] for row in removed]
    context.notes = {"removed": names}
    return {"secrets": all_here(context), "removedSecrets": names}


def _check_list(context: Context, rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        if any(overlap(context, row, other) for other in rows[:number]):
            raise invalid(f"{row['secretName']!r} is listed twice for the same place")


def _removed(context: Context, rows: list[Row]) -> list[Row]:
    """Return the secrets that a list does not have, and that syncing it removes."""
    kept = {place(row) for row in rows}
    scopes = {scope for row in rows for scope in scopes_of(row)}
    is_all = context.switch(SYNC) == "all"
    return [
        row
        for row in all_here(context)
        if place(row) not in kept and (is_all or scopes_of(row) & scopes)
    ]
