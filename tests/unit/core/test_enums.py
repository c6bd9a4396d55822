"""Open enums."""

from __future__ import annotations

import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel, ValidationError

from dagster_plus_sdk._core.enums import OpenStrEnum


class Color(OpenStrEnum):
    RED = "RED"
    BLUE = "BLUE"


class Paint(BaseModel):
    color: Color


def test_known_members():
    assert Color("RED") is Color.RED
    assert Color.RED.is_known
    assert Color.RED == "RED"
    assert f"{Color.RED}" == str(Color.RED) == "RED"
    assert json.dumps([Color.RED]) == '["RED"]'


def test_an_unknown_value_is_a_member_of_its_own():
    green = Color("GREEN")
    assert isinstance(green, Color)
    assert green == "GREEN"
    assert (green.name, green.value, str(green)) == ("GREEN", "GREEN", "GREEN")
    assert not green.is_known
    assert Color("GREEN") is green
    assert {green: 1}["GREEN"] == 1
    assert json.dumps(green) == '"GREEN"'


def test_unknown_values_stay_out_of_the_enum():
    Color("PINK")
    assert list(Color) == [Color.RED, Color.BLUE]
    assert len(Color) == 2
    assert "PINK" not in Color.__members__
    assert not hasattr(Color, "PINK")


def test_unknown_values_survive_copies_and_pickles():
    grey = Color("GREY")
    assert pickle.loads(pickle.dumps(grey)) is grey
    assert copy.deepcopy(grey) is grey


def test_what_is_no_text_is_no_value():
    with pytest.raises(ValueError, match="1 is not a valid Color"):
        Color(1)


def test_models_take_unknown_values():
    paint = Paint.model_validate_json('{"color": "TEAL"}')
    assert paint.color is Color("TEAL")
    assert paint.model_dump(mode="json") == {"color": "TEAL"}
    assert Paint(color="RED").color is Color.RED
    with pytest.raises(ValidationError):
        Paint.model_validate_json('{"color": 1}')


def test_threads_get_the_same_member():
    with ThreadPoolExecutor(8) as pool:
        members = list(pool.map(lambda _: Color("MAUVE"), range(64)))
    assert all(member is members[0] for member in members)
