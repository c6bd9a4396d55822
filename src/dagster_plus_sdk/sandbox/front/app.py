"""The sandbox's front: an ASGI app that speaks Dagster+ over HTTP, and over websockets."""

from __future__ import annotations

import asyncio
import json

from graphql import OperationType

from ..added_locations import AddedLocations
from ..control.callers import authenticate
from ..control.context import chosen
from ..control.deploying import default_name, find
from ..control.registry import QUERIES, VIEW, switch
from .answers import Answerer, Asker, HttpAnswer
from .asked import read_body
from .documents import Documents, InvalidDocumentError
from .login_page import answer_login
from .requests import Headers, RequestRefusedError, parse_json, read_operation
from .responses import HttpResponse, respond, url_of
from .rest import Rest, is_rest
from .split import ROOT_FIELDS, ROOTS_DOCUMENT, RealRoot, Splitter
from .upstream import NO_ANSWER, UpstreamError
from .websocket import Websockets
from .websocket_client import check_protocol, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from graphql import GraphQLSchema

    from ..added_locations import AddedSettings
    from ..control import Store
    from ..control.callers import Caller
    from ..control.store import Row
    from .requests import Receive, Send
    from .upstream import Upstream

JSON_TYPE = (b"content-type", b"application/json")
TOKEN_HEADER = "dagster-cloud-api-token"  # noqa: S105 - a name
#: What the control plane answers although the real Dagster could.
OVERRIDDEN = {name for name, root in QUERIES.items() if root.overrides}
KNOWN_TOKENS = 1000
TOO_DEEP = "The request has too many levels"
UNAUTHORIZED = switch(
    "unauthorized_status", "401", "403", about="The status for a bad, revoked or missing token."
)
REDIRECT = switch(
    "organization_url",
    "307",
    "302",
    "308",
    "none",
    about="How the organization's URL leads to the default deployment; none: it answers itself.",
)
OPERATIONS = (OperationType.QUERY, OperationType.MUTATION, OperationType.SUBSCRIPTION)


