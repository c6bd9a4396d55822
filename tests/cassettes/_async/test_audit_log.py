"""The audit log, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AuditLogEntry

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_audit_log_list(client):
    found = await client.audit_log.list(
        actions="LOG_IN", users="ada@example.com", after=1
    ).to_list()
    assert [(type(e), e.id) for e in found] == [(AuditLogEntry, "id-1"), (AuditLogEntry, "id-2")]


async def test_audit_log_get(client):
    assert type(await client.audit_log.get("id-2", after=1)) is AuditLogEntry
