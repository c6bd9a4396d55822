"""The admin door: under ``/_sandbox/`` of the sandbox's own port, JSON in and out, for its main token only."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ..._core.errors import (
    AuthenticationError,
    DagsterPlusError,
    InvalidInputError,
    NotFoundError,
    NotSupportedError,
    PermissionDeniedError,
)
from ..faults.observed import Observed
from ..faults.request_log import RequestLog
from ..faults.rules import Faults
from ..front.asked import read_body
from ..front.requests import Headers, is_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from ..front.requests import App, Receive, Scope, Send

    Run = Callable[[Callable[[], Any]], Awaitable[Any]]
    Handler = Callable[["Door", "_Request"], Awaitable[Any]]

PREFIX = "/_sandbox/"
TOKEN_HEADER = "dagster-cloud-api-token"  # noqa: S105 - a name


class Door:
    """An app with the admin door before it.

    Args:
        app: Answers all other paths.
        token: The sandbox's main token.
        faults: What goes wrong on demand.
        log: The last requests.
        administration: The rest: has a method for each route that is not of the faults or the log. Without it, the door
            has those two alone. What cannot be is refused with `InvalidInputError`.
        run: Runs what blocks in the thread that may, and returns what it returns.
    """

    def __init__(
        self,
        app: App,
        *,
        token: str,
        faults: Faults,
        log: RequestLog,
        administration: object | None = None,
        run: Run | None = None,
    ) -> None:
        self._app = app
        self._token = token.encode()
        self._administration = administration
        self._run = run
        self.faults: Faults = faults
        self.log: RequestLog = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one websocket to its end."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive, send)
        if body is None:
            return
        request = _Request(scope, body)
        try:
            await self._check_token(Headers(scope["headers"]).get(TOKEN_HEADER))
            status, answer = 200, await _handler(request)(self, request)
        except DagsterPlusError as error:
            status, answer = error.status_code, {"error": error.message}
        content = json.dumps(answer).encode()
        pairs = {"content-type": "application/json", "content-length": str(len(content))}
        headers = [(name.encode(), value.encode()) for name, value in pairs.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a method of the administration where it may block.

        Raises:
            NotSupportedError: There is none.
        """
        if self._administration is None or self._run is None:
            raise NotSupportedError("this sandbox has faults and requests only")
        called = getattr(self._administration, method)
        return await self._run(lambda: called(*arguments))

    async def _check_token(self, token: str) -> None:
        """Let nobody in but who has the main token.

        Raises:
            PermissionDeniedError: The token is another one of the sandbox.
            AuthenticationError: It is none at all.
        """
        # Header values come as latin-1: a token of other characters is none, and no reason to break.
        if hmac.compare_digest(token.encode("latin-1", "replace"), self._token):
            return
        known: dict[str, str] = {}
        if self._administration and self._run:
            known = await self.call("tokens")
        if token and token in known.values():
            raise PermissionDeniedError("the admin door is for the sandbox's main token only")
        raise AuthenticationError("Unauthorized")


