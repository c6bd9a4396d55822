"""What the options say that every command has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: The formats of ``--format``.
FORMATS = ("json", "jsonl", "csv", "yaml", "tsv", "table")


class State:
    """The global options of one invocation, wherever they stood on the command line."""

    organization: str | None = None
    deployment: str | None = None
    api_token: str | None = None
    url: str | None = None
    profile: str | None = None
    #: Whether to print each operation to stderr.
    view_graphql: bool = False
    #: Whether to print logs and tracebacks to stderr.
    debug: bool = False
    #: The chosen format; None where the command decides.
    format: str | None = None
    #: The chosen fields, in their order; empty for those that the format has by default.
    fields: Sequence[str] = ()
    #: Whether to print ids only.
    quiet: bool = False
    #: Where they stand in a record; the record itself where it is empty.
    id_path: str = ""
    #: The expression of ``--jq``, and the same compiled.
    jq: str | None = None
    program: Any = None
    #: Whether to open a page instead of printing.
    web: bool = False
    #: The command, such as ``run get``, and its values, once they are known.
    asked: tuple[str, dict[str, Any]] | None = None

    def __init__(self) -> None:
        #: How the command spells the parameters of the facade.
        self.options: dict[str, str] = {}
        #: What an error is about, such as the run's id; part of its JSON.
        self.subject: dict[str, Any] = {}

    @property
    def is_json(self) -> bool:
        """Whether errors are JSON too."""
        return self.format in ("json", "jsonl")

    def replaced(self, **options: Any) -> State:
        """Return the same with other options."""
        other = State()
        vars(other).update({**vars(self), **options})
        return other

    def __repr__(self) -> str:
        """Show the format; not the token."""
        return f"State(format={self.format!r}, fields={self.fields!r})"


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether a command line that may not be understood asks for JSON."""
    words = list(arguments)
    pairs = zip(words, [*words, ""][1:], strict=True)
    return any(
        word in ("--json", "--jq", "--format=json", "--format=jsonl")
        or word.startswith("--jq=")
        or (word == "--format" and following in ("json", "jsonl"))
        for word, following in pairs
    )
