"""The state after the sandbox was killed: what was answered is there, and what was not is there whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk import RetryPolicy, TransportError
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.control import open_store
from dagster_plus_sdk.sandbox.control.audit import ENTRY
from dagster_plus_sdk.sandbox.sandbox import STORE, TOKEN

#: `make fuzz` asks for more.
CRASHES = int(os.environ.get("SANDBOX_CRASHES", "4"))
ONCE = RetryPolicy(retries=0)


class Model:
    """What the sandbox should have, by what it answered."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.deployments = {"prod", "staging"}
        self.favorites = set()
        self.issues = 0
        self.entries = 0
        self.made = 0

    def next(self):
        """Return a mutation, and what it changes once it is answered."""
        self.made += 1
        name = f"n{self.made}"
        others = sorted(self.deployments - {"prod", "staging"})
        choices = [self.issue, self.favorite]
        choices += [self.create] if len(others) < 6 else []
        choices += [self.delete] if others else []
        choices += [self.forget] if self.favorites else []
        return self.random.choice(choices)(name)

    def create(self, name):
        def done():
            self.deployments.add(name)
            self.entries += 1

        return f'createDeployment(deploymentName: "{name}") {{ __typename }}', done

    def delete(self, _name):
        gone = self.random.choice(sorted(self.deployments - {"prod", "staging"}))

        def done():
            self.deployments.remove(gone)
            self.entries += 1

        return f"deleteDeployment(deploymentId: ID_OF_{gone}_) {{ __typename }}", done

    def issue(self, name):
        def done():
            self.issues += 1

        return f'createIssue(title: "{name}", description: "") {{ __typename }}', done

    def favorite(self, name):
        def done():
            self.favorites.add(name)

        return f'addUserFavoriteAsset(assetKey: {{path: ["{name}"]}}) {{ __typename }}', done

    def forget(self, _name):
        gone = self.random.choice(sorted(self.favorites))

        def done():
            self.favorites.remove(gone)

        return f'removeUserFavoriteAsset(assetKey: {{path: ["{gone}"]}}) {{ __typename }}', done

    @property
    def state(self):
        return self.deployments, self.favorites, self.issues, self.entries


def found(home):
    """Return what is in the file."""
    with sqlite3.connect(home / STORE) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    database.close()
    store = open_store(home / STORE, TOKEN)
    try:
        deployments = store.list(
            "DagsterCloudDeployment", deploymentStatus="ACTIVE", deploymentType="PRODUCTION"
        )
        return (
            {row["deploymentName"] for row in deployments},
            {row["assetKey"]["path"][0] for row in store.list("favorite")},
            store.count("Issue"),
            store.count(ENTRY),
        )
    finally:
        store.close()


def mutate_until_it_breaks(client, model, kill):
    """Send mutations, one after another, until one is not answered; return what that one would change.

    After some that were, another thread kills it at a moment of its own.
    """
    last = model.made + model.random.randrange(6, 60)
    while True:
        if model.made == last:
            kill.start()
        text, done = model.next()
        try:
            if "ID_OF_" in text:
                name = text.partition("ID_OF_")[2].partition("_")[0]
                ids = client.graphql("{ deployments { deploymentName deploymentId } }")
                (number,) = [
                    row["deploymentId"]
                    for row in ids["deployments"]
                    if row["deploymentName"] == name
                ]
                text = text.replace(f"ID_OF_{name}_", str(number))
            (answer,) = client.graphql(f"mutation {{ {text} }}").values()
        except TransportError:
            return done
        assert not answer["__typename"].endswith("Error"), (text, answer)
        done()


def test_what_was_answered_survives_a_kill(tmp_path):
    model = Model(7)
    for crash in range(CRASHES):
        with Sandbox(dagster=None, home=tmp_path) as sandbox:
            kill = threading.Timer(
                model.random.uniform(0, 0.03), os.kill, (sandbox.pids["front"], signal.SIGKILL)
            )
            with sandbox.client(retries=ONCE, timeout=60) as client:
                in_flight = mutate_until_it_breaks(client, model, kill)
            kill.join()
        state = found(tmp_path)
        if state != model.state:
            in_flight()
        assert state == model.state, crash
    assert model.made > 6 * CRASHES