class _Request:
    def __init__(self, scope: Scope, body: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"][len(PREFIX) :].strip("/")
        query = scope.get("query_string", b"").decode("latin-1")
        self.query: dict[str, str] = dict(parse_qsl(query, keep_blank_values=True))
        self.body: bytes = body

    def json(self) -> dict[str, Any]:
        """Return the body.

        Raises:
            InvalidInputError: It is no JSON object.
        """
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise InvalidInputError(f"the body is no JSON: {error}") from None
        return _as_object(found, "JSON")

    def yaml(self) -> dict[str, Any]:
        """Return the body, which may be YAML.

        Raises:
            InvalidInputError: It is none, or no mapping.
        """
        from ..control.seed import read_seed

        return read_seed(self.body)

    def only(self, *names: str) -> None:
        """Refuse other parameters than these.

        Raises:
            InvalidInputError: There are others.
        """
        if unknown := sorted(self.query.keys() - set(names)):
            raise InvalidInputError(
                f"there is no parameter {', '.join(unknown)}; there are {', '.join(names)}"
            )


def _as_object(found: object, what: str) -> dict[str, Any]:
    if not is_object(found):
        raise InvalidInputError(f"the body must be an object of {what}")
    return found


async def _list_requests(door: Door, request: _Request) -> Any:
    request.only("operation", "limit")
    limit = request.query.get("limit")
    if limit is not None and not (limit.isascii() and limit.isdigit()):
        raise InvalidInputError(f"limit must be a whole number, not {limit!r}")
    records = door.log.list(
        request.query.get("operation", "*"), None if limit is None else int(limit)
    )
    return {"requests": [record.as_dict() for record in records]}


async def _clear_requests(door: Door, _request: _Request) -> Any:
    door.log.clear()
    return {}


async def _list_faults(door: Door, _request: _Request) -> Any:
    return {"faults": [rule.as_dict() for rule in door.faults.list()]}


async def _add_fault(door: Door, request: _Request) -> Any:
    return door.faults.add(request.json()).as_dict()


async def _remove_faults(door: Door, request: _Request) -> Any:
    request.only("id")
    number = request.query.get("id")
    if number is None:
        door.faults.clear()
    elif number.isascii() and number.isdigit():
        door.faults.remove(int(number))
    else:
        raise InvalidInputError(f"id must be a whole number, not {number!r}")
    return {}


async def _advance(door: Door, request: _Request) -> Any:
    seconds: Any = request.json().get("advance")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"advance must be a number of seconds, not {seconds!r}")
    return await door.call("advance", seconds)


async def _reset(door: Door, _request: _Request) -> Any:
    await door.call("reset")
    door.faults.clear()
    door.log.clear()
    return {}


async def _restore(door: Door, request: _Request) -> Any:
    await door.call("restore", request.json())
    return {}


async def _seed(door: Door, request: _Request) -> Any:
    return await door.call("seed", request.yaml())


async def _set_switches(door: Door, request: _Request) -> Any:
    return await door.call("set_switches", request.json())


def _getter(method: str) -> Handler:
    async def get(door: Door, _request: _Request) -> Any:
        return await door.call(method)

    return get


_ROUTES: dict[str, dict[str, Handler]] = {
    "requests": {"GET": _list_requests, "DELETE": _clear_requests},
    "faults": {"GET": _list_faults, "POST": _add_fault, "DELETE": _remove_faults},
    "clock": {"GET": _getter("clock"), "POST": _advance},
    "tokens": {"GET": _getter("tokens")},
    "about": {"GET": _getter("about")},
    "reset": {"POST": _reset},
    "snapshot": {"GET": _getter("snapshot"), "PUT": _restore},
    "seed": {"POST": _seed},
    "switches": {"GET": _getter("switches"), "PATCH": _set_switches},
}


def _handler(request: _Request) -> Handler:
    """Return what answers a request.

    Raises:
        NotFoundError: There is no such path.
        InvalidInputError: It has no such method.
    """
    methods = _ROUTES.get(request.path)
    if methods is None:
        raise NotFoundError(f"there is no {PREFIX}{request.path}; there are {', '.join(_ROUTES)}")
    handler = methods.get(request.method)
    if handler is None:
        raise InvalidInputError(
            f"{PREFIX}{request.path} takes {', '.join(methods)}, not {request.method}",
            status_code=405,
        )
    return handler


def with_door(
    app: App,
    *,
    token: str,
    enum_values: Collection[str] = (),
    administration: object | None = None,
    run: Run | None = None,
) -> App:
    """Return an app with the admin door, whose requests are written down and go wrong on demand.

    Args:
        app: The front.
        token: The sandbox's main token.
        enum_values: All values that the schema's enums have.
        administration: The door to the control plane.
        run: Runs what blocks in the thread that may.
    """
    faults, log = Faults(), RequestLog()
    observed = Observed(app, faults, log, enum_values)
    return Door(
        observed, token=token, faults=faults, log=log, administration=administration, run=run
    )
