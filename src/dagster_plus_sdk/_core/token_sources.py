"""Where a token comes from: a fixed text, a file, or a callable that is asked again.

Each source gives a `Secret` and, when the server refused one, says whether a fresh one may be had.
"""

from __future__ import annotations

import os
import time
from _contextvars import ContextVar
from _thread import RLock  # what threading.RLock is; threading itself costs 5 ms to import

from .errors import AuthenticationError, ConfigurationError
from .secret import Secret, check_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from typing import Any, TypeAlias

    Token: TypeAlias = "str | Secret | tuple[str | Secret, float | datetime | None]"  # noqa: S105
    TokenCallable: TypeAlias = Callable[[], "Token | Awaitable[Token]"]
    TokenLike: TypeAlias = "str | Secret | os.PathLike[str] | TokenCallable"

RENEW_EARLY = 30.0
"""Seconds before its expiry at which a token is renewed (at most a tenth of its lifetime)."""

_ASYNC_POLL = 0.01

# The sources whose callable the current task is awaiting: one that waits for itself never ends.
_renewing: ContextVar[tuple[CallableSource, ...]] = ContextVar("_renewing", default=())


class FixedSource:
    """A token that never changes."""

    __slots__ = ("_secret",)
    kind = ""

    def __init__(self, token: object, what: str) -> None:
        self._secret = Secret(check_token(token, what))

    def get(self) -> Secret:
        """Return the token."""
        return self._secret

    async def aget(self) -> Secret:
        """Return the token."""
        return self._secret

    def refused(self, secret: Secret) -> bool:  # noqa: ARG002
        """Tell whether a fresh token may be had after the server refused this one: never."""
        return False


class FileSource:
    """A token in a file of its own, read again when the file changes."""

    __slots__ = ("_path", "_read", "_what")
    kind = "file"

    def __init__(self, path: str, what: str) -> None:
        self._path = os.path.expanduser(path)  # noqa: PTH111 (pathlib costs start-up)
        self._what = f"{what}: the file {self._path}"
        # Signature and token in one tuple: replaced at once, so threads need no lock.
        self._read: tuple[object, Secret] | None = None

    def get(self) -> Secret:
        """Return the file's token.

        Raises:
            ConfigurationError: If the file cannot be read or holds no token.
        """
        try:
            status = os.stat(self._path)  # noqa: PTH116
        except OSError as error:
            if self._read is not None:  # being replaced: what was read is the best there is
                return self._read[1]
            raise ConfigurationError(f"{self._what} cannot be read: {error.strerror}.") from None
        signature = (status.st_mtime_ns, status.st_size, status.st_ino)
        read = self._read
        if read is None or read[0] != signature:
            try:
                read = self._read = (signature, self._load())
            except ConfigurationError:
                if read is None:
                    raise
                # Just being written: try again with the next request.
        return read[1]

    async def aget(self) -> Secret:
        """Return the file's token; see `get`."""
        return self.get()

    def refused(self, secret: Secret) -> bool:
        """Tell whether the file holds another token than the one refused."""
        try:
            self._read = (None, self._load())
        except ConfigurationError:
            return False  # the refusal is the better error
        return self.get() != secret

    def _load(self) -> Secret:
        problem = ""
        text = ""
        try:
            with open(self._path, encoding="utf-8-sig") as file:  # noqa: PTH123
                text = file.read(1 << 20)
        except OSError as error:
            problem = error.strerror or type(error).__name__
        except UnicodeDecodeError:
            problem = "it is not UTF-8 text"
        if problem:  # outside the handler: a decoding error carries the file's content
            raise ConfigurationError(f"{self._what} cannot be read: {problem}.")
        return Secret(check_token(text.strip(), self._what))


