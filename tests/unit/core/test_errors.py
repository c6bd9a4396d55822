"""The tree of exceptions, and which of them stands for which error of the API."""

from __future__ import annotations

import inspect
import pickle
import re
from types import SimpleNamespace

import pytest
from graphql import build_schema
from kit.schema import error_types, load_schema

import dagster_plus_sdk
from dagster_plus_sdk._core import error_types as table
from dagster_plus_sdk._core import errors
from dagster_plus_sdk._core.error_types import code_of, raise_for_member
from dagster_plus_sdk._core.errors import trace_id_in
from dagster_plus_sdk._core.models import ErrorResult, Unknown

CLASSES = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, errors.DagsterPlusError)
]
MAPPED = [(name, kind) for kind, names in table.BY_EXCEPTION.items() for name in names.split()]


def missing(schema, known):
    """Return the error types of a schema that a table lacks."""
    return sorted(error_types(schema) - set(known))


# The table against the schema


def test_every_error_type_of_the_schema_has_its_exception():
    assert missing(load_schema(), [name for name, _ in MAPPED]) == []


def test_a_type_without_a_row_is_found():
    known = {name for name, _ in MAPPED}
    schema = load_schema()
    for name in sorted(error_types(schema)):
        assert missing(schema, known - {name}) == [name]
    small = build_schema(
        """
        interface Error { message: String! }
        type Eclipse implements Error { message: String! }
        type MoonNotFound { id: ID! }
        type Moon { id: ID! }
        type LonelyError { id: ID! }
        union MoonOrError = Moon | Eclipse | MoonNotFound
        type Query { moon: MoonOrError lonely: LonelyError }
        """
    )
    assert missing(small, ["MoonNotFound"]) == ["Eclipse"]
    assert missing(small, []) == ["Eclipse", "MoonNotFound"]


def test_every_row_is_a_type_of_the_schema():
    types = load_schema().type_map
    assert [name for name, _ in MAPPED if name not in types] == []


def test_types_stand_once_and_codes_are_unique():
    names = [name for name, _ in MAPPED]
    assert len(names) == len(set(names))
    codes = [table.exception_for(name)[2] for name in names]
    assert sorted(c for c in codes if codes.count(c) > 1) == []
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", code) for code in codes)


STATUSES = {
    errors.NotFoundError: 404,
    errors.PermissionDeniedError: 403,
    errors.ConflictError: 409,
    errors.InvalidRequestError: 422,
    errors.NotSupportedError: 501,
    errors.ServerError: 500,
}


@pytest.mark.parametrize(("name", "kind"), MAPPED)
def test_each_type_has_class_and_status(name, kind):
    found, status, code = table.exception_for(name)
    assert found is kind
    assert status == table.STATUS.get(name, STATUSES[kind])
    assert code == ("INTERNAL_ERROR" if name == "PythonError" else code_of(name))
    assert table.is_known(name)


