"""What a person who waits for a server that is not there should know: that it is tried again, and when to give up."""

from __future__ import annotations

from .. import ConnectionFailedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .. import DagsterPlusError
    from .._core.hooks import ResponseEvent

#: Attempts at a port of this machine that refuses connections: it is no network that may recover.
REFUSED_ATTEMPTS = 2


class Impatience:
    """A hook for attempts: says on a terminal, once, that one failed and why, and gives up early where nobody listens here.

    Giving up is over with the first answer: a server that was there may come back.
    """

    def __init__(self) -> None:
        self._reached = False
        self._told = False

    def __call__(self, event: ResponseEvent) -> None:
        """Look at an attempt that is over.

        Raises:
            ConnectionFailedError: This machine refuses the connection again.
        """
        error = event.error
        if not isinstance(error, ConnectionFailedError):
            self._reached = True
        elif not self._reached and event.retry_in is not None:
            is_here = not error.sent and _is_loopback(event.url)
            if is_here and event.attempt >= REFUSED_ATTEMPTS:
                raise error
        if error is not None and event.retry_in is not None:
            self._tell(event, error)

    def _tell(self, event: ResponseEvent, error: DagsterPlusError) -> None:
        from .printing.output import tell
        from .printing.progress import is_wanted

        if self._told or not is_wanted():
            return
        self._told = True
        is_lost = isinstance(error, ConnectionFailedError)
        why = f"cannot reach {event.url}" if is_lost else " ".join(error.message.split())
        tell(f"dplus: {why}, trying again")


def _is_loopback(url: str) -> bool:
    from urllib.parse import urlsplit

    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
