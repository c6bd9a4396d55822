"""``graphql``: any document."""

from __future__ import annotations

import sys

import click

from .connect import connect
from .params.files import DASH, text_of
from .printing.output import emit_whole

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
    emit_whole(state, data)


def read_document(word: str | None) -> str:
    """Return the document: the word itself, a file's or that of stdin."""
    if word in (None, DASH) and sys.stdin.isatty():
        raise click.UsageError("give a document, @FILE, or one on stdin")
    word = word or DASH
    return text_of(word, "document")[0] if word == DASH or word.startswith("@") else word


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
