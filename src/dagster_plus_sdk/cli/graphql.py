"""``graphql``: any document."""

from __future__ import annotations

import sys

import click

from .connect import connect
from .output import write
from .text import to_json, to_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .state import State


def send(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Send a document and print its data.

    Raises:
        click.UsageError: The document or its variables cannot be read.
    """
    if state.format not in (None, "json", "jsonl", "yaml"):
        raise click.UsageError(
            f"data is no table: --format can be json or yaml, not {state.format}"
        )
    document = read_document(values["document"])
    variables = read_variables(values["variables"])
    with connect(state, "Unknown") as client:
        data = client.graphql(document, variables, operation_name=values["operation_name"])
    if state.format == "yaml":
        write(to_yaml(data))
    else:
        write(to_json(data, indent=None if state.format == "jsonl" else 2))


def read_document(word: str | None) -> str:
    """Return the document: the word itself, a file's or that of stdin."""
    if word in (None, "-"):
        if sys.stdin.isatty():
            raise click.UsageError("give a document, @FILE, or one on stdin")
        return sys.stdin.read()
    assert word is not None
    if not word.startswith("@"):
        return word
    try:
        with open(word[1:], encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs more than it gives
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{word[1:]} cannot be read: {error}") from error


def read_variables(words: list[str], option: str = "--variables") -> dict[str, Any]:
    """Return the variables: JSON objects and pairs, the later ones first."""
    import json

    variables: dict[str, Any] = {}
    for word in words:
        if word.lstrip().startswith("{"):
            try:
                variables.update(json.loads(word))
            except ValueError as error:
                raise click.UsageError(f"{option} is no JSON: {error}") from error
            continue
        name, equals, text = word.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{option} takes a JSON object or k=v, not {word!r}")
        try:
            variables[name] = json.loads(text)
        except ValueError:
            variables[name] = text
    return variables
