"""Fields: their names in Python and in dumps, times, scalars, optional ones."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

from dagster_plus_sdk._core.asset_key import AssetKey

SECONDS = datetime(2023, 11, 14, 22, 13, 20, 250000, tzinfo=timezone.utc)


def read(generate, type_text, selection, answer, **options):
    """Generate a fragment `Thing` and decode one."""
    schema = f"{type_text}\ntype Query {{ thing: Thing! }}"
    queries = f"fragment Thing on Thing {{ {selection} }} query GetThing {{ thing {{ ...Thing }} }}"
    package = generate(schema, queries + options.pop("more", ""), **options)
    return package, package.decode("get_thing", {"thing": answer}).ok


def test_names_that_pydantic_needs_are_dumped_without_suffix(generate):
    _, thing = read(
        generate,
        "type Thing { schema: String! copy: Int! type: String! class: String! }",
        "schema copy type class",
        {"schema": "s", "copy": 1, "type": "t", "class": "c"},
    )
    assert (thing.schema_, thing.copy_, thing.type, thing.class_) == ("s", 1, "t", "c")
    expected = {"schema": "s", "copy": 1, "type": "t", "class": "c"}
    assert thing.model_dump() == expected
    assert thing.model_dump(mode="json") == json.loads(thing.model_dump_json()) == expected
    assert thing.model_dump(by_alias=True) == expected
    assert type(thing).model_validate(thing.model_dump()) == thing
    assert thing.model_dump(include={"schema_"}) == {"schema": "s"}


def test_suffixes_are_stripped_inside_other_models_and_unions(generate):
    schema = """
        type A { schema: String! }
        type B { name: String! }
        union AB = A | B
        type Thing { a: A! ab: AB! }
        type Query { thing: Thing! }
    """
    queries = """
        fragment A on A { schema }
        fragment B on B { name }
        fragment Thing on Thing { a { ...A } ab { ...A ...B } }
        query GetThing { thing { ...Thing } }
    """
    package = generate(schema, queries)
    answer = {"a": {"schema": "s"}, "ab": {"__typename": "A", "schema": "u"}}
    thing = package.decode("get_thing", {"thing": answer}).ok
    assert thing.model_dump() == {"a": {"schema": "s"}, "ab": {"schema": "u"}}


def test_names_that_camel_case_does_not_give_back_have_an_alias(generate):
    _, thing = read(
        generate,
        "type Thing { handleID: ID! some_field: Int! plainName: Int! }",
        "handleID some_field plainName",
        {"handleID": "h", "some_field": 1, "plainName": 2},
    )
    assert thing.model_dump() == {"handle_id": "h", "some_field": 1, "plain_name": 2}
    assert repr(thing) == "Thing(handle_id='h', some_field=1, plain_name=2)"


def test_times_go_by_coordinate_and_not_by_alias(generate):
    _, thing = read(
        generate,
        "type Thing { startTime: Float! timestamp: String! markerEnd: String! latestTime: Float }",
        "begin: startTime timestamp markerEnd latestTime",
        {
            "begin": 1700000000.25,
            "timestamp": "1700000000250",
            "markerEnd": "step",
            "latestTime": 1700000000250.456,
        },
        times=("*.startTime", "Thing.timestamp", "Thing.latestTime"),
        not_times=("Thing.markerEnd",),
        millis=("Thing.latestTime",),
    )
    assert thing.begin == thing.timestamp == SECONDS
    assert thing.begin.utcoffset() == timedelta(0)
    assert thing.latest_time == SECONDS + timedelta(microseconds=456)
    assert thing.marker_end == "step"
    assert thing.model_dump(mode="json")["begin"] == "2023-11-14T22:13:20.250000Z"


def test_secrets_go_by_coordinate(generate):
    _, thing = read(
        generate,
        "type Thing { token: String! name: String! }",
        "token name",
        {"token": "canary", "name": "n"},
        secrets=("Thing.token",),
    )
    assert thing.token.reveal() == "canary"
    assert "canary" not in thing.model_dump_json()


def test_scalars(generate):
    _, thing = read(
        generate,
        "scalar Date scalar JSON type Thing { day: Date! free: JSON list: [Int!] many: [[Int]!]! }",
        "day free list many",
        {"day": "2024-02-03", "free": {"a": [1]}, "list": None, "many": [[None, 1]]},
    )
    assert thing.day == date(2024, 2, 3)
    assert thing.free == {"a": [1]}
    assert thing.model_dump()["list"] is None
    assert (thing.list_, thing.many) == (None, [[None, 1]])


def test_what_may_be_left_out_is_optional(generate):
    schema = "type Thing { id: ID! big: Int! }\ntype Query { thing: Thing! }"
    queries = """
        fragment Thing on Thing { id }
        query GetThing($with: Boolean!) { thing { big @include(if: $with) id } }
        query ListThings { thing { ...Thing } }
    """
    package = generate(schema, queries)
    assert package.decode("get_thing", {"thing": {"id": "1"}}, with_=True).ok.big is None


def test_asset_keys(generate):
    package, thing = read(
        generate,
        "type AssetKey { path: [String!]! } type Thing { key: AssetKey! keys: [AssetKey!] }",
        "key { ...AssetKey } keys { ...AssetKey }",
        {"key": {"path": ["a", "b/c"]}, "keys": [{"path": ["d"]}]},
        more="fragment AssetKey on AssetKey { path }",
    )
    assert thing.key == AssetKey("a", "b/c")
    assert thing.model_dump() == {"key": "a/b\\/c", "keys": ["d"]}
    assert thing.model_dump(mode="json") == thing.model_dump()
    assert "AssetKey" not in package.module("models").MODULES
