from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    GraphQLRequestError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    operations,
)

pytestmark = pytest.mark.anyio

NO_ID = "00000000-0000-4000-8000-000000000000"
ACME = {"account": "acme", "password": {"env": "PASSWORD"}}
METADATA = """
{ organization { metadata {
  slackAppInstallation { teamName }
  githubAppInstallation { accountName repos repository(name: "dbt-models") { dbtProjectConfigPaths } }
} } }
"""


async def create(client, name="Ads", config=ACME, **options):
    return await client.integrations.create_connection("snowflake", name, config, **options)


async def test_a_connection_from_its_creation_to_its_end(client):
    made = await create(client, cron="0 * * * *", description="What ads cost")
    assert (made.created_by.email, made.schedule_status, made.change_detection.is_supported) == (
        "ada@example.com",
        "RUNNING",
        True,
    )
    assert [one.name async for one in client.integrations.connections()] == ["Ads", "Sales"]

    changed = await client.integrations.update_connection("Ads", name="Adverts", timezone="UTC")
    assert changed == made.model_copy(update={"name": "Adverts", "timezone": "UTC"})
    stopped = await client.integrations.set_connection_schedule("Adverts", "stopped")
    assert stopped.schedule_status == "STOPPED"
    detecting = await client.integrations.set_connection_detection(made.id, cron="@daily")
    assert (detecting.change_detection.cron, detecting.change_detection.is_initialized) == (
        "@daily",
        True,
    )
    assert await client.integrations.connection("Adverts") == detecting

    await client.integrations.delete_connection("Adverts")
    assert [one.name async for one in client.integrations.connections()] == ["Sales"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Sales"}, "is a connection 'Sales' already"),
        ({"config": {"user": "me"}}, 'Missing required config entry "account"'),
        ({"config": {"account": 1}}, "expected type .String"),
        ({"cron": "often"}, "no cron schedule"),
        ({"timezone": "Mars/Base"}, "no timezone"),
    ],
)
async def test_a_connection_that_cannot_be(client, change, message):
    made = await create(client)
    with pytest.raises(ServerError, match=message):
        await create(client, **{"name": "New", **change})
    with pytest.raises(ServerError, match=message):
        await client.integrations.update_connection("Ads", **change)
    assert await client.integrations.connection("Ads") == made


async def test_two_connections_of_one_name(client, plus):
    plus.switches(connection_names="free")
    assert (await create(client, "Sales")).name == "Sales"


@pytest.mark.parametrize(
    "call",
    [
        lambda i: i.connection(NO_ID),
        lambda i: i.update_connection(NO_ID, name="x"),
        lambda i: i.delete_connection(NO_ID),
        lambda i: i.set_connection_schedule(NO_ID, "RUNNING"),
        lambda i: i.set_connection_detection(NO_ID),
        lambda i: i.sync_connection(NO_ID),
        lambda i: i.connection_sync(NO_ID),
        lambda i: i.delete_connection_sync(NO_ID),
    ],
)
async def test_what_is_not_there(client, call):
    with pytest.raises(NotFoundError):
        await call(client.integrations)


async def test_schedules_that_cannot_be(client):
    await create(client)
    await client.integrations.create_connection("postgres", "Shop", {"host": "shop"})
    with pytest.raises(ServerError, match="has no schedule"):
        await client.integrations.set_connection_schedule("Ads", "RUNNING")
    with pytest.raises(ServerError, match="POSTGRES cannot be detected"):
        await client.integrations.set_connection_detection("Shop", cron="@daily")


@pytest.mark.parametrize(
    ("host", "status", "last"), [("acme", "SUCCEEDED", "INFO"), ("acme.invalid", "FAILED", "ERROR")]
)
async def test_a_synchronization_goes_on_with_the_clock(client, plus, host, status, last):
    await create(client, config={"account": host})
    begun = await client.integrations.sync_connection("Ads")
    assert (begun.status, begun.started_at) == ("PENDING", None)

    plus.advance_clock(3)
    now = await client.integrations.connection_sync(begun.id)
    assert (now.status, now.ended_at) == ("STARTED", None)
    assert len(await client.integrations.connection_logs(begun.id).to_list()) == 2

    plus.advance_clock(10)
    done = await client.integrations.connection_sync(begun.id)
    assert (done.status, (done.ended_at - done.created_at).total_seconds()) == (status, 12)
    assert (done.error is not None) == (status == "FAILED")
    logs = await client.integrations.connection_logs(begun.id, page_size=2).to_list()
    assert [(entry.sequence, entry.level) for entry in logs] == [
        (1, "INFO"),
        (2, "INFO"),
        (3, last),
    ]
    connection = await client.integrations.connection("Ads")
    assert connection.change_detection.has_successful_sync == (status == "SUCCEEDED")


async def test_synchronizations_the_newest_first(client):
    begun = [(await client.integrations.sync_connection("Sales")).id for _ in range(5)]
    pages = client.integrations.connection_syncs("Sales", page_size=2)
    assert [sync.id async for sync in pages] == begun[::-1]

    await client.integrations.delete_connection_sync(begun[3])
    rest = client.integrations.connection_syncs("Sales", cursor=begun[2])
    assert [sync.id async for sync in rest] == begun[1::-1]

    await client.integrations.delete_connection("Sales")
    with pytest.raises(NotFoundError):
        await client.integrations.connection_sync(begun[0])


