"""What can happen to an asset, as one type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._generated.models.asset_failure import AssetFailure
from .._generated.models.asset_materialization import AssetMaterialization
from .._generated.models.asset_observation import AssetObservation
from .models import Unknown

if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["AssetEvent"]

#: An event of an asset's history; an ``Unknown`` is of a type newer than this version.
AssetEvent: TypeAlias = AssetMaterialization | AssetObservation | AssetFailure | Unknown
