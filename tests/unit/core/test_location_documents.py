"""Documents of code locations."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dagster_plus_sdk import errors
from dagster_plus_sdk._core.location_documents import check_locations, comparable, updated


def test_a_new_code_source_takes_the_place_of_the_old_one():
    location = {"code_source": {"module_name": "a"}, "git": {"url": "u", "commit_hash": "1"}}
    changes = {"code_source": {"python_file": "b.py"}, "git": {"commit_hash": "2"}}
    assert updated(location, changes) == {
        "code_source": {"python_file": "b.py"},
        "git": {"url": "u", "commit_hash": "2"},
    }
    assert updated(location, {"image": "i"})["code_source"] == {"module_name": "a"}


def test_nulls_do_not_count():
    locations = {"a": {"git": None, "k8s": {"env": [{"x": None, "y": 1}]}}}
    assert comparable(locations) == {"a": {"k8s": {"env": [{"y": 1}]}}}


def test_reasons_of_all_locations_are_told():
    fields = [SimpleNamespace(name="location_name", type_key="String", is_required=True)]
    root = SimpleNamespace(
        key="L", typename__="CompositeConfigType", is_selector=False, fields=fields
    )
    schema = SimpleNamespace(types=[root], root=SimpleNamespace(key="L"))
    locations = [{"location_name": name, "x": 1, "y": 2} for name in "ab"]
    with pytest.raises(errors.InvalidInputError, match=r"'x'; .*'y'; .*\(and 1 more\)") as caught:
        check_locations(locations, schema)
    told = [entry["message"] for entry in caught.value.errors]
    assert told == [
        f"location '{name}': the document has an unknown field '{field}'"
        for name in "ab"
        for field in "xy"
    ]
    assert check_locations(locations, None) is None
    assert check_locations([{"location_name": "a"}], schema) is None
