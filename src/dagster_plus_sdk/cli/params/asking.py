"""Questions to the person before the terminal; on stderr, as stdout is for results."""

from __future__ import annotations

import sys

import click

from ..printing import progress


def is_answered() -> bool:
    """Tell whether somebody can read a question and answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison]


def answered(shown: str) -> str | None:
    """Return the line that answers what is shown; None for Ctrl-D, where there is no answer."""
    with progress.paused():
        sys.stderr.write(shown)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line.endswith("\n"):  # Ctrl-D leaves the cursor where it is
            sys.stderr.write("\n")
    return line.strip() if line else None


def ask(question: str, default: str = "") -> str:
    """Return the answer to a question.

    Args:
        question: Such as ``Organization``.
        default: What an empty answer means; without it one is asked again.
    """
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while (answer := answered(shown)) is not None:
        if answer or default:
            return answer or default
    raise KeyboardInterrupt


def hidden(question: str) -> str:
    """Return what stdin has; on a terminal the line that answers a question, which is not shown."""
    if not sys.stdin.isatty():
        return sys.stdin.read()
    from getpass import getpass

    with progress.paused():
        return getpass(f"{question}: ")


def ask_secret(question: str, problem: str) -> str:
    """Return a secret from stdin: all of it, or on a terminal a line that is not shown.

    Args:
        question: What a terminal asks.
        problem: The error where there is nothing.

    Raises:
        click.UsageError: There is none, or it is no text that a header can have.
    """
    secret = hidden(question).strip()
    if not (secret and secret.isascii() and secret.isprintable()):
        raise click.UsageError(
            problem + (", and what is there is none" if secret else ", which is empty")
        )
    return secret
