"""The layer around the front that writes requests down, and lets them go wrong on demand."""

from __future__ import annotations

import asyncio
import time

from ..front.asked import Asked, asked_by, read_asked, read_body
from ..front.requests import RequestRefusedError, is_object, parse_json
from ..front.websocket_client import refuse
from .answers import Call, apply
from .rules import LATENCY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from ..front.requests import App, Message, Receive, Scope, Send
    from .request_log import Record, RequestLog
    from .rules import Faults, Rule


class Observed:
    """An app whose requests are written down, and go wrong on demand.

    Args:
        app: Answers them.
        faults: What goes wrong.
        log: Takes the requests.
        enum_values: All values that the schema's enums have.
    """

    def __init__(
        self, app: App, faults: Faults, log: RequestLog, enum_values: Collection[str] = ()
    ) -> None:
        self._app = app
        self._faults = faults
        self._log = log
        self._enum_values = enum_values

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one websocket to its end."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive, send)
        if body is None:
            return
        asked = read_asked(body)
        record = self._log.add(scope, asked, len(body))
        started = time.monotonic()
        call = Call(
            self._app, scope, _again(body, receive), _noted(record, send), self._enum_values
        )
        try:
            await self._go_wrong(call, record, self._faults.choose(asked))
        finally:
            record.seconds = time.monotonic() - started

    async def _go_wrong(self, call: Call, record: Record, rules: list[Rule]) -> None:
        """Apply the rules to a call, and answer it."""
        record.faults = [rule.fault for rule in rules]
        for rule in rules:
            if rule.fault == LATENCY:
                await asyncio.sleep(rule["seconds"])
        for rule in rules:
            if rule.fault != LATENCY:
                if not await apply(call, rule):
                    # There was nothing to spoil in this answer: it waits for the next.
                    rule.fired -= 1
                    record.faults.remove(rule.fault)
                return
        await call.pass_on()

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        rules = self._faults.choose(Asked(), websocket=True)
        if rules and rules[0].fault == "websocket_refused":
            record = self._log.add(scope, Asked(), 0)
            record.status = rules[0]["status"]
            record.faults = [rules[0].fault]
            await receive()  # "websocket.connect"
            await refuse(scope, send, RequestRefusedError(rules[0]["status"], "Refused on demand"))
            return

        async def read() -> Message:
            message = await receive()
            self._note_frame(scope, message, rules)
            return message

        await self._app(scope, read, _closing(rules[0], send) if rules else send)

    def _note_frame(self, scope: Scope, message: Message, rules: list[Rule]) -> None:
        """Write down a frame that starts an operation."""
        text = message.get("text") or ""
        frame = parse_json(text) if '"start"' in text else None
        if is_object(frame) and frame.get("type") == "start":
            record = self._log.add(scope, asked_by(frame.get("payload")), len(text))
            record.status = 101
            record.faults = [rule.fault for rule in rules]


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a receive that has a body that was read already."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return messages.pop() if messages else await receive()

    return read


def _noted(record: Record, send: Send) -> Send:
    """Return a send that writes down what is sent."""

    async def noted(message: Message) -> None:
        record.status = message.get("status", record.status)
        record.response_bytes += len(message.get("body", b""))
        await send(message)

    return noted


def _closing(rule: Rule, send: Send) -> Send:
    """Return a send that closes the websocket after some frames."""
    left = rule["frames"]
    is_closed = False

    async def close() -> None:
        nonlocal is_closed
        is_closed = True
        await send({"type": "websocket.close", "code": rule["code"], "reason": ""})

    async def closing(message: Message) -> None:
        nonlocal left
        if is_closed:
            return
        await send(message)
        left -= message["type"] == "websocket.send"
        if left <= 0 and message["type"] != "websocket.close":
            await close()

    return closing
