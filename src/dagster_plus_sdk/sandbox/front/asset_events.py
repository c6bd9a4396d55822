"""The subscription `assetEvents`, which only Dagster+ has: events of all runs, read from the real Dagster's event log.

The log is asked for run by run, again and again: for the new runs, and for those that have not ended. What is selected of
an event is the real webserver's to answer.
"""

# graphql-core leaves the parameters of its generic types open.
# pyright: basic

from __future__ import annotations

import asyncio
import json
import re
import time

from graphql import FragmentDefinitionNode, OperationDefinitionNode, print_ast
from graphql.utilities import separate_operations, value_from_ast_untyped

from .upstream import UpstreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from typing import Any

    from .split import SplitPlan
    from .upstream import Upstream
    from .websocket_client import Client

    Row = dict[str, Any]

FIELD = "assetEvents"
#: Seconds between two looks at the log.
EVERY = 0.5
#: Seconds to look back behind the last look: a run may be written a little later than it says.
OVERLAP = 10.0
RUNS_PAGE = 100
EVENTS_PAGE = 1000
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
GOING_ON = ["QUEUED", "NOT_STARTED", "MANAGED", "STARTING", "STARTED", "CANCELING"]
TIME, TYPE = "sandboxTime", "sandboxType"
RUNS = """
query ($filter: RunsFilter, $limit: Int, $cursor: String) {
  runsOrError(filter: $filter, limit: $limit, cursor: $cursor) {
    ... on Runs { results { runId status } }
  }
}
"""
EVENTS = """
query (%s $sandboxRun: ID!, $sandboxCursor: String, $sandboxLimit: Int) {
  page: logsForRun(runId: $sandboxRun, afterCursor: $sandboxCursor, limit: $sandboxLimit) {
    ... on EventConnection {
      cursor
      hasMore
      events { ... on MessageEvent { sandboxTime: timestamp sandboxType: eventType } ... %s }
    }
  }
}
%s
"""


class AssetEvents:
    """The subscriptions of one websocket.

    Args:
        client: The client.
        upstream: The real webserver.
    """

    def __init__(self, client: Client, upstream: Upstream) -> None:
        self._client = client
        self._upstream = upstream
        self._tasks: dict[object, asyncio.Task[None]] = {}

    def start(self, operation: object, plan: SplitPlan, variables: Mapping[str, Any]) -> bool:
        """Begin to send events, if that is what is asked. Tell whether it is."""
        if [node.name.value for node in plan.fields.values()] != [FIELD] or plan.forwarded:
            return False
        self.stop(operation)
        self._tasks[operation] = asyncio.create_task(self._send(operation, plan, variables))
        return True

    def stop(self, operation: object) -> bool:
        """End a subscription. Tell whether it is one of these."""
        task = self._tasks.pop(operation, None)
        if task is not None:
            task.cancel()
        return task is not None

    async def close(self) -> None:
        """End all."""
        tasks = list(self._tasks.values())
        for operation in list(self._tasks):
            self.stop(operation)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, operation: object, plan: SplitPlan, variables: Mapping[str, Any]) -> None:
        try:
            log = _Log(self._upstream, plan, variables)
            async for event in log.events():
                await self._client.say("data", {"data": {log.key: event}}, operation)
        except (UpstreamError, _LogError, ValueError, LookupError, TypeError) as error:
            message = f"The events cannot be had from the Dagster behind the sandbox: {error}"
            await self._client.say("error", {"message": message}, operation)


class _LogError(Exception):
    """The real webserver refuses the question, or an argument cannot be."""


