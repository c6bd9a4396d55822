"""Which commands ask, and what their dry run does: a table that fits the facade."""

from __future__ import annotations

import command_asks
import commands
import pytest
from command_asks import ASKS, ONLY_WITH, ORGANIZATION_WIDE, PLANS, asking

FACADE = commands.Facade(commands.PACKAGE)


def named(name):
    attribute, _, method = name.partition(".")
    return attribute, FACADE.methods(attribute)[method]


@pytest.mark.parametrize("name", sorted({*ASKS, *PLANS, *ONLY_WITH}))
def test_a_name_is_that_of_a_method_that_asks(name):
    _, method = named(name)
    assert name in ASKS
    assert ONLY_WITH.get(name, "self") in [
        a.arg for a in (*method.args.args, *method.args.kwonlyargs)
    ]


def test_resources_of_the_organization_are_resources():
    assert {*FACADE.resources} >= ORGANIZATION_WIDE


@pytest.mark.parametrize("name", sorted(name for name, plan in PLANS.items() if "verb" in plan))
def test_a_plan_is_a_verb_that_takes_the_same(name):
    attribute, method = named(name)
    plan = commands.verb(FACADE, attribute, PLANS[name]["verb"].replace("-", "_"))
    given = {a.arg for a in (*method.args.args, *method.args.kwonlyargs)} | {
        *PLANS[name].get("with", {})
    }
    assert {p["name"] for p in plan["params"] if p.get("required", "options" not in p)} <= given
    assert PLANS[name].get("with", {}).keys() <= {p["name"] for p in plan["params"]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("runs.list", {}),
        ("runs.delete", {"destructive": "Delete run", "plan": {"verb": "get"}}),
        ("service_tokens.revoke", {"destructive": "Revoke service token", "wide": True}),
        ("secrets.sync", {"destructive": "Apply this to the secrets", "plan": {"verb": "plan"}}),
    ],
)
def test_what_an_entry_says(name, expected):
    attribute, _, method = name.partition(".")
    assert asking(attribute, method, FACADE.methods(attribute)) == expected


def test_a_resource_without_get_has_nothing_to_show(monkeypatch):
    monkeypatch.setitem(command_asks.ASKS, "a.delete", "Delete a")
    assert asking("a", "delete", {"delete": None}) == {"destructive": "Delete a"}
