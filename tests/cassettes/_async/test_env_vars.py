"""Environment variables, as recorded."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_env_vars_list(client):
    assert await client.env_vars.list().to_list() == []
