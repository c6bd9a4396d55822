"""Mutations of the real Dagster: who may have them, and what goes on record. It knows neither roles nor an audit log."""

# graphql-core leaves the parameters of its generic types open.
# pyright: basic

from __future__ import annotations

from contextlib import suppress

from graphql import GraphQLError, get_argument_values, get_variable_values

from ..control.real import MARK, REAL_MUTATIONS, SAME
from ..control.values import is_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from graphql import GraphQLSchema

    from ..control import ControlPlane
    from .answers import Asker
    from .split import SplitPlan


def refused_fields(
    schema: GraphQLSchema,
    plane: ControlPlane,
    plan: SplitPlan,
    variables: Mapping[str, Any],
    asker: Asker,
) -> frozenset[str]:
    """Return the response keys of a plan's real fields that the caller may not have.

    Args:
        schema: The full schema.
        plane: Knows who may what.
        plan: How the operation would be answered.
        variables: The values of its variables.
        asker: Who asks.
    """
    return frozenset(
        key
        for key, name, arguments in _real_fields(schema, plan, variables)
        if plane.refuses(name, arguments, deployment=asker.deployment, caller=asker.caller)
    )


def to_record(
    schema: GraphQLSchema, plan: SplitPlan, data: Mapping[str, Any], variables: Mapping[str, Any]
) -> list[tuple[str, dict[str, Any], list[str]]]:
    """Return what the real Dagster did: the field, its arguments and the runs that were launched.

    Args:
        schema: The full schema.
        plan: How the operation was answered.
        data: What the real Dagster answered.
        variables: The values of the variables.
    """
    return [
        (name, arguments, list(_launched(data[key])))
        for key, name, arguments in _real_fields(schema, plan, variables)
        if name in REAL_MUTATIONS and REAL_MUTATIONS[name].audit and _is_done(schema, data.get(key))
    ]


def strip_marks(value: Any) -> None:
    """Take out of an answer what nobody but the sandbox asked for."""
    if isinstance(value, dict):
        for key in [key for key in value if key.startswith(MARK)]:
            del value[key]
        for inner in value.values():
            strip_marks(inner)


def _real_fields(
    schema: GraphQLSchema, plan: SplitPlan, variables: Mapping[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the key, the name and the arguments of each field for the real Dagster."""
    operation = plan.operation
    values = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    root = schema.get_root_type(operation.operation)
    assert root
    for key in plan.real_keys:
        node = plan.fields[key]
        name = SAME.get(node.name.value, node.name.value)
        # A variable that cannot be does not keep the others from being sent: who may is asked without arguments then.
        arguments: dict[str, Any] = {}
        if not isinstance(values, list):
            with suppress(GraphQLError):
                arguments = get_argument_values(root.fields[node.name.value], node, values)
        yield key, name, arguments


def _is_done(schema: GraphQLSchema, answer: Any) -> bool:
    typename = answer.get(f"{MARK}Type") if isinstance(answer, dict) else None
    if typename is None:
        return answer is not None
    member: Any = schema.type_map[typename]
    return not is_error(member)


def _launched(answer: Any) -> Iterator[str]:
    """Yield the ids of the runs in an answer's marks."""
    if isinstance(answer, dict):
        if run := answer.get(f"{MARK}Run"):
            yield run["runId"]
        for inner in answer.get(f"{MARK}Runs") or ():
            yield from _launched(inner)
