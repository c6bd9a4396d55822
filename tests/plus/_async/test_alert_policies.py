from __future__ import annotations

import http.server
import json
import threading

import pytest

from dagster_plus_sdk import (
    ConflictError,
    InvalidInputError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
)
from dagster_plus_sdk._generated import operations

pytestmark = pytest.mark.anyio

START = [
    "Failed reports",
    "[Dagster Plus] Credit limit exceeded",
    "[Dagster Plus] Run longer than 24 hours",
]
SYNCED = """
alert_policies:
  - name: failures
    enabled: true
    event_types: [JOB_FAILURE]
    notification_service:
      email: {email_addresses: [ada@example.com]}
"""
EMAIL = {"email": {"email_addresses": ["ada@example.com"]}}
WEBHOOK = {
    "webhook": {
        "webhook_url": "https://example.com/secret-path",
        "headers": {"Authorization": "secret-header"},
    }
}


def document(name="failures", events=("JOB_FAILURE",), target=None, **changes):
    base = {
        "name": name,
        "enabled": True,
        "event_types": [*events],
        "notification_service": EMAIL,
    }
    if target is not None:
        base["alert_targets"] = [target]
    return base | changes


async def send(client, operation):
    return (await client.execute(operation)).ok


async def names(client):
    return [policy.name async for policy in client.alert_policies.list()]


async def test_created_read_changed_and_deleted(client):
    assert await names(client) == START
    made = await client.alert_policies.create(document(description="Tells."))
    assert (made.description, made.enabled, made.muted_until) == ("Tells.", True, None)
    assert made.notification_service.email_addresses == ["ada@example.com"]

    changed = await client.alert_policies.update(document(enabled=False))
    assert (changed.id, changed.enabled, changed.description) == (made.id, False, "")
    assert await client.alert_policies.get(made.id) == changed
    assert await client.alert_policies.get("failures") == changed
    with pytest.raises(ConflictError):
        await client.alert_policies.create(document())

    await client.alert_policies.delete("failures")
    assert await names(client) == START
    with pytest.raises(NotFoundError):
        await client.alert_policies.get(made.id)


async def test_the_shortest_document(client):
    (made,) = await client.alert_policies.sync(SYNCED)
    assert (made.name, [*made.event_types], made.targets) == ("failures", ["JOB_FAILURE"], [])
    plan = await client.alert_policies.plan(SYNCED)
    assert (plan.created, plan.updated, plan.unchanged) == ([], [], ["failures"])


async def test_what_is_synced_is_managed_by_the_document(client):
    await client.alert_policies.create(document("by hand"))
    adopted = await client.alert_policies.create(document())
    (synced,) = await client.alert_policies.sync(SYNCED)
    assert synced.id == adopted.id

    with pytest.raises(ConflictError):
        await client.alert_policies.update(document())
    with pytest.raises(ConflictError):
        await client.alert_policies.delete("failures")
    assert (await client.alert_policies.mute("failures", for_seconds=60)).muted_until
    await client.alert_policies.test(name="failures")

    await client.alert_policies.sync({"alert_policies": []})
    assert await names(client) == sorted([*START, "by hand"])


async def test_of_old_a_document_replaced_all(client, plus):
    plus.switches(alert_policy_reconciliation="all")
    await client.alert_policies.create(document("by hand"))
    await client.alert_policies.sync(SYNCED)
    assert await names(client) == ["failures"]


async def test_an_export_can_be_synced(client):
    await client.alert_policies.create(document(notification_service=WEBHOOK))
    exported = await client.alert_policies.export()
    assert [policy["name"] for policy in exported["alert_policies"]][-1] == "failures"
    assert exported["alert_policies"][-1]["notification_service"] == WEBHOOK

    await client.alert_policies.sync(exported)
    assert await client.alert_policies.export() == exported


async def test_a_bare_list_is_refused(client):
    operation = operations.reconcile_alert_policies(document=[document()])
    with pytest.raises(InvalidRequestError) as caught:
        await send(client, operation)
    assert "must be dict" in str(caught.value)
    assert await names(client) == START


@pytest.mark.parametrize("choice", ["error", "success"])
async def test_deleting_what_is_not_there(client, plus, choice):
    plus.switches(missing_alert_policy_deletion=choice)
    operation = operations.delete_alert_policy(name="gone")
    if choice == "success":
        assert (await send(client, operation)).alert_policy_name == "gone"
    else:
        with pytest.raises(ServerError, match="gone"):
            await send(client, operation)


