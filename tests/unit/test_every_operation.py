"""Every generated operation: its document, its variables, and whatever a server of its schema can answer."""

from __future__ import annotations

import contextlib
import json
from functools import lru_cache

import pytest
from graphql import get_nullable_type, is_abstract_type, is_list_type
from kit.answer_server import answer
from kit.answers import Answers
from kit.answers_compare import differences, same_name
from kit.answers_selected import TOMORROW, TYPENAME, is_error
from kit.answers_variables import build, coerced
from kit.schema import load_schema, problems, tree_of

from dagster_plus_sdk import ResultError, UnexpectedResultError, operations
from dagster_plus_sdk._core.error_types import exception_for
from dagster_plus_sdk._core.models import Unknown

NAMES = sorted(operations.__all__)
VARIANTS = ("full", "nulls", "empty_lists", "unknown_enums", "unknown_members")
TEXT = "No, says the server."


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    """The name of an operation; all tests of one come together, as it is prepared for them once."""
    return request.param


@lru_cache(maxsize=8)
def prepared(name, *, only_required=False):
    """Return an operation, its root fields by key, and what makes its answers."""
    operation = build(name, only_required=only_required)
    answers = Answers(load_schema(), tree_of(operation.document), coerced(operation))
    fields = answers.selected.of(answers.selected.root, answers.selected.sets)
    root = load_schema().type_map[answers.selected.root]
    return operation, {k: root.fields[n[0].name.value].type for k, n in fields.items()}, answers


def decode(operation, data):
    return operation.decode(json.dumps({"data": data}).encode())


def check(name, operation, answers, data):
    """Return the model of an answer, after looking for all values in it."""
    model = decode(operation, data)
    assert type(model).__name__ == operation.name
    found = differences(answers.selected, data, model)
    assert not found, f"{name}:\n" + "\n".join(found[:20])
    return model


def is_result(kind):
    """Whether a root field is a union or interface, whose other members raise."""
    return is_abstract_type(get_nullable_type(kind))


def test_the_document_is_valid_and_takes_the_variables(name):
    operation = build(name)
    assert [e.message for e in problems(operation.document)] == []
    given = coerced(operation)
    assert set(operation.variables) <= set(given)
    coerced(build(name, only_required=True))


@pytest.mark.parametrize("variant", VARIANTS)
def test_answers_are_decoded_whole(name, variant):
    operation, roots, answers = prepared(name)
    for data in getattr(answers, variant)():
        model = check(name, operation, answers, data)
        if len(roots) != 1:
            continue
        ((key, kind),) = roots.items()
        value, answer = next(iter(dict(model).values())), data[key]
        unknown = isinstance(answer, dict) and answer.get(TYPENAME) == TOMORROW
        if is_result(kind) and (unknown or answer is None):
            check_unexpected(model, answer)
        else:
            assert model.ok is value


def check_unexpected(model, answer):
    """Null may be an answer of its own, and so is what an interface's own fragment holds; all else raises."""
    (value,) = dict(model).values()
    if answer is None:
        with contextlib.suppress(UnexpectedResultError):
            assert model.ok is None
        return
    if type(value) is not Unknown:
        assert type(value).__name__.startswith("Unknown")
        assert model.ok is value
        return
    with pytest.raises(UnexpectedResultError) as caught:
        _ = model.ok
    assert (caught.value.typename, caught.value.status_code) == (TOMORROW, 500)


def test_answers_to_the_required_variables_alone(name):
    operation, _, answers = prepared(name, only_required=True)
    for data in answers.full():
        check(name, operation, answers, data)


def test_errors_raise_what_the_server_said(name):
    operation, roots, answers = prepared(name)
    for key, member, made in answers.errors():
        data = {**made, key: {**made[key]}}
        if "message" in data[key]:
            data[key]["message"] = TEXT
        model = check(name, operation, answers, data)
        if len(roots) == 1:
            check_error(operation, model, member, data[key])


def check_error(operation, model, member, answer):
    expected, status, code = exception_for(member)
    with pytest.raises(ResultError) as caught:
        _ = model.ok
    error = caught.value
    assert (type(error), error.status_code, error.code) == (expected, status, code)
    assert (error.typename, error.operation) == (member, operation.name)
    assert type(error) is not UnexpectedResultError
    assert error.message
    if "message" in answer:
        assert error.message == TEXT
    if "stack" in answer and isinstance(answer["stack"], list):
        assert error.stack == answer["stack"]


def test_unknown_results_raise(name):
    operation, roots, answers = prepared(name)
    for key, data in answers.unknown_roots():
        model = check(name, operation, answers, data)
        if len(roots) == 1:
            check_unexpected(model, data[key])


def test_the_answer_server_says_success(name):
    operation, roots, _ = prepared(name)
    sent = json.loads(operation.body())
    model = decode(operation, answer(sent["query"], sent["variables"], sent["operationName"]))
    if len(roots) == 1:
        assert model.ok is next(iter(dict(model).values()))


