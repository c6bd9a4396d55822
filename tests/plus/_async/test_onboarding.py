from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_entries_are_ticked_off(client, viewer):
    before = await client.onboarding.list().to_list()
    assert len(before) == 13
    assert {entry.status for entry in before} == {"INCOMPLETE"}

    changed = await client.onboarding.update("LAUNCHED_RUN", "complete")

    assert changed.updated_at is not None
    done = await viewer.onboarding.list(statuses="complete").to_list()
    assert done == [changed]
