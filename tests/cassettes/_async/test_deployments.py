"""Deployments and the organization, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Deployment, DeploymentRef, Organization

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_deployments_list(client):
    found = await client.deployments.list().to_list()
    assert [(type(d), d.name) for d in found] == [(Deployment, "name-1"), (Deployment, "name-2")]


async def test_deployments_get(client):
    found = await client.deployments.get("prod")
    assert (type(found), found.name) == (Deployment, "prod")
    assert type(found.parent_deployment) is DeploymentRef


async def test_deployments_current(client):
    assert type(await client.deployments.current()) is Deployment


async def test_organization_get(client):
    assert type(await client.organization.get()) is Organization
