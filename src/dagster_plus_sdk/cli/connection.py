"""``config show`` and ``auth status``: where requests go, and who sends them."""

from __future__ import annotations

from .connect import connect
from .output import show_list, show_record
from .text import pick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .. import DagsterPlus
    from .state import State

_SETTINGS = ("url", "web_url", "organization", "deployment", "region")
_WHO = "query AuthStatus { version organization { name } identity { viewer { email } } }"
_PLAIN = "query ServerVersion { version }"


class Rows:
    """One page of rows, as lists have them."""

    cursor = None
    has_more = False
    total = None

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.items = items


def config_show(state: State, _entry: dict[str, Any], _values: dict[str, Any]) -> None:
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
        return
    columns = [("SETTING", "setting"), ("VALUE", "value"), ("SOURCE", "source")]
    show_list(state, [Rows(rows)], columns)


def _source(name: str) -> str:
    """Return the setting that another one follows from."""
    return {"web_url": "url", "auth": "token"}.get(name, name)


def auth_status(state: State, _entry: dict[str, Any], _values: dict[str, Any]) -> None:
    """Ask the server who is known there, and print where that is."""
    with connect(state, "Unknown") as client:
        record = _status(client)
    show_record(state, record, [(name.upper(), name) for name in record], _text(record))


def _status(client: DagsterPlus) -> dict[str, Any]:
    settings = client.settings
    data = client.graphql(_WHO if settings.is_plus else _PLAIN)
    return {
        "url": settings.url,
        "organization": pick(data, "organization.name"),
        "deployment": settings.deployment,
        "user": pick(data, "identity.viewer.email"),
        "auth": settings.auth.kind,
        "token_source": settings.sources.get("token") if settings.auth.has_credentials else None,
        "version": data.get("version"),
    }


def _text(record: dict[str, Any]) -> str:
    from .text import lines_of

    return lines_of({"reached": True, **record})
