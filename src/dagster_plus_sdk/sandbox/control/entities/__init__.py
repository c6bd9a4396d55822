"""The entities: a module per noun, each with its kind, its queries, its mutations and its seeds."""

from __future__ import annotations

from . import agents, audit_log, container_metrics, issues, onboarding, secrets, serverless, web
from .alerts import alert_notifications, alert_policies
from .catalog import catalog_views, definitions, favorites, pins, search
from .deployments import branch_deployments, deployment_settings, deployments
from .insights import (
    custom_metrics,
    deployment_metrics,
    insights,
    metric_selections,
    metric_types,
    run_facts,
    run_metrics,
    usage_metrics,
)
from .integrations import (
    connection_configs,
    connection_syncs,
    connections,
    git,
    git_setup,
    repositories,
    slack_and_atlan,
)
from .locations import asset_history, code_locations, location_loads, workspace
from .organization import billing, feature_gates, identity, organization, organization_settings
from .people import custom_roles, grants, service_users, teams, users
from .tokens import agent_tokens, api_tokens, service_tokens, tokens, user_tokens

#: Each writes itself into the registry. Seeds are planted in this order.
MODULES = (
    organization,
    identity,
    feature_gates,
    organization_settings,
    deployments,
    deployment_settings,
    branch_deployments,
    billing,
    grants,
    custom_roles,
    users,
    teams,
    service_users,
    tokens,
    user_tokens,
    location_loads,
    code_locations,
    workspace,
    asset_history,
    serverless,
    container_metrics,
    catalog_views,
    pins,
    favorites,
    issues,
    onboarding,
    agent_tokens,
    api_tokens,
    service_tokens,
    secrets,
    agents,
    audit_log,
    alert_policies,
    alert_notifications,
    run_facts,
    definitions,
    insights,
    metric_selections,
    deployment_metrics,
    metric_types,
    run_metrics,
    custom_metrics,
    usage_metrics,
    search,
    slack_and_atlan,
    connection_configs,
    connection_syncs,
    connections,
    repositories,
    git_setup,
    git,
    web,
)
