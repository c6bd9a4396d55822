"""Assets."""

from __future__ import annotations

import pytest
from kit.payloads import (
    RUN_ID,
    asset,
    asset_definition,
    asset_event,
    assets,
    error,
    repository,
    whole_asset,
)
from kit.server import Reply

from dagster_plus_sdk import (
    Asset,
    AssetDefinition,
    AssetDefinitionCollision,
    AssetEventType,
    AssetHealthRecord,
    AssetKey,
    AssetStatus,
    AssetSummary,
    errors,
)

pytestmark = pytest.mark.anyio


class Catalog:
    """The assets of a server, by key."""

    def __init__(self, *found):
        self.found = sorted(found, key=lambda a: a["id"])

    def __call__(self, received):
        asked = received.variables
        after = [a for a in self.found if not asked["cursor"] or a["id"] > asked["cursor"]]
        page = after[: asked["limit"]]
        return Reply({"data": assets(*page, cursor=page[-1]["id"] if page else None)})


def keys(found):
    return [str(a.key) for a in found]


MANY = [asset(f"a{n:02}", group="even" if n % 2 == 0 else "odd") for n in range(25)]
EVEN = [f"a{n:02}" for n in range(0, 25, 2)]


async def test_lists(client, server):
    server.data(
        assets(
            asset("shop", "orders", lastMaterializedAt="1700000000250"), asset("old", group=None)
        )
    )
    orders, old = await client.assets.list().to_list()
    assert type(orders) is AssetSummary
    assert orders.key == AssetKey("shop", "orders")
    assert orders.last_materialized_at.timestamp() == 1700000000.25
    assert orders.definition.group_name == "default"
    assert old.definition is None
    [received] = server.received
    assert received.variables == {"cursor": None, "limit": 100}


@pytest.mark.parametrize("size", [None, 1, 5, 25, 30])
async def test_pages_lose_nothing(client, server, size):
    server.reply(Catalog(*MANY))
    assert keys(await client.assets.list(page_size=size).to_list()) == [
        f"a{n:02}" for n in range(25)
    ]


@pytest.mark.parametrize("limit", [1, 7])
async def test_groups_are_filtered_here_and_lose_nothing(client, server, limit):
    server.reply(Catalog(*MANY))
    found, cursor = [], None
    for _ in range(20):
        listed = client.assets.list(group="even", limit=limit, page_size=4, cursor=cursor)
        found += keys(await listed.to_list())
        cursor = listed.cursor
    assert found == EVEN


SHOP = [
    asset("shop", "orders", group="sales", lastMaterializedAt="1700000000250"),
    asset("shop", "a/b", group="sales"),
    asset("raw", group=None, lastMaterializedAt="1700000000250"),
]
SHOP[0]["definition"] |= {
    "kinds": ["python", "dbt"],
    "tags": [{"key": "tier", "value": "1"}, {"key": "pii", "value": ""}],
    "owners": [
        {"__typename": "TeamAssetOwner", "team": "shop"},
        {"__typename": "UserAssetOwner", "email": "ada@example.com"},
    ],
    "repository": {"name": "__repository__", "location": {"name": "north"}},
}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["raw", "shop/a\\/b", "shop/orders"]),
        ({"pattern": "SHOP/*"}, ["shop/a\\/b", "shop/orders"]),
        ({"pattern": "shop/a\\/?"}, ["shop/a\\/b"]),
        ({"pattern": "*o*", "materialized": False}, ["shop/a\\/b"]),
        ({"kind": "dbt"}, ["shop/orders"]),
        ({"kind": ["java", "python"]}, ["shop/a\\/b", "shop/orders"]),
        ({"owner": "team:shop"}, ["shop/orders"]),
        ({"owner": "shop"}, ["shop/orders"]),
        ({"owner": ["x", "ada@example.com"]}, ["shop/orders"]),
        ({"owner": "ada"}, []),
        ({"tags": {"tier": "1"}}, ["shop/orders"]),
        ({"tags": {"tier": "1", "pii": ""}}, ["shop/orders"]),
        ({"tags": {"tier": "1", "pii": "yes"}}, []),
        ({"location": "demo"}, ["shop/a\\/b"]),
        ({"group": "sales", "location": "north"}, ["shop/orders"]),
        ({"materialized": True}, ["raw", "shop/orders"]),
        ({"materialized": False}, ["shop/a\\/b"]),
    ],
)
async def test_each_filter(client, server, given, kept):
    server.reply(Catalog(*SHOP))
    assert sorted(keys(await client.assets.list(**given).to_list())) == kept


