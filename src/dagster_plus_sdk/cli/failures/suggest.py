"""What was meant, where a noun, a verb, an option or a name does not exist."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    import click

    from ..state import State

#: Other people's words for nouns and verbs, with ours in the order in which they are looked for.
SYNONYMS: dict[str, str] = {
    "abort": "terminate cancel", "activate": "start", "add": "create set", "apply": "sync",
    "cancel": "terminate", "code": "code-location", "cat": "get", "deactivate": "stop",
    "del": "delete remove", "describe": "get", "destroy": "delete down", "details": "get",
    "diff": "plan", "disable": "stop", "edit": "update set", "enable": "start", "env": "env-var secret",
    "events": "run-events", "execute": "launch create", "exec": "launch create", "find": "list search",
    "info": "get status", "inspect": "get", "kill": "terminate cancel", "launch": "create",
    "location": "code-location", "login": "auth", "logout": "auth", "logs": "log",
    "ls": "list", "ll": "list", "me": "auth", "monitor": "watch follow", "new": "create",
    "pause": "stop mute", "ps": "list", "query": "graphql", "reload": "reload-all",
    "remove": "delete revoke", "rerun": "reexecute", "restart": "reload reexecute", "resume": "start",
    "retry": "reexecute resume", "rm": "delete remove revoke", "role": "custom-role", "run": "launch create",
    "set": "update", "show": "get list status", "start": "create launch", "status": "get list",
    "stop": "terminate cancel down", "submit": "create launch", "tail": "follow watch", "trigger": "launch create",
    "unset": "delete", "up": "start", "view": "get catalog-view", "whoami": "auth", "wipe": "delete",
}  # fmt: skip
#: The same for options, without their hyphens.
OPTIONS: dict[str, str] = {
    "after": "created-after sent-after", "before": "created-before sent-before", "config": "run-config config-yaml",
    "f": "yes", "follow": "wait", "for": "until for-seconds", "force": "yes", "from-failure": "strategy", "L": "limit",
    "limits": "limit", "max": "limit", "n": "limit", "org": "organization", "output": "format", "since": "created-after after",
    "token": "api-token", "until": "created-before before",
}  # fmt: skip
_MANY = 3
#: What is known by ids, of which none is like another one.
_IDS = frozenset({"backfill", "run"})


def instead_of(path: str, words: Sequence[str], known: Collection[str]) -> str:
    """Return what to write in the place of a command that does not exist.

    Args:
        path: The noun that it was looked for in; empty for nouns themselves.
        words: It, and what follows it.
        known: The commands that there are.
    """
    word = words[0]
    similar = _turned(words, known) if not path and len(words) > 1 else []
    similar = similar or _similar(word, known) or _elsewhere(path, word)
    others = f"choose from {', '.join(known)}" if path else "dplus --help lists them"
    return meant(similar) or others


def _elsewhere(path: str, word: str) -> list[str]:
    """Return the noun that a word below a noun is like: ``dplus log`` for ``run logs``."""
    from ..tree import nouns

    found = _similar(word, nouns()) if path else []
    return [f"dplus {found[0]}"] if len(found) == 1 else []


def _similar(word: str, known: Collection[str]) -> list[str]:
    """Return the commands that a word is like: in another number, by meaning, as a part, or with another spelling."""
    lower = word.lower().replace("_", "-")
    singulars = (lower, lower.removesuffix("s"), lower.removesuffix("es"), lower[:-3] + "y")
    for one in singulars:
        if one in known:
            return [one]
    meant = [name for name in SYNONYMS.get(lower, "").split() if name in known]
    if meant:
        return meant[:1]
    parts = [name for name in known if not {*singulars}.isdisjoint(name.split("-"))]
    return parts[:_MANY] or close(lower, known)


def _turned(words: Sequence[str], known: Collection[str]) -> list[str]:
    """Return ``run list`` for ``list runs``: a verb before its noun."""
    from ..tree import is_noun, nouns, verbs

    verb = words[0].lower()
    for noun in _similar(words[1], known):
        entry = nouns().get(noun, {})
        if is_noun(entry):
            below = verbs(noun, entry)
            found = [verb] if verb in below else SYNONYMS.get(verb, "").split()
            fitting = [f"{noun} {name}" for name in found if name in below]
            if fitting:
                return fitting[:1]
    return []


def instead_of_option(option: str, context: click.Context) -> str:
    """Return what to write in the place of an option that does not exist."""
    import click

    from ..params.options import GlobalOption

    params = [p for p in context.command.get_params(context) if isinstance(p, click.Option)]
    spelt = [
        name[2:] for p in params for name in (*p.opts, *p.secondary_opts) if name.startswith("--")
    ]
    word = option.lstrip("-")
    ours = [name for name in OPTIONS.get(word, "").split() if name in spelt][:1]
    similar = [f"--{name}" for name in ours or close(word, spelt, 0.65)]
    if isinstance(context.command, click.Group):
        return meant(similar) or "the options of a command stand behind it"
    own = [p.opts[0] for p in params if not isinstance(p, GlobalOption) and "--help" not in p.opts]
    others = f"choose from {', '.join(own)}" if own else "it has none but those of every command"
    return meant(similar) or others


def meant(similar: Sequence[str]) -> str:
    """Return the question whether something similar was meant; nothing where there is nothing similar."""
    return f"did you mean {' or '.join(similar)}?" if similar else ""


def close(word: str, known: Iterable[str], likeness: float = 0.6) -> list[str]:
    """Return the words that one is like, the likest first."""
    from difflib import get_close_matches

    return get_close_matches(word, list(known), n=_MANY, cutoff=likeness)


def similar_names(message: str, state: State) -> str:
    """Return the end of the message that something was not found: what is there with a name like it.

    One more request, which is given up soon; whatever goes wrong with it, the first error is the one to tell.

    Args:
        message: The message so far.
        state: The command that was asked for.
    """
    from .names import filters_of, kind_of, texts_of

    if state.deployment and repr(state.deployment) in message:
        there = state.replaced(deployment=None)  # where it is not there is nobody to ask
        return _did_you_mean([state.deployment], there, "deployment", {})
    path, values = state.asked or ("", {})
    for name, value in values.items():
        kind = kind_of(path, name)
        wanted = [word for word in texts_of(value) if word in message]
        if kind == "partition" and wanted and ".." in wanted[0] and "partition_range" in values:
            return f"; a range of partitions is {state.options['partition_range']} FIRST..LAST"
        filters = filters_of(kind, values) if kind and wanted else None
        if kind and filters is not None and kind not in _IDS:
            return _did_you_mean(wanted, state, kind, filters)
    return ""


def _did_you_mean(
    wanted: Sequence[str], state: State, kind: str, filters: Mapping[str, Any]
) -> str:
    from ..completion.live import names_of

    known = [known for known, _ in names_of(state, kind, filters)]
    found = list(dict.fromkeys(name for word in wanted for name in _names_like(word, known)))
    if not found or set(found) & set(wanted):
        return ""
    return f"; {meant([*map(repr, found[:_MANY])])}"


def _names_like(word: str, known: Sequence[str]) -> list[str]:
    """Return names like a word, in any case; a last part of a path is like the whole of it."""
    folded = {name.lower(): name for name in known}
    inner = [name for name in known if name.lower().endswith("/" + word.lower())]
    return inner[:_MANY] or [folded[name] for name in close(word.lower(), folded)]
