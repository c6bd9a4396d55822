"""Documents: every generated one is valid to the real server, and those that others wrote."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AsyncDagsterPlus, GraphQLRequestError, Operation, operations
from dagster_plus_sdk import TerminateRunPolicy as Policy

pytestmark = pytest.mark.anyio

NO_RUN = "00000000-0000-4000-8000-000000000000"
SELECTOR = {"repositoryLocationName": "demo", "repositoryName": "__repository__"}
SELECTION = {"metricName": "m", "after": 1.0, "before": 2.0, "granularity": "DAILY"}
COMPONENT = {"id": "a", "type": "a.B", "attributes": "{}"}
#: For each operation variables that a server takes, and that change nothing there.
VARIABLES = {
    "count_runs": {"filter": {"statuses": ["SUCCESS"]}},
    "delete_app_managed_component": {"location": "nope", "id": "a"},
    "delete_concurrency_limit": {"pool": "nope"},
    "delete_run": {"run_id": NO_RUN},
    "find_instigators": {},
    "find_jobs": {},
    "find_repositories": {},
    "find_runs": {"filter": {"tags": [{"key": "a", "value": "b"}]}, "limit": 1},
    "free_concurrency_slots": {"run_id": NO_RUN, "step_key": "a"},
    "free_concurrency_slots_for_run": {"run_id": NO_RUN},
    "get_asset": {"asset_key": {"path": ["orders"]}},
    "get_code_location": {"name": "demo"},
    "get_concurrency_limit": {"pool": "nope"},
    "get_instance": {},
    "get_job": {"params": {**SELECTOR, "pipelineName": "daily_report"}},
    "get_resource": {"resource_selector": {**SELECTOR, "resourceName": "order_book"}},
    "get_run": {"run_id": NO_RUN},
    "get_version": {},
    "launch_run": {"execution_params": {"selector": {**SELECTOR, "jobName": "nope"}}},
    "list_app_managed_components": {"location": "demo"},
    "list_assets": {"prefix": ["exports"], "cursor": None, "limit": 1},
    "list_code_location_defs_state": {"name": "demo"},
    "list_code_location_permissions": {"name": "demo"},
    "list_code_location_statuses": {},
    "list_code_locations": {},
    "list_component_types": {"location": "demo"},
    "list_components": {"location": "demo"},
    "list_concurrency_limits": {},
    "list_daemons": {},
    "list_defs_state": {},
    "list_env_vars": {"repository_selector": SELECTOR},
    "list_jobs": {"repository_selector": SELECTOR},
    "list_permissions": {},
    "list_repository_resources": {"repository_selector": SELECTOR},
    "list_resources": {"repository_selector": SELECTOR},
    "list_run_events": {"run_id": NO_RUN, "after_cursor": None, "limit": 1},
    "list_runs": {"filter": {"runIds": [NO_RUN]}, "cursor": NO_RUN, "limit": 1, "with_total": True},
    "poll_run_events": {"run_id": NO_RUN, "after_cursor": None, "limit": 1},
    "refresh_component_state": {"location": "nope", "defs_state_key": "a"},
    "reload_code_location": {"name": "nope"},
    "reload_workspace": {},
    "set_app_managed_component": {"location": "nope", **COMPONENT},
    "set_auto_materialize_paused": {"paused": False},
    "set_concurrency_limit": {"pool": "spare", "limit": 1},
    "shutdown_code_location": {"name": "nope"},
    "terminate_run": {"run_id": NO_RUN, "terminate_policy": Policy.SAFE_TERMINATE},
}

#: A grant that no server gives.
GRANT = {"deploymentScope": "ORGANIZATION", "grant": "ADMIN"}
ROLE = {"name": "a", "description": "a", "icon": "globe", "permissions": ["EDIT_ALERTS"]}

#: What only Dagster+ has.
PLUS = {
    "add_code_location": {"location": {"name": "a"}},
    "add_code_location_from_document": {"document": {"location_name": "a"}},
    "add_team_member": {"team_id": "a", "user_id": 1},
    "add_user": {"email": "a@example.com"},
    "create_agent_token": {},
    "create_api_token": {"type": "SCIM"},
    "create_custom_metric": {"custom_metric_input": {"metadataKey": "rows"}},
    "create_custom_role": {**ROLE, "scope": "DEPLOYMENT"},
    "create_metrics": {"metrics": []},
    "create_service_token": {"service_user_id": "a"},
    "create_service_user": {"name": "a"},
    "create_team": {"name": "a"},
    "create_user_token": {},
    "delete_alert_policy": {"name": "late"},
    "delete_code_location": {"name": "nope"},
    "delete_custom_metric": {"id": "7"},
    "delete_custom_role": {"id": "a"},
    "delete_service_user": {"id": "a"},
    "delete_team": {"team_id": "a"},
    "deploy_code_locations": {"document": {"locations": []}},
    "execute_anomaly_detection": {"model_version": "1", "params": {}},
    "find_alert_policies": {},
    "find_users": {},
    "get_agent_token": {"token_id": 1},
    "get_alert_policies_document": {},
    "get_alert_policies_schema": {},
    "get_alert_policy": {"id": "7"},
    "get_branch_deployment_metrics": {"metrics_selector": SELECTION},
    "get_code_locations_document": {},
    "get_code_server_metrics": {"location": "demo", "from_time": 1.0, "to_time": 2.0},
    "get_compute_minutes": {"granularity": "DAY"},
    "get_compute_minutes_by_job": {"start": 1.0},
    "get_credits": {"granularity": "DAY"},
    "get_credits_by_job": {"start": 1.0},
    "get_current_deployment": {},
    "get_custom_metrics_limits": {},
    "get_custom_role": {"id": "a"},
    "get_customer_info": {},
    "get_default_timezone": {},
    "get_deployment": {"name": "prod"},
    "get_deployment_settings_schema": {},
    "get_enterprise_contract": {},
    "get_high_velocity_credits": {"granularity": "DAY"},
    "get_high_velocity_credits_by_job": {"start": 1.0},
    "get_insights_metadata": {},
    "get_insights_settings": {},
    "get_location_schema": {},
    "get_materialization_metrics": {
        "asset_key": {"assetKey": {"path": ["a"]}},
        "metrics_selector": {"metricName": "m"},
    },
    "get_metrics_by_asset": {"metrics_selector": SELECTION},
    "get_metrics_by_asset_group": {"metrics_selector": SELECTION},
    "get_metrics_by_asset_selection": {
        "metrics_filter": {"assetSelection": "*"},
        "metrics_selector": SELECTION,
    },
    "get_metrics_by_deployment": {"metrics_selector": SELECTION},
    "get_metrics_by_job": {"metrics_selector": SELECTION},
    "get_organization": {},
    "get_organization_settings_schema": {},
    "get_run_container_metrics": {"run_id": NO_RUN},
    "get_run_metrics": {
        "job": {"jobName": "daily_report"},
        "metrics_selector": {"metricName": "m"},
    },
    "get_service_user": {"id": "a"},
    "get_standard_credits": {"granularity": "DAY"},
    "get_standard_credits_by_job": {"start": 1.0},
    "get_step_duration": {"granularity": "DAY"},
    "get_step_duration_by_job": {"start": 1.0},
    "get_viewer": {},
    "get_workspace_schema": {},
    "list_agent_tokens": {},
    "list_alert_notifications": {"policy_id": "7", "limit": 1},
    "list_alert_policies": {},
    "list_alert_policies_for_asset": {"asset_key": {"path": ["orders"]}},
    "list_alert_policies_for_code_location": {"location": "demo"},
    "list_alert_policies_for_job": {"name": "a", "repository": "b", "location": "c"},
    "list_alert_policies_for_schedule": {"name": "a", "repository": "b", "location": "c"},
    "list_alert_policies_for_sensor": {"name": "a", "repository": "b", "location": "c"},
    "list_api_tokens": {"type": "SCIM"},
    "list_asset_group_metric_types": {},
    "list_asset_metric_types": {},
    "list_audit_log": {"filters": {"afterDatetime": 0}, "limit": 1},
    "list_custom_metrics": {},
    "list_custom_roles": {},
    "list_deployment_metric_types": {},
    "list_deployments": {},
    "list_enterprise_expansions": {},
    "list_insights_kpis": {"metrics_filters": [], "metrics_selectors": [SELECTION]},
    "list_invoices": {},
    "list_job_metric_types": {},
    "list_metric_types_of_asset": {"timeframe": {}},
    "list_metric_types_of_job": {"timeframe": {}},
    "list_metrics_time_ranges": {},
    "list_queryable_metrics": {},
    "list_run_notifications": {"run_id": NO_RUN},
    "list_service_tokens": {"service_user_id": "a"},
    "list_service_users": {},
    "list_teams": {},
    "list_user_tokens": {"user_id": 1},
    "list_users": {},
    "list_webhook_template_tokens": {"event_types": ["JOB_FAILURE"]},
    "mute_alert_policy": {"id": "7", "seconds": None},
    "reconcile_alert_policies": {"document": {"alert_policies": []}},
    "remove_agent_token_grant": {"grant": {"deploymentScope": "ORGANIZATION", "agentTokenId": 1}},
    "remove_service_user_grant": {
        "grant": {"deploymentScope": "ORGANIZATION", "serviceUserId": "a"}
    },
    "remove_team_grant": {"team_id": "a", "deployment_scope": "ORGANIZATION"},
    "remove_team_member": {"team_id": "a", "user_id": 1},
    "remove_user": {"email": "a@example.com"},
    "remove_user_grant": {"grant": {"deploymentScope": "ORGANIZATION", "email": "a@example.com"}},
    "rename_team": {"team_id": "a", "name": "b"},
    "reveal_agent_token": {"token_id": 1},
    "reveal_api_tokens": {"type": "SCIM"},
    "reveal_user_tokens": {"user_id": 1},
    "revoke_agent_token": {"token_id": 1},
    "revoke_api_token": {"token_id": "a", "type": "SCIM"},
    "revoke_service_token": {"token_id": "a"},
    "revoke_user_token": {"user_id": 1, "token_id": 1},
    "send_sample_notification": {"document": {}},
    "set_agent_token_grant": {"grant": {**GRANT, "grant": "AGENT", "agentTokenId": 1}},
    "set_alert_policy": {"document": {}},
    "set_cost_multiplier": {"metric_name": "m"},
    "set_insights_metadata_keys": {"metadata_keys": []},
    "set_service_user_grant": {"grant": {**GRANT, "serviceUserId": "a"}},
    "set_team_grant": {"team_id": "a", "deployment_scope": "ORGANIZATION", "grant": "ADMIN"},
    "set_user_grant": {"grant": {**GRANT, "email": "a@example.com"}},
    "submit_costs": {"metric_name": "m", "start": 1.0, "end": 2.0},
    "update_agent_token": {"token_id": 1},
    "update_api_token": {"token_id": "a", "type": "SCIM"},
    "update_custom_metric": {"id": "7", "changes": {}},
    "update_custom_role": {**ROLE, "id": "a"},
    "update_metric_customizations": {"customizations": []},
    "update_service_token": {"service_user_id": "a", "token_id": "a"},
    "update_service_user": {"id": "a"},
    "update_user_token": {"user_id": 1, "token_id": 1},
    "validate_webhook_template": {"body_template": "", "event_types": []},
    "list_code_location_entries": {},
    "list_code_location_loads": {"name": "demo", "limit": 1},
    "ping_code_location": {"name": "nope"},
    "reconcile_code_locations": {"locations": []},
    "reconcile_code_locations_from_document": {"document": {"locations": []}},
    "refresh_defs_state": {"name": "nope"},
    "search_assets": {"query": "a", "limit": 1},
    "search_field_values": {"field": None, "field_value_query": "a"},
    "set_code_location": {"location": {"name": "a"}},
    "set_code_location_from_document": {"document": {"location_name": "a"}},
    "set_defs_state_version": {"key": "a", "version": None},
    "update_code_location": {"location": {"name": "a"}},
    "update_code_location_from_document": {"document": {"location_name": "a"}},
}


@pytest.mark.parametrize("name", PLUS)
async def test_what_only_dagster_plus_has_is_named(client, name):
    with pytest.raises(GraphQLRequestError, match="Cannot query field"):
        await client.execute(getattr(operations, name)(**PLUS[name]))


@pytest.mark.parametrize("name", sorted({*operations.__all__} - {*PLUS}))
async def test_every_operation_is_valid_to_the_server(client, name):
    operation = getattr(operations, name)(**VARIABLES[name])
    result = await client.execute(operation)
    assert type(result).__name__ == operation.name


async def test_an_invalid_operation_is_refused(client):
    good = operations.get_run(run_id=NO_RUN)
    text = good.document.replace("jobName", "jobNameOfOld")
    bad = Operation(good.name, good.kind, text, (), good.variables, good.module)
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'jobNameOfOld'"):
        await client.execute(bad)
    without = Operation(good.name, good.kind, good.document, (), {}, good.module)
    with pytest.raises(GraphQLRequestError, match="runId"):
        await client.execute(without)


async def test_graphql(client):
    data = await client.graphql("{ version }")
    assert data["version"].count(".") >= 2
    document = "query A($id: ID!) { runOrError(runId: $id) { __typename } } query B { version }"
    chosen = await client.graphql(document, {"id": NO_RUN}, operation_name="A")
    assert chosen == {"runOrError": {"__typename": "RunNotFoundError"}}


async def test_graphql_errors(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'nope'") as caught:
        await client.graphql("{ nope }")
    assert caught.value.status_code == 400
    assert caught.value.errors[0]["message"] in caught.value.message


async def test_below_a_path(org_url, org_client):
    assert org_url.endswith("/org")
    assert org_client.settings.url == f"{org_url}/graphql"
    assert await org_client.graphql("{ __typename }") == {"__typename": "Query"}
    async with AsyncDagsterPlus(url=f"{org_url}/graphql") as same:
        assert await same.graphql("{ __typename }") == {"__typename": "Query"}
