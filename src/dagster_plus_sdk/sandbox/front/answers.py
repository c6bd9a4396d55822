"""Answering a planned operation: each part by its side, and the answers put together."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTimeError

from graphql import get_variable_values

from ..control import ControlPlane
from .recording import refused_fields, strip_marks, to_record
from .requests import RequestRefusedError
from .upstream import NO_ANSWER, UpstreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeVar

    from graphql import DocumentNode, GraphQLError, GraphQLSchema

    from ..control import Store
    from ..control.callers import Caller
    from .split import Part, SplitPlan
    from .split_text import TextPart
    from .upstream import Upstream

    Run = Callable[[Part], Any]
    T = TypeVar("T")

LOG = logging.getLogger(__name__)
UNAVAILABLE = "DAGSTER_UNAVAILABLE"
BODY_SHOWN = 500
#: Seconds that the real webserver gets to answer the control plane.
ASK_WITHIN = 60.0


class Asker:
    """Who asks for what.

    Attributes:
        caller: Who.
        deployment: The name of the deployment that is asked.
        url: The server's URL, as it was asked.
    """

    __slots__ = ("caller", "deployment", "url")

    def __init__(self, caller: Caller, deployment: str, url: str = "") -> None:
        self.caller: Caller = caller
        self.deployment: str = deployment
        self.url: str = url


class HttpAnswer:
    """What one side, or both, answered.

    Attributes:
        status: The HTTP status.
        data: GraphQL's data.
        errors: GraphQL's errors.
    """

    __slots__ = ("data", "errors", "status")

    def __init__(
        self, status: int, data: dict[str, Any] | None, errors: Sequence[Any] = ()
    ) -> None:
        self.status: int = status
        self.data: dict[str, Any] | None = data
        self.errors: Sequence[Any] = errors

    @classmethod
    def of_errors(cls, status: int, errors: Iterable[GraphQLError]) -> HttpAnswer:
        """Return an answer without data."""
        return cls(status, None, [error.formatted for error in errors])

    def encode(self) -> bytes:
        """Return the body."""
        body = {"data": self.data, "errors": self.errors} if self.errors else {"data": self.data}
        return json.dumps(body).encode()


class Answerer:
    """Runs the parts of plans.

    Args:
        schema: The full schema.
        store: The control plane's entities.
        upstream: The real webserver, if there is one.
    """

    def __init__(self, schema: GraphQLSchema, store: Store, upstream: Upstream | None) -> None:
        self._schema = schema
        self._plane = ControlPlane(schema, store, self._ask if upstream else None)
        self._upstream = upstream
        self._loop: asyncio.AbstractEventLoop | None = None
        # One thread: the control plane's resolvers need no locks, and the loop is free meanwhile.
        self._thread = ThreadPoolExecutor(1, "control-plane")

    def close(self) -> None:
        """End the control plane's thread, and close the connections."""
        self._thread.shutdown()
        if self._upstream:
            self._upstream.close()

    async def run(self, function: Callable[[], T]) -> T:
        """Run something that uses the control plane's entities, when nothing else does."""
        self._loop = asyncio.get_running_loop()
        return await self._loop.run_in_executor(self._thread, function)

    async def refused(
        self, plan: SplitPlan, variables: Mapping[str, Any], asker: Asker
    ) -> frozenset[str]:
        """Return the response keys of what the caller may not have from the real webserver.

        Raises:
            RequestRefusedError: The real webserver does not tell what that depends on.
        """
        if not plan.real_keys:
            return frozenset()
        try:
            return await self.run(
                lambda: refused_fields(self._schema, self._plane, plan, variables, asker)
            )
        except UpstreamError as error:
            raise RequestRefusedError(502, NO_ANSWER.format(error)) from None

    async def answer(
        self, plan: SplitPlan, variables: Mapping[str, Any], asker: Asker
    ) -> tuple[int, bytes]:
        """Return the status and the body for an operation.

        Args:
            plan: How to answer it.
            variables: The values of its variables.
            asker: Who asks for it.
        """
        if plan.forwarded is not None and not plan.is_mutation:
            try:
                return await self._send(plan, plan.forwarded, variables)
            except UpstreamError as error:
                unavailable = _unavailable(error)
                return unavailable.status, unavailable.encode()

        async def run(part: Part) -> HttpAnswer:
            if part.real is not None:
                answer = await self._ask_real(plan, part.real, variables)
                await self._record(plan, answer, variables, asker)
                return answer
            assert part.document
            return await self._ask_plane(part.document, variables, asker)

        merged = await run_parts(self._schema, plan, variables, run)
        return merged.status, merged.encode()

    async def _ask_plane(
        self, document: DocumentNode, variables: Mapping[str, Any], asker: Asker
    ) -> HttpAnswer:
        def execute() -> HttpAnswer:
            answer = self._plane.execute(
                document,
                variables,
                deployment=asker.deployment,
                caller=asker.caller,
                url=asker.url,
            )
            result = answer.result
            errors = [error.formatted for error in result.errors or ()]
            return HttpAnswer(answer.status, result.data, errors)

        return await self.run(execute)

    async def _record(
        self, plan: SplitPlan, answer: HttpAnswer, variables: Mapping[str, Any], asker: Asker
    ) -> None:
        """Put on record what the real webserver did."""
        if not (plan.is_mutation and answer.data):
            return
        done = to_record(self._schema, plan, answer.data, variables)
        strip_marks(answer.data)

        def write() -> None:
            for field, arguments, runs in done:
                self._plane.record(
                    field, arguments, deployment=asker.deployment, caller=asker.caller, runs=runs
                )

        try:
            if done:
                await self.run(write)
        except sqlite3.Error:
            # It is done: whoever is told that it failed would do it twice.
            LOG.exception("What was done could not be put on record")

    def _ask(self, text: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Answer a question of the control plane, in its thread.

        Raises:
            UpstreamError: The webserver does not answer, or with nothing but errors.
        """
        assert self._upstream
        assert self._loop
        body = json.dumps({"query": text, "variables": variables}).encode()
        sending = self._upstream.post(body, repeatable=True)
        asked = asyncio.run_coroutine_threadsafe(sending, self._loop)
        try:
            answer: dict[str, Any] = json.loads(asked.result(ASK_WITHIN)[1])
        except OutOfTimeError:
            asked.cancel()
            raise UpstreamError(f"none within {ASK_WITHIN:g} s") from None
        except ValueError as error:
            raise UpstreamError(f"it answered no JSON: {error}") from None
        if not answer.get("data"):
            raise UpstreamError(f"it answered {answer.get('errors')}")
        data: dict[str, Any] = answer["data"]
        return data

    async def _ask_real(
        self, plan: SplitPlan, part: TextPart, variables: Mapping[str, Any]
    ) -> HttpAnswer:
        try:
            status, content = await self._send(plan, part, variables)
        except UpstreamError as error:
            return _unavailable(error)
        try:
            body = json.loads(content)
            return HttpAnswer(status, body.get("data"), body.get("errors") or [])
        except (ValueError, AttributeError):
            text = content[:BODY_SHOWN].decode(errors="replace")
            return _unavailable(f"it answered {status}: {text}")

    async def _send(
        self, plan: SplitPlan, part: TextPart, variables: Mapping[str, Any]
    ) -> tuple[int, bytes]:
        assert self._upstream
        given = {name: value for name, value in variables.items() if name in part.variables}
        payload: dict[str, Any] = {"query": part.text, "variables": given}
        if part.name:
            payload["operationName"] = part.name
        return await self._upstream.post(
            json.dumps(payload).encode(), repeatable=not plan.is_mutation
        )


def _unavailable(why: object) -> HttpAnswer:
    message = NO_ANSWER.format(why)
    return HttpAnswer(502, None, [{"message": message, "extensions": {"code": UNAVAILABLE}}])


async def run_parts(
    schema: GraphQLSchema, plan: SplitPlan, variables: Mapping[str, Any], run: Run
) -> HttpAnswer:
    """Run a plan's parts, those of a query at once, and merge the answers.

    Args:
        schema: The full schema.
        plan: The plan.
        variables: The values of the variables. If one cannot be, no part runs.
        run: Runs one part and returns its `HttpAnswer`.
    """
    coerced = get_variable_values(
        schema, plan.operation.variable_definitions or (), dict(variables)
    )
    if isinstance(coerced, list):
        return HttpAnswer.of_errors(400, coerced)
    if not plan.is_mutation:
        return merge(plan, await asyncio.gather(*map(run, plan.parts)))
    answers: list[HttpAnswer] = []
    for part in plan.parts:
        answers.append(await run(part))
        # A field that must not be null failed: those behind it do not run.
        if answers[-1].data is None:
            break
    return merge(plan, answers)


def merge(plan: SplitPlan, answers: Sequence[HttpAnswer]) -> HttpAnswer:
    """Put the parts' answers together as one execution would have answered."""
    status = max((answer.status for answer in answers), default=200)
    errors = sorted((error for answer in answers for error in answer.errors), key=_place)
    data: dict[str, Any] = {}
    for answer in answers:
        if answer.data is None:
            return HttpAnswer(status, None, errors)
        data.update(answer.data)
    return HttpAnswer(status, {key: data[key] for key in plan.fields if key in data}, errors)


def _place(error: Mapping[str, Any]) -> list[list[tuple[Any, ...]]]:
    """Return what graphql-core, and so Dagster, sorts errors by: their place in the document, then in the data."""
    locations = [(place["line"], place["column"]) for place in error.get("locations") or ()]
    # Numbers and names cannot be compared with each other.
    return [locations, [(isinstance(step, int), step) for step in error.get("path") or ()]]
