"""`operations/`: one typed function per operation, a module per file of `queries/`; `fragments/`: their fragments' texts.

The modules are imported when an operation of theirs is used first: a call imports nothing of other resources.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLInputObjectType, GraphQLNonNull

from .naming import module_name, parameter_name
from .queries import file_of, name_of
from .schema import variable_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import GraphQLSchema, OperationDefinitionNode, VariableDefinitionNode

    from .documents import Documents
    from .inputs import Inputs
    from .models import Models

__all__ = ["operation_sources"]

_LAZY = """
def __getattr__(name: str) -> Any:
    module = MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module
    found = globals()[name] = getattr(import_module(f".{module}", __name__), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
"""


def operation_sources(models: Models, documents: Documents, inputs: Inputs) -> dict[str, str]:
    """Return the sources of both folders' modules, by their paths."""
    by_file: defaultdict[str, list[OperationDefinitionNode]] = defaultdict(list)
    for node in models.queries.operations:
        by_file[file_of(node)].append(node)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    needed = {name for node in models.queries.operations for name in documents.needed(node)}
    for name in sorted(needed):
        file = file_of(models.queries.fragments[name])
        texts[file].append(f"{name} = {documents.fragments[name]!r}")
    found = {f"fragments/{file}.py": "\n".join([*lines, ""]) for file, lines in texts.items()}
    for file, nodes in by_file.items():
        found[f"operations/{file}.py"] = _module(models, documents, inputs, nodes)
    modules = {module_name(name_of(n)): file for file, nodes in by_file.items() for n in nodes}
    return {**found, "fragments/__init__.py": "", "operations/__init__.py": _index(modules)}


def _index(modules: Mapping[str, str]) -> str:
    """Return the `__init__.py`: it knows every operation, and imports a module when it is asked for one."""
    names = sorted(modules)
    lines = [
        "from __future__ import annotations",
        "TYPE_CHECKING = False",
        "if TYPE_CHECKING:",
        "    from typing import Any",
        *(f"    from .{modules[name]} import {name} as {name}" for name in names),
        f"__all__ = {names!r}",
        f"MODULES: dict[str, str] = {dict(sorted(modules.items()))!r}",
    ]
    return "\n".join(lines) + "\n" + _LAZY


def _module(
    models: Models,
    documents: Documents,
    inputs: Inputs,
    nodes: Sequence[OperationDefinitionNode],
) -> str:
    """Return the module of one file's operations."""
    schema = models.schema
    used: set[str] = set()
    functions = [_function(schema, documents, inputs, node, used) for node in nodes]
    names = [name_of(node) for node in nodes]
    needed = sorted({fragment for node in nodes for fragment in documents.needed(node)})
    lines = [
        "from __future__ import annotations",
        "from ..._core.operation import Operation",
        "from ..._core.unset import UNSET, UnsetType",
        *(
            f"from ..fragments.{file_of(models.queries.fragments[name])} import {name} as _{name}"
            for name in needed
        ),
        "TYPE_CHECKING = False",
        "if TYPE_CHECKING:",
        "    from collections.abc import Sequence",
        "    from typing import Any",
        *(f"    from ..results.{module_name(name)} import {name}" for name in names),
        *(f"    {line}" for line in inputs.imports(used, dots="..")),
        *(
            f"    from ..input_types import {name}"
            for name in sorted(used)
            if isinstance(schema.type_map.get(name), GraphQLInputObjectType)
        ),
        f"__all__ = {sorted(module_name(name) for name in names)!r}",
        '_RESULTS = __name__.rsplit(".", 2)[0] + ".results."',
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
