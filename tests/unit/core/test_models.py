"""The base of the generated models, as they use it."""

from __future__ import annotations

import json
import pickle
from datetime import datetime, timezone
from typing import Annotated, ClassVar

import pydantic_core
import pytest
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from dagster_plus_sdk._core import models
from dagster_plus_sdk._core.errors import NotFoundError, UnexpectedResultError
from dagster_plus_sdk._core.models import (
    BaseModel,
    ErrorResult,
    Millis,
    OneOf,
    PublicNames,
    Unknown,
    typename,
    unwrap,
)


class Run(BaseModel):
    typename__: ClassVar[str] = "Run"
    run_id: str
    start_time: datetime | None = None


class Table(PublicNames):
    schema_: str = Field(alias="schema")
    row_count: int = 0


class Event(BaseModel):
    typename__: str = typename()
    run_id: str


class Wrote(Event):
    typename__: str = typename("Wrote")
    table: Table


class UnknownEvent(Event, Unknown):
    pass


AnyEvent = Annotated[Event, OneOf({"Started": Event, "Wrote": Wrote}, UnknownEvent)]
AnyRun = Annotated[Run | ErrorResult | Unknown, OneOf({"Run": Run, "Bad": ErrorResult}, Unknown)]
EVENTS = TypeAdapter(list[AnyEvent])
RUN = TypeAdapter(AnyRun)


class Holder(BaseModel):
    result: AnyRun
    events: list[AnyEvent] = Field(default_factory=list)


def events(*found):
    return EVENTS.validate_json(json.dumps(found))


def test_names():
    run = Run.model_validate({"runId": "1", "startTime": 1700000000.25})
    assert run == Run(run_id="1", start_time=1700000000.25)
    assert repr(run).startswith("Run(run_id='1', start_time=datetime.datetime(2023")
    assert run.model_dump(mode="json") == {
        "run_id": "1",
        "start_time": "2023-11-14T22:13:20.250000Z",
    }
    assert run.model_dump(by_alias=True).keys() == {"runId", "startTime"}


def test_suffixes_are_not_dumped():
    table = Table.model_validate({"schema": "s", "rowCount": 2})
    assert table.schema_ == "s"
    assert table.model_dump() == {"schema": "s", "row_count": 2}
    assert json.loads(table.model_dump_json()) == {"schema": "s", "row_count": 2}
    assert table.model_dump(by_alias=True) == {"schema": "s", "rowCount": 2}
    assert table.model_dump(exclude={"schema_"}) == {"row_count": 2}
    assert Table.model_validate(table.model_dump()) == table


def test_the_class_is_chosen_by_the_typename():
    found = events(
        {"__typename": "Started", "runId": "1"},
        {"__typename": "Wrote", "runId": "1", "table": {"schema": "s"}},
        {"__typename": "Invented", "runId": "1", "spin_": 3},
    )
    assert [type(event) for event in found] == [Event, Wrote, UnknownEvent]
    assert [event.typename__ for event in found] == ["Started", "Wrote", "Invented"]
    assert found[2].spin_ == 3
    assert EVENTS.validate_python(found) == found
    assert pickle.loads(pickle.dumps(found)) == found


def test_dumps_go_by_the_member_and_keep_unknown_fields():
    holder = Holder(
        result={"__typename": "Later", "x": 1},
        events=[
            {"__typename": "Wrote", "runId": "1", "table": {"schema": "s"}},
            {"__typename": "Invented", "runId": "1", "spin_": 3},
        ],
    )
    expected = {
        "result": {"x": 1},
        "events": [
            {"run_id": "1", "table": {"schema": "s", "row_count": 0}},
            {"run_id": "1", "spin_": 3},
        ],
    }
    assert holder.model_dump() == holder.model_dump(mode="json") == expected
    assert json.loads(holder.model_dump_json()) == expected
    # pydantic warns about a model in a union that it would have written otherwise: none may come.
    assert "typename" not in repr(holder)


