"""The commands of the sandbox."""

from __future__ import annotations

from ..params.entries import argument, option
from .params import ABOUT, ADD, DIRECTORY, FILE, OF_FAULTS, OF_REQUESTS, REQUESTS, ROLE, SEED, UP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Entry = dict[str, Any]


def _verb(run: str, says: str, *params: Entry, fields: str = "") -> Entry:
    """Return the entry of a verb; each can be told the folder of its sandbox."""
    entry: Entry = {"help": says, "params": [*params, DIRECTORY], "run": f"sandbox.{run}"}
    return {**entry, "fields": fields.split()} if fields else entry


_FAULTS = {
    "list": _verb(
        "control.list_faults",
        "List what goes wrong on demand, and how often it did.",
        fields=OF_FAULTS,
    ),
    "add": _verb("control.add_fault", "Let requests go wrong from now on.", *ADD),
    "remove": _verb(
        "control.remove_fault", "Remove one fault.", argument("id", "Its id.", kind="int")
    ),
    "clear": _verb("control.clear_faults", "Remove all faults."),
}
_SNAPSHOT = {
    "save": _verb("control.save", "Write the state of the control plane to a file.", FILE),
    "load": _verb("control.load", "Return to a state that was saved.", FILE),
}
VERBS: dict[str, Entry] = {
    "up": _verb(
        "processes.up",
        "Start a sandbox: a real Dagster with a Dagster+ control plane in front. A new one's organization is called demo, or as"
        " --organization says.",
        *UP,
        fields=ABOUT,
    ),
    "down": _verb(
        "processes.down", "End the sandbox that runs in the background; its state stays."
    ),
    "status": _verb(
        "processes.status", "Say where the sandbox runs, and what is in it.", fields=ABOUT
    ),
    "env": _verb(
        "processes.env",
        'Print what leads other programs to the sandbox, for a shell: eval "$(dplus sandbox env --with-token)".',
        option("with_token", "flag", "The token of the organization's admin as well."),
        ROLE,
    ),
    "faults": {"help": "What goes wrong on demand.", "verbs": _FAULTS},
    "requests": _verb(
        "control.list_requests",
        "List the last requests, oldest first; tokens and secrets as ***.",
        *REQUESTS,
        fields=OF_REQUESTS,
    ),
    "tokens": _verb(
        "control.list_tokens",
        "List the tokens that are there from the start, by role.",
        ROLE,
        fields="role token",
    ),
    "seed": _verb("control.seed", "Add what a YAML file has, all of it or nothing.", SEED),
    "reset": _verb(
        "control.reset",
        "Return to the state of the start: the control plane, its clock, faults and requests. Runs stay.",
    ),
    "clock": _verb(
        "control.clock",
        "Say what time it is in the sandbox.",
        option("advance", "seconds", "Set it forward before, by so much.", metavar="SECONDS"),
        fields="now ahead",
    ),
    "snapshot": {"help": "The state of the control plane, in a file.", "verbs": _SNAPSHOT},
    "switches": _verb(
        "control.switches",
        "List how the sandbox behaves where it is not known how Dagster+ does.",
        option("set", "many", "Set a switch before; may be repeated.", metavar="K=V"),
        fields="switch value choices about",
    ),
}
