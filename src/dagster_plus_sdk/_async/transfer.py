"""Uploads to and downloads from presigned URLs, streamed; and our exceptions for those of httpx.

Nothing here knows the token. What can hold a presigned URL never outlives ``_store``.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .._core.errors import (
    ConfigurationError,
    ConnectionFailedError,
    InvalidInputError,
    InvalidResponseError,
    RequestTimeoutError,
    TransportError,
)
from .._core.interrupts import is_interrupt
from .._core.response import Answer, without

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    import httpx

    from .._core.rest import Transfer

#: Bytes that are read from a file at once.
_PIECE = 1 << 18


async def transfer(client: httpx.AsyncClient, wanted: Transfer, timeout: httpx.Timeout) -> Answer:
    """Upload or download once.

    Args:
        client: What sends.
        wanted: What is to go where.
        timeout: The limits.

    Returns:
        What the object store answered.

    Raises:
        DagsterPlusError: No answer came; a file that was to be written is as it was before.
    """
    if wanted.method == "GET":
        answer = await _download(client, wanted, timeout)
    else:
        answer = await _upload(client, wanted, timeout)
    if isinstance(answer, BaseException):
        raise answer
    return answer


async def _upload(
    client: httpx.AsyncClient,
    wanted: Transfer,
    timeout: httpx.Timeout,
) -> Answer | BaseException:
    try:
        size = Path(wanted.path).stat().st_size  # noqa: ASYNC240
        before, after, headers = wanted.frame(size)
        response = await client.request(
            wanted.method,
            wanted.url,
            content=_pieces(wanted.path, before, after),
            headers=headers,
            timeout=timeout,
            follow_redirects=False,
        )
    except OSError as error:
        return InvalidInputError(f"{wanted.path} cannot be read: {error}")
    except BaseException as error:  # noqa: BLE001 - whatever it is holds the request, and so the signature
        return failure_of(error, wanted.place, wanted.secrets())
    return Answer(response.status_code, response.headers, response.content, wanted.secrets())


async def _pieces(path: str, before: bytes, after: bytes) -> AsyncIterator[bytes]:
    if before:
        yield before
    with open(path, "rb") as file:  # noqa: ASYNC230, PTH123 - pieces are small
        while piece := file.read(_PIECE):
            yield piece
    if after:
        yield after


async def _download(
    client: httpx.AsyncClient,
    wanted: Transfer,
    timeout: httpx.Timeout,
) -> Answer | BaseException:
    """Write to a file beside the wanted one, which takes its place when it is whole."""
    beside = f"{wanted.path}.{os.getpid()}.part"
    try:
        async with client.stream(
            "GET", wanted.url, timeout=timeout, follow_redirects=False
        ) as response:
            if response.status_code != 200:  # noqa: PLR2004
                content = await response.aread()
                return Answer(response.status_code, response.headers, content, wanted.secrets())
            with open(beside, "wb") as file:  # noqa: ASYNC230, PTH123 - pieces are small
                write = file.write
                async for piece in response.aiter_bytes():
                    write(piece)
        Path(beside).replace(wanted.path)  # noqa: ASYNC240
    except OSError as error:
        return InvalidInputError(f"{wanted.path} cannot be written: {error}")
    except BaseException as error:  # noqa: BLE001 - as above
        return failure_of(error, wanted.place, wanted.secrets())
    finally:
        with suppress(OSError):
            Path(beside).unlink()  # noqa: ASYNC240
    return Answer(response.status_code, response.headers, b"", wanted.secrets())


def failure_of(error: BaseException, url: str, secrets: Sequence[str]) -> BaseException:
    """Return our exception for one of httpx, which is not kept: it holds the request's headers."""
    import httpx

    if is_interrupt(error):
        return error.with_traceback(None)
    what = type(error).__name__
    what += f": {without(secrets, str(error))}" if str(error) else ""
    # A RuntimeError is a client that is closed, or one of another event loop.
    unusable = (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError, RuntimeError)
    if isinstance(error, unusable):
        return ConfigurationError(f"{url} cannot be requested: {what}")
    if isinstance(error, httpx.DecodingError):
        return InvalidResponseError(f"The answer cannot be unpacked: {what}")
    unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    failure: TransportError
    if isinstance(error, httpx.TimeoutException):
        failure = RequestTimeoutError(f"{url} did not answer in time ({what})")
    elif unsent:
        failure = ConnectionFailedError(f"{url} cannot be reached ({what})")
    else:
        failure = ConnectionFailedError(f"The connection to {url} broke ({what})")
    failure.sent = not unsent
    return failure
