"""Redirects: followed within the origin, and never out of it."""

from __future__ import annotations

import httpx
import pytest
from kit.canary import TOKEN
from kit.payloads import RUN_ID, get_run
from kit.server import Reply, ScriptedServer

from dagster_plus_sdk import errors

pytestmark = pytest.mark.anyio

OK = Reply({"data": get_run()})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("absolute", [True, False])
async def test_a_redirect_within_the_origin(client, server, status, absolute):
    target = "/prod/graphql"
    server.reply(Reply(b"", status, {"Location": server.url + target if absolute else target}), OK)
    assert (await client.runs.get(RUN_ID)).id == RUN_ID
    first, second = server.received
    assert (first.path, second.path) == ("/graphql", target)
    assert first.body == second.body
    assert second.headers["dagster-cloud-api-token"] == TOKEN

    await client.runs.get(RUN_ID)
    assert server.received[-1].path == target
    assert server.requests == 3


async def test_a_copy_with_other_options_finds_it_for_all(client, server):
    server.reply(Reply(b"", 307, {"Location": "/prod/graphql"}), OK)
    await client.with_options(retries=0).runs.get(RUN_ID)
    await client.runs.get(RUN_ID)
    assert [r.path for r in server.received] == ["/graphql", "/prod/graphql", "/prod/graphql"]


async def test_a_target_that_is_gone_is_forgotten(client, server):
    server.reply(Reply(b"", 307, {"Location": "/old"}), OK, Reply(b"", 404), OK)
    await client.runs.get(RUN_ID)
    with pytest.raises(errors.InvalidResponseError):
        await client.runs.get(RUN_ID)
    await client.runs.get(RUN_ID)
    assert [r.path for r in server.received] == ["/graphql", "/old", "/old", "/graphql"]


async def test_three_hops_and_no_more(client, server):
    hops = [Reply(b"", 308, {"Location": f"/{n}"}) for n in range(3)]
    server.reply(*hops, OK)
    await client.runs.get(RUN_ID)
    assert [r.path for r in server.received] == ["/graphql", "/0", "/1", "/2"]

    server.received.clear()
    server.replies[:] = [Reply(b"", 307, {"Location": "/graphql"})]
    with pytest.raises(errors.RedirectError, match="More than 3 redirects") as caught:
        await client.runs.get(RUN_ID)
    assert server.requests == 4
    assert caught.value.code == "REDIRECT_REFUSED"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_origin(connect, server, status):
    elsewhere = ScriptedServer()
    try:
        elsewhere.reply(OK)
        server.reply(Reply(b"", status, {"Location": f"{elsewhere.url}/graphql?next=secret"}))
        async with httpx.AsyncClient(follow_redirects=True) as http_client:
            client = connect(http_client=http_client)
            with pytest.raises(errors.RedirectError) as caught:
                await client.runs.get(RUN_ID)
            with pytest.raises(errors.RedirectError):
                await client.runs.delete(RUN_ID)
        assert elsewhere.url in caught.value.message
        assert "next=secret" not in caught.value.message
        assert server.requests == 2
        assert elsewhere.requests == elsewhere.connections == 0
    finally:
        elsewhere.close()


async def test_a_redirect_to_nowhere(client, server):
    server.reply(Reply(b"", 302))
    with pytest.raises(errors.RedirectError, match="names no target"):
        await client.runs.get(RUN_ID)
