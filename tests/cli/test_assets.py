"""Assets and checks on the command line."""

from __future__ import annotations

import pytest
from kit.payloads import RUN_ID, asset_event, asset_place, launched

RUN = {"assetNodeAdditionalRequiredKeys": []}


def page(*events, cursor=""):
    found = {"results": list(events), "cursor": cursor}
    return {"assetOrError": {"__typename": "Asset", "isKnown": True, "history": found}}


@pytest.mark.parametrize("words", [[r"a\/b/c,d"], [r"a\/b/c", "d"]])
def test_several_keys_by_place(scripted, server, words):
    server.data({"assetNodes": [asset_place("a/b", "c"), asset_place("d")]}, RUN, launched())
    done = scripted("asset", "materialize", *words, "--tag", "team=x", "--no-wait")
    assert (done.code, done.err) == (0, f"Launched run {RUN_ID}\n{server.url}/runs/{RUN_ID}\n")
    assert f"Run ID: {RUN_ID}" in done.out
    assert server.received[0].variables == {
        "assetKeys": [{"path": ["a/b", "c"]}, {"path": ["d"]}],
    }


def test_keys_are_wanted(scripted, server):
    assert scripted("asset", "status").code == 2
    assert server.requests == 0


def test_lists_of_keys(scripted, server):
    server.data({"assetNodeAdditionalRequiredKeys": [{"path": ["a/b"]}, {"path": ["c"]}]})
    assert scripted("asset", "required-keys", "x").out == "a\\/b\nc\n"
    assert scripted("asset", "required-keys", "x", "--json").json["items"] == [r"a\/b", "c"]


def test_events(scripted, server):
    server.data(page(asset_event(description="made"), asset_event("ObservationEvent")))
    done = scripted("asset", "events", "orders", "--type", "materialization,observation")
    first, second = done.out.splitlines()
    assert first == f"2023-11-14T22:13:20Z\torders\t\t{RUN_ID}\tmade"
    assert second.startswith("2023-11-14T22:13:20Z\torders")
    assert server.received[0].variables["types"] == ["MATERIALIZATION", "OBSERVATION"]


def test_partitions(scripted, server):
    statuses = {
        "__typename": "DefaultPartitionStatuses",
        "materialized": ["a"],
        "failed": [],
        "materializing": [],
        "missing": ["b"],
    }
    node = {
        "__typename": "AssetNode",
        "isPartitioned": True,
        "partitionKeys": ["a", "b"],
        "dimensions": [],
        "statuses": statuses,
    }
    server.data({"assetNodeOrError": node})
    assert scripted("asset", "partitions", "orders").out == "a\tMATERIALIZED\nb\t\n"
    assert scripted("asset", "partitions", "orders", "--fields", "key", "--missing").out == "b\n"


REPORTED = {
    "reportAssetCheckEvaluations": {
        "__typename": "ReportAssetCheckEvaluationsSuccess",
        "assetKey": {"path": ["orders"]},
        "checkName": "rows",
    }
}


@pytest.mark.parametrize(("flag", "passed"), [("--passed", True), ("--failed", False)])
def test_results_of_checks(scripted, server, tmp_path, flag, passed):
    server.data(REPORTED)
    values = tmp_path / "values.yaml"
    values.write_text("rows: 7\n")
    done = scripted("check", "report", "orders", "rows", flag, "--metadata", str(values))
    assert (done.code, done.err) == (0, "")
    sent = server.received[0].variables["eventParams"]
    assert (sent["passed"], sent["serializedMetadata"]) == (passed, '{"rows": 7}')


def test_whether_a_check_passed_must_be_said(scripted, server):
    done = scripted("check", "report", "orders", "rows")
    assert done.code == 2
    assert "--passed" in done.err
    assert server.requests == 0