async def test_each_deployment_has_its_own(connect):
    here, there = connect(), connect(deployment="staging")
    made = await here.alert_policies.create(document())
    assert await names(there) == START[1:]
    assert await send(there, operations.get_alert_policy(id=made.id)) is None
    await there.alert_policies.delete(START[1])
    assert await names(there) == START[2:]
    assert START[1] in await names(here)


async def test_a_mute_ends_by_the_clock(client, plus):
    muted = await client.alert_policies.mute(START[0], for_seconds=3600)
    assert (await client.alert_policies.unmute(START[0])).muted_until is None
    plus.advance_clock(7200)
    later = await client.alert_policies.mute(START[0], for_seconds=3600)
    assert 7190 < (later.muted_until - muted.muted_until).total_seconds() < 7260
    with pytest.raises(ServerError, match="nobody"):
        await send(client, operations.mute_alert_policy(id="nobody", seconds=1))


@pytest.mark.parametrize("role", ["launcher", "viewer"])
async def test_who_may_not(connect, role):
    client = connect(role)
    assert await names(client) == START
    policy = await client.alert_policies.get(START[0])
    for refused in (
        operations.set_alert_policy(document=document()),
        operations.reconcile_alert_policies(document={"alert_policies": []}),
        operations.delete_alert_policy(name=START[0]),
        operations.mute_alert_policy(id=policy.id, seconds=1),
        operations.send_sample_notification(document=document()),
    ):
        with pytest.raises(PermissionDeniedError):
            await send(client, refused)
    assert await client.alert_policies.get(START[0]) == policy


async def test_an_editor_may(connect):
    client = connect("editor")
    await client.alert_policies.create(document())
    assert "failures" in await names(client)


JOB = {"location_name": "shop", "repo_name": "main", "job_name": "report"}
THRESHOLD = {"selection_period_days": 7, "threshold": 5.5, "operator": "GREATER_THAN"}
METRIC = {
    "metric_name": "rows",
    "lookback_window": 24,
    "aggregation_function": "SUM",
    "thresholds": {"min_allowed_value": 1.0},
}
RUNS = {"jobs": [JOB], "tags": [{"key": "team"}], "location_names": ["shop"]}
PLACE = {"repository_name": "main", "location_name": "shop"}


@pytest.mark.parametrize(
    ("event", "target", "typename", "shows"),
    [
        (
            "JOB_SUCCESS",
            {"run_result_target": RUNS},
            "RunResultTarget",
            {"location_names": ["shop"]},
        ),
        (
            "JOB_LONG_RUNNING",
            {"long_running_job_threshold_target": {"threshold_seconds": 5, **RUNS}},
            "LongRunningJobThresholdTarget",
            {"threshold_seconds": 5.0, "location_names": ["shop"]},
        ),
        (
            "ASSET_CHECK_PASSED",
            {"asset_key_target": {"asset_key": ["a", "b"]}},
            "AssetKeyTarget",
            {},
        ),
        (
            "ASSET_HEALTH_WARNING",
            {
                "asset_group_target": {
                    "asset_group": "g",
                    "location_name": "shop",
                    "repo_name": "main",
                }
            },
            "AssetGroupTarget",
            {"group_name": "g", **PLACE},
        ),
        (
            "ASSET_FRESHNESS_FAIL",
            {"asset_selection_target": {"asset_selection": "group:g"}},
            "AssetSelectionTarget",
            {"asset_selection": "group:g"},
        ),
        (
            "ASSET_MATERIALIZATION_FAILURE",
            {"asset_selection_view_target": {"asset_selection_view_id": "v"}},
            "AssetSelectionViewTarget",
            {"view": None},
        ),
        (
            "ASSET_MATERIALIZATION_SUCCESS",
            {"favorites_selection_view_target": {"user_email": "ada@example.com"}},
            "FavoritesSelectionViewTarget",
            {"user_email": "ada@example.com"},
        ),
        (
            "TICK_FAILURE",
            {"schedule_or_sensor_target": {"location_names": ["shop"], "types": ["SENSOR"]}},
            "ScheduleSensorTarget",
            {"types": ["SENSOR"], "location_names": ["shop"], "instigators": None},
        ),
        (
            "CODE_LOCATION_ERROR",
            {"code_location_target": {"location_names": ["shop"]}},
            "CodeLocationTarget",
            {"location_names": ["shop"]},
        ),
        (
            "INSIGHTS_CONSUMPTION_EXCEEDED",
            {"insights_job_threshold_target": {"metric_name": "m", "job": JOB, **THRESHOLD}},
            "InsightsJobThresholdTarget",
            {"job_name": "report", "metric_name": "m", "selection_period_days": 7, **PLACE},
        ),
        (
            "INSIGHTS_CONSUMPTION_EXCEEDED",
            {
                "insights_asset_group_threshold_target": {
                    "metric_name": "m",
                    "asset_group": {
                        "location_name": "shop",
                        "repo_name": "main",
                        "asset_group_name": "g",
                    },
                    **THRESHOLD,
                }
            },
            "InsightsAssetGroupThresholdTarget",
            {"group_name": "g", "threshold": 5.5, **PLACE},
        ),
        (
            "INSIGHTS_CONSUMPTION_EXCEEDED",
            {"insights_deployment_threshold_target": {"metric_name": "m", **THRESHOLD}},
            "InsightsDeploymentThresholdTarget",
            {"operator": "GREATER_THAN"},
        ),
        (
            "METRIC_MONITOR_ALERT",
            {"metric_monitor_asset_selection_threshold_target": {"asset_selection": "*", **METRIC}},
            "MetricMonitorAssetSelectionThresholdTarget",
            {"combine_function": "ANY", "asset_selection": "*", "lookback_window": 24.0},
        ),
    ],
)
async def test_targets_are_read_in_the_schema_s_spelling(client, event, target, typename, shows):
    options = {"policy_options": {"include_description_in_notification": True}}
    made = await client.alert_policies.create(document(events=[event], target=target, **options))
    (found,) = made.targets
    assert found.typename__ == typename
    assert {name: getattr(found, name) for name in shows} == shows
    assert made.options.include_description_in_notification is True


