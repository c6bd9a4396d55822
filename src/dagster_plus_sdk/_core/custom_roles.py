"""What a custom role is made of: from arguments and from a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .documents import read_document
from .errors import InvalidInputError
from .inputs import member, members, text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .._generated.enums import CustomRoleDeploymentScope, CustomRolePermission
    from .._generated.models import CustomRole
    from .documents import Document

_KEYS = ("name", "description", "icon", "scope", "permissions")


class RoleParts(NamedTuple):
    """The parts of a custom role that a caller gives; None for one that is not given."""

    name: str | None
    description: str | None
    icon: str | None
    scope: CustomRoleDeploymentScope | None
    permissions: list[CustomRolePermission] | None


class Role(NamedTuple):
    """A custom role, as the API takes it."""

    name: str
    description: str
    icon: str
    scope: CustomRoleDeploymentScope
    permissions: list[CustomRolePermission]


def role_parts(
    document: Document | None,
    *,
    name: str | None = None,
    description: str | None = None,
    icon: str | None = None,
    scope: CustomRoleDeploymentScope | str | None = None,
    permissions: Iterable[CustomRolePermission | str] | None = None,
) -> RoleParts:
    """Return the parts of a custom role; arguments go before what the document says.

    Args:
        document: A mapping, YAML or JSON text, or a file, with these keys.
        name: Its name.
        description: What it is for.
        icon: The name of an icon, or an emoji.
        scope: Where it can be granted.
        permissions: What it allows.

    Raises:
        InvalidInputError: The document has other keys, or a value cannot be.
    """
    from .._generated.enums.custom_role_deployment_scope import CustomRoleDeploymentScope as Scope
    from .._generated.enums.custom_role_permission import CustomRolePermission as Permission

    given = read_document(document, "the custom role", example="permissions: [...]")
    unknown = sorted(str(key) for key in given if key not in _KEYS)
    if unknown:
        raise InvalidInputError(
            f"the custom role has no {', '.join(unknown)}; it has {', '.join(_KEYS)}"
        )
    chosen_scope = _first(scope, given.get("scope"))
    return RoleParts(
        _text(_first(name, given.get("name")), "name"),
        _text(_first(description, given.get("description")), "description"),
        _text(_first(icon, given.get("icon")), "icon"),
        None if chosen_scope is None else member(Scope, chosen_scope, "scope"),
        members(Permission, _first(permissions, _listed(given)), "permissions"),
    )


def complete(name: str, parts: RoleParts) -> Role:
    """Return a new role.

    Args:
        name: Its name; one in the document does not count.
        parts: All else.

    Raises:
        InvalidInputError: A part is missing.
    """
    from .._generated.enums.custom_role_deployment_scope import CustomRoleDeploymentScope as Scope

    if parts.permissions is None:
        raise InvalidInputError("a custom role needs permissions=...: at least one")
    if parts.icon is None:
        raise InvalidInputError("a custom role needs icon=...: the name of an icon, or an emoji")
    return Role(
        name,
        parts.description or name,
        parts.icon,
        parts.scope or Scope.DEPLOYMENT,
        parts.permissions,
    )


def check_changes(parts: RoleParts) -> RoleParts:
    """Return parts that are to be changed.

    Raises:
        InvalidInputError: There are none.
    """
    if all(part is None for part in parts):
        raise InvalidInputError(
            "say what to change: name=..., description=..., icon=..., permissions=... or document=..."
        )
    return parts


def updated(role: CustomRole, parts: RoleParts) -> Role:
    """Return a role with some parts changed: the API takes only the whole.

    Raises:
        InvalidInputError: Its scope, which cannot be changed, is another one.
    """
    if parts.scope not in (None, role.scope):
        raise InvalidInputError(
            f"the scope of the custom role {role.name!r} is {role.scope} for good; make another role"
        )
    return Role(
        parts.name or role.name,
        role.description if parts.description is None else parts.description,
        parts.icon or role.icon,
        role.scope,
        parts.permissions or role.permissions,
    )


def _listed(document: dict[str, Any]) -> Any:
    """Return the permissions of a document.

    Raises:
        InvalidInputError: They are no list.
    """
    if not isinstance(document.get("permissions", []), (list, tuple, type(None))):
        raise InvalidInputError("the custom role's permissions must be a list")
    return document.get("permissions")


def _first(argument: Any, in_document: Any) -> Any:
    return in_document if argument is None else argument


def _text(value: Any, what: str) -> str | None:
    return None if value is None else text(value, f"the custom role's {what}")
