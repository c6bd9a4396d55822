"""The entities: a module per noun, each with its kind, its queries, its mutations and its seeds."""

from __future__ import annotations

from . import deployments, grants, organization, user_tokens, users

#: Each writes itself into the registry. Seeds are planted in this order.
MODULES = (
    organization,
    deployments,
    grants,
    users,
    user_tokens,
)