async def test_jobs_and_tags_of_a_target(client):
    made = await client.alert_policies.create(document(target={"run_result_target": RUNS}))
    (target,) = made.targets
    (job,) = target.jobs
    assert (job.name, job.repository_name, job.location_name) == ("report", "main", "shop")
    assert [(tag.key, tag.value) for tag in target.tags] == [("team", None)]


@pytest.mark.parametrize(
    ("service", "shows"),
    [
        ({"email_owners": {"default_email_addresses": []}}, {"default_email_addresses": []}),
        (
            {"slack": {"slack_workspace_name": "w", "slack_channel_name": "c"}},
            {"workspace_name": "w", "channel_name": "c"},
        ),
    ],
)
async def test_services(client, service, shows):
    events = ["ASSET_CHECK_PASSED"]
    made = await client.alert_policies.create(document(events=events, notification_service=service))
    found = made.notification_service
    assert {name: getattr(found, name) for name in shows} == shows


REFUSED = [
    ({"event_types": []}, "at least one event type"),
    ({"event_types": ["JOB_FAILURE", "TICK_FAILURE"]}, "cannot mix job and schedule and sensor"),
    ({"event_types": ["ASSET_CHECK_PASSED", "ASSET_HEALTH_WARNING"]}, "cannot mix health and"),
    ({"event_types": ["JOB_LONG_RUNNING"]}, "requires a long_running_job_threshold_target"),
    ({"event_types": ["METRIC_MONITOR_ALERT"]}, "exactly one target"),
    ({"alert_targets": [{"code_location_target": {}}]}, "cannot be a target of JOB_FAILURE"),
    (
        {
            "event_types": ["JOB_LONG_RUNNING"],
            "alert_targets": [{"long_running_job_threshold_target": {"threshold_seconds": 0}}],
        },
        "greater than 0",
    ),
    ({"notification_service": {"email": {"email_addresses": []}}}, "must not be empty"),
    ({"notification_service": {"email": {"email_addresses": ["ada"]}}}, "'ada' is not an email"),
    ({"notification_service": {"email_owners": {}}}, "only be used with asset"),
    (
        {"notification_service": {"microsoft_teams": {"webhook_url": "ftp://x"}}},
        "http or https URL",
    ),
    (
        {
            "notification_service": {
                "webhook": {"webhook_url": "http://x", "body_template": "{{no}}"}
            }
        },
        "Unknown token 'no'",
    ),
    ({"policy_options": {"consecutive_failure_threshold": 2}}, "only be used with TICK_FAILURE"),
    (
        {"event_types": ["TICK_FAILURE"], "policy_options": {"consecutive_failure_threshold": 101}},
        "from 1 to 100",
    ),
    (
        {"event_types": ["TICK_FAILURE"], "policy_options": {"renotify_interval_minutes": 0}},
        "at least 1",
    ),
    ({"event_types": ["ASSET_TABLE_SCHEMA_CHANGE"]}, "table_schema_change_types"),
]


