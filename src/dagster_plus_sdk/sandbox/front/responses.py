"""What is sent back over HTTP."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .requests import Headers, Send

    RawHeaders = tuple[tuple[bytes, bytes], ...]


class HttpResponse:
    """A whole response.

    Attributes:
        status: The HTTP status.
        content: The body.
        headers: All headers but the length.
    """

    __slots__ = ("content", "headers", "status")

    def __init__(self, status: int, content: bytes, headers: RawHeaders) -> None:
        self.status: int = status
        self.content: bytes = content
        self.headers: RawHeaders = headers


async def respond(send: Send, response: HttpResponse) -> None:
    """Send a response."""
    length = (b"content-length", str(len(response.content)).encode())
    start = {"status": response.status, "headers": [length, *response.headers]}
    await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": response.content})


def url_of(scope: Mapping[str, Any], headers: Headers) -> str:
    """Return the server's URL as a client knows it, without a slash in the end."""
    return f"{scope.get('scheme', 'http')}://{headers.get('host')}"
