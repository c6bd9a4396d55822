"""Splitting an operation between the real Dagster and the control plane.

Dagster+'s schema is open-source Dagster's with more fields on the root types. So an operation is split at its root: each
part has the fields of one side, and what is below a field is never touched. The real webserver's part is the caller's
own text with everything else blanked out, so that the positions in its errors are right; the control plane's is a tree.
"""

from __future__ import annotations

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)

from ..control.real import REAL_MUTATIONS, SAME
from .split_text import TextPart, cut_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from graphql import GraphQLSchema, SelectionNode

    Fragments = Mapping[str, FragmentDefinitionNode]

#: The fields that hold the root types in an introspection's answer.
ROOT_FIELDS = ("queryType", "mutationType", "subscriptionType")
_FIELDS = " ".join(f"{name} {{ name fields {{ name }} }}" for name in ROOT_FIELDS)
#: What to ask for as well, so that mutations of the real webserver can be put on record.
MARKS = {
    name: mutation.marks
    for name, mutation in REAL_MUTATIONS.items()
    if mutation.audit and mutation.marks
}
ROOTS_DOCUMENT = f"{{ __schema {{ {_FIELDS} }} }}"


class RealRoot:
    """A root type of the real webserver's schema: its name, and the names of its fields."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str, fields: frozenset[str]) -> None:
        self.name: str = name
        self.fields: frozenset[str] = fields


class Part:
    """What one side is asked for.

    Attributes:
        keys: The response keys that it answers, in their order.
        real: What to send to the real webserver; None: the control plane is asked.
        document: What the control plane executes.
    """

    __slots__ = ("document", "keys", "real")

    def __init__(
        self, keys: list[str], *, real: TextPart | None = None, document: DocumentNode | None = None
    ) -> None:
        self.keys: list[str] = keys
        self.real: TextPart | None = real
        self.document: DocumentNode | None = document


class SplitPlan:
    """How one operation is answered.

    Attributes:
        operation: The operation.
        fields: The fields on the root by their response keys, in their order.
        parts: What each side is asked for; of a mutation in the order to run them.
    """

    __slots__ = ("fields", "operation", "parts")

    def __init__(
        self,
        operation: OperationDefinitionNode,
        fields: dict[str, FieldNode],
        parts: list[Part],
    ) -> None:
        self.operation: OperationDefinitionNode = operation
        self.fields: dict[str, FieldNode] = fields
        self.parts: list[Part] = parts

    @property
    def forwarded(self) -> TextPart | None:
        """The only part, if the real webserver answers all: its answer is the answer."""
        return self.parts[0].real if len(self.parts) == 1 else None

    @property
    def real_keys(self) -> list[str]:
        """The response keys of the fields that the real webserver answers."""
        return [key for part in self.parts if part.real for key in part.keys]

    @property
    def is_mutation(self) -> bool:
        """Whether the parts run one after another."""
        return self.operation.operation is OperationType.MUTATION


class Splitter:
    """Splits operations on the full schema.

    Args:
        schema: The full schema.
        roots: The real webserver's root types. What is not in them is the control plane's, introspection included.
    """

    def __init__(self, schema: GraphQLSchema, roots: Mapping[OperationType, RealRoot]) -> None:
        self._schema = schema
        self._roots = roots

    def plan(
        self,
        text: str,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        refused: frozenset[str] = frozenset(),
    ) -> SplitPlan:
        """Plan how to answer an operation of a valid document.

        Args:
            text: The document's text.
            document: The document.
            operation: The operation that is asked for.
            variables: The values, defaults included, of the variables that `conditions` names. Others do not matter.
            refused: The response keys of fields that the caller may not have: the control plane says so.
        """
        fragments = fragments_of(document)
        none = RealRoot("", frozenset())
        root = self._roots.get(operation.operation, none)
        fields = dict(root_fields(operation.selection_set, fragments, variables))
        sides = {
            key: key not in refused and _real_name(node) in root.fields
            for key, node in fields.items()
        }
        groups = _serial_groups(sides) if _is_mutation(operation) else _side_groups(sides)
        root_type = self._schema.get_root_type(operation.operation)
        assert root_type
        parts: list[Part] = []
        for group in groups:
            if sides[group[0]]:
                names = (root_type.name, root.name)
                cut = cut_text(
                    text,
                    document,
                    operation,
                    frozenset(group),
                    names,
                    marks=MARKS,
                    renamed=SAME,
                )
                parts.append(Part(group, real=cut))
            else:
                tree = _cut_tree(document, operation, frozenset(group), root_type.name, variables)
                parts.append(Part(group, document=tree))
        return SplitPlan(operation, fields, parts)


def _real_name(node: FieldNode) -> str:
    return SAME.get(node.name.value, node.name.value)


def _is_mutation(operation: OperationDefinitionNode) -> bool:
    return operation.operation is OperationType.MUTATION


def _side_groups(sides: Mapping[str, bool]) -> list[list[str]]:
    """Return the keys of the real side and those of the other, without empty ones."""
    groups = [[key for key, real in sides.items() if real is side] for side in (True, False)]
    return [group for group in groups if group]


def _serial_groups(sides: Mapping[str, bool]) -> list[list[str]]:
    """Return neighbours of one side together: the fields of a mutation run in their order."""
    groups: list[list[str]] = []
    for key, real in sides.items():
        if groups and sides[groups[-1][0]] is real:
            groups[-1].append(key)
        else:
            groups.append([key])
    return groups


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return a document's fragments by name."""
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def body_of(node: SelectionNode, fragments: Fragments) -> SelectionSetNode:
    """Return the selections of an inline fragment, or of the fragment that a spread names."""
    if isinstance(node, InlineFragmentNode):
        return node.selection_set
    assert isinstance(node, FragmentSpreadNode)
    return fragments[node.name.value].selection_set