@pytest.mark.parametrize(("changes", "says"), REFUSED)
async def test_what_does_not_go_together_is_refused(client, changes, says):
    with pytest.raises(InvalidRequestError) as caught:
        await client.alert_policies.create(document(**changes))
    assert says in str(caught.value)
    assert any(says in str(error) for error in caught.value.errors)
    assert await names(client) == START


@pytest.mark.parametrize("root", ["all", "one"])
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"event_types": ["JOB_EXPLODED"]}, "event_types"),
        ({"enabled": "yes"}, "enabled"),
        ({"colour": "red"}, "colour"),
        ({"notification_service": {**EMAIL, **WEBHOOK}}, "exactly one"),
        ({"notification_service": {"email": {}}}, "email_addresses"),
        ({"alert_targets": {}}, "alert_targets"),
    ],
)
async def test_types_are_checked_on_both_sides(client, plus, root, changes, says):
    plus.switches(alert_policies_schema=root)
    with pytest.raises(InvalidInputError, match=says) as caught:
        await client.alert_policies.create(document(**changes))
    assert not isinstance(caught.value, InvalidRequestError)
    with pytest.raises(InvalidRequestError) as caught:
        await client.alert_policies.create(document(**changes), validate=False)
    assert says in str(caught.value)


async def test_the_schema_has_every_type_that_it_names(client):
    schema = await client.alert_policies.schema()
    keys = {found.key for found in schema.types}
    assert schema.root.key in keys
    for found in schema.types:
        named = {field.type_key for field in getattr(found, "fields", ())}
        assert named | set(found.type_param_keys) <= keys


async def test_twice_the_same_name(client):
    twice = {"alert_policies": [document(), document()]}
    with pytest.raises(InvalidRequestError) as caught:
        await send(client, operations.reconcile_alert_policies(document=twice))
    assert "several alert policies named 'failures'" in str(caught.value)


@pytest.mark.parametrize(
    ("event", "target", "ask", "about", "other"),
    [
        (
            "ASSET_CHECK_PASSED",
            {"asset_key_target": {"asset_key": ["a", "b"]}},
            "asset",
            "a/b",
            "a",
        ),
        (
            "ASSET_CHECK_PASSED",
            {"asset_selection_target": {"asset_selection": 'key:"a/b" or group:g'}},
            "asset",
            "a/b",
            "a",
        ),
        (
            "CODE_LOCATION_ERROR",
            {"code_location_target": {"location_names": ["a"]}},
            "location",
            "a",
            "b",
        ),
        ("JOB_FAILURE", {"run_result_target": {"jobs": [JOB]}}, "job", "report", "other"),
        ("JOB_FAILURE", {"run_result_target": {"tags": [{"key": "a"}]}}, "job", "report", None),
        ("JOB_FAILURE", {"run_result_target": {"location_names": ["x"]}}, "job", None, "report"),
        (
            "TICK_FAILURE",
            {"schedule_or_sensor_target": {"types": ["SCHEDULE"]}},
            "schedule",
            "nightly",
            None,
        ),
        (
            "TICK_FAILURE",
            {"schedule_or_sensor_target": {"types": ["SCHEDULE"]}},
            "sensor",
            None,
            "s",
        ),
        (
            "TICK_FAILURE",
            {
                "schedule_or_sensor_target": {
                    "schedules_or_sensors": [
                        {"location_name": "shop", "repo_name": "main", "name": "s"}
                    ]
                }
            },
            "sensor",
            "s",
            "t",
        ),
    ],
)
async def test_what_a_policy_is_about(client, event, target, ask, about, other):
    await client.alert_policies.create(document("narrow", [event], target))
    policies = client.alert_policies
    ways = {"asset": policies.for_asset, "location": policies.for_code_location}

    async def asked(name):
        if ask in ways:
            return [policy.name async for policy in ways[ask](name)]
        way = getattr(policies, f"for_{ask}")
        return [policy.name async for policy in way(name, location="shop", repository="main")]

    if about is not None:
        assert "narrow" in await asked(about)
    if other is not None:
        assert "narrow" not in await asked(other)
    if event.startswith("JOB") is False:
        await client.alert_policies.create(document("wide", [event]))
        assert "wide" in await asked(other or about)


