"""What the snapshots of the command's output show: records with values as they are in practice, long and wide ones among them."""

from __future__ import annotations

_RUN_IDS = [f"{n:08x}-7c1e-4b52-9d3a-2f60c8e1b94d" for n in (0x1A2B3C4D, 0x5E6F7A8B, 0x9CADBECF)]
_UUIDS = [f"{n:08x}-52fd-4f1c-8d2e-7b9c6a5e4d3f" for n in (0xA1B2C3D4, 0xE5F60718, 0x293A4B5C)]
_DAY = "2024-05-01T"


def _home(location, name="__repository__"):
    return {"name": name, "location": {"name": location}}


def _run(number, status, job, begun="06:00:00.250000Z", ended=None):
    return {
        "id": _RUN_IDS[number],
        "status": status,
        "job_name": job,
        "created_at": _DAY + begun,
        "ended_at": ended and _DAY + ended,
    }


def _asset(key, group, kinds, made):
    return {
        "id": key,
        "key": key,
        "last_materialized_at": made and _DAY + made,
        "definition": {"group_name": group, "kinds": kinds},
    }


def _grant(scope, role, deployment_id=None, locations=()):
    return {
        "scope": scope,
        "deployment_id": deployment_id,
        "role": role,
        "custom_role_id": None,
        "location_grants": [
            {"location": name, "role": role, "custom_role_id": None} for name, role in locations
        ],
    }


def _person(number, email, name, role):
    details = {"id": number, "email": email, "name": name}
    return {"id": str(number), "details": details, "licensed_role": role}


def _team(number, name, members, role=None):
    people = [
        {"id": n, "email": f"{who}@example.com", "display_name": who}
        for n, who in enumerate(members)
    ]
    return {
        "id": _UUIDS[number],
        "details": {"id": _UUIDS[number], "name": name, "members": people},
        "organization_grant": role and _grant("ORGANIZATION", role),
    }  # fmt: skip


def _policy(number, name, events, muted=None):
    return {
        "id": _UUIDS[number],
        "name": name,
        "enabled": number != 1,
        "muted_until": muted,
        "event_types": events,
    }


def _backfill(number, status, title, assets, partitions, job=None, ended=None):
    return {
        "id": f"hk3v8q{number}x",
        "status": status,
        "title": title,
        "job_name": job,
        "asset_selection": assets,
        "num_partitions": partitions,
        "created_at": _DAY + "04:00:00Z",
        "ended_at": ended and _DAY + ended,
    }


def _secret(number, name, locations):
    return {
        "id": _UUIDS[number],
        "name": name,
        "location_names": locations,
        "full_deployments": True,
        "all_branch_deployments": number > 0,
        "branch_deployment": None,
        "local": False,
        "updated_at": _DAY + "09:30:00Z",
    }


def _entry(number, action, who, deployment="prod", branch=None):
    return {
        "id": _UUIDS[number],
        "action": action,
        "timestamp": f"{_DAY}1{number}:15:00Z",
        "user_email": who,
        "deployment_name": deployment,
        "branch_deployment_name": branch,
    }


_ERROR = "dagster._core.errors.DagsterUserCodeLoadError: No module named 'pandas'"