@pytest.mark.parametrize(
    ("config", "keys", "wrong"),
    [
        ({"account": "a", "databases": ["X"]}, "open", []),
        ({"databases": "X"}, "open", ["MISSING_REQUIRED_FIELD", "RUNTIME_TYPE_MISMATCH"]),
        ({"account": "a", "colour": "red"}, "open", []),
        ({"account": "a", "colour": "red"}, "closed", ["FIELD_NOT_DEFINED"]),
    ],
)
async def test_a_configuration_is_checked(client, plus, config, keys, wrong):
    plus.switches(connection_config=keys)
    found = await client.integrations.validate_connection("snowflake", config)
    assert (found.is_valid, [error.reason for error in found.errors]) == (not wrong, wrong)


async def test_a_configuration_that_is_no_mapping(client):
    operation = operations.validate_connection(connection_type="POSTGRES", config_yaml="- {")
    found = (await client.execute(operation)).ok
    assert [error.message for error in found.errors] == ["It must be a mapping."]


async def test_schemas_name_all_their_types(client):
    schemas = await client.integrations.connection_schemas().to_list()
    assert [schema.type for schema in schemas] == [
        "BIGQUERY",
        "DATABRICKS",
        "POSTGRES",
        "SNOWFLAKE",
    ]
    for schema in schemas:
        keys = {one.key for one in schema.types}
        (root,) = [one for one in schema.types if one.key == schema.root.key]
        assert {field.type_key for field in root.fields} <= keys
        assert any(field.is_required for field in root.fields)


@pytest.mark.parametrize("scope", ["organization", "deployment"])
async def test_whose_connections_are(plus, connect, scope):
    plus.switches(connection_scope=scope)
    made = await create(connect())
    names = [one.name async for one in connect(deployment="staging").integrations.connections()]
    assert names == (["Ads", "Sales"] if scope == "organization" else [])
    if scope == "deployment":
        with pytest.raises(NotFoundError):
            await connect(deployment="staging").integrations.connection(made.id)


async def test_editors_connect(connect):
    editor = connect("editor")
    assert (await create(editor)).created_by.email == "eve@example.com"
    assert (await editor.integrations.sync_connection("Sales")).status == "PENDING"


@pytest.mark.parametrize("role", ["launcher", "viewer"])
async def test_others_look(connect, role):
    client = connect(role)
    with pytest.raises(PermissionDeniedError, match="EDIT_EXTERNAL_ASSET_CONNECTIONS"):
        await client.integrations.sync_connection("Sales")
    with pytest.raises(PermissionDeniedError):
        await create(client)
    assert (await client.integrations.connection("Sales")).type == "SNOWFLAKE"


async def test_configurations_are_sealed_in_the_file(client, plus):
    await create(client, config={"account": "acme", "password": "hunter2"})
    await client.integrations.set_atlan("acme.atlan.com", "hunter2")
    assert "hunter2" in (await client.integrations.connection("Ads")).config
    assert "hunter2" not in str(plus.stores[2].dump())


async def test_atlan(client, viewer):
    with pytest.raises(NotFoundError, match="no integration of Atlan"):
        await client.integrations.atlan()

    await client.integrations.set_atlan("acme.atlan.com", "secret")
    found = await client.integrations.atlan()
    assert (found.settings.domain, found.check.success) == ("acme.atlan.com", True)

    await client.integrations.set_atlan("acme.invalid", "secret")
    assert "does not answer" in (await client.integrations.atlan()).check.error_message

    with pytest.raises(PermissionDeniedError):
        await viewer.integrations.atlan()
    with pytest.raises(PermissionDeniedError):
        await viewer.integrations.delete_atlan()
    await client.integrations.delete_atlan()
    with pytest.raises(NotFoundError):
        await client.integrations.atlan()


async def test_slack_is_disconnected(client, viewer):
    assert await viewer.integrations.slack_channels().to_list() == ["data-alerts", "data-team"]
    before = (await client.graphql(METADATA))["organization"]["metadata"]
    assert before["slackAppInstallation"] == {"teamName": "Example"}

    with pytest.raises(PermissionDeniedError):
        (await viewer.execute(operations.remove_slack_app())).ok  # noqa: B018 - raises
    assert (await client.execute(operations.remove_slack_app())).ok.organization.name == "demo"

    with pytest.raises(ServerError, match="no connection to Slack"):
        await client.integrations.slack_channels().to_list()
    after = (await client.graphql(METADATA))["organization"]["metadata"]
    assert after["slackAppInstallation"] is None


async def test_a_seed_connects(client, plus):
    config = {"host": "db", "password": "secret"}
    plus.seed({"connections": [{"type": "postgres", "name": "Shop", "config": config}]})
    plus.seed({"slack": [{"workspace": "Other", "channels": ["ops"]}]})
    assert "password: secret" in (await client.integrations.connection("Shop")).config
    assert await client.integrations.slack_channels().to_list() == ["ops"]


async def test_there_is_no_assistant(client):
    with pytest.raises(GraphQLRequestError, match="not in the sandbox: there is no language model"):
        await client.execute(operations.list_chats())


async def test_checklists_and_the_command_line(client, viewer):
    seen = '{ userNuxChecklistEntry(entryKey: "tour") { entryKey dismissed } }'
    await client.graphql('mutation { dismissUserNuxChecklistEntry(entryKey: "tour") { entryKey } }')
    answers = [(await one.graphql(seen))["userNuxChecklistEntry"] for one in (client, viewer)]
    assert [answer["dismissed"] for answer in answers] == [True, False]
    event = "mutation { markCliEvent(eventType: BUILD, durationSeconds: 1.5) }"
    assert await client.graphql(event) == {"markCliEvent": "ok"}
