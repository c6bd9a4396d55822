"""Issues, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Issue, IssueStatus, IssueSummary

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_issues_list(client):
    found = await client.issues.list(statuses="OPEN").to_list()
    assert found
    assert {type(issue) for issue in found} == {IssueSummary}


async def test_issues_get(client):
    found = await client.issues.get("3")
    assert (type(found), found.id) == (Issue, "3")


async def test_issues_create(client):
    made = await client.issues.create("Late", "Since Monday.", run="r1", status="TRIAGE")
    assert (type(made), made.title, made.status) == (Issue, "Late", IssueStatus.TRIAGE)
    assert made.description == "Since Monday."


async def test_issues_update(client):
    changed = await client.issues.update("3", status="CLOSED", context="It was the network.")
    assert (changed.id, changed.status) == ("3", IssueStatus.CLOSED)
    assert changed.context == "It was the network."


async def test_issues_link(client):
    assert (await client.issues.link("3", asset="a/b")).id == "3"


async def test_issues_unlink(client):
    assert (await client.issues.unlink("3", run="r1")).id == "3"
