"""A pytest plugin: one real Dagster with the demo project, for all tests of a session."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
from kit.hurry import running

from dagster_plus_sdk.sandbox import Dagster

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a real Dagster, and skip it where the sandbox extra is not installed."""
    absent = importlib.util.find_spec("dagster_webserver") is None
    for item in items:
        if {"dagster", "dagster_url"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.dagster)
        if absent and item.get_closest_marker("dagster"):
            item.add_marker(pytest.mark.skip(reason="the sandbox extra is not installed"))


@pytest.fixture(scope="session")
def dagster() -> Iterator[Dagster]:
    """A running Dagster with the demo project, as code location ``demo``."""
    with running(Dagster()) as started:
        yield started


@pytest.fixture(scope="session")
def dagster_url(dagster: Dagster) -> str:
    """The address of its webserver."""
    return dagster.url
