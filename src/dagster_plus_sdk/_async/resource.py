"""What every resource has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .transport import AsyncTransport


class AsyncResource:
    """A group of methods that send operations."""

    __slots__ = ("_transport",)

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def __repr__(self) -> str:
        """Show where it sends to."""
        return f"{type(self).__name__}({self._transport.settings.url!r})"
