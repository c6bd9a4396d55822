"""Checks of what a caller gives, before anything is sent."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from .._generated.input_types import ExecutionTag
    from .enums import OpenStrEnum

    #: A run configuration: a mapping, YAML or JSON text, or the path of such a file.
    RunConfig: TypeAlias = Mapping[str, Any] | str | os.PathLike[str]

T = TypeVar("T")
E = TypeVar("E", bound="OpenStrEnum")


def text(value: Any, what: str) -> str:
    """Return a name that is not empty.

    Raises:
        InvalidInputError: It is empty, or no text.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError(f"{what} must be a text that is not empty, not {value!r}")
    return value


def member(enum: type[E], value: E | str, what: str) -> E:
    """Return an enum's member by name, in any case.

    Raises:
        InvalidInputError: There is no such member; the message lists those that there are.
    """
    if isinstance(value, enum):
        return value
    found = enum.__members__.get(str(value).strip().upper())
    if found is None:
        raise InvalidInputError(
            f"{what} cannot be {value!r}; choose from {', '.join(sorted(enum.__members__))}"
        )
    return found


def members(enum: type[E], values: E | str | Iterable[E | str] | None, what: str) -> list[E] | None:
    """Return members for one name or several; None for None.

    Raises:
        InvalidInputError: There is no such member, or none at all is named.
    """
    listed: list[E | str] | None = several(values, what)
    return None if listed is None else [member(enum, value, what) for value in listed]


def several(values: Any, what: str) -> list[Any] | None:
    """Return a list of one value or several; None for None.

    Raises:
        InvalidInputError: It is empty: to a server an empty filter is none, which is seldom what is meant.
    """
    if values is None:
        return None
    listed = [values] if isinstance(values, str) else list(values)
    if not listed:
        raise InvalidInputError(f"{what} is empty; leave it out to get all, or name at least one")
    return listed


def seconds(value: datetime | float | None, what: str) -> float | None:
    """Return epoch seconds of a time.

    Args:
        value: An aware datetime, or epoch seconds.
        what: The argument's name, for the error.

    Raises:
        InvalidInputError: The datetime has no timezone.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidInputError(
                f"{what} needs a timezone: {value.isoformat()} may be any of many times; "
                "write datetime(..., tzinfo=timezone.utc)"
            )
        return value.timestamp()
    if value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidInputError(
            f"{what} must be an aware datetime or epoch seconds, not {value!r}"
        ) from None


def tag_list(tags: Mapping[str, Any] | None) -> list[ExecutionTag]:
    """Return tags in the API's form.

    Raises:
        InvalidInputError: A key is empty, or a key or value is no text.
    """
    out: list[ExecutionTag] = []
    for key, value in (tags or {}).items():
        if not isinstance(value, str):
            raise InvalidInputError(f"the value of tag {key!r} must be text, not {value!r}")
        out.append({"key": text(key, "a tag's key"), "value": value})
    return out


def run_config(value: RunConfig | None) -> dict[str, Any]:
    """Return a run configuration as a mapping.

    Args:
        value: A mapping, YAML or JSON text, or the path of such a file; None for an empty one.

    Raises:
        InvalidInputError: The file cannot be read, the text is no YAML (the message has line and column), or the
            document is no mapping.
    """
    if value is None:
        return {}
    if isinstance(value, os.PathLike):
        document = _parse(_read(value), f"the run config in {os.fspath(value)}")
    elif isinstance(value, str):
        document = _parse(value, "the run config")
    else:
        document = value
    if document is None:
        return {}
    if not hasattr(document, "items"):
        kind = type(document).__name__
        raise InvalidInputError(
            f"the run config must be a mapping such as 'ops: ...', not a {kind}"
        )
    return dict(document)


def _read(path: os.PathLike[str]) -> str:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - PathLike, not only Path
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{os.fspath(path)} cannot be read: {error}") from error


def _parse(source: str, what: str) -> Any:
    import yaml

    if source.lstrip().startswith("{"):  # JSON knows tabs and surrogates, which YAML refuses
        import json

        with suppress(ValueError):
            return json.loads(source)

    class Loader(yaml.SafeLoader):
        """Leaves dates as texts, as Dagster does: JSON cannot say them."""

    Loader.yaml_implicit_resolvers = {
        first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(source, Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidInputError(f"{what} is no valid YAML{where}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{what} is no valid YAML: {error}") from error


def all_of(*conditions: Callable[[T], bool] | None) -> Callable[[T], bool] | None:
    """Return one filter for several; None where there is none."""
    given = [c for c in conditions if c is not None]
    if len(given) <= 1:
        return given[0] if given else None
    return lambda item: all(condition(item) for condition in given)
