"""The control plane: what Dagster+ has and open-source Dagster has not, kept in SQLite.

An entity is a kind (`registry.kind`: a GraphQL type, its computed fields) with functions for its queries, its mutations
and its seeds, in a module of `entities`. Everything else is generic, and goes by the schema and the registry: errors,
unions, values that no one gave, permissions, the audit log, references to entities of the real Dagster.
"""

from __future__ import annotations

from .plane import ControlPlane
from .registry import sealed_fields
from .sealing import Sealer
from .seed import START, seed
from .store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

__all__ = ["ControlPlane", "Store", "open_store", "seed"]


def open_store(path: str | os.PathLike[str], token: str) -> Store:
    """Open the file of a control plane.

    Args:
        path: The file, made if it is not there.
        token: The sandbox's token: what is secret in the file can be read with it only.
    """
    return Store(path, sealer=Sealer(token), sealed={**sealed_fields(), START: ("document",)})
