"""What is followed without an end of its own, such as assets: it ends without having to wait for a deadline."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from dagster_plus_sdk._core.waiting import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def first_answer_only() -> Iterator[None]:
    """Let the deadlines in this block come as soon as the server has answered, however late that is, and not before."""
    begin, answered = Patience.__init__, Patience.answered

    def begun(patience: Patience, timeout: float | None, poll: float) -> None:
        begin(patience, timeout and max(timeout, 60.0), poll)

    def ended(patience: Patience) -> None:
        answered(patience)
        patience.end = 0.0

    with patch.object(Patience, "__init__", begun), patch.object(Patience, "answered", ended):
        yield
