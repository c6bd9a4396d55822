"""What a type checker says of models: checked, never run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import assert_type

from dagster_plus_sdk import (
    AssetKey,
    DagsterEventType,
    DagsterPlus,
    ErrorResult,
    EventError,
    FailureEvent,
    FloatMetadataEntry,
    LogLevel,
    MaterializationEvent,
    MetadataEntry,
    Operation,
    RepositoryOrigin,
    Run,
    RunEvent,
    RunStats,
    RunStatus,
    RunSummary,
    RunTag,
    TableSchema,
    TableSchemaMetadataEntry,
    Unknown,
    UnknownMetadataEntry,
    UnknownRunEvent,
    operations,
)


def run(run: Run) -> None:
    assert_type(run.id, str)
    assert_type(run.created_at, datetime)
    assert_type(run.started_at, datetime | None)
    assert_type(run.status, RunStatus)
    assert_type(run.tags, list[RunTag])
    assert_type(run.tags[0].key, str)
    assert_type(run.repository_origin, RepositoryOrigin | None)
    assert_type(run.asset_selection, list[AssetKey] | None)
    assert_type(run.can_terminate, bool)
    assert_type(run.run_config, Any)
    summary: RunSummary = run
    assert_type(summary.job_name, str)


def stats(run: Run) -> None:
    assert_type(run.stats, RunStats | ErrorResult | Unknown)
    if isinstance(run.stats, RunStats):
        assert_type(run.stats.steps_succeeded, int)
        assert_type(run.stats.launched_at, datetime | None)
    elif isinstance(run.stats, ErrorResult):
        assert_type(run.stats.message, str)
        assert_type(run.stats.stack, list[str])
    else:
        assert_type(run.stats, Unknown)
        assert_type(run.stats.typename__, str)
        assert_type(run.stats.newer_field, Any)


def events(event: RunEvent) -> None:
    assert_type(event.timestamp, datetime)
    assert_type(event.level, LogLevel)
    assert_type(event.event_type, DagsterEventType | None)
    assert_type(event.step_key, str | None)
    if isinstance(event, MaterializationEvent):
        assert_type(event, MaterializationEvent)
        assert_type(event.asset_key, AssetKey | None)
        assert_type(event.partition, str | None)
        assert_type(event.metadata_entries, list[MetadataEntry])
    elif isinstance(event, FailureEvent):
        assert_type(event, FailureEvent)
        assert_type(event.error, EventError | None)
    elif isinstance(event, UnknownRunEvent):
        assert_type(event.typename__, str)
        assert_type(event.message, str)
        assert_type(event.newer_field, Any)
    else:
        assert_type(event, RunEvent)


def metadata(entry: MetadataEntry) -> None:
    assert_type(entry.label, str)
    if isinstance(entry, FloatMetadataEntry):
        assert_type(entry.float_value, float | None)
    if isinstance(entry, TableSchemaMetadataEntry):
        assert_type(entry.schema_, TableSchema)
    if isinstance(entry, UnknownMetadataEntry):
        assert_type(entry.label, str)


def enums(status: RunStatus) -> None:
    print(str.lower(status))
    assert_type(RunStatus("FAILURE"), RunStatus)
    value: str = status.value
    print(value)
    assert_type(status.is_known, bool)
    if status is not RunStatus.SUCCESS:
        # Not narrowed to the known others: a newer server may send more.
        print(status.is_known)
    assert_type(list(RunStatus), list[RunStatus])


def keys() -> None:
    key = AssetKey("a", "b")
    assert_type(key.path, tuple[str, ...])
    assert_type(AssetKey.parse("a/b"), AssetKey)
    assert_type(sorted([key, AssetKey("a")]), list[AssetKey])


def dumps(run: Run) -> None:
    assert_type(run.model_dump(mode="json"), dict[str, Any])
    assert_type(Run.model_validate({}), Run)


def executed(client: DagsterPlus) -> None:
    operation = operations.get_run(run_id="id")
    result = client.execute(operation)
    assert_type(result.ok, Run)
    assert_type(result.run_or_error, Run | ErrorResult | Unknown)
    assert_type(operation.document, str)
    operations.list_runs(
        filter={"statuses": [RunStatus.FAILURE], "tags": [{"key": "a", "value": "b"}]}
    )


def execute_any(client: DagsterPlus, operation: Operation[RunStats]) -> RunStats:
    """An operation carries its result's type through a user's own function."""
    return client.execute(operation)
