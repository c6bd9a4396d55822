"""The environment's variables for authentication."""

from __future__ import annotations

from ..auth import Auth, BasicAuth, BearerAuth, HeaderAuth, NoAuth, TokenAuth
from ..errors import ConfigurationError, MissingTokenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeGuard

TOKEN_VARIABLE = "DAGSTER_CLOUD_API_TOKEN"  # noqa: S105 (a variable's name)
_PLUS_TYPES = ("dagster-plus", "token")
_TYPES = ("none", *_PLUS_TYPES, "bearer", "basic", "headers")


def environment_auth(environ: Mapping[str, str], *, is_plus: bool) -> tuple[Auth, str] | None:
    """Read how the environment wants to authenticate.

    Args:
        environ: The environment's variables. Empty ones count as unset.
        is_plus: Whether the server is Dagster+; its token goes to no other.

    Returns:
        The authentication and where it came from, or None if the environment says nothing.

    Raises:
        ConfigurationError: If the variables cannot be, or contradict each other.
    """
    variables = {
        name: environ.get(name, "").strip()
        for name in (
            TOKEN_VARIABLE,
            *("DAGSTER_AUTH_" + n for n in ("TYPE", "TOKEN", "USERNAME", "PASSWORD", "HEADERS")),
        )
    }
    kind = variables["DAGSTER_AUTH_TYPE"].lower()
    if kind and kind not in _TYPES:
        raise ConfigurationError(
            f"DAGSTER_AUTH_TYPE (environment) is unknown; it can be {', '.join(_TYPES)}."
        )
    kind = kind or _infer(variables, is_plus=is_plus)
    if kind == "none":
        return NoAuth(), "environment DAGSTER_AUTH_TYPE"
    return _make(kind, variables) if kind else None


def _infer(variables: Mapping[str, str], *, is_plus: bool) -> str:
    """Tell the kind from the variables that are set."""
    if is_plus and variables[TOKEN_VARIABLE]:
        return _PLUS_TYPES[0]
    kinds = {
        "DAGSTER_AUTH_TOKEN": _PLUS_TYPES[0] if is_plus else "bearer",
        "DAGSTER_AUTH_USERNAME": "basic",
        "DAGSTER_AUTH_HEADERS": "headers",
    }
    found = [name for name in kinds if variables[name]]
    if len(found) > 1:
        raise ConfigurationError(
            f"{' and '.join(found)} are all set in the environment: set DAGSTER_AUTH_TYPE to the "
            "one to use, or unset the others."
        )
    return kinds[found[0]] if found else ""


def _make(kind: str, variables: Mapping[str, str]) -> tuple[Auth, str]:
    if kind in _PLUS_TYPES:
        explicit = variables["DAGSTER_AUTH_TYPE"] or not variables[TOKEN_VARIABLE]
        own = "DAGSTER_AUTH_TOKEN" if explicit and variables["DAGSTER_AUTH_TOKEN"] else ""
        name = own or TOKEN_VARIABLE
        source = f"environment {name}"
        return TokenAuth(_require(variables, name, kind), source=source), source
    if kind == "bearer":
        source = "environment DAGSTER_AUTH_TOKEN"
        token = _require(variables, "DAGSTER_AUTH_TOKEN", kind)
        return BearerAuth(token, source=source), source
    if kind == "basic":
        source = "environment DAGSTER_AUTH_USERNAME"
        username = _require(variables, "DAGSTER_AUTH_USERNAME", kind)
        return BasicAuth(username, variables["DAGSTER_AUTH_PASSWORD"], source=source), source
    source = "environment DAGSTER_AUTH_HEADERS"
    headers = parse_headers(_require(variables, "DAGSTER_AUTH_HEADERS", kind))
    return HeaderAuth(headers, source=source), source


def _require(variables: Mapping[str, str], name: str, kind: str) -> str:
    value = variables[name]
    if not value:
        raise MissingTokenError(
            f"DAGSTER_AUTH_TYPE (environment) is {kind}, but {name} is not set: set it too."
        )
    return value


def parse_headers(text: str) -> dict[str, str]:
    """Read headers from a JSON object, or from lines of ``Name: value``.

    Args:
        text: The text of DAGSTER_AUTH_HEADERS.

    Returns:
        Names and values.

    Raises:
        ConfigurationError: If it is neither. The message shows nothing of the text.
    """
    problem = ConfigurationError(
        "DAGSTER_AUTH_HEADERS (environment) must be a JSON object of texts, or lines of "
        "'Name: value'."
    )
    if text.startswith("{"):
        import json

        try:
            document: Any = json.loads(text)
        except (ValueError, RecursionError):
            document = None
        # Raised outside the handler: a JSON error carries the whole text.
        if not _is_object(document):
            raise problem
        return document
    headers: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, colon, value = line.partition(":")
        if not colon:
            raise problem
        headers[name.strip()] = value.strip()
    return headers


def _is_object(value: object) -> TypeGuard[dict[str, str]]:
    # The values are checked where they become headers.
    return isinstance(value, dict)
