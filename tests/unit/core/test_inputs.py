"""Checks of what a caller gives."""

from __future__ import annotations

import json
from collections import OrderedDict
from datetime import date, datetime, timedelta, timezone

import pytest

from dagster_plus_sdk import LogLevel, RunStatus
from dagster_plus_sdk._core.errors import InvalidInputError
from dagster_plus_sdk._core.inputs import (
    all_of,
    member,
    members,
    run_config,
    seconds,
    several,
    tag_list,
    text,
)


def test_names():
    assert text("a b", "x") == "a b"
    for value in ("", "  ", None, 5, b"a"):
        with pytest.raises(
            InvalidInputError, match="the job must be a text that is not empty, not"
        ):
            text(value, "the job")


@pytest.mark.parametrize("value", [LogLevel.ERROR, "ERROR", "error", " Error "])
def test_members_by_name(value):
    assert member(LogLevel, value, "level") is LogLevel.ERROR


@pytest.mark.parametrize("value", ["ERR", "", None, 3])
def test_members_that_do_not_exist(value):
    with pytest.raises(InvalidInputError) as caught:
        member(LogLevel, value, "level")
    choices = "choose from CRITICAL, DEBUG, ERROR, INFO, WARNING"
    assert caught.value.message == f"level cannot be {value!r}; {choices}"


def test_a_value_that_a_server_sent_may_be_sent_back():
    newer = RunStatus("DREAMING")
    assert members(RunStatus, [newer, "success"], "status") == ["DREAMING", "SUCCESS"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (None, None),
        ("error", ["ERROR"]),
        (("ERROR", LogLevel.INFO), ["ERROR", "INFO"]),
        ({"INFO"}, ["INFO"]),
    ],
)
def test_one_or_several(values, found):
    assert members(LogLevel, values, "level") == found


def test_several():
    assert several("abc", "x") == ["abc"]
    assert several(iter("ab"), "x") == ["a", "b"]
    for nothing in ([], (), set(), iter(())):
        with pytest.raises(InvalidInputError, match="x is empty; leave it out to get all"):
            several(nothing, "x")


NOON = datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "epoch"),
    [
        (None, None),
        (NOON, 1714564800.25),
        (NOON.astimezone(timezone(timedelta(hours=5))), 1714564800.25),
        (1714564800, 1714564800.0),
        (0, 0.0),
    ],
)
def test_times(value, epoch):
    assert seconds(value, "created_after") == epoch


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (NOON.replace(tzinfo=None), "created_after needs a timezone: 2024-05-01T12:00:00.250000"),
        (date(2024, 5, 1), "created_after must be an aware datetime or epoch seconds"),
        ("yesterday", "created_after must be an aware datetime or epoch seconds, not 'yesterday'"),
    ],
)
def test_times_that_may_be_any(value, says):
    with pytest.raises(InvalidInputError, match=says):
        seconds(value, "created_after")


def test_tags():
    assert tag_list(None) == tag_list({}) == []
    assert tag_list({"team": "shop", "note": ""}) == [
        {"key": "team", "value": "shop"},
        {"key": "note", "value": ""},
    ]
    with pytest.raises(InvalidInputError, match="the value of tag 'n' must be text, not 5"):
        tag_list({"n": 5})
    with pytest.raises(InvalidInputError, match="a tag's key must be a text that is not empty"):
        tag_list({" ": "v"})


# Run configurations

CONFIG = {"ops": {"load": {"config": {"day": "2024-05-01", "n": 3, "on": True}}}}
AS_YAML = "ops:\n  load:\n    config:\n      day: 2024-05-01\n      n: 3\n      'on': true\n"
AS_JSON = json.dumps(CONFIG, indent="\t")


@pytest.mark.parametrize("given", [CONFIG, OrderedDict(CONFIG), AS_YAML, AS_JSON, f"\n {AS_JSON}"])
def test_a_configuration_of_any_form(given):
    """A date stays the text that it is, as in Dagster: JSON could not carry it."""
    assert run_config(given) == CONFIG


@pytest.mark.parametrize(("name", "source"), [("c.yaml", AS_YAML), ("c.json", AS_JSON)])
def test_a_configuration_in_a_file(tmp_path, name, source):
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert run_config(path) == CONFIG


@pytest.mark.parametrize("nothing", [None, "", "# only a comment", {}, "{}"])
def test_no_configuration(nothing):
    assert run_config(nothing) == {}


def test_a_configuration_is_copied():
    given = {"ops": {}}
    assert run_config(given) is not given


def test_braces_of_yaml_are_no_json():
    assert run_config("{ops: {load: {n: 3}}}") == {"ops": {"load": {"n": 3}}}


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("ops:\n  load: [1\nx: 2", "in line 3, column 2"),
        ("ops: a: b", "in line 1, column 7"),
        ("ops:\n\tload: 1", "in line 2, column 1"),
        ('{"ops": {"load": }', "in line 1, column 19"),
        ("ops: !!python/object:os.system x", "in line 1, column 6"),
        ("ops: '\x00'", "is no valid YAML"),
    ],
)
def test_syntax_errors_have_line_and_column(tmp_path, source, where):
    with pytest.raises(InvalidInputError, match="the run config is no valid YAML") as caught:
        run_config(source)
    assert where in caught.value.message
    path = tmp_path / "config.yaml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(
        InvalidInputError, match=r"the run config in .*config\.yaml is no valid YAML"
    ) as caught:
        run_config(path)
    assert where in caught.value.message


@pytest.mark.parametrize(
    ("given", "kind"), [("[1, 2]", "list"), ("text", "str"), ("5", "int"), (7, "int")]
)
def test_what_is_no_mapping(given, kind):
    with pytest.raises(
        InvalidInputError, match=f"must be a mapping such as 'ops: ...', not a {kind}"
    ):
        run_config(given)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InvalidInputError, match=r"absent\.yaml cannot be read"):
        run_config(tmp_path / "absent.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"ops: \xe9")
    with pytest.raises(InvalidInputError, match=r"latin\.yaml cannot be read"):
        run_config(latin)


# Filters


def test_filters_are_joined():
    assert all_of() is None
    assert all_of(None, None) is None
    assert all_of(None, str.isupper) is str.isupper
    both = all_of(str.isupper, None, str.isalpha)
    assert [both(word) for word in ("AB", "A1", "ab")] == [True, False, False]
