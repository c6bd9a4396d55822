"""The tree of commands, built from data where it is walked."""

from __future__ import annotations

import sys

import click

from .options import GlobalOption, global_options, parameters, spellings
from .state import State, wants_json
from .tree import SECTIONS, is_noun, nouns, verbs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

NAME = "dplus"
COMPLETE = "_DPLUS_COMPLETE"


class _Sections(click.Command):
    """A command whose help has its own options first, then those that every command has, then examples."""

    examples: Sequence[str] = ()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both kinds of options."""
        own: list[tuple[str, str]] = []
        common: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                (common if isinstance(param, GlobalOption) else own).append(record)
        for title, records in (("Options", own), ("Options of every command", common)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the examples as they are."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"  {example}\n")


class Verb(_Sections):
    """A command that does something."""

    def __init__(self, path: str, entry: dict[str, Any]) -> None:
        from .tree import examples_of

        def act(**values: Any) -> None:
            _act(entry, values)

        params = parameters(entry["params"])
        super().__init__(
            path.rsplit(maxsplit=1)[-1],
            params=[*params, *global_options()],
            help=_help_text(entry),
            callback=act,
        )
        self.examples: Sequence[str] = examples_of(path, entry)


class Noun(_Sections, click.Group):
    """A command with commands below it, which are built when they are asked for."""

    def __init__(self, name: str, text: str, entries: dict[str, Any]) -> None:
        super().__init__(
            name, params=global_options(), help=text, invoke_without_command=True, callback=_help
        )
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names."""
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Build a command."""
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        path = f"{self.name} {cmd_name}".removeprefix(f"{NAME} ")
        if is_noun(entry):
            return Noun(path, entry["help"], verbs(path, entry))
        return Verb(path, entry)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; name those that there are where there is no such one."""
        if args[0] not in self._entries and not ctx.resilient_parsing:
            raise click.UsageError(f"no command {args[0]!r}; {self._instead(args[0])}", ctx)
        return super().resolve_command(ctx, args)

    def _instead(self, word: str) -> str:
        from difflib import get_close_matches

        similar = get_close_matches(word, self._entries, n=3)
        if similar:
            return f"did you mean {' or '.join(similar)}?"
        if self.name == NAME:
            return f"{NAME} --help lists them"
        return f"choose from {', '.join(self._entries)}"

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands before the options."""
        sections = SECTIONS if self.name == NAME else {"Commands": self._entries}
        for title, names in sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, _short(self._entries[name])) for name in names])
        super().format_options(ctx, formatter)


def _short(entry: dict[str, Any]) -> str:
    text: str = entry["help"].split(". ")[0].rstrip(".")
    return text


def _help_text(entry: dict[str, Any]) -> str:
    arguments = [
        f"{given['name'].upper()}: {given['help']}"
        for given in entry["params"]
        if "options" not in given
    ]
    fields = ", ".join(entry.get("fields", ()))
    parts = [entry["help"], *arguments, f"Fields: {fields}." if fields else ""]
    return "\n\n".join(part for part in parts if part)


@click.pass_context
def _help(ctx: click.Context) -> None:
    """Print the help where no command follows."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _act(entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Do what a verb says."""
    from importlib import import_module

    from .output import check_fields

    state = click.get_current_context().find_object(State)
    assert state is not None
    state.options = spellings(entry["params"])
    check_fields(state, entry.get("fields", ()))
    module, _, function = entry.get("run", "invoke.call").partition(".")
    getattr(import_module(f".{module}", __package__), function)(state, entry, values)


def build() -> click.Group:
    """Return the whole command."""
    root = Noun(
        NAME,
        "Dagster+ and open-source Dagster from the command line. Where to connect to comes from these options, the "
        "environment, or the configuration files of the official tools.",
        nouns(),
    )
    root.context_settings["help_option_names"] = ["-h", "--help"]
    root.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help="Print the version.",
        )
    )
    return root


def _version(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        from .. import __version__

        click.echo(f"{NAME} {__version__}")
        ctx.exit()


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code."""
    import os

    instruction = os.environ.get(COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(build(), {"obj": State()}, NAME, COMPLETE, instruction)
    return _guarded(arguments, State())


def _guarded(arguments: list[str], state: State) -> int:
    """Run, and turn whatever is raised into a message and a code."""
    from .errors import OK, report

    try:
        try:
            root = build()
            with root.make_context(NAME, arguments, obj=state) as context:
                root.invoke(context)
            sys.stdout.flush()
        except click.exceptions.Exit as done:
            sys.stdout.flush()
            return done.exit_code
        except BrokenPipeError:
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - all of them are reported
            if state.format is None and wants_json(arguments):
                state.format = "json"  # it stands behind what was not understood
            return report(error, state)
    except BrokenPipeError:
        _close_quietly()
    return OK


def _close_quietly() -> None:
    """Let Python's own flush at the exit have nobody to complain about."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
