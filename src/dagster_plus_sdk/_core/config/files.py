"""The configuration files of the official tools, as those read them, and our profiles."""

from __future__ import annotations

import os
import sys
from functools import cached_property

from ..errors import ConfigurationError
from .reading import is_table, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEYS = ("url", "organization", "default_deployment", "user_token", "agent_timeout", "region")
PLUS_TABLE = ("cli", "plus")
PROFILES_TABLE = ("dagster_plus_sdk", "profiles")
"""Profiles stand beside [cli.plus], not in it: `dg` fails on a key that it does not know there."""
DEFAULT_PROFILE = "default_profile"
"""The key beside the profiles that names the one to use where no other is chosen."""

_SHARED_KEYS = KEYS[:-1]
_TEXTS = frozenset(KEYS) - {"agent_timeout"}


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


class UserFiles:
    """The user's configuration files; each is read once, when something of it is first asked for.

    What cannot be read or understood raises a ConfigurationError.

    Attributes:
        path: Where ``dg.toml`` is.
        legacy_path: Where the file of `dagster-cloud` is.
    """

    def __init__(self, environ: Mapping[str, str], home: str) -> None:
        self.path = dg_path(environ, home)
        self.legacy_path = cloud_cli_path(environ, home)

    @cached_property
    def _document(self) -> Mapping[str, object]:
        return load(self.path)

    @property
    def default_profile(self) -> str:
        """The profile that ``dg.toml`` says is used where no other is chosen; empty if none."""
        name = self._below(PROFILES_TABLE[:1]).get(DEFAULT_PROFILE, "")
        if not isinstance(name, str):
            raise ConfigurationError(f"{self.path}: {DEFAULT_PROFILE} must be a text in quotes.")
        return name.strip()

    def default(self) -> FileTable:
        """Return what the files say where no profile is chosen.

        Returns:
            The default profile of ``dg.toml`` if that names one; else its table [cli.plus] if that has any
            value, else the file of `dagster-cloud`; empty if neither exists. Where both say something and
            differ, a warning is logged.
        """
        if self.default_profile:
            return self.profile(self.default_profile, f"{DEFAULT_PROFILE} in {self.path}")
        table, legacy = self.shared()
        if table.values and legacy.values:
            _warn_of_difference(table, legacy)
        return table if table.values or not legacy.values else legacy

    def shared(self) -> tuple[FileTable, FileTable]:
        """Return what the official tools read: [cli.plus] of ``dg.toml``, and the file of `dagster-cloud`."""
        own = _values(self._below(PLUS_TABLE), self.path)
        legacy = _values(load(self.legacy_path), self.legacy_path)
        return FileTable(own, f"file {self.path}"), FileTable(legacy, f"file {self.legacy_path}")

    def profiles(self) -> dict[str, FileTable]:
        """Return all profiles, by name."""
        return {name: self._profile(name) for name in sorted(self._below(PROFILES_TABLE))}

    def profile(self, name: str, chosen_by: str) -> FileTable:
        """Return a named profile.

        Args:
            name: The profile's name.
            chosen_by: Where the name was given, for the error.

        Raises:
            ConfigurationError: If there is no such profile; the message lists those there are.
        """
        names = self._below(PROFILES_TABLE)
        if name in names:
            return self._profile(name)
        known = ", ".join(sorted(map(repr, names))) or "none"
        raise ConfigurationError(
            f"There is no profile {name!r} (from {chosen_by}); {self.path} has: {known}. A profile is a "
            f"table [{'.'.join(PROFILES_TABLE)}.NAME] with the keys organization, default_deployment, "
            "user_token, url, region."
        )

    def _profile(self, name: str) -> FileTable:
        values = _values(self._below((*PROFILES_TABLE, name)), self.path)
        return FileTable(values, f"file {self.path} profile {name}")

    def _below(self, names: Sequence[str]) -> Mapping[str, object]:
        """Return the table that names lead to; an absent one is empty."""
        node: object = self._document
        for name in names:
            node = node.get(name, {}) if is_table(node) else None
        if not is_table(node):
            raise ConfigurationError(f"{self.path}: [{'.'.join(names)}] must be a table.")
        return node


def _values(table: Mapping[str, object], path: str) -> dict[str, str]:
    """Return the known keys of a table that have a value."""
    values: dict[str, str] = {}
    for key in KEYS:
        value = table.get(key)
        if value is None or not str(value).strip():
            continue
        if key in _TEXTS and not isinstance(value, str):
            raise ConfigurationError(
                f"{path}: {key} must be a text in quotes, not {type(value).__name__}."
            )
        values[key] = str(value).strip()
    return values


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