class CallableSource:
    """A token that a callable returns; asked again when it expires or is refused."""

    __slots__ = (
        "_asking",
        "_awaiting",
        "_callable",
        "_lock",
        "_pid",
        "_renew_at",
        "_secret",
        "_what",
    )
    kind = "callable"

    def __init__(self, source: TokenCallable, what: str) -> None:
        self._callable = source
        self._what = what
        self._secret: Secret | None = None
        self._renew_at = float("inf")
        self._reset()

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._lock = RLock()
        self._asking = False
        self._awaiting = False

    def _guard(self) -> RLock:
        # A lock that another thread held at the time of a fork is never released in the child.
        if self._pid != os.getpid():
            self._reset()
        return self._lock

    def get(self) -> Secret:
        """Return the token, asking the callable if there is none or it is about to expire.

        Raises:
            AuthenticationError: If the callable fails.
            ConfigurationError: If it returns an awaitable or what is no token.
        """
        with self._guard():
            secret = self._fresh()
            if secret is not None:
                return secret
            value = self._ask()
            if hasattr(value, "__await__"):
                close = getattr(value, "close", None)
                if close is not None:
                    close()
                raise ConfigurationError(
                    f"{self._what}: the callable is async, which only AsyncDagsterPlus can wait "
                    "for. Give the sync client a callable that returns the token itself."
                )
            return self._store(value)

    async def aget(self) -> Secret:
        """Return the token as `get` does; awaits what the callable returns.

        The lock is not held while awaiting: a thread that wants it could be this event loop's.
        """
        while True:
            with self._guard():
                secret = self._fresh()
                if secret is not None:
                    return secret
                if not self._awaiting:
                    value = self._ask()
                    if not hasattr(value, "__await__"):
                        return self._store(value)
                    self._awaiting = True
                    break
            if self in _renewing.get():
                raise self._circular()
            # The renewal under way may belong to another event loop: no primitive spans two.
            from anyio import sleep

            await sleep(_ASYNC_POLL)
        outer = _renewing.get()
        _renewing.set((*outer, self))
        try:
            value = await _await(value, self._what)
            with self._guard():
                return self._store(value)
        finally:
            self._awaiting = False
            _renewing.set(outer)

    def refused(self, secret: Secret) -> bool:
        """Forget the refused token, unless it has already been replaced; True in both cases."""
        with self._guard():
            if self._secret is not None and self._secret == secret:
                self._secret = None
        return True

    def _fresh(self) -> Secret | None:
        return self._secret if time.time() < self._renew_at else None

    def _ask(self) -> Any:
        if self._asking:
            raise self._circular()
        self._asking = True
        try:
            return self._callable()
        except Exception as error:
            raise _failed(self._what, error) from error
        finally:
            self._asking = False

    def _circular(self) -> ConfigurationError:
        return ConfigurationError(
            f"{self._what}: the callable used the very client that was asking it for a token."
        )

    def _store(self, value: Any) -> Secret:
        expires_at: Any = None
        if isinstance(value, tuple):
            pair: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
            if len(pair) != 2:  # noqa: PLR2004
                raise ConfigurationError(
                    f"{self._what}: the callable must return a token or (token, expires_at)."
                )
            value, expires_at = pair
        what = f"{self._what}: what the callable returned"
        secret = Secret(check_token(value, what))
        self._renew_at = _renew_at(expires_at, what)
        self._secret = secret
        return secret


def make_source(token: TokenLike, what: str) -> FixedSource | FileSource | CallableSource:
    """Make the source of what was given as a token.

    Args:
        token: The token, the path of a file that holds it, or a callable that returns it.
        what: What it is called in errors.

    Returns:
        The source.

    Raises:
        ConfigurationError: If it is none of these, or no token.
    """
    if isinstance(token, os.PathLike):
        return FileSource(os.fspath(token), what)  # pyright: ignore[reportUnknownArgumentType]
    if callable(token):
        return CallableSource(token, what)
    return FixedSource(token, what)


async def _await(value: Any, what: str) -> Any:
    try:
        return await value
    except Exception as error:
        raise _failed(what, error) from error


def _failed(what: str, error: Exception) -> Exception:
    # Only the type: the text of a failed request for a token may hold one.
    return AuthenticationError(f"{what}: the callable failed with {type(error).__name__}.")


def _renew_at(expires_at: Any, what: str) -> float:
    """Return the time from which on the token counts as expired, in epoch seconds."""
    if expires_at is None:
        return float("inf")
    if hasattr(expires_at, "timestamp"):
        if expires_at.tzinfo is None:
            raise ConfigurationError(f"{what} expires at a datetime without a time zone.")
        expires_at = expires_at.timestamp()
    if isinstance(expires_at, bool) or not isinstance(expires_at, (int, float)):
        raise ConfigurationError(
            f"{what} expires at no aware datetime and no number of seconds since the epoch."
        )
    lifetime = max(0.0, expires_at - time.time())
    return expires_at - min(RENEW_EARLY, lifetime / 10)
