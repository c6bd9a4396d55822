"""Every generated document is valid to the real server: what both kinds of clients send."""

from __future__ import annotations

import ast
import re

import pytest
from graphql import (
    FieldsOnCorrectTypeRule,
    build_client_schema,
    get_introspection_query,
    parse,
    validate,
)
from kit.answers_variables import build
from kit.facade import RESOURCES, methods_in

from dagster_plus_sdk import DagsterPlus, GraphQLRequestError, operations
from dagster_plus_sdk import TerminateRunPolicy as Policy

NO_RUN = "00000000-0000-4000-8000-000000000000"
SELECTOR = {"repositoryLocationName": "demo", "repositoryName": "__repository__"}
COMPONENT = {"id": "a", "type": "a.B", "attributes": "{}"}
JOB = {**SELECTOR, "pipelineName": "daily_report"}
UNKNOWN = r"Cannot query field '\w+' on type '(Query|Mutation|Subscription)'"
LOG_KEY = [NO_RUN, "compute_logs", "a"]
#: What a server answers only where there is an evaluation; tested with the assets.
EVALUATED = ["get_partition_evaluation", "list_evaluation_partitions"]

#: For each operation variables that a server takes, and that change nothing there.
VARIABLES = {
    "add_dynamic_partition": {
        "repository_selector": SELECTOR,
        "partitions_def_name": "nope",
        "partition_key": "x",
    },
    "cancel_backfill": {"backfill_id": "nope"},
    "count_runs": {"filter": {"statuses": ["SUCCESS"]}},
    "count_runs_feed": {"view": "ROOTS", "filter": {}},
    "delete_app_managed_component": {"location": "nope", "id": "a"},
    "delete_concurrency_limit": {"pool": "nope"},
    "delete_dynamic_partitions": {
        "repository_selector": SELECTOR,
        "partitions_def_name": "nope",
        "partition_keys": ["x"],
        "wipe_materializations": False,
    },
    "delete_run": {"run_id": NO_RUN},
    "discover": {},
    "find_assets": {"asset_keys": [{"path": ["orders"]}]},
    "find_backfills": {"filter": {"tags": [{"key": "a", "value": "b"}]}, "limit": 1},
    "find_dynamic_partitions": {},
    "find_jobs": {},
    "find_partition_sets": {"repository_selector": SELECTOR},
    "find_repositories": {},
    "find_runs": {"filter": {"tags": [{"key": "a", "value": "b"}]}, "limit": 1},
    "find_schedules": {},
    "find_sensors": {},
    "free_concurrency_slots": {"run_id": NO_RUN, "step_key": "a"},
    "free_concurrency_slots_for_run": {"run_id": NO_RUN},
    "get_asset": {"asset_key": {"path": ["orders"]}},
    "get_asset_check": {"asset_key": {"path": ["orders"]}, "check_name": "nope"},
    "get_asset_definition": {"asset_key": {"path": ["orders"]}},
    "get_asset_partition_keys": {"asset_key": {"path": ["orders"]}},
    "get_backfill_progress": {"backfill_id": "nope"},
    "get_backfill": {"backfill_id": "nope"},
    "get_bulk_terminate_permission": {},
    "get_captured_logs": {"log_key": LOG_KEY, "cursor": None, "limit": 1},
    "get_captured_logs_links": {"log_key": LOG_KEY},
    "get_code_location": {"name": "demo"},
    "get_concurrency_limit": {"pool": "nope"},
    "get_execution_plan": {"pipeline": JOB, "run_config_data": {}},
    "get_graph": {"selector": {**SELECTOR, "graphName": "daily_report"}},
    "get_instance": {},
    "get_instigation_state": {"selector": {**SELECTOR, "name": "every_morning"}},
    "get_job": {"params": JOB},
    "get_job_snapshot": {"active_pipeline_selector": JOB},
    "get_partition_set": {
        "repository_selector": SELECTOR,
        "partition_set_name": "daily_orders_partition_set",
    },
    "get_partition_status": {"asset_key": {"path": ["orders"]}},
    "get_repository": {"repository_selector": SELECTOR},
    "get_resource": {"resource_selector": {**SELECTOR, "resourceName": "order_book"}},
    "get_run": {"run_id": NO_RUN},
    "get_run_config_schema": {"selector": JOB},
    "get_run_group": {"run_id": NO_RUN},
    "get_run_state": {"run_id": NO_RUN},
    "get_schedule": {"schedule_selector": {**SELECTOR, "scheduleName": "every_morning"}},
    "get_scheduler": {},
    "get_sensor": {"sensor_selector": {**SELECTOR, "sensorName": "new_campaigns"}},
    "get_version": {},
    "launch_backfill": {"backfill_params": {"assetSelection": [{"path": ["nope"]}]}},
    "launch_run": {"execution_params": {"selector": {**SELECTOR, "jobName": "nope"}}},
    "launch_runs": {"execution_params_list": [{"selector": {**SELECTOR, "jobName": "nope"}}]},
    "list_app_managed_components": {"location": "demo"},
    "list_asset_check_executions": {
        "asset_key": {"path": ["orders"]},
        "check_name": "nope",
        "partition": "",
        "cursor": None,
        "limit": 1,
    },
    "list_asset_checks": {"asset_keys": [{"path": ["customers"]}]},
    "list_asset_collisions": {"asset_keys": [{"path": ["orders"]}]},
    "list_asset_definitions": {"asset_keys": [{"path": ["orders"]}]},
    "list_asset_evaluations": {"asset_key": {"path": ["orders"]}, "cursor": None, "limit": 1},
    "list_asset_events": {
        "asset_key": {"path": ["orders"]},
        "types": ["MATERIALIZATION", "OBSERVATION", "FAILED_TO_MATERIALIZE"],
        "partitions": ["2024-01-01"],
        "after": "1",
        "before": "2",
        "cursor": None,
        "limit": 1,
    },
    "list_asset_health": {"asset_keys": [{"path": ["orders"]}]},
    "list_asset_lineage": {},
    "list_asset_partition_keys": {"asset_key": {"path": ["orders"]}, "cursor": None, "limit": 1},
    "list_asset_partitions": {"asset_key": {"path": ["shop_visits"]}},
    "list_asset_records": {"prefix": ["exports"], "cursor": None, "limit": 1},
    "list_asset_statuses": {"asset_keys": [{"path": ["orders"]}]},
    "list_assets": {"prefix": ["exports"], "cursor": None, "limit": 1},
    "list_auto_materialize_evaluations": {
        "asset_key": {"path": ["orders"]},
        "cursor": None,
        "limit": 1,
    },
    "list_auto_materialize_evaluations_by_id": {"evaluation_id": "1"},
    "list_backfills": {"filters": {"statuses": ["FAILED"]}, "cursor": None, "limit": 1},
    "list_captured_logs": {"run_id": NO_RUN, "after_cursor": None, "limit": 1},
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
    "list_evaluation_ticks": {
        "statuses": ["SUCCESS"],
        "after": 1,
        "before": 2,
        "cursor": "1:1.0",
        "limit": 1,
    },
    "list_evaluations_by_id": {"evaluation_id": "0"},
    "list_instigation_states": {"repository_id": "nope::nope"},
    "list_job_partition_keys": {
        "params": {**SELECTOR, "pipelineName": "daily_orders"},
        "reverse": True,
        "cursor": None,
        "limit": 1,
    },
    "list_job_partitions": {"params": JOB, "cursor": None, "limit": 1, "selected_asset_keys": None},
    "list_job_resources": {"pipeline_selector": JOB},
    "list_jobs": {"repository_selector": SELECTOR},
    "list_partition_sets": {"repository_selector": SELECTOR, "pipeline_name": "daily_orders"},
    "list_permissions": {},
    "list_repository_resources": {"repository_selector": SELECTOR},
    "list_repository_schedules": {"repository_selector": SELECTOR, "schedule_status": "RUNNING"},
    "list_repository_sensors": {"repository_selector": SELECTOR, "sensor_status": "RUNNING"},
    "list_required_asset_keys": {"asset_keys": [{"path": ["returns"]}]},
    "list_resources": {"repository_selector": SELECTOR},
    "list_run_events": {"run_id": NO_RUN, "after_cursor": None, "limit": 1},
    "list_run_ids": {"filter": {}, "cursor": NO_RUN, "limit": 1},
    "list_run_tag_keys": {},
    "list_run_tags": {"tag_keys": ["team"], "value_prefix": "s", "limit": 1},
    "list_runs": {"filter": {"runIds": [NO_RUN]}, "cursor": NO_RUN, "limit": 1, "with_total": True},
    "list_runs_feed": {"view": "RUNS", "filter": {}, "cursor": None, "limit": 1},
    "list_schedules": {"repository_selector": SELECTOR},
    "list_sensors": {"repository_selector": SELECTOR, "sensor_type": "ASSET"},
    "list_ticks": {
        "selector": {**SELECTOR, "name": "new_campaigns"},
        "after": 1.0,
        "before": 2.0,
        "limit": 1,
        "statuses": ["SUCCESS"],
    },
    "poll_backfill": {"backfill_id": "nope"},
    "poll_captured_logs": {"run_id": NO_RUN, "after_cursor": None, "limit": 1},
    "poll_run_events": {"run_id": NO_RUN, "after_cursor": None, "limit": 1},
    "preview_backfill": {
        "params": {"assetSelection": [{"path": ["orders"]}], "partitionNames": ["2024-01-01"]}
    },
    "preview_schedule_tick": {
        "schedule_selector": {**SELECTOR, "scheduleName": "every_morning"},
        "timestamp": 1700000000.0,
    },
    "preview_sensor_tick": {
        "sensor_selector": {**SELECTOR, "sensorName": "new_campaigns"},
        "cursor": "9",
    },
    "reexecute_backfill": {
        "reexecution_params": {"parentRunId": "nope", "strategy": "FROM_FAILURE"}
    },
    "reexecute_run": {"reexecution_params": {"parentRunId": NO_RUN, "strategy": "ALL_STEPS"}},
    "refresh_component_state": {"location": "nope", "defs_state_key": "a"},
    "reload_code_location": {"name": "nope"},
    "reload_workspace": {},
    "report_asset_check": {
        "event_params": {"assetKey": {"path": ["ghost"]}, "checkName": "x", "passed": True}
    },
    "report_asset_events": {
        "event_params": {
            "assetKey": {"path": ["ghost"]},
            "eventType": "ASSET_MATERIALIZATION",
            "partitionKeys": [],
        }
    },
    "reset_schedule": {"schedule_selector": {**SELECTOR, "scheduleName": "nope"}},
    "reset_sensor": {"sensor_selector": {**SELECTOR, "sensorName": "nope"}},
    "resume_backfill": {"backfill_id": "nope"},
    "set_app_managed_component": {"location": "nope", **COMPONENT},
    "set_auto_materialize_paused": {"paused": False},
    "set_concurrency_limit": {"pool": "spare", "limit": 1},
    "set_sensor_cursor": {"sensor_selector": {**SELECTOR, "sensorName": "nope"}, "cursor": "1"},
    "shutdown_code_location": {"name": "nope"},
    "start_schedule": {"schedule_selector": {**SELECTOR, "scheduleName": "nope"}},
    "start_sensor": {"sensor_selector": {**SELECTOR, "sensorName": "nope"}},
    "stop_schedule": {"id": "nope::nope"},
    "stop_sensor": {"id": "nope::nope"},
    "terminate_run": {"run_id": NO_RUN, "terminate_policy": Policy.SAFE_TERMINATE},
    "terminate_runs": {"run_ids": [NO_RUN], "terminate_policy": Policy.SAFE_TERMINATE},
    "validate_run_config": {"pipeline": JOB, "run_config_data": {}},
    "wipe_assets": {"asset_partition_ranges": []},
}