class Front:
    """Checks who asks for what, splits what is asked for, and answers.

    Args:
        schema: The full schema.
        reader: The control plane's entities.
        writer: The same in another connection, as the reader must not see unfinished transactions.
        organization: The organization's name.
        upstream: The real webserver; without one, the control plane answers alone.
        added: Where its code locations are that were added through the API, if it shall load them.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        reader: Store,
        writer: Store,
        organization: str,
        upstream: Upstream | None = None,
        added: AddedSettings | None = None,
    ) -> None:
        self._schema = schema
        self._reader = reader
        self._writer = writer
        self._organization = organization
        self._upstream = upstream
        self._callers = _Callers(reader)
        self._answerer = Answerer(schema, writer, upstream)
        #: Runs what uses the writer, when nothing else does.
        self.run: Callable[[Callable[[], Any]], Awaitable[Any]] = self._answerer.run
        self._websockets = Websockets(
            upstream=upstream,
            answerer=self._answerer,
            learn=self._learn,
            authenticate=self._callers.get,
        )
        self._rest = Rest(
            reader=reader,
            writer=writer,
            run=self.run,
            authenticate=self._authenticate,
            check_organization=self._check_organization,
            upstream=upstream,
        )
        self._documents: Documents | None = None
        self._added = (
            AddedLocations(reader, writer, self.run, upstream, added)
            if upstream and added
            else None
        )
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
        body = await read_body(receive, send)
        if body is None:
            return
        headers: tuple[tuple[bytes, bytes], ...] = ()
        try:
            asked = Headers(scope["headers"])
            if page := answer_login(scope, self._organization, self._callers.has):
                await respond(send, page)
                return
            if is_rest(scope["path"]):
                await respond(send, await self._rest.answer(scope, asked, body))
                return
            caller = self._authenticate(asked)
            deployment = self._deployment(scope["path"], asked)
            _check_method(scope["method"])
            asker = Asker(caller, deployment["deploymentName"], url_of(scope, asked))
            status, content = await self._answer(body, deployment, asker)
        except RequestRefusedError as refused:
            status, headers = refused.status, refused.headers
            content = json.dumps({"errors": [{"message": str(refused)}]}).encode()
        except RecursionError:
            status, content = 400, json.dumps({"errors": [{"message": TOO_DEEP}]}).encode()
        await respond(send, HttpResponse(status, content, (JSON_TYPE, *headers)))

    async def _serve_websocket(
        self, scope: Mapping[str, Any], receive: Receive, send: Send
    ) -> None:
        headers = Headers(scope["headers"])
        try:
            deployment = self._deployment(scope["path"], headers)
            check_protocol(scope)
        except RequestRefusedError as refused:
            await refuse(scope, send, refused)
            return
        token = headers.get(TOKEN_HEADER)
        await self._websockets.serve(receive, send, deployment=deployment, token=token)

    def _authenticate(self, headers: Headers) -> Caller:
        """Return who asks.

        Raises:
            RequestRefusedError: Nobody whom the sandbox knows.
        """
        caller = self._callers.get(headers.get(TOKEN_HEADER))
        if caller is None:
            raise self._unauthorized()
        return caller

    def _unauthorized(self) -> RequestRefusedError:
        return RequestRefusedError(int(chosen(self._reader, UNAUTHORIZED)), "Unauthorized")

    def _deployment(self, path: str, headers: Headers) -> Row:
        """Return the deployment that is asked: named by the path or a header.

        Raises:
            RequestRefusedError: It is of another organization, or the path leads elsewhere.
        """
        organization = self._check_organization(headers)
        *first, last = path.strip("/").split("/")
        if last != "graphql" or len(first) > 1:
            raise RequestRefusedError(404, f"There is nothing at {path}")
        in_header = headers.get("dagster-cloud-deployment")
        if organization and first == [organization]:
            name = in_header or default_name(self._reader)
        elif first or in_header:
            name = first[0] if first else in_header
        else:
            name = self._default()
        found = find(self._reader, name)
        if found is None:
            raise RequestRefusedError(
                404, f"There is no deployment {name!r} in {self._organization}"
            )
        return found

    def _check_organization(self, headers: Headers) -> str:
        """Return the organization that a header names; an empty text if none does.

        Raises:
            RequestRefusedError: It is another one.
        """
        organization = headers.get("dagster-cloud-organization")
        if organization and organization.lower() != self._organization.lower():
            raise self._unauthorized()
        return organization

    def _default(self) -> str:
        """Return the deployment that the organization's URL stands for.

        Raises:
            RequestRefusedError: It answers with a redirect to it.
        """
        name = default_name(self._reader)
        status = chosen(self._reader, REDIRECT)
        if status == "none":
            return name
        target = f"/{name}/graphql"
        raise RequestRefusedError(
            int(status), f"Send it to {target}", ((b"location", target.encode()),)
        )

    async def _answer(self, body: bytes, deployment: Row, asker: Asker) -> tuple[int, bytes]:
        """Return status and body for an operation."""
        text, name, variables = read_operation(parse_json(body))
        documents = self._documents or await self._learn()
        try:
            plan = documents.plan(text, name, variables)
        except InvalidDocumentError as error:
            return 400, HttpAnswer.of_errors(400, error.errors).encode()
        # Most requests are queries of those who may see everything: nothing has to be looked up for them.
        if plan.is_mutation or not asker.caller.allows(VIEW, deployment):
            refused = await self._answerer.refused(plan, variables, asker)
            plan = documents.plan(text, name, variables, refused=refused)
        answer = await self._answerer.answer(plan, variables, asker)
        if self._added:
            self._added.update()
        return answer

    async def _learn(self) -> Documents:
        """Ask the real webserver, once, which root fields it has."""
        async with self._lock:
            if self._documents is None:
                roots = await _real_roots(self._upstream) if self._upstream else {}
                self._documents = Documents(self._schema, Splitter(self._schema, roots))
                if self._added:
                    self._added.update()
            return self._documents


class _Callers:
    """Who the tokens belong to, looked up once as long as nothing changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = -1
        self._known: dict[str, Caller | None] = {}

    def get(self, token: str) -> Caller | None:
        """Return who a token belongs to; None if it is nobody's."""
        version = self._store.version
        if version != self._version or len(self._known) > KNOWN_TOKENS:
            self._known.clear()
            self._version = version
        if token not in self._known:
            self._known[token] = authenticate(self._store, token)
        return self._known[token]

    def has(self, token: str) -> bool:
        """Tell whether a token is somebody's."""
        return self.get(token) is not None


def _check_method(method: str) -> None:
    if method != "POST":
        raise RequestRefusedError(405, "Only POST is answered here", ((b"allow", b"POST"),))


async def _real_roots(upstream: Upstream) -> dict[OperationType, RealRoot]:
    """Return the root types of the real webserver.

    Raises:
        RequestRefusedError: It does not tell.
    """
    try:
        body = json.dumps({"query": ROOTS_DOCUMENT}).encode()
        _, content = await upstream.post(body, repeatable=True)
        found = json.loads(content)["data"]["__schema"]
    except (UpstreamError, ValueError, LookupError, TypeError) as error:
        raise RequestRefusedError(502, NO_ANSWER.format(error)) from None
    roots: dict[OperationType, RealRoot] = {}
    for operation, name in zip(OPERATIONS, ROOT_FIELDS, strict=True):
        if root := found[name]:
            fields = {field["name"] for field in root["fields"]}
            roots[operation] = RealRoot(root["name"], frozenset(fields - OVERRIDDEN))
    return roots
