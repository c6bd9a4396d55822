"""``completion``: click's scripts."""

from __future__ import annotations

import click

from .output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .state import State

SHELLS = ("bash", "zsh", "fish")


def script(_state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the script of a shell.

    Raises:
        click.UsageError: There is none for it.
    """
    from click.shell_completion import get_completion_class

    from .app import COMPLETE, NAME, build

    shell = values["shell"]
    found = get_completion_class(shell) if shell in SHELLS else None
    if found is None:
        raise click.UsageError(f"unknown shell {shell!r}; choose from {', '.join(SHELLS)}")
    write(found(build(), {}, NAME, COMPLETE).source())
