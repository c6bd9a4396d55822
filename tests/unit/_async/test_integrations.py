"""Integrations."""

from __future__ import annotations

import logging
from datetime import datetime, timezone

import pytest
from kit.catalog import (
    connection,
    connection_summary,
    connection_sync,
    log_entry,
)
from kit.payloads import error

from dagster_plus_sdk import (
    AtlanCheckFailure,
    Connection,
    ConnectionSummary,
    ConnectionSync,
    ConnectionValidation,
    GitHubSetup,
    GitLabSetup,
    Secret,
    errors,
)
from dagster_plus_sdk import ExternalAssetConnectionSyncStatus as SyncStatus

pytestmark = pytest.mark.anyio

ID = "0f0f0f0f-1111-4222-8333-444455556666"
ATLAN_TOKEN = "atlan-token-of-the-test"
LIST = {
    "externalAssetConnections": [
        connection_summary("shop", "c2"),
        connection_summary("Ads", "c1", type="BIGQUERY"),
        connection_summary("shop", "c3"),
    ]
}
DENIED = error("UnauthorizedError", "not you")


# Git, Slack, Atlan


async def test_github(client, server):
    branch = {
        "state": "IN_PROGRESS",
        "step": "PR_CREATED",
        "pullRequest": {
            "number": 3,
            "url": "https://example.com/3",
            "status": "OPEN",
            "branch": "b",
            "baseBranch": "main",
        },
    }
    setup = {
        "__typename": "GitHubSetup",
        "id": "1",
        "isUserAuthenticated": True,
        "isAwaitingApproval": False,
        "installations": [{"id": 5, "name": "acme", "settingsUrl": "https://example.com"}],
        "branch": branch,
    }
    server.data({"githubSetup": setup})
    found = await client.integrations.github()
    assert type(found) is GitHubSetup
    assert (found.installations[0].id, found.branch.pull_request.number) == (5, 3)


async def test_gitlab(client, server):
    project = {
        "id": "p",
        "name": "pipelines",
        "url": "https://example.com",
        "updatedAt": 1700000000.0,
        "namespace": {"id": "n", "name": "acme", "namespaceId": "7"},
    }
    setup = {"__typename": "Gitlab", "isUserAuthenticated": False, "projects": [project]}
    server.data({"gitlab": setup})
    found = await client.integrations.gitlab()
    assert type(found) is GitLabSetup
    assert found.projects[0].updated_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
    assert found.namespaces is None


@pytest.mark.parametrize(("method", "field"), [("github", "githubSetup"), ("gitlab", "gitlab")])
async def test_git_errors(client, server, method, field):
    server.data({field: None}, {field: DENIED})
    with pytest.raises(errors.NotFoundError) as caught:
        await getattr(client.integrations, method)()
    assert caught.value.code == "INTEGRATION_NOT_FOUND"
    with pytest.raises(errors.PermissionDeniedError, match="not you"):
        await getattr(client.integrations, method)()


async def test_slack_channels(client, server):
    found = {"__typename": "SlackChannels", "channels": ["ops", "data", "dev"]}
    server.data({"availableSlackChannels": found})
    channels = client.integrations.slack_channels(where=lambda c: c.startswith("d"))
    assert await channels.to_list() == ["data", "dev"]


async def test_slack_is_not_connected(client, server):
    server.data({"availableSlackChannels": error("SlackIntegrationError", "not connected")})
    with pytest.raises(errors.ServerError, match="not connected") as caught:
        await client.integrations.slack_channels().to_list()
    assert caught.value.code == "SLACK_INTEGRATION"


def atlan(settings, check):
    return {"atlanIntegration": {"settings": settings, "check": check}}


async def test_atlan(client, server):
    settings = {"__typename": "AtlanIntegrationSettings", "domain": "acme.atlan.com"}
    check = {
        "__typename": "AtlanIntegrationPreflightCheckFailure",
        "errorCode": "401",
        "errorMessage": "bad token",
    }
    server.data(atlan(settings, check))
    found = await client.integrations.atlan()
    assert found.settings.domain == "acme.atlan.com"
    assert found.check == AtlanCheckFailure(error_code="401", error_message="bad token")
    assert "token" not in server.received[0].json["query"]


UNSET_SETTINGS = error("AtlanIntegrationSettingsUnset", "not set")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ({"atlanIntegration": None}, errors.NotFoundError, "ATLAN_INTEGRATION_SETTINGS_UNSET"),
        (
            atlan(UNSET_SETTINGS, UNSET_SETTINGS),
            errors.NotFoundError,
            "ATLAN_INTEGRATION_SETTINGS_UNSET",
        ),
        (atlan(DENIED, DENIED), errors.PermissionDeniedError, "UNAUTHORIZED"),
        (atlan(None, None), errors.UnexpectedResultError, "INTERNAL_ERROR"),
    ],
)
async def test_atlan_errors(client, server, answer, kind, code):
    server.data(answer)
    with pytest.raises(kind) as caught:
        await client.integrations.atlan()
    assert caught.value.code == code


