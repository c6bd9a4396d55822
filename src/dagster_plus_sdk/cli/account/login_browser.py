"""The part of ``auth login`` that happens in the browser."""

from __future__ import annotations

import os
from urllib.parse import quote

from ... import ConfigurationError, WaitTimeoutError
from ..printing import progress
from ..printing.output import tell
from ..printing.web import has_browser, is_opened
from .login_server import LoginServer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def from_browser(base: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the organization that was logged in to, and its token.

    Args:
        base: The URL that organizations stand below.
        values: The options of the command.

    Raises:
        WaitTimeoutError: Nobody logged in.
        ConfigurationError: The port is taken.
    """
    try:
        server = LoginServer(values["port"])
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "it is no port"
        raise ConfigurationError(f"--port {values['port']} cannot be used: {reason}") from error
    try:
        page = f"{base}/?next={quote(server.path)}"
        _show_page(page, server.server_port, no_browser=values["no_browser"])
        with progress.shown("waiting for you to log in"):
            token = server.wait(values["timeout"])
        organization = server.organization
    finally:
        server.close()
    if not token:
        raise WaitTimeoutError(
            f"nobody logged in within {values['timeout']:g} seconds (--timeout). Where the browser cannot reach this "
            "machine, make a token in Dagster+ and give it: dplus auth login --with-token"
        )
    return organization, token


def _show_page(page: str, port: int, *, no_browser: bool) -> None:
    """Open the page, or say where it is."""
    is_remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
    if not (no_browser or is_remote) and has_browser() and is_opened(page):
        tell(f"dplus: log in in the browser; if none has opened, the page is {page}")
        return
    tell(f"dplus: to log in, open {page}")
    if is_remote:
        tell(
            f"dplus: a browser on another machine reaches this one through ssh -L {port}:127.0.0.1:{port}; --port keeps "
            "the number the same, and --with-token needs no browser"
        )
