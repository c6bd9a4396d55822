"""The control plane's engine: executes documents on the schema, by what is in the registry."""

# graphql-core leaves the parameters of its generic types open.
# pyright: basic

from __future__ import annotations

import logging
import re
from secrets import randbelow

from graphql import ExecutionResult, GraphQLError, OperationType, execute

from . import audit, entities
from .context import Context, chosen, denied
from .missing import MISSING
from .real import REAL_MUTATIONS, location_of, run_ids
from .refs import Fetched, Ref, fetched, ref_document
from .registry import KINDS, MUTATIONS, QUERIES, VIEW, Failure, ServerFault, switch
from .rights import ORGANIZATION
from .values import default_value, error_value, fit, has_members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from graphql import DocumentNode, GraphQLResolveInfo, GraphQLSchema

    from .callers import Caller
    from .context import Ask
    from .registry import Root
    from .store import Row, Store

LOG = logging.getLogger(__name__)
#: The modules that have the entities: imported so that they are in the registry.
ENTITIES = entities.MODULES
#: The code of the error for what the sandbox does not have.
NOT_IN_SANDBOX = "NOT_IN_SANDBOX"
#: What stands for a fault of the server until it is known how the field can say so.
FAULT = "InternalServerError"
OK = 200
BROKEN = 500

FAULT_STATUS = switch(
    "python_error_status",
    "200",
    "500",
    about="The HTTP status of an answer with a PythonError in it.",
)
REFUSAL = switch(
    "refused_plain_field",
    "error",
    "empty",
    about="What a field that is no union, such as customRoles, answers to whoever may not see it.",
)
RUN_LOCATION = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { repositoryOrigin { repositoryLocationName } } } }"


class PlaneAnswer:
    """What the control plane answers.

    Attributes:
        status: The HTTP status.
        result: Data and errors.
    """

    __slots__ = ("result", "status")

    def __init__(self, status: int, result: ExecutionResult) -> None:
        self.status: int = status
        self.result: ExecutionResult = result


class ControlPlane:
    """Answers the root fields that no Dagster answers.

    Args:
        schema: The full schema.
        store: The entities. Used by one call at a time.
        ask: Asks the real Dagster behind the sandbox; None without one.
    """

    def __init__(self, schema: GraphQLSchema, store: Store, ask: Ask | None = None) -> None:
        self._schema = schema
        self._store = store
        self._ask = ask

    def execute(
        self,
        document: DocumentNode,
        variables: Mapping[str, Any],
        *,
        deployment: str,
        caller: Caller,
        url: str = "",
    ) -> PlaneAnswer:
        """Execute a document of one operation.

        Args:
            document: It is valid for the schema.
            variables: The values of its variables.
            deployment: The name of the deployment that was asked.
            caller: Who asks.
            url: The server's URL, as it was asked.
        """
        root = _Execution(self._schema, self._store, deployment, caller, self._ask, url)
        result = execute(
            self._schema,
            document,
            root_value=root,
            context_value=root,
            variable_values=dict(variables),
            field_resolver=root.resolve,
        )
        assert isinstance(result, ExecutionResult)
        broken = root.is_broken and chosen(self._store, FAULT_STATUS) == str(BROKEN)
        return PlaneAnswer(BROKEN if broken else OK, result)

    def refuses(
        self, field: str, arguments: Mapping[str, Any], *, deployment: str, caller: Caller
    ) -> bool:
        """Tell whether a caller may not have what a root field of the real Dagster does.

        Args:
            field: The field.
            arguments: Its arguments.
            deployment: The name of the deployment that was asked.
            caller: Who asks.
        """
        if field in QUERIES and QUERIES[field].needs is None:
            return False
        context = Context(self._store, deployment, caller, self._ask)
        real = REAL_MUTATIONS.get(field)
        needs = real.needs if real else VIEW
        if context.allows(needs, location=location_of(arguments)):
            return False
        if not caller.allows_in_some_location(needs, context.here()):
            return True
        runs = run_ids(arguments)
        return not runs or not all(
            context.allows(needs, location=_run_location(context, run)) for run in runs
        )

    def record(
        self,
        field: str,
        arguments: Mapping[str, Any],
        *,
        deployment: str,
        caller: Caller,
        runs: list[str],
    ) -> None:
        """Write the audit entry of a mutation that the real Dagster did.

        Args:
            field: The root field.
            arguments: Its arguments.
            deployment: The name of the deployment that was asked.
            caller: Who asked.
            runs: The ids of the runs that it launched.
        """
        real = REAL_MUTATIONS[field]
        context = Context(self._store, deployment, caller)
        if runs:
            context.notes["run_ids"] = runs
        with self._store.transaction():
            for run in runs:
                self._store.put("launch", run, {"deployment": deployment})
            if real.audit:
                audit.record(context, real.audit, field, arguments, context.here())


def _run_location(context: Context, run: str) -> str | None:
    found = context.ask(RUN_LOCATION, id=run).get("runOrError") or {}
    return (found.get("repositoryOrigin") or {}).get("repositoryLocationName")


