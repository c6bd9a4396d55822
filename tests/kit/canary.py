"""Finds a secret in whatever can be seen of an object."""

from __future__ import annotations

import traceback

#: What tests authenticate with; it must turn up nowhere but in the header of a request.
TOKEN = "canary:7f3a91c2e5d84b60"

_DEPTH = 12


def leaks(value: object, secret: str = TOKEN) -> list[str]:
    """Return the places where a secret can be seen, from ``repr`` and ``str`` down to attributes of attributes.

    Slots are not looked into: `Secret` has to keep its text somewhere.
    """
    found: list[str] = []
    _walk(value, secret, "it", set(), found, _DEPTH)
    return found


def _walk(value, secret, path, seen, found, depth):
    if isinstance(value, (int, float, type(None), type)) or id(value) in seen or not depth:
        return
    seen.add(id(value))
    if isinstance(value, (bytes, bytearray)):
        value = bytes(value).decode("latin-1")
    if isinstance(value, str):
        if secret in value:
            found.append(path)
        return
    for way in (repr, str):
        if secret in way(value):
            found.append(f"{way.__name__}({path})")
    for name, part in _parts(value):
        _walk(part, secret, f"{path}{name}", seen, found, depth - 1)


def _parts(value):
    if isinstance(value, dict):
        yield from ((f" key {key!r}", key) for key in value)
        yield from ((f"[{key!r}]", part) for key, part in value.items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from ((f"[{index}]", part) for index, part in enumerate(value))
    if isinstance(value, BaseException):
        yield from _parts_of_exception(value)
    yield from ((f".{name}", part) for name, part in getattr(value, "__dict__", {}).items())


def _parts_of_exception(error):
    yield ".args", error.args
    yield ".__cause__", error.__cause__
    yield ".__context__", error.__context__
    yield ".__notes__", getattr(error, "__notes__", None)
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        # A test's own variables hold what it told the server to answer.
        if not frame.f_code.co_name.startswith("test_")
    ]
    shown = traceback.StackSummary.extract(frames, capture_locals=True)
    yield " traceback", "".join(shown.format())
