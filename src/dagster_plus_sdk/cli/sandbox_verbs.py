"""The commands of the sandbox."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DIRECTORY: dict[str, Any] = {
    "name": "dir",
    "kind": "text",
    "help": "The folder of its state; by default below ~/.local/state.",
    "options": ["--dir"],
    "metavar": "FOLDER",
}
_UP: list[dict[str, Any]] = [
    {
        "name": "port",
        "kind": "int",
        "help": "Its port; 0 for a free one.",
        "options": ["--port"],
        "default": 3333,
    },
    {
        "name": "file",
        "kind": "text",
        "help": "A Python file with definitions; by default the demo project is loaded.",
        "options": ["--file"],
        "metavar": "FILE",
    },
    {
        "name": "module",
        "kind": "text",
        "help": "Or a module with definitions.",
        "options": ["--module"],
    },
    {
        "name": "workspace",
        "kind": "text",
        "help": "Or a workspace file.",
        "options": ["--workspace"],
        "metavar": "FILE",
    },
    _DIRECTORY,
    {
        "name": "detach",
        "kind": "flag",
        "help": "Leave it in the background.",
        "options": ["--detach"],
    },
]
_OPERATION: dict[str, Any] = {
    "name": "operation",
    "kind": "text",
    "help": "Only operations of this name, or pattern such as Launch*.",
    "options": ["--operation"],
    "metavar": "NAME",
}
_FILE: dict[str, Any] = {"name": "file", "kind": "text", "help": "The file."}
_ADD: list[dict[str, Any]] = [
    {"name": "fault", "kind": "text", "help": "What goes wrong, such as bad_gateway."},
    _OPERATION,
    {
        "name": "kind",
        "kind": "text",
        "help": "Only queries, or only mutations.",
        "options": ["--kind"],
        "choices": ["query", "mutation"],
    },
    {
        "name": "share",
        "kind": "float",
        "help": "Which share of the requests, from 0 to 1; by default all.",
        "options": ["--share"],
    },
    {
        "name": "times",
        "kind": "int",
        "help": "How often at most.",
        "options": ["--times"],
    },
    {
        "name": "skip",
        "kind": "int",
        "help": "How many requests go well before.",
        "options": ["--skip"],
    },
    {
        "name": "seed",
        "kind": "int",
        "help": "Other requests of the share: the same seed, the same ones.",
        "options": ["--seed"],
    },
    {
        "name": "set",
        "kind": "many",
        "help": "What the fault itself can be told, such as seconds=2 or status=504; may be repeated.",
        "options": ["--set"],
        "metavar": "JSON|K=V",
    },
    _DIRECTORY,
]
_FAULTS: dict[str, Any] = {
    "list": {
        "help": "List what goes wrong on demand, and how often it did.",
        "params": [_DIRECTORY],
        "run": "sandbox_control.list_faults",
    },
    "add": {
        "help": "Let requests go wrong from now on.",
        "params": _ADD,
        "run": "sandbox_control.add_fault",
    },
    "remove": {
        "help": "Remove one fault.",
        "params": [{"name": "id", "kind": "int", "help": "Its id."}, _DIRECTORY],
        "run": "sandbox_control.remove_fault",
    },
    "clear": {
        "help": "Remove all faults.",
        "params": [_DIRECTORY],
        "run": "sandbox_control.clear_faults",
    },
}
_SNAPSHOT: dict[str, Any] = {
    "save": {
        "help": "Write the state of the control plane to a file.",
        "params": [_FILE, _DIRECTORY],
        "run": "sandbox_control.save",
    },
    "load": {
        "help": "Return to a state that was saved.",
        "params": [_FILE, _DIRECTORY],
        "run": "sandbox_control.load",
    },
}
_REQUESTS: list[dict[str, Any]] = [
    _OPERATION,
    {
        "name": "limit",
        "kind": "int",
        "help": "The last so many of them.",
        "options": ["--limit"],
        "default": 50,
    },
    {
        "name": "clear",
        "kind": "flag",
        "help": "Forget all requests afterwards.",
        "options": ["--clear"],
    },
    _DIRECTORY,
]

VERBS: dict[str, dict[str, Any]] = {
    "up": {
        "help": "Start a sandbox: a real Dagster with a Dagster+ control plane in front.",
        "params": _UP,
        "run": "sandbox.up",
    },
    "down": {
        "help": "End the sandbox that runs in the background; its state stays.",
        "params": [_DIRECTORY],
        "run": "sandbox.down",
    },
    "status": {
        "help": "Say where the sandbox runs.",
        "params": [_DIRECTORY],
        "run": "sandbox.status",
    },
    "faults": {"help": "What goes wrong on demand.", "verbs": _FAULTS},
    "requests": {
        "help": "List the last requests, oldest first; tokens and secrets as ***.",
        "params": _REQUESTS,
        "run": "sandbox_control.list_requests",
    },
    "tokens": {
        "help": "List the tokens that are there from the start, by role.",
        "params": [_DIRECTORY],
        "run": "sandbox_control.list_tokens",
    },
    "seed": {
        "help": "Add what a YAML file has.",
        "params": [_FILE, _DIRECTORY],
        "run": "sandbox_control.seed",
    },
    "reset": {
        "help": "Return to the state of the start: the control plane, its clock, faults and requests.",
        "params": [_DIRECTORY],
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
            _DIRECTORY,
        ],
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
            _DIRECTORY,
        ],
        "run": "sandbox_control.switches",
    },
}