class _Log:
    """The events of the types that are asked for, from the place that is asked for."""

    def __init__(self, upstream: Upstream, plan: SplitPlan, variables: Mapping[str, Any]) -> None:
        ((self.key, self._node),) = plan.fields.items()
        defaults = {
            node.variable.name.value: value_from_ast_untyped(node.default_value)
            for node in plan.operation.variable_definitions
            if node.default_value
        }
        values = {**defaults, **variables}
        given = {
            argument.name.value: value_from_ast_untyped(argument.value, values)
            for argument in self._node.arguments
        }
        types, offset = given.get("eventTypes"), given.get("offset")
        listed = [types] if isinstance(types, str) else types
        if not isinstance(listed, list):
            raise _LogError("eventTypes must be a list of types of events")
        self._types = {_new_name(str(name)) for name in listed}
        self._skip = offset if isinstance(offset, int) else 0
        #: Without an offset, only what happens from now on counts.
        self._since = 0.0 if isinstance(offset, int) else time.time()
        self._upstream = upstream
        self._text, names = _document(plan)
        self._variables = {name: values[name] for name in names if name in values}
        #: Runs to be read, with the cursors of what was read of them.
        self._open: dict[str, str | None] = {}
        self._ended: set[str] = set()

    async def events(self) -> AsyncIterator[Row]:
        """Yield the events: those that there are by their time, and then the new ones, forever."""
        looked = self._since
        while True:
            now = time.time()
            for event in await self._new_events(looked):
                if self._skip:
                    self._skip -= 1
                else:
                    yield event
            looked = now
            await asyncio.sleep(EVERY)

    async def _new_events(self, looked: float) -> list[Row]:
        wanted: list[Row] = [{"updatedAfter": looked - OVERLAP}] if looked else [{}]
        if looked == self._since:
            # One that began long ago may still have news.
            wanted.append({"statuses": GOING_ON})
        runs = {run["runId"]: run["status"] for each in wanted for run in await self._runs(each)}
        for run in runs.keys() - self._ended:
            self._open.setdefault(run, None)
        found: list[Row] = []
        for run in list(self._open):
            found += await self._events_of(run)
            # Its end was seen before its events were read, so these are all.
            if runs.get(run) in ENDED:
                self._ended.add(run)
                self._open.pop(run, None)
        found.sort(key=lambda event: float(event[TIME]))
        return [{k: v for k, v in event.items() if k not in (TIME, TYPE)} for event in found]

    async def _runs(self, wanted: Row) -> list[Row]:
        found: list[Row] = []
        cursor = None
        while True:
            variables = {"filter": wanted, "limit": RUNS_PAGE, "cursor": cursor}
            data = await self._ask(RUNS, variables)
            page = data["runsOrError"].get("results") or []
            found += page
            if len(page) < RUNS_PAGE:
                return found
            cursor = page[-1]["runId"]

    async def _events_of(self, run: str) -> list[Row]:
        found: list[Row] = []
        while True:
            variables = {
                **self._variables,
                "sandboxRun": run,
                "sandboxCursor": self._open[run],
                "sandboxLimit": EVENTS_PAGE,
            }
            page = (await self._ask(self._text, variables))["page"]
            if "events" not in page:
                # It was deleted.
                self._open.pop(run)
                self._ended.add(run)
                return found
            self._open[run] = page["cursor"]
            found += filter(self._is_wanted, page["events"])
            if not page["hasMore"]:
                return found

    def _is_wanted(self, event: Row) -> bool:
        is_asked = _new_name(event[TYPE] or "") in self._types
        return is_asked and float(event[TIME]) / 1000 >= self._since

    async def _ask(self, text: str, variables: Mapping[str, Any]) -> Row:
        body = json.dumps({"query": text, "variables": variables}).encode()
        _, content = await self._upstream.post(body, repeatable=True)
        answer = json.loads(content)
        if answer.get("errors"):
            raise _LogError(answer["errors"][0]["message"])
        data: Row = answer["data"]
        return data


def _new_name(event_type: str) -> str:
    """Return what Dagster calls a type of events today."""
    return re.sub("^PIPELINE_", "RUN_", event_type)


def _document(plan: SplitPlan) -> tuple[str, set[str]]:
    """Return the query for a run's events with what is selected of them, and the variables in that."""
    (node,) = plan.fields.values()
    document = plan.parts[0].document
    assert document
    name = plan.operation.name.value if plan.operation.name else ""
    definitions = separate_operations(document)[name].definitions
    selection = print_ast(node.selection_set) if node.selection_set else ""
    fragments = "\n".join(
        print_ast(each) for each in definitions if isinstance(each, FragmentDefinitionNode)
    )
    names = set(re.findall(r"\$(\w+)", selection + fragments))
    head = [
        f"{print_ast(variable)},"
        for each in definitions
        if isinstance(each, OperationDefinitionNode)
        for variable in each.variable_definitions
        if variable.variable.name.value in names
    ]
    return EVENTS % (" ".join(head), selection, fragments), names
