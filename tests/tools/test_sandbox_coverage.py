"""The page of what the sandbox answers, and what makes its check fail."""

from __future__ import annotations

import pytest

pytest.importorskip("dagster_graphql")
pytest.importorskip("uvicorn")

import sandbox_coverage
from sandbox_coverage import DAGSTER, STATE, Root

from dagster_plus_sdk.sandbox.control.registry import Switch

SCHEMA = """
type Query { version: Int  deployments: Int  aiChat: Int  secretsOrError: Int }
type Mutation { createDeployment: Int  launchNonIsolatedRun: Int }
type Subscription { aiChat: Int }
"""
QUERIES = """
query ListDeployments { version  deployments }
query FindDeployment { deployments }
mutation CreateDeployment { createDeployment }
mutation LaunchNonIsolatedRun { launchNonIsolatedRun }
query GetChat { aiChat }
"""
ROOTS = [
    Root("query", "deployments", "things", ("list_deployments", "find_deployment"), STATE),
    Root("query", "aiChat", "things", ("get_chat",), ""),
    Root("query", "secretsOrError", "", (), ""),
    Root("mutation", "createDeployment", "things", ("create_deployment",), STATE),
    Root("mutation", "launchNonIsolatedRun", "things", ("launch_non_isolated_run",), DAGSTER),
    Root("subscription", "aiChat", "", (), ""),
]
REASONS = {"aiChat": "nobody to talk to"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox_coverage, "real_fields", lambda: {("query", "version")})
    resolved = sandbox_coverage.QUERIES["deployments"]
    monkeypatch.setattr(sandbox_coverage, "QUERIES", {"deployments": resolved})
    monkeypatch.setattr(sandbox_coverage, "LEAST", 0.8)
    (tmp_path / "schema.graphql").write_text(SCHEMA)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "things.graphql").write_text(QUERIES)
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_who_answers_each_root_field(folder):
    assert sandbox_coverage.collect(folder) == ROOTS
    assert sandbox_coverage.shares(ROOTS) == {True: 4, False: 1}


def test_an_operation_is_answered_if_all_its_fields_are():
    both = [Root("query", "a", "x", ("get",), STATE), Root("query", "b", "x", ("get",), "")]
    assert sandbox_coverage.shares(both) == {False: 1}


def test_a_page_that_is_current(folder, capsys):
    assert sandbox_coverage.main(["--check"], folder, REASONS) == 1
    assert capsys.readouterr().err == "docs/sandbox-coverage.md is stale: run make generate\n"
    assert sandbox_coverage.main([], folder, REASONS) == 0
    assert sandbox_coverage.main(["--check"], folder, REASONS) == 0
    text = (folder / "docs" / "sandbox-coverage.md").read_text()
    assert "4 are answered (80.0%)" in text
    assert "| `deployments` | query | `list_deployments`, `find_deployment` | state |" in text
    assert "| `aiChat` | subscription | nobody to talk to |" in text


def test_switches_are_in_the_page():
    page = sandbox_coverage.render(ROOTS, REASONS, {"size": Switch(("small", "big"), "How big.")})
    assert "| `size` | `small` | `big` | How big. |" in page


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({}, "query aiChat is neither answered nor in MISSING"),
        ({**REASONS, "deployments": "x"}, "query deployments is answered: take it out of MISSING"),
        ({**REASONS, "gone": "x"}, "gone is in MISSING, and no root field"),
    ],
)
def test_reasons_that_are_wrong(missing, says):
    assert sandbox_coverage.problems(ROOTS, missing) == [says, *SHARE]


#: Of these fields too little is answered.
SHARE = ["4 of 5 operations are answered: too few"]


def test_the_sandbox_is_covered():
    assert sandbox_coverage.main(["--check"]) == 0
