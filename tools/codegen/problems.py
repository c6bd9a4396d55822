"""How the generation fails: with one line per problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CodegenError", "raise_problems"]


class CodegenError(click.ClickException):
    """The queries, the tables or the schema do not allow a generation."""


def raise_problems(problems: Iterable[str]) -> None:
    """Raise one error that lists the problems, if there are any."""
    if lines := sorted(set(problems)):
        raise CodegenError("\n".join(lines))
