"""What is there at once: lists without pages, and things whose columns are the names that they have."""

from __future__ import annotations

from typing import NamedTuple

from .output import show_list, show_record
from .text import lines_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ..state import State
    from .columns import Column


class Whole(NamedTuple):
    """A list that came at once, as the only page."""

    items: Sequence[Any]
    cursor: None = None
    total: None = None
    has_more: bool = False


def show_whole(state: State, items: Sequence[Any], columns: Sequence[Column]) -> None:
    """Print a list that is there at once.

    Args:
        state: The chosen format and fields.
        items: The things.
        columns: Those of a table, where the caller chooses no fields.
    """
    show_list(state, [Whole(items)], columns)


def show_own(state: State, record: dict[str, Any], text: str | None = None) -> None:
    """Print one thing.

    Args:
        state: The chosen format and fields.
        record: Its values by name.
        text: Its text for people; else a line for each value.
    """
    human = lines_of(record) if text is None else text
    show_record(state, record, _columns(record), human)


def show_rows(state: State, rows: list[dict[str, Any]], names: str) -> None:
    """Print a list whose columns are names.

    Args:
        state: The chosen format and fields.
        rows: The values of each by name.
        names: Those that a table shows, with spaces between them.
    """
    show_whole(state, rows, _columns(names.split()))


def _columns(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name.upper(), name) for name in names]