#: Subscriptions that open-source servers have: they are not answered over http.
SUBSCRIPTIONS = [
    "follow_captured_log_events",
    "follow_captured_logs",
    "follow_location_events",
    "follow_run_events",
]

#: What only Dagster+ has.
PLUS = sorted({*operations.__all__} - {*VARIABLES, *EVALUATED, *SUBSCRIPTIONS})


@pytest.fixture(scope="module")
def client(dagster_url):
    with DagsterPlus(url=dagster_url) as client:
        yield client


@pytest.fixture(scope="module")
def schema(client):
    """What the server says that it has."""
    return build_client_schema(client.graphql(get_introspection_query()))


@pytest.mark.parametrize("name", PLUS)
def test_what_only_dagster_plus_has_is_not_there(schema, name):
    errors = validate(schema, parse(build(name).document), [FieldsOnCorrectTypeRule])
    assert [error for error in errors if re.search(UNKNOWN, error.message)]


@pytest.mark.parametrize("name", PLUS[::20])
def test_what_only_dagster_plus_has_is_named(client, name):
    with pytest.raises(GraphQLRequestError, match=UNKNOWN):
        client.execute(build(name))


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_operation_is_valid_to_the_server(client, name):
    operation = getattr(operations, name)(**VARIABLES[name])
    result = client.execute(operation)
    assert type(result).__name__ == operation.name