@pytest.mark.parametrize("given", [{"kind": []}, {"owner": []}, {"tags": {"a": 1}}])
async def test_filters_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.assets.list(**given)
    assert server.requests == 0


async def test_filters(client, server):
    server.reply(Catalog(*MANY, asset("undefined", group=None)))
    listed = client.assets.list(group="even", where=lambda a: a.key.path[0] > "a20")
    assert keys(await listed.to_list()) == ["a22", "a24"]
    assert server.received[0].variables["limit"] == 1000


@pytest.mark.parametrize(
    ("prefix", "sent"),
    [
        ("shop", ["shop"]),
        ("shop/raw", ["shop", "raw"]),
        (["shop", "a/b"], ["shop", "a/b"]),
        (AssetKey("x"), ["x"]),
    ],
)
async def test_prefixes(client, server, prefix, sent):
    server.data(assets())
    assert await client.assets.list(prefix=prefix).to_list() == []
    assert server.received[0].variables["prefix"] == sent


@pytest.mark.parametrize("key", ["shop/orders", ["shop", "orders"], AssetKey("shop", "orders")])
async def test_get(client, server, key):
    server.data(whole_asset("shop", "orders"))
    found = await client.assets.get(key)
    assert type(found) is Asset
    assert found.definition.op_names == ["load"]
    assert server.received[0].variables == {"assetKey": {"path": ["shop", "orders"]}}


@pytest.mark.parametrize(
    "times", [{"lastMaterializedAt": "1700000000000"}, {"lastObservedAt": "1700000000000"}]
)
async def test_an_asset_whose_definition_is_gone_is_one(client, server, times):
    server.data(whole_asset("old", group=None, **times))
    assert (await client.assets.get("old")).definition is None


@pytest.mark.parametrize("typename", ["Asset", "AssetNotFoundError"])
async def test_an_asset_that_nobody_knows(client, server, typename):
    """The server answers any key with an asset that has nothing but its key."""
    missing = {"assetOrError": {"__typename": "AssetNotFoundError", "message": "There is no asset"}}
    server.data(whole_asset("q", "x", group=None) if typename == "Asset" else missing)
    with pytest.raises(errors.NotFoundError, match="There is no asset") as caught:
        await client.assets.get("q/x")
    raised = caught.value
    assert (raised.code, raised.status_code) == ("ASSET_NOT_FOUND", 404)
    assert (raised.operation, raised.typename) == ("GetAsset", "AssetNotFoundError")


@pytest.mark.parametrize("key", ["", [], [1]])
async def test_keys_that_cannot_be(client, server, key):
    with pytest.raises(errors.InvalidInputError):
        await client.assets.get(key)
    with pytest.raises(errors.InvalidInputError):
        client.assets.list(prefix=key)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("a/b", [["a", "b"]]),
        (AssetKey("a/b"), [["a/b"]]),
        (["a/b", AssetKey("c"), ["a", "b"]], [["a", "b"], ["c"]]),
        ([["a/b", "c"]], [["a/b", "c"]]),
        ((k for k in ("x", r"a\/b")), [["x"], ["a/b"]]),
    ],
)
async def test_several_keys(client, server, given, sent):
    server.data({"assetNodes": []})
    assert await client.assets.definitions(keys=given).to_list() == []
    assert server.received[0].variables == {"assetKeys": [{"path": path} for path in sent]}


