"""Each line is a mistake that a type checker must find; one that it no longer finds is an error itself.

Both checkers report an ignore comment that ignores nothing. Checked, never run.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false

from __future__ import annotations

from datetime import date

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus, Run, RunEvent, operations


def calls(client: DagsterPlus) -> None:
    client.runs.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.runs.get(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.runs.lst()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.run.get("id")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.runs.list("FAILURE")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.runs.list(state="FAILURE")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.runs.list(limit="10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.runs.list(created_after=date(2026, 1, 1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.runs.list(where=lambda run: run.color)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    client.jobs.launch("job", tags={"a": 1})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    client.graphql({"query": "{ version }"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    DagsterPlus(org="acme")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def models(run: Run, event: RunEvent) -> None:
    print(run.colour)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(run.createdAt)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(run.started_at.year)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    print(run.stats.steps_failed)  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue]
    print(event.metadata_entries)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def lists(client: DagsterPlus) -> None:
    print(client.runs.list().first().id)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    print(client.runs.list()[0])  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    print(len(client.runs.list()))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def executed(client: DagsterPlus) -> None:
    operations.get_run("id")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    operations.get_run(run=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    operations.list_runs(filter={"state": "x"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.execute("{ version }")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def not_awaited(client: AsyncDagsterPlus) -> None:
    print(client.runs.get("id").status)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(list(client.runs.list()))  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    with client:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        pass
    await client.run_events.follow("id")  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
