"""The entities: a module per noun, each with its kind, its queries, its mutations and its seeds."""

from __future__ import annotations

from . import agents, audit_log, container_metrics, issues, onboarding, secrets, serverless, web
from .alerts import notifications as alert_notifications
from .alerts import policies as alert_policies
from .catalog import catalog_views, definitions, favorites, pins, search
from .deployments import branches as branch_deployments
from .deployments import deployments
from .deployments import settings as deployment_settings
from .insights import custom as custom_metrics
from .insights import deployments as deployment_metrics
from .insights import facts
from .insights import reporting as insights
from .insights import runs as run_metrics
from .insights import selections as metric_selections
from .insights import types as metric_types
from .insights import usage as usage_metrics
from .integrations import configs as connection_configs
from .integrations import connections, git, git_setup, repositories
from .integrations import services as integrations
from .integrations import syncs as connection_syncs
from .locations import asset_history, workspace
from .locations import documents as code_locations
from .locations import loads as location_loads
from .organization import billing as usage
from .organization import gates as feature_gates
from .organization import organization
from .organization import settings as organization_settings
from .people import custom_roles, grants, service_users, teams, users
from .tokens import agent as agent_tokens
from .tokens import api as api_tokens
from .tokens import kinds as tokens
from .tokens import service as service_tokens
from .tokens import user as user_tokens

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
    facts,
    definitions,
    insights,
    metric_selections,
    deployment_metrics,
    metric_types,
    run_metrics,
    custom_metrics,
    usage_metrics,
    search,
    integrations,
    connection_configs,
    connection_syncs,
    connections,
    repositories,
    git_setup,
    git,
    web,
)