@pytest.mark.parametrize("keys", [[], "", [""], [[]], [1]])
@pytest.mark.parametrize(
    "method",
    ["health", "status", "materialize", "observe", "wipe", "collisions", "required_keys"],
)
async def test_keys_that_are_none(client, server, method, keys):
    with pytest.raises(errors.InvalidInputError):
        await getattr(client.assets, method)(keys)
    assert server.requests == 0


DEFINED = [
    asset_definition("b", group="x", jobNames=["nightly"]),
    asset_definition("a", group="x", repository=repository(location="north")),
    asset_definition("c", group="y"),
]


@pytest.mark.parametrize(
    ("given", "sent", "kept"),
    [
        ({}, {}, "abc"),
        ({"group": "x"}, {}, "ab"),
        ({"group": "x", "limit": 1}, {}, "a"),
        ({"job": "nightly"}, {}, "b"),
        ({"location": "north"}, {}, "a"),
        ({"repository": "other"}, {}, ""),
        ({"where": lambda d: d.key > AssetKey("a")}, {}, "bc"),
        (
            {"group": "x", "location": "demo", "repository": "__repository__"},
            {
                "group": {
                    "groupName": "x",
                    "repositoryLocationName": "demo",
                    "repositoryName": "__repository__",
                }
            },
            "b",
        ),
        (
            {"job": "nightly", "location": "demo", "repository": "__repository__"},
            {
                "pipeline": {
                    "pipelineName": "nightly",
                    "repositoryLocationName": "demo",
                    "repositoryName": "__repository__",
                }
            },
            "b",
        ),
    ],
)
async def test_definitions(client, server, given, sent, kept):
    server.data({"assetNodes": DEFINED})
    found = await client.assets.definitions(**given).to_list()
    assert all(type(d) is AssetDefinition for d in found)
    assert "".join(keys(found)) == kept
    assert server.received[0].variables == sent


def health_record(*path, known=True):
    base = {k: v for k, v in asset(*path).items() if k not in ("__typename", "definition")}
    return base | {"lastFailedAt": None, "isKnown": known, "health": None, "freshness": None}


def health_of(*records):
    return {"assetsOrError": {"__typename": "AssetConnection", "nodes": list(records)}}


async def test_health(client, server):
    record = health_record("a/b", "c")
    record["health"] = {
        "status": "WARNING",
        "materializationStatus": "HEALTHY",
        "materializationDetails": {
            "__typename": "AssetHealthMaterializationHealthyPartitionedMeta",
            "numMissingPartitions": 3,
            "totalNumPartitions": 9,
            "latestRunId": None,
        },
        "checksStatus": "SOMETHING_NEW",
        "checksDetails": {"__typename": "AssetHealthCheckNewMeta", "numNew": 1},
        "freshnessStatus": "UNKNOWN",
        "freshnessDetails": {"lastMaterializedAt": 1700000000.5},
    }
    server.data(health_of(record))
    [found] = await client.assets.health([["a/b", "c"]]).to_list()
    assert type(found) is AssetHealthRecord
    assert found.key == AssetKey("a/b", "c")
    assert found.health.status == "WARNING"
    assert found.health.materialization_details.num_missing_partitions == 3
    assert found.health.checks_status == "SOMETHING_NEW"
    assert found.health.freshness_details.last_materialized_at.timestamp() == 1700000000.5
    assert server.received[0].variables == {"assetKeys": [{"path": ["a/b", "c"]}]}


async def test_health_of_what_nobody_knows(client, server):
    server.data(health_of(health_record("a"), health_record("b", known=False)))
    with pytest.raises(errors.NotFoundError, match="There is no asset b") as caught:
        await client.assets.health(["a", "b"]).to_list()
    assert caught.value.code == "ASSET_NOT_FOUND"
    assert caught.value.operation == "ListAssetHealth"


