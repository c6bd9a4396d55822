"""The one place where exceptions become messages and exit codes."""

from __future__ import annotations

from contextlib import contextmanager

from .. import (
    AuthenticationError,
    BackfillFailedError,
    ConfigurationError,
    DagsterPlusError,
    InvalidInputError,
    PermissionDeniedError,
    RunFailedError,
    WaitTimeoutError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from typing import Any

    from .state import State

OK, FAILED, USAGE, CREDENTIALS, RUN_FAILED, TIMED_OUT, INTERRUPTED = 0, 1, 2, 4, 5, 6, 130

#: The first that fits stands: a missing token is a configuration error too.
_EXIT_CODES: tuple[tuple[tuple[type[DagsterPlusError], ...], int], ...] = (
    ((AuthenticationError, PermissionDeniedError), CREDENTIALS),
    ((ConfigurationError, InvalidInputError), USAGE),
    ((RunFailedError, BackfillFailedError), RUN_FAILED),
    ((WaitTimeoutError,), TIMED_OUT),
)
#: What of an exception is part of its JSON, where it is there.
_DETAILS = ("operation", "typename", "request_id", "trace_id", "errors", "idempotency_key")


#: What a command can be about, by the parameter that has its id; an error's JSON names it.
SUBJECTS = {"run_id": "run", "backfill_id": "backfill"}


class InterruptedWaitError(DagsterPlusError):
    """Ctrl-C while a run was awaited; the run goes on."""

    code = "INTERRUPTED"
    status_code = 499


@contextmanager
def leaving(*ids: str, what: str = "run", see: str = "") -> Generator[None, None, None]:
    """Let Ctrl-C leave what is waited for, and say how to go on.

    Args:
        *ids: The runs, or whatever it is.
        what: What one of them is.
        see: The command that shows it.
    """
    try:
        yield
    except KeyboardInterrupt:
        is_one = len(ids) == 1
        them = (
            f"{what} {ids[0]} goes on; see it" if is_one else f"{len(ids)} {what}s go on; see them"
        )
        see = see or f"{what} {'watch' if is_one else 'wait-many'}"
        raise InterruptedWaitError(f"{them} with: dplus {see} {' '.join(ids)}") from None


class RefusedError(DagsterPlusError):
    """Of several things some were refused; ``errors`` says which and why."""

    code = "REFUSED"
    status_code = 422


class InvalidConfigError(InvalidInputError):
    """A run configuration that was only to be looked at does not fit; ``errors`` has each reason with its path."""

    code = "RUN_CONFIG_VALIDATION_INVALID"
    status_code = 422


def exit_code(error: DagsterPlusError) -> int:
    """Return the exit code of an error."""
    if isinstance(error, InterruptedWaitError):
        return INTERRUPTED
    return next((code for kinds, code in _EXIT_CODES if isinstance(error, kinds)), FAILED)


def report(error: BaseException, state: State) -> int:
    """Print an error, as one line or as one JSON object, and return the exit code."""
    if state.debug:
        import traceback

        from .output import tell

        tell("".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip())
    if isinstance(error, DagsterPlusError):
        return _tell(exit_code(error), state, _described(error, state), _lines(error))
    if isinstance(error, KeyboardInterrupt):
        what = {"error": "interrupted", "code": "INTERRUPTED", "status_code": 499}
        return _tell(INTERRUPTED, state, what)
    usage = _usage_message(error)
    if usage is not None:
        return _tell(USAGE, state, {"error": usage, "code": "USAGE_ERROR", "status_code": 400})
    kind = type(error).__name__
    text = f"{kind}: {error} (--debug shows where)"
    return _tell(FAILED, state, {"error": text, "code": "INTERNAL_ERROR", "status_code": 500})


def _described(error: DagsterPlusError, state: State) -> dict[str, Any]:
    message = error.message
    if getattr(error, "operation", None) is None:  # else it is the server's
        message = in_options(message, state.options)
    if isinstance(error, WaitTimeoutError) and not error.terminated:
        message += "".join(
            f"; see it with: dplus {what} watch {state.subject[name]}"
            for name, what in SUBJECTS.items()
            if isinstance(state.subject.get(name), str)
        )
    what: dict[str, Any] = {
        "error": message,
        "code": error.code,
        "status_code": error.status_code,
    }
    details = {name: getattr(error, name, None) for name in _DETAILS}
    return {**what, **{name: value for name, value in details.items() if value}}


def in_options(message: str, options: Mapping[str, str]) -> str:
    """Return a message of the facade with options in the place of its parameters.

    Args:
        message: Such as ``give either partition or partition_range``.
        options: How the command line spells each parameter.
    """
    import re

    def spelt(found: re.Match[str]) -> str:
        option = options.get(found[1], found[1])
        if option == found[1]:
            return found[0]
        return f"{option} {found[2]}" if found[2] else option

    named = re.sub(r'\b([a-z_]+)=(?:True\b|"([^"]*)")?', spelt, message)
    clear = re.sub(r"\b([a-z]+(?:_[a-z]+)+)()\b", spelt, named)
    # A single word is a parameter where there is a choice of them, and else just a word.
    return re.sub(
        r"\b(?:give|with) [^:;.]* (?:or|and|of) [^:;.]*",
        lambda choice: re.sub(r"(?<![-\w])([a-z]+)()\b", spelt, choice[0]),
        clear,
    )


def _lines(error: DagsterPlusError) -> list[str]:
    """Return a line for each part of an error that is several, with its path."""
    if not isinstance(error, (RefusedError, InvalidConfigError)):
        return []
    return [
        f"  {'.'.join(map(str, part.get('path') or ())) or '(root)'}: {' '.join(part['message'].split())}"
        for part in error.errors
    ]


def _usage_message(error: BaseException) -> str | None:
    """Return the message of an error in the command line; None for any other error."""
    import click

    if not isinstance(error, click.ClickException):
        return None
    context = getattr(error, "ctx", None)
    message = error.format_message().rstrip(".")
    if isinstance(error, click.NoSuchOption) and context:
        params = context.command.get_params(context)
        known = [p.opts[0] for p in params if isinstance(p, click.Option)]
        message = f"no option {error.option_name}; choose from {', '.join(known)}"
    return message + (f" (see {context.command_path} --help)" if context else "")


def _tell(code: int, state: State, what: dict[str, Any], lines: Sequence[str] = ()) -> int:
    from .output import tell
    from .text import to_json

    if state.is_json:
        tell(to_json({**what, **state.subject}))
    else:
        tell("\n".join(["dplus: " + " ".join(str(what["error"]).split()), *lines]))
    return code
