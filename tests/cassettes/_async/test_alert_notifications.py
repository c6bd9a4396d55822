"""Notifications of alert policies, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AgentAlertNotification,
    AlertNotification,
    AssetAlertNotification,
    JobRunAlertNotification,
    TickAlertNotification,
)

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

RUN_ID = "0f0f0f0f-1111-4222-8333-444455556666"


async def test_alert_notifications_list(client):
    found = await client.alert_notifications.list(policy="name-1").to_list()
    assert len({type(n) for n in found}) == 7
    assert {AgentAlertNotification, TickAlertNotification} < {type(n) for n in found}


async def test_alert_notifications_list_about_a_run(client):
    found = await client.alert_notifications.list(run=RUN_ID).to_list()
    assert {type(n) for n in found} == {AssetAlertNotification, JobRunAlertNotification}


async def test_alert_notifications_get(client):
    found = await client.alert_notifications.get("id-2", policy="name-1")
    assert isinstance(found, AlertNotification)
    assert found.id == "id-2"