@pytest.mark.parametrize(
    ("typename", "kind", "status", "code"),
    [
        ("RunNotFoundError", errors.NotFoundError, 404, "RUN_NOT_FOUND"),
        ("RepositoryLocationNotFound", errors.NotFoundError, 404, "REPOSITORY_LOCATION_NOT_FOUND"),
        ("UnauthorizedError", errors.PermissionDeniedError, 403, "UNAUTHORIZED"),
        ("RunConflict", errors.ConflictError, 409, "RUN_CONFLICT"),
        (
            "InvalidPipelineRunsFilterError",
            errors.InvalidRequestError,
            400,
            "INVALID_PIPELINE_RUNS_FILTER",
        ),
        (
            "RunConfigValidationInvalid",
            errors.InvalidRequestError,
            422,
            "RUN_CONFIG_VALIDATION_INVALID",
        ),
        ("UnsupportedOperationError", errors.NotSupportedError, 501, "UNSUPPORTED_OPERATION"),
        ("RunNotificationsExpiredError", errors.NotFoundError, 410, "RUN_NOTIFICATIONS_EXPIRED"),
        ("CustomerPaymentRequired", errors.ConflictError, 402, "CUSTOMER_PAYMENT_REQUIRED"),
        ("PythonError", errors.ServerError, 500, "INTERNAL_ERROR"),
        # Newer than this version: judged by their names.
        ("MoonNotFoundError", errors.NotFoundError, 404, "MOON_NOT_FOUND"),
        ("MoonUnauthorized", errors.PermissionDeniedError, 403, "MOON_UNAUTHORIZED"),
        ("MoonConflict", errors.ConflictError, 409, "MOON_CONFLICT"),
        ("DuplicateMoonError", errors.ConflictError, 409, "DUPLICATE_MOON"),
        ("MoonAlreadyExistsError", errors.ConflictError, 409, "MOON_ALREADY_EXISTS"),
        ("MoonLimitError", errors.ConflictError, 409, "MOON_LIMIT"),
        ("InvalidMoonError", errors.InvalidRequestError, 422, "INVALID_MOON"),
        ("UnsupportedMoon", errors.NotSupportedError, 501, "UNSUPPORTED_MOON"),
        ("MoonNotSupported", errors.NotSupportedError, 501, "MOON_NOT_SUPPORTED"),
        ("MoonError", errors.ResultError, 500, "INTERNAL_ERROR"),
        ("MoonFailure", errors.ResultError, 500, "INTERNAL_ERROR"),
        ("LandingFailed", errors.ResultError, 500, "INTERNAL_ERROR"),
        ("Moon", errors.UnexpectedResultError, 500, "INTERNAL_ERROR"),
        (None, errors.UnexpectedResultError, 500, "INTERNAL_ERROR"),
    ],
)
def test_codes_and_statuses(typename, kind, status, code):
    assert table.exception_for(typename) == (kind, status, code)


@pytest.mark.parametrize(
    ("cls", "code", "status"),
    [
        (errors.ConfigurationError, "CONFIGURATION_ERROR", 400),
        (errors.InvalidInputError, "INVALID_INPUT", 400),
        (errors.AuthenticationError, "UNAUTHENTICATED", 401),
        (errors.MissingTokenError, "UNAUTHENTICATED", 401),
        (errors.RateLimitError, "RATE_LIMITED", 429),
        (errors.RequestTimeoutError, "TIMEOUT", 504),
        (errors.WaitTimeoutError, "TIMEOUT", 504),
        (errors.ServiceUnavailableError, "SERVICE_UNAVAILABLE", 503),
        (errors.InvalidResponseError, "INVALID_RESPONSE", 502),
        (errors.LaunchUnknownError, "LAUNCH_UNKNOWN", 504),
    ],
)
def test_codes_of_errors_that_are_our_own(cls, code, status):
    error = cls("m")
    assert (error.code, error.status_code) == (code, status)


# The classes


def drawn_tree():
    """Read the tree in the module's docstring: each class with the one that it hangs on."""
    parents, tree = [], {}
    for line in inspect.getdoc(errors).splitlines():
        match = re.match(r"^ {4}([ │├└─]*)([A-Z]\w+Error)\b(.*)$", line)
        if match:
            depth = len(match[1]) // 4
            parents[depth:] = [match[2]]
            tree[match[2]] = (parents[depth - 1] if depth else None, match[3])
    return tree


def test_the_drawn_tree_is_the_tree():
    drawn = {name: parent for name, (parent, _) in drawn_tree().items()}
    real = {cls.__name__: cls for cls in CLASSES}
    assert drawn.keys() == real.keys()
    for name, parent in drawn.items():
        bases = [base.__name__ for base in real[name].__bases__]
        assert (parent or "Exception") in bases
    assert drawn.pop("DagsterPlusError") is None
    assert None not in drawn.values()


def test_what_the_tree_says_of_statuses_is_true():
    drawn = drawn_tree()
    said = {n: re.search(r"(?:^|\()(\d{3})\b", text.strip()) for n, (_, text) in drawn.items()}
    checked = {n: int(match[1]) for n, match in said.items() if match}
    del checked["ServiceUnavailableError"]  # "502, 503, 504"
    assert len(checked) >= 9
    assert {n: getattr(errors, n).status_code for n in checked} == checked


def test_every_exception_is_exported_and_documented():
    assert sorted(cls.__name__ for cls in CLASSES) == errors.__all__
    for cls in CLASSES:
        assert getattr(dagster_plus_sdk, cls.__name__) is cls
        assert inspect.getdoc(cls) != inspect.getdoc(cls.__base__)
        assert cls.__doc__.strip().endswith((".", "None"))


