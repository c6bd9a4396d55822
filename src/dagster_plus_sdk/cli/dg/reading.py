"""The words of the official ``dg api``: commands by its names, and what it means by options that we do not have.

Imported where a word or an option is none of ours, so it costs nobody else anything. The words stand in ``words.py``.
"""

from __future__ import annotations

from .words import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


SCHEMA = "--response-schema"


def below(path: str) -> dict[str, Any] | None:
    """Return the command that ``dg api`` has at a path, for the table of ours; None where it has none.

    Args:
        path: Its words, such as ``asset-check list``.
    """
    if path in COMMANDS:
        return _translated(path)
    start = f"{path} "
    words = sorted({key[len(start) :].split()[0] for key in COMMANDS if key.startswith(start)})
    if not words:
        return None
    found = {word: below(start + word) for word in words}
    return {"help": "What dg api has by these words; docs/dg-api.md has ours.", "verbs": found}


def other_reading(path: str, entry: dict[str, Any], given: Sequence[str]) -> dict[str, Any] | None:
    """Return how ``dg api`` reads the words behind one of our commands; None where they are none of its.

    Args:
        path: The command.
        entry: What it is in the table.
        given: The words.

    Raises:
        click.exceptions.Exit: Only the schema of the result was asked for; it is printed.
    """
    words = {word.partition("=")[0] for word in given}
    if SCHEMA in words:
        import click

        from .schemas import show

        show(entry)
        raise click.exceptions.Exit(0)
    if path not in COMMANDS or "words" in entry:
        return None
    found = _translated(path)
    options = {option for p in found["params"] for option in p.get("options", ())}
    theirs = options - {option for p in entry["params"] for option in p.get("options", ())}
    theirs |= {option for o in COMMANDS[path].get("options", {}).values() for option in o}
    return found if words & theirs else None


def _translated(path: str) -> dict[str, Any]:
    """Return the table's entry of a command of ``dg api``."""
    from ..tree import verb_of

    words = COMMANDS[path]
    ours = verb_of(words.get("to", path))
    names = {p["name"] for p in ours["params"]}
    params = [_parameter(p, words) for p in ours["params"]]
    params += [p for p in words.get("more", ()) if p["name"] not in names]
    act = {"params": params, "run": "dg.running.act", "words": words, "ours": ours}
    return {**ours, **act, **words.get("entry", {})}


def _parameter(ours: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter of ours as ``dg api`` has it."""
    name = ours["name"]
    given = dict(ours)
    if name in words.get("options", {}):
        given["required"] = ours.get("required", "options" not in ours)
        spelt = [*words["options"][name], *ours.get("options", ())]
        given["options"] = list(dict.fromkeys(spelt))
    if name in words.get("required", ()):
        given["required"] = True
    if name in words.get("times", ()):
        given["kind"] = "text"
    if name in words.get("kinds", {}):
        given["kind"] = words["kinds"][name]
        given.pop("choices", None)
    if name in words.get("defaults", {}):
        given.pop("default", None)
        given |= {"default": words["defaults"][name]} if words["defaults"][name] is not None else {}
    return given
