from __future__ import annotations

import httpx
import pytest

from dagster_plus_sdk import AuthenticationError, NotFoundError, PermissionDeniedError

pytestmark = pytest.mark.anyio

CONTENT = bytes(range(256)) * 2000 + b"\r\n--end"
KEY = 'reports/ä "b".csv'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def target(tmp_path):
    return tmp_path / "b.csv"


async def presign(plus, endpoint, key="k", *, token=None, path="", **headers):
    """Ask for a presigned URL without the SDK, which hides it."""
    sent = {"Dagster-Cloud-Api-Token": token or plus.tokens["organization_admin"], **headers}
    async with httpx.AsyncClient() as http:
        return await http.post(f"{plus.url}{path}/{endpoint}", json={"key": key}, headers=sent)


async def test_uploaded_replaced_and_downloaded(client, file, target):
    await client.artifacts.upload(KEY, file)
    await client.artifacts.download(KEY, target)
    assert target.read_bytes() == CONTENT

    file.write_bytes(b"")
    await client.artifacts.upload(KEY, file)
    await client.artifacts.download(KEY, target)
    assert target.read_bytes() == b""


async def test_deployments_and_the_organization_have_their_own(client, connect, file, target):
    staging = connect(deployment="staging")
    await client.artifacts.upload("a", file)
    await staging.artifacts.upload("b", file, scope="organization")

    await client.artifacts.download("b", target, scope="organization")
    for other, key, scope in (
        (staging, "a", "deployment"),
        (client, "a", "organization"),
        (client, "b", "deployment"),
    ):
        with pytest.raises(NotFoundError):
            await other.artifacts.download(key, target, scope=scope)


async def test_who_may(client, viewer, connect, file, target):
    with pytest.raises(PermissionDeniedError):
        await viewer.artifacts.upload("a", file)
    await client.artifacts.upload("a", file)
    await viewer.artifacts.download("a", target)
    with pytest.raises(AuthenticationError):
        await connect(token="user:nobody").artifacts.download("a", target)


async def test_presigned_urls_end(plus):
    form = (await presign(plus, "gen_artifact_post")).json()
    source = (await presign(plus, "gen_artifact_get")).json()
    async with httpx.AsyncClient() as http:

        async def upload(**fields):
            data = {**form["fields"], **fields}
            return await http.post(form["url"], data=data, files={"file": ("a", CONTENT)})

        assert (await http.get(source["url"])).status_code == 404
        assert (await upload()).status_code == 204
        assert (await http.get(source["url"])).content == CONTENT
        for wrong in ({"key": "other"}, {"policy": "e30="}, {"signature": "x"}):
            assert (await upload(**wrong)).status_code == 403
        plus.advance_clock(3000)
        assert (await http.get(source["url"])).status_code == 200
        plus.advance_clock(1000)
        assert (await upload()).status_code == 403
        assert "<Code>AccessDenied</Code>" in (await http.get(source["url"])).text


async def test_the_object_store_wants_no_token(plus):
    # The transfers above would fail if the SDK sent one.
    source = (await presign(plus, "gen_artifact_get")).json()
    async with httpx.AsyncClient() as http:
        for name in ("Dagster-Cloud-Api-Token", "Authorization"):
            refused = await http.get(source["url"], headers={name: plus.tokens["viewer"]})
            assert refused.status_code == 400
        nothing = await http.post(f"{plus.url}/_sandbox_storage/", data={"key": "a"})
        assert nothing.status_code == 400


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/staging"}, 200),
        ({"path": "/demo", "Dagster-Cloud-Organization": "demo"}, 200),
        ({"Dagster-Cloud-Deployment": "staging"}, 200),
        ({"path": "/nothing"}, 404),
        ({"Dagster-Cloud-Deployment": "nothing"}, 404),
        ({"Dagster-Cloud-Organization": "other"}, 401),
        ({"Dagster-Cloud-Scope": "unscoped"}, 400),
        ({"key": ""}, 400),
        ({"token": "user:nobody"}, 401),
    ],
)
async def test_where_they_are_asked_for(plus, asked, status):
    assert (await presign(plus, "gen_artifact_get", **asked)).status_code == status


async def test_saml_metadata(client, viewer):
    with pytest.raises(PermissionDeniedError):
        await viewer.organization.upload_saml_metadata(b"<md/>")
    with pytest.raises(PermissionDeniedError):
        await viewer.organization.remove_saml_metadata()
    await client.organization.upload_saml_metadata(b"<md/>")
    await client.organization.remove_saml_metadata()


async def test_what_rest_refuses(plus):
    sent = {"Dagster-Cloud-Api-Token": plus.tokens["organization_admin"]}
    async with httpx.AsyncClient(base_url=plus.url, headers=sent) as http:
        assert (await http.post("/upload_idp_metadata", json={})).status_code == 400
        assert (await http.get("/gen_artifact_get")).status_code == 405
        # These are the real Dagster's.
        reported = await http.post("/prod/report_asset_materialization/a", json={})
        assert (reported.status_code, "Dagster" in reported.text) == (404, True)
        sent = {"Dagster-Cloud-Api-Token": plus.tokens["viewer"]}
        reported = await http.post("/prod/report_asset_check/a", json={}, headers=sent)
        assert reported.status_code == 403
