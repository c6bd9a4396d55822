"""From words to values: what cannot be is a usage error that says what can."""

from __future__ import annotations

from datetime import datetime, timezone
from io import StringIO
from pathlib import Path

import click
import pytest

from dagster_plus_sdk.cli.values import ALL, type_of, value_of


def read(kind, *words, **entry):
    """What the facade gets for the words of an option."""
    described = {"kind": kind, **entry}
    converted = [type_of(described).convert(word, None, None) for word in words]
    several = kind in ("list", "tags")
    return value_of(described, converted if several else converted[0])


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("text", ["a,b"], "a,b"),
        ("int", ["3"], 3),
        ("float", ["0.5"], 0.5),
        ("seconds", ["0.5"], 0.5),
        ("limit", ["10"], 10),
        ("limit", ["0"], 0),
        ("limit", ["ALL"], None),
        ("list", ["a, b", "c"], ["a", "b", "c"]),
        ("tags", ["a=1,b=2", "c="], {"a": "1", "b": "2", "c": ""}),
        ("tags", ["a=1,2,b=x=y"], {"a": "1,2", "b": "x=y"}),
        ("config", ["run.yaml"], Path("run.yaml")),
        ("secret", ["s3cret"], "s3cret"),
        ("time", ["1700000000.5"], 1700000000.5),
        ("time", ["2024-05-01T12:00:00Z"], datetime(2024, 5, 1, 12, tzinfo=timezone.utc)),
        ("time", ["2024-05-01T14:00:00+02:00"], datetime(2024, 5, 1, 12, tzinfo=timezone.utc)),
    ],
)
def test_values(kind, words, value):
    assert read(kind, *words) == value


def test_a_list_that_is_an_argument_is_given_once():
    entry = {"name": "keys", "kind": "list"}
    assert value_of(entry, type_of(entry).convert("a,b", None, None)) == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "word", "says"),
    [
        ("int", "x", "not a valid int"),
        ("limit", "-1", "no number from 0"),
        ("limit", "many", "and not 'all'"),
        ("list", "a,,b", "nothing before or behind a comma"),
        ("tags", "a", "no key=value"),
        ("seconds", "-1", "no number of seconds"),
        ("seconds", "nan", "no number of seconds"),
        ("seconds", "soon", "no number of seconds"),
        ("tags", "=a", "no key=value"),
        ("tags", "a=1,=b", "no key=value"),
        ("time", "2024-05-01T12:00:00", "no time with an offset"),
        ("time", "yesterday", "2024-05-01T12:00:00Z"),
    ],
)
def test_what_cannot_be(kind, word, says):
    with pytest.raises(click.BadParameter, match=says):
        read(kind, word)


@pytest.mark.parametrize(
    ("kind", "value"), [("text", None), ("list", ()), ("tags", ()), ("flag", False)]
)
def test_what_is_not_given_is_left_to_the_facade(kind, value):
    assert value_of({"kind": kind}, value) is None


def test_toggles_keep_their_no():
    assert value_of({"kind": "flag", "default": True}, False) is False
    assert value_of({"kind": "maybe"}, False) is False
    assert value_of({"kind": "limit"}, ALL) is None


def test_a_list_of_mappings_is_read_from_a_file(tmp_path):
    path = tmp_path / "launches.yaml"
    path.write_text("- job: report\n  tags: {a: b}\n- {job: orders}\n", encoding="utf-8")
    assert read("records", str(path)) == [{"job": "report", "tags": {"a": "b"}}, {"job": "orders"}]


@pytest.mark.parametrize("text", ["job: report", "- report", "[", "3"])
def test_a_file_with_no_list_of_mappings(tmp_path, text):
    path = tmp_path / "launches.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(click.UsageError, match=r"launches\.yaml"):
        read("records", str(path))
    with pytest.raises(click.UsageError, match=r"yaml cannot be read: No such file or directory$"):
        read("records", str(tmp_path / "nope.yaml"))


def test_where_a_file_is_no_yaml(tmp_path):
    path = tmp_path / "launches.yaml"
    path.write_text("- job: report\n   tags: x\n", encoding="utf-8")
    with pytest.raises(click.UsageError, match="no valid YAML in line 2, column 8: mapping"):
        read("records", str(path))


def test_a_secret_may_come_from_stdin(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("two\nlines\n"))
    assert read("secret", "-") == "two\nlines"
