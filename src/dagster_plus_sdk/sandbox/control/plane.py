"""The control plane's engine: executes documents on the schema, by what is in the registry."""

# graphql-core leaves the parameters of its generic types open.
# pyright: basic

from __future__ import annotations

import re

from graphql import ExecutionResult, GraphQLError, OperationType, execute

from . import deployments, organization
from .registry import KINDS, MUTATIONS, QUERIES, Context, Failure
from .values import default_value, error_value, fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from graphql import DocumentNode, GraphQLResolveInfo, GraphQLSchema

    from .store import Store

#: The modules that have the entities: imported so that they are in the registry.
ENTITIES = (deployments, organization)
#: The code of the error for what the sandbox does not have.
NOT_IN_SANDBOX = "NOT_IN_SANDBOX"


class ControlPlane:
    """Answers the root fields that no Dagster answers.

    Args:
        schema: The full schema.
        store: The entities. Used by one call at a time.
    """

    def __init__(self, schema: GraphQLSchema, store: Store) -> None:
        self._schema = schema
        self._store = store

    def execute(
        self, document: DocumentNode, variables: Mapping[str, Any], *, deployment: str, email: str
    ) -> ExecutionResult:
        """Execute a document of one operation.

        Args:
            document: It is valid for the schema.
            variables: The values of its variables.
            deployment: The name of the deployment that was asked.
            email: The address of the user who asks.
        """
        result = execute(
            self._schema,
            document,
            root_value=self,
            context_value=Context(self._store, deployment, email),
            variable_values=dict(variables),
            field_resolver=self._resolve,
        )
        assert isinstance(result, ExecutionResult)
        return result

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if source is self:
            return self._resolve_root(info, arguments)
        name = info.field_name
        described = KINDS.get(info.parent_type.name)
        if described is not None and name in described.computed:
            value = described.computed[name](info.context, source)
        elif name in source:
            value = source[name]
        else:
            return default_value(self._schema, info.return_type)
        return fit(info.return_type, value)

    def _resolve_root(self, info: GraphQLResolveInfo, arguments: Mapping[str, Any]) -> Any:
        name = info.field_name
        is_mutation = info.operation.operation is OperationType.MUTATION
        resolver = (MUTATIONS if is_mutation else QUERIES).get(name)
        if resolver is None:
            # An empty answer would be a lie.
            raise GraphQLError(
                f"'{name}' is not in the sandbox", extensions={"code": NOT_IN_SANDBOX}
            )
        named = {snake_case(key): value for key, value in arguments.items()}
        try:
            if not is_mutation:
                return fit(info.return_type, resolver(info.context, **named))
            with self._store.transaction():
                return fit(info.return_type, resolver(info.context, **named))
        except Failure as failure:
            return error_value(info.return_type, failure.body)


def snake_case(name: str) -> str:
    """Return a name of the schema as Python writes it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
