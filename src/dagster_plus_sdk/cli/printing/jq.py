"""``--jq``: an expression of jq on the JSON of a result, with the library of that name."""

from __future__ import annotations

import click

from ... import DagsterPlusError
from .text import plain_lines, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class JqError(DagsterPlusError):
    """An expression does not fit a result."""

    code = "JQ_ERROR"
    status_code = 422


def program(expression: str) -> Any:
    """Compile an expression.

    Raises:
        click.UsageError: It is wrong, or the library is not installed.
    """
    from importlib import import_module

    try:
        library = import_module("jq")
    except ImportError:
        raise click.UsageError(
            "--jq needs the library jq: pip install 'dagster-plus-sdk[jq]'; or pipe --json into the command jq"
        ) from None
    try:
        return library.compile(expression)
    except ValueError as error:
        first = str(error).partition("\n")[0].removeprefix("jq: error: ")
        raise click.UsageError(f"--jq: {first.rstrip(': ')}") from None


def lines(compiled: Any, value: Any, *, is_terminal: bool) -> Iterator[str]:
    """Return what an expression makes of a value: texts as they are, all else as JSON on one line; nothing for null.

    Args:
        compiled: From `program`.
        value: What JSON can say.
        is_terminal: Whether a person looks: control characters in texts become blanks.

    Raises:
        JqError: It does not fit the value.
    """
    try:
        for found in compiled.input_value(value):
            if isinstance(found, str):
                yield plain_lines(found) if is_terminal else found
            else:
                yield "" if found is None else to_json(found, indent=None)
    except ValueError as error:
        raise JqError(f"--jq: {error}") from None
