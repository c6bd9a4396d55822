"""``config show``: where requests go, and where each setting comes from."""

from __future__ import annotations

from ..connect import connect
from ..printing.output import show_record
from ..printing.whole import show_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..state import State

_SETTINGS = ("url", "web_url", "organization", "deployment", "region")


def show(state: State, _entry: dict[str, Any], _values: dict[str, Any]) -> None:
    """Show each setting, and where it came from; the token only as ***."""
    with connect(state) as client:
        settings = client.settings
    secret = settings.auth.has_credentials
    found: dict[str, Any] = {name: getattr(settings, name) for name in _SETTINGS}
    found |= {"auth": settings.auth.kind, "token": "***" if secret else None}
    rows = [
        {"setting": name, "value": value, "source": settings.sources.get(_source(name))}
        for name, value in found.items()
    ]
    if state.format in ("json", "yaml"):
        record = {row["setting"]: {"value": row["value"], "source": row["source"]} for row in rows}
        show_record(state, record, (), "")
    else:
        show_rows(state, rows, "setting value source")


def _source(name: str) -> str:
    """Return the setting that another one follows from."""
    return {"web_url": "url", "auth": "token"}.get(name, name)
