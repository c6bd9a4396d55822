"""All nouns and verbs: the generated table, and what the command has beyond the facade."""

from __future__ import annotations

from ._commands import NOUNS
from .examples import EXAMPLES
from .params.entries import argument, option
from .special import MORE, specialized

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .. import DagsterPlus

#: The fields of all that ``discover`` finds; of each kind some.
_DISCOVERED = (
    "kind name location repository group status error updated_at metadata id description tags kinds "
    "owners job_names is_asset_job is_partitioned is_materializable is_observable is_executable"
)

#: What is no resource.
_OTHERS: dict[str, Any] = {
    "auth": {"help": "Who you are, and where.", "table": "account.verbs.AUTH"},
    "config": {"help": "What is stored, and where the settings come from.", "table": "account.verbs.CONFIG"},
    "discover": {
        "help": "Find out what there is: code locations, repositories, jobs and assets, in one request.",
        "fields": _DISCOVERED.split(),
        "id": "name",
        "params": [
            option("filter", "text", "Only these.", default="all", metavar="KIND",
                   choices=["jobs", "assets", "repos", "locations", "all"]),
            option("pattern", "text", "Only those whose name matches, such as 'orders/*', in any case."),
            option("tags", "tags", "Only jobs and assets with all these tags; wildcards are possible.", "--tag", "--tags"),
            option("groups", "list", "Only assets in one of these groups; wildcards are possible.", "--group", "--groups"),
            option("verbose", "flag", "Show descriptions, tags, groups and load errors, too.", "--verbose", "-v"),
        ],
        "run": "discover.show",
    },
    "sandbox": {"help": "A Dagster+ on this machine, to try and test things without an account.", "table": "sandbox.verbs.VERBS"},
    "graphql": {
        "help": "Send a GraphQL document and print its data.",
        "params": [
            argument("document", "Its text, @FILE for a file's, - or nothing for that of stdin.", required=False),
            option("variables", "many", "A JSON object, or k=v; may be repeated. In k=v a value that is JSON is taken as such.",
                   "--variables", "--variable", "-V", metavar="JSON|K=V"),
            option("operation_name", "text", "Which of its operations to run, where it has several."),
        ],
        "run": "graphql.send",
    },
    "completion": {
        "help": "Print the completion script of a shell.",
        "params": [argument("shell", "bash, zsh or fish.", choices=["bash", "zsh", "fish"])],
        "run": "completion.scripts.script",
    },
}  # fmt: skip


#: The sections of the help, each with its nouns.
SECTIONS: dict[str, Sequence[str]] = {
    "Runs and code": (
        "discover", "run", "run-events", "log", "job", "backfill", "partition", "schedule", "sensor",
        "code-location", "resource", "env-var", "secret", "instance",
    ),
    "Assets and catalog": (
        "asset", "check", "search", "catalog-view", "favorite", "pin", "issue",
    ),
    "Alerts and insights": (
        "alert-policy", "alert-notification", "insights", "container-metric", "usage",
    ),
    "Organization and deployments": (
        "organization", "organization-setting", "deployment", "deployment-setting",
        "branch-deployment", "serverless", "agent", "artifact", "integration", "audit-log",
        "onboarding",
    ),
    "People and tokens": (
        "user", "team", "custom-role", "service-user", "user-token", "agent-token",
        "service-token", "api-token",
    ),
    "This command": ("auth", "config", "graphql", "sandbox", "completion"),
}  # fmt: skip


def nouns() -> dict[str, Any]:
    """Return the commands of the first level, by name."""
    return dict(sorted({**NOUNS, **_OTHERS}.items()))


def is_noun(entry: dict[str, Any]) -> bool:
    """Tell whether there are commands below a command."""
    return not entry.keys().isdisjoint(("verbs", "module", "table"))


def verbs(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the commands below a noun; the table of a resource is imported for it."""
    if "module" not in entry:
        below: dict[str, Any] = entry["verbs"] if "verbs" in entry else imported(entry["table"])
        return below
    table = imported(f"_commands.{entry['module']}.VERBS")
    found = {verb: specialized(name, verb, entry) for verb, entry in table.items()}
    return found | MORE.get(name, {})


def verb_of(path: str) -> dict[str, Any]:
    """Return a command of the second level by its path, such as ``run list``."""
    noun, verb = path.split()
    entry: dict[str, Any] = verbs(noun, nouns()[noun])[verb]
    return entry


def function_of(entry: dict[str, Any]) -> Any:
    """Return what does a command: mostly that which calls a method of the facade."""
    return imported(entry.get("run", "invoke.call"))


def imported(path: str) -> Any:
    """Return what a path such as ``invoke.call`` leads to, with its module imported."""
    from importlib import import_module

    module, _, name = path.rpartition(".")
    return getattr(import_module(f".{module}", __package__), name)


def method_of(client: DagsterPlus, entry: dict[str, Any]) -> Any:
    """Return the method of the facade that a command is."""
    return getattr(getattr(client, entry["attribute"]), entry["method"])


def examples_of(path: str, entry: dict[str, Any]) -> Sequence[str]:
    """Return the examples of a command: those of its method, and further ones."""
    return [*entry.get("examples", ()), *EXAMPLES.get(path, ())]
