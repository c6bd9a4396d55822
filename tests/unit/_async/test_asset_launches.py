"""Assets that are materialized and observed."""

from __future__ import annotations

import pytest
from kit.payloads import RUN_ID, asset_place, error, launched
from kit.server import Reply

from dagster_plus_sdk import AssetKey, Run, errors

pytestmark = pytest.mark.anyio

WHERE = {"repositoryLocationName": "demo", "repositoryName": "__repository__"}


def found(*places, required=()):
    """The answers before the launch."""
    return (
        {"assetNodes": list(places)},
        {"assetNodeAdditionalRequiredKeys": [{"path": [key]} for key in required]},
    )


def sent_launch(server):
    """What was launched, without the key that is made up."""
    params = server.received[-1].variables["executionParams"]
    tags = {tag["key"]: tag["value"] for tag in params["executionMetadata"]["tags"]}
    tags.pop("dagster_plus_sdk/idempotency_key")
    return params["selector"], params["runConfigData"], tags


async def test_materialize(client, server):
    places = [asset_place("a/b", "c"), asset_place("d", jobs=["nightly", "__ASSET_JOB"])]
    server.data(*found(*places), launched())
    run = await client.assets.materialize(
        [["a/b", "c"], "d"], tags={"team": "x"}, run_config="ops: {}", location="demo"
    )
    assert type(run) is Run
    assert server.operations == ["FindAssets", "ListRequiredAssetKeys", "LaunchRun"]
    keys = [{"path": ["a/b", "c"]}, {"path": ["d"]}]
    assert server.received[0].variables == {"assetKeys": keys}
    assert sent_launch(server) == (
        {**WHERE, "jobName": "__ASSET_JOB", "assetSelection": keys},
        {"ops": {}},
        {"team": "x"},
    )


async def test_a_partition(client, server):
    server.data(*found(asset_place("a", isPartitioned=True)), launched())
    await client.assets.materialize("a", partition="2024-01-01")
    assert sent_launch(server)[2] == {"dagster/partition": "2024-01-01"}


async def test_a_range_of_partitions(client, server):
    server.data(*found(asset_place("a", isPartitioned=True)), launched())
    tags = {"dagster/asset_partition_range_start": "1", "dagster/asset_partition_range_end": "3"}
    await client.assets.materialize("a", tags=tags)
    assert sent_launch(server)[2] == tags


async def test_the_ends_of_a_range(client, server):
    server.data(*found(asset_place("a", isPartitioned=True)), launched())
    await client.assets.materialize("a", partition_range=["1", "3"])
    assert sent_launch(server)[2] == {
        "dagster/asset_partition_range_start": "1",
        "dagster/asset_partition_range_end": "3",
    }


async def test_assets_are_validated_first(client, server):
    valid = {"__typename": "PipelineConfigValidationValid", "pipelineName": "__ASSET_JOB"}
    server.data(*found(asset_place("a")), {"isPipelineConfigValid": valid}, launched())
    await client.assets.materialize("a", run_config="ops: {}", validate=True)
    assert server.operations[-2:] == ["ValidateRunConfig", "LaunchRun"]
    asked = server.received[-2].variables
    assert asked["pipeline"]["assetSelection"] == [{"path": ["a"]}]
    assert asked["runConfigData"] == {"ops": {}}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "exactly one of keys, pattern, not none"),
        ({"keys": "a", "pattern": "a*"}, "exactly one of keys, pattern, not keys, pattern"),
        ({"pattern": ""}, "a pattern must be"),
        ({"pattern": []}, "pattern is empty"),
        ({"keys": []}, "keys is empty"),
        ({"keys": "a", "run_config": "ops: [1"}, "no valid YAML in line 1, column 8"),
        ({"keys": "a", "partition": "1", "partition_range": ["1", "2"]}, "give either partition"),
    ],
)
@pytest.mark.parametrize("method", ["materialize", "observe"])
async def test_what_cannot_be_sends_nothing(client, server, method, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await getattr(client.assets, method)(**given)
    assert server.requests == 0


SHOP = [
    asset_place("shop", "orders"),
    asset_place("shop", "clients"),
    asset_place("other"),
    asset_place("shop", "rates", isMaterializable=False, isObservable=True),
    asset_place("shop", "bank", isMaterializable=False, isExecutable=False, jobs=()),
    asset_place("store", "north", location="north"),
    asset_place("store", "south"),
]


@pytest.mark.parametrize(
    ("method", "given", "taken"),
    [
        ("materialize", {"pattern": "SHOP/*"}, ["shop/clients", "shop/orders"]),
        ("materialize", {"pattern": ["*orders", "oth?r"]}, ["other", "shop/orders"]),
        ("materialize", {"pattern": "store/*", "location": "north"}, ["store/north"]),
        ("observe", {"pattern": "*"}, ["shop/rates"]),
    ],
)
async def test_a_pattern_takes_what_can_be_run(client, server, method, given, taken):
    server.data(*found(*SHOP), launched())
    await getattr(client.assets, method)(**given)
    assert server.received[0].variables == {}
    assert [k["path"] for k in sent_launch(server)[0]["assetSelection"]] == [
        key.split("/") for key in taken
    ]


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (
            {"pattern": "shp/ord*"},
            errors.NotFoundError,
            "no asset like 'shp/ord.'; did you mean 'shop/orders'",
        ),
        ({"pattern": ["x/*", "y"]}, errors.NotFoundError, r"no asset like 'x/\*, y' \(oper"),
        ({"pattern": "*zzz"}, errors.NotFoundError, r"no asset like '\*zzz' \(oper"),
        (
            {"pattern": "shop/*", "location": "north"},
            errors.NotFoundError,
            "'shop/.' in location 'north'",
        ),
        (
            {"pattern": "*bank"},
            errors.InvalidInputError,
            "shop/bank cannot be materialized by Dagster",
        ),
        (
            {"pattern": "*rates"},
            errors.InvalidInputError,
            "cannot be materialized .*; it can be observed",
        ),
        (
            {"pattern": "store/*"},
            errors.InvalidInputError,
            "several .demo: store/south; north: store/north",
        ),
    ],
)
async def test_patterns_that_launch_nothing(client, server, given, kind, says):
    server.data(*found(*SHOP))
    with pytest.raises(kind, match=says) as caught:
        await client.assets.materialize(**given)
    assert server.operations == ["FindAssets"]
    assert caught.value.code == (
        "ASSET_NOT_FOUND" if kind is errors.NotFoundError else "INVALID_INPUT"
    )


