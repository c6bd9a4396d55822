"""The sandbox's front: an ASGI app that speaks Dagster+ over HTTP, and over websockets."""

from __future__ import annotations

import asyncio
import hmac
import json

from graphql import OperationType

from .answers import Answerer, HttpAnswer
from .control import ControlPlane, Store
from .control.deployments import TYPE as DEPLOYMENT
from .control.deployments import default_name
from .documents import Documents, InvalidDocumentError
from .requests import Headers, RefusedError, read_operation
from .split import ROOT_FIELDS, ROOTS_DOCUMENT, RealRoot, Splitter
from .upstream import UpstreamError
from .websocket import Websockets
from .websocket_client import check_protocol, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import Any

    from graphql import GraphQLSchema

    from .requests import Receive, Send
    from .upstream import Upstream

JSON_TYPE = (b"content-type", b"application/json")
TOKEN_HEADER = "dagster-cloud-api-token"  # noqa: S105 - a name
OPERATIONS = (OperationType.QUERY, OperationType.MUTATION, OperationType.SUBSCRIPTION)


class Front:
    """Checks who asks for what, splits what is asked for, and answers.

    Args:
        schema: The full schema.
        store: The file with the control plane's entities.
        token: The token to accept.
        organization: The organization's name.
        upstream: The real webserver; without one, the control plane answers alone.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        store: str | os.PathLike[str],
        token: str,
        organization: str,
        upstream: Upstream | None = None,
    ) -> None:
        self._schema = schema
        # Two connections to the same file: this one must not see the other's unfinished transactions.
        self._reader = Store(store)
        self._writer = Store(store)
        self._token = token.encode()
        self._organization = organization
        self._upstream = upstream
        self._answerer = Answerer(schema, ControlPlane(schema, self._writer), upstream)
        self._websockets = Websockets(
            upstream=upstream,
            answerer=self._answerer,
            learn=self._learn,
            is_token=self._is_token,
        )
        self._documents: Documents | None = None
        self._lock = asyncio.Lock()

    def close(self) -> None:
        """Close files and connections."""
        self._answerer.close()
        self._reader.close()
        self._writer.close()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, or one websocket to its end."""
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
            return
        assert scope["type"] == "http"
        body = await _read(receive)
        headers: tuple[tuple[bytes, bytes], ...] = ()
        try:
            asked = Headers(scope["headers"])
            self._check_token(asked)
            deployment = self._deployment(scope["path"], asked)
            _check_method(scope["method"])
            status, content = await self._answer(body, deployment)
        except RefusedError as refused:
            status, headers = refused.status, refused.headers
            content = json.dumps({"errors": [{"message": str(refused)}]}).encode()
        length = (b"content-length", str(len(content)).encode())
        start = {"status": status, "headers": [JSON_TYPE, length, *headers]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": content})

    async def _serve_websocket(
        self, scope: Mapping[str, Any], receive: Receive, send: Send
    ) -> None:
        headers = Headers(scope["headers"])
        try:
            deployment = self._deployment(scope["path"], headers)
            check_protocol(scope)
        except RefusedError as refused:
            await refuse(scope, send, refused)
            return
        authorized = self._is_token(headers.get(TOKEN_HEADER))
        await self._websockets.serve(receive, send, deployment=deployment, authorized=authorized)

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(errors="replace"), self._token)

    def _check_token(self, headers: Headers) -> None:
        if not self._is_token(headers.get(TOKEN_HEADER)):
            raise RefusedError(401, "Unauthorized")

    def _deployment(self, path: str, headers: Headers) -> str:
        """Return the deployment that is asked: named by the path or a header.

        Raises:
            RefusedError: It is of another organization, or the path leads elsewhere.
        """
        organization = headers.get("dagster-cloud-organization")
        if organization and organization.lower() != self._organization.lower():
            raise RefusedError(401, "Unauthorized")
        *first, last = path.strip("/").split("/")
        if last != "graphql" or len(first) > 1:
            raise RefusedError(404, f"There is nothing at {path}")
        in_header = headers.get("dagster-cloud-deployment")
        if organization and first == [organization]:
            name = in_header or default_name(self._reader)
        elif first or in_header:
            name = first[0] if first else in_header
        else:
            target = f"/{default_name(self._reader)}/graphql"
            raise RefusedError(307, f"Send it to {target}", ((b"location", target.encode()),))
        if self._reader.find(DEPLOYMENT, deploymentName=name) is None:
            raise RefusedError(404, f"There is no deployment {name!r} in {self._organization}")
        return name

    async def _answer(self, body: bytes, deployment: str) -> tuple[int, bytes]:
        """Return status and body for an operation."""
        text, name, variables = read_operation(_parse_body(body))
        documents = self._documents or await self._learn()
        try:
            plan = documents.plan(text, name, variables)
        except InvalidDocumentError as error:
            return 400, HttpAnswer.of_errors(400, error.errors).encode()
        return await self._answerer.answer(plan, variables, deployment)

    async def _learn(self) -> Documents:
        """Ask the real webserver, once, which root fields it has."""
        async with self._lock:
            if self._documents is None:
                roots = await _real_roots(self._upstream) if self._upstream else {}
                self._documents = Documents(self._schema, Splitter(self._schema, roots))
            return self._documents


def _check_method(method: str) -> None:
    if method != "POST":
        raise RefusedError(405, "Only POST is answered here", ((b"allow", b"POST"),))


async def _read(receive: Receive) -> bytes:
    """Return the request's body; what came of it if the client went away."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _parse_body(body: bytes) -> object:
    """Return what is in the body; None if it is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


async def _real_roots(upstream: Upstream) -> dict[OperationType, RealRoot]:
    """Return the root types of the real webserver.

    Raises:
        RefusedError: It does not tell.
    """
    try:
        body = json.dumps({"query": ROOTS_DOCUMENT}).encode()
        _, content = await upstream.post(body, repeatable=True)
        found = json.loads(content)["data"]["__schema"]
    except (UpstreamError, ValueError, LookupError, TypeError) as error:
        message = f"The Dagster webserver behind the sandbox gave no answer: {error}"
        raise RefusedError(502, message) from None
    roots: dict[OperationType, RealRoot] = {}
    for operation, name in zip(OPERATIONS, ROOT_FIELDS, strict=True):
        if root := found[name]:
            fields = frozenset(field["name"] for field in root["fields"])
            roots[operation] = RealRoot(root["name"], fields)
    return roots