@pytest.mark.parametrize("token", [ATLAN_TOKEN, Secret(ATLAN_TOKEN)])
async def test_set_atlan(client, server, token, caplog):
    caplog.set_level(logging.DEBUG)
    success = {"__typename": "SetAtlanIntegrationSettingsSuccess", "organization": "acme"}
    server.data(
        {"setAtlanIntegrationSettings": success | {"success": True}},
        {"setAtlanIntegrationSettings": success | {"success": False}},
        {"setAtlanIntegrationSettings": DENIED},
    )
    assert await client.integrations.set_atlan("acme.atlan.com", token) is None
    sent = {"domain": "acme.atlan.com", "token": ATLAN_TOKEN}
    assert server.received[0].variables == {"settings": sent}
    for kind in (errors.ServerError, errors.PermissionDeniedError):
        with pytest.raises(kind) as caught:
            await client.integrations.set_atlan("acme.atlan.com", token)
        assert ATLAN_TOKEN not in str(caught.value) + repr(caught.value)
    assert ATLAN_TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("domain", "token", "message"),
    [("", ATLAN_TOKEN, "the domain"), ("a", " ", "Atlan's token"), ("a", Secret(""), "Atlan's")],
)
async def test_set_atlan_refuses(client, server, domain, token, message):
    with pytest.raises(errors.InvalidInputError, match=message) as caught:
        await client.integrations.set_atlan(domain, token)
    assert ATLAN_TOKEN not in str(caught.value)
    assert server.requests == 0


async def test_delete_atlan(client, server):
    success = {"__typename": "DeleteAtlanIntegrationSuccess", "organization": "acme"}
    server.data(
        {"deleteAtlanIntegrationSettings": success | {"success": True}},
        {"deleteAtlanIntegrationSettings": success | {"success": False}},
    )
    assert await client.integrations.delete_atlan() is None
    with pytest.raises(errors.ServerError, match="was not done"):
        await client.integrations.delete_atlan()


# Connections


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["c1", "c2", "c3"]),
        ({"name": "SH*"}, ["c2", "c3"]),
        ({"types": "bigquery"}, ["c1"]),
        ({"types": ["SNOWFLAKE", "POSTGRES"], "where": lambda c: c.id != "c2"}, ["c3"]),
        ({"limit": 1}, ["c1"]),
    ],
)
async def test_connections(client, server, given, kept):
    server.data(LIST)
    found = await client.integrations.connections(**given).to_list()
    assert [c.id for c in found] == kept
    assert {type(c) for c in found} == {ConnectionSummary}


@pytest.mark.parametrize(
    ("name", "asked", "sent"),
    [
        (ID, ["GetConnection"], ID),
        ("Ads", ["ListConnections", "GetConnection"], "c1"),
        ("c3", ["ListConnections", "GetConnection"], "c3"),
    ],
)
async def test_connection(client, server, name, asked, sent):
    answers = [LIST, {"externalAssetConnection": connection("Ads")}]
    server.data(*answers[-len(asked) :])
    found = await client.integrations.connection(name)
    assert (type(found), found.config) == (Connection, "account: acme\n")
    assert found.change_detection.has_successful_sync
    assert server.operations == asked
    assert server.received[-1].variables == {"id": sent}


@pytest.mark.parametrize(
    ("name", "answer", "kind", "message"),
    [
        ("Adds", LIST, errors.NotFoundError, "did you mean 'Ads'"),
        ("shop", LIST, errors.InvalidInputError, 'say which: id="c2", id="c3"'),
        (ID, {"externalAssetConnection": None}, errors.NotFoundError, "no connection"),
    ],
)
async def test_connection_errors(client, server, name, answer, kind, message):
    server.data(answer)
    with pytest.raises(kind, match=message):
        await client.integrations.connection(name)


FAILS = error("PythonError", "it broke")


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda i: i.update_connection(ID, name="x"), "updateExternalAssetConnection"),
        (lambda i: i.delete_connection(ID), "deleteExternalAssetConnection"),
        (
            lambda i: i.set_connection_schedule(ID, "RUNNING"),
            "toggleExternalAssetConnectionSchedule",
        ),
        (
            lambda i: i.set_connection_detection(ID),
            "updateExternalAssetConnectionChangeDetectionSchedule",
        ),
        (lambda i: i.sync_connection(ID), "triggerManualExternalAssetConnectionSync"),
    ],
)
async def test_an_id_that_is_not_there(client, server, call, field):
    missing, found = [{"externalAssetConnection": one} for one in (None, connection("Ads"))]
    server.data({field: FAILS}, missing, {field: FAILS}, found)
    with pytest.raises(errors.NotFoundError, match="no connection"):
        await call(client.integrations)
    with pytest.raises(errors.ServerError, match="it broke"):
        await call(client.integrations)


