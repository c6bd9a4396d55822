"""By switch that is about the organization, its people and its deployments, or about Insights: a short life of them."""

from __future__ import annotations

import time
from datetime import timedelta

import httpx

from dagster_plus_sdk import operations as ops

from ..seeds import INSIGHTS, NOON, START
from .attempts import tried
from .probing import names, probe, said

NEW = "new@example.com"
VIC = "vic@example.com"
PUSH = {"repo": "acme/etl", "branch": "x", "commit_hash": "c1", "timestamp": 1.5e9}
CREDITS = "__dagster_dagster_credits"
WEEK = {"after": START, "before": START + timedelta(days=4)}
BY_JOB = """query ($s: ReportingMetricsSelector!) {
  reportingMetricsByJob(metricsSelector: $s) { ... on ReportingMetrics { timestamps } }
}"""


@probe
async def listed_agent_token(plus, connect):
    tokens = connect().agent_tokens
    made = await tokens.create(description="x")
    return (await tokens.reveal(made.id)).token.reveal() == made.token.reveal(), [
        bool((await tokens.reveal(found.id)).token.reveal()) async for found in tokens.list()
    ]


@probe
async def listed_token(plus, connect):
    tokens = connect().api_tokens
    made = await tokens.create(description="x")
    shown = (await tokens.reveal(made.id)).token.reveal()
    await tokens.revoke(made.id)
    return shown == made.token.reveal(), bool(shown)


@probe
async def revoked_token_revocation(plus, connect):
    tokens = connect().agent_tokens
    made = await tokens.create()
    await tokens.revoke(made.id)
    assert (await tokens.get(made.id)).revoked
    return type(await tried(lambda: tokens.revoke(made.id)))


@probe
async def bad_deployment_name(plus, connect):
    client = connect()
    refused = await tried(lambda: client.deployments.create("_%@"))
    assert await names(client.deployments.list()) == ["prod", "staging"]
    return refused


@probe
async def branches_among_deployments(plus, connect):
    return await names(connect().deployments.list(accessible=True))


@probe
async def finished_branch_deployment(plus, connect):
    branches = connect().branch_deployments
    made = await branches.create(**PUSH, pull_request_status="open")
    closed = await branches.create(**PUSH, pull_request_status="closed")
    await tried(lambda: branches.delete(made.name))
    return closed.status


@probe
async def deployment_deletion(plus, connect):
    deployments = connect().deployments
    await deployments.create("new")
    await deployments.delete("new")
    await tried(lambda: deployments.delete("new"))
    await tried(lambda: connect(deployment="new").secrets.create("KEY", "a"))
    return type(await tried(lambda: deployments.get("new")))


@probe
async def deployment_name_reuse(plus, connect):
    deployments = connect().deployments
    await deployments.create("new")
    await deployments.delete("new")
    return type(await tried(lambda: deployments.create("new")))


@probe
async def usage_percent_total(plus, connect):
    yesterday = time.time() - 86400
    plus.seed({"runs": [{"job": "etl", "start": yesterday, "steps": ["a"]}]})
    found = await connect().usage.credits(by_job_since=yesterday - 3600)
    return [row.percent_total for row in found.values]


@probe
async def custom_metric_scope(plus, connect):
    await connect().insights.create_custom_metric("rows")
    there = connect(deployment="staging").insights
    await tried(lambda: there.update_custom_metric("rows", display_name="Rows"))
    await tried(lambda: there.delete_custom_metric("rows"))
    return [metric.metadata_key async for metric in connect().insights.custom_metrics()]


@probe
async def insights_empty_window(plus, connect):
    insights = connect().insights
    return type(await tried(lambda: insights.by_job(CREDITS, **WEEK)))


@probe
async def insights_location_filter(plus, connect):
    plus.seed(INSIGHTS)
    insights = connect().insights
    return type(await tried(lambda: insights.by_job(CREDITS, **WEEK, location="demo")))


@probe
async def insights_no_store(plus, connect):
    plus.seed(INSIGHTS)
    window = {"granularity": "DAILY", "after": NOON - 1, "before": NOON + 999}
    return await connect().graphql(BY_JOB, {"s": {"metricName": CREDITS, **window}})


@probe
async def insights_change(plus, connect):
    plus.seed(INSIGHTS)
    window = {"after": START + timedelta(days=2), "before": START + timedelta(days=4)}
    found = await connect().insights.by_job(CREDITS, **window, jobs="etl")
    return found.metrics[0].aggregate_value_change.change


@probe
async def serverless_registry(plus, connect):
    serverless = connect().serverless
    await tried(lambda: serverless.pex_urls(["a.pex"]))
    return (await serverless.get()).registry_is_harbor


