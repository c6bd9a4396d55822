"""The command as a process of its own: its streams, its signals, and the last word about whatever goes wrong."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_FAILED, _INTERRUPTED = 1, 130
_DEBUG = "--debug"
#: The option of a secret. What is shorter is no real token, but part of a word.
_TOKEN, _SECRET_LENGTH = "--api-token", 8
#: Seconds in which a function that does nothing more has ended.
_MOMENT = 0.01


def own() -> int:
    """Run the command line of this process; whatever happens, nothing but messages is printed.

    Returns:
        The exit code.
    """
    _fill_streams()
    _silence()
    try:
        from .app import run

        code = run(sys.argv[1:])
    except BaseException as error:  # noqa: BLE001 - even what comes while this package is imported
        code = _last_word(error)
    return _leave(code)


def end(code: int) -> NoReturn:
    """End this process.

    Python would take all modules apart first, a fifth of what a short command takes. What is registered for the end is done;
    whoever traces or profiles the process gets Python's own end, to write down what was found.
    """
    import atexit

    if sys.gettrace() is not None or sys.getprofile() is not None:
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - no other way leads to them
    settle(sys.stdout)
    settle(sys.stderr)
    os._exit(code)


def _fill_streams() -> None:
    """Open what the caller has closed: else the next file or socket would get the number of a stream."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if all(stream is not None for stream in streams):
        return
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - stderr
        pass
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _silence() -> None:
    """Let neither warnings nor what objects say while they are torn down reach a person who has not asked for them."""
    sys.unraisablehook = _nothing_but_ctrl_c
    if not (sys.warnoptions or _DEBUG in sys.argv):
        import warnings

        warnings.simplefilter("ignore")


def _nothing_but_ctrl_c(unraisable: Any) -> None:
    """Send Ctrl-C again where it came while something could not raise it, and would be lost; else print nothing."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        from _thread import get_ident, start_new_thread
        from weakref import ref

        here: set[None] = set()  # there as long as this function runs
        start_new_thread(_interrupt, (get_ident(), ref(here)))
    elif _DEBUG in sys.argv:
        sys.__unraisablehook__(unraisable)


def _interrupt(thread: int, hook: Callable[[], object]) -> None:
    """Send Ctrl-C to a thread when it has left the hook: what is raised in there is lost, and printed."""
    import signal
    from _thread import interrupt_main
    from time import sleep

    sleep(
        _MOMENT
    )  # this began when the thread let others run: it must be in the wait that the signal is to end
    while hook() is not None:
        sleep(_MOMENT)
    if not callable(signal.getsignal(signal.SIGINT)):  # the command has ended
        return
    if hasattr(signal, "pthread_kill"):  # which ends a wait in the system, too
        signal.pthread_kill(thread, signal.SIGINT)
    else:
        interrupt_main()


def _last_word(error: BaseException) -> int:
    """Say what went wrong where the command itself could not; with nothing imported that may be what is broken."""
    if isinstance(error, SystemExit) and isinstance(error.code, (int, type(None))):
        return error.code or 0
    if isinstance(error, KeyboardInterrupt):
        text, code = "interrupted", _INTERRUPTED
    else:
        what = error.code if isinstance(error, SystemExit) else f"{type(error).__name__}: {error}"
        text, code = f"{what} (--debug shows where)", _FAILED
    lines = [f"dplus: {' '.join(text.split())}"]
    if _DEBUG in sys.argv:
        import traceback

        lines = [*traceback.format_exception(type(error), error, error.__traceback__), *lines]
    with suppress(OSError, ValueError):
        print(without_secrets("\n".join(map(str.rstrip, lines))), file=sys.stderr, flush=True)  # noqa: T201
    return code


def without_secrets(text: str, *more: str | None) -> str:
    """Return a text with *** for the token of this process, wherever that was given, and for further secrets."""
    words = [*sys.argv, ""]
    given = {words[place + 1] for place, word in enumerate(words) if word == _TOKEN}
    given |= {secret for secret in more if secret}
    given |= {word.partition("=")[2] for word in words if word.startswith(f"{_TOKEN}=")}
    for secret in given | {os.environ.get("DAGSTER_CLOUD_API_TOKEN", "")}:
        if len(secret) >= _SECRET_LENGTH:
            text = text.replace(secret, "***")
    return text


def _leave(code: int) -> int:
    """Write out what is left, and let Ctrl-C end from here on what has nothing to say any more."""
    import signal
    import threading

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    settle(sys.stdout)
    settle(sys.stderr)
    return code


def settle(stream: Any) -> None:
    """Write out what is left for a stream, if it takes that."""
    try:
        stream.flush()
    except (OSError, ValueError):
        hush(stream)


def hush(stream: Any) -> None:
    """Let nothing come of what is left to write to a stream that takes no more: Python would complain at its end."""
    with suppress(OSError, ValueError):  # it may be no file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
