"""What a launch sends, and which failures leave open whether it happened."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

import pytest

from dagster_plus_sdk import AssetKey, errors
from dagster_plus_sdk._core.launch import (
    BATCH_TAG,
    KEY_HEADER,
    KEY_TAG,
    Launch,
    Reexecution,
    launched_of,
    was_lost,
)
from dagster_plus_sdk._core.launch_batch import LaunchBatch
from dagster_plus_sdk._core.places import Place


def params(*args, **options):
    return Launch(*args, **options).params(location="demo", repository="__repository__")


def test_the_least_that_is_sent():
    launch = Launch("report")
    UUID(launch.key)
    assert launch.params(location="demo", repository="__repository__") == {
        "selector": {
            "repositoryLocationName": "demo",
            "repositoryName": "__repository__",
            "jobName": "report",
        },
        "runConfigData": {},
        "executionMetadata": {"tags": [{"key": KEY_TAG, "value": launch.key}]},
    }
    assert launch.headers() == {KEY_HEADER: launch.key}
    assert launch.lookup() == {"tags": [{"key": KEY_TAG, "value": launch.key}]}
    assert not launch.given


def test_all_that_can_be_sent():
    sent = params(
        "__ASSET_JOB",
        run_config="ops: {}",
        tags={"team": "shop"},
        partition="2024-05-01",
        asset_selection=["a/b", AssetKey("c")],
        op_selection=["load*"],
        idempotency_key="order-7",
    )
    assert sent["selector"]["assetSelection"] == [AssetKey("a", "b"), AssetKey("c")]
    assert sent["selector"]["solidSelection"] == ["load*"]
    assert sent["runConfigData"] == {"ops": {}}
    assert sent["executionMetadata"]["tags"] == [
        {"key": "team", "value": "shop"},
        {"key": "dagster/partition", "value": "2024-05-01"},
        {"key": KEY_TAG, "value": "order-7"},
    ]


def test_a_range_of_partitions_becomes_tags():
    sent = params("report", partition_range=("a", "c"), tags={"n": "1"}, idempotency_key="k")
    assert sent["executionMetadata"]["tags"] == [
        {"key": "n", "value": "1"},
        {"key": "dagster/asset_partition_range_start", "value": "a"},
        {"key": "dagster/asset_partition_range_end", "value": "c"},
        {"key": KEY_TAG, "value": "k"},
    ]


def test_what_is_validated_is_what_runs():
    launch = Launch("report", run_config="ops: {}", op_selection=["load"], validate=True)
    job = {"pipelineName": "report", "repositoryLocationName": "l", "repositoryName": "r"}
    assert launch.selector(Place("l", "r", "report")) == {**job, "solidSelection": ["load"]}
    assert (launch.config, launch.validate) == ({"ops": {}}, True)
    assets = Launch("report", asset_selection=["a/b"]).selector(Place("l", "r", "report"))
    assert assets == {**job, "assetSelection": [AssetKey("a", "b")]}


def test_each_launch_has_a_key_of_its_own():
    assert Launch("a").key != Launch("a").key
    assert Launch("a", idempotency_key="k").given
    stolen = Launch("a", tags={KEY_TAG: "of another run"})
    assert stolen.lookup()["tags"][0]["value"] == stolen.key
    assert [
        t["value"] for t in stolen.params(location="l", repository="r")["executionMetadata"]["tags"]
    ] == [stolen.key]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"job": ""}, "the job's name must be"),
        ({"job": "__ASSET_JOB"}, "without asset_selection would run every asset"),
        ({"job": "__ASSET_JOB_0"}, "without asset_selection would run every asset"),
        ({"job": "__ASSET_JOB", "op_selection": ["x"]}, "without asset_selection"),
        ({"asset_selection": []}, "asset_selection is empty; leave it out"),
        ({"op_selection": ()}, "op_selection is empty; leave it out"),
        (
            {"asset_selection": "a/b"},
            r"asset_selection is a list of names, not one text: \['a/b'\]",
        ),
        ({"op_selection": "load"}, "op_selection is a list of names"),
        ({"partition": ""}, "partition must be a text"),
        ({"partition": "a", "partition_range": ["a", "b"]}, "either partition or partition_range"),
        ({"partition_range": ["a"]}, "the first and the last partition's key, not 1 keys"),
        ({"partition_range": ["a", ""]}, "a partition's key must be a text"),
        ({"partition_range": "ab"}, "a list of keys, not one text"),
        ({"idempotency_key": " "}, "idempotency_key must be a text"),
        ({"tags": {"n": 1}}, "the value of tag 'n' must be text"),
        ({"run_config": "[1]"}, "must be a mapping"),
    ],
)
def test_launches_that_cannot_be(options, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        Launch(**{"job": "report", **options})


def changed(error, **attributes):
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (errors.ConnectionFailedError("m"), True),
        (changed(errors.ConnectionFailedError("m"), sent=False), False),
        (errors.RequestTimeoutError("m"), True),
        (changed(errors.RequestTimeoutError("m"), sent=False), False),
        (errors.ServiceUnavailableError("m", status_code=502), True),
        (errors.ServiceUnavailableError("m", status_code=504), True),
        (errors.ServiceUnavailableError("m", status_code=503), False),
        (errors.MaintenanceError("m"), False),
        (errors.RateLimitError("m"), False),
        (errors.InvalidResponseError("m"), True),
        (errors.InvalidResponseError("m", status_code=404), False),
        (errors.ServerError("m"), True),
        (errors.ServerError("m", typename="PythonError"), False),
        (errors.GraphQLRequestError("m", errors=[{"message": "m", "path": ["launchRun"]}]), True),
        (errors.GraphQLRequestError("m", errors=[{"message": "m"}]), False),
        (errors.GraphQLRequestError("m", errors=[{"message": "m"}], status_code=500), True),
        (errors.GraphQLRequestError("Internal Server Error (Trace ID: 1)"), True),
        (errors.RedirectError("m"), False),
        (errors.AuthenticationError("m"), False),
        (errors.NotFoundError("m"), False),
        (errors.ConfigurationError("m"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_which_answers_are_lost(error, lost):
    assert was_lost(error) is lost


def test_the_error_of_a_lost_launch_says_how_to_find_it():
    launch = Launch("report", idempotency_key="k-1")
    error = launch.unknown(
        errors.ConnectionFailedError("it broke", operation="LaunchRun", request_id="q")
    )
    assert (error.idempotency_key, error.operation, error.request_id) == ("k-1", "LaunchRun", "q")
    assert (error.code, error.status_code) == ("LAUNCH_UNKNOWN", 504)
    ask = 'runs.find_launch("k-1")'
    for said in (
        "it broke",
        "is unknown",
        ask,
        f"{KEY_TAG}=k-1",
        'idempotency_key="k-1"',
        "report",
    ):
        assert said in error.message


def runs_of(*parents):
    """Runs r1, r2 ... with these parents, newest first."""
    made = [SimpleNamespace(id=f"r{n}", parent_run_id=p) for n, p in enumerate(parents, 1)]
    return made[::-1]


@pytest.mark.parametrize(
    ("parents", "picked"),
    [
        ([None, "r1", "r2"], "r1"),
        # Two, launched with one key at the same moment: always the same of them.
        ([None, None, "r2"], "r1"),
        (["gone", "r1"], None),
        ([], None),
    ],
)
def test_the_original_is_the_run_without_a_parent(parents, picked):
    found = Launch("report").pick(runs_of(*parents))
    assert (found and found.id) == picked


def test_a_re_execution_is_the_run_that_came_of_the_old_one():
    reexecution = Reexecution("old", "ALL_STEPS", idempotency_key="k")
    assert reexecution.pick(runs_of("old", "r1", "r2")).id == "r1"
    assert reexecution.pick(runs_of("other")) is None
    said = reexecution.unknown(errors.ConnectionFailedError("it broke")).message
    assert "a re-execution of run old" in said


@pytest.mark.parametrize("parents", [[None], [None, "r1"], ["old"]])
def test_a_re_execution_needs_a_key_of_its_own(parents):
    again = Reexecution("r1", "ALL_STEPS", idempotency_key="k")
    with pytest.raises(errors.InvalidInputError, match="'k' is the key of run r1 already"):
        again.pick(runs_of(*parents))


@pytest.mark.parametrize(
    ("parents", "picked"),
    [
        ([None, "r1", "r2"], "r1"),
        (["of another key", "r1", "r2"], "r1"),
        (["of another key", "of another key", "r2"], "r1"),
        ([], None),
    ],
)
def test_what_was_launched_with_a_key(parents, picked):
    found = launched_of(runs_of(*parents))
    assert (found and found.id) == picked


def run_with(key, *, parent=None):
    tags = [SimpleNamespace(key=KEY_TAG, value=key)]
    return SimpleNamespace(tags=tags, parent_run_id=parent)


def test_a_batch_knows_its_runs_by_their_keys():
    launches = [Launch("report", idempotency_key=key) for key in ("a", "b")]
    batch = LaunchBatch(launches)
    first, retry = run_with("a"), run_with("b", parent="r1")
    assert batch.pick([retry, run_with("c"), first]) == {"a": first}
    assert batch.lookup() == {"tags": [{"key": BATCH_TAG, "value": batch.key}]}
    assert batch.key == LaunchBatch(launches).key != LaunchBatch(launches[:1]).key
    error = batch.unknown(errors.ConnectionFailedError("it broke"), {"a": first})
    assert [e["idempotency_key"] for e in error.errors] == ["b"]
    assert error.idempotency_key == batch.key
    assert f"{BATCH_TAG}={batch.key}" in error.message
    assert "runs.find_launch" in error.message
    assert error.runs == [first]
