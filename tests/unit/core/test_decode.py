"""From bytes to models: every answer that a server could give."""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic_core import SchemaError

from dagster_plus_sdk._core import collector
from dagster_plus_sdk._core import decode as module
from dagster_plus_sdk._core.decode import Envelope, decode, decode_envelope
from dagster_plus_sdk._core.errors import (
    GraphQLRequestError,
    InvalidResponseError,
    PermissionDeniedError,
)
from dagster_plus_sdk._core.models import BaseModel
from dagster_plus_sdk._core.operation import Operation


class Thing(BaseModel):
    thing_id: str
    count: int | None = None


class GetThing(BaseModel):
    things: list[Thing]


GOOD = b'{"things": [{"thingId": "1", "count": 2}]}'
BAD = b'{"things": [{"thingId": 1, "count": "x"}, {}, {}, {}]}'


@pytest.fixture(autouse=True)
def results(monkeypatch):
    """A module with the model of the answer, as the generated ones are."""
    name = "results_of_this_test"
    monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules[name].GetThing = GetThing
    monkeypatch.setattr(module, "_adapters", {})
    return name


@pytest.fixture
def operation(results) -> Operation[GetThing]:
    return Operation("GetThing", "query", "query GetThing{things{thingId}}", (), {}, results)


def body(**parts: bytes) -> bytes:
    return b"{" + b",".join(b'"%s": %s' % (k.encode(), v) for k, v in parts.items()) + b"}"


def test_data(operation):
    result = operation.decode(body(data=GOOD))
    assert result == GetThing(things=[Thing(thing_id="1", count=2)])
    envelope = decode_envelope(operation, body(data=GOOD, extensions=b'{"took": 1}'))
    assert envelope.data == result
    assert (envelope.errors, envelope.maintenance) == (None, None)
    assert envelope.extensions == {"took": 1}


def test_errors(operation):
    content = body(data=b"null", errors=b'[{"message": "a", "path": ["x"]}, {"message": "b"}]')
    with pytest.raises(GraphQLRequestError, match="a; b") as error:
        decode(operation, content)
    assert error.value.errors == [{"message": "a", "path": ["x"]}, {"message": "b"}]
    assert error.value.operation == "GetThing"
    assert error.value.data is None


@pytest.mark.parametrize(
    "errors", [b"[{}]", b'[{"message": null}]', b'["text"]', b"[null]", b"[[1]]"]
)
def test_errors_without_a_message_do_not_crash(operation, errors):
    with pytest.raises(GraphQLRequestError) as error:
        decode(operation, body(errors=errors))
    assert error.value.message


def test_data_beside_errors_is_kept(operation):
    errors = b'[{"message": "half"}]'
    with pytest.raises(GraphQLRequestError, match="half") as error:
        decode(operation, body(data=GOOD, errors=errors))
    assert error.value.data == GetThing(things=[Thing(thing_id="1", count=2)])


def test_errors_by_which_the_token_may_not(operation):
    errors = b'[{"message": "no", "extensions": {"code": "UnauthorizedError"}}]'
    with pytest.raises(PermissionDeniedError, match="no") as error:
        decode(operation, body(data=GOOD, errors=errors))
    assert (error.value.operation, error.value.status_code) == ("GetThing", 403)
    assert error.value.data == GetThing(things=[Thing(thing_id="1", count=2)])


def test_data_that_does_not_fit_beside_errors_is_kept_raw(operation):
    content = body(data=b'{"things": null}', errors=b'[{"message": "half"}]', extensions=b"{}")
    envelope = decode_envelope(operation, content)
    assert envelope.data is None
    assert envelope.raw_data == {"things": None}
    assert envelope.errors == [{"message": "half"}]
    assert envelope.extensions == {}
    with pytest.raises(GraphQLRequestError, match="half") as error:
        decode(operation, content)
    assert error.value.data == {"things": None}


def test_data_that_does_not_fit_names_the_first_fields_and_no_values(operation):
    with pytest.raises(InvalidResponseError) as error:
        decode(operation, body(data=BAD.replace(b'"x"', b'"se-cret"')))
    message = str(error.value)
    assert "GetThing: data.things.0.thingId: Input should be a valid string; " in message
    assert "(and 2 more)" in message
    assert "se-cret" not in message
    assert error.value.__context__ is None


