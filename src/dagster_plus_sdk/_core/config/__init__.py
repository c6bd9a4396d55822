"""Where to send and who we are: from arguments, environment and files to `Settings`."""

from __future__ import annotations

from .resolve import resolve
from .settings import Settings

__all__ = ["Settings", "resolve"]
