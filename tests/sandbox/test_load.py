"""Many clients at once, with faults: nothing that was answered is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk import APIError, RetryPolicy, TransportError
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.control import open_store
from dagster_plus_sdk.sandbox.sandbox import STORE, TOKEN

pytestmark = pytest.mark.anyio

#: `make fuzz` asks for 200 clients and a minute.
CLIENTS = int(os.environ.get("SANDBOX_CLIENTS", "40"))
SECONDS = float(os.environ.get("SANDBOX_SECONDS", "4"))
#: Of each client, at least.
CALLS = 20
#: Each for 2 % of the requests.
FAULTS = ("rate_limited", "bad_gateway", "reset_before", "reset_after", "truncated")
SHARE = 0.02


class Worker:
    """One client: creates issues and favorites, reads lists, and remembers what it was told."""

    def __init__(self, number: int, client) -> None:
        self._number = number
        self._client = client
        self.created = set()
        self.unknown = set()
        self.refused = set()
        self.requests = 0

    async def work(self, end: float) -> None:
        # On a busy machine longer than was said, so that every fault has its turn.
        while time.monotonic() < end or self.requests < CALLS:
            self.requests += 1
            title = f"{self._number}-{self.requests}"
            if self.requests % 3 == 0:
                await self._client.deployments.list().to_list()
                continue
            try:
                await self._client.issues.create(title, "x")
            except APIError as error:
                # It says that it did not do it, or nothing that can be understood.
                known = error.status_code == 429
                (self.refused if known else self.unknown).add(title)
            except TransportError:
                self.unknown.add(title)
            else:
                self.created.add(title)


async def test_nothing_is_lost_and_nothing_doubled(tmp_path):
    async with Sandbox(dagster=None, home=tmp_path) as sandbox:
        for number, fault in enumerate(FAULTS):
            wait = {"seconds": 0} if fault == "rate_limited" else {}
            sandbox.faults.add(fault, share=SHARE, seed=number, **wait)
        # Each try of a read fails one time in ten: with five, one of all the reads might fail now and then.
        retries = RetryPolicy(retries=12, base=0.01, cap=0.1)
        async with sandbox.async_client(retries=retries) as client:
            workers = [Worker(number, client) for number in range(CLIENTS)]
            end = time.monotonic() + SECONDS
            await asyncio.gather(*(worker.work(end) for worker in workers))
        fired = {rule.fault: rule.fired for rule in sandbox.faults.list()}

    store = open_store(tmp_path / STORE, TOKEN)
    there = Counter(row["title"] for row in store.list("Issue"))
    numbers = Counter(row["publicId"] for row in store.list("Issue"))
    store.close()
    created = set().union(*(worker.created for worker in workers))
    unknown = set().union(*(worker.unknown for worker in workers))
    refused = set().union(*(worker.refused for worker in workers))
    assert there.total() == len(there), there.most_common(3)
    assert numbers.total() == len(numbers), numbers.most_common(3)
    assert created <= there.keys()
    assert there.keys() <= created | unknown
    assert not there.keys() & refused
    # Some that were not answered were done, some were not: that is what the faults are for.
    assert unknown & there.keys()
    assert unknown - there.keys()
    assert min(fired.values()) > 0, fired
    total = sum(worker.requests for worker in workers)
    print(  # noqa: T201
        f"{total} calls of {CLIENTS} clients in {SECONDS} s: {len(created)} created, {len(unknown)} unknown; {fired}"
    )
