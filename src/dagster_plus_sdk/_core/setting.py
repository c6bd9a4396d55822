"""One value of a settings document, as a row."""

from __future__ import annotations

from typing import Any

from .models import BaseModel


class Setting(BaseModel):
    """One value of a settings document.

    Attributes:
        key: Its path in the document, such as ``run_monitoring.start_timeout_seconds``.
        value: As it stands there; a list is one value.
    """

    key: str
    value: Any = None
