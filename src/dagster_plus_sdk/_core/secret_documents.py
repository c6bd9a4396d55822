"""Environment variables that are secrets: where they apply, and documents of many. No value is shown by any error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .documents import Changes, read_document
from .errors import DagsterPlusError, InvalidInputError
from .inputs import several, text
from .secret import MASK, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.input_types import SecretInput, SecretScopesInput
    from .._generated.models import RevealedSecret, StoredSecret
    from .documents import Document

#: The names of scopes, and the fields of models that tell whether a secret has them.
SCOPES = {"FULL": "full_deployments", "BRANCHES": "all_branch_deployments", "LOCAL": "local"}
_WIRE = {
    "FULL": "fullDeploymentScope",
    "BRANCHES": "allBranchDeploymentsScope",
    "LOCAL": "localDeploymentScope",
}
_KEYS = ("name", "value", "scopes", "branch", "locations")


def hidden(value: Any) -> Secret:
    """Return a value that was given as a text or a `Secret`.

    Raises:
        InvalidInputError: It is neither; the message does not show it.
    """
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise InvalidInputError(
            f"a secret's value must be a text, not a {type(value).__name__}; in YAML, quote it"
        )
    return Secret(value)


def sent(value: Secret) -> Any:
    """Return a value for a variable: the request reveals it, and nothing else does."""
    return value


def scope_names(scopes: Iterable[str] | str | None) -> list[str] | None:
    """Return the names of scopes in capitals; None for None.

    Raises:
        InvalidInputError: There is no such scope.
    """
    given = several(scopes, "scopes")
    if given is None:
        return None
    names = [str(name).strip().upper() for name in given]
    for name in names:
        if name not in SCOPES:
            raise InvalidInputError(f"there is no scope {name!r}; choose from {', '.join(SCOPES)}")
    return names


def scopes_input(
    scopes: Iterable[str] | str | None,
    branch: str | None,
    *,
    present: Sequence[str] | None = None,
) -> SecretScopesInput:
    """Return where a secret is to apply; all scopes where nothing is said, only the branch where only it is.

    Args:
        scopes: Their names.
        branch: A single branch.
        present: The scopes that it has and keeps where none are named.

    Raises:
        InvalidInputError: There is no such scope.
    """
    names = scope_names(scopes)
    if names is None and present is not None:
        names = [*present]
    elif names is None:
        names = [] if branch is not None else [*SCOPES]
    found = {wire: name in names for name, wire in _WIRE.items()}
    return cast(
        "SecretScopesInput",
        {
            **found,
            "specificBranchDeploymentScope": None if branch is None else text(branch, "branch"),
        },
    )


def scopes_filter(
    scopes: Iterable[str] | str | None, branch: str | None
) -> SecretScopesInput | None:
    """Return the scopes to look for; None for all.

    Raises:
        InvalidInputError: There is no such scope.
    """
    names = scope_names(scopes)
    if names is None and branch is None:
        return None
    found: dict[str, Any] = {_WIRE[name]: True for name in names or ()}
    if branch is not None:
        found["specificBranchDeploymentScope"] = text(branch, "branch")
    return cast("SecretScopesInput", found)


def scopes_of(secret: StoredSecret) -> list[str]:
    """Return the names of a secret's scopes; of a single branch its name is not among them."""
    return [name for name, field in SCOPES.items() if getattr(secret, field)]


def describe(secret: StoredSecret) -> str:
    """Return what tells a secret from others of its name."""
    scopes = [name.lower() for name in scopes_of(secret)]
    if secret.branch_deployment:
        scopes.append(f"branch {secret.branch_deployment!r}")
    places = ", ".join(secret.location_names) or "all"
    return f'id="{secret.id}" (scopes {", ".join(scopes) or "none"}; locations {places})'