def test_every_member_of_every_result_is_shown():
    """Each answer shows one member; together they show all that the documents select."""
    _, _, answers = prepared("launch_run")
    shown = {member for _, member, _ in answers.errors()}
    shown |= {data["launchRun"][TYPENAME] for data in answers.full()}
    assert {"LaunchRunSuccess", "RunConfigValidationInvalid", "PythonError"} <= shown
    assert not is_error(load_schema(), "LaunchRunSuccess")


# What the checks themselves find.


def changed(data, path, value):
    """Return a copy of an answer with another value at a place."""
    copy = json.loads(json.dumps(data))
    place = copy
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["id"], "another"),
        (["status"], "FAILURE"),
        (["status"], "A_VALUE_OF_TOMORROW"),
        (["createdAt"], 1_600_000_000.5),
        (["startedAt"], None),
        (["tags"], []),
        (["tags", 1, "value"], "another"),
        (["assetSelection", 0, "path"], ["another"]),
        (["canTerminate"], False),
        (["runConfig"], {"another": 1}),
        (["stats", "stepsFailed"], 1_000_000),
    ],
)
def test_a_wrong_value_is_found(path, value):
    operation, _, answers = prepared("get_run")
    data = next(answers.full())
    model = decode(operation, changed(data, ["runOrError", *path], value))
    (line, *_) = differences(answers.selected, data, model)
    assert line.startswith(f".runOrError.{path[0]}")


def test_a_missing_attribute_is_found():
    operation, _, answers = prepared("get_run")
    data = next(answers.full())
    model = decode(operation, data)
    model.run_or_error.started_at = model.run_or_error.started_at.replace(tzinfo=None)
    assert differences(answers.selected, data, model)[0].startswith(".runOrError.startedAt")
    other = decode(build("count_runs"), {"runsOrError": {TYPENAME: "Runs", "count": 1}})
    assert "no such attribute" in differences(answers.selected, data, other)[0]


def test_a_wrong_class_is_found():
    operation, _, answers = prepared("get_run")
    data = next(answers.full())
    model = decode(operation, data)
    model.run_or_error = decode(operation, data).run_or_error.tags[0]
    assert differences(answers.selected, data, model)
    model = decode(operation, data)
    model.run_or_error.__class__ = type("Other", (type(model.run_or_error),), {})
    assert differences(answers.selected, data, model) == [".runOrError: is a Other, not Run"]


def test_an_unknown_type_that_is_taken_for_a_known_one_is_found(monkeypatch):
    operation, _, answers = prepared("get_run")
    known = decode(operation, next(answers.full()))
    monkeypatch.setattr(type(known.run_or_error), "typename__", TOMORROW)
    unknown = {"runOrError": {TYPENAME: TOMORROW}}
    (line,) = differences(answers.selected, unknown, known)
    assert line == ".runOrError: an unknown type became a Run"


@pytest.mark.parametrize(
    ("attribute", "key", "same"),
    [
        ("created_at", "createdAt", True),
        ("schema_", "schema", True),
        ("s3_key", "s3Key", True),
        ("createdAt", "createdAt", False),
        ("updated_at", "createdAt", False),
        ("created", "createdAt", False),
    ],
)
def test_names(attribute, key, same):
    assert same_name(attribute, key) is same


@pytest.mark.parametrize("name", ["get_run", "list_alert_notifications"])
def test_answers_are_the_same_each_time(name):
    _, _, answers = prepared(name)
    for variant in VARIANTS:
        assert list(getattr(answers, variant)()) == list(getattr(answers, variant)())


def test_each_place_is_shown():
    """The variants reach what lies deep: below other nullable fields, and inside unions."""
    _, _, answers = prepared("get_run")
    runs = [data["runOrError"] for data in answers.nulls()]
    assert any(run["repositoryOrigin"] is None for run in runs)
    assert any(run["stats"].get("enqueuedAt", 0) is None for run in runs if run["stats"])
    shown = {run["stats"][TYPENAME] for run in (d["runOrError"] for d in answers.full())}
    assert shown == {"RunStatsSnapshot", "PythonError"}
    unknown = [data["runOrError"] for data in answers.unknown_members()]
    assert any(run.get("stats", {}).get(TYPENAME) == TOMORROW for run in unknown)


def test_lists_show_every_member():
    _, _, answers = prepared("list_run_events")
    event = load_schema().type_map["MessageEvent"]
    names = {t.name for t in load_schema().get_possible_types(event)}
    (data, *_) = answers.full()
    assert {e[TYPENAME] for e in data["logsForRun"]["events"]} == names
    kind = load_schema().type_map["EventConnection"].fields["events"].type
    assert is_list_type(get_nullable_type(kind))
