"""Documents: read, written, merged and compared."""

from __future__ import annotations

import json
from collections import OrderedDict
from functools import partial

import pytest

from dagster_plus_sdk._core.documents import (
    Changes,
    by_name,
    flatten,
    merged,
    read_document,
    to_yaml,
)
from dagster_plus_sdk._core.errors import InvalidInputError

read = partial(read_document, what="the run config", example="ops: ...")

CONFIG = {"ops": {"load": {"config": {"day": "2024-05-01", "n": 3, "on": True}}}}
AS_YAML = "ops:\n  load:\n    config:\n      day: 2024-05-01\n      n: 3\n      'on': true\n"
AS_JSON = json.dumps(CONFIG, indent="\t")


@pytest.mark.parametrize("given", [CONFIG, OrderedDict(CONFIG), AS_YAML, AS_JSON, f"\n {AS_JSON}"])
def test_a_configuration_of_any_form(given):
    """A date stays the text that it is, as in Dagster: JSON could not carry it."""
    assert read(given) == CONFIG


@pytest.mark.parametrize(("name", "source"), [("c.yaml", AS_YAML), ("c.json", AS_JSON)])
def test_a_configuration_in_a_file(tmp_path, name, source):
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert read(path) == CONFIG


@pytest.mark.parametrize("nothing", [None, "", "# only a comment", {}, "{}"])
def test_no_configuration(nothing):
    assert read(nothing) == {}


def test_a_configuration_is_copied():
    given = {"ops": {}}
    assert read(given) is not given


def test_braces_of_yaml_are_no_json():
    assert read("{ops: {load: {n: 3}}}") == {"ops": {"load": {"n": 3}}}


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("ops:\n  load: [1\nx: 2", "in line 3, column 2"),
        ("ops: a: b", "in line 1, column 7"),
        ("ops:\n\tload: 1", "in line 2, column 1"),
        ('{"ops": {"load": }', "in line 1, column 19"),
        ("ops: !!python/object:os.system x", "in line 1, column 6"),
        ("ops: '\x00'", "in line 1, column 7"),
        ("ops:\n  load: \x01", "in line 2, column 9"),
    ],
)
def test_syntax_errors_have_line_and_column(tmp_path, source, where):
    with pytest.raises(InvalidInputError, match="the run config is no valid YAML") as caught:
        read(source)
    assert where in caught.value.message
    path = tmp_path / "config.yaml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(
        InvalidInputError, match=r"the run config in .*config\.yaml is no valid YAML"
    ) as caught:
        read(path)
    assert where in caught.value.message


@pytest.mark.parametrize(
    ("given", "kind"), [("[1, 2]", "list"), ("text", "str"), ("5", "int"), (7, "int")]
)
def test_what_is_no_mapping(given, kind):
    with pytest.raises(
        InvalidInputError, match=f"must be a mapping such as 'ops: ...', not a {kind}"
    ):
        read(given)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InvalidInputError, match=r"absent\.yaml cannot be read"):
        read(tmp_path / "absent.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"ops: \xe9")
    with pytest.raises(InvalidInputError, match=r"latin\.yaml cannot be read"):
        read(latin)


def test_yaml_keeps_the_order_and_reads_back():
    document = {"b": {"ü": [1, None, "2024-05-01"]}, "a": True}
    text = to_yaml(document)
    assert text.startswith("b:\n  ü:")
    assert read(text) == document


def test_changes():
    changes = Changes({"a": {"x": 1}, "b": 1, "c": 2}, {"a": {"x": 2}, "c": 2, "d": None})
    assert (changes.created, changes.updated) == (["d"], ["a"])
    assert (changes.deleted, changes.unchanged) == (["b"], ["c"])
    lines = changes.diff.splitlines()
    assert lines[:2] == ["--- current", "+++ wanted"]
    assert {"-  x: 1", "+  x: 2", "-b: 1", "+d: null"} <= set(lines)
    assert changes
    assert changes.model_dump() == {
        "created": ["d"], "updated": ["a"], "deleted": ["b"], "unchanged": ["c"], "diff": changes.diff
    }  # fmt: skip
    assert repr(changes) == "Changes(created=['d'], updated=['a'], deleted=['b'])"


@pytest.mark.parametrize("same", [{}, {"a": 1}])
def test_nothing_changes(same):
    changes = Changes(same, dict(same))
    assert not changes
    assert changes.diff == ""
    assert changes.unchanged == list(same)


def test_a_difference_to_nothing():
    assert Changes({}, {"a": 1}).diff.endswith("+a: 1\n")


def test_items_by_name():
    items = [{"name": "a", "x": 1}, {"name": "b"}]
    assert by_name(items, "name", "policy") == {"a": items[0], "b": items[1]}


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ([{"name": "a"}, {"name": "a"}], "two items are named 'a'; each policy"),
        ([{"name": "a"}, {"x": 1}], "policy 2 has no 'name'"),
        ([{"name": 5}], "policy 1 has no 'name'"),
        (["a"], "policy 1 has no 'name'"),
    ],
)
def test_items_that_have_no_name_of_their_own(items, says):
    with pytest.raises(InvalidInputError, match=says):
        by_name(items, "name", "policy")


def test_merging_goes_into_mappings_only():
    document = {"a": {"x": 1, "y": [1]}, "b": 1}
    assert merged(document, {"a": {"y": [2], "z": {"n": 1}}, "b": {"c": 1}, "d": None}) == {
        "a": {"x": 1, "y": [2], "z": {"n": 1}},
        "b": {"c": 1},
        "d": None,
    }
    assert document == {"a": {"x": 1, "y": [1]}, "b": 1}


def test_flat_paths():
    assert flatten({"a": {"b": {"c": 1}, "d": []}, "e": {}}) == {"a.b.c": 1, "a.d": [], "e": {}}
