"""Asset keys: their text, their equality, and what models make of them."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from dagster_plus_sdk._core.asset_key import AssetKey
from dagster_plus_sdk._core.errors import InvalidInputError

PARTS = st.lists(st.text(alphabet="ab/\\ ", min_size=1), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("orders",), "orders"),
        (("analytics", "orders"), "analytics/orders"),
        (("s3", "a/b"), "s3/a\\/b"),
        (("c:\\x", "y"), "c:\\x/y"),
        (("ends\\", "y"), "ends\\\\/y"),
        (("a\\/b",), "a\\\\\\/b"),
        (("last\\",), "last\\"),
    ],
)
def test_text_and_parts(parts, text):
    assert str(AssetKey(*parts)) == text
    assert AssetKey.parse(text) == AssetKey(*parts)
    assert repr(AssetKey(*parts)) == "AssetKey(" + ", ".join(map(repr, parts)) + ")"


@given(PARTS)
def test_parse_is_the_inverse_of_str(parts):
    assert AssetKey.parse(str(AssetKey(*parts))).path == tuple(parts)


def test_parse_takes_keys_text_and_parts():
    key = AssetKey("a", "b")
    assert AssetKey.parse(key) is key
    assert AssetKey.parse("a/b") == AssetKey.parse(["a", "b"]) == AssetKey.parse(("a", "b")) == key


@pytest.mark.parametrize("value", ["", [], ["a", 1], [None]])
def test_what_is_no_key_is_refused(value):
    with pytest.raises(InvalidInputError):
        AssetKey.parse(value)


def test_keys_are_values():
    key = AssetKey("a", "b")
    assert key == AssetKey("a", "b")
    assert key != AssetKey("a/b")
    assert key != "a/b"
    assert len({key, AssetKey("a", "b"), AssetKey("b")}) == 2
    assert sorted([AssetKey("b"), AssetKey("a", "c"), AssetKey("a")])[0] == AssetKey("a")
    assert pickle.loads(pickle.dumps(key)) == copy.deepcopy(key) == key
    with pytest.raises(TypeError):
        _ = key < "a"


def test_keys_cannot_be_changed():
    key = AssetKey("a")
    with pytest.raises(AttributeError, match="path cannot be set"):
        key.path = ("b",)
    with pytest.raises(AttributeError, match="path cannot be deleted"):
        del key.path
    assert key.to_wire() == {"path": ["a"]}


class Holder(BaseModel):
    key: AssetKey


@pytest.mark.parametrize("value", [{"path": ["a", "b"]}, "a/b", ["a", "b"], AssetKey("a", "b")])
def test_models_read_every_form_and_dump_text(value):
    holder = Holder(key=value)
    assert holder.key == AssetKey("a", "b")
    assert holder.model_dump() == {"key": "a/b"}
    assert holder.model_dump_json() == '{"key":"a/b"}'
    assert Holder.model_validate(holder.model_dump()) == holder


@pytest.mark.parametrize("value", [None, 1, {}, {"path": None}, {"path": []}, ""])
def test_models_refuse_what_is_no_key(value):
    with pytest.raises(ValidationError, match="not an asset key"):
        Holder(key=value)


def test_the_json_schema_is_that_of_the_text():
    assert TypeAdapter(AssetKey).json_schema()["type"] == "string"
