"""Running what was said in the words of ``dg api``: its values become ours, then our own command does it."""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from ..state import State

    Values = dict[str, Any]

#: Its scopes of secrets, in ours.
_SECRETS = {"deployment": ["full", "local"], "organization": ["full", "branches", "local"]}
_LOGS = """query GetCapturedLogs($logKey: [String!]!, $cursor: String, $limit: Int) {
  capturedLogs(logKey: $logKey, cursor: $cursor, limit: $limit) { stdout stderr cursor }
}"""


def act(state: State, entry: dict[str, Any], values: Values) -> None:
    """Do what a command of ``dg api`` says."""
    words = entry["words"]
    values = values | words.get("set", {})
    for name in words.get("times", ()):
        values[name] = _time(values[name])
    if "values" in words:
        values |= _VALUES[words["values"]](values)
    run: Callable[..., None] = _RUN.get(words.get("run", ""), _then)
    run(state, entry["ours"], values)


def _then(state: State, ours: dict[str, Any], values: Values) -> None:
    """Run our own command."""
    from ..tree import function_of

    function_of(ours)(state, ours, values)


def _other(state: State, path: str, values: Values) -> None:
    """Run another one of our commands; what was not given has its defaults."""
    from ..tree import verb_of

    ours = verb_of(path)
    _then(state, ours, {p["name"]: p.get("default") for p in ours["params"]} | values)


def _time(value: str | None) -> datetime | float | None:
    """Return a time; one without an offset is in UTC."""
    if value is None:
        return None
    from contextlib import suppress
    from datetime import datetime, timezone

    from ..params.param_types import type_of

    with suppress(ValueError):
        time = datetime.fromisoformat(value)
        if time.tzinfo is None:
            return time.replace(tzinfo=timezone.utc)
    found: datetime | float = type_of({"kind": "time"}).convert(value, None, None)
    return found


def _launch(state: State, ours: dict[str, Any], values: Values) -> None:
    """Launch a run; wait for its end where that was asked for, and as long as it takes."""
    from ..running.waiting import FOREVER

    values["tags"] = tuple(_tag(text) for text in values["tags"])
    values["asset_selection"] = tuple([key] for key in values["asset_selection"])
    values["timeout"] = FOREVER if values["timeout"] is None else values["timeout"]
    if values["job"] and values["asset_selection"]:
        _other(state, "job launch", values | {"name": values["job"]})
    else:
        _then(state, ours, values)


def _tag(text: str) -> dict[str, str]:
    """Return a tag; what stands behind the equals sign is its value, commas and all."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise click.UsageError(f"--tag {text!r} is no key=value")
    return {key: value}


def _secrets(values: Values) -> Values:
    scope = values["scope"]
    if scope is not None and scope not in _SECRETS:
        raise click.UsageError(f"--scope {scope!r} is none of {', '.join(_SECRETS)}")
    return {"scopes": (_SECRETS[scope],)} if scope else {}


#: Values of ours that follow from its own, by the word in the table.
_VALUES: dict[str, Callable[[Values], Values]] = {
    "deployments": lambda values: {"type": ([values["type"]],) if values["type"] else ()},
    "events": lambda values: {
        "types": tuple([word.upper().removeprefix("ASSET_")] for word in values["types"])
    },
    "secrets": _secrets,
}


def _partition_status(state: State, _ours: dict[str, Any], values: Values) -> None:
    """Count the partitions of an asset by their states."""
    from ... import NotFoundError
    from ..connect import connect
    from ..printing.text import data_of
    from ..printing.whole import show_own

    with connect(state, "Asset") as client:
        definition = client.assets.get(values["key"]).definition
    if definition is None or definition.partition_stats is None:
        raise NotFoundError(f"the asset {values['key']} has no partitions", code="NOT_FOUND")
    show_own(state, data_of(definition.partition_stats))


def _add_location(state: State, ours: dict[str, Any], values: Values) -> None:
    """Add or replace a code location; its file may have several, of which one has its name."""
    from ..connect import connect
    from ..invoke import arguments_of, show

    [name], named = arguments_of(ours, values)
    if "document" in named:
        named["document"] = _one_of(named["document"], name)
    with connect(state, ours["model"]) as client:
        show(state, ours, client.code_locations.create(name, **named), values)


def _one_of(document: Any, name: str) -> Any:
    """Return the location of a name out of a document with several; any other document as it is."""
    import yaml

    from ..printing.text import pick

    found = document
    try:
        if hasattr(found, "read_text"):
            found = found.read_text(encoding="utf-8")
        if isinstance(found, str):
            found = yaml.safe_load(found)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return document  # the facade says what is wrong with it
    locations = pick(found, "locations")
    if not hasattr(locations, "__iter__"):
        return document
    for location in locations:
        if pick(location, "location_name") == name:
            return location
    raise click.UsageError(f"no location {name!r} is in the file")


def _logs(state: State, ours: dict[str, Any], values: Values) -> None:
    """Print captured logs, or their links; from a place on, or a part of them."""
    if values["link_only"]:
        _other(state, "log links", {k: values[k] for k in ("run_id", "step")})
    elif values["max_bytes"] is None and values["cursor"] is None:
        _then(state, ours, values)
    else:
        _parts_of_logs(state, values)


def _parts_of_logs(state: State, values: Values) -> None:
    from ..connect import connect
    from ..printing.output import is_terminal, put
    from ..printing.whole import show_rows
    from ..running.logs import without_moves

    run_id = values["run_id"]
    records: list[dict[str, Any]] = []
    with connect(state) as client:
        for log in client.logs.links(run_id, step=values["step"]):
            key = [run_id, "compute_logs", log.file_key]
            sent = {"logKey": key, "cursor": values["cursor"], "limit": values["max_bytes"]}
            records.append({"log_key": key, **client.graphql(_LOGS, sent)["capturedLogs"]})
    if state.format is None and not state.fields:
        text = "".join(f"{one['stdout'] or ''}{one['stderr'] or ''}" for one in records)
        put(without_moves(text) if is_terminal() else text)
        return
    show_rows(state, records, "log_key stdout stderr cursor")


_RUN: dict[str, Callable[..., None]] = {
    "add_location": _add_location,
    "launch": _launch,
    "logs": _logs,
    "partition_status": _partition_status,
}