class _Execution:
    """One operation: the root value, and the resolver of every field."""

    def __init__(
        self,
        schema: GraphQLSchema,
        store: Store,
        deployment: str,
        caller: Caller,
        ask: Ask | None,
        url: str,
    ) -> None:
        self._schema = schema
        self._store = store
        self._ask = ask
        self._deployment = deployment
        self._caller = caller
        self._url = url
        self._context = self._new_context()
        #: Whether a root field answered with a PythonError, or an "Internal Server Error".
        self.is_broken: bool = False

    def _new_context(self) -> Context:
        return Context(self._store, self._deployment, self._caller, self._ask, self._url)

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """Return the value of a field."""
        if source is self:
            return self._resolve_root(info, arguments)
        if isinstance(source, Fetched):
            return source.get(str(info.path.key))
        name = info.field_name
        described = KINDS.get(info.parent_type.name)
        if described is not None and name in described.computed:
            named = {snake_case(key): value for key, value in arguments.items()}
            try:
                value = described.computed[name](self._context, source, **named)
            except Failure as failure:
                return self._failed(info, failure.body)
            except ServerFault:
                return self._failed(info, _fault())
        elif name in source:
            value = source[name]
        else:
            return default_value(self._schema, info.return_type)
        return self._finished(info, value)

    def _finished(self, info: GraphQLResolveInfo, value: Any) -> Any:
        """Return a resolver's value with real entities in the places of references, as the schema needs it."""
        if isinstance(value, list) and any(isinstance(item, Ref) for item in value):
            # What the real Dagster does not have any more is left out.
            value = [item for item in (self._fetch(item, info) for item in value) if item]
        return fit(info.return_type, self._fetch(value, info))

    def _fetch(self, value: Any, info: GraphQLResolveInfo) -> Any:
        if not isinstance(value, Ref):
            return value
        text, variables = ref_document(value, info)
        found = self._ask(text, variables).get("ref") if self._ask else None
        is_it = found is not None and found["__typename"] == value.typename
        return fetched(found) if is_it else None

    def _resolve_root(self, info: GraphQLResolveInfo, arguments: Mapping[str, Any]) -> Any:
        name = info.field_name
        is_mutation = info.operation.operation is OperationType.MUTATION
        root = (MUTATIONS if is_mutation else QUERIES).get(name)
        try:
            if root is None:
                return self._refuse(name, is_mutation=is_mutation)
            if root.needs is not None:
                self._context.require(root.needs)
            value = self._run(info, root, arguments, is_mutation=is_mutation)
            if value is None and is_mutation:
                value = arguments
            return self._finished(info, value)
        except Failure as failure:
            return self._failed(info, failure.body)
        except ServerFault:
            return self._failed(info, _fault())
        except GraphQLError:
            raise
        except Exception:
            LOG.exception("%s broke", name)
            return self._failed(info, _fault())

    def _run(
        self,
        info: GraphQLResolveInfo,
        root: Root,
        arguments: Mapping[str, Any],
        *,
        is_mutation: bool,
    ) -> Any:
        named = {snake_case(key): value for key, value in arguments.items()}
        if not is_mutation:
            return root.resolver(self._context, **named)
        # Notes are one mutation's: a document may have several.
        self._context = self._new_context()
        is_organizational = root.is_organizational or root.needs in ORGANIZATION
        here = None if is_organizational else self._context.here()
        with self._store.transaction():
            value = root.resolver(self._context, **named)
            if root.audit is not None:
                where = self._context.subject or here
                audit.record(self._context, root.audit, info.field_name, arguments, where)
            return value

    def _refuse(self, name: str, *, is_mutation: bool) -> Any:
        """Say that a field is the real Dagster's and refused, or nobody's."""
        caller = self._context.caller
        if is_mutation and name in REAL_MUTATIONS and self._ask:
            raise denied(caller, REAL_MUTATIONS[name].needs)
        if not self._context.allows(VIEW):
            raise denied(caller, VIEW)
        # An empty answer would be a lie.
        reason = f": {MISSING[name]}" if name in MISSING else ""
        text = f"'{name}' is not in the sandbox{reason}"
        raise GraphQLError(text, extensions={"code": NOT_IN_SANDBOX})

    def _failed(self, info: GraphQLResolveInfo, body: Row) -> Any:
        is_refusal = body["__typename"] == "UnauthorizedError"
        if (
            is_refusal
            and not has_members(info.return_type)
            and self._context.switch(REFUSAL) == "empty"
        ):
            return default_value(self._schema, info.return_type)
        self.is_broken = self.is_broken or body["__typename"] == FAULT
        answer = error_value(info.return_type, body)
        self.is_broken = self.is_broken or answer["__typename"] == "PythonError"
        return answer


def _fault() -> Row:
    """Return the error of a server that broke. The id of the trace is all that its users get to know."""
    trace = 10**18 + randbelow(9 * 10**18)
    return {
        "__typename": FAULT,
        "message": f"Internal Server Error (Trace ID: {trace})",
    }


def snake_case(name: str) -> str:
    """Return a name of the schema as Python writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
