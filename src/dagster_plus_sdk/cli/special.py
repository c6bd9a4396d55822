"""What verbs do beyond a method of the facade: who does it, with which further options, and verbs that no method has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Params = list[dict[str, Any]]

_CONFIG: Params = [
    {
        "name": "config_yaml",
        "kind": "text",
        "help": "The run configuration as YAML or JSON text.",
        "options": ["--config-yaml", "--config-json"],
        "metavar": "TEXT",
    }
]
_VALIDATE: Params = [
    {
        "name": "validate_only",
        "kind": "flag",
        "help": "Launch nothing: say what is wrong with the configuration, and exit with 2 if anything is.",
        "options": ["--validate-only"],
    }
]
_PATTERN: Params = [
    {
        "name": "asset_pattern",
        "kind": "list",
        "help": "The assets to run, instead: those whose keys match, such as 'orders/*'.",
        "options": ["--asset-pattern", "--asset-patterns"],
        "metavar": "PATTERN",
    }
]


def _waiting(what: str, *, default: bool = True, timeout: float | None = 300.0) -> Params:
    """Return the options of a launch that can wait."""
    usual = " (the default)"
    seconds = {} if timeout is None else {"default": timeout}
    return [
        {
            "name": "wait",
            "kind": "maybe",
            "help": f"Follow the {what} to its end{usual if default else ''}, or only launch it"
            f"{'' if default else usual}.",
            "options": ["--wait/--no-wait"],
            "default": default,
        },
        {
            "name": "timeout",
            "kind": "seconds",
            "help": "How many seconds to wait; then exit with 6.",
            "options": ["--timeout"],
            **seconds,
        },
        {
            "name": "cancel_on_timeout",
            "kind": "flag",
            "help": f"End the {what} when the time is over.",
            "options": ["--cancel-on-timeout"],
        },
    ]


_RUN: Params = [
    *_waiting("run"),
    {
        "name": "verbose",
        "kind": "flag",
        "help": "Print the run's events while waiting, those of its automatic retries too.",
        "options": ["--verbose", "-v"],
    },
]
_LIMIT_OF_WATCHING = {
    "name": "timeout",
    "kind": "seconds",
    "help": "Give up after so many seconds, and exit with 6; else it is watched as long as it takes.",
    "options": ["--timeout"],
}

_WHERE = (
    "The code location of the job, or of the assets; found by their names where these are unique."
)
_SAYS = {
    "validate": "Ask the server whether the configuration fits before anything is launched.",
    "location": _WHERE,
    "repository": "Its repository; found likewise.",
    "partition": "The partition's key.",
    "op_selection": "Of a job of ops only these ops, such as load,clean.",
}
_ASSET_SAYS = {
    **_SAYS,
    "location": "The code location that they must be in; with --pattern only its assets match.",
    "pattern": "Or patterns of keys, such as 'orders/*': of the assets that match those that can be made so.",
}
_OF_ASSETS: dict[str, Any] = {
    "run": "launch.launch",
    "params": [*_CONFIG, *_RUN],
    "says": _ASSET_SAYS,
    "fields": ["url"],
}

#: By noun and verb: ``run`` is who does it, ``params`` its further options, ``help`` and ``says`` (by parameter) what its help
#: says in the place of the facade's words, ``fields`` what its result has besides.
SPECIAL: dict[tuple[str, str], dict[str, Any]] = {
    ("asset", "materialize"): {
        **_OF_ASSETS,
        "help": "Launch one run that materializes assets, and wait for its end.",
    },
    ("asset", "observe"): {
        **_OF_ASSETS,
        "help": "Launch one run that observes source assets, and wait for its end.",
    },
    ("backfill", "create"): {
        "run": "backfills.create",
        "help": "Launch a backfill of assets or of a job, at most once; with --wait wait for its end.",
        "params": [*_CONFIG, *_waiting("backfill", default=False, timeout=None)],
        "fields": ["url"],
    },
    ("job", "launch"): {
        "run": "launch.launch",
        "help": "Launch a run of a job, at most once, and wait for its end.",
        "params": [*_CONFIG, *_VALIDATE, *_RUN],
        "says": _SAYS,
        "fields": ["url"],
    },
    ("backfill", "wait"): {
        "run": "backfills.wait",
        "says": {"cancel_on_timeout": "End the backfill when the time is over."},
        "fields": ["url"],
    },
    ("code-location", "wait-until-loaded"): {"says": {"names": "Their names."}},
    ("log", "follow"): {"run": "logs.follow"},
    ("log", "get"): {
        "run": "logs.get",
        "says": {"step": "A step that ran in the process; without it all processes are printed."},
    },
    ("run", "create"): {
        "run": "launch.create",
        "help": "Launch a run of a job or of assets, at most once, and wait for its end.",
        "params": [*_PATTERN, *_CONFIG, *_VALIDATE, *_RUN],
        "says": {
            **_SAYS,
            "job": "The job to run; or --asset-selection, or --asset-pattern.",
            "asset_selection": "The assets to run, instead, such as a/b,c/d.",
        },
        "fields": ["url"],
    },
    ("run", "create-many"): {
        "run": "launch.create_many",
        "help": "Launch several runs in one request, each at most once; exits with 1 where one is refused.",
    },
    ("run", "reexecute"): {
        "run": "launch.launch",
        "help": "Execute a run again, at most once, and wait for the end of the new one.",
        "params": _RUN,
        "says": {"use_parent_tags": "Whether it gets the old run's tags; else the server decides."},
        "fields": ["url"],
    },
    ("run", "wait"): {"run": "waiting.wait", "fields": ["url"]},
    ("run", "wait-many"): {"run": "waiting.wait", "fields": ["url"]},
    ("run-events", "follow"): {"run": "run_events.follow"},
    ("run-events", "get"): {"run": "run_events.get"},
}

#: Verbs that no method of the facade is: what a shell has for the eyes.
MORE: dict[str, dict[str, dict[str, Any]]] = {
    "backfill": {
        "watch": {
            "help": "Show the progress of a backfill until it has ended. A live view on a terminal, else a line per change.",
            "run": "backfills.watch",
            "params": [
                {"name": "backfill_id", "kind": "text", "help": "Its id."},
                _LIMIT_OF_WATCHING,
            ],
        }
    },
    "run": {
        "watch": {
            "help": "Show a run's steps and events until it has ended, on to its automatic retries. A live view on a terminal "
            "(with the extra cli, which brings rich), else a line per change.",
            "run": "watch.watch",
            "params": [{"name": "run_id", "kind": "text", "help": "Its id."}, _LIMIT_OF_WATCHING],
        }
    },
}


def specialized(name: str, verb: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a verb's entry with what it has beyond the facade's method."""
    special = SPECIAL.get((name, verb))
    if special is None:
        return entry
    says = special.get("says", {})
    params = [{**p, "help": says.get(p["name"], p["help"])} for p in entry["params"]]
    return {
        **entry,
        **({"run": special["run"]} if "run" in special else {}),
        "help": special.get("help", entry["help"]),
        "params": [*params, *special.get("params", ())],
        "fields": [*entry["fields"], *special.get("fields", ())],
    }