def root_fields(
    selections: SelectionSetNode, fragments: Fragments, variables: Mapping[str, Any]
) -> Iterator[tuple[str, FieldNode]]:
    """Yield the response key and each field on the root that is not skipped, in order."""
    for node in selections.selections:
        if not is_included(node, variables):
            continue
        if isinstance(node, FieldNode):
            yield response_key(node), node
        else:
            yield from root_fields(body_of(node, fragments), fragments, variables)


def response_key(node: FieldNode) -> str:
    """Return the key of a field in the answer."""
    return (node.alias or node.name).value


def is_included(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """Tell whether @skip and @include let a selection be."""
    for directive in node.directives:
        if directive.name.value in ("skip", "include"):
            value: Any = directive.arguments[0].value
            given = (
                variables.get(value.name.value) if isinstance(value, VariableNode) else value.value
            )
            if bool(given) is (directive.name.value == "skip"):
                return False
    return True


def conditions(operation: OperationDefinitionNode, fragments: Fragments) -> Sequence[str]:
    """Return the names of the variables that decide which root fields are skipped."""
    found: dict[str, None] = {}

    def walk(selections: SelectionSetNode) -> None:
        for node in selections.selections:
            for directive in node.directives:
                for argument in directive.arguments:
                    if isinstance(argument.value, VariableNode):
                        found[argument.value.name.value] = None
            if not isinstance(node, FieldNode):
                walk(body_of(node, fragments))

    walk(operation.selection_set)
    return tuple(found)


def _cut_tree(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    keys: frozenset[str],
    root_name: str,
    variables: Mapping[str, Any],
) -> DocumentNode:
    """Return the document with these root fields only; fragments on the root become inline ones."""
    fragments = fragments_of(document)
    spread: set[str] = set()

    def cut(selections: SelectionSetNode) -> SelectionSetNode:
        kept: list[SelectionNode] = []
        for node in selections.selections:
            if not is_included(node, variables) or not _is_first(node, spread):
                continue
            if not isinstance(node, FieldNode):
                inner = cut(body_of(node, fragments))
                inline = InlineFragmentNode(type_condition=None, directives=(), selection_set=inner)
                kept.append(inline)
            elif response_key(node) in keys:
                kept.append(node)
        return SelectionSetNode(selections=tuple(kept), loc=selections.loc)

    only = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        directives=operation.directives,
        variable_definitions=operation.variable_definitions,
        selection_set=cut(operation.selection_set),
        loc=operation.loc,
    )
    others = [node for node in fragments.values() if node.type_condition.name.value != root_name]
    return DocumentNode(definitions=(only, *others), loc=document.loc)


def _is_first(node: SelectionNode, spread: set[str]) -> bool:
    """Tell whether a fragment was not spread before: GraphQL looks at each once. Note it."""
    if not isinstance(node, FragmentSpreadNode):
        return True
    is_first = node.name.value not in spread
    spread.add(node.name.value)
    return is_first
