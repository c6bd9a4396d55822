"""Redirects are followed within the origin only: the token must not go anywhere else."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from .errors import RedirectError

#: Hops that are followed for one request.
MAX_REDIRECTS = 3

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of a URL, with the scheme's own port where none is given."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(scheme)


def redirect_target(url: str, location: str | None) -> str:
    """Return where a request to ``url`` is to be sent again.

    Args:
        url: Where it was sent.
        location: The answer's ``Location`` header, absolute or relative.

    Raises:
        RedirectError: The target is another origin, or missing; the message names it.
    """
    if not location:
        raise RedirectError(f"{url} answered with a redirect that names no target")
    target = urljoin(url, location)
    try:
        same = origin_of(target) == origin_of(url)
    except ValueError:  # a port that is no number
        same = False
    if not same:
        shown = target.split("?")[0].split("#")[0]
        raise RedirectError(
            f"{url} redirects to {shown}, another origin; the token was not sent there. "
            "Is the URL right? Give the final one if you trust it."
        )
    return target


def too_many_redirects(url: str) -> RedirectError:
    """Return the error for a server that keeps sending us on."""
    return RedirectError(f"More than {MAX_REDIRECTS} redirects, the last one to {url}")
