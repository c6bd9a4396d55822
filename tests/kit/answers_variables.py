"""Builds generated operations, with values for their variables that the schema takes."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from codegen.tables import TABLES
from graphql import (
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_required_input_field,
    type_from_ast,
)

from dagster_plus_sdk import AssetKey, operations

from .answers_selected import coerced_variables
from .schema import load_schema, tree_of

if TYPE_CHECKING:
    from dagster_plus_sdk._core.operation import Operation

#: How deep inside inputs what may be left out is given, too.
_DEPTH = 3
SCALARS = {
    "BigInt": 1_700_000_000_000,
    "Boolean": True,
    "Date": "2024-05-06",
    "Float": 2.5,
    "Int": 7,
    "UUID": "00000000-0000-4000-8000-000000000001",
}


def build(name: str, *, only_required: bool = False) -> Operation:
    """Return an operation by the name of its function, with all its variables or the required ones."""
    function = getattr(operations, name)
    parameters = inspect.signature(function).parameters
    # The function itself tells which parameter becomes which variable.
    probe = function(**{parameter: _Probe(parameter) for parameter in parameters})
    definitions = tree_of(probe.document).definitions[0].variable_definitions or ()
    kinds = {d.variable.name.value: type_from_ast(load_schema(), d.type) for d in definitions}
    values = {
        given.parameter: value_of(kinds[variable], variable)
        for variable, given in probe.variables.items()
    }
    required = {name for name, p in parameters.items() if p.default is p.empty}
    wanted = required if only_required else set(parameters)
    return function(**{name: value for name, value in values.items() if name in wanted})


class _Probe:
    def __init__(self, parameter: str) -> None:
        self.parameter = parameter


def value_of(kind: Any, name: str, depth: int = 0) -> Any:
    """Return a value for an input type."""
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        return [value_of(kind.of_type, name, depth)]
    if is_enum_type(kind):
        return next(iter(kind.values))
    if is_input_object_type(kind):
        runtime = TABLES.runtime_inputs.get(kind.name)
        if runtime is not None and runtime.name == "AssetKey":
            return AssetKey("path", "of", name)
        return {
            key: value_of(field.type, key, depth + 1)
            for key, field in kind.fields.items()
            if is_required_input_field(field) or depth < _DEPTH
        }
    if kind.name in ("ID", "String"):
        return f"{name}-1"
    return SCALARS.get(kind.name, {"key": "value"})


def coerced(operation: Operation) -> dict[str, Any]:
    """Return the variables of an operation as a server has them.

    Raises:
        AssertionError: It cannot take them.
    """
    sent = json.loads(operation.body())["variables"]
    values = coerced_variables(load_schema(), tree_of(operation.document).definitions[0], sent)
    assert isinstance(values, dict), [error.message for error in values]
    return values
