from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    DagsterPlusError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    operations,
)

pytestmark = pytest.mark.anyio
LIMIT = {"key": "team", "value": {"applyLimitPerUniqueValue": True}, "limit": 2}
FULL = {
    "concurrency": {
        "pools": {"default_limit": 3, "granularity": "run", "op_granularity_run_buffer": 1},
        "runs": {"max_concurrent_runs": 20, "tag_concurrency_limits": [LIMIT]},
    },
    "run_monitoring": {
        "start_timeout_seconds": 1,
        "cancel_timeout_seconds": 2,
        "max_runtime_seconds": 3,
        "free_slots_after_run_end_seconds": 4,
    },
    "run_retries": {"max_retries": 5, "retry_on_asset_or_op_failure": False},
    "sso_default_role": "EDITOR",
    "non_isolated_runs": {"enabled": False, "max_concurrent_non_isolated_runs": 6},
    "auto_materialize": {
        "run_tags": {"a": "b"},
        "respect_materialization_data_versions": True,
        "use_sensors": True,
    },
}


async def test_replaced_read_and_reset(client):
    settings = client.deployment_settings
    first = await settings.get()

    assert first["concurrency"]["runs"] == {"max_concurrent_runs": 10, "tag_concurrency_limits": []}
    assert first["run_monitoring"]["start_timeout_seconds"] == 1200
    assert "max_runtime_seconds" not in first["run_monitoring"]

    assert await settings.set(FULL) == FULL
    assert await settings.get() == FULL
    assert await settings.set({"run_retries": {"max_retries": 1}}) == first | {
        "run_retries": {"max_retries": 1, "retry_on_asset_or_op_failure": True}
    }
    assert await settings.set({}) == first


@pytest.mark.parametrize(("depth", "cancel"), [("deep", 9), ("top_level", 1200)])
async def test_merged(client, plus, depth, cancel):
    plus.switches(settings_merge=depth)
    settings = client.deployment_settings
    await settings.set(
        {"run_monitoring": {"cancel_timeout_seconds": 9}, "sso_default_role": "ADMIN"}
    )

    found = await settings.update({"run_monitoring": {"start_timeout_seconds": 8}})

    monitoring = {"start_timeout_seconds": 8, "cancel_timeout_seconds": cancel}
    assert found["run_monitoring"] == monitoring
    assert found["sso_default_role"] == "ADMIN"
    assert await settings.get() == found


async def test_the_old_place_of_the_limits(client):
    settings = client.deployment_settings
    runs = {
        "max_concurrent_runs": 4,
        "tag_concurrency_limits": [{"key": "k", "value": "v", "limit": 1}],
    }

    found = await settings.set({"run_queue": runs})
    assert found["run_queue"] == runs
    assert "concurrency" not in found

    found = await settings.update({"concurrency": {"runs": {"max_concurrent_runs": 5}}})
    assert found["concurrency"]["runs"] == runs | {"max_concurrent_runs": 5}
    assert "run_queue" not in found

    found = await settings.update({"run_queue": {"max_concurrent_runs": 6}})
    assert found["run_queue"] == runs | {"max_concurrent_runs": 6}
    with pytest.raises(DagsterPlusError, match="not both"):
        await settings.set({"run_queue": runs, "concurrency": {"runs": runs}})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"concurrency": {"runs": {"max_concurrent_runs": -1}}}, "at least 0"),
        ({"concurrency": {"runs": {"max_concurrent_runs": 501}}}, "at most 500"),
        ({"run_retries": {"max_retries": True}}, "type .Int."),
        ({"run_monitoring": []}, "must be dict"),
        ({"auto_materialize": {"run_tags": {"a": 1}}}, "type .String."),
        ({"sso_default_role": "KING"}, "it can be VIEWER"),
        ({"run_queue": {"tag_concurrency_limits": {}}}, "must be list"),
        ({"run_queue": {"tag_concurrency_limits": [{"key": "k"}]}}, 'entry "limit"'),
        ({"non_isolated_runs": {"enabled": None}}, "type .Bool."),
        ({"run_monitorin": {}}, 'unexpected config entry "run_monitorin"'),
    ],
)
async def test_documents_that_cannot_be(client, document, message):
    for write in (client.deployment_settings.set, client.deployment_settings.update):
        with pytest.raises(DagsterPlusError, match=message):
            await write(document, validate=False)

    assert (await client.deployment_settings.get())["sso_default_role"] == "VIEWER"


async def test_serverless_has_fewer_runs(client, connect):
    await client.deployments.update("staging", agent_type="serverless")
    settings = connect(deployment="staging").deployment_settings

    with pytest.raises(DagsterPlusError, match="at most 50"):
        await settings.set({"run_queue": {"max_concurrent_runs": 51}})


async def test_the_client_checks_first(client, plus):
    typo = {"run_retries": {"max_retry": 1}}
    with pytest.raises(InvalidInputError, match="max_retries"):
        await client.deployment_settings.update(typo)
    await client.deployment_settings.update(
        FULL | {"run_monitoring": {"max_runtime_seconds": None}}
    )

    plus.switches(settings_unknown_keys="kept")
    found = await client.deployment_settings.update(typo)
    assert found["run_retries"]["max_retry"] == 1


@pytest.mark.parametrize("form", ["text", "null_if_unset"])
async def test_other_forms(client, plus, form):
    settings = client.deployment_settings
    whole = await settings.get()
    plus.switches(settings_form=form)

    raw = (await client.execute(operations.get_deployment_settings())).ok
    assert isinstance(raw.settings, str if form == "text" else type(None))
    assert await settings.get() == ({} if form == "null_if_unset" else whole)
    assert (await settings.set({})) == whole


async def test_json_text_is_taken(client):
    for text, expected in (('{"sso_default_role": "ADMIN"}', "ADMIN"), (None, "VIEWER")):
        operation = operations.set_deployment_settings(deployment_settings={"settings": text})
        assert (await client.execute(operation)).ok.settings["sso_default_role"] == expected
    for wrong in ("{", "[]"):
        operation = operations.set_deployment_settings(deployment_settings={"settings": wrong})
        with pytest.raises(DagsterPlusError, match=r"JSON|mapping"):
            _ = (await client.execute(operation)).ok


async def test_another_deployment(client):
    staging = await client.deployments.get("staging")

    async def write(number):
        operation = operations.update_deployment_settings(
            deployment_settings={"settings": {"sso_default_role": "ADMIN"}}, deployment_id=number
        )
        return (await client.execute(operation)).ok

    await write(staging.id)
    assert (await client.deployment_settings.get())["sso_default_role"] == "VIEWER"
    with pytest.raises(NotFoundError):
        await write(99)


async def test_who_may(connect):
    for role in ("editor", "admin"):
        assert await connect(role).deployment_settings.set({})
    for role in ("viewer", "launcher"):
        client = connect(role)
        assert await client.deployment_settings.get()
        for write in (client.deployment_settings.set, client.deployment_settings.update):
            with pytest.raises(PermissionDeniedError):
                await write({})


async def test_the_schema(client):
    found = await client.deployment_settings.schema()
    types = {type_.key: type_ for type_ in found.types}

    assert len(types) == len(found.types)
    fields = {field.name: field for field in types[found.root.key].fields}
    assert fields.keys() == FULL.keys() | {"run_queue"}
    assert fields["sso_default_role"].default_json == '"VIEWER"'
    retries = types[fields["run_retries"].type_key]
    assert [types[field.type_key].given_name for field in retries.fields] == ["Int", "Bool"]
    used = {key for type_ in found.types for key in type_.type_param_keys}
    assert used <= types.keys()
