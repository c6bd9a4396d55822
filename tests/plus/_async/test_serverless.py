from __future__ import annotations

import httpx
import pytest

from dagster_plus_sdk import GraphQLRequestError, PermissionDeniedError

pytestmark = pytest.mark.anyio


async def test_where_it_is_and_where_not(client, connect):
    await client.deployments.create("cloud", agent_type="serverless")
    cloud = connect(deployment="cloud")

    for one, status in ((client, "INACTIVE"), (cloud, "ACTIVE")):
        found = await one.serverless.get()
        assert (found.status, found.registry_is_harbor) == (status, False)
        runs = await one.serverless.non_isolated_runs()
        assert (runs.is_enabled, runs.message == "") == ((status == "ACTIVE"),) * 2


async def test_who_sees_the_credentials(client, viewer):
    assert (await client.serverless.get()).aws_secret_access_key.reveal()
    found = await viewer.serverless.get()
    assert (found.registry_url != "", found.aws_secret_access_key.reveal()) == (True, "")


async def test_pex_files(client, plus):
    put, other = await client.serverless.pex_urls(["a b.pex", "other.pex"])
    (get,) = await client.serverless.pex_urls(["a b.pex"], method="GET")

    async with httpx.AsyncClient() as http:
        assert (await http.get(get.url.reveal())).status_code == 404
        assert (await http.put(put.url.reveal(), content=b"pex")).status_code == 200
        assert (await http.get(get.url.reveal())).content == b"pex"
        # A URL is for one method and one file.
        assert (await http.get(put.url.reveal())).status_code == 403
        assert (await http.put(get.url.reveal(), content=b"x")).status_code == 403
        wrong = other.url.reveal().replace("other", "a%20b")
        assert (await http.put(wrong, content=b"x")).status_code == 403
        plus.advance_clock(4000)
        late = await http.get(get.url.reveal())
        assert (late.status_code, "expired" in late.text) == (403, True)


async def test_harbor_takes_no_pex_files(client, plus):
    plus.switches(serverless_registry="harbor")

    assert (await client.serverless.get()).registry_is_harbor
    with pytest.raises(GraphQLRequestError, match="PEX"):
        await client.serverless.pex_urls(["a.pex"])


async def test_a_viewer_gets_no_urls(viewer):
    with pytest.raises(PermissionDeniedError, match="EDIT_CODE_LOCATIONS"):
        await viewer.serverless.pex_urls(["a.pex"])
