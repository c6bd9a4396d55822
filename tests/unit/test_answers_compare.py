"""How the test kit compares an answer with a model: by hand-made models, each with one thing wrong."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest
from graphql import build_schema
from kit.answers_compare import differences
from kit.answers_selected import TOMORROW, TYPENAME, Selected

from dagster_plus_sdk._core.enums import OpenStrEnum
from dagster_plus_sdk._core.models import BaseModel, Unknown
from dagster_plus_sdk._core.secret import Secret

SCHEMA = build_schema("""
    scalar Date
    scalar GenericScalar
    enum Mood { GRIM GOOD }
    type Cat { name: String! }
    type Dog { name: String! }
    union Pet = Cat | Dog
    type Asset { latestMaterializationTimestamp: Float }
    type Secret { secretValue: String! }
    type Token {
        value: String createdAt: Float updatedAt: String dueDay: Date moods: [Mood!] json: GenericScalar
        text: String count: Int isOn: Boolean pet: Pet asset: Asset s3Key: String
        secret: Secret
    }
    type Query { token: Token }
""")
DOCUMENT = """
    { token { ...Token } }
    fragment Token on Token {
        value createdAt updatedAt dueDay moods json text count isOn s3Key
        pet { __typename ... on Cat { name } ... on Dog { name } }
        asset { at: latestMaterializationTimestamp }
        secret { kept: secretValue }
    }
"""
SELECTED = Selected(SCHEMA, DOCUMENT)
AT = datetime(2023, 11, 14, 22, 13, 20, 250_000, timezone.utc)


class Mood(OpenStrEnum):
    GRIM = "GRIM"
    GOOD = "GOOD"


class Temper(OpenStrEnum):
    GRIM = "GRIM"


class Cat(BaseModel):
    typename__: ClassVar[str] = "Cat"
    name: Any


class Known(BaseModel):
    typename__: ClassVar[str] = TOMORROW


class Asset(BaseModel):
    at: Any


class Kept(BaseModel):
    kept: Any


class Token(BaseModel):
    value: Any
    created_at: Any
    updated_at: Any
    due_day: Any
    moods: Any
    json_: Any
    text: Any
    count: Any
    is_on: Any
    pet: Any
    asset: Any
    s_3_key: Any
    secret: Any


class OtherToken(Token):
    pass


class Answer(BaseModel):
    token: Any


ANSWER = {
    "value": "secret",
    "createdAt": 1_700_000_000.25,
    "updatedAt": "1700000000250",
    "dueDay": "2024-05-06",
    "moods": ["GRIM", "A_VALUE_OF_TOMORROW"],
    "json": {"a": [1]},
    "text": '{"a": 1}',
    "count": 1,
    "isOn": True,
    "pet": {TYPENAME: "Cat", "name": "Tom"},
    "asset": {"at": 1_700_000_000_250.0},
    "s3Key": "key",
    "secret": {"kept": "hidden"},
}
GOOD = {
    "value": Secret("secret"),
    "created_at": AT,
    "updated_at": AT.astimezone(timezone(timedelta(hours=2))),
    "due_day": date(2024, 5, 6),
    "moods": [Mood.GRIM, Mood("A_VALUE_OF_TOMORROW")],
    "json_": {"a": [1]},
    "text": {"a": 1},
    "count": 1,
    "is_on": True,
    "pet": Cat(name="Tom"),
    "asset": Asset(at=AT),
    "s_3_key": "key",
    "secret": Kept(kept=Secret("hidden")),
}


def compare(answer=None, kind=Token, **values):
    model = Answer(token=kind.model_construct(**{**GOOD, **values}))
    return differences(SELECTED, {"token": {**ANSWER, **(answer or {})}}, model)


def test_a_model_that_says_the_same_passes():
    assert compare() == []
    assert compare(value="secret", text='{"a": 1}') == []


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"value": Secret("other")}, "value"),
        ({"value": None}, "value"),
        ({"created_at": AT.replace(tzinfo=None)}, "createdAt"),
        ({"created_at": AT + timedelta(milliseconds=2)}, "createdAt"),
        ({"created_at": 1_700_000_000.25}, "createdAt"),
        ({"updated_at": "1700000000250"}, "updatedAt"),
        ({"due_day": date(2024, 6, 5)}, "dueDay"),
        ({"due_day": "2024-05-06"}, "dueDay"),
        ({"moods": [Mood.GRIM]}, "moods"),
        ({"moods": ["GRIM", Mood("A_VALUE_OF_TOMORROW")]}, "moods[0]"),
        ({"moods": [Mood.GRIM, Mood.GOOD]}, "moods[1]"),
        ({"moods": [Temper.GRIM, Mood("A_VALUE_OF_TOMORROW")]}, "moods[0]"),
        ({"moods": None}, "moods"),
        ({"json_": {"a": [2]}}, "json"),
        ({"text": {"a": 2}}, "text"),
        ({"count": True}, "count"),
        ({"count": 1.0}, "count"),
        ({"is_on": 1}, "isOn"),
        ({"pet": Cat(name="Other")}, "pet.name"),
        ({"pet": Asset(at=1)}, "pet"),
        ({"asset": Asset(at=AT - timedelta(days=1))}, "asset.at"),
        ({"asset": Cat(name="x")}, "asset.at"),
        ({"s_3_key": "other"}, "s3Key"),
        ({"secret": Kept(kept="hidden")}, "secret.kept"),
        ({"secret": Kept(kept=Secret("other"))}, "secret.kept"),
    ],
)
def test_each_difference_is_found_where_it_is(values, where):
    (line,) = compare(**values)
    assert line.startswith(f".token.{where}: ")


def test_null_and_nothing_else_becomes_none():
    assert compare({"count": None}, count=None) == []
    assert compare({"count": None}, count=0) == [".token.count: None became 0"]


def test_whatever_selects_a_fragment_is_of_its_class():
    assert compare(kind=OtherToken) == [".token: is a OtherToken, not Token"]


def test_unknown_types():
    answer = {"pet": {TYPENAME: TOMORROW, "newField": "x"}}
    unknown = Unknown.model_validate(answer["pet"])
    assert compare(answer, pet=unknown) == []
    assert compare(answer, pet=Known()) == [".token.pet: an unknown type became a Known"]
    (line,) = compare(answer, pet=Unknown.model_validate({TYPENAME: TOMORROW}))
    assert line.startswith(".token.pet.newField: 'x' became")
    (line,) = compare(answer, pet=Cat(name="Tom"))
    assert line.startswith(".token.pet: a TypeOfTomorrow became")