def test_reprs_of_what_has_no_class_name_its_type():
    assert repr(Unknown(typename__="Later")) == "Unknown('Later')"
    error = ErrorResult(typename__="RunNotFoundError", message="m")
    assert repr(error).startswith("ErrorResult('RunNotFoundError', message='m'")
    (event,) = events({"__typename": "Invented", "runId": "1"})
    assert repr(event) == "UnknownEvent('Invented', run_id='1')"


def test_a_known_type_that_does_not_fit_is_an_error():
    with pytest.raises(ValidationError) as error:
        events({"__typename": "Wrote", "runId": "1"})
    kinds = {e["type"]: e["loc"] for e in error.value.errors()}
    assert kinds["missing"] == (0, "known", "Wrote", "table")
    assert "known_typename" in kinds


@pytest.mark.parametrize("value", [1, None, {}, {"runId": "1"}])
def test_what_has_no_typename_is_an_error(value):
    with pytest.raises(ValidationError):
        EVENTS.validate_python([value])


def test_members_can_be_built_and_passed_on():
    run = Run(run_id="1")
    assert Holder(result=run).result is run
    assert Holder(result=ErrorResult(typename__="Bad")).result.message == ""
    assert Wrote(run_id="1", table=Table(schema_="s")).typename__ == "Wrote"
    assert Holder.model_validate({"result": {"typename__": "Later"}}).result.typename__ == "Later"


def test_errors_have_what_the_server_sent():
    bare = RUN.validate_python({"__typename": "Bad", "message": "m"})
    assert (bare.message, bare.class_name, bare.stack) == ("m", None, [])
    full = {"__typename": "Bad", "message": "m", "className": "KeyError", "stack": ["a"]}
    error = RUN.validate_python(full)
    assert (error.class_name, error.stack) == ("KeyError", ["a"])
    assert bare.stack == []


@pytest.mark.parametrize("value", [1700000000123.456, "1700000000123.456"])
def test_milliseconds_keep_their_fraction(value):
    read = TypeAdapter(Millis).validate_python(value)
    assert read == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=timezone.utc)
    assert TypeAdapter(Millis).validate_python(read) is read


@pytest.mark.parametrize("value", [True, "soon", [], 1e300, float("nan"), float("inf")])
def test_what_is_no_time_is_an_error(value):
    with pytest.raises(ValidationError):
        TypeAdapter(Millis).validate_python(value)


def test_unwrap_returns_the_success_only():
    run = Run(run_id="1")
    assert unwrap(run, Run, "GetRun") is run
    assert unwrap(run, (Event, Run), "GetRun") is run
    error = ErrorResult(typename__="RunNotFoundError", message="no run 1")
    with pytest.raises(NotFoundError, match="no run 1") as raised:
        unwrap(error, Run, "GetRun")
    assert raised.value.operation == "GetRun"
    assert raised.value.result is error
    for other in (None, Unknown(typename__="ShinyRun"), object()):
        with pytest.raises(UnexpectedResultError):
            unwrap(other, Run, "GetRun")


@pytest.mark.parametrize("refuses", [True, False])
def test_how_members_are_dumped_depends_on_what_pydantic_takes(monkeypatch, refuses):
    def check(schema):
        if refuses:
            raise SchemaError("old pydantic")

    monkeypatch.setattr(pydantic_core, "validate_core_schema", check, raising=False)
    assert models._dump_union()["type"] == ("function-wrap" if refuses else "any")
    monkeypatch.delattr(pydantic_core, "validate_core_schema")
    assert models._dump_union()["type"] == "any"


def test_a_member_whose_schema_is_not_built_yet_is_built_for_its_dump():
    class Late(BaseModel):
        name: str = ""

    handled = []
    assert models._dump_by_class(Late.model_construct(name="n"), handled.append) is None
    assert len(handled) == 1
    assert Late.__pydantic_complete__
    assert models._dump_by_class("text", str.upper) == "TEXT"


def test_json_schemas_can_be_made():
    assert Holder.model_json_schema()["properties"].keys() == {"result", "events"}
    assert "anyOf" in str(TypeAdapter(AnyEvent).json_schema())
