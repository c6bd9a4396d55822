"""What Dagster+ answers beside GraphQL: artifacts and their object store, SAML metadata, asset events."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, quote

from ..control import storage
from ..control.context import denied
from ..control.deploying import default_name, find
from ..control.storage import StorageError
from .multipart import read_form
from .requests import RequestRefusedError, is_object, parse_json
from .responses import HttpResponse, url_of
from .upstream import NO_ANSWER, UpstreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from ..control import Store
    from ..control.callers import Caller
    from ..control.store import Row
    from .requests import Headers
    from .upstream import Upstream

SAML = "SamlMetadata"
JSON_TYPE = ((b"content-type", b"application/json"),)
TEXT_TYPE = ((b"content-type", b"text/plain; charset=utf-8"),)
XML_TYPE = ((b"content-type", b"application/xml"),)
BYTES_TYPE = ((b"content-type", b"application/octet-stream"),)
#: Of paths: a deployment, or none; the endpoint; what is behind it.
CALL = re.compile(
    r"/(?:(?P<first>[^/]+)/)?(?P<endpoint>gen_artifact_(?:post|get)|(?:upload|remove)_idp_metadata"
    r"|report_asset_(?:materialization|observation|check))(?:/(?P<rest>.*))?"
)
#: What opens other doors: the object store wants none of them.
TOKENS = ("dagster-cloud-api-token", "authorization")


class EndpointCall:
    """A call of an endpoint by someone who has a token.

    Attributes:
        caller: Who calls.
        deployment: The deployment that it is about.
        endpoint: The endpoint's name.
        rest: What is behind that in the path.
        url: The server's URL.
        headers: The request's headers.
        query: What is behind the question mark, as it was sent.
        body: The request's body.
    """

    __slots__ = ("body", "caller", "deployment", "endpoint", "headers", "query", "rest", "url")

    def __init__(
        self,
        *,
        caller: Caller,
        deployment: Row,
        endpoint: str,
        rest: str,
        url: str,
        headers: Headers,
        query: str,
        body: bytes,
    ) -> None:
        self.caller: Caller = caller
        self.deployment: Row = deployment
        self.endpoint: str = endpoint
        self.rest: str = rest
        self.url: str = url
        self.headers: Headers = headers
        self.query: str = query
        self.body: bytes = body

    def require(self, permission: str) -> None:
        """Refuse who lacks a permission.

        Raises:
            RequestRefusedError: The caller does.
        """
        if not self.caller.allows(permission, self.deployment):
            raise RequestRefusedError(403, str(denied(self.caller, permission)))


class Rest:
    """Answers the paths that are no GraphQL.

    Args:
        reader: The control plane's entities.
        writer: The same, for `run` only.
        run: Runs what uses the writer, when nothing else does.
        authenticate: Returns who asks, by the headers.
        check_organization: Returns the organization that the headers name.
        upstream: The real webserver, if there is one.
    """

    def __init__(
        self,
        *,
        reader: Store,
        writer: Store,
        run: Callable[[Callable[[], Any]], Awaitable[Any]],
        authenticate: Callable[[Headers], Caller],
        check_organization: Callable[[Headers], str],
        upstream: Upstream | None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._run = run
        self._authenticate = authenticate
        self._check_organization = check_organization
        self._upstream = upstream

    async def answer(self, scope: Mapping[str, Any], headers: Headers, body: bytes) -> HttpResponse:
        """Answer a request.

        Args:
            scope: As ASGI has it.
            headers: Its headers.
            body: Its body.

        Raises:
            RequestRefusedError: The token or the deployment are none, the caller may not, or the request cannot be.
        """
        if scope["path"].startswith(storage.PATH):
            return await self._answer_storage(scope, headers, body)
        call = self._call(scope, headers, body)
        if scope["method"] != "POST":
            raise RequestRefusedError(405, "Only POST is answered here", ((b"allow", b"POST"),))
        if call.endpoint.startswith("report_"):
            return await self._report(call)
        return await (
            self._change_saml(call)
            if call.endpoint.endswith("idp_metadata")
            else self._presign(call)
        )

    def _call(self, scope: Mapping[str, Any], headers: Headers, body: bytes) -> EndpointCall:
        """Return who calls what for which deployment."""
        caller = self._authenticate(headers)
        organization = self._check_organization(headers)
        match = CALL.fullmatch(scope["path"])
        assert match
        first = match["first"] if match["first"] != organization else None
        name = first or headers.get("dagster-cloud-deployment") or default_name(self._reader)
        deployment = find(self._reader, name)
        if deployment is None:
            raise RequestRefusedError(404, f"There is no deployment {name!r}")
        return EndpointCall(
            caller=caller,
            deployment=deployment,
            endpoint=match["endpoint"],
            rest=match["rest"] or "",
            url=url_of(scope, headers),
            headers=headers,
            query=scope.get("query_string", b"").decode("latin-1"),
            body=body,
        )

    async def _presign(self, call: EndpointCall) -> HttpResponse:
        """Answer with a presigned URL for one artifact."""
        is_upload = call.endpoint == "gen_artifact_post"
        # What is the organization's is for those who deploy, too: it is CI that keeps files there.
        call.require("EDIT_CODE_LOCATIONS" if is_upload else "VIEW")
        scope = call.headers.get("dagster-cloud-scope") or "deployment"
        asked = parse_json(call.body)
        key = asked.get("key") if is_object(asked) else None
        if not (isinstance(key, str) and key) or scope not in ("deployment", "organization"):
            raise RequestRefusedError(400, "Give a key, and the scope deployment or organization")
        owner = "organization" if scope == "organization" else call.deployment["deploymentId"]
        whole = f"artifacts/{owner}/{key}"

        def sign() -> dict[str, Any]:
            with self._writer.transaction():
                if is_upload:
                    fields = storage.presigned_form(self._writer, whole)
                    return {"url": f"{call.url}{storage.PATH}/", "fields": fields}
                return {"url": storage.presigned_url(self._writer, call.url, "GET", whole)}

        return HttpResponse(200, json.dumps(await self._run(sign)).encode(), JSON_TYPE)

    async def _change_saml(self, call: EndpointCall) -> HttpResponse:
        """Keep the identity provider's metadata, or forget them."""
        call.require("MANAGE_SSO_AND_SCIM")
        is_upload = call.endpoint.startswith("upload")
        form = read_form(call.headers.get("content-type"), call.body) if is_upload else None
        if is_upload and not (form and form.file):
            raise RequestRefusedError(400, "Give the metadata as a file of a multipart form")

        def change() -> None:
            with self._writer.transaction():
                if form and form.file:
                    text = form.file.decode(errors="replace")
                    self._writer.put(SAML, 1, {"metadata": text})
                else:
                    self._writer.delete(SAML, 1)

        await self._run(change)
        return HttpResponse(200, b"SUCCESS", TEXT_TYPE)

    async def _report(self, call: EndpointCall) -> HttpResponse:
        """Pass an event of an asset on to the real webserver, which has the same endpoint."""
        call.require("REPORT_ASSET_EVENTS")
        if self._upstream is None:
            raise RequestRefusedError(404, f"Without a Dagster there is no {call.endpoint}")
        path = f"/{call.endpoint}/{quote(call.rest)}" + (f"?{call.query}" if call.query else "")
        try:
            status, content = await self._upstream.post(call.body, repeatable=False, path=path)
        except UpstreamError as error:
            raise RequestRefusedError(502, NO_ANSWER.format(error)) from None
        return HttpResponse(status, content, JSON_TYPE)

    async def _answer_storage(
        self, scope: Mapping[str, Any], headers: Headers, body: bytes
    ) -> HttpResponse:
        """Answer as the object store: who has a presigned URL needs no token, and must not send one."""
        try:
            content = await self._run(lambda: self._store(scope, headers, body))
        except StorageError as error:
            text = f"<Error><Code>{error.code}</Code><Message>{error}</Message></Error>"
            return HttpResponse(error.status, text.encode(), XML_TYPE)
        return HttpResponse(204 if scope["method"] == "POST" else 200, content, BYTES_TYPE)

    def _store(self, scope: Mapping[str, Any], headers: Headers, body: bytes) -> bytes:
        """Read an object, or write one; return what is sent back."""
        if any(headers.get(name) for name in TOKENS):
            raise StorageError(400, "InvalidArgument", "Send no token to the object store")
        method = scope["method"]
        key = scope["path"][len(storage.PATH) + 1 :]
        with self._writer.transaction():
            if method == "POST":
                form = read_form(headers.get("content-type"), body)
                if form is None or form.file is None:
                    raise StorageError(400, "InvalidArgument", "The form has no file, or not last")
                storage.write_object(
                    self._writer, storage.check_form(self._writer, form.fields), form.file
                )
                return b""
            query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
            storage.check_url(self._writer, method, key, query)
            if method == "PUT":
                storage.write_object(self._writer, key, body)
                return b""
            return storage.read_object(self._writer, key)


def is_rest(path: str) -> bool:
    """Tell whether a path is none of GraphQL's, but one of these."""
    return path.startswith(f"{storage.PATH}/") or CALL.fullmatch(path) is not None
