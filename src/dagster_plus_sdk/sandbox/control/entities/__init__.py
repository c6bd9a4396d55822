"""The entities: a module per noun, each with its kind, its queries, its mutations and its seeds."""

from __future__ import annotations

from . import (
    catalog_views,
    deployments,
    favorites,
    grants,
    issues,
    onboarding,
    organization,
    pins,
    user_tokens,
    users,
)

#: Each writes itself into the registry. Seeds are planted in this order.
MODULES = (
    organization,
    deployments,
    grants,
    users,
    user_tokens,
    catalog_views,
    pins,
    favorites,
    issues,
    onboarding,
)
