"""Captured logs of real runs."""

from __future__ import annotations

import pytest
from kit.stage import noisy_config

from dagster_plus_sdk import CapturedLog, CapturedLogs, InvalidInputError, NotFoundError

pytestmark = pytest.mark.anyio


async def test_get(client, run_ids):
    found = await client.logs.get(run_ids["noisy"])
    assert type(found) is CapturedLogs
    assert found.log_key[:2] == [run_ids["noisy"], "compute_logs"]
    lines = found.stderr.splitlines()
    assert [line for line in lines if "order 401 is in order" in line] != []
    assert sum(" - WARNING - " in line for line in lines) == 30
    only = await client.logs.get(run_ids["noisy"], step="audit_orders", stream="stdout")
    assert (only.stdout, only.stderr) == (found.stdout, None)


async def test_a_step_that_there_is_not(client, run_ids):
    with pytest.raises(NotFoundError, match=r"no step 'audit_order'.*did you mean 'audit_orders'"):
        await client.logs.get(run_ids["noisy"], step="audit_order")
    with pytest.raises(NotFoundError) as caught:
        await client.logs.get("00000000-0000-4000-8000-000000000000")
    assert caught.value.code == "RUN_NOT_FOUND"
    with pytest.raises(InvalidInputError, match="stream"):
        await client.logs.get(run_ids["noisy"], stream="stdin")


async def test_links(client, run_ids, dagster_url):
    [found] = await client.logs.links(run_ids["north"]).to_list()
    assert type(found) is CapturedLog
    assert found.step_keys == ["extract_orders", "summarize", "publish"]
    assert found.stderr_location.endswith(f"{found.file_key}.err")
    assert found.stderr_url.startswith(f"{dagster_url.removesuffix('/graphql')}/logs/")
    assert await client.logs.links(run_ids["north"], step="nope").to_list() == []


async def test_follow_gives_what_get_gives(client):
    run = await client.jobs.launch("noisy_report", run_config=noisy_config(20, 3))
    pieces = [p async for p in client.logs.follow(run.id, poll=0.2, timeout=180)]
    text = "".join(piece.stderr or "" for piece in pieces)
    assert text == (await client.logs.get(run.id)).stderr
    assert text.count("is in order") == 20
