"""``--response-schema``: what the JSON of a command is, as a JSON schema."""

from __future__ import annotations

import click

from ..printing.text import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def show(entry: dict[str, Any]) -> None:
    """Print the schema of what a command prints with ``--json``.

    Raises:
        click.UsageError: It prints something that no model describes.
    """
    import warnings

    if "returns" not in entry:
        raise click.UsageError("what this command prints has no schema")
    with warnings.catch_warnings():
        # Of a union in a union pydantic says that it leaves the discriminator out.
        warnings.simplefilter("ignore")
        click.echo(to_json(schema_of(entry)))


def schema_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a command's JSON."""
    kind = entry["returns"]
    if kind == "none":
        names = [p["name"] for p in entry["params"] if "options" not in p]
        from ..invoke import done_word

        given: dict[str, Any] = {name: {} for name in names}
        return _object({**given, done_word(entry): {"type": "boolean"}})
    if kind == "value":
        return {"type": "object"}
    events = entry.get("run") == "run_events.get"
    one = _of_model(entry["model"], by_alias=events)
    definitions = one.pop("$defs", {})
    if "url" in entry["fields"] and "url" not in one.get("properties", {}):
        one["properties"] = {**one.get("properties", {}), "url": {"type": "string"}}
    if events:
        parts = {"run_id": {"type": "string"}, "events": _array(one), "count": {"type": "integer"}}
        found = _object(parts)
    elif kind in ("pager", "items"):
        found = _object({"items": _array(one), **_PAGE})
    else:
        found = one
    return {**found, "$defs": definitions} if definitions else found


_PAGE: dict[str, Any] = {"cursor": {"type": ["string", "null"]}, "has_more": {"type": "boolean"}}


def _of_model(name: str, *, by_alias: bool) -> dict[str, Any]:
    """Return the schema of a public model; of what is none, that of anything."""
    if not name:
        return {}
    from pydantic import PydanticSchemaGenerationError, TypeAdapter

    from ... import AssetKey

    package = __import__(__name__.partition(".")[0])
    model = getattr(package, name)
    if model is AssetKey:
        return {"type": "string"}
    try:
        schema = TypeAdapter(model).json_schema(mode="serialization", by_alias=by_alias)
    except PydanticSchemaGenerationError:
        return {}
    return schema


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
