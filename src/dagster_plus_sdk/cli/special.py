"""What verbs do beyond a method of the facade: who does it, with which further options, and verbs that no method has."""

from __future__ import annotations

from .params.entries import argument, option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_CONFIG = option(
    "config_yaml", "text", "The run configuration as YAML or JSON text.", "--config-yaml", "--config-json", metavar="TEXT",
    beside="run_config",
)  # fmt: skip
_VALIDATE = option(
    "validate_only", "flag", "Launch nothing: say what is wrong with the configuration, and exit with 2 if anything is.",
    "--validate-only", "--dry-run",
)  # fmt: skip
_PREVIEW = option(
    "preview_only", "flag", "Launch nothing: list the partitions that it would make.", "--dry-run"
)
_PATTERN = option(
    "asset_pattern", "list", "The assets to run, instead: those whose keys match, such as 'orders/*'.",
    "--asset-pattern", "--asset-patterns", metavar="PATTERN", beside="asset_selection",
)  # fmt: skip


def _waiting(
    what: str, by_default: str = " (the default)", otherwise: str = "", **timeout: float
) -> list[dict[str, Any]]:
    """Return the options of a launch that can wait."""
    follow = f"Follow the {what} to its end{by_default}, or only launch it{otherwise}."
    end = f"End the {what} when the time is over."
    return [
        option("wait", "maybe", follow, "--wait/--no-wait", default=bool(by_default)),
        option("timeout", "seconds", "How many seconds to wait; then exit with 6.", **timeout),
        option("cancel_on_timeout", "flag", end),
    ]


_RUN = [
    *_waiting("run", default=300),
    option(
        "verbose", "flag", "Print the run's events while waiting, those of its automatic retries too.", "--verbose", "-v",
    ),
]  # fmt: skip
_LIMIT_OF_WATCHING = option(
    "timeout", "seconds", "Give up after so many seconds, and exit with 6; else it is watched as long as it takes.",
)  # fmt: skip

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
#: What all launches of runs have.
_LAUNCH: dict[str, Any] = {
    "run": "running.launch.launch", "params": [_CONFIG, _VALIDATE, *_RUN], "says": _SAYS, "fields": ["url"],
}  # fmt: skip
_WHOSE = "Whose it is: the deployment's where --deployment is given, or else the organization's."
_ARTIFACT: dict[str, Any] = {
    "run": "plus.artifact",
    "says": {"scope": _WHOSE},
    "changes": {"scope": {"default": None}},
}

#: By noun and verb: ``run`` is who does it, ``params`` its further options, ``help`` and ``says`` (by parameter) what its help
#: says in the place of the facade's words, ``changes`` what else its parameters are, ``fields`` what its result has besides.
SPECIAL: dict[tuple[str, str], dict[str, Any]] = {
    ("artifact", "download"): _ARTIFACT,
    ("artifact", "upload"): _ARTIFACT,
    ("asset", "materialize"): {
        **_LAUNCH,
        "says": _ASSET_SAYS,
        "help": "Launch one run that materializes assets, and wait for its end.",
    },
    ("asset", "observe"): {
        **_LAUNCH,
        "params": [_CONFIG, *_RUN],
        "says": _ASSET_SAYS,
        "help": "Launch one run that observes source assets, and wait for its end.",
    },
    ("backfill", "create"): {
        "run": "running.backfills.create",
        "help": "Launch a backfill of assets or of a job, at most once; with --wait wait for its end.",
        "params": [_CONFIG, _PREVIEW, *_waiting("backfill", "", " (the default)")],
        "fields": ["url"],
    },
    ("job", "launch"): {
        **_LAUNCH,
        "help": "Launch a run of a job, at most once, and wait for its end.",
    },
    ("deployment", "list"): {
        "run": "plus.deployments",
        "help": "List deployments: full ones, and with --type branch deployments.",
        "says": {"type": "Only those of these types; ALL for both."},
        "changes": {"type": {"choices": ["ALL", "BRANCH", "PRODUCTION"]}},
    },
    ("backfill", "wait"): {
        "run": "running.backfills.wait",
        "says": {"cancel_on_timeout": "End the backfill when the time is over."},
        "fields": ["url"],
    },
    ("code-location", "wait-until-loaded"): {"says": {"names": "Their names."}},
    ("log", "follow"): {"run": "running.logs.follow"},
    ("log", "get"): {
        "run": "running.logs.get",
        "fields": ["step"],
        "says": {"step": "A step that ran in the process; without it all processes are printed."},
    },
    ("run", "create"): {
        "run": "running.launch.create",
        "help": "Launch a run of a job or of assets, at most once, and wait for its end.",
        "params": [_PATTERN, _CONFIG, _VALIDATE, *_RUN],
        "says": {
            **_SAYS,
            "job": "The job to run; or --asset-selection, or --asset-pattern.",
            "asset_selection": "The assets to run, instead, such as a/b,c/d.",
        },
        "fields": ["url"],
    },
    ("run", "create-many"): {
        "run": "running.launch.create_many",
        "help": "Launch several runs in one request, each at most once; exits with 1 where one is refused.",
    },
    ("run", "reexecute"): {
        **_LAUNCH,
        "help": "Execute a run again, at most once, and wait for the end of the new one.",
        "params": _RUN,
        "says": {"use_parent_tags": "Whether it gets the old run's tags; else the server decides."},
    },
    ("run", "wait"): {"run": "running.waiting.wait", "fields": ["url"]},
    ("run", "wait-many"): {"run": "running.waiting.wait", "fields": ["url"]},
    ("run-events", "follow"): {"run": "running.run_events.follow"},
    ("run-events", "get"): {"run": "running.run_events.get"},
}

#: Verbs that no method of the facade is: what a shell has for the eyes.
MORE: dict[str, dict[str, dict[str, Any]]] = {
    "backfill": {
        "watch": {
            "help": "Show the progress of a backfill until it has ended. A live view on a terminal, else a line per change.",
            "run": "running.backfills.watch",
            "params": [argument("backfill_id", "Its id."), _LIMIT_OF_WATCHING],
        }
    },
    "deployment": {
        "use": {
            "help": "Store which deployment is used where none is given.",
            "run": "account.config_edit.use_deployment",
            "params": [argument("name", "Its name.")],
            "fields": ["deployment", "stored_in", "changed"],
        }
    },
    "run": {
        "watch": {
            "help": "Show a run's steps and events until it has ended, on to its automatic retries. A live view on a terminal "
            "(with the extra cli, which brings rich), else a line per change.",
            "run": "running.watch.watch",
            "params": [argument("run_id", "Its id."), _LIMIT_OF_WATCHING],
        }
    },
}


def specialized(name: str, verb: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a verb's entry with what it has beyond the facade's method."""
    special = SPECIAL.get((name, verb))
    if special is None:
        return entry
    says = special.get("says", {})
    changes = special.get("changes", {})
    params = [
        {**p, "help": says.get(p["name"], p["help"]), **changes.get(p["name"], {})}
        for p in entry["params"]
    ]
    return {
        **entry,
        **({"run": special["run"]} if "run" in special else {}),
        "help": special.get("help", entry["help"]),
        "params": _placed(params, special.get("params", ())),
        "own": [p["name"] for p in special.get("params", ())],
        "fields": [*entry["fields"], *special.get("fields", ())],
    }


def _placed(
    params: Sequence[dict[str, Any]], more: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return parameters and further ones: each behind that which it stands ``beside``, or else at the end."""
    found = list(params)
    for one in more:
        names = [param["name"] for param in found]
        beside = one.get("beside")
        found.insert(names.index(beside) + 1 if beside in names else len(found), one)
    return found
