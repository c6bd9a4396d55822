"""Read a configuration file whose content is secret, whatever is in it."""

from __future__ import annotations

import sys

from ..errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeGuard

_MAX_BYTES = 1 << 20


def load(path: str) -> Mapping[str, object]:
    """Read one file; its name decides between TOML and YAML, as in the official tools.

    Args:
        path: The file; one that is not there is empty.

    Raises:
        ConfigurationError: If it cannot be read or understood. The message shows nothing of it.
    """
    text = read_text(path)
    if not text:
        return {}
    document, problem = parse_toml(text) if path.endswith(".toml") else parse_yaml(text)
    if problem:
        raise ConfigurationError(f"{path} cannot be understood: {problem}.")
    if document is None:
        return {}
    if not is_table(document):
        raise ConfigurationError(f"{path} cannot be understood: it must be a table of keys.")
    return document


def read_text(path: str) -> str:
    """Return a file's text with its own line ends; empty if there is no such file.

    Args:
        path: The file.

    Raises:
        ConfigurationError: If it cannot be read. The message and what it stands for show nothing of it.
    """
    problem = ""
    try:
        # pathlib would cost start-up
        with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
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


def parse_toml(text: str) -> tuple[object, str]:
    """Return what a TOML text says, and what is wrong with it; nothing of what may be secret in it."""
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


def parse_yaml(text: str) -> tuple[object, str]:
    """Return what a YAML text says, and what is wrong with it; nothing of what may be secret in it."""
    import yaml

    try:
        return yaml.safe_load(text), ""
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        return None, "syntax error" + place
    except (ValueError, RecursionError):
        return None, "it holds a date or number that cannot be, or is nested too deeply"


def is_table(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a value is a table, whatever its keys are."""
    return isinstance(value, dict)
