"""``--web``: the page of a thing, in the browser; where there is none, its address."""

from __future__ import annotations

import os
import re
import sys

import click

from ... import NotFoundError
from .output import tell, write
from .text import cell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ... import DagsterPlus

#: The pages of lists, by attribute and method.
LISTS = {
    "assets.list": "/assets",
    "backfills.list": "/runs?view=backfills",
    "code_locations.list": "/deployment/locations",
    "instance.concurrency_limits": "/deployment/concurrency",
    "instance.daemons": "/deployment/daemons",
    "jobs.list": "/jobs",
    "resources.list": "/overview/resources",
    "runs.list": "/runs",
    "runs.feed": "/runs",
    "schedules.list": "/automation",
    "sensors.list": "/automation",
}


def check_page(entry: dict[str, Any]) -> None:
    """Refuse what has no page.

    Raises:
        click.UsageError: There is none.
    """
    if list_page(entry) is None and not has_page(entry):
        raise click.UsageError("there is no web page about what this command prints")


def list_page(entry: dict[str, Any]) -> str | None:
    """Return the path of the page of a list."""
    return LISTS.get(f"{entry.get('attribute')}.{entry.get('method')}")


def has_page(entry: dict[str, Any]) -> bool:
    """Tell whether what a command returns has a page."""
    if entry.get("returns") != "model" or not entry["model"]:
        return False
    import dagster_plus_sdk as public

    from ..._core.web_urls import has_page as known

    return known(getattr(public, entry["model"], object))


def open_page(client: DagsterPlus, entry: dict[str, Any], ask: Callable[[], Any]) -> None:
    """Open the page of a list, for which nothing is sent, or of what a method returns."""
    page = list_page(entry)
    visit(client.url_for(found(entry, ask())) if page is None else client.settings.web_url + page)


def found(entry: dict[str, Any], result: Any) -> Any:
    """Return the one thing that a method was asked for.

    Raises:
        NotFoundError: It returned none.
    """
    if result is None:
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry["model"]).lower()
        raise NotFoundError(f"there is no such {kind}", code="NOT_FOUND")
    return result


def visit(url: str) -> None:
    """Open a page, and say so; print its address where no browser can be."""
    if has_browser():
        tell(f"Opening {url} in your browser")
        if is_opened(url):
            return
    write(cell(url))


def is_opened(url: str) -> bool:
    """Open a page; tell whether a browser has begun to."""
    import webbrowser

    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


def has_browser() -> bool:
    """Tell whether there is a screen for a browser: not at the other end of ssh, and not without a display."""
    if os.environ.get("BROWSER"):
        return True
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if sys.platform in ("darwin", "win32"):
        return has_display or not os.environ.get("SSH_CONNECTION")
    return has_display