ALL_GIVEN = {
    "code": "C",
    "status_code": 418,
    "operation": "GetMoon",
    "typename": "MoonError",
    "stack": ["line 1", "line 2"],
    "errors": [{"message": "m", "path": ["a", 0]}],
    "trace_id": "t",
    "request_id": "r",
}


@pytest.mark.parametrize("cls", CLASSES)
def test_exceptions_survive_pickling(cls):
    error = cls("went wrong", **ALL_GIVEN)
    error.attempts = 3
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is cls
    assert vars(again) == vars(error)
    assert again.args == error.args == ("went wrong",)
    assert str(again) == str(error)
    assert vars(again).items() >= ALL_GIVEN.items()


def test_the_result_of_an_exception_survives_pickling():
    with pytest.raises(errors.ResultError) as caught:
        raise_for_member(ErrorResult(typename__="RunNotFoundError", message="no"), "GetRun")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.result == caught.value.result
    assert again.code == "RUN_NOT_FOUND"


def test_what_an_exception_says():
    assert str(errors.DagsterPlusError("m")) == "m"
    whole = errors.DagsterPlusError("m", **ALL_GIVEN)
    assert str(whole) == "m (operation GetMoon, type MoonError, request r)"
    assert (whole.stack, whole.attempts) == (["line 1", "line 2"], 1)
    bare = errors.DagsterPlusError("m")
    assert (bare.stack, bare.errors, bare.operation, bare.request_id) == ([], [], None, None)
    assert (bare.code, bare.status_code) == ("ERROR", 500)


@pytest.mark.parametrize(
    ("message", "trace_id"),
    [
        ("Internal Server Error (Trace ID: 1234567)", "1234567"),
        ("Internal Server Error (Trace ID: 12", "12"),
        ("Trace ID: )", None),
        ("Trace ID: ", None),
        ("nothing", None),
    ],
)
def test_trace_ids(message, trace_id):
    assert trace_id_in(message) == trace_id
    assert errors.ServerError(message).trace_id == trace_id


# From a member to an exception


def raised(value, operation="Op"):
    with pytest.raises(errors.ResultError) as caught:
        raise_for_member(value, operation)
    assert caught.value.result is value
    assert caught.value.operation == operation
    return caught.value


def test_null():
    error = raised(None)
    assert type(error) is errors.UnexpectedResultError
    assert error.typename is None
    assert "null" in error.message


def test_a_python_error():
    error = raised(ErrorResult(typename__="PythonError", message="boom", stack=["a"]))
    assert (type(error), error.message, error.stack) == (errors.ServerError, "boom", ["a"])


def test_single_errors_give_message_and_details():
    value = SimpleNamespace(
        typename__="RunConfigValidationInvalid",
        errors=[
            {"message": "first", "path": ["ops"]},
            {"reason": "x"},
            ErrorResult(typename__="E", message="second"),
        ],
    )
    error = raised(value)
    assert error.message == "first; second"
    assert error.errors[0] == {"message": "first", "path": ["ops"]}
    assert error.errors[2]["message"] == "second"
    assert error.status_code == 422


def test_the_place_of_a_configuration_error_becomes_its_path():
    entries = [{"fieldName": "ops"}, {"listIndex": 0}, {"mapKey": "a"}, {}]
    single = {"message": "m", "stack": {"entries": entries}}
    value = SimpleNamespace(typename__="RunConfigValidationInvalid", errors=[single])
    assert raised(value).errors == [{"message": "m", "path": ["ops", 0, "a", None]}]
    assert single["stack"] == {"entries": entries}


def test_a_member_without_message_shows_its_fields():
    value = Unknown.model_validate({"__typename": "Moon", "phase": "full", "age": 4, "crew": []})
    assert raised(value).message == "The server answered Moon: phase='full', age=4"
    assert raised(Unknown(typename__="Moon")).message == "The server answered Moon"
    assert raised(SimpleNamespace(errors=5)).message == "The server answered SimpleNamespace"
    assert raised(SimpleNamespace(message=7, errors=[])).typename == "SimpleNamespace"


@pytest.mark.parametrize(
    ("typename", "code"),
    [("GitHubError", "GIT_HUB"), ("A", "A"), ("AIChatError", "AICHAT"), ("XError", "X")],
)
def test_codes_of_names(typename, code):
    assert code_of(typename) == code
