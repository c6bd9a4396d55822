"""Authentication: what puts the secret headers on a request."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .errors import ConfigurationError
from .secret import MASK, Secret, check_header, refuse_pickle
from .token_sources import make_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, NoReturn, SupportsIndex

    from .token_sources import TokenLike

TOKEN_HEADER = "Dagster-Cloud-Api-Token"  # noqa: S105


class Auth(ABC):
    """The base of every kind of authentication; thread-safe, and safe after a fork.

    Attributes:
        kind: "dagster-plus", "bearer", "basic", "headers", "none", or where the token comes
            from if that is a "callable" or a "file".
        has_credentials: Whether it puts anything secret on a request.
    """

    __slots__ = ("__weakref__",)
    kind: str = "none"
    has_credentials: bool = True

    @abstractmethod
    def headers(self) -> dict[str, str]:
        """Return the secret headers of one request; called anew for every request.

        Returns:
            Names and values, of which none may be shown.

        Raises:
            ConfigurationError: If there is no usable credential.
            AuthenticationError: If the callable that gives the token fails.
        """

    async def aheaders(self) -> dict[str, str]:
        """Return the same as `headers`, for the async client: awaits an async callable.

        Returns:
            Names and values, of which none may be shown.
        """
        return self.headers()

    def refused(self, headers: Mapping[str, str]) -> bool:  # noqa: ARG002
        """Take note that the server answered 401 to these headers.

        Args:
            headers: What `headers` had returned for the refused request.

        Returns:
            True if `headers` may now return other ones, so that the request is worth sending
            once more.
        """
        return False

    def __copy__(self) -> Auth:
        return self

    def __deepcopy__(self, memo: object) -> Auth:
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{MASK}')"

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        refuse_pickle(self)

    def __getstate__(self) -> NoReturn:
        refuse_pickle(self)


class NoAuth(Auth):
    """No authentication: a plain open-source server."""

    __slots__ = ()
    has_credentials = False

    def headers(self) -> dict[str, str]:
        """Return no headers.

        Returns:
            An empty dict.
        """
        return {}

    def __repr__(self) -> str:
        return "NoAuth()"


class _HeaderWithToken(Auth):
    """One header that holds one token, from any source."""

    __slots__ = ("_source", "kind")
    _name = ""
    _prefix = ""
    _kind = ""

    def __init__(self, token: TokenLike, *, source: str = "argument") -> None:
        self._source = make_source(token, f"token ({source})")
        self.kind: str = self._source.kind or self._kind

    def headers(self) -> dict[str, str]:
        return {self._name: self._prefix + self._source.get().reveal()}

    async def aheaders(self) -> dict[str, str]:
        return {self._name: self._prefix + (await self._source.aget()).reveal()}

    def refused(self, headers: Mapping[str, str]) -> bool:
        return self._source.refused(Secret(headers.get(self._name, "")[len(self._prefix) :]))


class TokenAuth(_HeaderWithToken):
    """A Dagster+ user, service or agent token, sent as ``Dagster-Cloud-Api-Token``.

    Args:
        token: The token; or a `pathlib.Path` of a file that holds nothing else, which is read
            again when it changes; or a callable that returns the token, or the token and when it
            expires (an aware datetime or seconds since the epoch). A callable is asked again
            shortly before that time, and when the server refuses the token. With the async
            client it may return an awaitable.
        source: Where the token comes from, as errors call it.

    Raises:
        ConfigurationError: If it cannot be a token.
    """

    __slots__ = ()
    _name = TOKEN_HEADER
    _kind = "dagster-plus"


class BearerAuth(_HeaderWithToken):
    """A bearer token, sent as ``Authorization: Bearer``: for servers behind a gateway.

    Args:
        token: As for `TokenAuth`.
        source: Where the token comes from, as errors call it.

    Raises:
        ConfigurationError: If it cannot be a token.
    """

    __slots__ = ()
    _name = "Authorization"
    _prefix = "Bearer "
    _kind = "bearer"


class BasicAuth(Auth):
    """A user name and a password, sent as ``Authorization: Basic``.

    Args:
        username: The user name, without a colon.
        password: The password.
        source: Where they come from, as errors call it.

    Raises:
        ConfigurationError: If the user name is empty or has a colon, or either holds a control
            character.
    """

    __slots__ = ("_value",)
    kind = "basic"

    def __init__(self, username: str, password: str | Secret, *, source: str = "argument") -> None:
        password = password.reveal() if isinstance(password, Secret) else password
        texts: list[Any] = [username, password]
        if not all(isinstance(text, str) for text in texts):
            raise ConfigurationError(f"user name and password ({source}) must be texts.")
        if not username or ":" in username:
            raise ConfigurationError(f"the user name ({source}) is empty or has a colon.")
        if not (username + password).isprintable():
            raise ConfigurationError(
                f"user name or password ({source}) holds a line break or a control character."
            )
        from binascii import b2a_base64

        pair = f"{username}:{password}".encode()
        self._value = Secret(b2a_base64(pair, newline=False).decode())

    def headers(self) -> dict[str, str]:
        """Return the ``Authorization`` header.

        Returns:
            One header.
        """
        return {"Authorization": "Basic " + self._value.reveal()}


class HeaderAuth(Auth):
    """Headers of one's own, treated as secret.

    Args:
        headers: Names and values.
        source: Where they come from, as errors call it.

    Raises:
        ConfigurationError: If there is none, or one that cannot be sent.
    """

    __slots__ = ("_headers",)
    kind = "headers"

    def __init__(self, headers: Mapping[str, str | Secret], *, source: str = "argument") -> None:
        what = f"headers ({source})"
        if not headers or not hasattr(headers, "items"):
            raise ConfigurationError(f"{what} must be a mapping with at least one header.")
        checked = [check_header(name, value, what) for name, value in headers.items()]
        self._headers = tuple((name, Secret(value)) for name, value in checked)

    def headers(self) -> dict[str, str]:
        """Return the headers.

        Returns:
            Names and values.
        """
        return {name: value.reveal() for name, value in self._headers}


__all__ = ["Auth", "BasicAuth", "BearerAuth", "HeaderAuth", "NoAuth", "TokenAuth"]
