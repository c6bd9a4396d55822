"""What the commands of the sandbox take, and what their results have."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIRECTORY: dict[str, Any] = {
    "name": "dir",
    "kind": "text",
    "help": "The folder of its state; by default below ~/.local/state.",
    "options": ["--dir"],
    "metavar": "FOLDER",
}
ROLE: dict[str, Any] = {
    "name": "role",
    "kind": "text",
    "help": "The token of this role, such as viewer; dplus sandbox tokens lists them.",
    "options": ["--role"],
    "metavar": "ROLE",
}
UP: list[dict[str, Any]] = [
    {
        "name": "dagster",
        "kind": "text",
        "help": "The real Dagster behind it: in processes of its own, in the one of the front (sooner ready; no schedules,"
        " sensors and backfills), or none: the control plane alone, in a second.",
        "options": ["--dagster"],
        "choices": ["process", "inprocess", "none"],
        "default": "process",
    },
    {
        "name": "port",
        "kind": "int",
        "help": "Its port; 0 for a free one.",
        "options": ["--port"],
        "default": 3333,
    },
    {
        "name": "host",
        "kind": "text",
        "help": "Where it listens; 0.0.0.0 or :: for all interfaces, which needs --token-file.",
        "options": ["--host"],
        "metavar": "ADDRESS",
        "default": "127.0.0.1",
    },
    {
        "name": "token_file",
        "kind": "text",
        "help": "A file with the token of the organization's admin, or - for stdin; by default one that everyone knows.",
        "options": ["--token-file"],
        "metavar": "FILE|-",
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
    {
        "name": "seed",
        "kind": "text",
        "help": "A YAML file with what a new state has beside the demo; a state that is there already gets none.",
        "options": ["--seed"],
        "metavar": "FILE",
    },
    {
        "name": "fresh",
        "kind": "flag",
        "help": "Forget the state that is there, and start from the demo again.",
        "options": ["--fresh"],
    },
    DIRECTORY,
    {
        "name": "detach",
        "kind": "flag",
        "help": "Leave it in the background.",
        "options": ["--detach"],
    },
]
OPERATION: dict[str, Any] = {
    "name": "operation",
    "kind": "text",
    "help": "Only operations of this name, or pattern such as Launch*.",
    "options": ["--operation"],
    "metavar": "NAME",
}
FILE: dict[str, Any] = {"name": "file", "kind": "text", "help": "The file."}
SEED: dict[str, Any] = {
    "name": "file",
    "kind": "text",
    "help": "A mapping of nouns, such as teams, to lists of entries; - is stdin.",
}
ABOUT = [
    "url",
    "organization",
    "deployment",
    "deployments",
    "dagster",
    "dagster_url",
    "seeded",
    "pid",
    "home",
    "started_at",
]
OF_FAULTS = ["id", "fault", "operation", "kind", "share", "times", "skip", "matched", "fired"]
OF_REQUESTS = [
    "number",
    "time",
    "method",
    "path",
    "operation",
    "kind",
    "variables",
    "headers",
    "status",
    "seconds",
    "faults",
    "request_bytes",
    "response_bytes",
]
ADD: list[dict[str, Any]] = [
    {
        "name": "fault",
        "kind": "text",
        "help": "What goes wrong: latency, rate_limited, server_error, bad_gateway, maintenance, reset_before, reset_after,"
        " truncated, slow_body, unknown_enum, unknown_type, redirect, expired_token, partial_data, null_data, websocket_close"
        " or websocket_refused.",
    },
    OPERATION,
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
    DIRECTORY,
]
REQUESTS: list[dict[str, Any]] = [
    OPERATION,
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
    DIRECTORY,
]
