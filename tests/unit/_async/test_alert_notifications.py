"""Notifications of alert policies: pages, filters, kinds."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import error
from kit.server import Reply

from dagster_plus_sdk import (
    AgentAlertNotification,
    AssetAlertNotification,
    AssetKey,
    CodeLocationAlertNotification,
    InsightsAlertNotification,
    JobRunAlertNotification,
    MetricsAlertNotification,
    TickAlertNotification,
    UnknownAlertNotification,
    errors,
)

pytestmark = pytest.mark.anyio

REFS = {"alertPolicies": [{"id": "7", "name": "late"}, {"id": "8", "name": "other"}]}
PLACE = {"repositoryName": "r", "locationName": "l"}
EVENT = {"eventType": "ASSET_HEALTH_DEGRADED"}
KINDS = {
    "AgentAlertNotification": (AgentAlertNotification, {}),
    "AssetAlertNotification": (
        AssetAlertNotification,
        {"runId": None, "assets": [{"assetKey": {"path": ["a", "b"]}, **EVENT}]},
    ),
    "CodeLocationAlertNotification": (
        CodeLocationAlertNotification,
        {"locationName": "l", "failureMessage": "no module"},
    ),
    "InsightsAlertNotification": (
        InsightsAlertNotification,
        {"metricName": "m", "computedValue": 1.5},
    ),
    "JobRunAlertNotification": (
        JobRunAlertNotification,
        {"eventType": "JOB_FAILURE", "runId": "0f", "jobName": "j", **PLACE},
    ),
    "MetricsAlertNotification": (
        MetricsAlertNotification,
        {
            "metricName": "m",
            "computedValues": [
                {
                    "__typename": "AssetMetricMonitorComputedValue",
                    "assetKey": {"path": ["a"]},
                    "computedValue": 2.5,
                }
            ],
        },
    ),
    "TickAlertNotification": (
        TickAlertNotification,
        {"instigators": [{"name": "daily", "eventType": "TICK_FAILURE", **PLACE}]},
    ),
}


def notification(number, typename="AgentAlertNotification", **changes):
    base = {
        "__typename": typename,
        "id": f"n{number}",
        "status": "SUCCESS",
        "sentAt": 1700000000.5 + number,
        "alertPolicyId": "7",
        "errorMessage": None,
    }
    return base | KINDS.get(typename, (None, {}))[1] | changes


def page(*found, cursor=None, more=False):
    connection = {"results": list(found), "cursor": cursor, "hasMore": more}
    return {"alertPolicyNotifications": connection}


def of_run(*found):
    answer = {"__typename": "RunNotifications", "notifications": list(found), "alertPolicies": []}
    return {"runNotificationsOrError": answer}


def ids(found):
    return [n.id for n in found]


async def test_pages_of_a_policy(client, server):
    server.data(
        REFS,
        page(notification(1), notification(2), cursor="c2", more=True),
        page(notification(3), cursor="c3"),
    )
    found = await client.alert_notifications.list(policy="late").to_list()
    assert ids(found) == ["n1", "n2", "n3"]
    assert server.operations == ["FindAlertPolicies"] + ["ListAlertNotifications"] * 2
    assert [r.variables for r in server.received[1:]] == [
        {"policyId": "7", "cursor": None, "limit": 100},
        {"policyId": "7", "cursor": "c2", "limit": 100},
    ]


async def test_lists_resume_in_the_middle_of_a_page(client, server):
    pages = [
        page(notification(1), notification(2), cursor="c2", more=True),
        page(notification(3), cursor="c3"),
    ]
    server.data(REFS, pages[0])
    first = client.alert_notifications.list(policy="7", page_size=2, limit=1)
    assert ids(await first.to_list()) == ["n1"]
    server.replies.clear()
    server.data(REFS, *pages)
    rest = client.alert_notifications.list(policy="7", page_size=2, cursor=first.cursor)
    assert ids(await rest.to_list()) == ["n2", "n3"]
    assert server.received[-1].variables["cursor"] == "c2"


async def test_a_limit_asks_for_no_more(client, server):
    server.data(REFS, page(notification(1), notification(2), cursor="c2", more=True))
    found = client.alert_notifications.list(policy="late", limit=2)
    assert ids(await found.to_list()) == ["n1", "n2"]
    assert server.received[-1].variables["limit"] == 2
    assert server.requests == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"status": "failure"}, ["n2"]),
        ({"status": ["MUTED", "FAILURE"]}, ["n2", "n3"]),
        ({"sent_after": 1700000002.5}, ["n2", "n3"]),
        ({"sent_before": datetime.fromtimestamp(1700000002.5, timezone.utc)}, ["n1"]),
        ({"where": lambda n: n.id != "n2", "status": ["FAILURE", "MUTED"]}, ["n3"]),
    ],
)
@pytest.mark.parametrize("by", ["policy", "run"])
async def test_filters(client, server, given, kept, by):
    found = [notification(1), notification(2, status="FAILURE"), notification(3, status="MUTED")]
    if by == "policy":
        server.data(REFS, page(*found[:2], cursor="c", more=True), page(found[2]))
    else:
        server.data(of_run(*found))
    listed = client.alert_notifications.list(**{by: "late"}, **given)
    assert ids(await listed.to_list()) == kept


@pytest.mark.parametrize("typename", KINDS)
async def test_kinds(client, server, typename):
    kind, fields = KINDS[typename]
    server.data(REFS, page(notification(1, typename, status="MUTED", errorMessage="no")))
    found = await client.alert_notifications.list(policy="late").first()
    assert type(found) is kind
    assert (found.status, found.error_message) == ("MUTED", "no")
    assert found.sent_at == datetime.fromtimestamp(1700000001.5, timezone.utc)
    dumped = found.model_dump(mode="json", by_alias=True)
    for name in ("runId", "jobName", "locationName", "failureMessage", "metricName"):
        assert dumped.get(name) == fields.get(name)
    if typename == "AssetAlertNotification":
        assert found.assets[0].asset_key == AssetKey("a", "b")
    if typename == "MetricsAlertNotification":
        assert found.computed_values[0].computed_value == 2.5
    if typename == "TickAlertNotification":
        assert found.instigators[0].name == "daily"


async def test_a_kind_of_tomorrow_survives_filters(client, server):
    moon = {"__typename": "MoonAlertNotification"}
    server.data(REFS, page(moon, notification(1)))
    found = await client.alert_notifications.list(policy="late").to_list()
    assert type(found[0]) is UnknownAlertNotification
    kept = client.alert_notifications.list(policy="late", status="SUCCESS", sent_after=1)
    server.replies.clear()
    server.data(REFS, page(moon, notification(1)))
    assert ids(await kept.to_list()) == ["n1"]


@pytest.mark.parametrize(
    ("given", "limit"), [({"limit": 2}, 2), ({}, None), ({"limit": 2, "status": "SUCCESS"}, None)]
)
async def test_notifications_about_a_run(client, server, given, limit):
    listed = [notification(n, "JobRunAlertNotification") for n in (1, 2, 3)]
    server.data(of_run(*listed[: limit or 3]))
    found = await client.alert_notifications.list(run="0f", **given).to_list()
    assert ids(found) == ["n1", "n2", "n3"][: given.get("limit", 3)]
    assert server.received[0].variables == {"runId": "0f", "limit": limit}
    assert server.requests == 1


async def test_runs_that_are_too_old(client, server):
    expired = error("RunNotificationsExpiredError", "too old")
    server.data({"runNotificationsOrError": expired}, {"runNotificationsOrError": None})
    with pytest.raises(errors.NotFoundError, match="too old") as caught:
        await client.alert_notifications.list(run="0f").to_list()
    assert caught.value.status_code == 410
    with pytest.raises(errors.NotFoundError) as caught:
        await client.alert_notifications.list(run="0f").to_list()
    assert caught.value.code == "RUN_NOT_FOUND"


async def test_policies_that_are_not_there(client, server):
    server.data(REFS, {"alertPolicyNotifications": None})
    with pytest.raises(errors.NotFoundError, match="no alert policy 'late'"):
        await client.alert_notifications.list(policy="late").to_list()
    server.replies.clear()
    server.data(REFS)
    with pytest.raises(errors.NotFoundError, match="did you mean 'late'"):
        await client.alert_notifications.list(policy="latte").to_list()


async def test_get_walks_the_pages(client, server):
    server.data(
        REFS,
        page(notification(1), cursor="c1", more=True),
        page(notification(2, "TickAlertNotification"), cursor="c2", more=True),
    )
    found = await client.alert_notifications.get("n2", policy="late")
    assert type(found) is TickAlertNotification
    assert server.requests == 3


@pytest.mark.parametrize("by", [{"policy": "late"}, {"run": "0f"}])
async def test_get_what_is_not_there(client, server, by):
    server.data(*([REFS, page(notification(1))] if "policy" in by else [of_run(notification(1))]))
    with pytest.raises(errors.NotFoundError, match="no alert notification 'n9'") as caught:
        await client.alert_notifications.get("n9", **by)
    assert caught.value.code == "ALERT_NOTIFICATION_NOT_FOUND"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"policy": "late", "run": "0f"},
        {"policy": ""},
        {"run": " "},
        {"policy": "late", "status": "LOST"},
        {"policy": "late", "page_size": 101},
        {"run": "0f", "sent_after": datetime(2024, 1, 1)},  # noqa: DTZ001 - the point
    ],
)
async def test_what_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.alert_notifications.list(**given)
    assert server.requests == 0


async def test_a_limit_beyond_what_the_api_takes_is_kept_here(client, server):
    server.reply(Reply({"data": {}}))
    with pytest.raises(errors.DagsterPlusError):
        await client.alert_notifications.list(run="r", limit=2**40).to_list()
    assert server.received[0].variables.get("limit") is None
