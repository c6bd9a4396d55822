"""How long one attempt may take, phase by phase."""

from __future__ import annotations

import time

from .errors import InvalidInputError

#: Seconds that a request may take even at a deadline.
SHORTEST_TRY = 0.5


class Timeout:
    """The limits of one attempt, in seconds; None waits without end.

    Args:
        read: From the sent request to the answer, and between two pieces of it.
        connect: Until a connection stands.
        write: Between two pieces of the request.
        pool: Until a connection of the pool is free.
    """

    __slots__ = ("_end", "connect", "pool", "read", "write")

    def __init__(
        self,
        read: float | None = 60.0,
        *,
        connect: float | None = 5.0,
        write: float | None = 30.0,
        pool: float | None = 10.0,
    ) -> None:
        for name, value in (("read", read), ("connect", connect), ("write", write), ("pool", pool)):
            if value is not None and not value > 0:
                raise InvalidInputError(f"the {name} timeout must be more than 0 s, not {value}")
        self.read: float | None = read
        self.connect: float | None = connect
        self.write: float | None = write
        self.pool: float | None = pool
        #: The moment (``time.monotonic``) that no attempt is to outlast.
        self._end: float | None = None

    @classmethod
    def of(cls, value: Timeout | float | None) -> Timeout:
        """Return limits: those given, the default ones, or for a number that many seconds to read."""
        if isinstance(value, Timeout):
            return value
        if value is None:
            return cls()
        return cls(value, connect=min(value, 5.0), write=min(value, 30.0), pool=min(value, 10.0))

    def within(self, seconds: float) -> Timeout:
        """Return limits of which none is longer than that many seconds."""
        given = (self.read, self.connect, self.write, self.pool)
        read, connect, write, pool = (seconds if v is None else min(v, seconds) for v in given)
        return Timeout(read, connect=connect, write=write, pool=pool)

    def until(self, end: float) -> Timeout:
        """Return the same limits for any number of attempts, of which none outlasts a moment of ``time.monotonic``."""
        limits = Timeout(self.read, connect=self.connect, write=self.write, pool=self.pool)
        limits._end = end
        return limits

    def now(self) -> Timeout:
        """Return the limits of an attempt that begins now."""
        end = self._end
        return self if end is None else self.within(max(SHORTEST_TRY, end - time.monotonic()))

    def reading(self, seconds: float | None) -> Timeout:
        """Return limits that wait that long for an answer, and for nothing else longer than these; None without end."""
        if seconds is None:
            return Timeout(None, connect=self.connect, write=self.write, pool=self.pool)
        return Timeout(seconds, connect=self.connect, write=self.write, pool=self.pool).within(
            seconds
        )

    def __repr__(self) -> str:
        """Name every limit."""
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__[1:])
        return f"Timeout({shown})"
