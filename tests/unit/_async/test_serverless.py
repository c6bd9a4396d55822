"""Serverless."""

from __future__ import annotations

import pytest
from kit.canary import leaks
from kit.payloads import RUN_ID, run

from dagster_plus_sdk import NonIsolatedRuns, Run, Serverless, ServerlessPexUrl, errors

pytestmark = pytest.mark.anyio

STATE = {
    "id": "s1",
    "status": "ACTIVE",
    "registryUrl": "registry.example.com",
    "registryIsHarbor": False,
    "registryAllowCustomBase": None,
    "awsRegion": "us-west-2",
    "awsAccessKeyId": "AKIA",
    "awsSecretAccessKey": "5d1f7ae0-key",
    "awsAuthToken": "5d1f7ae0-token",
    "canAccessLogs": True,
    "canEnable": True,
    "isWaitlisted": False,
    "requiresPaymentCheck": False,
    "stackCompleteResourceCount": 3,
    "stackRetryCount": None,
    "stackTotalResourceCount": 3,
    "error": None,
}


async def test_get_hides_credentials(client, server):
    server.data({"serverless": STATE})
    found = await client.serverless.get()
    assert (type(found), found.status) == (Serverless, "ACTIVE")
    assert found.aws_auth_token.reveal() == "5d1f7ae0-token"
    assert leaks([found, found.model_dump(), found.model_dump_json()], "5d1f7ae0") == []


@pytest.mark.parametrize("method", ["PUT", "get"])
async def test_pex_urls_stand_in_the_order_of_the_names(client, server, method):
    urls = [{"url": "https://s3/b"}, {"url": None}]
    server.data({"generateServerlessPexUrl": urls})
    found = await client.serverless.pex_urls(["b.pex", "a.pex"], method=method)
    assert [type(u) for u in found] == [ServerlessPexUrl, ServerlessPexUrl]
    assert (found[0].url.reveal(), found[1].url) == ("https://s3/b", None)
    assert leaks([found, found[0].model_dump_json()], "https://s3/b") == []
    sent = {"filenames": ["b.pex", "a.pex"], "method": method.upper()}
    assert server.received[0].variables == sent


async def test_non_isolated_runs(client, server):
    server.data({"nonIsolatedRuns": {"isEnabled": True, "isShown": True, "message": "m"}})
    found = await client.serverless.non_isolated_runs()
    assert (type(found), found.is_enabled, found.message) == (NonIsolatedRuns, True, "m")


async def test_launch(client, server):
    fits = {"__typename": "PipelineConfigValidationValid", "pipelineName": "report"}
    server.data(
        {"isPipelineConfigValid": fits},
        {"launchNonIsolatedRun": {"__typename": "LaunchRunSuccess", "run": run()}},
    )
    found = await client.serverless.launch(
        "report",
        location="demo",
        repository="r",
        tags={"a": "b"},
        partition_range=("p1", "p9"),
        validate=True,
    )
    assert (type(found), found.id) == (Run, RUN_ID)
    assert server.operations == ["ValidateRunConfig", "LaunchNonIsolatedRun"]
    params = server.received[1].variables["executionParams"]
    assert params["selector"]["jobName"] == "report"
    tags = {tag["key"]: tag["value"] for tag in params["executionMetadata"]["tags"]}
    assert (tags["a"], tags["dagster/asset_partition_range_end"]) == ("b", "p9")
    assert server.received[1].headers["idempotency-key"]


async def test_launch_with_a_config_that_does_not_fit(client, server):
    problem = {"message": "no such field", "reason": "FIELD_NOT_DEFINED", "stack": {"entries": []}}
    refused = {
        "__typename": "RunConfigValidationInvalid",
        "errors": [{"__typename": "FieldNotDefinedConfigError", **problem}],
    }
    server.data({"launchNonIsolatedRun": refused})
    with pytest.raises(errors.InvalidRequestError, match="no such field"):
        await client.serverless.launch("report", location="demo", repository="r")


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.pex_urls([]),
        lambda s: s.pex_urls(["a", ""]),
        lambda s: s.pex_urls(["a"], method="POST"),
        lambda s: s.launch(""),
        lambda s: s.launch("__ASSET_JOB"),
    ],
)
async def test_what_cannot_be_is_not_sent(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        await call(client.serverless)
    assert server.requests == 0
