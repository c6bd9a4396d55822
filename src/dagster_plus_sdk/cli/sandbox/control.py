"""What is done with a sandbox that runs in the background: ``sandbox faults``, ``requests``, ``reset`` and others."""

from __future__ import annotations

import sys

import click

from ..graphql import read_variables
from ..params.files import DASH, read_file
from ..printing.text import to_json
from ..printing.whole import show_own, show_rows
from .processes import running_in, time_text, token_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...sandbox.admin.remote import RemoteSandbox
    from ..state import State

#: What a fault is told by an option of its own.
_OPTIONS = ("operation", "kind", "share", "times", "skip", "seed")
_OF_FAULTS = "id fault operation kind share times matched fired"
_OF_REQUESTS = "number time operation kind status seconds faults path"


def _remote(values: dict[str, Any]) -> RemoteSandbox:
    return running_in(values["dir"]).remote()


def list_faults(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the faults."""
    found = _remote(values).faults.list()
    show_rows(state, [fault.as_dict() for fault in found], _OF_FAULTS)


def add_fault(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Add a fault and print it."""
    own = read_variables(values["set"], "--set")
    told = {name: values[name] for name in _OPTIONS if values[name] is not None}
    show_own(state, _remote(values).faults.add(values["fault"], **{**own, **told}).as_dict())


def remove_fault(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove a fault."""
    _remote(values).faults.remove(values["id"])
    show_own(state, {"id": values["id"], "removed": True}, f"Removed {values['id']}")


def clear_faults(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove all faults."""
    _remote(values).faults.clear()
    show_own(state, {"removed": True}, "Removed all faults")


def list_requests(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the requests, and forget them if that is wanted."""
    remote = _remote(values)
    rows = [
        found.as_dict() for found in remote.requests(values["operation"], limit=values["limit"])
    ]
    for row in rows:
        row["time"] = time_text(row["time"])
    show_rows(state, rows, _OF_REQUESTS)
    if values["clear"]:
        remote.clear_requests()


def list_tokens(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the tokens, or that of one role."""
    found, wanted = running_in(values["dir"]), values["role"]
    tokens = {wanted: token_of(found, wanted)} if wanted else found.remote().tokens
    rows = [{"role": role, "token": token} for role, token in tokens.items()]
    show_rows(state, rows, "role token")


def seed(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Add what a file has, and print how much of what that was."""
    path, remote = values["file"], _remote(values)
    content = sys.stdin.read().encode() if path == DASH else read_file(path)
    show_own(state, remote.ask("POST", "seed", content))


def reset(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Return to the state of the start."""
    _remote(values).reset()
    show_own(state, {"reset": True}, "The sandbox is as at the start")


def clock(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the sandbox's time."""
    remote, seconds = _remote(values), values["advance"]
    found = remote.clock if seconds is None else remote.advance_clock(seconds)
    show_own(state, {"now": time_text(found["now"]), "ahead": found["ahead"]})


def save(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Write the state to a file.

    Raises:
        click.UsageError: It cannot be written.
    """
    try:
        _remote(values).save(values["file"])
    except OSError as error:
        raise click.UsageError(f"{values['file']} cannot be written: {error.strerror}") from error
    show_own(state, {"file": values["file"], "saved": True}, f"Saved {values['file']}")


def load(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Return to the state in a file."""
    remote = _remote(values)
    remote.ask("PUT", "snapshot", read_file(values["file"]))
    show_own(state, {"file": values["file"], "loaded": True}, f"Loaded {values['file']}")


def switches(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the switches."""
    # All that a switch can be are texts, such as 403.
    given = {
        name: value if isinstance(value, str) else to_json(value)
        for name, value in read_variables(values["set"], "--set").items()
    }
    found = _remote(values).switches(**given)
    rows = [{"switch": name, **about} for name, about in found.items()]
    show_rows(state, rows, "switch value choices about")
