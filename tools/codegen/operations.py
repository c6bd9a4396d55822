"""`operations.py`: one typed function per operation; each fragment's text stands in it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLInputObjectType, GraphQLNonNull

from .naming import module_name, parameter_name
from .queries import name_of
from .schema import variable_type

if TYPE_CHECKING:
    from graphql import GraphQLSchema, OperationDefinitionNode, VariableDefinitionNode

    from .documents import Documents
    from .inputs import Inputs
    from .models import Models

__all__ = ["operations_source"]


def operations_source(models: Models, documents: Documents, inputs: Inputs) -> str:
    """Return the source of `operations.py`."""
    schema, operations = models.schema, models.queries.operations
    used: set[str] = set()
    functions = [_function(schema, documents, inputs, node, used) for node in operations]
    needed = sorted({fragment for node in operations for fragment in documents.needed(node)})
    names = [name_of(node) for node in operations]
    lines = [
        "from __future__ import annotations",
        "from .._core.operation import Operation",
        "from .._core.unset import UNSET, UnsetType",
        "TYPE_CHECKING = False",
        "if TYPE_CHECKING:",
        "    from collections.abc import Sequence",
        "    from typing import Any",
        *(f"    from .results.{module_name(name)} import {name}" for name in names),
        *(f"    {line}" for line in inputs.imports(used)),
        *(
            f"    from .input_types import {name}"
            for name in sorted(used)
            if isinstance(schema.type_map.get(name), GraphQLInputObjectType)
        ),
        f"__all__ = {sorted(module_name(name) for name in names)!r}",
        '_RESULTS = __name__.rpartition(".")[0] + ".results."',
        *(f"_{name} = {documents.fragments[name]!r}" for name in needed),
    ]
    return "\n".join([*lines, *functions]) + "\n"


def _function(
    schema: GraphQLSchema,
    documents: Documents,
    inputs: Inputs,
    node: OperationDefinitionNode,
    used: set[str],
) -> str:
    name, kind = name_of(node), node.operation.value
    module = module_name(name)
    variables = ", ".join(
        f"{v.variable.name.value!r}: {parameter_name(v.variable.name.value)}"
        for v in node.variable_definitions
    )
    fragments = "".join(f"_{fragment}, " for fragment in documents.needed(node))
    roots = " and ".join(
        f"`{s.name.value}`" for s in node.selection_set.selections if isinstance(s, FieldNode)
    )
    arguments = ", ".join(
        [
            repr(name),
            repr(kind),
            repr(documents.operations[name]),
            f"({fragments})",
            f"{{{variables}}}",
            f"_RESULTS + {module!r}",
        ]
    )
    return f'''
def {module}({_parameters(schema, inputs, node, used)}) -> Operation[{name}]:
    """{kind.capitalize()} {roots}."""
    return Operation({arguments})
'''


def _parameters(
    schema: GraphQLSchema, inputs: Inputs, node: OperationDefinitionNode, used: set[str]
) -> str:
    """Return the parameters: by keyword only, the required ones first."""
    required: list[str] = []
    optional: list[str] = []
    for variable in node.variable_definitions:
        name = parameter_name(variable.variable.name.value)
        annotation = inputs.annotation(variable_type(schema, variable), used)
        if _is_required(schema, variable):
            required.append(f"{name}: {annotation}")
        else:
            optional.append(f"{name}: {annotation} | UnsetType = UNSET")
    listed = [*required, *optional]
    return ", ".join(["*", *listed] if listed else [])


def _is_required(schema: GraphQLSchema, variable: VariableDefinitionNode) -> bool:
    return (
        isinstance(variable_type(schema, variable), GraphQLNonNull)
        and variable.default_value is None
    )