def statuses(*latest, known, unknown=()):
    nodes = [{"key": {"path": [k]}, "isKnown": True} for k in known]
    nodes += [{"key": {"path": [k]}, "isKnown": False} for k in unknown]
    infos = [
        {
            "key": {"path": [key]},
            "latestMaterialization": asset_event(key={"path": [key]}),
            "latestRun": None,
            "inProgressRunIds": [],
            "unstartedRunIds": [RUN_ID],
        }
        for key in latest
    ]
    return {"assetsLatestInfo": infos, **health_of(*nodes)}


async def test_the_status_of_500_assets_takes_one_request(client, server):
    names = [f"a{n}" for n in range(500)]
    server.data(statuses(*reversed(names[:300]), known=names))
    found = await client.assets.status(names).to_list()
    assert [type(status) for status in found] == [AssetStatus] * 500
    assert keys(found) == names
    assert [bool(status.latest_materialization) for status in found] == [True] * 300 + [False] * 200
    assert found[0].unstarted_run_ids == [RUN_ID]
    assert found[499].unstarted_run_ids == []
    assert server.requests == 1


async def test_status_of_what_nobody_knows(client, server):
    server.data(statuses("a", known=["a"], unknown=["b", "c"]))
    with pytest.raises(errors.NotFoundError, match="There is no asset 'b, c'"):
        await client.assets.status(["a", "b", "c"]).to_list()


async def test_status_limit_and_where(client, server):
    server.data(statuses("a", "c", known=["a", "b", "c"]))
    listed = client.assets.status(
        ["c", "b", "a"], where=lambda s: s.latest_materialization is not None, limit=1
    )
    assert keys(await listed.to_list()) == ["c"]
    rest = client.assets.status(["c", "b", "a"], cursor=listed.cursor)
    assert keys(await rest.to_list()) == ["b", "a"]


@pytest.mark.parametrize("typename", ["PythonError", "NewError"])
async def test_status_errors(client, server, typename):
    failed = error(typename, "broken", className="X", stack=[])
    server.data({"assetsLatestInfo": [], "assetsOrError": failed})
    with pytest.raises(errors.ResultError, match="broken"):
        await client.assets.status("a").to_list()


LINES = {"a": "b", "b": "cd", "c": "e", "d": "e", "e": "", "x": "e"}


def nodes():
    ups = {k: [p for p, downs in LINES.items() if k in downs] for k in LINES}
    return {
        "assetNodes": [
            {
                "key": {"path": [key]},
                "groupName": "g",
                "upstreamKeys": [{"path": [k]} for k in ups[key]],
                "downstreamKeys": [{"path": [k]} for k in downs],
            }
            for key, downs in LINES.items()
        ]
    }


@pytest.mark.parametrize(
    ("key", "given", "found"),
    [
        ("c", {}, "cbea"),
        ("c", {"direction": "upstream"}, "cba"),
        ("c", {"direction": " Downstream "}, "ce"),
        ("c", {"depth": 0}, "c"),
        ("c", {"depth": 1}, "cbe"),
        ("e", {"direction": "upstream", "depth": 2}, "ecdxb"),
        ("a", {"direction": "downstream"}, "abcde"),
        ("a", {"direction": "downstream", "where": lambda n: n.key.path[0] > "b"}, "cde"),
        ("a", {"direction": "downstream", "limit": 2}, "ab"),
    ],
)
async def test_lineage(client, server, key, given, found):
    server.data(nodes())
    assert "".join(keys(await client.assets.lineage(key, **given).to_list())) == found
    assert server.requests == 1


async def test_lineage_of_what_is_not_defined(client, server):
    server.data(nodes())
    with pytest.raises(errors.NotFoundError, match="There is no asset nope"):
        await client.assets.lineage("nope").to_list()


@pytest.mark.parametrize("given", [{"direction": "sideways"}, {"depth": -1}])
async def test_walks_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.assets.lineage("a", **given)
    assert server.requests == 0


