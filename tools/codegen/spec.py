"""What a class is to be, before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .selection import Body, Fields

__all__ = ["ClassSpec"]


@dataclass
class ClassSpec:
    """What a class is to be.

    Attributes:
        name: Its name.
        on: The type whose fields it has.
        body: What is selected.
        types: The object types that it stands for; none if these are not known.
        supers: Classes of this module that it extends.
        inherited: The fields that it gets from these.
        doc: Its docstring.
        is_root: Whether it is the answer to an operation, which has no `__typename`.
    """

    name: str
    on: str
    body: Body
    types: Sequence[str] = ()
    supers: Sequence[str] = ()
    inherited: Fields = field(default_factory=dict)
    doc: str = ""
    is_root: bool = False
