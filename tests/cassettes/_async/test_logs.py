"""Captured logs, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import CapturedLog, CapturedLogs, NotFoundError

pytestmark = pytest.mark.anyio


async def test_logs_get(client, run_id):
    found = await client.logs.get(run_id("noisy_report"), step="audit_orders")
    assert type(found) is CapturedLogs
    assert "order 7 is in order" in found.stderr
    assert found.log_key[0] == run_id("noisy_report")


async def test_logs_get_unknown(client, run_id):
    with pytest.raises(NotFoundError, match="no step 'nope'"):
        await client.logs.get(run_id("noisy_report"), step="nope")


async def test_logs_links(client, run_id):
    (found,) = await client.logs.links(run_id("noisy_report")).to_list()
    assert type(found) is CapturedLog
    assert found.step_keys == ["audit_orders"]
    assert found.stderr_url.endswith(
        f"/logs/{run_id('noisy_report')}/compute_logs/{found.file_key}/err"
    )


async def test_logs_follow(client, run_id, poll):
    pieces = [p async for p in client.logs.follow(run_id("noisy_report"), poll=poll, timeout=60)]
    assert "order 5 has no invoice" in "".join(piece.stderr or "" for piece in pieces)
