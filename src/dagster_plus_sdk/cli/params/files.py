"""What commands read besides their words: files, and standard input, which is read at most once."""

from __future__ import annotations

import os
import sys

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The word for standard input, and how it is called in errors.
DASH, STDIN = "-", "<stdin>"
_META = "dagster_plus_sdk.stdin"


def expanded(word: str) -> str:
    """Return the path that a word means: ``@`` before it is left out, and ``~`` is the home folder."""
    return os.path.expanduser(word.removeprefix("@"))  # noqa: PTH111 - pathlib costs more than it gives


def read_file(path: str) -> bytes:
    """Return what is in a file.

    Raises:
        click.UsageError: It cannot be read.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than it gives
            return file.read()
    except (OSError, ValueError) as error:  # a path cannot have a NUL
        reason = getattr(error, "strerror", None) or error
        raise click.UsageError(f"{path} cannot be read: {reason}") from error


def text_of(word: str, param: str) -> tuple[str, str]:
    """Return the text in a file or on stdin, and how its place is called.

    Raises:
        click.UsageError: It cannot be read, or is no UTF-8.
    """
    if word == DASH:
        return stdin(param), STDIN
    path = expanded(word)
    try:
        return read_file(path).decode("utf-8-sig"), path
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} cannot be read: {error}") from error


def stdin(param: str) -> str:
    """Return what stdin has, for one parameter only.

    Args:
        param: Its name; the same one gets the same text again.

    Raises:
        click.UsageError: Another one has read it, or it is no UTF-8.
    """
    return _once(param, sys.stdin.read)


def secret_of(word: str, param: str) -> str:
    """Return a secret: the word, or behind ``@`` that of a file, or for ``-`` that of stdin, asked for on a terminal.

    Raises:
        click.UsageError: It cannot be read; the word itself, which may be the secret, is not told.
    """
    if word == DASH:
        return _once(param, _asked)
    if not word.startswith("@"):
        return word
    try:
        text = read_file(expanded(word)).decode("utf-8-sig")
    except (click.UsageError, UnicodeDecodeError):
        raise click.UsageError(
            f"{_spelt(param)} begins with @, and there is no text file of that name; give a value that begins so on stdin: -"
        ) from None
    return _line(text)


def on_stdin(entry: dict[str, Any]) -> Any:
    """Return the document on stdin; its bytes where it is of another form, and as text where no error may repeat it.

    Raises:
        click.UsageError: It is empty, or cannot be read.
        InvalidInputError: It is no YAML.
    """
    text = stdin(entry["name"])
    if not text.strip():
        raise click.UsageError(f"{STDIN} is empty; an empty document is {{}}")
    if entry.get("of") == "bytes":
        return text.encode()
    from ..._core.documents import parse  # as the facade reads it

    return text if entry.get("of") == "secrets" else parse(text, STDIN)


def records(entry: dict[str, Any], word: str) -> list[Any]:
    """Return the list of mappings in a YAML or JSON file, in the word itself, or on stdin.

    Raises:
        click.UsageError: There is no such file, or it holds something else.
        InvalidInputError: It is no YAML.
    """
    from ..._core.documents import parse

    is_text = word.lstrip().startswith("[")
    text, where = (word, _spelt(entry["name"])) if is_text else text_of(word, entry["name"])
    found: Any = parse(text, where)
    if not isinstance(found, list) or not _are_mappings(found):
        raise click.UsageError(f"{where} must hold a list of mappings")
    return [*found]


def _are_mappings(entries: Any) -> bool:
    return all(isinstance(entry, dict) for entry in entries)


def _asked() -> str:
    from .asking import hidden

    return _line(hidden("Value"))


def _line(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def _once(param: str, read: Any) -> str:
    context = click.get_current_context(silent=True)
    taken: dict[str, str] = {} if context is None else context.meta.setdefault(_META, {})
    if taken and param not in taken:
        both = " and ".join(_spelt(name) for name in (*taken, param))
        raise click.UsageError(f"{both} both read stdin (-): only one of them can")
    if param not in taken:
        try:
            taken[param] = read()
        except UnicodeDecodeError as error:
            raise click.UsageError(f"{STDIN} cannot be read: {error}") from error
    return taken[param]


def _spelt(name: str) -> str:
    """Return how the command line writes a parameter."""
    context = click.get_current_context(silent=True)
    for param in () if context is None else context.command.params:
        if param.name == name and isinstance(param, click.Option):
            return param.opts[0]
    return name.upper()
