"""How a parameter stands in the table of commands, for those that no method of the facade has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def argument(name: str, text: str, **more: Any) -> dict[str, Any]:
    """Return the entry of a word that is given by its place.

    Args:
        name: Its name.
        text: What help says of it.
        more: What else there is to say, such as ``choices``.
    """
    return {"name": name, "kind": "text", "help": text, **more}


def option(name: str, kind: str, text: str, *spellings: str, **more: Any) -> dict[str, Any]:
    """Return the entry of an option.

    Args:
        name: Its name.
        kind: What its value is, such as ``text``; ``flag`` where it has none.
        text: What help says of it.
        spellings: How it is written, where that is not its name behind hyphens.
        more: What else there is to say, such as ``default``.
    """
    options = [*spellings] or [f"--{name.replace('_', '-')}"]
    return {"name": name, "kind": kind, "help": text, "options": options, **more}