class SecretSpec:
    """A secret as a document describes it."""

    __slots__ = ("branch", "locations", "name", "scopes", "value")

    def __init__(self, item: Any, number: int) -> None:
        """Read one item of a document.

        Raises:
            InvalidInputError: It is no such item; the message shows nothing of it but its name and its keys.
        """
        if not hasattr(item, "items"):
            raise InvalidInputError(f"secret {number} must be a mapping with name and value")
        unknown = sorted(str(key) for key in item if key not in _KEYS)
        if unknown:
            keys = ", ".join(_KEYS)
            raise InvalidInputError(f"secret {number} has {unknown[0]!r}; it can have {keys}")
        name = item.get("name")
        if not isinstance(name, str) or not name.strip():
            raise InvalidInputError(f"secret {number} has no name")
        self.name = name
        try:
            self.value = hidden(item.get("value"))
            self.scopes = scope_names(item.get("scopes"))
        except InvalidInputError as error:
            error.message = f"secret {name!r}: {error.message}"
            raise
        self.branch: str | None = item.get("branch")
        self.locations: list[str] = several(item.get("locations") or None, "locations") or []

    def to_input(self) -> SecretInput:
        """Return the API's input."""
        return {
            "secretName": self.name,
            "secretValue": sent(self.value),
            "scopes": scopes_input(self.scopes, self.branch),
            "locationNames": [*self.locations],
        }

    def row(self, value: str) -> dict[str, Any]:
        """Return what is compared."""
        given = scopes_input(self.scopes, self.branch)
        scopes = [name for name, wire in _WIRE.items() if given.get(wire)]
        return _row(value, scopes, self.branch, self.locations)


def read_secrets(
    document: Document | Sequence[Mapping[str, Any]],
) -> tuple[list[SecretSpec], DagsterPlusError | None]:
    """Return the secrets of a document, or what is wrong with it.

    The error is returned, and not raised, so that no frame of it holds the document.

    Args:
        document: ``{"secrets": [{"name", "value", "scopes", "branch", "locations"}, ...]}``, as a mapping, as YAML or JSON
            text, or as the path of such a file.
    """
    try:
        read = read_document(cast("Any", document), "the secrets", example="secrets: [...]")
        items: Any = read.get("secrets")
        if not isinstance(items, list) or len(read) != 1:
            raise InvalidInputError(  # noqa: TRY301 - all leave in one way
                'the secrets must be a mapping with the one key "secrets", a list'
            )
        specs = [SecretSpec(item, n) for n, item in enumerate(cast("Sequence[Any]", items), 1)]
    except InvalidInputError as error:
        mark = getattr(error.__cause__, "problem_mark", None)
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        is_syntax = type(error.__cause__).__module__.startswith("yaml")
        # The parser's own words repeat what they complain about.
        message = f"the secrets are no valid YAML{where}" if is_syntax else error.message
    else:
        return specs, None
    return [], InvalidInputError(message)


def secret_changes(before: Iterable[RevealedSecret], after: Iterable[SecretSpec]) -> Changes:
    """Return what syncing would change, by name; of values only whether they differ.

    Args:
        before: What there is.
        after: What the document has.
    """
    stored = list(before)
    old: dict[str, list[Any]] = {}
    new: dict[str, list[Any]] = {}
    for secret in stored:
        old.setdefault(secret.name, []).append(_row_of(secret))
    for spec in after:
        same = [s for s in stored if s.name == spec.name]
        # Of several with one name that one counts which is for the same place.
        there = [s for s in same if _row_of(s) == spec.row(MASK)] or same
        values = [s.value for s in there if s.can_view_value]
        is_new = spec.name in old and spec.value not in values
        new.setdefault(spec.name, []).append(spec.row(f"{MASK} (changed)" if is_new else MASK))
    for rows in (*old.values(), *new.values()):
        rows.sort(key=repr)
    return Changes(old, new)


def _row_of(secret: StoredSecret) -> dict[str, Any]:
    return _row(MASK, scopes_of(secret), secret.branch_deployment, secret.location_names)


def _row(
    value: str, scopes: Sequence[str], branch: str | None, locations: Sequence[str]
) -> dict[str, Any]:
    return {
        "value": value,
        "scopes": sorted(scopes),
        "branch": branch or None,
        "locations": sorted(locations),
    }


__all__ = [
    "SCOPES",
    "SecretSpec",
    "describe",
    "hidden",
    "read_secrets",
    "scope_names",
    "scopes_filter",
    "scopes_input",
    "scopes_of",
    "secret_changes",
    "sent",
]