@probe
async def invited_users(plus, connect):
    users = connect().users
    await users.create(NEW, role="LAUNCHER", deployment="prod")
    await tried(lambda: users.get(NEW))
    await tried(lambda: users.update(NEW, role="EDITOR", deployment="prod"))
    listed = [user.details.email async for user in users.list()]
    await tried(lambda: users.delete(NEW))
    return NEW in listed


@probe
async def email_case(plus, connect):
    users = connect().users
    await tried(lambda: users.create(VIC.upper()))
    await tried(lambda: users.get(VIC.upper()))
    return len(await users.list().to_list())


@probe
async def existing_user_addition(plus, connect):
    return type(await tried(lambda: connect().users.create(VIC)))


@probe
async def missing_user_removal(plus, connect):
    client = connect()
    removed = await tried(lambda: client.users.delete(NEW))
    return removed, await said(client, ops.remove_user(email=NEW))


@probe
async def new_team_grants(plus, connect):
    teams = connect().teams
    made = await teams.create("Ops")
    await teams.update("Ops", role="EDITOR", deployment="prod")
    await teams.delete("Ops")
    return [grant.role for grant in made.deployment_grants]


@probe
async def organization_permissions_in_deployment_roles(plus, connect):
    roles = connect().custom_roles
    permissions = ["MANAGE_SERVICE_USERS"]
    await tried(lambda: roles.create("R", permissions=permissions, icon="x"))
    await tried(lambda: roles.update("R", description="y"))
    return await names(roles.list())


@probe
async def location_grants_not_given(plus, connect):
    users = connect().users
    place = {"deployment": "prod"}
    await users.update(VIC, role="LAUNCHER", location_roles={"demo": "EDITOR"}, **place)
    user = await users.update(VIC, role="VIEWER", **place)
    return [len(grant.location_grants) for grant in user.deployment_grants]


@probe
async def needless_custom_role(plus, connect):
    grant = {"email": VIC, "deploymentScope": "DEPLOYMENT", "deploymentId": 1}
    operation = ops.set_user_grant(grant={**grant, "grant": "EDITOR", "customRoleId": "x"})
    return await said(connect(), operation)


@probe
async def settings_merge(plus, connect):
    settings = connect().deployment_settings
    await settings.set({"run_monitoring": {"cancel_timeout_seconds": 9}})
    await settings.plan({"run_monitoring": {"start_timeout_seconds": 8}})
    found = await settings.update({"run_monitoring": {"start_timeout_seconds": 8}})
    return found["run_monitoring"]["cancel_timeout_seconds"]


@probe
async def settings_unknown_keys(plus, connect):
    client = connect()
    await tried(lambda: client.organization_settings.update({"x": 1}))
    await tried(lambda: client.deployment_settings.update({"x": 1}))
    return "x" in await client.organization_settings.get()


@probe
async def settings_form(plus, connect):
    client = connect()
    for settings in (client.organization_settings, client.deployment_settings):
        assert isinstance(await settings.get(), dict)
        await settings.list().to_list()
        await settings.plan({})
    raw = (await client.execute(ops.get_deployment_settings())).ok
    await client.deployment_settings.update({"run_retries": {"max_retries": 1}})
    assert (await client.deployment_settings.get())["run_retries"]["max_retries"] == 1
    return type(raw.settings)


@probe
async def python_error_status(plus, connect):
    seen = []
    client = connect(event_hooks={"response": [lambda event: seen.append(event.status_code)]})
    assert await tried(lambda: client.deployments.create("_%@")) == "ServerError"
    await client.deployments.create("new")
    return seen


@probe
async def refused_plain_field(plus, connect):
    plus.seed({"users": [{"email": NEW}], "tokens": [{"token": "user:no-role", "user": NEW}]})
    client = connect(token="user:no-role")
    await tried(lambda: client.agents.get("x"))
    return type(await tried(client.agents.list().to_list))


@probe
async def unauthorized_status(plus, connect):
    client = connect(token="user:nobody")
    seen = [
        await tried(client.deployments.list().to_list),
        await tried(client.secrets.list().first),
    ]
    plus.advance_clock(1)
    return [*seen, await tried(lambda: client.artifacts.download("x", "/dev/null"))]


@probe
async def organization_url(plus, connect):
    seen = []
    client = connect(deployment=None, event_hooks={"response": [seen.append]})
    await client.secrets.create("KEY", "a")
    assert (await client.deployments.current()).name == "prod"
    assert [event.status_code for event in seen] == [200, 200]
    headers = {"Dagster-Cloud-Api-Token": plus.tokens["viewer"]}
    async with httpx.AsyncClient(headers=headers) as http:
        answer = await http.post(f"{plus.url}/graphql", json={"query": "{ version }"})
    return answer.status_code
