"""The organization."""

from __future__ import annotations

import pytest
from kit.canary import TOKEN
from kit.payloads import error
from kit.server import Reply

from dagster_plus_sdk import Identity, Organization, UserCount, UserDetails, errors, operations

pytestmark = pytest.mark.anyio

ACME = {
    "id": 5,
    "name": "acme",
    "publicId": "abc",
    "status": "ACTIVE",
    "accountReview": {"status": "APPROVED"},
}
IDENTITY = {
    "viewer": {
        "id": 3,
        "email": "ada@example.com",
        "displayName": "Ada",
        "name": None,
        "firstName": None,
        "lastName": None,
        "picture": None,
        "isScimProvisioned": False,
    },
    "deployment": {"id": 1, "name": "prod"},
    "permissions": [{"permission": "edit_secrets", "value": False, "disabledReason": "no"}],
    "featureGates": [{"key": "VERBOSE_TRACING", "value": {"on": True}}],
}


async def test_organization(client, server):
    server.data({"organization": ACME})
    found = await client.organization.get()
    assert type(found) is Organization
    assert (found.id, found.name, found.public_id, found.status) == (5, "acme", "abc", "ACTIVE")


async def test_identity(client, server):
    server.data({"identity": IDENTITY}, {"identity": IDENTITY | {"viewer": None}})
    found = await client.organization.identity()
    assert (type(found), type(found.viewer)) == (Identity, UserDetails)
    assert (found.viewer.id, found.deployment.name) == (3, "prod")
    assert found.permissions[0].disabled_reason == "no"
    assert found.feature_gates[0].value == {"on": True}
    assert (await client.organization.identity()).viewer is None


@pytest.mark.parametrize("plan", ["STANDARD", "PLAN_OF_TOMORROW"])
async def test_plan(client, server, plan):
    server.data({"planType": plan})
    assert await client.organization.plan() == plan


async def test_user_counts(client, server):
    counts = [{"role": "ADMIN", "count": 2}, {"role": "VIEWER", "count": 9}]
    server.data({"userCountsByHighestLevel": counts})
    found = await client.organization.user_counts(where=lambda c: c.count > 2).to_list()
    assert [(type(c), c.role, c.count) for c in found] == [(UserCount, "VIEWER", 9)]


async def test_overview_is_one_request(client, server):
    server.data(
        {
            "organization": ACME,
            "identity": IDENTITY,
            "planType": "STANDARD",
            "planAllowsAddingMoreUsers": True,
            "userCounts": [],
            "scimSyncEnabled": False,
            "defaultViewersToCatalogMode": False,
        }
    )
    found = await client.execute(operations.get_organization_overview())
    assert (found.organization.name, found.plan_type) == ("acme", "STANDARD")
    assert found.plan_allows_adding_more_users
    assert server.requests == 1


async def test_scim(client, server):
    done = {"setScimSyncEnabled": {"__typename": "SetScimSyncEnabledSuccess", "enabled": True}}
    server.data({"scimSyncEnabled": False}, done)
    assert await client.organization.scim_sync_enabled() is False
    assert await client.organization.set_scim_sync(enabled=True) is True
    assert server.received[1].variables == {"enabled": True}


async def test_scim_is_for_admins(client, server):
    server.data({"setScimSyncEnabled": error("UnauthorizedError", "admins only")})
    with pytest.raises(errors.PermissionDeniedError, match="admins only"):
        await client.organization.set_scim_sync(enabled=True)


@pytest.mark.parametrize("is_file", [True, False])
async def test_saml_metadata(client, server, tmp_path, is_file):
    server.reply(Reply(b"SUCCESS"))
    metadata = b'<?xml version="1.0"?><EntityDescriptor/>'
    path = tmp_path / "idp.xml"
    path.write_bytes(metadata)
    assert await client.organization.upload_saml_metadata(path if is_file else metadata) is None
    sent = server.received[0]
    assert sent.path == "/upload_idp_metadata"
    assert sent.headers["dagster-cloud-api-token"] == TOKEN
    kind, _, boundary = sent.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    assert (
        sent.body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="metadata.xml"; filename="metadata.xml"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n{metadata.decode()}\r\n--{boundary}--\r\n"
        ).encode()
    )


async def test_saml_metadata_is_below_the_organization(connect, server):
    server.reply(Reply(b"SUCCESS"))
    client = connect(organization="acme", deployment="prod")
    await client.organization.upload_saml_metadata(b"<x/>")
    sent = server.received[0]
    assert sent.path == "/upload_idp_metadata"
    assert "dagster-cloud-deployment" not in sent.headers
    assert sent.headers["dagster-cloud-organization"] == "acme"


async def test_an_upload_that_is_not_confirmed(client, server):
    server.reply(Reply(b"<html>Log in</html>"))
    with pytest.raises(errors.InvalidResponseError, match="did not confirm"):
        await client.organization.upload_saml_metadata(b"<x/>")
    assert server.requests == 1


@pytest.mark.parametrize("given", [b"", b"{}", "<x/>", "missing"])
async def test_metadata_that_cannot_be(client, server, tmp_path, given):
    with pytest.raises(errors.InvalidInputError):
        await client.organization.upload_saml_metadata(
            tmp_path / "missing.xml" if given == "missing" else given
        )
    assert server.requests == 0


async def test_remove_saml_metadata(client, server):
    server.reply(Reply(b""))
    assert await client.organization.remove_saml_metadata() is None
    assert (server.received[0].path, server.received[0].body) == ("/remove_idp_metadata", b"")
