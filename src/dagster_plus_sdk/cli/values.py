"""From the words of a command line to the values that the facade takes."""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any

    from click.shell_completion import CompletionItem

    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # no generic in click 8.1

#: What ``--limit`` takes for no limit.
ALL = "all"


class Words(ParamType):
    """Several texts with commas between them."""

    name = "list"

    def __init__(self, choices: Sequence[str] = ()) -> None:
        self.choices = choices

    def convert(self, value: Any, param: Any, ctx: Any) -> list[str]:
        """Split the text."""
        words = [word.strip() for word in str(value).split(",")]
        if not all(words):
            self.fail(f"{value!r} has nothing before or behind a comma", param, ctx)
        return words

    def shell_complete(
        self,
        ctx: Any,  # noqa: ARG002 - click's signature
        param: Any,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Complete the last text."""
        from click.shell_completion import CompletionItem

        before, comma, last = incomplete.rpartition(",")
        fitting = [choice for choice in self.choices if choice.startswith(last.upper())]
        return [CompletionItem(before + comma + choice) for choice in fitting]


class Tags(ParamType):
    """Pairs ``key=value`` with commas between them; a comma that no key follows is part of the value."""

    name = "tags"

    def convert(self, value: Any, param: Any, ctx: Any) -> dict[str, str]:
        """Split the text into pairs."""
        tags: dict[str, str] = {}
        for part in str(value).split(","):
            key, equals, text = part.partition("=")
            if equals and key.strip():
                tags[key.strip()] = text
            elif tags and not equals:
                last = next(reversed(tags))
                tags[last] += "," + part
            else:
                self.fail(f"{value!r} is no key=value", param, ctx)
        return tags


class Time(ParamType):
    """A time with its offset from UTC, or epoch seconds."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime | float:
        """Read the time."""
        from contextlib import suppress
        from datetime import datetime

        with suppress(ValueError):
            return float(value)
        with suppress(ValueError):
            # Python 3.10 does not know the Z.
            time = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
            if time.tzinfo is not None:
                return time
        return self.fail(
            f"{value!r} is no time with an offset, such as 2024-05-01T12:00:00Z or "
            "2024-05-01T12:00:00+02:00, and no number of epoch seconds",
            param,
            ctx,
        )


class Limit(ParamType):
    """A number, or ``all``."""

    name = "limit"

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        """Read the number."""
        text = str(value).strip().lower()
        if text == ALL:
            return ALL
        if not text.isdecimal():
            self.fail(f"{value!r} is no number from 0, and not {ALL!r}", param, ctx)
        return int(text)


class Seconds(ParamType):
    """A duration in seconds."""

    name = "seconds"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Read the number: a wrong one must not be found out after a launch."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        if not seconds >= 0:
            self.fail(f"{value!r} is no number of seconds from 0", param, ctx)
        return seconds


def type_of(entry: dict[str, Any]) -> Any:
    """Return click's type of a parameter of the command table."""
    kinds: dict[str, Any] = {"limit": Limit, "seconds": Seconds, "tags": Tags, "time": Time}
    kind = entry["kind"]
    if kind == "list":
        return Words(entry.get("choices", ()))
    if kind in kinds:
        return kinds[kind]()
    return {"int": click.INT, "float": click.FLOAT}.get(kind, click.STRING)


def value_of(entry: dict[str, Any], value: Any) -> Any:
    """Return what the facade takes for what click has read.

    Returns:
        The value; None where the option was not given.
    """
    kind = entry["kind"]
    is_left_out = (
        value is None
        or (kind in ("list", "range", "tags") and not value)
        or (kind == "flag" and not value and "default" not in entry)
    )
    read = _READ.get(kind)
    return None if is_left_out else value if read is None else read(value)


def _words(value: Any) -> list[str]:
    """Join lists; an argument that takes one word comes as its list, all else as several lists."""
    return [w for words in value for w in ([words] if isinstance(words, str) else words)]


def _merged(value: Any) -> dict[str, str]:
    return {key: text for tags in value for key, text in tags.items()}


def _range(value: Any) -> list[str]:
    """Return the ends of a range: two values, or one with two dots or a comma between its halves.

    Raises:
        click.UsageError: There are no two ends, or it cannot be told where the first one ends.
    """
    if len(value) == 1:
        text = value[0]
        value = text.split(".." if ".." in text else ",")
    if len(value) != 2 or not all(value):  # noqa: PLR2004
        raise click.UsageError(
            "a range of partitions is FIRST..LAST, or --partition-range FIRST --partition-range LAST"
        )
    return list(value)


def _limit(value: Any) -> int | None:
    return None if value == ALL else value


def _path(value: str) -> Any:
    from pathlib import Path

    return Path(value)


def _secret(value: str) -> str:
    """Return a secret, or what standard input says in the place of ``-``."""
    import sys

    return sys.stdin.read().removesuffix("\n") if value == "-" else value


def _records(path: str) -> list[Any]:
    """Return the list of mappings in a YAML or JSON file.

    Raises:
        click.UsageError: There is no such file, or it holds something else.
    """
    import yaml

    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes longer to import
            records: Any = yaml.safe_load(file)
    except yaml.MarkedYAMLError as error:
        place, line, column = error.problem_mark, 0, 0
        if place is not None:
            line, column = place.line + 1, place.column + 1
        raise click.UsageError(
            f"{path} is no valid YAML in line {line}, column {column}: {error.problem}"
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.UsageError(f"{path} cannot be read: {reason}") from error
    try:
        return [dict(record) for record in records]
    except (TypeError, ValueError) as error:
        raise click.UsageError(f"{path} must hold a list of mappings") from error


#: How the facade's value comes from click's, by kind; of all other kinds it is the same.
_READ: dict[str, Callable[[Any], Any]] = {
    "config": _path,
    "limit": _limit,
    "range": _range,
    "list": _words,
    "records": _records,
    "secret": _secret,
    "tags": _merged,
}
