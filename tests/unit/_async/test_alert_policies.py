"""Alert policies: what is sent, what comes back, and what is refused before."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from kit.canary import leaks
from kit.payloads import error
from kit.server import Reply

from dagster_plus_sdk import (
    AlertPoliciesSchema,
    AlertPolicy,
    AssetKey,
    MetricMonitorAssetSelectionThresholdTarget,
    SampleNotification,
    Secret,
    WebhookTemplateToken,
    errors,
)

pytestmark = pytest.mark.anyio

POLICY_ID = "6f3b2c1a-1111-4222-8333-444455556666"
FAR = 4102444800.0
EMAIL = {"__typename": "EmailAlertPolicyNotification", "emailAddresses": ["a@example.com"]}
DOCUMENT = {
    "name": "late",
    "enabled": True,
    "event_types": ["JOB_FAILURE"],
    "notification_service": {"email": {"email_addresses": ["a@example.com"]}},
}


def policy(name="late", **changes):
    base = {
        "__typename": "AlertPolicy",
        "id": POLICY_ID if name == "late" else f"id-{name}",
        "name": name,
        "description": "",
        "enabled": True,
        "mutedUntil": None,
        "eventTypes": ["JOB_FAILURE"],
        "targets": [],
        "notificationService": EMAIL,
        "options": {
            "consecutiveFailureThreshold": None,
            "includeDescriptionInNotification": None,
            "renotifyIntervalMinutes": None,
            "tableSchemaChangeTypes": None,
        },
        "tags": None,
    }
    return base | changes


FOUND = {
    "alertPolicies": [
        policy("off", enabled=False),
        policy("late", eventTypes=["JOB_FAILURE", "JOB_LONG_RUNNING"]),
        policy("ticks", eventTypes=["TICK_FAILURE"], mutedUntil=FAR),
        policy("was muted", mutedUntil=1700000000.5),
    ]
}
REFS = {"alertPolicies": [{"id": p["id"], "name": p["name"]} for p in FOUND["alertPolicies"]]}


def kind(typename, key, *params, **fields):
    given = {"isSelector": False, "typeParamKeys": list(params), "description": None, **fields}
    return {"__typename": typename, "key": key, **given}


def field(name, key, *, required=False):
    found = {"name": name, "typeKey": key, "isRequired": required}
    return found | {"description": None, "defaultJson": None}


ONE = kind(
    "CompositeConfigType",
    "Policy",
    fields=[
        field("name", "String", required=True),
        field("event_types", "Any", required=True),
        field("enabled", "Bool"),
        field("notification_service", "Any"),
    ],
)
SCALARS = [kind("RegularConfigType", name, givenName=name) for name in ("String", "Bool", "Any")]


def schema(*, whole):
    types = [ONE, *SCALARS]
    if whole:
        types += [
            kind("ArrayConfigType", "Array.Policy", "Policy"),
            kind("CompositeConfigType", "All", fields=[field("alert_policies", "Array.Policy")]),
        ]
    root = {"__typename": "CompositeConfigType", "key": "All" if whole else "Policy"}
    return {"alertPoliciesSchema": {"types": types, "root": root}}


NO_SCHEMA = {"alertPoliciesSchema": None}


def names(found):
    return [p.name for p in found]


async def test_lists_are_sorted_and_take_one_request(client, server):
    server.data(FOUND)
    found = await client.alert_policies.list().to_list()
    assert names(found) == ["late", "off", "ticks", "was muted"]
    assert {type(p) for p in found} == {AlertPolicy}
    assert server.operations == ["ListAlertPolicies"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"event_types": "job_long_running"}, ["late"]),
        ({"event_types": ["TICK_FAILURE", "JOB_LONG_RUNNING"]}, ["late", "ticks"]),
        ({"enabled": False}, ["off"]),
        ({"enabled": True}, ["late", "ticks", "was muted"]),
        ({"muted": True}, ["ticks"]),
        ({"muted": False}, ["late", "off", "was muted"]),
        ({"pattern": "*T*"}, ["late", "ticks", "was muted"]),
        ({"where": lambda p: p.name > "m", "muted": False}, ["off", "was muted"]),
        ({"limit": 2}, ["late", "off"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert names(await client.alert_policies.list(**given).to_list()) == kept


async def test_lists_resume(client, server):
    server.data(FOUND)
    first = client.alert_policies.list(limit=3)
    await first.to_list()
    rest = client.alert_policies.list(cursor=first.cursor)
    assert names(await rest.to_list()) == ["was muted"]


async def test_an_event_type_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from AGENT_UNAVAILABLE"):
        client.alert_policies.list(event_types="SUNDAY")
    assert server.requests == 0


TARGETS = [
    {
        "__typename": "MetricMonitorAssetSelectionThresholdTarget",
        "assetSelection": "group:x",
        "metricName": "m",
        "aggregationFunction": "P95",
        "combineFunction": "ANY",
        "comparisonType": "ABSOLUTE",
        "lookbackWindow": 24.0,
        "thresholds": {"minAllowedValue": None, "maxAllowedValue": 2.5},
    },
    {"__typename": "AssetKeyTarget", "assetKey": {"path": ["a", "b"]}},
    {
        "__typename": "LongRunningJobThresholdTarget",
        "jobs": [{"name": "j", "repositoryName": "r", "locationName": "l"}],
        "locationNames": None,
        "tags": [{"key": "k", "value": None}],
        "thresholdSeconds": 60.0,
    },
    {"__typename": "TargetOfTomorrow", "moon": 1},
]


async def test_targets_and_services(client, server):
    service = {"__typename": "PagerdutyAlertPolicyNotification", "integrationKey": "hidden-key"}
    server.data({"alertPolicies": [policy(targets=TARGETS, notificationService=service)]})
    found = await client.alert_policies.list().first()
    monitor, asset, slow, unknown = found.targets
    assert type(monitor) is MetricMonitorAssetSelectionThresholdTarget
    assert (monitor.combine_function, monitor.thresholds.max_allowed_value) == ("ANY", 2.5)
    assert asset.asset_key == AssetKey("a", "b")
    assert (slow.jobs[0].location_name, slow.tags[0].value, slow.threshold_seconds) == (
        "l",
        None,
        60,
    )
    assert (unknown.typename__, unknown.moon) == ("TargetOfTomorrow", 1)
    assert isinstance(found.notification_service.integration_key, Secret)
    assert "hidden-key" not in repr(found) + found.model_dump_json()


async def test_get_by_name(client, server):
    server.data(FOUND)
    found = await client.alert_policies.get("ticks")
    assert found.muted_until == datetime(2100, 1, 1, tzinfo=timezone.utc)
    assert server.operations == ["ListAlertPolicies"]


async def test_get_by_id(client, server):
    server.data({"alertPolicyById": policy()})
    assert (await client.alert_policies.get(POLICY_ID)).name == "late"
    assert server.received[0].variables == {"id": POLICY_ID}
    assert server.operations == ["GetAlertPolicy"]


async def test_get_a_policy_whose_name_looks_like_an_id(client, server):
    server.data({"alertPolicyById": None}, {"alertPolicies": [policy(POLICY_ID, id="7")]})
    assert (await client.alert_policies.get(POLICY_ID)).id == "7"


async def test_get_a_policy_that_is_not_there(client, server):
    server.data(FOUND)
    assert (await client.alert_policies.get("id-off")).name == "off"
    with pytest.raises(errors.NotFoundError, match="'lat'; did you mean 'late'") as caught:
        await client.alert_policies.get("lat")
    assert caught.value.code == "ALERT_POLICY_NOT_FOUND"


async def test_create(client, server, tmp_path):
    path = tmp_path / "new.yaml"
    path.write_text(json.dumps({**DOCUMENT, "name": "new"}))
    server.data(REFS, schema(whole=False), {"createOrUpdateAlertPolicyFromDocument": policy("new")})
    assert type(await client.alert_policies.create(path)) is AlertPolicy
    assert server.operations == ["FindAlertPolicies", "GetAlertPoliciesSchema", "SetAlertPolicy"]
    assert server.received[-1].variables == {"document": {**DOCUMENT, "name": "new"}}


async def test_create_needs_a_new_name_and_update_a_known_one(client, server):
    server.data(REFS)
    with pytest.raises(errors.ConflictError, match="There is an alert policy 'late'") as caught:
        await client.alert_policies.create(DOCUMENT)
    assert caught.value.code == "ALERT_POLICY_EXISTS"
    with pytest.raises(errors.NotFoundError, match="did you mean 'late'"):
        await client.alert_policies.update({**DOCUMENT, "name": "latte"})
    assert server.operations == ["FindAlertPolicies"] * 2


@pytest.mark.parametrize("whole", [True, False])
async def test_documents_are_checked(client, server, whole):
    wrong = {"name": "late", "enabled": "yes", "mood": 1}
    server.data(REFS, schema(whole=whole))
    with pytest.raises(errors.InvalidInputError, match="unknown field 'mood'") as caught:
        await client.alert_policies.update(wrong)
    assert len(caught.value.errors) == 3
    assert ("alert_policies[0].enabled" in caught.value.message) is whole
    server.replies.clear()
    server.data(schema(whole=whole))
    with pytest.raises(errors.InvalidInputError, match="mood"):
        await client.alert_policies.sync({"alert_policies": [wrong]})
    assert "SetAlertPolicy" not in server.operations


@pytest.mark.parametrize("given", [{"validate": False}, {}])
async def test_documents_that_are_not_checked(client, server, given):
    replies = [REFS, {"createOrUpdateAlertPolicyFromDocument": policy()}]
    server.data(*(replies if given else [replies[0], NO_SCHEMA, replies[1]]))
    assert (await client.alert_policies.update({"name": "late", "mood": 1}, **given)).name == "late"
    assert server.received[-1].variables == {"document": {"name": "late", "mood": 1}}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"alert_policies": [DOCUMENT]}, "`sync` takes such a list"),
        ({"enabled": True}, "the name of the alert policy must be a text"),
        ("- name: late", "must be a mapping such as 'name: ...', not a list"),
        ("name: [", "no valid YAML in line 1"),
    ],
)
async def test_documents_of_one_policy_that_cannot_be(client, server, document, says):
    for call in (client.alert_policies.create, client.alert_policies.update):
        with pytest.raises(errors.InvalidInputError, match=says.replace("[", r"\[")):
            await call(document)
    with pytest.raises(errors.InvalidInputError):
        await client.alert_policies.test(document=document)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([DOCUMENT], "must be a mapping such as 'alert_policies: [...]', not a list"),
        ("- name: late", "must be a mapping such as 'alert_policies: [...]', not a list"),
        ({}, "has no list 'alert_policies'; write the alert policies below that key"),
        ({"alert_policies": DOCUMENT}, "has no list 'alert_policies'"),
        ({"alert_policies": [{"enabled": True}]}, "alert policy 1 has no 'name'"),
        ({"alert_policies": [DOCUMENT, DOCUMENT]}, "two items are named 'late'"),
    ],
)
async def test_documents_of_all_policies_that_cannot_be(client, server, document, says):
    for call in (client.alert_policies.sync, client.alert_policies.plan):
        with pytest.raises(errors.InvalidInputError) as caught:
            await call(document)
        assert says in caught.value.message
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind", "code"),
    [
        ("InvalidAlertPolicyError", errors.InvalidRequestError, "INVALID_ALERT_POLICY"),
        ("CodeBackedAlertPolicyError", errors.ConflictError, "CODE_BACKED_ALERT_POLICY"),
        ("UnauthorizedError", errors.PermissionDeniedError, "UNAUTHORIZED"),
        ("PythonError", errors.ServerError, "INTERNAL_ERROR"),
    ],
)
async def test_refusals(client, server, typename, kind, code):
    reasons = ["one", "two"] if typename.startswith("Invalid") else []
    refusal = error(typename, "no good", errors=reasons)
    server.data(
        REFS,
        {"createOrUpdateAlertPolicyFromDocument": refusal},
        {"reconcileAlertPoliciesFromDocument": refusal},
    )
    policies = client.alert_policies
    for call, document in (
        (policies.update, DOCUMENT),
        (policies.sync, {"alert_policies": [DOCUMENT]}),
    ):
        with pytest.raises(kind, match="no good") as caught:
            await call(document, validate=False)
        assert caught.value.code == code
        assert [e["message"] for e in caught.value.errors] == reasons


async def test_delete(client, server):
    deleted = {"__typename": "DeleteAlertPolicySuccess", "alertPolicyName": "off"}
    server.data(REFS, {"deleteAlertPolicy": deleted})
    assert await client.alert_policies.delete("id-off") is None
    assert server.received[1].variables == {"name": "off"}


async def test_delete_refusals(client, server):
    server.data(REFS, {"deleteAlertPolicy": error("CodeBackedAlertPolicyError")})
    with pytest.raises(errors.ConflictError):
        await client.alert_policies.delete("off")
    server.replies.clear()
    server.data(REFS)
    with pytest.raises(errors.NotFoundError, match="did you mean 'off'"):
        await client.alert_policies.delete("offf")


async def test_sync(client, server):
    answer = {
        "__typename": "ReconcileAlertPoliciesSuccess",
        "alertPolicies": [policy(), None],
    }
    server.data(schema(whole=True), {"reconcileAlertPoliciesFromDocument": answer})
    found = await client.alert_policies.sync({"alert_policies": [DOCUMENT], "more": 1})
    assert names(found) == ["late"]
    assert server.received[-1].variables == {"document": {"alert_policies": [DOCUMENT]}}


async def test_an_empty_list_can_be_synced(client, server):
    answer = {"__typename": "ReconcileAlertPoliciesSuccess", "alertPolicies": []}
    server.data(NO_SCHEMA, {"reconcileAlertPoliciesFromDocument": answer})
    assert await client.alert_policies.sync("alert_policies: []") == []
    assert server.received[-1].variables == {"document": {"alert_policies": []}}


def exported(*policies):
    document = {"__typename": "AlertPoliciesAsDocument", "document": {"alert_policies": policies}}
    return {"alertPoliciesAsDocumentOrError": document}


async def test_plan_compares_by_name(client, server):
    same = {**DOCUMENT, "event_types": ["JOB_SUCCESS", "JOB_FAILURE"]}
    stored = {**same, "event_types": same["event_types"][::-1], "tags": [], "description": ""}
    server.data(
        NO_SCHEMA, exported(stored, {**DOCUMENT, "name": "b"}, {**DOCUMENT, "name": "gone"})
    )
    wanted = [same, {**DOCUMENT, "name": "b", "enabled": False}, {**DOCUMENT, "name": "new"}]
    changes = await client.alert_policies.plan({"alert_policies": wanted})
    assert (changes.created, changes.updated, changes.deleted, changes.unchanged) == (
        ["new"],
        ["b"],
        ["gone"],
        ["late"],
    )
    assert "-  enabled: true\n+  enabled: false\n" in changes.diff
    alone = await client.alert_policies.plan(wanted[1], validate=False)
    assert (alone.updated, alone.deleted, alone.unchanged) == (["b"], [], ["gone", "late"])
    with pytest.raises(errors.NotFoundError, match="no alert policy 'new'"):
        await client.alert_policies.plan(wanted[2], validate=False)
    assert not any(name.startswith(("Set", "Reconcile")) for name in server.operations)


async def test_export(client, server):
    server.data(exported(DOCUMENT))
    assert await client.alert_policies.export() == {"alert_policies": [DOCUMENT]}
    empty = {"__typename": "AlertPoliciesAsDocument", "document": None}
    server.replies.clear()
    server.data({"alertPoliciesAsDocumentOrError": empty})
    assert await client.alert_policies.export() == {"alert_policies": []}


@pytest.mark.parametrize("given", [90.2, timedelta(seconds=90.2)])
async def test_mute_for_a_while(client, server, given):
    server.data(REFS, {"setAlertPolicyMuteUntil": policy(mutedUntil=FAR)})
    found = await client.alert_policies.mute("late", for_seconds=given)
    assert found.muted_until.year == 2100
    assert server.received[1].variables == {"id": POLICY_ID, "seconds": 91}


@pytest.mark.parametrize("as_datetime", [True, False])
async def test_mute_until(client, server, as_datetime):
    end = time.time() + 3600
    until = datetime.fromtimestamp(end, timezone.utc) if as_datetime else end
    server.data(REFS, {"setAlertPolicyMuteUntil": policy(mutedUntil=end)})
    await client.alert_policies.mute("late", until=until)
    assert 3590 <= server.received[1].variables["seconds"] <= 3600


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"for_seconds": 5, "until": FAR},
        {"for_seconds": 0},
        {"for_seconds": timedelta(seconds=-1)},
        {"until": 1700000000},
        {"until": datetime(2100, 1, 1)},  # noqa: DTZ001 - the point
    ],
)
async def test_mutes_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.alert_policies.mute("late", **given)
    assert server.requests == 0


async def test_unmute(client, server):
    server.data(REFS, {"setAlertPolicyMuteUntil": policy()})
    assert (await client.alert_policies.unmute("late")).muted_until is None
    assert server.received[1].variables == {"id": POLICY_ID, "seconds": None}


SENT = {
    "__typename": "SendSampleNotificationSuccess",
    "message": "sent",
    "webhookResult": {
        "durationMs": 12,
        "request": {
            "url": "https://hooks.example.com",
            "headers": [{"key": "authorization", "value": "hidden-key"}],
            "bodyTemplate": "{}",
        },
        "response": {"statusCode": 200, "statusText": "OK", "headers": [], "body": "ok"},
    },
}


async def test_sample_of_an_existing_policy(client, server):
    server.data(exported({**DOCUMENT, "name": "b"}, DOCUMENT), {"sendSampleNotification": SENT})
    found = await client.alert_policies.test(name="late")
    assert type(found) is SampleNotification
    assert found.webhook_result.response.status_code == 200
    assert "hidden-key" not in repr(found)
    assert server.received[1].variables == {"document": DOCUMENT}


async def test_sample_of_a_document(client, server):
    server.data(schema(whole=False), {"sendSampleNotification": SENT})
    assert (await client.alert_policies.test(document=DOCUMENT)).message == "sent"
    assert server.operations == ["GetAlertPoliciesSchema", "SendSampleNotification"]


async def test_samples_that_fail(client, server):
    failed = {**SENT, "__typename": "SendSampleNotificationFailure", "message": "nobody there"}
    server.data({"sendSampleNotification": failed})
    with pytest.raises(errors.ServerError, match="nobody there") as caught:
        await client.alert_policies.test(document=DOCUMENT, validate=False)
    assert caught.value.result.webhook_result.duration_ms == 12
    server.replies.clear()
    server.data(exported(DOCUMENT))
    with pytest.raises(errors.NotFoundError, match="did you mean 'late'"):
        await client.alert_policies.test(name="latr")


@pytest.mark.parametrize("given", [{}, {"name": "late", "document": DOCUMENT}])
async def test_samples_need_a_name_or_a_document(client, server, given):
    with pytest.raises(errors.InvalidInputError, match="either name or document"):
        await client.alert_policies.test(**given)
    assert server.requests == 0


async def test_schema(client, server):
    server.data(schema(whole=False), NO_SCHEMA)
    assert type(await client.alert_policies.schema()) is AlertPoliciesSchema
    with pytest.raises(errors.NotFoundError):
        await client.alert_policies.schema()


async def test_policies_of_an_asset_and_of_a_location(client, server):
    listed = [policy("b"), policy("a")]
    server.data({"alertPoliciesForAsset": listed}, {"alertPoliciesForCodeLocation": listed})
    assert names(await client.alert_policies.for_asset(r"a\/b/c").to_list()) == ["a", "b"]
    assert names(await client.alert_policies.for_code_location("north", limit=1).to_list()) == ["a"]
    assert [r.variables for r in server.received] == [
        {"assetKey": {"path": ["a/b", "c"]}},
        {"location": "north"},
    ]


def repositories(*nodes):
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": list(nodes)}}


def node(location, *, schedules=(), sensors=(), jobs=()):
    place = {"name": "__repository__", "location": {"name": location}}
    return {
        **place,
        "schedules": [{"name": n} for n in schedules],
        "sensors": [{"name": n} for n in sensors],
        "jobs": [{"name": n, "repository": place} for n in jobs],
    }


NODES = [
    node("north", schedules=["daily"], sensors=["watch", "both"], jobs=["report"]),
    node("south", sensors=["both"]),
]


@pytest.mark.parametrize(
    ("kind", "name", "root", "finder"),
    [
        ("job", "report", "alertPoliciesForJob", "FindJobs"),
        ("schedule", "daily", "alertPoliciesForSchedule", "FindSchedules"),
        ("sensor", "watch", "alertPoliciesForSensor", "FindSensors"),
    ],
)
async def test_policies_of_a_definition(client, server, kind, name, root, finder):
    method = getattr(client.alert_policies, f"for_{kind}")
    server.data(repositories(*NODES), {root: [policy("b"), policy("a")]})
    assert names(await method(name, where=lambda p: p.name != "a").to_list()) == ["b"]
    assert server.operations[0] == finder
    sent = {"name": name, "repository": "__repository__", "location": "north"}
    assert server.received[1].variables == sent
    await method(name, location="north", repository="__repository__").to_list()
    assert len(server.operations) == 3


async def test_definitions_that_are_not_found(client, server):
    server.data(repositories(*NODES))
    with pytest.raises(errors.NotFoundError, match="did you mean 'watch'") as caught:
        await client.alert_policies.for_sensor("watches").to_list()
    assert caught.value.code == "SENSOR_NOT_FOUND"
    with pytest.raises(errors.InvalidInputError, match="2 places have a sensor 'both'"):
        await client.alert_policies.for_sensor("both").to_list()
    with pytest.raises(errors.NotFoundError):
        await client.alert_policies.for_schedule("daily", location="south").to_list()


async def test_definitions_need_a_name(client, server):
    policies = client.alert_policies
    for call in (
        policies.for_job,
        policies.for_schedule,
        policies.for_sensor,
        policies.for_code_location,
        policies.for_asset,
    ):
        with pytest.raises(errors.InvalidInputError):
            call("")
    for call in (policies.get, policies.delete, policies.unmute):
        with pytest.raises(errors.InvalidInputError):
            await call("")
    assert server.requests == 0


TOKEN = {"name": "run_id", "description": "the run", "example": "0f"}


async def test_webhook_tokens(client, server):
    server.data({"webhookTemplateTokens": [TOKEN]})
    found = await client.alert_policies.webhook_tokens("job_failure").to_list()
    assert [(type(t), t.name) for t in found] == [(WebhookTemplateToken, "run_id")]
    assert server.received[0].variables == {"eventTypes": ["JOB_FAILURE"]}


async def test_webhook_templates(client, server):
    good = {"__typename": "ValidateWebhookTemplateSuccess", "availableTokens": [TOKEN]}
    bad = {
        "__typename": "ValidateWebhookTemplateFailure",
        "errors": [{"message": "unknown token", "token": "moon"}],
        "availableTokens": [TOKEN],
    }
    server.data({"validateWebhookTemplate": good}, {"validateWebhookTemplate": bad})
    check = client.alert_policies.validate_webhook
    assert [t.name for t in await check("{{run_id}}", ["JOB_FAILURE"])] == ["run_id"]
    with pytest.raises(errors.InvalidRequestError, match="unknown token") as caught:
        await check("{{moon}}", ["JOB_FAILURE"])
    assert caught.value.errors == [{"message": "unknown token", "token": "moon"}]


KEY = "5d1f7ae0-key"
SERVICES = [
    {"pagerduty": {"integration_key": KEY}},
    {"microsoft_teams": {"webhook_url": f"https://hooks.test/{KEY}"}},
    {"webhook": {"webhook_url": "https://a.test", "headers": {"authorization": KEY}}},
    {"webhook": {"webhook_url": "https://a.test", "headers": [{"key": "a", "value": KEY}]}},
]


@pytest.mark.parametrize("service", SERVICES)
async def test_keys_are_sent_and_shown_nowhere(client, server, caplog, service):
    caplog.set_level("DEBUG")
    document = {**DOCUMENT, "notification_service": service}

    def repeat(received):
        """Answer with an error that repeats what came."""
        text = json.dumps(received.variables)
        refused = error("PythonError", text, className="E", stack=[text])
        roots = {
            "SetAlertPolicy": "createOrUpdateAlertPolicyFromDocument",
            "ReconcileAlertPolicies": "reconcileAlertPoliciesFromDocument",
            "SendSampleNotification": "sendSampleNotification",
        }
        return Reply({"data": REFS | {roots.get(received.operation, "none"): refused}})

    server.reply(repeat)
    policies = client.alert_policies
    for call in (
        lambda: policies.update(document, validate=False),
        lambda: policies.sync({"alert_policies": [document]}, validate=False),
        lambda: policies.test(document=document, validate=False),
    ):
        failure = None
        try:
            await call()
        except errors.ServerError as caught:
            failure = caught
        assert "JOB_FAILURE" in failure.message
        assert KEY not in f"{failure!r} {failure} {failure.stack} {failure.__context__}"
        assert KEY in json.dumps(server.received[-1].variables)
    assert KEY not in caplog.text


@pytest.mark.parametrize("service", SERVICES)
async def test_plans_show_of_keys_only_whether_they_differ(client, server, service):
    before = {**DOCUMENT, "notification_service": service}
    other = json.loads(json.dumps(before).replace(KEY, "5d1f7ae0-other"))
    new = {**before, "name": "new"}
    server.data(NO_SCHEMA, exported(before), NO_SCHEMA, exported(before))
    changed = await client.alert_policies.plan({"alert_policies": [other, new]})
    assert (changed.created, changed.updated) == (["new"], ["late"])
    assert "*** (changed)" in changed.diff
    same = await client.alert_policies.plan({"alert_policies": [before]})
    assert (same.unchanged, same.diff, bool(same)) == (["late"], "", False)
    assert "5d1f7ae0" not in f"{changed.model_dump()} {changed!r} {same.model_dump()}"


async def test_what_does_not_fit_does_not_show_keys(client, server):
    types = [
        kind("CompositeConfigType", "Policy", fields=[field("integration_key", "String")]),
        *SCALARS,
    ]
    root = {"__typename": "CompositeConfigType", "key": "Policy"}
    types[0]["fields"].append(field("name", "String"))
    server.data({"alertPoliciesSchema": {"types": types, "root": root}})
    with pytest.raises(errors.InvalidInputError, match="must be String") as caught:
        await client.alert_policies.test(document={"name": "late", "integration_key": 517890})
    assert "517890" not in f"{caught.value} {caught.value.errors}"


@pytest.mark.parametrize(
    "given", [{"for_seconds": float("nan")}, {"for_seconds": 2**40}, {"until": float("inf")}]
)
async def test_times_that_cannot_be_told_to_the_api(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.alert_policies.mute("late", **given)
    assert server.requests == 0


@pytest.mark.parametrize(
    "service",
    [
        {"__typename": "PagerdutyAlertPolicyNotification", "integrationKey": KEY},
        {"__typename": "MicrosoftTeamsAlertPolicyNotification", "webhookUrl": f"https://a/{KEY}"},
        {
            "__typename": "WebhookAlertPolicyNotification",
            "webhookUrl": f"https://a/{KEY}",
            "headers": [{"key": "authorization", "value": KEY}],
            "bodyTemplate": "{}",
        },
    ],
)
async def test_models_do_not_show_keys(client, server, service):
    server.data({"alertPolicies": [policy(notificationService=service)]})
    found = await client.alert_policies.list().to_list()
    assert type(found[0].notification_service).__name__ == service["__typename"]
    assert leaks([found, found[0].model_dump_json()], KEY) == []
