"""What schedules and sensors have in common: lists, lookups by name, start, stop, reset, dry runs, ticks."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.automation import (
    STATE_ID,
    instigators,
    preview,
    schedule,
    sensor,
    state,
    tick,
    tick_page,
)
from kit.payloads import error
from kit.server import Reply

from dagster_plus_sdk import (
    AssetKey,
    InstigationState,
    InstigationStatus,
    ScheduleSummary,
    SensorSummary,
    Tick,
    TickPreview,
    errors,
)

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("noun", ["schedule", "sensor"])]

HOME = {"location": "demo", "repository": "repo"}
MAKE = {"schedule": schedule, "sensor": sensor}
SUMMARY = {"schedule": ScheduleSummary, "sensor": SensorSummary}


def resource(client, noun):
    return getattr(client, f"{noun}s")


def several(noun):
    make = MAKE[noun]
    return instigators(
        noun,
        make("report", "south"),
        make("orders", "north", "shop", status="RUNNING"),
        make("report", "north", "shop"),
        make("Clean", "north"),
    )


def selector(noun, name="report", location="demo", repository="repo"):
    return {
        "repositoryLocationName": location,
        "repositoryName": repository,
        f"{noun}Name": name,
    }


EVERYTHING = ["north/repo/Clean", "north/shop/orders", "north/shop/report", "south/repo/report"]


def names(found):
    return [f"{x.state.location_name}/{x.state.repository_name}/{x.name}" for x in found]


async def test_lists_are_sorted_and_take_one_request(client, server, noun):
    server.data(several(noun))
    found = await resource(client, noun).list().to_list()
    assert names(found) == EVERYTHING
    assert {type(x) for x in found} == {SUMMARY[noun]}
    [received] = server.received
    assert (received.operation, received.variables) == (f"List{noun.capitalize()}s", {})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"location": "north"}, [0, 1, 2]),
        ({"repository": "shop"}, [1, 2]),
        ({"location": "north", "repository": "shop"}, [1, 2]),
        ({"status": "running"}, [1]),
        ({"status": InstigationStatus.STOPPED}, [0, 2, 3]),
        ({"pattern": "cl*"}, [0]),
        ({"pattern": "R?port", "location": "south"}, [3]),
        ({"where": lambda x: x.name == "report", "status": "STOPPED"}, [2, 3]),
        ({"limit": 2}, [0, 1]),
    ],
)
async def test_filters(client, server, noun, given, kept):
    server.data(several(noun))
    found = await resource(client, noun).list(**given).to_list()
    assert names(found) == [EVERYTHING[n] for n in kept]
    asked = server.received[0].variables.get("repositorySelector")
    place = {"repositoryLocationName": "north", "repositoryName": "shop"}
    assert asked == (place if {"location", "repository"} <= given.keys() else None)


async def test_lists_resume(client, server, noun):
    server.data(several(noun))
    first = resource(client, noun).list(limit=3)
    await first.to_list()
    rest = resource(client, noun).list(cursor=first.cursor)
    assert names(await rest.to_list()) == EVERYTHING[3:]


async def test_what_cannot_be_sends_nothing(client, server, noun):
    found = resource(client, noun)
    with pytest.raises(errors.InvalidInputError, match="choose from RUNNING, STOPPED"):
        found.list(status="ASLEEP")
    with pytest.raises(errors.InvalidInputError, match="choose from FAILURE"):
        found.ticks("report", statuses="ASLEEP")
    with pytest.raises(errors.InvalidInputError, match="status is empty"):
        found.ticks("report", statuses=[])
    with pytest.raises(errors.InvalidInputError, match="after needs a timezone"):
        found.ticks("report", after=datetime(2024, 5, 1))  # noqa: DTZ001 - what is wrong
    with pytest.raises(errors.InvalidInputError, match="'12' names no tick"):
        found.ticks("report", cursor="12")
    with pytest.raises(errors.InvalidInputError, match=f"the {noun}'s name"):
        found.ticks("")
    for call in (found.get, found.start, found.stop, found.reset, found.dry_run):
        with pytest.raises(errors.InvalidInputError, match=f"the {noun}'s name"):
            await call(" ")
    assert server.requests == 0


@pytest.mark.parametrize("verb", ["start", "reset"])
async def test_start_and_reset(client, server, noun, verb):
    kind = noun.upper()
    changed = state("report", kind=kind, status="RUNNING")
    wrapped = {"__typename": "ScheduleStateResult" if noun == "schedule" else "Sensor"}
    server.data({f"{verb}{noun.capitalize()}": {**wrapped, "state": changed}})
    found = await getattr(resource(client, noun), verb)("report", **HOME)
    assert type(found) is InstigationState
    assert (found.status, found.instigation_type) == (InstigationStatus.RUNNING, kind)
    [received] = server.received
    assert received.operation == f"{verb.capitalize()}{noun.capitalize()}"
    assert received.variables == {f"{noun}Selector": selector(noun)}


async def test_stop_takes_the_id_of_the_state(client, server, noun):
    kind = noun.upper()
    field = {"schedule": "stopRunningSchedule", "sensor": "stopSensor"}[noun]
    result = {"schedule": "ScheduleStateResult", "sensor": "StopSensorMutationResult"}[noun]
    server.data(
        several(noun),
        {"instigationStateOrError": state("orders", kind=kind, status="RUNNING")},
        {field: {"__typename": result, "state": state("orders", kind=kind)}},
    )
    found = await resource(client, noun).stop("orders")
    assert (type(found), found.status) == (InstigationState, "STOPPED")
    noun = noun.capitalize()
    assert server.operations == [f"Find{noun}s", "GetInstigationState", f"Stop{noun}"]
    assert server.received[1].variables == {
        "selector": {
            "repositoryLocationName": "north",
            "repositoryName": "shop",
            "name": "orders",
        }
    }
    assert server.received[2].variables == {"id": STATE_ID}


@pytest.mark.parametrize("verb", ["start", "reset"])
async def test_a_change_whose_answer_is_lost_is_sent_again(client, server, noun, verb):
    wrapped = {"__typename": "ScheduleStateResult" if noun == "schedule" else "Sensor"}
    answer = {**wrapped, "state": state("report", kind=noun.upper())}
    field = f"{verb}{noun.capitalize()}"
    server.reply(Reply(fault="reset"), Reply({"data": {field: answer}}))
    await getattr(resource(client, noun), verb)("report", **HOME)
    assert len(server.received) == 2


@pytest.mark.parametrize("verb", ["get", "start", "stop", "reset", "dry_run"])
async def test_names_are_found_and_told(client, server, noun, verb):
    server.data(several(noun))
    call = getattr(resource(client, noun), verb)
    with pytest.raises(errors.NotFoundError, match=f"no {noun} 'order'; did you mean 'orders'"):
        await call("order")
    with pytest.raises(errors.NotFoundError, match="in location 'south'") as caught:
        await call("orders", location="south")
    assert caught.value.code == f"{noun.upper()}_NOT_FOUND"
    with pytest.raises(errors.InvalidInputError, match=f"2 places have a {noun} 'report'"):
        await call("report")
    assert set(server.operations) == {f"Find{noun.capitalize()}s"}


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("{}NotFoundError", errors.NotFoundError),
        ("UnauthorizedError", errors.PermissionDeniedError),
        ("PythonError", errors.ServerError),
    ],
)
async def test_error_members(client, server, noun, typename, kind):
    typename = typename.format(noun.capitalize())
    server.data({f"start{noun.capitalize()}": error(typename)})
    with pytest.raises(kind, match="no"):
        await resource(client, noun).start("report", **HOME)


async def test_dry_run(client, server, noun):
    server.data(preview(f"{noun}DryRun"))
    found = await resource(client, noun).dry_run("report", **HOME)
    assert type(found) is TickPreview
    [request] = found.evaluation.run_requests
    assert (request.job_name, request.run_key) == ("report", "k")
    assert request.asset_selection == [AssetKey("a", "b")]
    [partitions] = found.evaluation.dynamic_partitions_requests
    assert (partitions.type, partitions.partition_keys) == ("ADD_PARTITIONS", ["x"])
    [received] = server.received
    assert received.variables[f"{noun}Selector"] == selector(noun)


async def test_a_dry_run_that_raises_says_so_with_its_causes(client, server, noun):
    cause = {"className": "ValueError", "message": "bad", "stack": []}
    raised = {"className": "E", "message": "while evaluating", "stack": [], "causes": [cause]}
    server.data(preview(f"{noun}DryRun", error=raised, runRequests=None))
    found = await resource(client, noun).dry_run("report", **HOME)
    assert found.evaluation.error.message == "while evaluating"
    assert found.evaluation.error.causes[0].class_name == "ValueError"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("[Graphene{}NotFoundError] {} x", errors.NotFoundError),
        ("other", errors.GraphQLRequestError),
    ],
)
async def test_a_dry_run_of_nothing(client, server, noun, message, kind):
    said = message.format(noun.capitalize(), noun)
    broken = {"message": said, "path": [f"{noun}DryRun", "evaluationResult"]}
    server.reply(Reply({"data": None, "errors": [broken]}))
    with pytest.raises(kind) as caught:
        await resource(client, noun).dry_run("report", **HOME)
    assert (caught.value.code == f"{noun.upper()}_NOT_FOUND") == (kind is errors.NotFoundError)


# Ticks

TICKS = [tick(number) for number in range(7, 0, -1)]
IDS = ["7", "6", "5", "4", "3", "2", "1"]


def ticking(received):
    """Answer as the real server does: by time, newest first, at most 1000."""
    asked = received.variables
    before, after = asked.get("before"), asked.get("after")
    found = [
        t
        for t in TICKS
        if (before is None or t["timestamp"] < before) and (after is None or t["timestamp"] > after)
    ]
    return Reply({"data": tick_page(*found[: min(asked["limit"], 1000)])})


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
async def test_pages_lose_nothing(client, server, noun, size):
    server.reply(ticking)
    pages = [p async for p in resource(client, noun).ticks("x", **HOME, page_size=size).pages()]
    found = [t for page in pages for t in page.items]
    assert [t.id for t in found] == IDS
    assert {type(t) for t in found} == {Tick}
    assert len(pages) == server.requests == -(-7 // size)
    assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False]


@pytest.mark.parametrize("limit", range(8))
async def test_ticks_resume_anywhere(client, server, noun, limit):
    server.reply(ticking)
    first = resource(client, noun).ticks("x", **HOME, limit=limit, page_size=2)
    head = [t.id async for t in first]
    rest = resource(client, noun).ticks("x", **HOME, cursor=first.cursor, page_size=3)
    assert head + [t.id async for t in rest] == IDS


async def test_a_time_before_which_stays_over_all_pages(client, server, noun):
    server.reply(ticking)
    before = datetime.fromtimestamp(1700000005.5, tz=timezone.utc)
    found = resource(client, noun).ticks("x", **HOME, before=before, after=1700000002, page_size=1)
    assert [t.id async for t in found] == ["4", "3", "2"]
    sent = [r.variables["before"] for r in server.received]
    assert sent == [1700000005.5, 1700000004.5, 1700000003.5]


async def test_what_ticks_ask_for(client, server, noun):
    server.data(several(noun), tick_page())
    ticks = resource(client, noun).ticks("orders", statuses=["failure", "SKIPPED"], page_size=999)
    assert await ticks.to_list() == []
    assert server.operations == [f"Find{noun.capitalize()}s", "ListTicks"]
    assert server.received[1].variables == {
        "selector": {
            "repositoryLocationName": "north",
            "repositoryName": "shop",
            "name": "orders",
        },
        "limit": 1000,
        "statuses": ["FAILURE", "SKIPPED"],
    }


async def test_a_place_is_looked_up_once(client, server, noun):
    pages = [tick_page(*TICKS[:2]), tick_page(*TICKS[1:2])]
    server.data(several(noun), *pages)
    found = await resource(client, noun).ticks("orders", page_size=1).to_list()
    assert [t.id for t in found] == ["7", "6"]
    assert server.operations == [f"Find{noun.capitalize()}s", "ListTicks", "ListTicks"]


async def test_what_a_tick_tells(client, server, noun):
    cause = {"className": "ValueError", "message": "bad", "stack": []}
    raised = {"className": "E", "message": "m", "stack": [], "causes": [cause]}
    asked = {
        "type": "ADD_PARTITIONS",
        "partitionsDefName": "campaigns",
        "partitionKeys": ["x"],
        "skippedPartitionKeys": ["y"],
    }
    server.data(
        tick_page(tick(1, error=raised, status="FAILURE", dynamicPartitionsResults=[asked]))
    )
    found = await resource(client, noun).ticks("x", **HOME).first()
    assert found.timestamp == datetime.fromtimestamp(1700000001.5, tz=timezone.utc)
    assert (found.status, found.skip_reason) == ("FAILURE", "nothing new")
    assert found.error.causes[0].message == "bad"
    assert found.dynamic_partitions_results[0].skipped_partition_keys == ["y"]


async def test_where(client, server, noun):
    server.reply(ticking)
    odd = resource(client, noun).ticks("x", **HOME, where=lambda t: int(t.id) % 2, limit=2)
    assert [t.id async for t in odd] == ["7", "5"]
    assert server.received[0].variables["limit"] == 1000
