"""The one place where exceptions become messages and exit codes."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress

from ... import (
    AuthenticationError,
    BackfillFailedError,
    ConfigurationError,
    ConnectionFailedError,
    DagsterPlusError,
    InvalidInputError,
    InvalidResponseError,
    PermissionDeniedError,
    RunFailedError,
    WaitTimeoutError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from typing import Any

    import click

    from ..state import State

OK, FAILED, USAGE, CREDENTIALS, RUN_FAILED, TIMED_OUT, INTERRUPTED = 0, 1, 2, 4, 5, 6, 130

#: The first that fits stands: a missing token is a configuration error too.
_EXIT_CODES: tuple[tuple[tuple[type[DagsterPlusError], ...], int], ...] = (
    ((AuthenticationError, PermissionDeniedError), CREDENTIALS),
    ((ConfigurationError, InvalidInputError), USAGE),
    ((RunFailedError, BackfillFailedError), RUN_FAILED),
    ((WaitTimeoutError,), TIMED_OUT),
)
#: What to do about an address that nobody answers at, or something else than a Dagster.
_WHOSE = "; does a server run there? dplus config show says where the address comes from"
_WRONG = "; is it a Dagster's address? dplus config show says which it is, and where it comes from"
#: How it is told that the answer is from something else.
_NO_DAGSTER = re.compile(r"an HTML page$|after 0 bytes$|but no GraphQL$")
#: What of an exception is part of its JSON, where it is there.
_DETAILS = ("operation", "typename", "request_id", "trace_id", "errors", "idempotency_key")
#: Characters of a message beyond which nobody reads on.
_LONGEST = 2000
#: The status of what does not exist, whoever says so.
NOT_FOUND = 404

#: What a command can be about, by the parameter that has its id; an error's JSON names it.
SUBJECTS = {"run_id": "run", "backfill_id": "backfill"}


class InterruptedWaitError(DagsterPlusError):
    """Ctrl-C while a run was awaited, or its launch; the run goes on."""

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


@contextmanager
def launching(see: str) -> Generator[None, None, None]:
    """Let Ctrl-C while the answer to a launch is awaited say that it may have happened.

    Args:
        see: The command that shows it then.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedWaitError(
            f"interrupted; it may have been launched: see dplus {see}"
        ) from None


class NotConfirmedError(DagsterPlusError):
    """Somebody was asked, and did not say yes."""

    code = "NOT_CONFIRMED"
    status_code = 499


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
    from click import Abort

    if state.debug:
        import traceback

        trace = traceback.format_exception(type(error), error, error.__traceback__)
        _say("".join(trace).rstrip(), state)
    if isinstance(error, DagsterPlusError):
        return _tell(exit_code(error), state, _described(error, state), _lines(error))
    if isinstance(error, (KeyboardInterrupt, Abort)):
        what = {"error": "interrupted", "code": "INTERRUPTED", "status_code": 499}
        return _tell(INTERRUPTED, state, what)
    if isinstance(error, SystemExit) and isinstance(error.code, (int, type(None))):
        return error.code or OK
    usage = _usage_message(error)
    if usage is not None:
        return _tell(USAGE, state, {"error": usage, "code": "USAGE_ERROR", "status_code": 400})
    from .unexpected import described

    what = described(error)
    return _tell(USAGE if what["code"] == "USAGE_ERROR" else FAILED, state, what)


def _described(error: DagsterPlusError, state: State) -> dict[str, Any]:
    message = error.message
    if getattr(error, "operation", None) is None:  # else it is the server's
        message = in_options(message, state.options)
    if isinstance(error, WaitTimeoutError) and not error.terminated:
        message += "".join(
            f"; see it with: dplus {SUBJECTS[name]} watch {subject}"
            for name, subject in _subject(state).items()
            if isinstance(subject, str)
        )
    is_name = error.status_code == NOT_FOUND or error.typename == "PythonError"
    if is_name and "did you mean" not in message:
        from .suggest import similar_names

        with suppress(Exception):  # this error is the one to tell
            message = message.strip().rstrip(".") + similar_names(message, state)
    if type(error) is ConnectionFailedError:
        message = _unreached(message)
    elif type(error) is InvalidResponseError and _NO_DAGSTER.search(message):
        message += _WRONG
    what = {"error": message, "code": error.code, "status_code": error.status_code}
    details = {name: getattr(error, name, None) for name in _DETAILS}
    return what | {name: value for name, value in details.items() if value}


