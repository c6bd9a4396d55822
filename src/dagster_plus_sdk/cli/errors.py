"""The one place where exceptions become messages and exit codes."""

from __future__ import annotations

from .. import (
    AuthenticationError,
    ConfigurationError,
    DagsterPlusError,
    InvalidInputError,
    PermissionDeniedError,
    WaitTimeoutError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .state import State

OK, FAILED, USAGE, CREDENTIALS, RUN_FAILED, TIMED_OUT, INTERRUPTED = 0, 1, 2, 4, 5, 6, 130

#: The first that fits stands: a missing token is a configuration error too.
_EXIT_CODES: tuple[tuple[tuple[type[DagsterPlusError], ...], int], ...] = (
    ((AuthenticationError, PermissionDeniedError), CREDENTIALS),
    ((ConfigurationError, InvalidInputError), USAGE),
    ((WaitTimeoutError,), TIMED_OUT),
)
#: What of an exception is part of its JSON, where it is there.
_DETAILS = ("operation", "typename", "request_id", "trace_id", "errors", "idempotency_key")


class RunFailedError(DagsterPlusError):
    """The awaited run did not succeed."""

    code = "RUN_FAILED"
    status_code = 500


class InterruptedWaitError(DagsterPlusError):
    """Ctrl-C while a run was awaited; the run goes on."""

    code = "INTERRUPTED"
    status_code = 499


def exit_code(error: DagsterPlusError) -> int:
    """Return the exit code of an error."""
    if isinstance(error, RunFailedError):
        return RUN_FAILED
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
        return _tell(exit_code(error), state, _described(error))
    if isinstance(error, KeyboardInterrupt):
        what = {"error": "interrupted", "code": "INTERRUPTED", "status_code": 499}
        return _tell(INTERRUPTED, state, what)
    usage = _usage_message(error)
    if usage is not None:
        return _tell(USAGE, state, {"error": usage, "code": "USAGE_ERROR", "status_code": 400})
    kind = type(error).__name__
    text = f"{kind}: {error} (--debug shows where)"
    return _tell(FAILED, state, {"error": text, "code": "INTERNAL_ERROR", "status_code": 500})


def _described(error: DagsterPlusError) -> dict[str, Any]:
    what: dict[str, Any] = {
        "error": error.message,
        "code": error.code,
        "status_code": error.status_code,
    }
    details = {name: getattr(error, name, None) for name in _DETAILS}
    return {**what, **{name: value for name, value in details.items() if value}}


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


def _tell(code: int, state: State, what: dict[str, Any]) -> int:
    from .output import tell, to_json

    if state.is_json:
        tell(to_json({**what, **state.subject}))
    else:
        tell("dplus: " + " ".join(str(what["error"]).split()))
    return code
