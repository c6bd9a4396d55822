"""The difference that a document would make: shown before it is applied, and by ``--dry-run``."""

from __future__ import annotations

import sys

from ..connect import connect
from ..invoke import arguments_of
from ..invoke import show as show_result
from ..params.confirm import planned
from ..printing import progress
from ..printing.columns import changes_text
from ..printing.output import show_record, tell
from ..printing.text import data_of
from ..tree import imported, method_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, cast

    from ... import Changes, DagsterPlus
    from ..state import State
else:
    from ..printing.text import cast

#: What a custom role's document can change.
_ROLE = ("name", "description", "icon", "permissions")


def is_different(
    state: State, entry: dict[str, Any], values: dict[str, Any], *, is_sure: bool
) -> bool:
    """Show on stderr what a document would change; where that is nothing, print so as the result.

    Args:
        state: The global options.
        entry: The verb that would apply it.
        values: Its values.
        is_sure: Whether it is applied even where the difference cannot be had, such as with a token that may write and not
            read.
    """
    from ... import (
        NotFoundError,
        NotSupportedError,
        PermissionDeniedError,
        UnexpectedResultError,
    )

    # Nobody is asked: then stderr has nothing but errors where they are JSON.
    is_silent = is_sure and state.is_json
    try:
        with connect(state, "Unknown") as client:
            progress.say("comparing with what is there")
            changes = changes_of(client, entry, values)
    except (
        NotFoundError,
        NotSupportedError,
        PermissionDeniedError,
        UnexpectedResultError,
    ) as error:
        if not is_sure:
            raise
        if not is_silent:
            tell(f"dplus: what changes cannot be told: {error.message}")
        return True
    if changes:
        if not is_silent:
            tell(changes_text(data_of(changes), sys.stderr), has_colours=True)
        return True
    if "only_with" not in entry:
        show_record(state, data_of(changes), [("UNCHANGED", "unchanged")], "Nothing changes")
    return False


def show(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print what a document would change."""
    with connect(state, "Unknown") as client:
        show_result(state, entry, changes_of(client, entry, values), values)


def changes_of(client: DagsterPlus, entry: dict[str, Any], values: dict[str, Any]) -> Changes:
    """Return what a verb with a document would change."""
    plan = entry["plan"]
    if "run" in plan:
        placed, named = arguments_of(entry, values)
        return cast("Changes", imported(plan["run"])(client, *placed, **named))
    found, given = planned(entry, values)
    placed, named = arguments_of(found, given)
    return cast("Changes", method_of(client, found)(*placed, **named))


def of_deployment(
    client: DagsterPlus, name: str, *, settings: Any, validate: bool = True, **_rest: Any
) -> Changes:
    """Return what settings would change in a deployment of that name."""
    client.deployments.get(name)  # its absence is told as what it is
    other = client.with_options(deployment=name)
    return other.deployment_settings.plan(settings, validate=validate)


def of_location(client: DagsterPlus, name: str, *, document: Any, **settings: Any) -> Changes:
    """Return what a document would change in one code location, which is read as the facade reads it."""
    from ..._core.location_documents import location_document, updated

    rest = {key: settings[key] for key in settings.keys() - {"validate", "wait", "timeout"}}
    wanted = location_document(name, document, rest)
    all_of_them: list[Any] = client.code_locations.export()["locations"]
    changed = [updated(found, wanted) for found in all_of_them if found["location_name"] == name]
    if not changed:
        client.code_locations.get(name)  # says that there is none, and which are alike
    return client.code_locations.plan({"locations": changed}, delete=False, validate=False)


def of_role(client: DagsterPlus, role: str, *, document: Any, **given: Any) -> Changes:
    """Return what a document would change in a custom role."""
    from ... import Changes
    from ..._core.documents import read_document

    found = client.custom_roles.get(role)
    before = {key: data_of(getattr(found, key)) for key in _ROLE}
    wanted = {**read_document(document, "the custom role"), **given}
    after = {key: before[key] if wanted.get(key) is None else wanted[key] for key in _ROLE}
    for side in (before, after):
        side["permissions"] = sorted(map(str, side["permissions"]))
    return Changes(before, after)