@pytest.mark.parametrize(
    ("jobs", "chosen"),
    [
        ((["a", "__ASSET_JOB_1"], ["__ASSET_JOB_1"]), "__ASSET_JOB_1"),
        ((["__ASSET_JOB_0", "z", "y"], ["__ASSET_JOB_1", "y", "z"]), "y"),
    ],
)
async def test_the_job_that_all_have(client, server, jobs, chosen):
    places = [asset_place("a", jobs=jobs[0]), asset_place("b", jobs=jobs[1])]
    server.data(*found(*places), launched())
    await client.assets.materialize(["a", "b"])
    assert sent_launch(server)[0]["jobName"] == chosen


async def test_what_must_run_together(client, server):
    server.data(*found(asset_place("a"), required=["c", "b"]))
    with pytest.raises(
        errors.InvalidInputError, match=r"a cannot run without b, c: .*add_required"
    ):
        await client.assets.materialize("a")
    assert server.operations == ["FindAssets", "ListRequiredAssetKeys"]


async def test_what_must_run_together_is_added(client, server):
    server.data(*found(asset_place("a"), required=["c", "b"]), launched())
    await client.assets.materialize("a", add_required=True)
    paths = [key["path"] for key in sent_launch(server)[0]["assetSelection"]]
    assert paths == [["a"], ["b"], ["c"]]


async def test_observe(client, server):
    place = asset_place("rates", isMaterializable=False, isObservable=True)
    server.data(*found(place), launched())
    assert type(await client.assets.observe("rates")) is Run
    assert sent_launch(server)[0]["assetSelection"] == [{"path": ["rates"]}]


SOURCE = {"isMaterializable": False, "isObservable": True}
EXTERNAL = {"isMaterializable": False, "isExecutable": False, "jobs": ()}


@pytest.mark.parametrize(
    ("places", "method", "given", "message"),
    [
        ([asset_place("a", **SOURCE)], "materialize", {}, "a cannot be materialized.*observed"),
        ([asset_place("a", **EXTERNAL)], "materialize", {}, "a cannot be materialized by Dagster$"),
        ([asset_place("a")], "observe", {}, "a cannot be observed by Dagster; .* materialized"),
        ([asset_place("a", isPartitioned=True)], "materialize", {}, "a has partitions.*backfill"),
        ([asset_place("a")], "materialize", {"location": "north"}, "'north' .demo: a"),
        (
            [asset_place("a"), asset_place("b", location="north")],
            "materialize",
            {},
            "several .demo: a; north: b.; launch them one by one",
        ),
        (
            [asset_place("a", jobs=["x"]), asset_place("b", jobs=["y"])],
            "materialize",
            {},
            "no job runs all of a, b together",
        ),
    ],
)
async def test_launches_that_cannot_be(client, server, places, method, given, message):
    server.data(*found(*places))
    keys = [place["key"]["path"] for place in places]
    with pytest.raises(errors.InvalidInputError, match=message):
        await getattr(client.assets, method)(keys, **given)
    assert server.operations == ["FindAssets"]


async def test_an_asset_that_is_not_defined(client, server):
    server.data(*found(asset_place("a")))
    with pytest.raises(errors.NotFoundError, match=r"There is no asset x\\/y") as caught:
        await client.assets.materialize(["a", AssetKey("x/y")])
    assert caught.value.code == "ASSET_NOT_FOUND"
    assert server.operations == ["FindAssets"]


async def test_a_lost_answer_is_looked_up_and_nothing_is_launched_again(client, server):
    replies = [Reply({"data": data}) for data in found(asset_place("a"))]
    lost = {"runsOrError": {"__typename": "Runs", "results": []}}
    there = {"runsOrError": {"__typename": "Runs", "results": [launched()["launchRun"]["run"]]}}
    server.reply(*replies, Reply(fault="reset"), Reply({"data": lost}), Reply({"data": there}))
    run = await client.assets.materialize("a")
    assert run.id == RUN_ID
    assert server.operations.count("LaunchRun") == 1
    assert server.operations[-2:] == ["FindRuns", "FindRuns"]


async def test_refused_launches(client, server):
    server.data(*found(asset_place("a")), {"launchRun": error("UnauthorizedError")})
    with pytest.raises(errors.PermissionDeniedError):
        await client.assets.materialize("a")
