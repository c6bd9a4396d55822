"""Calls that are no GraphQL: those of Dagster+'s REST endpoints, and transfers to and from its object store.

They are operations to the transport: retries, hooks and errors are the same. A ``RestCall`` goes below the organization's URL
with the token; a ``Transfer`` goes to a presigned URL, which is a secret of its own, and never carries the token.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from . import errors as e
from .operation import Operation
from .response import by_status, maintenance_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .config import Settings
    from .response import Answer

_ORGANIZATION = "Dagster-Cloud-Organization"
_DEPLOYMENT = "Dagster-Cloud-Deployment"
#: S3 says why it refuses in a tag of this name; the rest of its answer repeats the signature.
_STORE_CODE = re.compile(rb"<Code>(\w{1,60})</Code>")


class RestCall(Operation[str]):
    """A POST below the organization's URL; its result is the text of the answer.

    Args:
        path: The path, without a slash before it.
        body: A mapping, sent as JSON; or bytes.
        content_type: Of bytes.
        idempotent: Whether a second call leaves the same state and gives the same answer; else it is only repeated
            where it surely did not run.
        scope: ``organization`` or ``deployment``, where the endpoint distinguishes.
        deployment: The deployment that it is about.
    """

    __slots__ = ("_body", "_headers", "path")

    def __init__(
        self,
        path: str,
        body: Mapping[str, Any] | bytes = b"",
        *,
        content_type: str = "application/octet-stream",
        idempotent: bool = False,
        scope: str | None = None,
        deployment: str | None = None,
    ) -> None:
        super().__init__(f"POST /{path}", "query" if idempotent else "mutation", "", (), {}, "")
        self.path = path
        if not isinstance(body, bytes):
            body, content_type = json.dumps(body).encode(), "application/json"
        self._body: bytes = body
        self._headers = {
            "content-type": content_type,
            "accept": "application/json, text/plain",
        }
        named = {"Dagster-Cloud-Scope": scope, _DEPLOYMENT: deployment}
        self._headers.update({name: value for name, value in named.items() if value})

    def body(self) -> bytes:
        """Return the body of the request."""
        return self._body

    def headers(self, settings: Settings) -> dict[str, str]:
        """Return all headers but the secret ones."""
        # The client's deployment may be another one, or none may be meant.
        others = {k: v for k, v in settings.headers.items() if k.lower() != _DEPLOYMENT.lower()}
        named = {_ORGANIZATION: settings.organization} if settings.organization else {}
        return {**others, **named, **self._headers}

    def read(self, answer: Answer) -> str:
        """Return the text of an answer.

        Raises:
            DagsterPlusError: The status, or a maintenance body, says that there is none.
        """
        failure = _failure(answer)
        if failure is not None:
            failure.operation = self.name
            failure.request_id = answer.request_id
            raise failure
        return answer.content.decode("utf-8", "replace")


class Transfer(Operation[None]):
    """An upload or a download at a presigned URL, without the token. A second one leaves the same state.

    Args:
        url: The presigned URL.
        path: The file that is sent, or written.
        method: ``POST`` sends a form with the fields and the file last, ``PUT`` sends the file as it is, ``GET`` writes it.
        fields: Of the form.
    """

    __slots__ = ("_url", "fields", "method", "path")

    def __init__(
        self,
        url: str,
        path: str | os.PathLike[str],
        *,
        method: str,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("download" if method == "GET" else "upload", "query", "", (), {}, "")
        self._url = url
        self.path: str = os.fspath(path)
        self.method = method
        self.fields: dict[str, str] = dict(fields or {})

    @property
    def url(self) -> str:
        """The whole URL, which nothing may show."""
        return self._url

    @property
    def place(self) -> str:
        """The URL without what is secret in it."""
        return self._url.partition("?")[0].partition("#")[0]

    def secrets(self) -> tuple[str, ...]:
        """Return what must not be seen: the query of the URL, and the fields of the form."""
        query = self._url.partition("?")[2]
        return (query, *self.fields.values()) if query else tuple(self.fields.values())

    def frame(self, size: int) -> tuple[bytes, bytes, dict[str, str]]:
        """Return what stands before and behind a file of that many bytes, and the headers."""
        if self.method != "POST":
            return b"", b"", {"content-length": str(size)}
        before, after, content_type = form_frame(self.fields, "file", Path(self.path).name)
        length = len(before) + size + len(after)
        return before, after, {"content-type": content_type, "content-length": str(length)}

    def check(self, status: int, content: bytes) -> None:
        """Judge the answer of the object store.

        Raises:
            DagsterPlusError: It is no success.
        """
        if 200 <= status < 300:  # noqa: PLR2004
            return
        code = _STORE_CODE.search(content)
        reason = f" {code[1].decode()}" if code else ""
        message = f"{self.place} refuses the {self.name}: HTTP {status}{reason}"
        if status in (408, 429) or status >= 500:  # noqa: PLR2004
            raise e.ServiceUnavailableError(message, status_code=status, operation=self.name)
        if status == 404 or (self.method == "GET" and status == 403):  # noqa: PLR2004
            raise e.NotFoundError(message, code="ARTIFACT_NOT_FOUND", operation=self.name)
        raise e.APIError(message, status_code=status, operation=self.name)


def check_source(path: str | os.PathLike[str]) -> None:
    """Refuse what is no file.

    Raises:
        InvalidInputError: It is none.
    """
    if not Path(path).is_file():
        raise e.InvalidInputError(f"{os.fspath(path)} is no file")


def check_target(path: str | os.PathLike[str]) -> None:
    """Refuse a path where no file can be written.

    Raises:
        InvalidInputError: It is a folder, or in none.
    """
    target = Path(path)
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise e.InvalidInputError(f"{target} cannot be written: it is a folder, or in none")


def presigned(text: str, path: str | os.PathLike[str], *, method: str) -> Transfer | None:
    """Return the transfer for a ``{"url", "fields"}`` that a REST call gave; None where it gave something else.

    Args:
        text: The answer. No error shows it: who has such a URL can use it.
        path: The file that is sent, or written.
        method: See ``Transfer``.
    """
    found: Any = None
    with suppress(ValueError):
        found = json.loads(text)
    answer = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    fields: Any = answer.get("fields") or {}
    if not isinstance(answer.get("url"), str) or not hasattr(fields, "items"):
        return None
    pairs = {str(name): str(value) for name, value in fields.items()}
    return Transfer(answer["url"], path, method=method, fields=pairs)


def form_frame(fields: Mapping[str, str], name: str, filename: str) -> tuple[bytes, bytes, str]:
    """Return what stands before and behind the file of a multipart form, and the form's content type.

    Args:
        fields: The fields before the file.
        name: The name of the file's part.
        filename: The file's name.
    """
    from secrets import token_hex

    boundary = token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(key)}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"; '
        f'filename="{_quoted(filename)}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    end = f"\r\n--{boundary}--\r\n"
    return "".join(parts).encode(), end.encode(), f"multipart/form-data; boundary={boundary}"


def _quoted(text: str) -> str:
    """Return a text as it stands in a part's header: percent-encoded as browsers do it."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _failure(answer: Answer) -> e.DagsterPlusError | None:
    """Return the exception for an answer that is no success."""
    body: Any = None
    with suppress(ValueError):
        body = json.loads(answer.redacted())
    if isinstance(body, dict) and "maintenance" in body:
        return maintenance_error(cast("dict[str, Any]", body)["maintenance"])
    text = answer.text()
    found = by_status(answer, text)
    if found is not None or answer.status < 300:  # noqa: PLR2004
        return found
    message = f"HTTP {answer.status}: {text}" if text else f"HTTP {answer.status}"
    kinds = {403: e.PermissionDeniedError, 404: e.NotFoundError, 409: e.ConflictError}
    other = e.ServerError if answer.status >= 500 else e.InvalidRequestError  # noqa: PLR2004
    return kinds.get(answer.status, other)(message, status_code=answer.status)
