"""The configuration files of the official tools, as those read them, and our profiles."""

from __future__ import annotations

import os
import sys

from ..errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeGuard

KEYS = ("url", "organization", "default_deployment", "user_token", "agent_timeout", "region")
PROFILES_TABLE = "dagster_plus_sdk.profiles"
"""Profiles stand beside [cli.plus], not in it: `dg` fails on a key that it does not know there."""

_SHARED_KEYS = KEYS[:-1]
_TEXTS = frozenset(KEYS) - {"agent_timeout"}
_MAX_BYTES = 1 << 20


class FileTable:
    """What one configuration file, or one profile in it, says.

    Attributes:
        values: The known keys that have a value.
        source: "file <path>", with the profile's name where it is one.
    """

    __slots__ = ("source", "values")

    def __init__(self, values: dict[str, str], source: str) -> None:
        self.values = values
        self.source = source


def dg_path(environ: Mapping[str, str], home: str) -> str:
    """Return where `dg` keeps its user configuration.

    Args:
        environ: The environment's variables.
        home: The user's home directory.

    Returns:
        The path of ``dg.toml``, whether it exists or not.
    """
    named = environ.get("DG_CLI_CONFIG")
    if named:
        return named
    if sys.platform == "win32":
        return os.path.join(home, "AppData", "dg", "dg.toml")  # noqa: PTH118
    folder = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")  # noqa: PTH118
    return os.path.join(folder, "dg.toml")  # noqa: PTH118


def cloud_cli_path(environ: Mapping[str, str], home: str) -> str:
    """Return where `dagster-cloud` keeps its configuration.

    Args:
        environ: The environment's variables.
        home: The user's home directory.

    Returns:
        The path of the file, whether it exists or not.
    """
    named = environ.get("DAGSTER_CLOUD_CLI_CONFIG")
    return named or os.path.join(home, ".dagster_cloud_cli", "config")  # noqa: PTH118


def read_default(environ: Mapping[str, str], home: str) -> FileTable:
    """Read what the files say where no profile is chosen.

    Args:
        environ: The environment's variables.
        home: The user's home directory.

    Returns:
        The table [cli.plus] of ``dg.toml`` if it has any value, else the file of
        `dagster-cloud`; empty if neither exists. Where both say something and differ, a warning
        is logged.

    Raises:
        ConfigurationError: If a file cannot be read or understood.
    """
    path, legacy_path = dg_path(environ, home), cloud_cli_path(environ, home)
    table = _table(_load(path), "cli.plus", path)
    legacy = _table(_load(legacy_path), "", legacy_path)
    if table.values and legacy.values:
        _warn_of_difference(table, legacy)
    return table if table.values or not legacy.values else legacy


def read_profile(name: str, chosen_by: str, environ: Mapping[str, str], home: str) -> FileTable:
    """Read a named profile.

    Args:
        name: The profile's name.
        chosen_by: Where the name was given, for the error.
        environ: The environment's variables.
        home: The user's home directory.

    Returns:
        What the profile says.

    Raises:
        ConfigurationError: If there is no such profile (the message lists those there are), or
            the file cannot be read or understood.
    """
    path = dg_path(environ, home)
    document = _load(path)
    profiles = _descend(document, PROFILES_TABLE, path)
    if name in profiles:
        table = _table(document, f"{PROFILES_TABLE}.{name}", path, last=name)
        return FileTable(table.values, f"{table.source} profile {name}")
    known = ", ".join(sorted(map(repr, profiles))) or "none"
    raise ConfigurationError(
        f"There is no profile {name!r} (from {chosen_by}); {path} has: {known}. A profile is a "
        f"table [{PROFILES_TABLE}.NAME] with the keys organization, default_deployment, "
        "user_token, url, region."
    )


def _load(path: str) -> Mapping[str, object]:
    """Read one file; its name decides between TOML and YAML, as in the official tools."""
    text = _read(path)
    if not text:
        return {}
    document, problem = _parse_toml(text) if path.endswith(".toml") else _parse_yaml(text)
    if problem:
        raise ConfigurationError(f"{path} cannot be understood: {problem}.")
    if document is None:
        return {}
    if not _is_table(document):
        raise ConfigurationError(f"{path} cannot be understood: it must be a table of keys.")
    return document


def _read(path: str) -> str:
    problem = ""
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123 (pathlib costs start-up)
            text = file.read(_MAX_BYTES + 1)
            if len(text) <= _MAX_BYTES:
                return text
            problem = "it is too large for a configuration file"
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as error:  # a decoding error is a ValueError
        problem = getattr(error, "strerror", None) or "it is not UTF-8 text"
    # Raised outside the handler: a decoding error carries the file's content, tokens included.
    raise ConfigurationError(f"{path} cannot be read: {problem}.")


def _parse_toml(text: str) -> tuple[object, str]:
    from importlib import import_module

    tomllib: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        return tomllib.loads(text), ""
    except ValueError as error:
        # A TOMLDecodeError, whose message may quote the file; only the place is passed on.
        place = str(error).rpartition("(at ")[2].rstrip(")")
        is_place = place.startswith("line ") or place == "end of document"
        return None, f"syntax error at {place}" if is_place else "syntax error"
    except RecursionError:
        return None, "it is nested too deeply"


def _parse_yaml(text: str) -> tuple[object, str]:
    import yaml

    try:
        return yaml.safe_load(text), ""
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        return None, "syntax error" + place
    except (ValueError, RecursionError):
        return None, "it holds a date or number that cannot be, or is nested too deeply"


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _descend(
    document: Mapping[str, object], names: str, path: str, last: str = ""
) -> Mapping[str, object]:
    """Follow dotted names into nested tables; an absent one is empty."""
    parts = names.removesuffix(f".{last}").split(".") if names else []
    node: object = document
    for part in [*parts, last] if last else parts:
        node = node.get(part, {}) if _is_table(node) else None
    if not _is_table(node):
        raise ConfigurationError(f"{path}: [{names}] must be a table.")
    return node


def _table(document: Mapping[str, object], names: str, path: str, last: str = "") -> FileTable:
    values: dict[str, str] = {}
    table = _descend(document, names, path, last)
    for key in KEYS:
        value = table.get(key)
        if value is None or not str(value).strip():
            continue
        if key in _TEXTS and not isinstance(value, str):
            raise ConfigurationError(
                f"{path}: {key} must be a text in quotes, not {type(value).__name__}."
            )
        values[key] = str(value).strip()
    return FileTable(values, f"file {path}")


def _warn_of_difference(table: FileTable, legacy: FileTable) -> None:
    differing = [k for k in _SHARED_KEYS if table.values.get(k) != legacy.values.get(k)]
    if differing:
        import logging

        logging.getLogger("dagster_plus_sdk").warning(
            "%s and %s differ in %s; the first is used, remove one of them",
            table.source,
            legacy.source,
            ", ".join(differing),
        )
