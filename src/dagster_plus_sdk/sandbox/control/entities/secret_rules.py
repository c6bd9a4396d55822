"""What a secret can be, where it applies, and who may see and change it."""

from __future__ import annotations

import re

from ..callers import USER
from ..context import denied, hex_id
from ..registry import Failure, kind, linked, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..context import Context
    from ..store import Row

SECRET = "Secret"  # noqa: S105 - a type's name
EDIT = "EDIT_SECRETS"
READ = "READ_SECRET_VALUES"
DEPLOYMENT = "DagsterCloudDeployment"
FLAGS = ("fullDeploymentScope", "allBranchDeploymentsScope", "localDeploymentScope")
BRANCH = "specificBranchDeploymentScope"
#: What an environment variable can be called.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Begins the names of the variables that Dagster+ sets itself.
RESERVED = "DAGSTER_CLOUD_"
MASK = "********"

HIDDEN_VALUE = switch(
    "hidden_secret_value",
    "empty",
    "masked",
    about="What stands for the value of a secret that the caller may not see.",
)
LIMIT = switch("secret_limit", "1000", "3", about="How many secrets a deployment can have.")
OVERLAP = switch(
    "secret_overlap",
    "all_locations_included",
    "same_locations_only",
    about="Whether a secret for all code locations overlaps with one for some, or only with others for all.",
)


def owner_of(context: Context) -> Row:
    """Return the deployment whose secrets those of the URL's are: of a branch deployment its base."""
    here = context.here()
    if here["deploymentType"] != "BRANCH":
        return here
    return context.store.get(DEPLOYMENT, here["parentId"]) or here


def _allows(context: Context, permission: str, row: Row) -> bool:
    """Tell whether the caller has a permission in each of a secret's code locations."""
    owner = context.store.get(DEPLOYMENT, row["deployment"])
    return owner is not None and all(
        context.allows(permission, deployment=owner, location=name)
        for name in row["locationNames"] or [None]
    )


def may_view(context: Context, row: Row) -> bool:
    """Tell whether the caller may see a secret's value."""
    return _allows(context, READ, row)


def may_edit(context: Context, row: Row) -> bool:
    """Tell whether the caller may change a secret, or write one like it."""
    # On a branch deployment secrets can only be read.
    return context.here()["deploymentType"] != "BRANCH" and _allows(context, EDIT, row)


def visible_value(context: Context, row: Row) -> str:
    """Return what the caller sees of a secret's value."""
    if may_view(context, row):
        # What was sealed with another sandbox's token cannot be read.
        return row["secretValue"] or ""
    return "" if context.switch(HIDDEN_VALUE) == "empty" else MASK


kind(
    SECRET,
    private=("deployment", "updater"),
    sealed=("secretValue",),
    secretValue=visible_value,
    canEditSecret=may_edit,
    canViewSecretValue=may_view,
    updatedBy=linked(USER, "updater"),
)


def scopes_of(row: Row) -> set[str]:
    """Return where a secret applies: the names of flags, and of a branch its own."""
    own = {name for name in FLAGS if row.get(name)}
    return own | ({f"branch {row[BRANCH]}"} if row.get(BRANCH) else set())


def locations_of(row: Row) -> set[str]:
    """Return the code locations that get a secret; of one for all there are none."""
    return set(row["locationNames"])


def place(row: Row) -> tuple[str, frozenset[str], frozenset[str]]:
    """Return what makes a secret another one: its name, its scopes and its code locations."""
    return row["secretName"], frozenset(scopes_of(row)), frozenset(locations_of(row))


def overlap(context: Context, one: Row, other: Row) -> bool:
    """Tell whether two secrets would apply in one place under one name."""
    if one["secretName"] != other["secretName"] or not scopes_of(one) & scopes_of(other):
        return False
    some, others = locations_of(one), locations_of(other)
    if some and others:
        return bool(some & others)
    return some == others or context.switch(OVERLAP) == "all_locations_included"


def all_here(context: Context) -> list[Row]:
    """Return the secrets of the URL's deployment."""
    return context.store.list(SECRET, deployment=owner_of(context)["deploymentId"])


def written(
    context: Context, name: str, value: str, scopes: Row, locations: Sequence[str | None] | None
) -> Row:
    """Return a secret as it is to be stored, with an id of its own.

    Raises:
        Failure: There can be no such secret.
    """
    if not NAME.fullmatch(name):
        raise invalid(f"an environment variable cannot be called {name!r}")
    if name.upper().startswith(RESERVED):
        raise invalid(f"{name!r} is one of the variables that Dagster+ sets itself")
    if not any(scopes.values()):
        raise invalid(f"{name!r} has no scope")
    return {
        "id": hex_id(),
        "deployment": owner_of(context)["deploymentId"],
        "secretName": name,
        "secretValue": value,
        "locationNames": list(dict.fromkeys(n for n in locations or () if n)),
        **{flag: bool(scopes.get(flag)) for flag in FLAGS},
        BRANCH: scopes.get(BRANCH) or None,
        "updateTimestamp": context.now(),
        "updater": context.caller.user_id,
    }


def invalid(message: str) -> Failure:
    """Return the error for what no secret can be."""
    return Failure("InvalidSecretInputError", f"Invalid secret: {message}.")


def editable_locations(context: Context, deployment: Row) -> Row:
    """Return in which code locations of a deployment the caller may change secrets."""
    # On a branch deployment secrets can only be read.
    is_branch = deployment["deploymentType"] == "BRANCH"
    return {
        "allLocations": not is_branch and context.allows(EDIT, deployment=deployment),
        "locationNames": [] if is_branch else context.caller.locations_with(EDIT, deployment),
    }


def require_edit(context: Context, row: Row) -> None:
    """Raise unless the caller may change a secret.

    Raises:
        Failure: The caller may not.
    """
    if not may_edit(context, row):
        raise denied(context.caller, EDIT)


def _require_room(context: Context, count: int) -> None:
    limit = int(context.switch(LIMIT))
    if count > limit:
        raise Failure("TooManySecretsError", f"A deployment can have {limit} secrets.")


def put(context: Context, row: Row, old: Row | None = None) -> Row:
    """Write a secret, in the place of another if there is one, unless it overlaps with a third.

    Raises:
        Failure: It does, there are too many, or the caller may not.
    """
    require_edit(context, row)
    if old is not None:
        require_edit(context, old)
        row["id"] = old["id"]
    others = [found for found in all_here(context) if found["id"] != row["id"]]
    for other in others:
        if overlap(context, row, other):
            raise Failure(
                "SecretAlreadyExistsError",
                f"There is a secret {row['secretName']!r} already where this one would apply.",
            )
    _require_room(context, len(others) + 1)
    context.notes["is_value_changed"] = old is None or old["secretValue"] != row["secretValue"]
    return context.store.put(SECRET, row["id"], row)


def secret_here(context: Context, identifier: str) -> Row:
    """Return a secret of the URL's deployment.

    Raises:
        Failure: There is none with this id.
    """
    owner = owner_of(context)["deploymentId"]
    return context.need(SECRET, identifier, "SecretNotFoundError", "secret", deployment=owner)
