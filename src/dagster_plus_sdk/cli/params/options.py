"""Options and arguments: those of the command table, and those that every command has."""

from __future__ import annotations

import click

from ..state import FORMATS, State
from .param_types import Words, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: What help shows for the value of an option.
METAVARS = {
    "config": "FILE|-", "limit": "N", "list": "A,B", "path": "FILE", "range": "FIRST..LAST", "seconds": "SECONDS|5m|1h30m",
    "secret": "TEXT|@FILE|-", "tags": "K=V,...", "time": "TIME",
}  # fmt: skip

#: How many choices help lists; of more the error of a wrong one does.
MAX_CHOICES = 12

#: Name, spellings, metavar and help of the global options that take a text.
TEXTS = (
    ("jq", ("--jq",), "EXPR", "Print what this jq expression makes of the JSON."),
    ("organization", ("--organization", "-o"), "NAME", "The Dagster+ organization."),
    ("deployment", ("--deployment", "-d"), "NAME", "Its deployment."),
    ("api_token", ("--api-token",), "TOKEN", "A Dagster+ token; better in DAGSTER_CLOUD_API_TOKEN."),
    ("url", ("--url",), "URL", "The URL of a deployment, or of an open-source webserver."),
    ("profile", ("--profile",), "NAME", "A profile of the configuration file."),
)  # fmt: skip
FLAGS = (
    ("quiet", ("--quiet", "-q"), "Print ids only, one per line."),
    ("web", ("--web",), "Open the page in the browser instead."),
    ("view_graphql", ("--view-graphql",), "Print each GraphQL operation to stderr."),
    ("debug", ("--debug",), "Print logs and tracebacks to stderr."),
)


#: What the names of global options begin with.
_GLOBAL = "global_"


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Write down a global option that was given; the innermost one stands."""
    if value in (None, False, ()):
        return
    state = ctx.find_object(State)
    assert state is not None
    assert param.name is not None
    name = param.name.removeprefix(_GLOBAL)
    if name == "json":
        name, value = "format", name
    if name == "organization" and value in FORMATS:  # as kubectl has it
        raise click.UsageError(f"-o is the organization: --format {value} is the format")
    if name == "format" and state.format not in (None, value):
        raise click.UsageError(f"--json and --format are both given: {state.format} and {value}")
    setattr(state, name, value)


def global_options() -> list[click.Parameter]:
    """Return the options that every command has, before and after the noun."""
    options: list[click.Parameter] = [
        GlobalOption(["--json"], is_flag=True, help="Print JSON; errors too."),
        GlobalOption(["--format"], type=click.Choice(FORMATS), help="Print in this format."),
        GlobalOption(["--fields"], type=Words(), metavar="A,B", help="Only these fields; a.b is b inside of a."),
    ]  # fmt: skip
    texts = [
        GlobalOption([*s, name], metavar=metavar, help=text) for name, s, metavar, text in TEXTS
    ]
    flags = [GlobalOption([*s, name], is_flag=True, help=text) for name, s, text in FLAGS]
    # The order of the help: what shapes the result, where to send, and what is for looking inside.
    return [*options, texts[0], *flags[:2], *texts[1:], *flags[2:]]


class GlobalOption(click.Option):
    """An option that every command has."""

    def __init__(self, names: list[str], **settings: Any) -> None:
        if "metavar" in settings:
            kind = "list" if names[0] == "--fields" else "text"
            settings["shell_complete"] = _completer({"name": names[-1].lstrip("-"), "kind": kind})
        super().__init__(names, expose_value=False, callback=_keep, **settings)
        # A verb can have a parameter of the same name, such as the deployment of a grant.
        self.name: str = f"{_GLOBAL}{self.name}"


def spellings(entries: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return how parameters are written, by their names: ``--partition-range``, or ``KEYS`` for an argument."""
    own = {e["name"]: e["options"][0] if "options" in e else e["name"].upper() for e in entries}
    return {name: options[0] for name, options, *_ in TEXTS} | own


def parameters(entries: Sequence[dict[str, Any]]) -> list[click.Parameter]:
    """Return click's parameters for those of a command: of several list arguments the last takes all words that are left."""
    lists = [e["name"] for e in entries if e["kind"] == "list" and "options" not in e]
    return [parameter(e, takes_rest=e["name"] in lists[-1:]) for e in entries]


def parameter(entry: dict[str, Any], *, takes_rest: bool = False) -> click.Parameter:
    """Return click's parameter for one of the command table."""
    kind, name = entry["kind"], entry["name"]
    if "options" not in entry:
        return click.Argument(
            [name],
            required=entry.get("required", True),
            nargs=-1 if takes_rest else 1,
            type=type_of(entry),
            metavar=_metavar(entry, takes_rest=takes_rest),
            shell_complete=_completer(entry),
        )
    required = entry.get("required", False)
    # To click even None is a default, and satisfies what is required.
    default: dict[str, Any] = {} if required else {"default": entry.get("default")}
    if kind in ("flag", "maybe"):
        return click.Option(
            [*entry["options"], name],
            is_flag=True,
            required=required,
            help=entry["help"],
            **default,
        )
    return click.Option(
        [*entry["options"], name],
        type=type_of(entry),
        multiple=kind in ("list", "many", "range", "tags"),
        required=required,
        show_default="default" in entry,
        metavar=entry.get("metavar", METAVARS.get(kind)),
        help=help_of(entry),
        shell_complete=_completer(entry),
        **default,
    )


def help_of(entry: dict[str, Any]) -> str:
    """Return what a parameter says of itself: with its choices, where these are not too many."""
    choices = entry.get("choices", ())
    shown = f" One of {', '.join(choices)}." if 0 < len(choices) <= MAX_CHOICES else ""
    return f"{entry['help']}{shown}"


def _completer(entry: dict[str, Any]) -> Any:
    def complete(ctx: click.Context, param: click.Parameter, word: str) -> Any:
        from ..completion.completing import values

        return values(entry, ctx, param, word)

    return complete


def _metavar(entry: dict[str, Any], *, takes_rest: bool) -> str:
    name = entry["name"].upper()
    shown = name if entry.get("required", True) else f"[{name}]"
    return shown + ("..." if takes_rest else ",..." if entry["kind"] == "list" else "")
