"""TLS that costs nothing before it is needed."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self


class LateContext(ssl.SSLContext):
    """httpx's own context, made with the first connection over TLS.

    Reading the certificate authorities takes a fifth of what a first request to plain http takes otherwise.
    """

    def __new__(cls) -> Self:
        """Make one for clients, which verifies: without authorities it would refuse everybody."""
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self) -> None:
        self._made: ssl.SSLContext | None = None
        self._protocols: list[str] | None = None

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Keep the protocols for the context that is made."""
        self._protocols = list(alpn_protocols)
        if self._made is not None:
            self._made.set_alpn_protocols(self._protocols)

    def wrap_socket(self, *given: Any, **named: Any) -> ssl.SSLSocket:
        """Wrap a socket."""
        return self._context().wrap_socket(*given, **named)

    def wrap_bio(self, *given: Any, **named: Any) -> ssl.SSLObject:
        """Wrap what is read and written in memory."""
        return self._context().wrap_bio(*given, **named)

    def _context(self) -> ssl.SSLContext:
        import httpx

        if self._made is None:
            made = httpx.create_ssl_context()
            if self._protocols is not None:
                made.set_alpn_protocols(self._protocols)
            self._made = made
        return self._made
