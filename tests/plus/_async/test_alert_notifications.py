from __future__ import annotations

import pytest

from dagster_plus_sdk import NotFoundError
from dagster_plus_sdk._generated import operations

pytestmark = pytest.mark.anyio

RUN = "f7a1c1f2-1111-4222-8333-444455556666"
EMAIL = {"email": {"email_addresses": ["ada@example.com"]}}


async def send(client, operation):
    return (await client.execute(operation)).ok


def policy(name, event, **more):
    base = {"name": name, "enabled": True, "event_types": [event], "notification_service": EMAIL}
    return base | more


LONG = {"alert_targets": [{"long_running_job_threshold_target": {"threshold_seconds": 1}}]}
METRIC = {
    "metric_name": "m",
    "lookback_window": 1,
    "aggregation_function": "MAX",
    "thresholds": {"max_allowed_value": 1},
    "asset_selection": "*",
}
MONITOR = {"alert_targets": [{"metric_monitor_asset_selection_threshold_target": METRIC}]}
CREDITS = {"alert_targets": [{"credit_limit_target": {}}]}


@pytest.fixture
def told(plus):
    """Five notifications of a policy about a run's job."""
    entries = [
        {
            "policy": "failures",
            "about": f"job{n}",
            "run": RUN,
            "location": "shop",
            "seconds_ago": 9 - n,
        }
        for n in range(4)
    ]
    muted = {"policy": "failures", "about": "job4", "status": "MUTED", "run": RUN}
    seed = {"alert_policies": [policy("failures", "JOB_FAILURE")]}
    plus.seed(seed | {"alert_notifications": [*entries, muted]})


async def test_newest_first_by_pages(client, told):
    found = await client.alert_notifications.list(policy="failures", page_size=2).to_list()
    assert [one.job_name for one in found] == ["job4", "job3", "job2", "job1", "job0"]
    assert [one.status for one in found] == ["MUTED", *["SUCCESS"] * 4]
    assert found[0].sent_at > found[-1].sent_at
    assert (found[-1].run_id, found[-1].location_name) == (RUN, "shop")
    assert await client.alert_notifications.get(found[2].id, policy="failures") == found[2]


async def test_a_page(client, told):
    known = await client.alert_policies.get("failures")

    async def page(limit, cursor=None):
        operation = operations.list_alert_notifications(
            policy_id=known.id, limit=limit, cursor=cursor
        )
        found = await send(client, operation)
        return [one.job_name for one in found.results], found.cursor, found.has_more

    first, cursor, more = await page(3)
    assert (first, more) == (["job4", "job3", "job2"], True)
    rest, last, more = await page(2, cursor)
    assert (rest, more) == (["job1", "job0"], False)
    assert await page(2, last) == ([], None, False)


async def test_of_a_run(client, told, plus):
    found = await client.alert_notifications.list(run=RUN).to_list()
    assert [one.job_name for one in found] == ["job4", "job3", "job2", "job1", "job0"]
    whole = await send(client, operations.list_run_notifications(run_id=RUN, limit=2))
    assert len(whole.notifications) == 2
    assert [one.name for one in whole.alert_policies] == ["failures"]
    assert await client.alert_notifications.list(run="another").to_list() == []

    plus.advance_clock(31 * 86_400)
    with pytest.raises(NotFoundError, match="not kept"):
        await client.alert_notifications.list(run=RUN).to_list()
    assert len(await client.alert_notifications.list(policy="failures").to_list()) == 5


async def test_of_no_policy(client, connect, told):
    gone = operations.list_alert_notifications(policy_id="gone", limit=1)
    assert await send(client, gone) is None
    with pytest.raises(NotFoundError):
        await client.alert_notifications.list(policy="gone").to_list()
    there = connect(deployment="staging")
    assert await there.alert_notifications.list(run=RUN).to_list() == []


@pytest.mark.parametrize(
    ("event", "more", "typename", "shows"),
    [
        ("AGENT_UNAVAILABLE", {}, "AgentAlertNotification", {"error_message": "no"}),
        ("ASSET_CHECK_PASSED", {}, "AssetAlertNotification", {"run_id": RUN}),
        ("CODE_LOCATION_ERROR", {}, "CodeLocationAlertNotification", {"location_name": "a/b"}),
        (
            "INSIGHTS_CONSUMPTION_EXCEEDED",
            CREDITS,
            "InsightsAlertNotification",
            {"metric_name": "a/b"},
        ),
        ("JOB_LONG_RUNNING", LONG, "JobRunAlertNotification", {"event_type": "JOB_LONG_RUNNING"}),
        ("METRIC_MONITOR_ALERT", MONITOR, "MetricsAlertNotification", {"metric_name": "a/b"}),
        ("TICK_FAILURE", {}, "TickAlertNotification", {}),
    ],
)
async def test_each_family_of_events_has_its_class(client, plus, event, more, typename, shows):
    entry = {"policy": "p", "about": "a/b", "run": RUN, "status": "FAILURE", "error": "no"}
    seed = {"alert_policies": [policy("p", event, **more)], "alert_notifications": [entry]}
    plus.seed(seed)
    found = await client.alert_notifications.list(policy="p").first()
    assert (found.typename__, found.status) == (typename, "FAILURE")
    assert {name: getattr(found, name) for name in shows} == shows
    if event.startswith("ASSET"):
        assert [str(one.asset_key) for one in found.assets] == ["a/b"]
    if event == "TICK_FAILURE":
        assert [one.name for one in found.instigators] == ["a/b"]
