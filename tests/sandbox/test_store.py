from __future__ import annotations

import pytest

pytest.importorskip("cryptography")

from dagster_plus_sdk.sandbox.control.sealing import Sealer
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
        return Store(tmp_path / "x", sealer=Sealer(token), sealed={"Thing": ("value",)})

    store = opened("first")
    store.put("Thing", 1, {"value": "hunter2-canary", "name": "a"})
    store.put("Thing", 2, {"name": "without"})
    assert store.get("Thing", 1)["value"] == "hunter2-canary"

    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"hunter2" not in on_disk
    assert b'"name": "a"' in on_disk
    other = opened("second")
    assert other.list("Thing")[0]["value"] is None
    assert opened("first").list("Thing")[0]["value"] == "hunter2-canary"
