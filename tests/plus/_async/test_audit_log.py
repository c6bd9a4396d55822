from __future__ import annotations

import time

import pytest

from dagster_plus_sdk import GraphQLRequestError, NotFoundError, NotSupportedError
from dagster_plus_sdk._generated import operations
from dagster_plus_sdk.sandbox.control.audit import ENTRY

pytestmark = pytest.mark.anyio

START = 1_700_000_000.0
TEXT = """
query ($filters: AuditLogFilters, $cursor: String, $limit: Int) {
  auditLog { enabled auditLogEntries(filters: $filters, cursor: $cursor, limit: $limit) { id } }
}
"""


def fill(plus, count, **changes):
    """Write entries, a second apart."""
    store = plus.stores[2]
    with store.transaction():
        for number in range(count):
            entry = {
                "id": f"e{number}",
                "eventType": "LAUNCH_RUN",
                "authorUserEmail": "eve@example.com",
                "authorAgentTokenId": None,
                "deploymentName": "prod",
                "branchDeploymentName": None,
                "timestamp": START + number,
                "eventMetadata": {},
            }
            store.put(ENTRY, entry["id"], entry | changes)


async def ids(client, **variables):
    filters = variables.pop("filters", {})
    variables = {"filters": {"afterDatetime": START, **filters}, **variables}
    answer = await client.graphql(TEXT, variables)
    return [entry["id"] for entry in answer["auditLog"]["auditLogEntries"]]


async def test_what_was_done(client, connect):
    editor = connect("editor")
    token = await client.agent_tokens.create(description="new")
    secret = await editor.secrets.create("KEY", "hidden")
    await editor.secrets.update("KEY", value="other")
    await editor.user_tokens.create()
    with pytest.raises(NotFoundError):
        await client.agent_tokens.revoke(999)

    found = await client.audit_log.list().to_list()

    assert [(entry.action, entry.user_email, entry.deployment_name) for entry in found] == [
        ("CREATE_USER_TOKEN", "eve@example.com", None),
        ("UPDATE_SECRET", "eve@example.com", "prod"),
        ("CREATE_SECRET", "eve@example.com", "prod"),
        ("CREATE_AGENT_TOKEN", "ada@example.com", None),
    ]
    made, changed = found[3].metadata, found[1].metadata
    assert (made["description"], made["tokenId"]) == ("new", token.id)
    assert (changed["secretId"], changed["is_value_changed"]) == (secret.id, True)
    assert "hidden" not in str(found)
    assert (await client.audit_log.get(found[2].id)) == found[2]


async def test_what_agents_did(client, connect, plus):
    fill(plus, 1, authorUserEmail=None, authorAgentTokenId="1", timestamp=time.time())

    (found,) = await client.audit_log.list(agent_tokens=[1]).to_list()

    assert (found.agent_token_id, found.user_email) == ("1", None)
    assert await client.audit_log.list(agent_tokens=[2]).to_list() == []


async def test_pages_newest_first(client, plus):
    fill(plus, 250)

    pages = [page async for page in client.audit_log.list(after=START).pages()]

    assert [len(page.items) for page in pages] == [99, 99, 52]
    found = [entry.id for page in pages for entry in page.items]
    assert found == [f"e{number}" for number in reversed(range(250))]
    assert await ids(client, limit=2, cursor="e7") == ["e6", "e5"]
    assert len(await ids(client, limit=500)) == len(await ids(client)) == 100
    assert await ids(client, limit=0) == []


@pytest.mark.parametrize(("how", "expected"), [("inclusive", [6, 5, 4]), ("exclusive", [5])])
async def test_bounds(client, plus, how, expected):
    plus.switches(audit_bounds=how)
    fill(plus, 10)
    window = {"afterDatetime": START + 4, "beforeDatetime": START + 6}

    assert await ids(client, filters=window) == [f"e{number}" for number in expected]
    assert await ids(client, filters=window, cursor="e5") == ["e4"][: how == "inclusive"]
    assert await ids(client, filters={"afterDatetime": START + 10}) == []
    before = {"afterDatetime": None, "beforeDatetime": START - 1}
    assert await ids(client, filters=before) == []


async def test_filters(client, plus):
    fill(plus, 3)
    store = plus.stores[2]
    for number, changes in enumerate(
        (
            {"eventType": "CREATE_SECRET"},
            {"authorUserEmail": "vic@example.com"},
            {"deploymentName": "staging"},
            {"deploymentName": None, "branchDeploymentName": "branch"},
        )
    ):
        entry = store.get(ENTRY, "e2") | {"timestamp": START + 9} | changes
        store.put(ENTRY, f"f{number}", entry | {"id": f"f{number}"})

    async def found(**options):
        return [entry.id async for entry in client.audit_log.list(after=START, **options)]

    assert await found(actions=["CREATE_SECRET"]) == ["f0"]
    assert await found(users=["vic@example.com", "nobody@example.com"]) == ["f1"]
    assert await found(deployments="staging") == ["f2"]
    assert await found(branch_deployments=True) == ["f3"]
    assert await found(branch_deployments=False) == ["f2", "f1", "f0", "e2", "e1", "e0"]
    assert await found(users="eve@example.com", actions=["CREATE_SECRET"]) == ["f0"]
    assert await found(users="eve@example.com", deployments="prod", limit=2) == ["f0", "e2"]


async def test_without_a_bound_in_time(client):
    with pytest.raises(GraphQLRequestError, match=r"Internal Server Error \(Trace ID: \d+\)"):
        await client.graphql(TEXT, {"filters": {}})


@pytest.mark.parametrize("how", ["disabled", "null"])
@pytest.mark.parametrize("role", ["organization_admin", "admin", "agent"])
async def test_who_may_not_read_it(connect, plus, how, role):
    plus.switches(no_audit_log=how)
    gate = {"key": "ENABLE_AUDIT_LOG_ACCESS", "value": role != "organization_admin"}
    plus.seed({"feature_gates": [gate]})
    client = connect(role)

    answer = await client.graphql("{ auditLog { enabled } }")

    assert answer == {"auditLog": {"disabled": {"enabled": False}, "null": None}[how]}
    with pytest.raises(NotSupportedError):
        await client.audit_log.list().first()


async def test_a_page_of_many_reads_few(client, plus):
    fill(plus, 20_000)
    opened = []
    store = plus.stores[0]
    read = store._opened
    store._opened = lambda *given: opened.append(given[0]) or read(*given)
    try:
        assert await ids(client, limit=100, cursor="e15000") == [
            f"e{n}" for n in range(14999, 14899, -1)
        ]
        window = {"afterDatetime": START + 100, "beforeDatetime": START + 199}
        assert len(await ids(client, limit=100, filters=window)) == 100
    finally:
        del store._opened
    assert opened.count(ENTRY) <= 600


async def test_the_deployment_of_an_entry_is_the_one_that_it_is_about(client, connect):
    staging = await client.deployments.get("staging")
    there = connect(deployment="staging")
    await client.execute(
        operations.update_deployment_settings(
            deployment_settings={"settings": {}}, deployment_id=staging.id
        )
    )
    await there.users.create("new@example.com")
    await there.user_tokens.create(description="mine")
    await there.branch_deployments.create("acme/etl", "x", commit_hash="c", timestamp=1.5e9)
    await there.secrets.create("A", "b")
    await client.deployments.delete("staging")

    found = await client.audit_log.list().to_list()

    names = [None, "staging", None, None, None, "staging"]
    assert [entry.deployment_name for entry in found] == names
