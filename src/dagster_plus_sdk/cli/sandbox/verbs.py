"""The commands of the sandbox."""

from __future__ import annotations

from ..params.entries import argument, option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Entry = dict[str, Any]

_DIRECTORY = option(
    "dir", "path", "The folder of its state; by default below ~/.local/state.", metavar="FOLDER"
)
_ROLE = option(
    "role", "text", "The token of this role, such as viewer; dplus sandbox tokens lists them.", metavar="ROLE",
)  # fmt: skip
_UP = [
    option(
        "dagster", "text",
        "The real Dagster behind it: in processes of its own, in the one of the front (sooner ready; no schedules, sensors"
        " and backfills), or none: the control plane alone, in a second.",
        choices=["process", "inprocess", "none"], default="process",
    ),
    option("port", "int", "Its port; 0 for a free one.", default=3333),
    option(
        "host", "text", "Where it listens; 0.0.0.0 or :: for all interfaces, which needs --token-file.", metavar="ADDRESS",
        default="127.0.0.1",
    ),
    option(
        "token_file", "path",
        "A file with the token of the organization's admin, or - for stdin; by default one that everyone knows.",
        metavar="FILE|-",
    ),
    option("file", "path", "A Python file with definitions; by default the demo project is loaded.", metavar="FILE"),
    option("module", "text", "Or a module with definitions."),
    option("workspace", "path", "Or a workspace file.", metavar="FILE"),
    option(
        "seed", "path", "A YAML file with what a new state has beside the demo; a state that is there already gets none.",
        metavar="FILE",
    ),
    option("fresh", "flag", "Forget the state that is there, and start from the demo again."),
    option("detach", "flag", "Leave it in the background."),
]  # fmt: skip
_OPERATION = option(
    "operation", "text", "Only operations of this name, or pattern such as Launch*.", metavar="NAME"
)
_FILE = argument("file", "The file.", kind="path")
_ABOUT = "url organization deployment deployments dagster dagster_url seeded pid home started_at"
#: What can go wrong: the names of ``sandbox.faults``, which help imports nothing of.
_KINDS = [
    "latency", "rate_limited", "server_error", "bad_gateway", "maintenance", "reset_before", "reset_after", "truncated",
    "slow_body", "unknown_enum", "unknown_type", "redirect", "expired_token", "partial_data", "null_data",
    "websocket_close", "websocket_refused",
]  # fmt: skip
ADD = [
    argument(
        "fault",
        f"What goes wrong: {', '.join(_KINDS[:-1])} or {_KINDS[-1]}.",
        choices=_KINDS,
    ),
    _OPERATION,
    option("kind", "text", "Only queries, or only mutations.", choices=["query", "mutation"]),
    option("share", "float", "Which share of the requests, from 0 to 1; by default all."),
    option("times", "int", "How often at most."),
    option("skip", "int", "How many requests go well before."),
    option("seed", "int", "Other requests of the share: the same seed, the same ones."),
    option(
        "set", "many", "What the fault itself can be told, such as seconds=2 or status=504; may be repeated.",
        metavar="JSON|K=V",
    ),
]  # fmt: skip
_SEEDS = argument(
    "file",
    "A YAML file with a list of entries for each noun, such as teams; - is stdin.",
    kind="path",
)


def _verb(run: str, says: str, *params: Entry, fields: str = "") -> Entry:
    """Return the entry of a verb; each can be told the folder of its sandbox."""
    entry: Entry = {"help": says, "params": [*params, _DIRECTORY], "run": f"sandbox.{run}"}
    return {**entry, "fields": fields.split()} if fields else entry


_FAULTS = {
    "list": _verb(
        "control.list_faults",
        "List what goes wrong on demand, and how often it did.",
        fields="id fault operation kind share times skip matched fired",
    ),
    "add": _verb("control.add_fault", "Let requests go wrong from now on.", *ADD),
    "remove": _verb(
        "control.remove_fault", "Remove one fault.", argument("id", "Its id.", kind="int")
    ),
    "clear": _verb("control.clear_faults", "Remove all faults."),
}
_SNAPSHOT = {
    "save": _verb("control.save", "Write the state of the control plane to a file.", _FILE),
    "load": _verb("control.load", "Return to a state that was saved.", _FILE),
}
VERBS: dict[str, Entry] = {
    "up": _verb(
        "processes.up",
        "Start a sandbox: a real Dagster with a Dagster+ control plane in front. A new one's organization is called demo, or as"
        " --organization says.",
        *_UP,
        fields=_ABOUT,
    ),
    "down": _verb(
        "processes.down", "End the sandbox that runs in the background; its state stays."
    ),
    "status": _verb(
        "processes.status", "Say where the sandbox runs, and what is in it.", fields=_ABOUT
    ),
    "env": _verb(
        "processes.env",
        'Print what leads other programs to the sandbox, for a shell: eval "$(dplus sandbox env --with-token)".',
        option("with_token", "flag", "The token of the organization's admin as well."),
        _ROLE,
    ),
    "faults": {"help": "What goes wrong on demand.", "verbs": _FAULTS},
    "requests": _verb(
        "control.list_requests",
        "List the last requests, oldest first; tokens and secrets as ***.",
        _OPERATION,
        option("limit", "int", "The last so many of them.", default=50),
        option("clear", "flag", "Forget all requests afterwards."),
        fields="number time method path operation kind variables headers status seconds faults request_bytes response_bytes",
    ),
    "tokens": _verb(
        "control.list_tokens",
        "List the tokens that are there from the start, by role.",
        _ROLE,
        fields="role token",
    ),
    "seed": _verb("control.seed", "Add what a YAML file has, all of it or nothing.", _SEEDS),
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