TEXT = "account: acme  # ours\n"


@pytest.mark.parametrize("config", [{"account": "acme"}, TEXT, None])
async def test_create_connection(client, server, tmp_path, config):
    if config is None:
        config = tmp_path / "config.yaml"
        config.write_text(TEXT)
    server.data({"createExternalAssetConnection": connection("Ads")})
    found = await client.integrations.create_connection(
        "snowflake", "Ads", config, cron="0 * * * *", timezone="UTC"
    )
    assert type(found) is Connection
    assert server.received[0].variables == {
        "connectionType": "SNOWFLAKE",
        "connectionParams": {
            "name": "Ads",
            "sourceConfigYaml": TEXT if config is TEXT else "account: acme\n",
            "cronString": "0 * * * *",
            "timezone": "UTC",
        },
    }


async def test_update_connection(client, server):
    server.data(LIST, {"updateExternalAssetConnection": connection("Ads")})
    found = await client.integrations.update_connection("Ads", name="Ads 2", description="")
    assert type(found) is Connection
    assert server.received[1].variables == {
        "id": "c1",
        "connectionParams": {"name": "Ads 2", "description": ""},
    }


async def test_schedules(client, server):
    done = connection("Ads")
    server.data(
        {"toggleExternalAssetConnectionSchedule": done},
        {"updateExternalAssetConnectionChangeDetectionSchedule": done},
        {"updateExternalAssetConnectionChangeDetectionSchedule": done},
    )
    assert type(await client.integrations.set_connection_schedule(ID, "stopped")) is Connection
    await client.integrations.set_connection_detection(ID, cron="0 * * * *", timezone="UTC")
    await client.integrations.set_connection_detection(ID)
    assert [r.variables for r in server.received] == [
        {"id": ID, "newStatus": "STOPPED"},
        {"id": ID, "cron": "0 * * * *", "timezone": "UTC"},
        {"id": ID, "cron": None, "timezone": None},
    ]


async def test_delete_connection(client, server):
    done = {"__typename": "DeleteExternalAssetConnectionSuccess", "id": "c1"}
    server.data(LIST, {"deleteExternalAssetConnection": done})
    assert await client.integrations.delete_connection("Ads") is None
    assert server.received[1].variables == {"id": "c1"}


async def test_validate_connection(client, server):
    place = {"entries": [{"__typename": "EvaluationStackPathEntry", "fieldName": "account"}]}
    wrong = {
        "__typename": "MissingFieldConfigError",
        "message": "no account",
        "reason": "MISSING_REQUIRED_FIELD",
        "stack": place,
    }
    verdict = {"isValid": False, "errors": [wrong]}
    server.data({"externalAssetConnectionConfigValidationResult": verdict})
    found = await client.integrations.validate_connection("POSTGRES", {"host": "h"})
    assert (type(found), found.is_valid) == (ConnectionValidation, False)
    assert found.errors[0].message == "no account"
    assert server.received[0].variables == {"connectionType": "POSTGRES", "configYaml": "host: h\n"}


async def test_connection_schemas(client, server):
    def schema(kind):
        root = {"__typename": "RegularConfigType", "key": kind}
        return {"type": kind, "types": [], "root": root}

    server.data({"externalAssetConnectionSchemas": [schema("POSTGRES"), schema("BIGQUERY")]})
    found = await client.integrations.connection_schemas().to_list()
    assert [(s.type, s.root.key) for s in found] == [
        ("BIGQUERY", "BIGQUERY"),
        ("POSTGRES", "POSTGRES"),
    ]


async def test_sync_connection(client, server):
    started = {"__typename": "ExternalAssetConnectionSync", **connection_sync("s1")}
    server.data(
        {"triggerManualExternalAssetConnectionSync": started},
        {"externalAssetConnectionSync": connection_sync("s1")},
        {"externalAssetConnectionSync": None},
    )
    found = await client.integrations.sync_connection(ID)
    assert (type(found), found.status) == (ConnectionSync, SyncStatus.SUCCEEDED)
    assert (await client.integrations.connection_sync("s1")).id == "s1"
    assert [r.variables for r in server.received] == [{"connectionId": ID}, {"id": "s1"}]
    with pytest.raises(errors.NotFoundError, match="s9") as caught:
        await client.integrations.connection_sync("s9")
    assert caught.value.code == "CONNECTION_SYNC_NOT_FOUND"


