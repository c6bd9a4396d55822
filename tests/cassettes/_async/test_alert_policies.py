"""Alert policies, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AlertPoliciesSchema,
    AlertPolicy,
    SampleNotification,
    WebhookTemplateToken,
    errors,
)

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

DOCUMENT = {"name": "name-1", "enabled": True, "event_types": ["JOB_FAILURE"]}
PLACE = {"location": "demo", "repository": "__repository__"}


async def test_alert_policies_list(client):
    found = await client.alert_policies.list(enabled=True).to_list()
    assert [(type(p), p.name) for p in found] == [(AlertPolicy, "name-1"), (AlertPolicy, "name-2")]


async def test_alert_policies_get(client):
    found = await client.alert_policies.get("name-2")
    assert (type(found), found.name) == (AlertPolicy, "name-2")


async def test_alert_policies_get_by_id(client):
    policy_id = "6f3b2c1a-1111-4222-8333-444455556666"
    found = await client.alert_policies.get(policy_id)
    assert (type(found), found.id) == (AlertPolicy, policy_id)


async def test_alert_policies_create(client):
    policy = {**DOCUMENT, "name": "new"}
    assert type(await client.alert_policies.create(policy, validate=False)) is AlertPolicy


async def test_alert_policies_create_twice(client):
    with pytest.raises(errors.ConflictError, match="There is an alert policy 'name-1'"):
        await client.alert_policies.create(DOCUMENT)


async def test_alert_policies_update(client):
    assert type(await client.alert_policies.update(DOCUMENT, validate=False)) is AlertPolicy


async def test_alert_policies_delete(client):
    assert await client.alert_policies.delete("name-1") is None


async def test_alert_policies_sync(client):
    found = await client.alert_policies.sync({"alert_policies": [DOCUMENT]}, validate=False)
    assert {type(p) for p in found} == {AlertPolicy}


async def test_alert_policies_plan(client):
    changes = await client.alert_policies.plan({"alert_policies": [DOCUMENT]}, validate=False)
    assert changes.created == ["name-1"]


async def test_alert_policies_export(client):
    assert (await client.alert_policies.export())["alert_policies"] == []


async def test_alert_policies_mute(client):
    assert type(await client.alert_policies.mute("name-1", for_seconds=60)) is AlertPolicy


async def test_alert_policies_unmute(client):
    assert type(await client.alert_policies.unmute("name-1")) is AlertPolicy


async def test_alert_policies_test(client):
    found = await client.alert_policies.test(document=DOCUMENT, validate=False)
    assert type(found) is SampleNotification
    assert "***" in repr(found.webhook_result.request.headers)


async def test_alert_policies_schema(client):
    assert type(await client.alert_policies.schema()) is AlertPoliciesSchema


async def test_alert_policies_for_asset(client):
    found = await client.alert_policies.for_asset("shop/orders").to_list()
    assert {type(p) for p in found} == {AlertPolicy}


async def test_alert_policies_for_job(client):
    found = await client.alert_policies.for_job("daily_report", **PLACE).to_list()
    assert {type(p) for p in found} == {AlertPolicy}


async def test_alert_policies_for_schedule(client):
    found = await client.alert_policies.for_schedule("daily", **PLACE).to_list()
    assert {type(p) for p in found} == {AlertPolicy}


async def test_alert_policies_for_sensor(client):
    found = await client.alert_policies.for_sensor("watch", **PLACE).to_list()
    assert {type(p) for p in found} == {AlertPolicy}


async def test_alert_policies_for_a_sensor_somewhere(client):
    with pytest.raises(errors.NotFoundError, match="There is no sensor 'watch'"):
        await client.alert_policies.for_sensor("watch").to_list()


async def test_alert_policies_for_code_location(client):
    found = await client.alert_policies.for_code_location("demo").to_list()
    assert {type(p) for p in found} == {AlertPolicy}


async def test_alert_policies_webhook_tokens(client):
    found = await client.alert_policies.webhook_tokens("JOB_FAILURE").to_list()
    assert {type(t) for t in found} == {WebhookTemplateToken}


async def test_alert_policies_validate_webhook(client):
    found = await client.alert_policies.validate_webhook("{{run_id}}", ["JOB_FAILURE"])
    assert {type(t) for t in found} == {WebhookTemplateToken}
