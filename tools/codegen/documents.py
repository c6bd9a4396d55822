"""The documents as they are sent: minified, and asking for `__typename` where it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    NameNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    print_ast,
    strip_ignored_characters,
    visit,
)

from .queries import name_of
from .schema import is_typename, named

if TYPE_CHECKING:
    from graphql import FragmentDefinitionNode, OperationDefinitionNode

    from .models import Models
    from .selection import Selections

__all__ = ["Documents"]


class _AddTypename(Visitor):
    """Asks for `__typename` wherever the type is not known beforehand.

    It is added to the field's selection, not to fragments: these serve fields of a known type as well.
    """

    def __init__(self, info: TypeInfo, selections: Selections) -> None:
        super().__init__()
        self._info = info
        self._selections = selections

    def leave_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        """Add it, if it is needed and not there."""
        kind = self._info.get_type()
        if kind is None or node.selection_set is None:  # a scalar
            return None
        chosen = node.selection_set.selections
        if any(map(is_typename, chosen)):
            return None
        spreads = (s.name.value for s in chosen if isinstance(s, FragmentSpreadNode))
        if not (is_abstract_type(named(kind)) or any(map(self._selections.is_abstract, spreads))):
            return None
        typename = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=SelectionSetNode(selections=(typename, *chosen)),
        )


class Documents:
    """The texts of all operations and fragments, each made once."""

    def __init__(self, models: Models) -> None:
        self._models = models
        queries = models.queries
        self.operations = {name_of(node): self._minify(node) for node in queries.operations}
        self.fragments = {name: self._minify(node) for name, node in queries.fragments.items()}

    def _minify(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> str:
        info = TypeInfo(self._models.schema)
        visitor = _AddTypename(info, self._models.selections)
        return strip_ignored_characters(print_ast(visit(node, TypeInfoVisitor(info, visitor))))

    def needed(self, node: OperationDefinitionNode) -> list[str]:
        """Return the fragments of an operation."""
        return sorted(self._models.queries.spreads(node.selection_set))
