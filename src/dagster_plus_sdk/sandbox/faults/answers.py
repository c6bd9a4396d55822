"""What each fault does to a request and its answer."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from http import HTTPStatus

from .data import SPOILERS
from .rules import TRACE
from .transport import connection_of, wait_gone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from typing import Any

    from ..front.requests import App, Message, Receive, Scope, Send
    from .rules import Rule

    HeaderList = list[tuple[bytes, bytes]]


class SpoiledAnswer:
    """A whole answer.

    Attributes:
        status: The HTTP status.
        headers: The headers, the length left out.
        body: The body.
    """

    def __init__(self, status: int, headers: HeaderList, body: bytes) -> None:
        self.status: int = status
        self.headers: HeaderList = headers
        self.body: bytes = body


class Call:
    """One request on its way to the app.

    Args:
        app: Answers it.
        scope: The request.
        receive: As ASGI has it; with the body in its first message.
        send: As ASGI has it.
        enum_values: All values that the schema's enums have.
    """

    def __init__(
        self, app: App, scope: Scope, receive: Receive, send: Send, enum_values: Collection[str]
    ) -> None:
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self.path: str = scope["path"]
        self.enum_values: Collection[str] = enum_values

    async def pass_on(self) -> None:
        """Let the app answer."""
        await self._app(self._scope, self._receive, self._send)

    async def ask(self) -> SpoiledAnswer:
        """Let the app answer, and keep its answer here."""
        answer = SpoiledAnswer(200, [], b"")

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                found = message.get("headers", ())
                answer.headers = [pair for pair in found if pair[0].lower() != b"content-length"]
            else:
                answer.body += message.get("body", b"")

        await self._app(self._scope, self._receive, keep)
        return answer

    async def start(self, answer: SpoiledAnswer) -> None:
        """Send the head of an answer."""
        headers = [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
        await self._send(
            {"type": "http.response.start", "status": answer.status, "headers": headers}
        )

    async def send(self, body: bytes, *, more: bool = False) -> None:
        """Send a piece of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def reply(self, answer: SpoiledAnswer) -> None:
        """Send an answer."""
        await self.start(answer)
        await self.send(answer.body)

    async def reset(self) -> None:
        """Reset the connection."""
        connection_of(self._scope).reset()
        await wait_gone(self._receive)

    async def close(self) -> None:
        """Close the connection, with what was sent so far."""
        connection_of(self._scope).close()
        await wait_gone(self._receive)


async def apply(call: Call, rule: Rule) -> bool:
    """Answer a request as a rule says. Tell whether anything went wrong: an answer may have nothing to spoil."""
    if refuse := _REFUSALS.get(rule.fault):
        await call.reply(refuse(call, rule))
        return True
    if spoil := SPOILERS.get(rule.fault):
        answer = await call.ask()
        spoiled = spoil(answer.body, rule, call.enum_values)
        answer.body = answer.body if spoiled is None else spoiled
        await call.reply(answer)
        return spoiled is not None
    await _BREAKS[rule.fault](call, rule)
    return True


def _reply(rule: Rule, body: Any, *headers: tuple[str, str]) -> SpoiledAnswer:
    """Return an answer with the rule's own body, or with this one."""
    given = rule["body"] if "body" in rule and rule["body"] is not None else body
    text = given if isinstance(given, str) else json.dumps(given)
    kind = "text/html; charset=utf-8" if text.lstrip().startswith("<") else "text/plain"
    if not isinstance(given, str) or text.lstrip().startswith("{"):
        kind = "application/json"
    pairs = [("content-type", kind), *headers]
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in pairs]
    return SpoiledAnswer(rule["status"], encoded, text.encode())


def _errors(message: str) -> dict[str, Any]:
    return {"errors": [{"message": message}]}


def _rate_limited(_call: Call, rule: Rule) -> SpoiledAnswer:
    seconds = rule["seconds"]
    after = f"{seconds:g}"
    if rule["as_date"]:
        when = datetime.now(timezone.utc) + timedelta(seconds=seconds)
        after = format_datetime(when, usegmt=True)
    return _reply(rule, "Too Many Requests", ("retry-after", after))


def _server_error(_call: Call, rule: Rule) -> SpoiledAnswer:
    return _reply(rule, {"data": None, **_errors(TRACE)})


def _bad_gateway(_call: Call, rule: Rule) -> SpoiledAnswer:
    try:
        phrase = HTTPStatus(rule["status"]).phrase
    except ValueError:
        phrase = "Error"
    title = escape(f"{rule['status']} {phrase}")
    head = f"<head><title>{title}</title></head>"
    return _reply(rule, f"<html>{head}<body><center><h1>{title}</h1></center></body></html>")


def _maintenance(_call: Call, rule: Rule) -> SpoiledAnswer:
    names = ("message", "timeout", "retry_interval")
    return _reply(rule, {"maintenance": {name: rule[name] for name in names}})


def _redirect(_call: Call, rule: Rule) -> SpoiledAnswer:
    return _reply(rule, "", ("location", rule["url"]))


def _expired_token(_call: Call, rule: Rule) -> SpoiledAnswer:
    return _reply(rule, _errors("Unauthorized"))


async def _reset_before(call: Call, _rule: Rule) -> None:
    await call.reset()


async def _reset_after(call: Call, _rule: Rule) -> None:
    await call.ask()
    await call.reset()


async def _truncated(call: Call, rule: Rule) -> None:
    answer = await call.ask()
    await call.start(answer)
    sent = len(answer.body) // 2 if rule["bytes"] is None else rule["bytes"]
    # At least the last byte is missing: it would not be cut short otherwise.
    await call.send(answer.body[: max(0, min(sent, len(answer.body) - 1))], more=True)
    await call.close()


async def _slow_body(call: Call, rule: Rule) -> None:
    answer = await call.ask()
    await call.start(answer)
    size = max(1, -(-len(answer.body) // rule["pieces"]))
    pieces = [answer.body[at : at + size] for at in range(0, len(answer.body), size)]
    for piece in pieces:
        await asyncio.sleep(rule["seconds"] / len(pieces))
        await call.send(piece, more=True)
    await call.send(b"")


#: The app is not asked.
_REFUSALS: dict[str, Callable[[Call, Rule], SpoiledAnswer]] = {
    "rate_limited": _rate_limited,
    "server_error": _server_error,
    "bad_gateway": _bad_gateway,
    "maintenance": _maintenance,
    "redirect": _redirect,
    "expired_token": _expired_token,
}
#: The connection breaks, or nearly.
_BREAKS: dict[str, Callable[[Call, Rule], Awaitable[None]]] = {
    "reset_before": _reset_before,
    "reset_after": _reset_after,
    "truncated": _truncated,
    "slow_body": _slow_body,
}
