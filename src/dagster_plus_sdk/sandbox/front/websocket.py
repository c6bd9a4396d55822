"""Subscriptions: a websocket of the protocol graphql-ws, passed through to the real webserver.

The protocol is the older one of that name, of subscriptions-transport-ws, as that is what Dagster speaks. Frames come down
unread. Of those that go up, `start` alone is looked at: it holds an operation, which is treated as over HTTP.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from ..control.registry import VIEW
from .answers import Asker
from .asset_events import AssetEvents
from .documents import InvalidDocumentError
from .requests import RequestRefusedError, is_object, parse_json, read_operation
from .upstream import NO_ANSWER
from .websocket_client import PROTOCOL, UNAUTHORIZED, UNSENT, Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from typing import Any

    from websockets.asyncio.client import ClientConnection

    from ..control.callers import Caller
    from ..control.store import Row
    from .answers import Answerer
    from .documents import Documents
    from .requests import Receive, Send
    from .upstream import Upstream

TOKEN_KEY = "Dagster-Cloud-Api-Token"  # noqa: S105 - a name


class Websockets:
    """Answers websockets.

    Args:
        upstream: The real webserver; without one, no subscription is in the sandbox.
        answerer: Says what the control plane has to say to an operation.
        learn: Returns what plans operations.
        authenticate: Returns who a token belongs to.
    """

    def __init__(
        self,
        *,
        upstream: Upstream | None,
        answerer: Answerer,
        learn: Callable[[], Awaitable[Documents]],
        authenticate: Callable[[str], Caller | None],
    ) -> None:
        self._upstream = upstream
        self._answerer = answerer
        self._learn = learn
        self._authenticate = authenticate

    async def serve(self, receive: Receive, send: Send, *, deployment: Row, token: str) -> None:
        """Answer one websocket, to its end.

        Args:
            receive: As ASGI has it; the handshake is not answered yet.
            send: As ASGI has it.
            deployment: The deployment that was asked.
            token: The one of the handshake. If it is none, the first frame must have one.
        """
        client = Client(receive, send)
        await client.accept()
        text = await client.read()
        if text is None:
            return
        token = token if self._authenticate(token) else _token_of(_parse(text))
        caller = self._authenticate(token)
        if caller is None:
            await client.fail("Unauthorized", UNAUTHORIZED)
            return
        try:
            documents = await self._learn()
            link = await _connect(self._upstream.websocket_url) if self._upstream else None
        except RequestRefusedError as refused:
            await client.fail(str(refused), 1011)
            return
        asker = Asker(caller, deployment["deploymentName"])
        may = caller.allows(VIEW, deployment)
        events = AssetEvents(client, self._upstream) if self._upstream and may else None
        session = _Session(
            client,
            link,
            documents,
            self._answerer,
            asker,
            events,
            lambda: self._authenticate(token),
        )
        try:
            await session.run(text)
        finally:
            if events:
                await events.close()
            if link:
                await link.close(client.code)


async def _connect(url: str) -> ClientConnection:
    """Open a websocket to the real webserver.

    Raises:
        RequestRefusedError: It does not let us.
    """
    # Most sandboxes never see a websocket.
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException
    from websockets.typing import Subprotocol

    try:
        # On this machine nothing needs compression, or pings to see that the other side is gone; and a webserver that
        # loads code may be too busy to answer them.
        return await connect(
            url,
            subprotocols=[Subprotocol(PROTOCOL)],
            proxy=None,
            compression=None,
            ping_interval=None,
            max_size=None,
        )
    except (OSError, WebSocketException) as error:
        raise RequestRefusedError(502, NO_ANSWER.format(error)) from None


class _Session:
    """A client that may ask, and its connection to the real webserver."""

    def __init__(
        self,
        client: Client,
        link: ClientConnection | None,
        documents: Documents,
        answerer: Answerer,
        asker: Asker,
        events: AssetEvents | None,
        look_up: Callable[[], Caller | None],
    ) -> None:
        self._client = client
        self._link = link
        self._documents = documents
        self._answerer = answerer
        self._asker = asker
        self._events = events
        self._look_up = look_up

    async def run(self, text: str) -> None:
        """Pass frames on in both directions, until one side closes.

        Args:
            text: The client's first frame.
        """
        directions: list[Coroutine[Any, Any, None]] = [self._pass_up(text)]
        if self._link:
            directions.append(self._pass_down(self._link))
        tasks = [asyncio.create_task(direction) for direction in directions]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _pass_down(self, link: ClientConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        with suppress(ConnectionClosed):
            while True:
                await self._client.send(await link.recv(decode=True))
        code = link.close_code or 1005
        await self._client.close(UNSENT.get(code, code), link.close_reason or "")

    async def _pass_up(self, first: str) -> None:
        text: str | None = first
        while text is not None:
            frame = _parse(text)
            if frame.get("type") == "start":
                await self._start(frame.get("id"), frame.get("payload"))
            elif (
                frame.get("type") == "stop" and self._events and self._events.stop(frame.get("id"))
            ):
                await self._client.say("complete", operation=frame.get("id"))
            elif self._link:
                await self._forward(self._link, text)
            elif not await self._answer_alone(frame):
                return
            text = await self._client.read()

    async def _forward(self, link: ClientConnection, text: str) -> None:
        from websockets.exceptions import ConnectionClosed

        # The other direction sees it as well, and passes the close on.
        with suppress(ConnectionClosed):
            await link.send(text)

    async def _answer_alone(self, frame: Mapping[str, Any]) -> bool:
        """Answer as the webserver would. Tell whether to go on."""
        if frame.get("type") == "connection_init":
            await self._client.say("connection_ack")
        elif frame.get("type") == "connection_terminate":
            await self._client.close(1000)
            return False
        return True

    async def _start(self, operation: object, payload: object) -> None:
        """Send an operation to the webserver, or say why not."""
        try:
            started = await self._plan(operation, payload)
            if started is None:
                return
        except _RejectedError as error:
            await self._client.say("error", error.payload, operation)
            return
        assert self._link
        frame = {"type": "start", "id": operation, "payload": started}
        await self._forward(self._link, json.dumps(frame))

    async def _plan(self, operation: object, payload: object) -> dict[str, Any] | None:
        """Return the payload for the webserver; None for what is answered without it.

        Raises:
            _RejectedError: There is nothing to send.
        """
        # A websocket may last longer than a token, or than what its owner may.
        caller = self._look_up()
        if caller is None:
            raise _RejectedError({"message": "Unauthorized"})
        self._asker.caller = caller
        try:
            text, name, variables = read_operation(_named(payload))
            plan = self._documents.plan(text, name, variables, websocket=True)
            refused = await self._answerer.refused(plan, variables, self._asker)
            plan = self._documents.plan(text, name, variables, websocket=True, refused=refused)
        except RequestRefusedError as refused:
            raise _RejectedError({"message": str(refused)}) from None
        except InvalidDocumentError as error:
            raise _RejectedError(error.errors[0].formatted) from None
        part = plan.forwarded
        if part is None and self._events and self._events.start(operation, plan, variables):
            return None
        if part is None:
            _, content = await self._answerer.answer(plan, variables, self._asker)
            errors = json.loads(content).get("errors")
            raise _RejectedError(errors[0] if errors else {"message": "There is no field to send"})
        given = {key: value for key, value in variables.items() if key in part.variables}
        return {"query": part.text, "variables": given, "operation_name": part.name}


class _RejectedError(Exception):
    """An operation that is answered with an error frame."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__(payload["message"])
        self.payload: Mapping[str, Any] = payload


def _parse(text: str) -> dict[str, Any]:
    """Return a frame; an empty one for what is none."""
    frame = parse_json(text)
    return frame if is_object(frame) else {}


def _token_of(frame: Mapping[str, Any]) -> str:
    """Return the token of a `connection_init`."""
    payload = frame.get("payload") if frame.get("type") == "connection_init" else None
    token: Any = payload.get(TOKEN_KEY) if is_object(payload) else None
    return token if isinstance(token, str) else ""


def _named(payload: object) -> object:
    """Return a payload with the operation's name where clients put it: Dagster reads another key."""
    if is_object(payload) and payload.get("operationName") is None:
        return {**payload, "operationName": payload.get("operation_name")}
    return payload
