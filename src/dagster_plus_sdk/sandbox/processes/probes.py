"""Looking at a port: is it free, and is the webserver behind it ready."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection, HTTPException

from ..._core.errors import ConfigurationError
from .commands import HOST

READY = """
{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }
"""


def free_port(port: int, host: str = HOST) -> int:
    """Return the port if it is free; for 0 any that is.

    Args:
        port: The port.
        host: Where to listen.

    Raises:
        ConfigurationError: It is not free, or nobody can listen there.
    """
    try:
        family, kind, _, _, found_at = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # A port that was closed a moment ago counts as free, as it does for the webserver.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((found_at[0], port, *found_at[2:]))
            probe.listen()
            found: int = probe.getsockname()[1]
            return found
    except (OSError, OverflowError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        place = "" if host == HOST else f" of {host}"
        raise ConfigurationError(f"port {port}{place} cannot be used: {why}") from error


def is_ready(port: int, path: str) -> bool:
    """Tell whether the webserver answers, and each code location has loaded or failed to.

    A webserver that merely answers may have an empty workspace still.
    """
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        body = json.dumps({"query": READY})
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        entries = answer["data"]["workspaceOrError"]["locationEntries"]
        return bool(entries) and all(entry["locationOrLoadError"] for entry in entries)
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return False
    finally:
        connection.close()
