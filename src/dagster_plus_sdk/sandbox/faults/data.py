"""Faults in the answer's data: values and types that nobody knows, and data that is missing."""

from __future__ import annotations

import json

from ..front.requests import is_list, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any

    from .rules import Rule

    #: Changes a payload in place, and tells whether there was something to change.
    Spoil = Callable[[dict[str, Any], Rule, Collection[str]], bool]

#: The way to a value: the names of fields, and numbers of list items.
Steps = tuple["str | int", ...]
TYPENAME = "__typename"


def _spoiler(spoil: Spoil) -> Callable[[bytes, Rule, Collection[str]], bytes | None]:
    """Return what spoils a body; None if it has nothing to spoil."""

    def spoiled(body: bytes, rule: Rule, enum_values: Collection[str]) -> bytes | None:
        try:
            payload = json.loads(body)
        except ValueError:
            return None
        if not (is_object(payload) and is_object(payload.get("data"))):
            return None
        return json.dumps(payload).encode() if spoil(payload, rule, enum_values) else None

    return spoiled


def _unknown_enum(payload: dict[str, Any], rule: Rule, enum_values: Collection[str]) -> bool:
    for steps, value in _walk(payload["data"], ()):
        is_enum = steps[-1] != TYPENAME and isinstance(value, str) and value in enum_values
        if _is_at(steps, rule["path"]) if rule["path"] else is_enum:
            _put(payload["data"], steps, rule["value"])
            return True
    return False


def _unknown_type(payload: dict[str, Any], rule: Rule, _enum_values: Collection[str]) -> bool:
    path = f"{rule['path']}.{TYPENAME}" if rule["path"] else None
    for steps, _ in _walk(payload["data"], ()):
        # The root's own type is known by the operation; below it, the first is the root union's.
        if _is_at(steps, path) if path else steps[-1] == TYPENAME and len(steps) > 1:
            _put(payload["data"], steps, rule["value"])
            return True
    return False


def _partial_data(payload: dict[str, Any], rule: Rule, _enum_values: Collection[str]) -> bool:
    for steps, _ in _walk(payload["data"], ()):
        if not rule["path"] or _is_at(steps, rule["path"]):
            _put(payload["data"], steps, None)
            error = {"message": rule["message"], "path": steps}
            payload["errors"] = [*(payload.get("errors") or ()), error]
            return True
    return False


def _null_data(payload: dict[str, Any], rule: Rule, _enum_values: Collection[str]) -> bool:
    first = [key for key in payload["data"] if key != TYPENAME][:1]
    payload.update(data=None, errors=[{"message": rule["message"], "path": first}])
    return True


def _walk(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Return all values below a value with the way to each, those of one level before those below."""
    items: list[tuple[str | int, Any]] = []
    if is_object(value):
        items = [*value.items()]
    elif is_list(value):
        items = [*enumerate(value)]
    for step, below in items:
        yield (*steps, step), below
    for step, below in items:
        yield from _walk(below, (*steps, step))


def _is_at(steps: Steps, path: str) -> bool:
    """Tell whether a way is that of a path, which may leave the numbers of list items out."""
    wanted = path.split(".")
    named = [step for step in steps if isinstance(step, str)]
    return wanted in ([*map(str, steps)], named) and isinstance(steps[-1], str)


def _put(data: Any, steps: Steps, value: Any) -> None:
    for step in steps[:-1]:
        data = data[step]
    data[steps[-1]] = value


SPOILERS = {
    "unknown_enum": _spoiler(_unknown_enum),
    "unknown_type": _spoiler(_unknown_type),
    "partial_data": _spoiler(_partial_data),
    "null_data": _spoiler(_null_data),
}
