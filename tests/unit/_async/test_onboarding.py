"""The checklist of the first steps."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import error

from dagster_plus_sdk import OnboardingChecklistEntryKey as Key
from dagster_plus_sdk import OnboardingChecklistStatus as Status
from dagster_plus_sdk import OnboardingEntry, errors

pytestmark = pytest.mark.anyio


def entry(key, status, at=None):
    return {"key": key, "status": status, "updatedAt": at, "metadata": {"a": 1}}


ENTRIES = [
    entry("LOADED_CODE", "COMPLETE", 1700000000.0),
    entry("LAUNCHED_RUN", "INCOMPLETE"),
    entry("A_STEP_OF_TOMORROW", "SKIPPED"),
]
FOUND = {
    "onboardingChecklistEntries": {"__typename": "OnboardingChecklistEntries", "entries": ENTRIES}
}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["LOADED_CODE", "LAUNCHED_RUN", "A_STEP_OF_TOMORROW"]),
        ({"statuses": "complete"}, ["LOADED_CODE"]),
        ({"statuses": [Status.INCOMPLETE, "SKIPPED"]}, ["LAUNCHED_RUN", "A_STEP_OF_TOMORROW"]),
        ({"where": lambda e: e.updated_at is None, "limit": 1}, ["LAUNCHED_RUN"]),
    ],
)
async def test_list(client, server, given, kept):
    server.data(FOUND)
    found = await client.onboarding.list(**given).to_list()
    assert [e.key for e in found] == kept
    assert {type(e) for e in found} == {OnboardingEntry}


async def test_entries(client, server):
    server.data(FOUND)
    first = await client.onboarding.list().first()
    assert (first.key, first.status) == (Key.LOADED_CODE, Status.COMPLETE)
    assert first.updated_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
    assert first.metadata == {"a": 1}


async def test_update(client, server):
    done = {"__typename": "OnboardingChecklistEntry", **entry("LAUNCHED_RUN", "SKIPPED")}
    server.data({"toggleOnboardingChecklistEntry": done})
    found = await client.onboarding.update("launched_run", "skipped")
    assert (type(found), found.status) == (OnboardingEntry, Status.SKIPPED)
    assert server.received[0].variables == {"key": "LAUNCHED_RUN", "status": "SKIPPED"}


@pytest.mark.parametrize(
    ("given", "message"),
    [(("X", "SKIPPED"), "entry cannot be 'X'"), (("LAUNCHED_RUN", "X"), "status cannot be 'X'")],
)
async def test_what_cannot_be_is_not_sent(client, server, given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await client.onboarding.update(*given)
    with pytest.raises(errors.InvalidInputError, match="choose from COMPLETE"):
        client.onboarding.list(statuses="X")
    assert server.requests == 0


async def test_refusals(client, server):
    refused = error("UnauthorizedError", "not you")
    server.data(
        {"onboardingChecklistEntries": refused}, {"toggleOnboardingChecklistEntry": refused}
    )
    with pytest.raises(errors.PermissionDeniedError, match="not you"):
        await client.onboarding.list().to_list()
    with pytest.raises(errors.PermissionDeniedError, match="not you"):
        await client.onboarding.update(Key.LAUNCHED_RUN, Status.COMPLETE)
