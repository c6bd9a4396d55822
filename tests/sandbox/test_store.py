from __future__ import annotations

import sqlite3
from contextlib import closing
from urllib.parse import parse_qsl

import pytest

pytest.importorskip("cryptography")

from dagster_plus_sdk.sandbox.control.sealing import Sealer
from dagster_plus_sdk.sandbox.control.storage import StorageError, check_url, presigned_url
from dagster_plus_sdk.sandbox.control.store import Store


@pytest.fixture
def store():
    opened = Store(":memory:")
    yield opened
    opened.close()


def fill(store, *names):
    for number, name in enumerate(names):
        store.put("Thing", number, {"id": number, "name": name, "even": number % 2 == 0})


def ids(rows):
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, [0, 1, 2, 3]),
        ({"name": "b"}, [1, 3]),
        ({"id": 2}, [2]),
        ({"even": True}, [0, 2]),
        ({"even": False, "name": "b"}, [1, 3]),
        ({"gone": None}, [0, 1, 2, 3]),
        ({"name": None}, []),
        ({"name": ["b"]}, []),
    ],
)
def test_entities_by_the_values_of_fields(store, where, found):
    fill(store, "a", "b", "c", "b")

    assert ids(store.list("Thing", **where)) == found
    assert ids([row] if (row := store.find("Thing", **where)) else []) == found[:1]


def test_the_newest_come_first_page_by_page(store):
    fill(store, *["a", "b"] * 250)

    assert ids(store.newest("Thing", 3)) == [499, 498, 497]
    assert ids(store.newest("Thing", 2, before=497)) == [496, 495]
    assert ids(store.newest("Thing", 3, before="gone")) == [499, 498, 497]
    assert ids(store.newest("Thing", 2, name="a")) == [498, 496]
    assert ids(store.newest("Thing", 2, keep=lambda row: row["id"] < 100)) == [99, 98]
    assert ids(store.newest("Thing", 1000, even=False)) == list(range(499, 0, -2))
    assert store.count("Thing", name="a") == 250


def test_an_entity_is_overwritten_in_its_place(store):
    fill(store, "a", "b")
    store.put("Thing", 0, {"id": 0, "name": "z"})

    assert [row["name"] for row in store.list("Thing")] == ["z", "b"]


def test_everything_is_dumped_and_loaded(store):
    fill(store, "a", "b")
    store.next_number("Thing")
    store.set_setting("clock", 5)
    dumped = store.dump()
    with store.transaction():
        store.load({})
    assert (store.list("Thing"), store.setting("clock", 0)) == ([], 0)
    assert store.next_number("Thing") == 1

    with store.transaction():
        store.load(dumped)

    assert ids(store.list("Thing")) == [0, 1]
    assert (store.setting("clock"), store.next_number("Thing")) == (5, 2)


def test_the_version_is_another_when_someone_else_wrote(tmp_path):
    one, other = Store(tmp_path / "x"), Store(tmp_path / "x")
    before = one.version
    one.put("Thing", 1, {})
    assert one.version == before

    other.put("Thing", 2, {})

    assert one.version != before
    one.close()
    other.close()


def test_what_is_sealed_is_in_no_file(tmp_path):
    def opened(token):
        store = Store(tmp_path / "x", sealer=Sealer(token), sealed={"Thing": ("value",)})
        return closing(store)

    with opened("first") as store:
        store.put("Thing", 1, {"value": "hunter2-canary", "name": "a"})
        store.put("Thing", 2, {"name": "without"})
        assert store.get("Thing", 1)["value"] == "hunter2-canary"
        on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"hunter2" not in on_disk
    assert b'"name": "a"' in on_disk
    with opened("second") as other:
        assert other.list("Thing")[0]["value"] is None
    with opened("first") as again:
        assert again.list("Thing")[0]["value"] == "hunter2-canary"


def test_nobody_else_on_the_machine_can_read_it(tmp_path):
    store = Store(tmp_path / "x")
    store.put("Thing", 1, {})

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    store.close()


def test_a_transaction_inside_another_is_part_of_that(store):
    def fail():
        with store.transaction():
            with store.transaction():
                store.put("Thing", "inner", {})
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert store.get("Thing", "inner") is None


def test_the_store_works_again_after_the_disk_was_full(tmp_path):
    store = Store(tmp_path / "x")
    pages = store._database.execute("pragma page_count").fetchone()[0]
    store._database.execute(f"pragma max_page_count = {pages + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"), store.transaction():
        store.put("Thing", 1, {"text": "x" * 50_000})
    store._database.execute(f"pragma max_page_count = {pages + 100}")

    with store.transaction():
        store.put("Thing", "later", {})

    assert [row["__typename"] for row in store.list("Thing")] == ["Thing"]
    store.close()


def test_a_commit_that_fails_ends_the_transaction(tmp_path):
    store = Store(tmp_path / "x")
    store._database.execute("pragma foreign_keys = on")
    store._database.execute(
        "create table child (id text references parent (id) deferrable initially deferred)"
    )
    store._database.execute("create table parent (id text primary key)")
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store._database.execute("insert into child values ('orphan')")

    with store.transaction():
        store.put("Thing", 1, {})

    assert store.get("Thing", 1)
    store.close()


def test_no_two_urls_of_objects_have_one_signature(store):
    """Not even when one has line breaks in its name."""
    url = presigned_url(store, "", "GET", "pex/a\n1")
    query = dict(parse_qsl(url.partition("?")[2]))
    check_url(store, "GET", "pex/a\n1", query)

    with pytest.raises(StorageError, match="not the store's"):
        check_url(store, "GET", "pex/a", {**query, "Expires": f"1\n{query['Expires']}"})
