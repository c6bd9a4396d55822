"""Where settings are stored, and how they are changed there: the official tools' files, and our profiles."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ConfigurationError
from . import files
from .layers import read_table
from .resolve import PROFILE_VARIABLE, home_of
from .target import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class StoredTable(NamedTuple):
    """A table of a file that settings are stored in.

    Attributes:
        path: The file.
        table: The names that lead to the table; empty where the file is all of it.
        profile: The profile's name; empty for the settings that the official tools read, too.
        values: The known keys that have a value there.
    """

    path: str
    table: tuple[str, ...]
    profile: str
    values: Mapping[str, str]

    @property
    def title(self) -> str:
        """The file, with the table in it."""
        if self.profile:
            return f"{self.path} (profile {self.profile})"
        return f"{self.path} [{'.'.join(self.table)}]" if self.table else self.path

    @property
    def is_shared(self) -> bool:
        """Whether `dg` and `dagster-cloud` read it: it can have no key but theirs."""
        return not self.profile

    def change(self, changes: Mapping[str, str | None]) -> bool:
        """Set keys, or remove those whose new value is None; nothing else in the file changes.

        Args:
            changes: New values by key.

        Returns:
            Whether anything had to be changed.

        Raises:
            ConfigurationError: The new values contradict each other, or the file cannot be changed; it is as it was then.
        """
        merged = {**self.values, **changes}
        self._check({key: value for key, value in merged.items() if value is not None})
        return _change(self.path, self.table, changes)

    def rehearse(self) -> None:
        """Check that a login could be stored, before anybody takes the trouble.

        Raises:
            ConfigurationError: It could not.
        """
        keys: tuple[str, ...] = ("organization", "default_deployment", "user_token", "url")
        changes: dict[str, str | None] = dict.fromkeys(keys, "x")
        _change(self.path, self.table, changes, is_rehearsal=True)

    def remove(self) -> None:
        """Remove the table.

        Raises:
            ConfigurationError: The file cannot be changed; it is as it was then.
        """
        from . import toml_text

        _rewrite(self.path, lambda text: toml_text.remove(text, self.table))

    def _check(self, values: Mapping[str, str]) -> None:
        """Check that a client could be made of the values, or of them and an organization."""
        table = files.FileTable(dict(values), f"file {self.path}")
        find_target([read_table(table, "file")])

    def __repr__(self) -> str:
        return f"StoredTable({self.title!r})"


def user_files(environ: Mapping[str, str]) -> files.UserFiles:
    """Return the configuration files of whoever runs this.

    Args:
        environ: The environment's variables.
    """
    return files.UserFiles(environ, home_of(environ, None))


def place_of(profile: str | None, environ: Mapping[str, str]) -> StoredTable:
    """Return where the settings are stored that are used when nothing else is said; it may not be there yet.

    Args:
        profile: The profile that was asked for; else the environment's one, or the file's default.
        environ: The environment's variables.

    Raises:
        ConfigurationError: A file cannot be read or understood.
    """
    found = user_files(environ)
    name = profile or environ.get(PROFILE_VARIABLE, "").strip() or found.default_profile
    if name:
        table = found.profiles().get(name)
        values = table.values if table else {}
        return StoredTable(found.path, (*files.PROFILES_TABLE, name), name, values)
    own, legacy = found.shared()
    if legacy.values and not own.values:
        # The official tools fail where both files have settings.
        return StoredTable(found.legacy_path, (), "", legacy.values)
    return StoredTable(found.path, files.PLUS_TABLE, "", own.values)


def places(environ: Mapping[str, str]) -> list[StoredTable]:
    """Return all places that have settings: what the official tools read, then the profiles.

    Args:
        environ: The environment's variables.

    Raises:
        ConfigurationError: A file cannot be read or understood.
    """
    found = user_files(environ)
    own, legacy = found.shared()
    all_places = [
        StoredTable(found.path, files.PLUS_TABLE, "", own.values),
        StoredTable(found.legacy_path, (), "", legacy.values),
        *(
            StoredTable(found.path, (*files.PROFILES_TABLE, name), name, table.values)
            for name, table in found.profiles().items()
        ),
    ]
    return [place for place in all_places if place.values]


def use_profile(name: str | None, environ: Mapping[str, str]) -> str:
    """Store which profile is used where no other is chosen; return the file.

    Args:
        name: It; None for none.
        environ: The environment's variables.

    Raises:
        ConfigurationError: The file cannot be changed; it is as it was then.
    """
    path = user_files(environ).path
    _change(path, files.PROFILES_TABLE[:1], {files.DEFAULT_PROFILE: name})
    return path


def _change(
    path: str,
    table: Sequence[str],
    changes: Mapping[str, str | None],
    *,
    is_rehearsal: bool = False,
) -> bool:
    from . import toml_text, yaml_text
    from .text_changes import UnsafeEditError

    def edited(text: str) -> str:
        if path.endswith(".toml"):
            return toml_text.edit(text, table, changes)
        if table:
            raise UnsafeEditError("its name does not end with .toml")
        return yaml_text.edit(text, changes)

    return _rewrite(path, edited, is_rehearsal=is_rehearsal)


def _rewrite(path: str, edited: Callable[[str], str], *, is_rehearsal: bool = False) -> bool:
    """Change a file's text; where that is not safe, say in which file."""
    from . import writing
    from .text_changes import UnsafeEditError

    problem = ""
    try:
        return writing.rewrite(path, edited, is_rehearsal=is_rehearsal)
    except UnsafeEditError as error:
        problem = error.message
    raise ConfigurationError(
        f"{path} cannot be changed safely: {problem}. It is left as it was; edit it yourself."
    )
