"""Asset selections, as Dagster writes them: ``group:sales and not key:"raw/*"``, ``+key:orders+2``."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from .definitions import owner_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ...store import Row

    Path = tuple[str, ...]
    Paths = set[Path]
    Edges = Mapping[Path, Iterable[Path]]

TOKEN = re.compile(r"""\s*(\(|\)|\d*\+\d*|\w+:"[^"]*"|"[^"]*"|[^\s()+"]+)""")


class SelectionError(Exception):
    """A selection that cannot be read."""


#: What the values of an attribute are compared with.
ATTRIBUTES: dict[str, Callable[[Row], list[str]]] = {
    "key": lambda asset: ["/".join(asset["key"]["path"])],
    "group": lambda asset: [asset["group"]],
    "kind": lambda asset: list(asset["kinds"]),
    "owner": lambda asset: [owner_name(owner) for owner in asset["owners"]],
    "tag": lambda asset: [
        text for t in asset["tags"] for text in (t["key"], f"{t['key']}={t['value']}")
    ],
    "column": lambda asset: list(asset["columns"]),
    "table_name": lambda asset: [asset["tableName"] or ""],
    "code_location": lambda asset: [
        asset["locationName"],
        f"{asset['repositoryName']}@{asset['locationName']}",
    ],
}


def select_assets(text: str, assets: Iterable[Row]) -> Paths:
    """Return the keys of the assets that a selection gives.

    Args:
        text: The selection.
        assets: All assets, as `definitions` has them.

    Raises:
        SelectionError: The text cannot be read.
    """
    tokens = TOKEN.findall(text)
    if "".join(tokens) != "".join(re.findall(r'"[^"]*"|[^\s"]', text)):
        raise SelectionError(f"the selection {text!r} cannot be read")
    reader = _Reader(text, tokens, {tuple(asset["key"]["path"]): asset for asset in assets})
    found = reader.either()
    if reader.left:
        raise reader.error()
    return found


class _Reader:
    """Reads tokens by descending: `or` holds least, then `and`, `not`, and what goes along dependencies."""

    def __init__(self, text: str, tokens: list[str], assets: Mapping[Path, Row]) -> None:
        self._text = text
        self.left = tokens[::-1]
        self._assets = assets
        self._up: Edges = {
            path: [tuple(key) for key in asset["deps"] if tuple(key) in assets]
            for path, asset in assets.items()
        }
        self._down: Edges = {
            path: [other for other, deps in self._up.items() if path in deps] for path in assets
        }

    def error(self) -> SelectionError:
        """Return what is wrong."""
        where = f"at {self.left[-1]!r}" if self.left else "at its end"
        return SelectionError(f"the selection {self._text!r} cannot be read {where}")

    def _is_next(self, *words: str) -> bool:
        return bool(self.left) and self.left[-1].lower() in words

    def either(self) -> Paths:
        """Read what `or` joins."""
        found = self._both()
        while self._is_next("or"):
            self.left.pop()
            found = found | self._both()
        return found

    def _both(self) -> Paths:
        found = self._one()
        while self._is_next("and"):
            self.left.pop()
            found = found & self._one()
        return found

    def _one(self) -> Paths:
        if self._is_next("not"):
            self.left.pop()
            return set(self._assets) - self._one()
        before = self._plus()
        found = self._atom()
        after = self._plus()
        reached = set(found)
        if before is not None:
            reached |= _walk(found, self._up, before)
        if after is not None:
            reached |= _walk(found, self._down, after)
        return reached

    def _plus(self) -> int | None:
        """Return how far to go along dependencies; None without a plus."""
        if not self.left or "+" not in self.left[-1] or '"' in self.left[-1]:
            return None
        return int(self.left.pop().strip("+") or len(self._assets))

    def _atom(self) -> Paths:
        if not self.left or self._is_next("and", "or", ")"):
            raise self.error()
        token = self.left.pop()
        if token != "(":  # noqa: S105 - a parenthesis
            return {path for path, asset in self._assets.items() if _matches(token, asset)}
        found = self.either()
        if not self._is_next(")"):
            raise self.error()
        self.left.pop()
        return found


def _walk(start: Paths, edges: Edges, steps: int) -> Paths:
    found, border = set(start), start
    while border and steps:
        border = {path for each in border for path in edges[each]} - found
        found |= border
        steps -= 1
    return found


def _matches(token: str, asset: Row) -> bool:
    name, colon, value = token.partition(":")
    if not colon or name.startswith('"'):
        name, value = "key", token
    if name not in ATTRIBUTES:
        raise SelectionError(f"assets cannot be selected by {name!r}")
    pattern = value.strip('"').replace("[", "[[]")
    return any(fnmatchcase(each, pattern) for each in ATTRIBUTES[name](asset))
