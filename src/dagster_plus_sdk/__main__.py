"""``python -m dagster_plus_sdk`` is ``dplus``."""

from __future__ import annotations

from .cli import command

if __name__ == "__main__":
    command()
