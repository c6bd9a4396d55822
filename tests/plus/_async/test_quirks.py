"""What is odd about Dagster+: each oddity is copied by the sandbox, and borne by the client."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from kit._async.walk import walk

from dagster_plus_sdk import (
    DagsterPlusError,
    GraphQLRequestError,
    InvalidResponseError,
    MaintenanceError,
    RateLimitError,
    ServerError,
    ServiceUnavailableError,
    UnexpectedResultError,
    operations,
)
from dagster_plus_sdk._core.retry import RetryPolicy
from dagster_plus_sdk.sandbox import Sandbox

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent
TRACE = r"Internal Server Error \(Trace ID: \d+\)"
LISTS = ("codeLocations", "columnTags", "columns", "groups", "kinds", "owners", "tags")
NO_TABLES = {**{name: [] for name in LISTS}, "tableNames": None}
#: By quirk: where it is tested.
TESTED = {
    "settings are read back merged": "test_deployment_settings::test_merged",
    "a grant's id changes": "test_grants::test_the_id_of_a_grant_changes_with_it",
    "a grant of a branch deployment breaks for an agent's token": (
        "test_agent_tokens::test_grants_that_cannot_be"
    ),
    "who is invited cannot be seen": (
        "test_users::test_who_is_invited_may_be_out_of_the_list_until_they_accept"
    ),
    "the audit log needs a bound in time": "test_audit_log::test_without_a_bound_in_time",
    "a deleted deployment lingers": "test_deployments::test_what_is_deleted_lingers",
    "code locations are loaded later": "test_code_locations::test_added_loaded_changed_and_deleted",
    "an empty window of Insights breaks": "test_insights::test_what_the_live_store_cannot",
    "a token is shown once": "test_service_tokens::test_the_value_is_shown_once",
    "a bare list is no document of alert policies": (
        "test_alert_policies::test_a_bare_list_is_refused"
    ),
    "presigned URLs end": "test_artifacts::test_presigned_urls_end",
}


@pytest.mark.parametrize("where", TESTED.values(), ids=TESTED)
def test_a_quirk_is_tested_elsewhere(where):
    module, _, name = where.partition("::")

    assert f"def {name}(" in (HERE / f"{module}.py").read_text()


async def test_status_500_with_data(client, plus):
    plus.switches(python_error_status="500")

    with pytest.raises(ServerError, match="cannot be called") as caught:
        await client.deployments.create("_%@")
    assert (caught.value.typename, caught.value.attempts) == ("PythonError", 1)
    operation = operations.create_deployment(name="_%@")
    assert (await client.execute(operation)).create_deployment.typename__ == "PythonError"

    document = {"query": operation.document, "variables": operation.variables}
    headers = {"Dagster-Cloud-Api-Token": plus.tokens["organization_admin"]}
    async with httpx.AsyncClient(headers=headers) as http:
        answer = await http.post(f"{plus.url}/prod/graphql", json=document)
    assert (answer.status_code, "data" in answer.json()) == (500, True)


@pytest.mark.parametrize("how", ["307", "302", "308", "none"])
async def test_the_organizations_url_leads_to_its_default_deployment(connect, plus, how):
    plus.switches(organization_url=how)
    client = connect(deployment=None)

    await client.secrets.create("KEY", "a")

    assert (await client.deployments.current()).name == "prod"
    (made,) = await connect().secrets.list(name="KEY").to_list()
    # A redirected mutation is sent once, and what follows goes there at once.
    assert made.name == "KEY"
    assert [entry.action for entry in await client.audit_log.list().to_list()] == ["CREATE_SECRET"]


async def test_a_view_without_a_list_of_tables_breaks(client):
    operation = operations.create_catalog_view(
        name="x", description="", icon="globe", is_private=False, selection=NO_TABLES
    )

    with pytest.raises(DagsterPlusError, match=TRACE) as caught:
        _ = (await client.execute(operation)).ok
    assert caught.value.trace_id
    # The client always sends one.
    await client.catalog_views.create("x", query="kind:dbt")
    assert [view.name async for view in client.catalog_views.list()] == ["x"]


@pytest.fixture(scope="module")
def running():
    with Sandbox(dagster=None) as sandbox:
        yield sandbox


@pytest.fixture
def faulty(running):
    """A sandbox whose answers can be spoiled."""
    running.faults.clear()
    running.clear_requests()
    return running


@pytest.fixture
async def impatient(faulty):
    """A client of it that waits little between its attempts."""
    async with faulty.async_client(retries=RetryPolicy(base=0.01)) as client:
        yield client


async def names(client):
    return [deployment.name async for deployment in client.deployments.list()]


async def outcome(call):
    """Return what came, or the exception."""
    try:
        return await call()
    except DagsterPlusError as error:
        return error


def kinds(found):
    """Return the exceptions among what came."""
    return {type(value) for value in found.values() if isinstance(value, DagsterPlusError)}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("unknown_enum", None),
        ("unknown_type", UnexpectedResultError),
        ("partial_data", GraphQLRequestError),
        ("null_data", GraphQLRequestError),
    ],
)
async def test_data_that_are_newer_than_the_client_or_missing(faulty, impatient, fault, error):
    before = kinds(await walk(impatient, outcome))
    faulty.clear_requests()
    faulty.faults.add(fault)

    after = kinds(await walk(impatient, outcome))

    assert InvalidResponseError not in after
    # A value that nobody knows is a value.
    assert after - before == ({error} if error else set())
    assert sum(fault in request.faults for request in faulty.requests()) > 20


@pytest.mark.parametrize("status", [200, 503])
async def test_maintenance(faulty, impatient, status):
    faulty.faults.add("maintenance", status=status, retry_interval=0, message="Later", times=2)
    assert "prod" in await names(impatient)
    assert len(faulty.requests("ListDeployments")) == 3

    faulty.faults.add("maintenance", status=status, retry_interval=61, message="Later")
    with pytest.raises(MaintenanceError, match="Later") as caught:
        await names(impatient)
    assert (caught.value.retry_after, caught.value.attempts) == (61, 1)


@pytest.mark.parametrize("as_date", [False, True])
async def test_too_many_requests(faulty, impatient, as_date):
    faulty.faults.add("rate_limited", seconds=0, as_date=as_date, times=2)
    await impatient.deployments.create(f"limited-{as_date}".lower())
    assert len(faulty.requests("CreateDeployment")) == 3

    faulty.faults.add("rate_limited", seconds=300, as_date=as_date)
    with pytest.raises(RateLimitError) as caught:
        await names(impatient)
    assert 290 < caught.value.retry_after <= 300
    assert len(faulty.requests("ListDeployments")) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("body", [None, "upstream connect error"])
async def test_a_page_of_the_edge(faulty, impatient, status, body):
    faulty.faults.add("bad_gateway", status=status, body=body, times=2)
    assert "prod" in await names(impatient)

    faulty.faults.add("bad_gateway", status=status, body=body)
    with pytest.raises(ServiceUnavailableError, match=body or "HTML page") as caught:
        await names(impatient)
    assert (caught.value.status_code, caught.value.attempts) == (status, 5)
