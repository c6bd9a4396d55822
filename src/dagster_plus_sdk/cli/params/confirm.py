"""Asking before something is destroyed or a document is applied, and ``--dry-run``.

What asks, and what a dry run shows, is said by the table (``destructive``, ``only_with``, ``wide``, ``plan``), which
``tools/command_asks.py`` explains; ``here`` is what concerns this machine only.
"""

from __future__ import annotations

import sys

import click

from .entries import option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..state import State

_YES = option("yes", "flag", "Do not ask.", "--yes", "-y")
_DRY_RUN = option("dry_run", "flag", "Change nothing: show what it is about.")
_DIFFERENCE = "Change nothing: show the difference between what is there and what would be."

#: How many things of a list a question names.
_NAMED = 5


def options_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options that a verb has because it asks."""
    if "destructive" not in entry:
        return []
    dry_run = {**_DRY_RUN, "help": _DIFFERENCE} if _is_document(entry) else _DRY_RUN
    return [_YES, dry_run] if "plan" in entry else [_YES]


def _is_document(entry: dict[str, Any]) -> bool:
    """Tell whether what a verb would do is the difference that a document makes."""
    plan: dict[str, Any] = entry.get("plan", {})
    return "run" in plan or plan.get("verb") == "plan"


def chosen(
    state: State, entry: dict[str, Any], values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the verb that is to be done, and its values: for ``--dry-run`` the one that shows what would be.

    Raises:
        click.UsageError: There is nothing to show: what would be changed is named on the command line.
    """
    if not values.pop("dry_run", False):
        return entry, values
    needed = entry.get("only_with")
    if needed is not None and values.get(needed) is None:
        name = state.options[needed]
        raise click.UsageError(f"--dry-run shows what {name} would change, which is not given")
    if not state.is_json:  # then stderr has errors only
        from ..printing.output import tell

        tell(f"dplus: would {_what(entry, values, small=True)}; nothing is changed")
    return planned(entry, values)


def planned(entry: dict[str, Any], values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the verb that shows what another one would do, and its values."""
    plan = entry["plan"]
    if "show" in plan:
        return {"params": entry["params"], "fields": [], "run": plan["show"]}, values
    if "run" in plan:
        kept = {key: entry[key] for key in ("attribute", "method", "params", "plan")}
        shown = {"returns": "model", "model": "Changes", "fields": ["diff"]}
        return {**kept, **shown, "run": "running.documents.show"}, values
    from ..tree import imported

    found: dict[str, Any] = imported(f"_commands.{entry['attribute']}.VERBS")[plan["verb"]]
    given = {**values, **plan.get("with", {})}
    return found, {p["name"]: given.get(p["name"], p.get("default")) for p in found["params"]}


def is_settled(state: State, entry: dict[str, Any], values: dict[str, Any]) -> bool:
    """Ask, where a verb asks; tell whether nothing is left to do.

    Raises:
        click.UsageError: Nobody can be asked.
        NotConfirmedError: The answer is no.
        InterruptedWaitError: Ctrl-C.
    """
    is_sure = values.pop("yes", False)
    needed = entry.get("only_with")
    if "destructive" not in entry or (needed is not None and values.get(needed) is None):
        return False
    if not is_sure:
        _refuse_without_person(entry, values)
    if _is_document(entry):
        from ..running.documents import is_different

        if not is_different(state, entry, values, is_sure=is_sure) and needed is None:
            return True
    if not is_sure:
        where = "" if entry.get("here") else _where(state, entry)
        _ask(f"{_what(entry, values)}{where}? [y/N] ")
    return False


def _refuse_without_person(entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Refuse where there is no terminal to ask on.

    Raises:
        click.UsageError: There is none; or a file cannot be read, which ``--yes`` would not help.
    """
    from .asking import is_answered
    from .files import read_file
    from .values import value_of

    if is_answered():
        return
    for given in entry["params"]:
        document = value_of(given, values[given["name"]]) if given["kind"] == "config" else None
        if hasattr(document, "__fspath__"):
            read_file(str(document))
    dry = ", --dry-run to see what it would change" if "plan" in entry else ""
    what = _what(entry, values, small=True)
    raise click.UsageError(f"there is no terminal to ask on: say --yes to {what}{dry}")


def _ask(question: str) -> None:
    """Ask on the terminal; return where the answer is yes.

    Raises:
        NotConfirmedError: It is no.
        InterruptedWaitError: Ctrl-C.
    """
    from ..failures.errors import InterruptedWaitError, NotConfirmedError
    from .asking import answered

    sys.stdout.flush()
    try:
        answer = answered(question)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise InterruptedWaitError("interrupted; nothing was done") from None
    if answer is None or answer.lower() not in ("y", "yes"):
        raise NotConfirmedError("nothing was done")


def _what(entry: dict[str, Any], values: dict[str, Any], *, small: bool = False) -> str:
    """Return what a verb would do to which thing: ``Delete secret KEY (--location etl)``."""
    from ..printing.text import cell
    from .values import value_of

    names: list[str] = []
    narrowed: list[str] = []
    for given in entry["params"]:
        if given["kind"] in ("config", "records", "secret"):
            continue
        value: Any = value_of(given, values[given["name"]])
        if "options" not in given:
            names += map(cell, [value] if not hasattr(value, "append") else value)
        elif value is not None and value != given.get("default"):
            word = given["options"][0].partition("/")[0]
            narrowed.append(word if value is True else f"{word} {cell(value)}")
    if len(names) > _NAMED:
        names[_NAMED:] = [f"{len(names) - _NAMED} more"]
    words = " ".join([entry["destructive"], ", ".join(names)]).rstrip()
    words += f" ({', '.join(narrowed)})" if narrowed else ""
    return words[0].lower() + words[1:] if small else words


def _where(state: State, entry: dict[str, Any]) -> str:
    """Return where a verb would act; nothing is sent for that."""
    from ..connect import connect

    with connect(state) as client:
        settings = client.settings
    if settings.organization is not None and entry.get("wide"):
        return f" in organization {settings.organization}"
    if settings.organization is None or settings.deployment is None:
        return f" at {settings.web_url}"
    return f" in {settings.organization}/{settings.deployment}"
