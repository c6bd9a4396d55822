"""The operations and fragments of `queries/`, and where each of them stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    Source,
    get_location,
    parse,
    specified_rules,
    validate,
)

from .problems import CodegenError, raise_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DefinitionNode, GraphQLError, GraphQLSchema, Node, SelectionSetNode

__all__ = ["Queries", "file_of", "name_of", "where"]


class Queries:
    """All definitions of a folder, sorted by name.

    Args:
        path: The folder; every `.graphql` file below it is read.
        schema: What the definitions must be valid against.

    Raises:
        CodegenError: A file cannot be parsed, or a definition is invalid.
    """

    def __init__(self, path: str | Path, schema: GraphQLSchema) -> None:
        definitions = list(_definitions(Path(path)))
        self._validate(schema, definitions)
        self.operations = sorted(
            (d for d in definitions if isinstance(d, OperationDefinitionNode)), key=name_of
        )
        self.fragments = {
            name_of(d): d
            for d in sorted(
                (d for d in definitions if isinstance(d, FragmentDefinitionNode)), key=name_of
            )
        }

    @staticmethod
    def _validate(schema: GraphQLSchema, definitions: list[DefinitionNode]) -> None:
        raise_problems(
            f"{where(d)}: an operation needs a name"
            for d in definitions
            if isinstance(d, OperationDefinitionNode) and not d.name
        )
        rules = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]
        errors = validate(schema, DocumentNode(definitions=tuple(definitions)), rules)
        raise_problems(f"{_where_error(error)}: {error.message}" for error in errors)

    def spreads(self, selection_set: SelectionSetNode | None) -> set[str]:
        """Return the names of all fragments that a selection needs, those of fragments included."""
        found: set[str] = set()
        todo = [selection_set] if selection_set else []
        while todo:
            for selection in todo.pop().selections:
                if isinstance(selection, FragmentSpreadNode):
                    name = selection.name.value
                    if name not in found:
                        found.add(name)
                        todo.append(self.fragments[name].selection_set)
                elif nested := getattr(selection, "selection_set", None):
                    todo.append(nested)
        return found


def name_of(definition: OperationDefinitionNode | FragmentDefinitionNode) -> str:
    """Return the name of a definition, which validation has made sure of."""
    assert definition.name
    return definition.name.value


def where(node: Node) -> str:
    """Return `file:line` of a node, for messages."""
    assert node.loc
    line = get_location(node.loc.source, node.loc.start).line
    return f"{node.loc.source.name}:{line}"


def file_of(definition: OperationDefinitionNode | FragmentDefinitionNode) -> str:
    """Return the file that a definition stands in, as the name of a module."""
    assert definition.loc
    return Path(definition.loc.source.name).stem


def _definitions(path: Path) -> Iterator[DefinitionNode]:
    for file in sorted(path.rglob("*.graphql")):
        name = file.relative_to(path.parent).as_posix()
        try:
            yield from parse(Source(file.read_text(encoding="utf-8"), name)).definitions
        except GraphQLSyntaxError as error:
            raise CodegenError(f"{_where_error(error)}: {error.message}") from None


def _where_error(error: GraphQLError) -> str:
    if error.nodes and error.nodes[0].loc:
        return where(error.nodes[0])
    line = error.locations[0].line if error.locations else 0
    return f"{error.source.name if error.source else 'queries'}:{line}"
