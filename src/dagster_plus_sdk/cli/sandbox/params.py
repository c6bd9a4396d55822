"""What the commands of the sandbox take, and what their results have."""

from __future__ import annotations

from ..params.entries import argument, option

DIRECTORY = option(
    "dir", "path", "The folder of its state; by default below ~/.local/state.", metavar="FOLDER"
)
ROLE = option(
    "role", "text", "The token of this role, such as viewer; dplus sandbox tokens lists them.", metavar="ROLE",
)  # fmt: skip
UP = [
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
OPERATION = option(
    "operation", "text", "Only operations of this name, or pattern such as Launch*.", metavar="NAME"
)
FILE = argument("file", "The file.", kind="path")
SEED = argument(
    "file",
    "A YAML file with a list of entries for each noun, such as teams; - is stdin.",
    kind="path",
)
ABOUT = "url organization deployment deployments dagster dagster_url seeded pid home started_at"
OF_FAULTS = "id fault operation kind share times skip matched fired"
OF_REQUESTS = (
    "number time method path operation kind variables headers status seconds faults "
    "request_bytes response_bytes"
)
ADD = [
    argument(
        "fault",
        "What goes wrong: latency, rate_limited, server_error, bad_gateway, maintenance, reset_before, reset_after,"
        " truncated, slow_body, unknown_enum, unknown_type, redirect, expired_token, partial_data, null_data,"
        " websocket_close or websocket_refused.",
    ),
    OPERATION,
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
REQUESTS = [
    OPERATION,
    option("limit", "int", "The last so many of them.", default=50),
    option("clear", "flag", "Forget all requests afterwards."),
]