async def test_collisions(client, server):
    places = [repository(location="north"), repository(location="south")]
    server.data(
        {"assetNodeDefinitionCollisions": [{"key": {"path": ["a"]}, "repositories": places}]}
    )
    [found] = await client.assets.collisions(["b", "a"]).to_list()
    assert type(found) is AssetDefinitionCollision
    assert [place.location.name for place in found.repositories] == ["north", "south"]


async def test_required_keys(client, server):
    server.data({"assetNodeAdditionalRequiredKeys": [{"path": ["b/c"]}, {"path": ["a"]}]})
    found = await client.assets.required_keys("x").to_list()
    assert found == [AssetKey("a"), AssetKey("b/c")]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, [{"assetKey": {"path": ["a"]}}, {"assetKey": {"path": ["b/c"]}}]),
        (
            {"first_partition": "1"},
            [
                {"assetKey": {"path": path}, "partitions": {"range": {"start": "1", "end": "1"}}}
                for path in (["a"], ["b/c"])
            ],
        ),
        (
            {"first_partition": "1", "last_partition": "3"},
            [
                {"assetKey": {"path": path}, "partitions": {"range": {"start": "1", "end": "3"}}}
                for path in (["a"], ["b/c"])
            ],
        ),
    ],
)
async def test_wipe(client, server, given, sent):
    server.data({"wipeAssets": {"__typename": "AssetWipeSuccess", "assetPartitionRanges": []}})
    assert await client.assets.wipe(["a", r"b\/c"], **given) is None
    assert server.received[0].variables == {"assetPartitionRanges": sent}


@pytest.mark.parametrize(
    "given",
    [
        {"last_partition": "3"},
        {"first_partition": ""},
        {"first_partition": "1", "last_partition": ""},
    ],
)
async def test_ranges_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.assets.wipe("a", **given)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("AssetNotFoundError", errors.NotFoundError),
        ("UnsupportedOperationError", errors.NotSupportedError),
        ("UnauthorizedError", errors.PermissionDeniedError),
        ("PythonError", errors.ServerError),
    ],
)
async def test_wipe_errors(client, server, typename, kind):
    server.data({"wipeAssets": error(typename, "no", className="X", stack=[])})
    with pytest.raises(kind):
        await client.assets.wipe("a")


@pytest.mark.parametrize(
    ("event_type", "given", "sent"),
    [
        ("materialization", {}, {"eventType": "ASSET_MATERIALIZATION"}),
        ("ASSET_OBSERVATION", {}, {"eventType": "ASSET_OBSERVATION"}),
        (
            AssetEventType.ASSET_OBSERVATION,
            {"partitions": "p", "description": "d"},
            {"eventType": "ASSET_OBSERVATION", "partitionKeys": ["p"], "description": "d"},
        ),
        (
            "Observation",
            {"partitions": ["p", "q"]},
            {"eventType": "ASSET_OBSERVATION", "partitionKeys": ["p", "q"]},
        ),
    ],
)
async def test_report(client, server, event_type, given, sent):
    done = {"__typename": "ReportRunlessAssetEventsSuccess", "assetKey": {"path": ["a"]}}
    server.data({"reportRunlessAssetEvents": done})
    assert await client.assets.report("a", event_type, **given) is None
    assert server.received[0].variables == {"eventParams": {"assetKey": {"path": ["a"]}, **sent}}


@pytest.mark.parametrize(
    ("event_type", "given"), [("party", {}), ("observation", {"partitions": []})]
)
async def test_reports_that_cannot_be(client, server, event_type, given):
    with pytest.raises(errors.InvalidInputError):
        await client.assets.report("a", event_type, **given)
    assert server.requests == 0


async def test_a_lost_report_is_not_sent_again(client, server):
    server.reply(Reply(fault="reset"))
    with pytest.raises(errors.TransportError):
        await client.assets.report("a", "observation")
    assert server.requests == 1