@pytest.mark.parametrize("content", [b"", b"<html>502</html>", body(data=GOOD)[:-9], b"\xff\xfe"])
def test_what_is_not_json(operation, content):
    with pytest.raises(InvalidResponseError, match=f"after {len(content)} bytes") as error:
        decode_envelope(operation, content)
    assert error.value.operation == "GetThing"
    assert error.value.__context__ is None


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b'"x"', b"{}", b'{"detail": "x"}'])
def test_json_that_is_no_graphql(operation, content):
    with pytest.raises(InvalidResponseError, match="no GraphQL"):
        decode_envelope(operation, content)


def test_errors_that_are_no_list_do_not_hide_that_data_misfits(operation):
    with pytest.raises(InvalidResponseError, match=r"errors: Input should be a valid (array|list)"):
        decode_envelope(operation, body(errors=b'"broken"'))


def test_no_data(operation):
    assert decode_envelope(operation, body(data=b"null")).data is None
    for content in (body(data=b"null"), body(errors=b"[]"), body(errors=b"null")):
        with pytest.raises(InvalidResponseError, match="no data"):
            decode(operation, content)


def test_maintenance(operation):
    content = body(maintenance=b'{"message": "back soon", "timeout": 60}')
    assert decode_envelope(operation, content).maintenance == {
        "message": "back soon",
        "timeout": 60,
    }
    envelope = decode_envelope(operation, body(data=BAD, errors=b"[1]", maintenance=b"true"))
    assert envelope.maintenance is True


def test_an_envelope_shows_data_and_errors():
    assert repr(Envelope(data=1, errors=[])) == "Envelope(data=1, errors=[])"


def test_the_reader_is_built_once_by_however_many_threads(operation, monkeypatch):
    built = []
    start = threading.Barrier(8)
    real = module._build
    monkeypatch.setattr(module, "_build", lambda schema: built.append(schema) or real(schema))

    def read(_):
        start.wait()
        return operation.decode(body(data=GOOD))

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(read, range(8)))
    assert all(result == results[0] for result in results)
    assert len(built) == 1


@pytest.mark.parametrize("enabled", [True, False])
def test_large_bodies_are_read_while_the_collector_rests(operation, monkeypatch, enabled):
    monkeypatch.setattr(module, "_LARGE", 10)
    states = []
    real = module.TypeAdapter.validate_json

    def validate_json(*arguments):
        states.append(gc.isenabled())
        return real(*arguments)

    monkeypatch.setattr(module.TypeAdapter, "validate_json", validate_json)
    (gc.enable if enabled else gc.disable)()
    try:
        operation.decode(body(data=GOOD))
        with pytest.raises(InvalidResponseError):
            operation.decode(body(data=BAD))
        assert gc.isenabled() is enabled
        with collector._pausing:  # another thread is at it
            operation.decode(body(data=GOOD))
        assert gc.isenabled() is enabled
    finally:
        gc.enable()
    assert states == [False, False, enabled]


def test_the_reader_is_built_while_the_collector_rests(operation, monkeypatch):
    states = []
    real = module._build
    monkeypatch.setattr(module, "_build", lambda m: states.append(gc.isenabled()) or real(m))
    operation.decode(body(data=GOOD))
    assert states == [False]
    assert gc.isenabled()


def test_the_collector_goes_on_after_an_error():
    outer, inner = collector.Resting(), collector.Resting()
    with contextlib.suppress(KeyError), outer:
        with inner:
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()
    assert not collector._pausing.locked()


def test_a_child_forked_from_a_pause_collects_again():
    held = collector._pausing
    held.acquire()
    gc.disable()
    try:
        collector._renew_lock()
        assert gc.isenabled()
        assert not collector._pausing.locked()
    finally:
        gc.enable()
        held.release()


def test_a_forked_child_gets_a_free_lock(operation):
    with module._building:
        module._renew_lock()
        found = []
        thread = threading.Thread(target=lambda: found.append(operation.decode(body(data=GOOD))))
        thread.start()
        thread.join(60)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("says", "kind"),
    [("Error building: KeyboardInterrupt: ", KeyboardInterrupt), ("Error building", SchemaError)],
)
def test_ctrl_c_while_a_schema_is_built(monkeypatch, says, kind):
    class Refuses:
        def __class_getitem__(cls, _):
            def build(_):
                raise SchemaError(says)

            return build

    monkeypatch.setattr(module, "TypeAdapter", Refuses)
    with pytest.raises(kind):
        module._build(int)
