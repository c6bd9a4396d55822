"""The command ``dplus``: the facade with words.

A noun is a resource, a verb is its method, options are its parameters. ``_commands`` holds all of that as data, so that help
and parsing import no facade; ``output`` is the one place for formats, ``errors`` the one for errors and exit codes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["command", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``dplus``.

    Args:
        arguments: The words after the command's name; those of this process if None.

    Returns:
        The exit code: 0 success, 1 an error of the API or another one, 2 usage or configuration, 4 no, bad or
        insufficient credentials, 5 the awaited run did not succeed, 6 timed out waiting, 130 interrupted.
    """
    try:
        if arguments is None:
            from .process import own

            return own()
        from .app import run

        return run(list(arguments))
    except KeyboardInterrupt:  # while the first of it was imported
        return 130


def command() -> NoReturn:
    """Run ``dplus`` as this process, and end it with the exit code."""
    code = main()

    from .process import end

    end(code)
