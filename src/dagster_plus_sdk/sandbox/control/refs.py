"""Real entities below those of the control plane: a run that an issue is about, an asset that an alert watches."""

# graphql-core leaves the parameters of its generic types open.
# pyright: basic

from __future__ import annotations

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    SelectionSetNode,
    Visitor,
    print_ast,
    visit,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from graphql import FragmentDefinitionNode, GraphQLResolveInfo, SelectionNode

#: How the real Dagster finds one, and the type of the key.
DOORS = {
    "Run": ("runOrError(runId: $sandboxKey)", "ID!"),
    "Asset": ("assetOrError(assetKey: $sandboxKey)", "AssetKeyInput!"),
    "AssetNode": ("assetNodeOrError(assetKey: $sandboxKey)", "AssetKeyInput!"),
}
TYPENAME = FieldNode(
    alias=None, name=NameNode(value="__typename"), arguments=(), directives=(), selection_set=None
)


class Ref:
    """An entity of the real Dagster, as a resolver returns it.

    Args:
        typename: Its type, one of `DOORS`.
        key: A run's id, or an asset's key, ``{"path": [...]}``.
    """

    __slots__ = ("key", "typename")

    def __init__(self, typename: str, key: object) -> None:
        self.typename: str = typename
        self.key: object = key


class Fetched(dict[str, "Any"]):
    """An object that the real Dagster answered: by response keys, and complete."""


def fetched(value: Any) -> Any:
    """Return an answer with each object in it marked as one."""
    if isinstance(value, dict):
        return Fetched({key: fetched(inner) for key, inner in value.items()})
    return [fetched(inner) for inner in value] if isinstance(value, list) else value


def ref_document(ref: Ref, info: GraphQLResolveInfo) -> tuple[str, dict[str, Any]]:
    """Return the query for an entity with all that is selected of it, and the query's variables."""
    found = [part for node in info.field_nodes for part in _flat(node, ref.typename, info)]
    used = _Used(info.fragments)
    for part in found:
        visit(part, used)
    door, key_type = DOORS[ref.typename]
    types = {
        node.variable.name.value: node.type for node in info.operation.variable_definitions or ()
    }
    names = sorted(used.variables & info.variable_values.keys())
    head = ", ".join(["$sandboxKey: " + key_type, *(f"${n}: {print_ast(types[n])}" for n in names)])
    typed = _Typed()
    body = "\n".join(print_ast(visit(node, typed)) for node in found)
    fragments = "\n".join(print_ast(visit(node, typed)) for node in used.fragments.values())
    text = f"query ({head}) {{ ref: {door} {{ __typename ... on {ref.typename} {{ {body} }} }} }}\n{fragments}"
    values = {name: info.variable_values[name] for name in names}
    return text, {"sandboxKey": ref.key, **values}


def _flat(node: Any, typename: str, info: GraphQLResolveInfo) -> Iterator[SelectionNode]:
    """Yield what is selected of a type. The conditions around it may name types that only Dagster+ has."""
    for part in node.selection_set.selections if node.selection_set else ():
        if isinstance(part, FieldNode):
            yield part
            continue
        body = part if isinstance(part, InlineFragmentNode) else info.fragments[part.name.value]
        condition: Any = body.type_condition
        if condition is None or _fits(info, condition.name.value, typename):
            inner = SelectionSetNode(selections=tuple(_flat(body, typename, info)))
            if inner.selections:
                yield InlineFragmentNode(
                    type_condition=None, directives=part.directives, selection_set=inner
                )


def _fits(info: GraphQLResolveInfo, condition: str, typename: str) -> bool:
    schema = info.schema
    outer: Any = schema.type_map[condition]
    inner: Any = schema.type_map[typename]
    return condition == typename or (
        hasattr(outer, "resolve_type") and schema.is_sub_type(outer, inner)
    )


class _Typed(Visitor):
    """Adds ``__typename`` everywhere: the answer's objects are resolved once more, below the control plane's."""

    def leave_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode:
        """Add it."""
        return SelectionSetNode(selections=(*node.selections, TYPENAME))


class _Used(Visitor):
    """Notes the variables and the fragments that something uses."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self._all = fragments
        self.variables: set[str] = set()
        self.fragments: dict[str, FragmentDefinitionNode] = {}

    def enter_variable(self, node: Any, *_: object) -> None:
        """Note the variable."""
        self.variables.add(node.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        """Note the fragment, and what it uses."""
        name = node.name.value
        if name not in self.fragments:
            self.fragments[name] = self._all[name]
            visit(self._all[name], self)
