"""By switch that is about a deployment's things: a short life of them."""

from __future__ import annotations

from dagster_plus_sdk import operations as ops

from .attempts import tried
from .probing import names, probe, said

ETL = {"location_name": "etl", "code_source": {"module_name": "etl"}, "image": "etl:1"}
POLICY = {
    "name": "failures",
    "enabled": True,
    "event_types": ["JOB_FAILURE"],
    "notification_service": {"email": {"email_addresses": ["ada@example.com"]}},
}


@probe
async def missing_pin_removal(plus, connect):
    pins = connect().pins
    made = await pins.add(asset_group="orders")
    await pins.remove(made.id)
    assert not await pins.list().to_list()
    return await tried(lambda: pins.remove(made.id))


@probe
async def catalog_view_icons(plus, connect):
    views = connect().catalog_views
    await views.create("known", query="kind:dbt", icon="star")
    await tried(lambda: views.create("x", query="kind:dbt", icon="unicorn"))
    return await names(views.list())


@probe
async def search_without_results(plus, connect):
    return await tried(lambda: connect().search.list("nowhere").to_list())


@probe
async def hidden_secret_value(plus, connect):
    await connect().secrets.create("KEY", "hidden")
    viewer = connect("viewer").secrets
    assert await tried(lambda: viewer.delete("KEY")) == "PermissionDeniedError"
    return (await viewer.get("KEY", with_value=True)).value.reveal()


@probe
async def secret_limit(plus, connect):
    secrets = connect().secrets
    for name in ("A", "B", "C"):
        await tried(lambda name=name: secrets.create(name, "a"))
    return await names(secrets.list())


@probe
async def secret_overlap(plus, connect):
    secrets = connect().secrets
    await secrets.create("KEY", "a")
    await tried(lambda: secrets.create("KEY", "b", locations=["north"]))
    await tried(lambda: secrets.update("KEY", value="c"))
    return len(await secrets.list(name="KEY").to_list())


@probe
async def secret_scope_filter(plus, connect):
    return await names(connect().secrets.list(scopes=["full", "local"]))


@probe
async def synced_scopes(plus, connect):
    secrets = connect().secrets
    await secrets.create("FULL", "a", scopes=["full"])
    document = {"secrets": [{"name": "N", "value": "b", "scopes": ["local"]}]}
    return (await secrets.sync(document)).removed


@probe
async def missing_secret_deletion(plus, connect):
    client = connect()
    assert await tried(lambda: client.secrets.delete("GONE")) == "NotFoundError"
    return await said(client, ops.delete_secret(id="0" * 32))


@probe
async def existing_location_addition(plus, connect):
    locations = connect().code_locations
    await locations.create("etl", module_name="etl")
    await tried(lambda: locations.create("etl", module_name="other"))
    exported = await locations.export()
    await locations.delete("etl")
    return exported["locations"][1]["code_source"]


@probe
async def missing_location_update(plus, connect):
    client = connect()
    await tried(lambda: client.code_locations.update("etl", module_name="etl"))
    await said(client, ops.update_code_location_from_document(document=ETL))
    return await names(client.code_locations.entries())


@probe
async def missing_location_deletion(plus, connect):
    return await tried(lambda: connect().code_locations.delete("nothing"))


@probe
async def location_deployment(plus, connect):
    locations = connect().code_locations
    await locations.deploy({"locations": [ETL]})
    return await names(locations.entries())


@probe
async def unknown_agent_queue(plus, connect):
    locations = connect().code_locations
    await tried(lambda: locations.create("a", module_name="a", agent_queue="new"))
    return await names(locations.entries())


@probe
async def code_location_loads(plus, connect):
    locations = connect().code_locations
    await locations.create("etl", module_name="etl")
    plus.advance_clock(3600)
    return [found.load_status async for found in locations.statuses()]


@probe
async def no_audit_log(plus, connect):
    client = connect("admin")
    assert await tried(client.audit_log.list().to_list) == "NotSupportedError"
    return await client.graphql("{ auditLog { enabled } }")


@probe
async def audit_bounds(plus, connect):
    client = connect()
    await client.secrets.create("KEY", "a")
    (entry,) = await client.audit_log.list().to_list()
    await tried(lambda: client.audit_log.get(entry.id))
    return len(await client.audit_log.list(after=entry.timestamp).to_list())


@probe
async def container_metrics(plus, connect):
    return type(await tried(lambda: connect().container_metrics.code_server("demo")))


@probe
async def connection_config(plus, connect):
    config = {"account": "a", "colour": "red"}
    found = await connect().integrations.validate_connection("snowflake", config)
    return found.is_valid


@probe
async def connection_scope(plus, connect):
    await connect().integrations.create_connection("snowflake", "Ads", {"account": "a"})
    there = connect(deployment="staging").integrations
    await tried(lambda: there.connection("Ads"))
    await tried(lambda: there.delete_connection("Ads"))
    return await names(connect().integrations.connections())


@probe
async def connection_names(plus, connect):
    integrations = connect().integrations
    config = {"account": "a"}
    await tried(lambda: integrations.create_connection("snowflake", "Sales", config))
    await tried(lambda: integrations.update_connection("Sales", description="x"))
    return await names(integrations.connections())


@probe
async def issue_scope(plus, connect):
    issues = connect().issues
    await issues.create("a", "x")
    await connect(deployment="staging").issues.create("b", "x")
    await issues.update("1", status="CLOSED")
    return [issue.id async for issue in issues.list()]


@probe
async def alert_policy_reconciliation(plus, connect):
    policies = connect().alert_policies
    await policies.create(POLICY)
    await policies.sync({"alert_policies": []})
    return await names(policies.list())


@probe
async def missing_alert_policy_deletion(plus, connect):
    client = connect()
    assert await tried(lambda: client.alert_policies.delete("gone")) == "NotFoundError"
    return await said(client, ops.delete_alert_policy(name="gone"))


@probe
async def alert_policies_schema(plus, connect):
    policies = connect().alert_policies
    await policies.create(POLICY)
    await policies.update({**POLICY, "enabled": False})
    await policies.sync(await policies.export())
    await policies.create({**POLICY, "name": "other"})
    await policies.delete("other")
    return (await policies.schema()).root.key


@probe
async def webhook_calls(plus, connect):
    # Nothing listens there.
    webhook = {"webhook": {"webhook_url": "http://127.0.0.1:9/", "body_template": "{}"}}
    document = {**POLICY, "notification_service": webhook}
    return type(await tried(lambda: connect().alert_policies.test(document=document)))
