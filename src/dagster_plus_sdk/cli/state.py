"""What the options say that every command has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: The formats of ``--format``.
FORMATS = ("json", "jsonl", "csv", "yaml", "tsv", "table")


class State:
    """The global options of one invocation, wherever they stood on the command line.

    Attributes:
        organization: ``--organization``.
        deployment: ``--deployment``.
        api_token: ``--api-token``.
        url: ``--url``.
        profile: ``--profile``.
        view_graphql: Whether to print each operation to stderr.
        debug: Whether to print logs and tracebacks to stderr.
        format: The chosen format; None where the command decides.
        fields: The chosen fields, in their order; empty for those that the format has by default.
        options: How the command spells the parameters of the facade.
        subject: What an error is about, such as the run's id; part of its JSON.
    """

    def __init__(self) -> None:
        self.organization: str | None = None
        self.deployment: str | None = None
        self.api_token: str | None = None
        self.url: str | None = None
        self.profile: str | None = None
        self.view_graphql: bool = False
        self.debug: bool = False
        self.format: str | None = None
        self.fields: list[str] = []
        self.options: dict[str, str] = {}
        self.subject: dict[str, Any] = {}

    @property
    def is_json(self) -> bool:
        """Whether errors are JSON too."""
        return self.format in ("json", "jsonl")

    def __repr__(self) -> str:
        """Show the format; not the token."""
        return f"State(format={self.format!r}, fields={self.fields!r})"


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether a command line that may not be understood asks for JSON."""
    words = list(arguments)
    pairs = zip(words, [*words[1:], ""], strict=True)
    return any(
        word in ("--json", "--format=json", "--format=jsonl")
        or (word == "--format" and following in ("json", "jsonl"))
        for word, following in pairs
    )
