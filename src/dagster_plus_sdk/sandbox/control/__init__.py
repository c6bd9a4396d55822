"""The control plane: what Dagster+ has and open-source Dagster has not, kept in SQLite.

An entity is a kind (`registry.kind`: a GraphQL type, its id field, its computed fields) with functions for its queries
and mutations. Everything else is generic, and goes by the schema: errors, unions, values that no one gave.
"""

from __future__ import annotations

from .plane import ControlPlane
from .seed import seed
from .store import Store

__all__ = ["ControlPlane", "Store", "seed"]
