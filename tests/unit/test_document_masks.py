"""No difference between documents shows a secret."""

from __future__ import annotations

import pytest
from kit.canary import leaks

from dagster_plus_sdk import Changes
from dagster_plus_sdk._core.alert_documents import changes
from dagster_plus_sdk._core.location_documents import comparable, locations_of

OLD, NEW = "5d1f7ae0-old", "5d1f7ae0-new"


def location(*variables, key="env_vars"):
    context = {"k8s": {key: [*variables]}}
    return {"etl": {"location_name": "etl", "container_context": context}}


@pytest.mark.parametrize("key", ["env_vars", "env"])
@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ([f"A={OLD}"], [f"A={NEW}"], ["-      - A=***", "+      - A=*** (changed)"]),
        ([f"A={OLD}"], ["B=1", f"A={OLD}"], ["+      - B=***"]),
        ([f"A={OLD}"], ["A"], ["-      - A=***", "+      - A"]),
        ([{"name": "A", "value": OLD}], [{"name": "A", "value": NEW}], ["+        value: '*** (changed)'"]),
    ],
)  # fmt: skip
def test_variables_of_code_locations(key, before, after, shown):
    found = Changes(location(*before, key=key), location(*after, key=key))
    assert found.updated == ["etl"]
    lines = found.diff.replace("    ", "  ").splitlines()
    assert all(line.replace("    ", "  ") in lines for line in shown), found.diff
    assert not leaks(found, OLD) + leaks(found, NEW)


def test_variables_in_settings():
    before, after = (
        {"a.env.KEY": OLD, "b.env_vars": [f"A={OLD}"]},
        {"a.env.KEY": NEW, "b.env_vars": []},
    )
    found = Changes(before, after)
    assert found.updated == ["a.env.KEY", "b.env_vars"]
    assert "+a.env.KEY: '*** (changed)'" in found.diff
    assert not leaks(found, OLD) + leaks(found, NEW)


def test_the_name_of_a_thing_hides_nothing():
    document = {"locations": [{"location_name": "my.env", "image": "a:1"}]}
    assert "+  image: a:1" in Changes({}, comparable(locations_of(document))).diff


def test_headers_and_keys_of_alert_policies():
    def policy(value):
        service = {"webhook": {"webhook_url": value, "headers": {"Authorization": value}}}
        return [{"name": "late", "notification_service": service, "description": "x"}]

    found = changes(policy(OLD), policy(NEW))
    assert found.diff.count("*** (changed)") == 2
    assert not leaks(found, OLD) + leaks(found, NEW)
    assert not changes(policy(OLD), policy(OLD))
