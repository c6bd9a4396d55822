"""Every kind of public name is imported from the package itself: checked, never run."""

from __future__ import annotations

from typing_extensions import assert_type

import dagster_plus_sdk
from dagster_plus_sdk import (
    AssetKey,
    Assets,
    AsyncAssets,
    AsyncCodeLocations,
    AsyncDagsterPlus,
    AsyncJobs,
    AsyncRunEvents,
    AsyncRuns,
    Auth,
    BasicAuth,
    BearerAuth,
    CodeLocations,
    DagsterPlus,
    HeaderAuth,
    Jobs,
    NoAuth,
    RequestEvent,
    ResponseEvent,
    RetryPolicy,
    Run,
    RunEvents,
    Runs,
    RunStatus,
    Secret,
    Timeout,
    TokenAuth,
    __version__,
)


def resources(client: DagsterPlus) -> None:
    assert_type(client.assets, Assets)
    assert_type(client.code_locations, CodeLocations)
    assert_type(client.jobs, Jobs)
    assert_type(client.run_events, RunEvents)
    assert_type(client.runs, Runs)


def async_resources(client: AsyncDagsterPlus) -> None:
    assert_type(client.assets, AsyncAssets)
    assert_type(client.code_locations, AsyncCodeLocations)
    assert_type(client.jobs, AsyncJobs)
    assert_type(client.run_events, AsyncRunEvents)
    assert_type(client.runs, AsyncRuns)


def by_the_package() -> None:
    print(__version__.upper())
    assert_type(dagster_plus_sdk.AssetKey("a"), AssetKey)
    assert_type(dagster_plus_sdk.RunStatus("FAILURE"), RunStatus)
    assert_type(dagster_plus_sdk.Run.model_validate({}), Run)


def authentication() -> None:
    kinds: tuple[Auth, ...] = (
        BasicAuth("user", "password"),
        BearerAuth("token"),
        HeaderAuth({"x-key": "secret"}),
        NoAuth(),
        TokenAuth("user:x:1"),
    )
    for auth in kinds:
        DagsterPlus(url="http://localhost:3000", auth=auth)
    DagsterPlus("acme", token=Secret("user:x:1"), retries=RetryPolicy(2))


def hooks() -> None:
    def before(event: RequestEvent) -> None:
        assert_type(event.attempt, int)

    def after(event: ResponseEvent) -> None:
        assert_type(event.duration, float)
        assert_type(event.status_code, int | None)

    DagsterPlus(
        url="http://localhost:3000",
        timeout=Timeout(read=5),
        event_hooks={"request": [before], "response": [after]},
    )
