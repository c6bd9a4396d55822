"""Backfills from the shell: launched, watched, waited for."""

from __future__ import annotations

import json
import signal

import pytest
from kit.server import Reply
from kit.terminal import OnTerminal, until

ID = "abcdefgh"

PROGRESS = {"__typename": "PartitionBackfill", "id": ID, "numPartitions": 2, "endedAt": None}


class Backfill:
    """A server with one backfill, which is further at each look."""

    def __init__(self, server, *states):
        self.states = list(states)
        server.reply(self.answer)

    def answer(self, received):
        state = self.states[0]
        if received.operation == "GetBackfillProgress" and len(self.states) > 1:
            self.states.pop(0)
        return Reply({"data": {"partitionBackfillOrError": whole(**state)}})


def whole(status="REQUESTED", done=0, failed=0):
    """A backfill of one asset with two partitions."""
    counts = {
        "__typename": "AssetPartitionsStatusCounts",
        "assetKey": {"path": ["raw", "orders"]},
        "targeted": 2,
        "inProgress": 2 - done - failed,
        "materialized": done,
        "failed": failed,
    }
    return PROGRESS | {
        "status": status,
        "title": None,
        "jobName": None,
        "isAssetBackfill": True,
        "assetSelection": [{"path": ["raw", "orders"]}],
        "createdAt": 1700000000.0,
        "user": None,
        "tags": [],
        "description": None,
        "runStatus": "STARTED",
        "fromFailure": False,
        "reexecutionSteps": None,
        "partitionSetName": None,
        "partitionKeys": None,
        "assetChecks": None,
        "assets": {"statuses": [counts], "rootPartitions": None},
        "runCounts": [],
        "error": None,
        "canCancel": True,
        "canResume": False,
    }


def texts(done):
    return [line.partition("  ")[2] for line in done.out.splitlines()]


GOING = {"done": 1}
GOOD = {"status": "COMPLETED_SUCCESS", "done": 2}
BAD = {"status": "COMPLETED_FAILED", "done": 1, "failed": 1}


@pytest.mark.parametrize(("end", "code"), [(GOOD, 0), (BAD, 5)])
def test_watching(scripted, server, end, code):
    Backfill(server, {}, GOING, end)
    done = scripted("backfill", "watch", ID)
    assert done.code == code
    assert texts(done)[:3] == [
        "raw/orders: 0 of 2 done, 0 failed, 2 running",
        f"REQUESTED  backfill {ID}",
        "raw/orders: 1 of 2 done, 0 failed, 1 running",
    ]
    assert texts(done)[-1] == f"{end['status']}  backfill {ID}"


def test_watching_as_json(scripted, server):
    Backfill(server, GOING, BAD)
    done = scripted("backfill", "watch", ID, "--json")
    first, *_, last = [json.loads(line) for line in done.out.splitlines()]
    assert (first["name"], first["done"], first["total"]) == ("raw/orders", 1, 2)
    assert (last["status"], last["backfill_id"]) == ("COMPLETED_FAILED", ID)
    assert (done.code, done.error["code"], done.error["backfill_id"]) == (5, "BACKFILL_FAILED", ID)


@pytest.mark.usefixtures("no_pauses")
def test_watching_has_an_end(scripted, server):
    Backfill(server, {})
    assert scripted("backfill", "watch", ID, "--timeout", "60").code == 6
    assert scripted("backfill", "watch", ID, "--format", "yaml").code == 2


@pytest.mark.parametrize(
    ("end", "more", "code"), [(GOOD, [], 0), (BAD, [], 5), (BAD, ["--no-exit-status"], 0)]
)
def test_waiting_for_one_that_was_launched_before(scripted, server, end, more, code):
    Backfill(server, end)
    done = scripted("backfill", "wait", ID, "--json", "--fields", "status,url", *more)
    assert (done.code, done.json["status"]) == (code, end["status"])
    assert done.json["url"] == f"{server.url}/runs/b/{ID}"


@pytest.mark.parametrize("verb", ["watch", "follow", "wait"])
def test_ctrl_c_leaves_the_backfill(server, verb):
    Backfill(server, {})
    command = OnTerminal("backfill", verb, ID, url=server.url)
    until(lambda: {"GetBackfillProgress", "PollBackfill"} & set(server.operations))
    command.process.send_signal(signal.SIGINT)
    code, _, screen = command.end()
    assert code == 130
    says = f"dplus: backfill {ID} goes on; see it with: dplus backfill watch {ID}"
    assert screen[-2:] == [says, ""]


def test_a_real_backfill_of_which_nobody_waits(real):
    words = ["--assets", "raw_orders", "--partition-range", "2024-01-01..2024-01-02"]
    done = real("backfill", "create", *words, "--json")
    assert (done.code, done.json["num_partitions"]) == (0, 2)
    assert done.json["url"].endswith(f"/runs/b/{done.json['id']}")
    assert done.err.endswith(f"dplus: watch it with: dplus backfill watch {done.json['id']}\n")
    assert real("backfill", "cancel", done.json["id"], "--yes").code == 0


def test_a_real_backfill_that_is_waited_for(real):
    words = ["--assets", "raw_orders", "--partition", "2024-01-03", "--wait"]
    done = real("backfill", "create", *words, "--timeout", "0.2", "--cancel-on-timeout")
    assert (done.code, done.out) == (6, "")
    assert "did not end within 0.2 s" in done.err
