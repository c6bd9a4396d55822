"""What is done with a sandbox that runs in the background: ``sandbox faults``, ``requests``, ``reset`` and others."""

from __future__ import annotations

import click

from .connection import Rows
from .graphql import read_variables
from .output import show_list, show_record
from .sandbox import read_file, running_in, time_text, token_of
from .text import lines_of, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..sandbox.admin.remote import RemoteSandbox
    from .state import State

#: What a fault is told by an option of its own.
_OPTIONS = ("operation", "kind", "share", "times", "skip", "seed")
_FAULT_COLUMNS = [
    (name.upper(), name)
    for name in ("id", "fault", "operation", "kind", "share", "times", "matched", "fired")
]
_REQUEST_COLUMNS = [
    (name.upper(), name)
    for name in ("number", "time", "operation", "kind", "status", "seconds", "faults", "path")
]


def _remote(values: dict[str, Any]) -> RemoteSandbox:
    """Return the sandbox that is meant.

    Raises:
        DagsterPlusError: None runs.
    """
    return running_in(values["dir"]).remote()


def _done(state: State, text: str, **record: Any) -> None:
    show_record(state, record, [(name.upper(), name) for name in record], text)


def _show(state: State, record: dict[str, Any]) -> None:
    _done(state, lines_of(record), **record)


def list_faults(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the faults."""
    found = _remote(values).faults.list()
    show_list(state, [Rows([fault.as_dict() for fault in found])], _FAULT_COLUMNS)


def add_fault(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Add a fault and print it."""
    own = read_variables(values["set"], "--set")
    told = {name: values[name] for name in _OPTIONS if values[name] is not None}
    _show(state, _remote(values).faults.add(values["fault"], **{**own, **told}).as_dict())


def remove_fault(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove a fault."""
    _remote(values).faults.remove(values["id"])
    _done(state, f"Removed {values['id']}", id=values["id"], removed=True)


def clear_faults(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove all faults."""
    _remote(values).faults.clear()
    _done(state, "Removed all faults", removed=True)


def list_requests(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the requests, and forget them if that is wanted."""
    remote = _remote(values)
    rows = [
        found.as_dict() for found in remote.requests(values["operation"], limit=values["limit"])
    ]
    for row in rows:
        row["time"] = time_text(row["time"])
    show_list(state, [Rows(rows)], _REQUEST_COLUMNS)
    if values["clear"]:
        remote.clear_requests()


def list_tokens(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the tokens, or that of one role."""
    found, wanted = running_in(values["dir"]), values["role"]
    tokens = {wanted: token_of(found, wanted)} if wanted else found.remote().tokens
    rows = [{"role": role, "token": token} for role, token in tokens.items()]
    show_list(state, [Rows(rows)], [("ROLE", "role"), ("TOKEN", "token")])


def seed(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Add what a file has, and print how much of what that was."""
    import sys

    path, remote = values["file"], _remote(values)
    content = sys.stdin.read().encode() if path == "-" else read_file(path)
    _show(state, remote.ask("POST", "seed", content))


def reset(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Return to the state of the start."""
    _remote(values).reset()
    _done(state, "The sandbox is as at the start", reset=True)


def clock(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the sandbox's time."""
    remote, seconds = _remote(values), values["advance"]
    found = remote.clock if seconds is None else remote.advance_clock(seconds)
    _show(state, {"now": time_text(found["now"]), "ahead": found["ahead"]})


def save(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Write the state to a file.

    Raises:
        click.UsageError: It cannot be written.
    """
    try:
        _remote(values).save(values["file"])
    except OSError as error:
        raise click.UsageError(f"{values['file']} cannot be written: {error.strerror}") from error
    _done(state, f"Saved {values['file']}", file=values["file"], saved=True)


def load(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Return to the state in a file."""
    remote = _remote(values)
    remote.ask("PUT", "snapshot", read_file(values["file"]))
    _done(state, f"Loaded {values['file']}", file=values["file"], loaded=True)


def switches(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the switches."""
    # All that a switch can be are texts, such as 403.
    given = {
        name: value if isinstance(value, str) else to_json(value)
        for name, value in read_variables(values["set"], "--set").items()
    }
    found = _remote(values).switches(**given)
    rows = [{"switch": name, **about} for name, about in found.items()]
    columns = [(name.upper(), name) for name in ("switch", "value", "choices", "about")]
    show_list(state, [Rows(rows)], columns)