def _unreached(message: str) -> str:
    """Return why a server was not reached, without what Python calls that, and what may be the reason."""
    message = re.sub(r"\(\w+: (?:\[Errno -?\d+\] )?", "(", message)
    proxy = _proxy(message.partition(" ")[0])
    return f"{message}; is the proxy right that {proxy} names?" if proxy else message + _WHOSE


def _proxy(url: str) -> str:
    """Return the environment's variable that has a proxy for an address; empty if there is none."""
    import os
    from urllib.parse import urlsplit
    from urllib.request import proxy_bypass

    address = urlsplit(url)
    names = [f"{address.scheme}_proxy", "all_proxy"]
    found = next((n for name in names for n in (name, name.upper()) if os.environ.get(n)), "")
    return "" if proxy_bypass(address.netloc) else found


def _subject(state: State) -> dict[str, Any]:
    """Return what the command was about: what it found out, or else what it was given."""
    values = state.asked[1] if state.asked else {}
    given = {name: values[name] for name in SUBJECTS if values.get(name)}
    return {**given, **state.subject}


def in_options(message: str, options: Mapping[str, str]) -> str:
    """Return a message of the facade with options in the place of its parameters.

    Args:
        message: Such as ``give either partition or partition_range``.
        options: How the command line spells each parameter.
    """

    def spelt(found: re.Match[str]) -> str:
        option = options.get(found[1], found[1])
        if option == found[1]:
            return found[0]
        return f"{option} {found[2]}" if found[2] else option

    named = re.sub(r"""\b([a-z_]+)=(?:True\b|\.{3}|["']([^"']*)["'])?""", spelt, message)
    clear = re.sub(r"\b([a-z]+(?:_[a-z]+)+)()\b", spelt, named)
    # A single word is a parameter where there is a choice of them, and else just a word.
    return re.sub(
        r"\b(?:give|with) [^:;.]* (?:or|and|of) [^:;.]*|\bearlier than \w+|"
        r"(?:^|(?<=[:;] ))\w+(?: and \w+)? (?:must|cannot|needs?|takes?|says?) ",
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
        from .suggest import instead_of_option

        message = f"no option {error.option_name}; {instead_of_option(error.option_name, context)}"
    elif message.startswith("Got unexpected extra") and context:
        message += _first_option(context)
    return message + (f" (see {context.command_path} --help)" if context else "")


def _first_option(context: click.Context) -> str:
    """Return what a word may lack, of a command that takes none: the option that says what it is."""
    from ..params.options import GlobalOption

    own = [p for p in context.command.params if not isinstance(p, GlobalOption)]
    if any(p.param_type_name == "argument" for p in own):
        return ""
    valued = (p.opts[0] for p in own if not getattr(p, "is_flag", False))
    return "".join(f"; an option says what it is, such as {option}" for option in [*valued][:1])


def _tell(code: int, state: State, what: dict[str, Any], lines: Sequence[str] = ()) -> int:
    from ..printing.text import to_json

    if state.is_json:
        _say(to_json({**what, **_subject(state)}), state)
    else:
        message = " ".join(str(what["error"]).split())
        if len(message) > _LONGEST:
            message = f"{message[:_LONGEST]}... (--json prints all of it)"
        _say("\n".join([f"dplus: {message}", *lines]), state)
    return code


def _say(text: str, state: State) -> None:
    """Print to stderr; without secrets, and if nobody listens there, the exit code has to do."""
    from ..printing.output import tell
    from ..process import without_secrets

    with suppress(OSError, ValueError):
        tell(without_secrets(text, state.api_token))
