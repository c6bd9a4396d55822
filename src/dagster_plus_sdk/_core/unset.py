"""The mark of an argument that was not given."""

from __future__ import annotations

__all__ = ["UNSET", "UnsetType"]


class UnsetType:
    """The type of `UNSET`: the argument is left out of the request, while None is sent as null."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET = UnsetType()
