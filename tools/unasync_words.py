"""Names and prose: what a word of an async module is called in its sync twin.

Needs the standard library only.  The rules are listed in `unasync`.
"""

from __future__ import annotations

import re
from typing import Final

NAMES: Final = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "_async": "_sync",
    "AbstractAsyncContextManager": "AbstractContextManager",
    "aclose": "close",
    "adial": "dial",
    "async_client": "client",
    "aclosing": "closing",
    "ahang_up": "hang_up",
    "aheaders": "headers",
    "aiter": "iter",
    "aiter_bytes": "iter_bytes",
    "aiter_lines": "iter_lines",
    "aiter_raw": "iter_raw",
    "aiter_text": "iter_text",
    "anext": "next",
    "aread": "read",
    "areceive": "receive",
    "arunning_loop": "running_loop",
    "asend": "send",
    "asleep": "sleep",
    "async_auth_flow": "sync_auth_flow",
    "AsyncByteStream": "SyncByteStream",
    "AsyncMock": "MagicMock",
    "asynccontextmanager": "contextmanager",
    "athrow": "throw",
    "enter_async_context": "enter_context",
    "handle_async_request": "handle_request",
    "push_async_callback": "callback",
    "push_async_exit": "push",
    "StopAsyncIteration": "StopIteration",
}
"""Identifiers that the prefix rule (`AsyncX` becomes `X`) does not cover."""

LIBRARY: Final = {
    "anyio.Event": "threading.Event",
    "anyio.Lock": "threading.Lock",
    "anyio.sleep": "time.sleep",
    "asyncio.BoundedSemaphore": "threading.BoundedSemaphore",
    "asyncio.Condition": "threading.Condition",
    "asyncio.Event": "threading.Event",
    "asyncio.Lock": "threading.Lock",
    "asyncio.Semaphore": "threading.Semaphore",
    "asyncio.sleep": "time.sleep",
    "asyncio.TimeoutError": "TimeoutError",
}
"""What the names of event loop libraries become; any other name of theirs is an error."""

EVENT_LOOPS: Final = frozenset({"anyio", "asyncio"})
IMPOSSIBLE: Final = frozenset({"__await__"})
"""Names that have no sync counterpart."""

GENERICS: Final = {"Awaitable": 1, "Coroutine": 3, "AsyncGenerator": 0}
"""Generic types that are unwrapped, with the number of the argument that stays."""
MARKS: Final = frozenset(
    {
        "@pytest.mark.anyio",
        "pytestmark=pytest.mark.anyio",
        "pytestmark=[pytest.mark.anyio]",
        "pytestmark=[pytest.mark.anyio,]",
    }
)
"""Statements, without spaces, that only tell pytest to run async tests."""

_ENGLISH: Final = frozenset({"asleep"})
_PREFIX: Final = re.compile(r"^(_*)Async(?=[A-Z])")
_NESTED: Final = r"((?:[^\[\]]|\[[^\[\]]*\])*)"
_PROSE: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\basync (?=(?:def|for|with)\b)", ""),
        # a redundant pair of parentheses goes with its await
        (r"(?<![\w)\]])\(await ([A-Za-z_][\w.]*(?:\([^()\n]*\))?)\)", r"\1"),
        (r"(?<=`)await (?=\w)", ""),
        (r"((?:=|>>>|\breturn|\byield) )await (?=\w)", r"\1"),
        (r"\bawait (?=[A-Za-z_]\w*(?:\.\w|\(|\[))", ""),
        (rf"\bAwaitable\[{_NESTED}\]", r"\1"),
        (rf"\bCoroutine\[Any, Any, {_NESTED}\]", r"\1"),
        (rf"\bAsyncGenerator\[{_NESTED}, None\]", r"Generator[\1, None, None]"),
    )
)
_ARTICLE: Final = re.compile(r"\b([Aa])n(\s+`*)(_*Async[A-Z]\w*)")
_LIBRARY_NAME: Final = re.compile(r"\b(?:anyio|asyncio)\.\w+")
_WORD: Final = re.compile(r"[A-Za-z_]\w*\(?")
_NOQA: Final = re.compile(r"\s*#\s*noqa:\s*([A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)")


def convert_word(word: str) -> str:
    """Return the sync name of an identifier, itself if it has no other."""
    return NAMES.get(word) or _PREFIX.sub(r"\1", word)


def convert_prose(text: str) -> str:
    """Convert what is code in a docstring or a comment; plain English stays as it is."""
    for pattern, replacement in _PROSE:
        text = pattern.sub(replacement, text)
    text = _ARTICLE.sub(_article, text)
    text = _LIBRARY_NAME.sub(lambda match: LIBRARY.get(match[0], match[0]), text)
    return _WORD.sub(_prose_word, text)


def convert_comment(comment: str) -> str:
    """Convert a comment; suppressed `ASYNC` lint rules do not apply to sync code."""
    return convert_prose(_NOQA.sub(_without_async_rules, comment)).strip()


def _prose_word(match: re.Match[str]) -> str:
    word = match[0].removesuffix("(")
    if word in _ENGLISH and word == match[0]:
        return word
    return convert_word(word) + match[0][len(word) :]


def _article(match: re.Match[str]) -> str:
    name = convert_word(match[3])
    article = match[1] + ("n" if name.lstrip("_")[0] in "AEIO" else "")
    return article + match[2] + name


def _without_async_rules(match: re.Match[str]) -> str:
    codes = re.split(r"[,\s]+", match[1])
    kept = [code for code in codes if not code.startswith("ASYNC")]
    if kept == codes:
        return match[0]
    return f"  # noqa: {', '.join(kept)}" if kept else ""
