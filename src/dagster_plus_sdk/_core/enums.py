"""Enums that outlive this version: a value that the server added later is kept, not refused."""

from __future__ import annotations

from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

__all__ = ["OpenStrEnum"]


class OpenStrEnum(str, Enum):
    """A GraphQL enum; an unknown value becomes a member of its own, outside of iteration and length.

    Members are strings: they compare, hash and print as the value on the wire.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        # One object per value, whichever thread comes first: `is` and pickles stay true.
        known: Self = cls._value2member_map_.setdefault(value, member)  # type: ignore[assignment]
        return known

    @property
    def is_known(self) -> bool:
        """Whether this version of the package knows the value."""
        return self._name_ in type(self).__members__

    def __reduce_ex__(self, proto: Any) -> tuple[type[Self], tuple[str]]:
        """Pickle and copy by value: early 3.11 does it by name, which an unknown value has none of."""
        return type(self), (self._value_,)

    __str__ = str.__str__
