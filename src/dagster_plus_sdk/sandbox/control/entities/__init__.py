"""The entities: a module per noun, each with its kind, its queries, its mutations and its seeds."""

from __future__ import annotations

from . import (
    branch_deployments,
    catalog_views,
    deployment_settings,
    deployments,
    favorites,
    feature_gates,
    grants,
    issues,
    onboarding,
    organization,
    organization_settings,
    pins,
    usage,
    user_tokens,
    users,
)

#: Each writes itself into the registry. Seeds are planted in this order.
MODULES = (
    organization,
    feature_gates,
    organization_settings,
    deployments,
    deployment_settings,
    branch_deployments,
    usage,
    grants,
    users,
    user_tokens,
    catalog_views,
    pins,
    favorites,
    issues,
    onboarding,
)
