"""The tree of commands, built from data where it is walked."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from .. import __version__
from .params.options import GlobalOption, global_options, help_of, parameters, spellings
from .state import State, wants_json
from .tree import SECTIONS, examples_of, function_of, is_noun, nouns, verbs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

NAME = "dplus"
COMPLETE = "_DPLUS_COMPLETE"


class _Sections(click.Command):
    """A command whose help has its own options first, then those that every command has, then its fields and examples."""

    examples: Sequence[str] = ()
    fields: Sequence[str] = ()

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
        """Write what ``--fields`` can be, and the examples as they are."""
        if self.fields:
            with formatter.section("Fields"):
                formatter.write_text(", ".join(self.fields))
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"  {example}\n")


class Verb(_Sections):
    """A command that does something."""

    def __init__(self, path: str, entry: dict[str, Any]) -> None:
        def act(**values: Any) -> None:
            _act(path, self._entry, values)

        super().__init__(
            path.rsplit(maxsplit=1)[-1],
            params=self._params_of(entry),
            help=_help_text(entry),
            callback=act,
        )
        self._path, self._entry = path, entry
        self.examples: Sequence[str] = examples_of(path, entry)
        self.fields: Sequence[str] = entry.get("fields", ())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; those that are none of ours as ``dg api`` has them."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError:
            from .dg.reading import other_reading

            other = other_reading(self._path, self._entry, given)
            if other is None:
                raise
        ctx.params.clear()
        self._entry = other
        self.params: list[click.Parameter] = self._params_of(other)
        return super().parse_args(ctx, given)

    @staticmethod
    def _params_of(entry: dict[str, Any]) -> list[click.Parameter]:
        from .params.confirm import options_of

        own = {given["name"] for given in entry["params"]}
        more = [given for given in options_of(entry) if given["name"] not in own]
        return [*parameters([*entry["params"], *more]), *global_options()]


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
        path = f"{self.name} {cmd_name}".removeprefix(f"{NAME} ")
        entry = self._entries.get(cmd_name)
        if entry is None:
            from .dg.reading import below  # it may be a word of the official ``dg api``

            entry = below(path)
        if entry is None:
            return None
        if is_noun(entry):
            return Noun(path, entry["help"], verbs(path, entry))
        return Verb(path, entry)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; name those that there are where there is no such one."""
        is_known = args[0] in self._entries or ctx.resilient_parsing
        if not is_known and self.get_command(ctx, args[0]) is None:
            from .failures.suggest import instead_of

            path = "" if self.name == NAME else str(self.name)
            message = f"no command {args[0]!r}; {instead_of(path, args, self._entries)}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

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
        f"{given['name'].upper()}: {help_of(given)}"
        for given in entry["params"]
        if "options" not in given
    ]
    return "\n\n".join([entry["help"], *arguments])


@click.pass_context
def _help(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _act(path: str, entry: dict[str, Any], values: dict[str, Any]) -> None:
    from .params import confirm
    from .printing.asked import check

    state = click.get_current_context().find_object(State)
    assert state is not None
    state.asked = (path, values)
    state.options = spellings(entry["params"])
    entry, values = confirm.chosen(state, entry, values)
    check(state, entry)
    if confirm.is_settled(state, entry, values):
        return
    function_of(entry)(state, entry, values)


def build() -> click.Group:
    """Return the whole command."""
    root = Noun(
        NAME,
        "Dagster+ and open-source Dagster from the command line. Where to connect to comes from these options, the "
        "environment, or the configuration files of the official tools.",
        nouns(),
    )
    root.context_settings.update(help_option_names=["-h", "--help"], max_content_width=100)
    said = click.version_option(
        __version__, message=f"{NAME} %(version)s", help="Print the version."
    )
    return said(root)


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code."""
    import os

    instruction = os.environ.get(COMPLETE)
    if instruction:
        from .completion.completing import answer

        return answer(instruction, NAME, COMPLETE)
    _replace_what_cannot_be_said()
    return _guarded(arguments, State())


def _replace_what_cannot_be_said() -> None:
    """Let characters that a stream's encoding has not become question marks, and no errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _guarded(arguments: list[str], state: State) -> int:
    """Run, and turn whatever is raised into a message and a code."""
    try:
        code = _run(arguments, state)
        sys.stdout.flush()
    except BrokenPipeError:
        from .process import settle

        settle(sys.stdout)  # it may be another pipe that broke
        return 0
    except BaseException as error:  # noqa: BLE001 - all of them are reported
        if state.format is None and wants_json(arguments):
            state.format = "json"  # it stands behind what was not understood
        from .failures.errors import report
        from .failures.unexpected import written

        return report(written(error), state)
    return code


def _run(arguments: list[str], state: State) -> int:
    root = build()
    words = list(arguments)
    if words[:1] in (["help"], ["version"]):  # as gh and kubectl have them
        words = [*words[1:], f"--{words[0]}"]
    try:
        with root.make_context(NAME, words, obj=state) as context:
            root.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    return 0
