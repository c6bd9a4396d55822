"""What click makes of the words of a command line: a type for each kind of parameter."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from click.shell_completion import CompletionItem

    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # no generic in click 8.1

#: Texts that may be empty: that clears them, or says that there is none. Elsewhere it is a variable of the shell that is not set.
MAY_BE_EMPTY = frozenset(
    (
        "author_avatar_url", "author_email", "author_name", "branch_url", "commit_message", "commit_url", "context", "cursor",
        "description", "display_name", "prefix", "pull_request_number", "pull_request_url", "value",
    )
)  # fmt: skip
#: A comma that is none of an item.
_COMMA = re.compile(r"(?<!\\),")


class Read(ParamType, ABC):
    """Whatever a function reads from a word; a `ValueError` says what is wrong with it."""

    @abstractmethod
    def read(self, word: str) -> Any:
        """Return the value of a word.

        Raises:
            ValueError: It cannot be; the message says what can.
        """

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Read the word."""
        try:
            return self.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _said(word: str) -> str:
    """Return a word that is not empty: most often it is a variable of the shell that is not set.

    Raises:
        ValueError: It is.
    """
    if not word.strip():
        raise ValueError("it is empty")
    return word


class Text(Read):
    """A text; one of the choices where there are any, in any case, with hyphens or underscores."""

    name = "text"

    def __init__(self, entry: dict[str, Any]) -> None:
        self.choices: Sequence[str] = entry.get("choices", ())
        self.may_be_empty: bool = entry.get("name") in MAY_BE_EMPTY
        self._also: str | None = entry.get("also")
        self._is_key = entry.get("of") == "key"

    def read(self, word: str) -> Any:
        """Read one text."""
        return self.item(word if self.may_be_empty else _said(word))

    def item(self, word: str) -> str:
        """Return a text as the facade takes it.

        Raises:
            ValueError: It cannot be; the message says what can.
        """
        if self._is_key:
            return _key(word)
        if not self.choices or (self._also and re.fullmatch(self._also, word, re.IGNORECASE)):
            return word
        known = {_plain(choice): choice for choice in self.choices}
        found = known.get(_plain(word))
        if found is None:
            from ..failures.suggest import close, meant

            near = meant([known[name] for name in close(_plain(word), known)[:2]])
            there = f"choose from {', '.join(self.choices)}"
            raise ValueError(f"{word!r} cannot be; {f'{near} {there}'.lstrip()}")
        return found

    def shell_complete(
        self,
        ctx: Any,  # noqa: ARG002 - click's signature
        param: Any,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Complete a choice."""
        from click.shell_completion import CompletionItem

        plain = _plain(incomplete)
        return [CompletionItem(c) for c in self.choices if _plain(c).startswith(plain)]


def _plain(word: str) -> str:
    """Return a choice without what does not tell choices apart."""
    return re.sub(r"[-_ ]+", "_", word.strip()).upper()


class Words(Text):
    r"""Several texts with commas between them; a comma inside of one is written ``\,``."""

    name = "list"

    def __init__(self, entry: dict[str, Any] | None = None) -> None:
        super().__init__(entry or {})

    def read(self, word: str) -> list[str]:
        """Split the text."""
        return [self.item(part) for part in self.split(_said(word))]

    def split(self, text: str) -> list[str]:
        """Return the texts.

        Raises:
            ValueError: One is empty, or no JSON.
        """
        if self._is_key and text.lstrip().startswith("["):
            return _json_lists(text.strip())
        words = [word.strip().replace("\\,", ",") for word in _COMMA.split(text)]
        if not all(words):
            raise ValueError(f"{text!r} has nothing before or behind a comma")
        return words

    def shell_complete(self, ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
        """Complete the last text."""
        before, comma, last = incomplete.rpartition(",")
        items = super().shell_complete(ctx, param, last)
        for item in items:
            item.value = before + comma + item.value
        return items


def _key(word: str) -> str:
    """Return the text of an asset key, which may be a JSON list of its parts."""
    from ... import AssetKey, InvalidInputError

    if not word.lstrip().startswith("["):
        return word
    import json

    try:
        return str(AssetKey.parse(json.loads(word)))
    except (ValueError, InvalidInputError):
        raise _no_key(word) from None


def _no_key(word: str) -> ValueError:
    return ValueError(f'{word!r} is no asset key: write a/b, or its parts as ["a", "b"]')


def _json_lists(text: str) -> list[str]:
    """Return the JSON lists of a text, with commas between them; keys in other forms may follow.

    Raises:
        ValueError: One is no JSON.
    """
    import json

    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        raise _no_key(text) from None
    rest = text[end:].lstrip()
    if not rest:
        return [text]
    if not rest.startswith(","):
        raise ValueError(f"{rest!r} stands behind a list")
    return [text[:end], *Words({"of": "key"}).split(rest[1:])]


class Tags(Read):
    r"""Pairs ``key=value`` with commas between them; a comma is part of a value where no key follows, or as ``\,``."""

    name = "tags"

    def read(self, word: str) -> dict[str, str]:
        """Split the text into pairs."""
        tags: dict[str, str] = {}
        for part in _COMMA.split(word):
            key, equals, text = part.replace("\\,", ",").partition("=")
            key = key.strip()
            if equals and key:
                if tags.setdefault(key, text) != text:
                    raise ValueError(f"{key!r} has two values: {tags[key]!r} and {text!r}")
            elif tags and not equals:
                last = next(reversed(tags))
                tags[last] += "," + part.replace("\\,", ",")
            else:
                raise ValueError(f"{word!r} is no key=value")
        return tags


class Time(Read):
    """A time as people write it."""

    name = "time"

    def __init__(self, entry: dict[str, Any]) -> None:
        self._is_ahead = entry.get("ahead", False)

    def read(self, word: str) -> datetime | float:
        """Read the time."""
        from .times import time_of

        return time_of(word, ahead=self._is_ahead)


class Limit(Read):
    """A number; None for ``all``."""

    name = "limit"

    def read(self, word: str) -> int | None:
        """Read the number."""
        text = word.strip().lower()
        if text == "all":
            return None
        if not (text.isascii() and text.isdecimal()):
            raise ValueError(f"{word!r} is no number from 0, and not 'all'")
        return int(text)


class Seconds(Read):
    """A duration in seconds; a wrong one must not be found out after a launch."""

    name = "seconds"

    def read(self, word: str) -> float:
        """Read it."""
        from .times import seconds_in

        return seconds_in(word)


class File(Read):
    """The path of a file, ``~`` in it expanded; or whatever else stands for a document."""

    name = "file"

    def __init__(self, entry: dict[str, Any]) -> None:
        self._is_path = entry["kind"] == "path"

    def read(self, word: str) -> str:
        """Read the path."""
        from .files import expanded

        is_path = not _said(word).startswith("@") and self._is_path
        return expanded(word) if is_path else word

    def shell_complete(self, ctx: Any, param: Any, incomplete: str) -> list[CompletionItem]:
        """Let the shell complete a file."""
        return click.Path().shell_complete(ctx, param, incomplete)


_TYPES: dict[str, Any] = {
    "config": File,
    "list": Words,
    "path": File,
    "records": File,
    "text": Text,
    "time": Time,
}
_PLAIN: dict[str, Any] = {"limit": Limit, "seconds": Seconds, "tags": Tags}


def type_of(entry: dict[str, Any]) -> Any:
    """Return click's type of a parameter of the command table."""
    kind = entry["kind"]
    if kind in _TYPES:
        return _TYPES[kind](entry)
    if kind in _PLAIN:
        return _PLAIN[kind]()
    return {"int": click.INT, "float": click.FLOAT}.get(kind, click.STRING)