def test_every_subscription_is_valid_to_the_server(schema):
    for name in SUBSCRIPTIONS:
        operation = build(name)
        assert operation.kind == "subscription"
        assert validate(schema, parse(operation.document)) == []


def test_docstrings_say_what_needs_dagster_plus(schema):
    known = {*schema.query_type.fields, *schema.mutation_type.fields}
    wrong = []
    for path in sorted(RESOURCES.glob("[!_]*.py")):
        needing = {method.where: needs_plus(method, known) for method in methods_in(path)}
        node = next(node for node in ast.parse(path.read_text()).body if is_class(node))
        if all(needing.values()) != ("(Dagster+)" in ast.get_docstring(node).splitlines()[0]):
            wrong.append(path.stem)
        if not all(needing.values()):
            wrong.extend(
                method.where
                for method in methods_in(path)
                if needing[method.where] and "Dagster+" not in ast.get_docstring(method.node)
            )
    assert wrong == []


def needs_plus(method, known):
    """Whether a method asks for root fields that open-source Dagster has not, or sends no GraphQL."""
    fields = {name.split()[0] for name in method.mentions("GraphQL")}
    return not fields <= known or bool(method.mentions("REST"))


def is_class(node):
    return isinstance(node, ast.ClassDef) and not node.name.startswith("_")
