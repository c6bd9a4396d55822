"""What a word can be: the answer to a shell that completes. Silent on every error, and quick."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stderr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    import click
    from click.shell_completion import CompletionItem

    from .lexing import Line

#: Parameters that are paths: by kind, and by name.
_FILE_KINDS = frozenset({"config", "document", "file", "records"})
_FILES = frozenset({"file", "path", "seed", "token_file", "workspace"})
_FOLDERS = frozenset({"dir", "folder"})
#: Commands whose argument is the name of a profile.
_OF_PROFILES = ("config use", "config delete-profile")
#: What stands between several values in one word, by the parameter's kind.
_BETWEEN = {"list": ",", "range": ".."}


def answer(instruction: str, program: str, variable: str) -> int:
    """Print the candidates for the last word of a line, each with its kind and its meaning.

    Args:
        instruction: ``bash_complete``, or another shell in its place.
        program: The command's name.
        variable: The environment variable that had the instruction.
    """
    from .scripts import SCRIPTS

    shell, _, what = instruction.partition("_")
    if shell not in SCRIPTS:
        return 1
    if what == "source":
        return _print([SCRIPTS[shell].removesuffix("\n")])
    try:
        # Nothing that is loaded on the way may write over the line that somebody is typing.
        with open(os.devnull, "w", encoding="utf-8") as nobody, redirect_stderr(nobody):  # noqa: PTH123
            lines = list(_lines(shell, program, variable))
        return _print(lines)
    except BaseException:  # noqa: BLE001 - nothing to complete, and nobody to tell
        return 1


def _print(lines: Iterable[str]) -> int:
    text = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    return 0


def _line() -> tuple[Line, list[str], str, str]:
    """Return the line, its words behind the command's name, what precedes the value in the last word, and the value."""
    from .lexing import line_of, split

    given = os.environ.get("_DPLUS_WORDS")
    line = line_of(given.split("\n")) if given else split(os.environ.get("_DPLUS_LINE", ""))
    words, word = line.words[1:], line.word
    if not (word.startswith("--") and "=" in word):
        return line, words, "", word
    name, _, value = word.partition("=")
    return line, [*words, name], f"{name}=", value


def _lines(shell: str, program: str, variable: str) -> Iterator[str]:
    line, words, option, word = _line()
    breaks = os.environ.get("_DPLUS_BREAKS", "")
    for item in _items(words, word, program, variable):
        if item.type != "plain":
            yield f"{item.type}\t{option}{'@' if word.startswith('@') else ''}"
            return
        text = option + _plain(item.value)
        meaning = (item.help or "").split(". ")[0].rstrip(".")
        yield f"plain\t{line.quoted(text, breaks) if shell == 'bash' else text}\t{_plain(meaning)}"


def _plain(text: str) -> str:
    """Return a text in one line that does nothing to a terminal, whatever the server calls things."""
    from ..printing.text import cell

    return text if text.isprintable() else " ".join(cell(text).split())


def _items(words: list[str], word: str, program: str, variable: str) -> list[CompletionItem]:
    from click.shell_completion import ShellComplete

    from ..app import build
    from ..state import State

    complete = ShellComplete(build(), {"obj": State()}, program, variable)
    return complete.get_completions(words, word)


def values(
    entry: Mapping[str, Any], ctx: click.Context, param: click.Parameter, word: str
) -> list[CompletionItem]:
    """Return what the value of a parameter can be.

    Args:
        entry: The parameter in the command table.
        ctx: The line so far.
        param: The parameter as click has it.
        word: What there is of the value.
    """
    from click.shell_completion import CompletionItem

    kind, name = entry["kind"], entry["name"]
    if word.startswith("@") or kind in _FILE_KINDS or name in _FILES:
        return [CompletionItem(word, type="file")]
    if name in _FOLDERS:
        return [CompletionItem(word, type="dir")]
    found = param.type.shell_complete(ctx, param, word)
    if found:
        return found
    before, between, last = word.rpartition(_BETWEEN.get(kind, "\n"))
    taken = before.split(between) if between else ()
    return [
        CompletionItem(before + between + value, help=meaning)
        for value, meaning in _names(entry, ctx)
        if value.startswith(last) and value not in taken and _is_shown(value, last)
    ]


def _is_shown(value: str, word: str) -> bool:
    """Tell whether a name is shown: Dagster's own, such as ``__ASSET_JOB``, only to those who begin with it."""
    return word.startswith("_") or not value.startswith("__")


def _names(entry: Mapping[str, Any], ctx: click.Context) -> list[tuple[str, str]]:
    """Return what the values can be: choices, fields of the result, profiles, or names that the server knows."""
    if entry.get("choices"):
        return [(choice, "") for choice in entry["choices"]]
    if entry["name"] == "fields":
        return [(field, "") for field in getattr(ctx.command, "fields", ())]
    path = ctx.command_path.partition(" ")[2]
    if entry["name"] == "profile" or path in _OF_PROFILES:
        return _profiles()
    from ..failures.names import filters_of, kind_of
    from ..state import State
    from .live import cached_names_of

    kind = kind_of(path, entry["name"])
    state = ctx.find_object(State)
    if kind is None or state is None:
        return []
    filters = filters_of(kind, ctx.params)
    filters = filters_of(kind, _arguments()) if filters is None else filters
    return [] if filters is None else cached_names_of(state, kind, filters)


def _profiles() -> list[tuple[str, str]]:
    from ..._core.config.stored import user_files
    from ..._core.errors import ConfigurationError

    try:
        found = user_files(os.environ).profiles()
    except ConfigurationError:  # a file that cannot be read
        return []
    return [(name, str(table.values.get("organization", ""))) for name, table in found.items()]


def _arguments() -> dict[str, Any]:
    """Return the arguments of the line without its last option: click knows none of them as long as that has no value."""
    from click.shell_completion import _resolve_context  # pyright: ignore[reportPrivateUsage]

    from ..app import NAME, build
    from ..state import State

    _, words, _, _ = _line()
    return _resolve_context(build(), {"obj": State()}, NAME, words[:-1]).params
