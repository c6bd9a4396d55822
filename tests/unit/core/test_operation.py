"""Operations: what is sent."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from dagster_plus_sdk._core.asset_key import AssetKey
from dagster_plus_sdk._core.enums import OpenStrEnum
from dagster_plus_sdk._core.errors import InvalidInputError
from dagster_plus_sdk._core.operation import Operation
from dagster_plus_sdk._core.secret import Secret
from dagster_plus_sdk._core.unset import UNSET


class Status(OpenStrEnum):
    DONE = "DONE"


def operation(**variables):
    return Operation(
        "GetThing", "query", "query GetThing{a}", ("fragment F on T{b}",), variables, "m"
    )


def sent(**variables):
    return json.loads(operation(**variables).body())["variables"]


def test_the_body():
    body = json.loads(operation(id="1").body())
    assert body == {
        "operationName": "GetThing",
        "query": "query GetThing{a}fragment F on T{b}",
        "variables": {"id": "1"},
    }


def test_the_document_is_joined_once():
    assert operation().document is operation().document
    other = Operation("GetThing", "query", "query GetThing{a}", (), {}, "m")
    assert other.document == "query GetThing{a}"


def test_what_was_not_given_is_left_out_and_null_is_sent():
    assert operation(a=UNSET, b=None).variables == {"b": None}
    assert sent(a=UNSET, b=None, c=0) == {"b": None, "c": 0}
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET


def test_enums_and_asset_keys_are_converted():
    key = AssetKey("a", "b")
    assert sent(s=[Status.DONE, Status("NEW")], f={"k": key}) == {
        "s": ["DONE", "NEW"],
        "f": {"k": {"path": ["a", "b"]}},
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime.now(timezone.utc), "a datetime cannot be sent as such"),
        (date(2024, 1, 1), "a variable cannot be a date"),
        ({"a": UNSET}, "UNSET inside a variable: leave the key out"),
        (Path("x"), "a variable cannot be a"),
        ({1, 2}, "a variable cannot be a set"),
    ],
)
def test_what_the_api_cannot_take_is_refused(value, message):
    with pytest.raises(InvalidInputError, match=message):
        operation(x=value).body()


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(InvalidInputError, match="JSON"):
        operation(x=float("nan")).body()


def test_secrets_are_sent_and_known():
    value = Secret('two "lines"\nof tëxt')
    made = operation(a=value, b=[{"c": Secret("deep")}], d="plain")
    assert json.loads(made.body())["variables"] == {
        "a": value.reveal(),
        "b": [{"c": "deep"}],
        "d": "plain",
    }
    assert {*made.secrets()} >= {
        value.reveal(),
        'two \\"lines\\"\\nof tëxt',
        'two \\"lines\\"\\nof t\\u00ebxt',
        'two "lines"',
        "deep",
    }
    assert "plain" not in made.secrets()
    assert operation(a=1).secrets() == ()


def test_repr_shows_names_and_no_values():
    shown = repr(operation(token="secret", name="n"))
    assert shown == "<Operation GetThing(token, name)>"


def test_operations_can_be_pickled():
    again = pickle.loads(pickle.dumps(operation(id="1")))
    assert again.body() == operation(id="1").body()
    assert (again.kind, again.module) == ("query", "m")


def test_the_class_takes_a_parameter_at_run_time():
    assert Operation[int] is Operation


def test_neither_pydantic_nor_typing_is_imported():
    code = (
        "import sys; before = set(sys.modules)\n"
        "from dagster_plus_sdk._core.operation import Operation\n"
        "Operation('A', 'query', 'query A{a}', (), {'x': 1}, 'm').document\n"
        "print(sorted({'pydantic', 'httpx', 'typing', 'enum', 're', 'json'}"
        " & (sys.modules.keys() - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )
    assert done.stdout.strip() == "[]"
