"""The captured logs of a run: which there are, which is meant, and the pieces of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import InvalidInputError, NotFoundError
from .lookup import not_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._generated.models import CapturedLogFile, CapturedLogs

#: What a process writes to.
STREAMS = ("stdout", "stderr")

#: The events with which a run ends.
_LAST = frozenset({"RunSuccessEvent", "RunFailureEvent", "RunCanceledEvent"})

#: What servers put in place of bytes that are no character.
_REPLACED = "\ufffd"


def log_key(run_id: str, file: CapturedLogFile) -> list[str]:
    """Return the API's key of a captured log."""
    return [run_id, "compute_logs", file.file_key]


def captured(events: Iterable[Any]) -> list[CapturedLogFile]:
    """Return, of a run's events, those that name a captured log."""
    return [event for event in events if event.typename__ == "LogsCapturedEvent"]


def of_step(files: Iterable[CapturedLogFile], step: str | None) -> list[CapturedLogFile]:
    """Return the captured logs in which a step wrote; all where none is named."""
    return [file for file in files if step is None or step in (file.step_keys or ())]


def the_one(files: Sequence[CapturedLogFile], run_id: str, step: str | None) -> CapturedLogFile:
    """Return the captured log that is meant; of a step's several attempts the last.

    Raises:
        NotFoundError: There is none; the message names similar steps.
        InvalidInputError: There are several and no step is named; the message lists the steps.
    """
    found = of_step(files, step)
    if step is None and len({file.file_key for file in found}) > 1:
        steps = sorted({key for file in found for key in file.step_keys or ()})
        raise InvalidInputError(
            f"run {run_id} has {len(found)} captured logs; say of which step: {', '.join(steps)}",
            code="AMBIGUOUS_NAME",
        )
    if found:
        return found[-1]
    if step is None:
        raise NotFoundError(
            f"Nothing was captured of run {run_id} (yet)", code="CAPTURED_LOG_NOT_FOUND"
        )
    known = {key for file in files for key in file.step_keys or ()}
    raise not_found("step", step, known, where=f" with a captured log in run {run_id}")


def absolute(link: str | None, url: str) -> str | None:
    """Return a link as it can be opened: open-source servers give it from their own root on.

    Args:
        link: What the server gives.
        url: Where its GraphQL is.
    """
    if link is None or not link.startswith("/"):
        return link
    return url.removesuffix("/graphql") + link


def offset(cursor: str | None) -> int:
    """Return how many logs a list's cursor is behind.

    Raises:
        InvalidInputError: It is no cursor of that list.
    """
    if cursor is not None and not cursor.isdecimal():
        raise InvalidInputError(f"the cursor {cursor!r} is none of this list")
    return int(cursor or 0)


def only_stream(stream: str | None) -> str | None:
    """Return the name of a stream, in lower case; None for both.

    Raises:
        InvalidInputError: There is no such stream.
    """
    if stream is None:
        return None
    name = str(stream).strip().lower()
    if name not in STREAMS:
        raise InvalidInputError(f"stream cannot be {stream!r}; choose from {', '.join(STREAMS)}")
    return name


def without_other(piece: CapturedLogs, stream: str | None) -> CapturedLogs:
    """Return a piece with the chosen stream only."""
    if stream is None:
        return piece
    (other,) = (name for name in STREAMS if name != stream)
    return piece.model_copy(update={other: None})


def is_empty(piece: CapturedLogs) -> bool:
    """Tell whether a piece has no text."""
    return not piece.stdout and not piece.stderr


def has_ended(events: Iterable[Any]) -> bool:
    """Tell whether one of a run's events is its last."""
    return any(event.typename__ in _LAST for event in events)


def without_cut_character(piece: CapturedLogs, cursor: str | None) -> tuple[CapturedLogs, bool]:
    """Return a piece without the part of a character at its end, and whether there was one.

    Servers cut logs at any byte, and put U+FFFD for what is no whole character. Their cursors are the bytes of both streams,
    so the part can be left to the next piece; where they are something else, or there is no text at all, the piece stays.

    Args:
        piece: What came.
        cursor: Behind which place.
    """
    starts, ends = _offsets(cursor or "0:0"), _offsets(piece.cursor)
    if starts is None or ends is None:
        return piece, False
    texts = [piece.stdout, piece.stderr]
    for index, text in enumerate(texts):
        if text and text.find(_REPLACED) == len(text) - 1:
            texts[index] = text[:-1]
            ends[index] = starts[index] + len(text[:-1].encode())
    stdout, stderr = texts
    if (stdout, stderr) == (piece.stdout, piece.stderr):
        return piece, False
    update = {"stdout": stdout, "stderr": stderr, "cursor": f"{ends[0]}:{ends[1]}"}
    return piece.model_copy(update=update), True


def _offsets(cursor: str | None) -> list[int] | None:
    parts = (cursor or "").split(":")
    if len(parts) != len(STREAMS) or not all(part.isdecimal() for part in parts):
        return None
    return [int(part) for part in parts]


def joined(pieces: Sequence[CapturedLogs]) -> CapturedLogs:
    """Return the text of several pieces as one; a stream that was not captured stays None."""
    update = {
        stream: "".join(filter(None, texts)) if any(t is not None for t in texts) else None
        for stream in STREAMS
        for texts in [[getattr(piece, stream) for piece in pieces]]
    }
    return pieces[-1].model_copy(update=update)