#: By command: the records that it prints, several of a list.
SCREENS = {
    "run list": [
        _run(0, "SUCCESS", "daily_report", ended="06:04:10Z"),
        _run(1, "FAILURE", "warehouse_load_of_all_regions", "07:00:00Z", "07:00:31Z"),
        _run(2, "STARTED", "__ASSET_JOB", "08:15:00Z"),
    ],
    "asset list": [
        _asset("raw/orders", "ingestion", ["csv", "duckdb"], "05:00:12Z"),
        _asset("warehouse/marts/finance/monthly_recurring_revenue_by_region", "finance", ["dbt", "snowflake"], "05:20:00Z"),
        _asset("レポート/売上", "分析", ["tableau"], None),
        _asset("cafe\u0301/🚀launch", "marketing", [], "05:30:00Z"),
    ],
    "team list": [
        _team(0, "Finance", ["vic", "nia"], "ADMIN"),
        _team(1, "Data platform and developer experience", []),
    ],
    "user list": [
        _person(7, "vic@example.com", "Vic Ferrer", "ADMIN"),
        _person(12, "nia.with.a.rather.long.name@subsidiary.example.com", "Nia Østergård", "VIEWER"),
        _person(103, "tanaka@example.com", "田中 さくら", "EDITOR"),
    ],
    "alert-policy list": [
        _policy(0, "runs of finance fail", ["JOB_FAILURE", "JOB_LONG_RUNNING"]),
        _policy(1, "assets", ["ASSET_MATERIALIZATION_FAILED", "ASSET_CHECK_FAILED", "ASSET_OVERDUE"], _DAY + "12:00:00Z"),
    ],
    "code-location list": [
        {"id": "etl", "name": "etl", "load_status": "LOADED", "updated_at": _DAY + "05:00:00Z", "location_or_load_error": {"name": "etl"}},
        {"id": "ml", "name": "machine-learning-platform", "load_status": "LOADING", "updated_at": _DAY + "05:01:00Z", "location_or_load_error": {"message": _ERROR}},
    ],
    "deployment list": [
        {"id": 1, "name": "prod", "type": "PRODUCTION", "status": "ACTIVE", "agent_type": "HYBRID"},
        {"id": 27, "name": "staging", "type": "PRODUCTION", "status": "PENDING_DELETION", "agent_type": "SERVERLESS"},
    ],
    "backfill list": [
        _backfill(1, "COMPLETED_SUCCESS", "May, again", ["raw/orders", "sales"], 31, ended="04:40:00Z"),
        _backfill(2, "REQUESTED", "All of last year after the currency fix", None, 366, "daily_report"),
        _backfill(3, "COMPLETED_FAILED", None, ["sales"], 1, ended="04:41:00Z"),
    ],
    "secret list": [
        _secret(0, "SNOWFLAKE_PASSWORD", ["etl"]),
        _secret(1, "SLACK_TOKEN", []),
    ],
    "audit-log list": [
        _entry(0, "LOG_IN", "vic@example.com", None),
        _entry(1, "UPDATE_SUBSCRIPTION_PLAN", "nia.with.a.rather.long.name@subsidiary.example.com"),
        _entry(2, "CREATE_SECRET", "tanaka@example.com", branch="c0ffee0123456789abcdef"),
    ],
    "job list": [
        {"id": "x", "name": "daily_report", "description": "Reports of all shops.\nSent at seven.", "repository": _home("demo")},
        {"id": "y", "name": "train", "description": None, "repository": _home("machine-learning-platform", "models")},
    ],
    "run get": {
        **_run(1, "FAILURE", "daily_report", ended="06:04:10Z"),
        "started_at": _DAY + "06:00:03.500000Z",
        "pipeline_name": "daily_report",
        "mode": "default",
    },
    "team get": {
        **_team(0, "Finance", ["vic", "nia"], "VIEWER"),
        "deployment_grants": [
            _grant("DEPLOYMENT", "EDITOR", 1, [("etl", "ADMIN"), ("reports", "LAUNCHER")]),
            _grant("DEPLOYMENT", "VIEWER", 27),
        ],
        "all_branch_deployments_grant": _grant("ALL_BRANCH_DEPLOYMENTS", "EDITOR"),
        "branch_deployment_grants": [],
    },
    "code-location get": {
        "id": "ml",
        "name": "ml",
        "load_status": "LOADED",
        "updated_at": _DAY + "05:01:00Z",
        "metadata": [{"key": "image", "value": "registry.example.com/ml:5"}],
        "location_or_load_error": {"message": _ERROR, "stack": ["  File a.py\n", "  File b.py\n"]},
    },
    "secret get": {**_secret(0, "SNOWFLAKE_PASSWORD", ["etl"]), "updated_by": {"email": "vic@example.com"}},
}  # fmt: skip
