"""Options and arguments: those of the command table, and those that every command has."""

from __future__ import annotations

import click

from .state import FORMATS, State
from .values import Words, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: What help shows for the value of an option.
METAVARS = {
    "config": "FILE",
    "limit": "N",
    "list": "A,B",
    "range": "FIRST..LAST",
    "tags": "K=V,...",
    "time": "TIME",
}

#: Name, spellings, metavar and help of the global options that take a text.
TEXTS = (
    ("organization", ("--organization", "-o"), "NAME", "The Dagster+ organization."),
    ("deployment", ("--deployment", "-d"), "NAME", "Its deployment."),
    (
        "api_token",
        ("--api-token",),
        "TOKEN",
        "A Dagster+ token; better in DAGSTER_CLOUD_API_TOKEN.",
    ),
    ("url", ("--url",), "URL", "The URL of a deployment, or of an open-source webserver."),
    ("profile", ("--profile",), "NAME", "A profile of the configuration file."),
)
FLAGS = (
    ("view_graphql", "--view-graphql", "Print each GraphQL operation to stderr."),
    ("debug", "--debug", "Print logs and tracebacks to stderr."),
)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Write down a global option that was given; the innermost one stands."""
    if value in (None, False, ()):
        return
    state = ctx.find_object(State)
    assert state is not None
    assert param.name is not None
    if param.name == "json":
        _choose(state, "json")
    elif param.name == "format":
        _choose(state, value)
    else:
        setattr(state, param.name, value)


def _choose(state: State, name: str) -> None:
    if state.format not in (None, name):
        raise click.UsageError(f"--json and --format are both given: {state.format} and {name}")
    state.format = name


def global_options() -> list[click.Parameter]:
    """Return the options that every command has, before and after the noun."""
    options: list[click.Parameter] = [
        GlobalOption(["--json"], is_flag=True, help="Print JSON; errors too."),
        GlobalOption(["--format"], type=click.Choice(FORMATS), help="Print in this format."),
        GlobalOption(
            ["--fields"],
            type=Words(),
            metavar="A,B",
            help="Only these fields; a.b is b inside of a.",
        ),
    ]
    options += [
        GlobalOption([*spellings, name], metavar=metavar, help=text)
        for name, spellings, metavar, text in TEXTS
    ]
    options += [GlobalOption([flag, name], is_flag=True, help=text) for name, flag, text in FLAGS]
    return options


class GlobalOption(click.Option):
    """An option that every command has."""

    def __init__(self, names: list[str], **settings: Any) -> None:
        super().__init__(names, expose_value=False, callback=_keep, **settings)


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
    choices = entry.get("choices", ())
    shown = f" One of {', '.join(choices)}." if 0 < len(choices) <= 10 else ""  # noqa: PLR2004
    return click.Option(
        [*entry["options"], name],
        type=type_of(entry),
        multiple=kind in ("list", "many", "range", "tags"),
        required=required,
        show_default="default" in entry,
        metavar=entry.get("metavar", METAVARS.get(kind)),
        help=entry["help"] + shown,
        **default,
    )


def _metavar(entry: dict[str, Any], *, takes_rest: bool) -> str:
    """Return how a command's usage shows an argument."""
    name = entry["name"].upper()
    shown = name if entry.get("required", True) else f"[{name}]"
    return shown + ("..." if takes_rest else ",..." if entry["kind"] == "list" else "")
