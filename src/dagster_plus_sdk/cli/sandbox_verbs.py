"""The commands of the sandbox."""

from __future__ import annotations

from .sandbox_params import (
    ABOUT,
    ADD,
    DIRECTORY,
    FILE,
    OF_FAULTS,
    OF_REQUESTS,
    REQUESTS,
    ROLE,
    SEED,
    UP,
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FAULTS: dict[str, Any] = {
    "list": {
        "help": "List what goes wrong on demand, and how often it did.",
        "params": [DIRECTORY],
        "fields": OF_FAULTS,
        "run": "sandbox_control.list_faults",
    },
    "add": {
        "help": "Let requests go wrong from now on.",
        "params": ADD,
        "run": "sandbox_control.add_fault",
    },
    "remove": {
        "help": "Remove one fault.",
        "params": [{"name": "id", "kind": "int", "help": "Its id."}, DIRECTORY],
        "run": "sandbox_control.remove_fault",
    },
    "clear": {
        "help": "Remove all faults.",
        "params": [DIRECTORY],
        "run": "sandbox_control.clear_faults",
    },
}
_SNAPSHOT: dict[str, Any] = {
    "save": {
        "help": "Write the state of the control plane to a file.",
        "params": [FILE, DIRECTORY],
        "run": "sandbox_control.save",
    },
    "load": {
        "help": "Return to a state that was saved.",
        "params": [FILE, DIRECTORY],
        "run": "sandbox_control.load",
    },
}
VERBS: dict[str, dict[str, Any]] = {
    "up": {
        "help": "Start a sandbox: a real Dagster with a Dagster+ control plane in front. A new one's organization is called demo, or as"
        " --organization says.",
        "params": UP,
        "fields": ABOUT,
        "run": "sandbox.up",
    },
    "down": {
        "help": "End the sandbox that runs in the background; its state stays.",
        "params": [DIRECTORY],
        "run": "sandbox.down",
    },
    "status": {
        "help": "Say where the sandbox runs, and what is in it.",
        "params": [DIRECTORY],
        "fields": ABOUT,
        "run": "sandbox.status",
    },
    "env": {
        "help": 'Print what leads other programs to the sandbox, for a shell: eval "$(dplus sandbox env --with-token)".',
        "params": [
            {
                "name": "with_token",
                "kind": "flag",
                "help": "The token of the organization's admin as well.",
                "options": ["--with-token"],
            },
            ROLE,
            DIRECTORY,
        ],
        "run": "sandbox.env",
    },
    "faults": {"help": "What goes wrong on demand.", "verbs": _FAULTS},
    "requests": {
        "help": "List the last requests, oldest first; tokens and secrets as ***.",
        "params": REQUESTS,
        "fields": OF_REQUESTS,
        "run": "sandbox_control.list_requests",
    },
    "tokens": {
        "help": "List the tokens that are there from the start, by role.",
        "params": [ROLE, DIRECTORY],
        "fields": ["role", "token"],
        "run": "sandbox_control.list_tokens",
    },
    "seed": {
        "help": "Add what a YAML file has, all of it or nothing.",
        "params": [SEED, DIRECTORY],
        "run": "sandbox_control.seed",
    },
    "reset": {
        "help": "Return to the state of the start: the control plane, its clock, faults and requests. Runs stay.",
        "params": [DIRECTORY],
        "run": "sandbox_control.reset",
    },
    "clock": {
        "help": "Say what time it is in the sandbox.",
        "params": [
            {
                "name": "advance",
                "kind": "float",
                "help": "Set it forward before, by so many seconds.",
                "options": ["--advance"],
                "metavar": "SECONDS",
            },
            DIRECTORY,
        ],
        "fields": ["now", "ahead"],
        "run": "sandbox_control.clock",
    },
    "snapshot": {"help": "The state of the control plane, in a file.", "verbs": _SNAPSHOT},
    "switches": {
        "help": "List how the sandbox behaves where it is not known how Dagster+ does.",
        "params": [
            {
                "name": "set",
                "kind": "many",
                "help": "Set a switch before; may be repeated.",
                "options": ["--set"],
                "metavar": "K=V",
            },
            DIRECTORY,
        ],
        "fields": ["switch", "value", "choices", "about"],
        "run": "sandbox_control.switches",
    },
}