def syncs(*ids):
    return {"externalAssetConnection": {"syncs": [connection_sync(i) for i in ids]}}


async def test_connection_syncs(client, server):
    server.data(LIST, syncs("s3", "s2", "s1"), syncs("s1"), syncs("s1"))
    pager = client.integrations.connection_syncs("Ads", page_size=2)
    assert [s.id for s in await pager.to_list()] == ["s3", "s2", "s1"]
    assert server.operations == ["ListConnections", *["ListConnectionSyncs"] * 2]
    assert [r.variables for r in server.received[1:]] == [
        {"id": "c1", "limit": 3},
        {"id": "c1", "limit": 3, "cursor": "s2"},
    ]
    rest = client.integrations.connection_syncs(ID, cursor="s2", where=lambda s: s.id == "s1")
    assert [s.id for s in await rest.to_list()] == ["s1"]
    assert server.received[-1].variables == {"id": ID, "limit": 101, "cursor": "s2"}


async def test_syncs_of_an_unknown_connection(client, server):
    server.data({"externalAssetConnection": None}, LIST)
    for name in (ID, "Adds"):
        with pytest.raises(errors.NotFoundError):
            await client.integrations.connection_syncs(name).to_list()


def logs(*numbers, cursor):
    found = {"cursor": cursor, "entries": [log_entry(n) for n in numbers]}
    return {"externalAssetConnectionSync": {"logs": found}}


async def test_connection_logs(client, server):
    server.data(logs(1, 2, cursor="a"), logs(3, cursor="b"), logs(cursor="b"))
    pager = client.integrations.connection_logs("s1", page_size=2)
    assert [e.sequence for e in await pager.to_list()] == [1, 2, 3]
    assert [r.variables.get("cursor") for r in server.received] == [None, "a", "b"]
    assert pager.cursor == "b"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (logs(1, cursor=None), [1]),
        ({"externalAssetConnectionSync": {"logs": None}}, []),
    ],
)
async def test_connection_logs_end(client, server, answer, found):
    server.data(answer, {"externalAssetConnectionSync": None})
    entries = await client.integrations.connection_logs("s1").to_list()
    assert [e.sequence for e in entries] == found
    with pytest.raises(errors.NotFoundError):
        await client.integrations.connection_logs("s9").to_list()


async def test_delete_connection_sync(client, server):
    done = {"__typename": "DeleteExternalAssetConnectionSyncSuccess", "id": "s1"}
    server.data({"deleteExternalAssetConnectionSync": done})
    assert await client.integrations.delete_connection_sync("s1") is None
    assert server.received[0].variables == {"id": "s1"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda i: i.connection(""), "the connection's name"),
        (lambda i: i.connection_sync(""), "sync_id"),
        (lambda i: i.create_connection("ORACLE", "a", {"a": 1}), "type cannot be 'ORACLE'"),
        (lambda i: i.create_connection("POSTGRES", "", {"a": 1}), "the connection's name"),
        (lambda i: i.create_connection("POSTGRES", "a", "- a"), "must be a mapping"),
        (lambda i: i.create_connection("POSTGRES", "a", {"a": 1}, cron=" "), "cron"),
        (lambda i: i.update_connection("a"), "nothing is to be changed"),
        (lambda i: i.update_connection("a", timezone=""), "timezone"),
        (lambda i: i.validate_connection("ORACLE", {"a": 1}), "choose from BIGQUERY"),
        (lambda i: i.set_connection_schedule("a", "PAUSED"), "choose from RUNNING"),
        (lambda i: i.delete_connection_sync(" "), "sync_id"),
    ],
)
async def test_what_cannot_be_is_not_sent(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.integrations)
    assert server.requests == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda i: i.connections(types="ORACLE"),
        lambda i: i.connections(types=[]),
        lambda i: i.connection_syncs(""),
        lambda i: i.connection_syncs(ID, page_size=101),
        lambda i: i.connection_logs(""),
        lambda i: i.slack_channels(limit=-1),
    ],
)
async def test_lists_that_cannot_be(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        call(client.integrations)
    assert server.requests == 0


async def test_connection_refusals(client, server):
    server.data(
        {"createExternalAssetConnection": DENIED},
        {"deleteExternalAssetConnection": DENIED},
        {"triggerManualExternalAssetConnectionSync": error("PythonError", "busy", stack=[])},
        {"externalAssetConnection": connection("Ads")},
    )
    with pytest.raises(errors.PermissionDeniedError):
        await client.integrations.create_connection("POSTGRES", "a", {"a": 1})
    with pytest.raises(errors.PermissionDeniedError):
        await client.integrations.delete_connection(ID)
    with pytest.raises(errors.ServerError, match="busy"):
        await client.integrations.sync_connection(ID)
