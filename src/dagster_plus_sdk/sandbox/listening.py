"""Where a sandbox listens: on this machine alone, unless it is told otherwise and has a token that nobody knows."""

from __future__ import annotations

from ipaddress import ip_address

from .._core.errors import ConfigurationError
from .processes.commands import HOST


def checked_host(host: str, *, is_token_known: bool) -> str:
    """Return the address or name to listen on.

    Args:
        host: An address, a name, or ``0.0.0.0`` or ``::`` for all interfaces.
        is_token_known: Whether the token is the default one, which everybody knows.

    Raises:
        ConfigurationError: Others could come in with a token that they know.
    """
    if not host.strip():
        raise ConfigurationError("host must be an address or a name to listen on, such as 0.0.0.0")
    if host.lower() == "localhost":
        return HOST
    if is_token_known and not _is_loopback(host):
        raise ConfigurationError(
            f"a sandbox on {host} can be reached from other machines, and everyone knows the default token: give it a "
            f"token of your own (token=..., or dplus sandbox up --token-file FILE), or leave it on {HOST}"
        )
    return host


def reached_at(host: str) -> str:
    """Return the address at which this machine reaches what listens on another, which may stand for all interfaces."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return HOST if address.version == 4 else "::1"  # noqa: PLR2004 - of the protocol


def http_url(host: str, port: int) -> str:
    """Return the address of a server, without a slash in the end."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False  # a name: what it leads to may change