@pytest.fixture
def webhook():
    """A webhook on this machine, which answers with the status in its path."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.headers["X-Key"], json.loads(body)))
            self.send_response(int(self.path[1:]))
            self.send_header("Location", "http://webhook.invalid/")
            self.end_headers()
            self.wfile.write(b"heard")

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def calling(url):
    webhook = {
        "webhook_url": url,
        "headers": {"X-Key": "k"},
        "body_template": '{"job": "{{ job_name }}", "left": "{{env.HOME}}"}',
    }
    return document(notification_service={"webhook": webhook})


async def test_a_sample_calls_webhooks_on_this_machine_if_it_may(client, plus, webhook):
    url, seen = webhook
    sample = await client.alert_policies.test(document=calling(f"{url}/200"))
    assert (sample.webhook_result.response, seen) == (None, [])

    plus.switches(webhook_calls="loopback")
    sample = await client.alert_policies.test(document=calling(f"{url}/200"))
    assert sample.webhook_result.response.status_code == 200
    assert sample.webhook_result.response.body == "heard"
    assert seen == [("k", {"job": "broken_report", "left": "{{env.HOME}}"})]
    for status in ("500", "307"):
        with pytest.raises(ServerError, match=f"answered {status}"):
            await client.alert_policies.test(document=calling(f"{url}/{status}"))
    elsewhere = await client.alert_policies.test(document=calling("http://webhook.invalid/"))
    assert elsewhere.webhook_result.response is None


async def test_templates(client):
    events = ["JOB_FAILURE"]
    tokens = [token.name async for token in client.alert_policies.webhook_tokens(events)]
    assert {"alert_summary", "job_name"} <= set(tokens)
    valid = await client.alert_policies.validate_webhook("{{job_name}} {{ env.KEY }}", events)
    assert [token.name for token in valid] == tokens
    for template, says in (("{{Job_Name}}", "Job_Name"), ("{{job_name", "without")):
        with pytest.raises(InvalidRequestError) as caught:
            await client.alert_policies.validate_webhook(template, events)
        assert says in str(caught.value.errors)


async def test_changes_are_on_record_without_secrets(client, plus):
    await client.alert_policies.create(document(notification_service=WEBHOOK))
    await client.alert_policies.mute("failures", for_seconds=60)
    await client.alert_policies.sync(SYNCED.replace("failures", "others"))
    await client.alert_policies.delete("failures")

    entries = plus.stores[2].list("AuditLogEntry")
    assert [entry["eventType"] for entry in entries] == [
        "MODIFY_ALERT_POLICIES",
        "SET_ALERT_POLICY_MUTE_UNTIL",
        "MODIFY_ALERT_POLICIES",
        "MODIFY_ALERT_POLICIES",
    ]
    assert {entry["authorUserEmail"] for entry in entries} == {"ada@example.com"}
    assert "failures" in str(entries[0])
    assert "secret" not in str(entries)


async def test_secrets_are_in_no_file(client, plus):
    await client.alert_policies.create(document(notification_service=WEBHOOK))
    dumped = json.dumps(plus.stores[2].dump())
    assert "failures" in dumped
    assert "secret-path" not in dumped
    assert "secret-header" not in dumped


@pytest.mark.parametrize(
    ("service", "gate"),
    [
        ({"pagerduty": {"integration_key": "k"}}, "ENABLE_PAGERDUTY_ALERTS"),
        (WEBHOOK, "ENABLE_WEBHOOK_ALERTS"),
    ],
)
async def test_services_that_the_organization_does_not_have(client, plus, service, gate):
    plus.seed({"feature_gates": [{"key": gate, "value": False}]})
    operation = operations.set_alert_policy(document=document(notification_service=service))

    with pytest.raises(ServerError, match=gate):
        await send(client, operation)
    assert await names(client) == START


@pytest.mark.parametrize(
    ("target", "assets"),
    [
        ({"asset_group_target": {"asset_group": "raw", "location_name": "demo"}}, ["orders"]),
        ({"asset_group_target": {"asset_group": "raw", "location_name": "other"}}, []),
        ({"asset_selection_target": {"asset_selection": "+key:sales"}}, ["orders", "sales"]),
        ({"asset_selection_target": {"asset_selection": "key:sales and ("}}, []),
        ({"favorites_selection_view_target": {"user_email": "ada@example.com"}}, ["sales"]),
        ({"favorites_selection_view_target": {"user_email": "vic@example.com"}}, []),
    ],
)
async def test_assets_by_what_is_defined(client, plus, target, assets):
    defined = [{"key": "orders", "group": "raw"}, {"key": "sales", "deps": ["orders"]}]
    plus.seed({"assets": defined})
    await client.favorites.add("sales")
    wanted = document(events=["ASSET_CHECK_PASSED"], target=target)
    await send(client, operations.set_alert_policy(document=wanted))

    found = [
        name
        for name in ("orders", "sales")
        if await client.alert_policies.for_asset(name).to_list()
    ]

    assert found == assets
