"""Files for their owner alone."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    AnyPath = TypeVar("AnyPath", bound=str | os.PathLike[str])


def private_file(path: AnyPath, text: str) -> AnyPath:
    """Write a file that no one else can read, and return its path."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        os.fchmod(number, 0o600)  # it may have been there
        file.write(text)
    return path
