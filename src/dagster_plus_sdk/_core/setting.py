"""One value of a settings document, as a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .documents import flatten, read_document
from .models import BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping


class Setting(BaseModel):
    """One value of a settings document.

    Attributes:
        key: Its path in the document, such as ``run_monitoring.start_timeout_seconds``.
        value: As it stands there; a list is one value.
    """

    key: str
    value: Any = None


def settings_document(given: Any, what: str) -> dict[str, Any]:
    """Return a document as the API gave it; some servers give it as text, and null where nothing is set."""
    return read_document(given, what)


def settings_rows(document: Mapping[str, Any]) -> list[Setting]:
    """Return the values of a document as rows, by key."""
    values = flatten(document)
    return [Setting(key=key, value=values[key]) for key in sorted(values)]
