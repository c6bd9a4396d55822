"""Fields of abstract types: which class each type gets, and what happens to types yet unknown."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ariadne_codegen.utils import str_to_pascal_case
from graphql import FragmentSpreadNode, InlineFragmentNode, print_ast

from .problems import CodegenError
from .schema import is_typename
from .spec import ClassSpec
from .times import is_listed_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import FieldNode, GraphQLNamedType, SelectionNode

    from .selection import Body
    from .writer import Writer

__all__ = ["is_error_field", "write"]

ERROR_FIELDS = frozenset({"className", "message", "stack"})


def is_error_field(name: str, nodes: list[FieldNode]) -> bool:
    """Whether a field is one that the hand-written `ErrorResult` has."""
    return name in ERROR_FIELDS and print_ast(nodes[0]) == name


def write(
    writer: Writer,
    owner: str,
    name: str,
    kind: GraphQLNamedType,
    selections: Sequence[SelectionNode],
) -> tuple[str, list[str]]:
    """Write the classes of an abstract field's members.

    Args:
        writer: The module's writer.
        owner: The class that has the field.
        name: The field's name in the answer.
        kind: The field's type.
        selections: What is selected.

    Returns:
        The field's annotation, and the classes that mean success.
    """
    if whole := _whole_fragment(writer, kind, selections):
        base = writer.models.of_fragment(writer.module, whole, whole)
        return writer.models.of_fragment(writer.module, whole, f"Any{whole}"), [base]
    if not any(isinstance(s, (InlineFragmentNode, FragmentSpreadNode)) for s in selections):
        return _write_plain(writer, owner, name, kind, selections)
    return _Union(writer, owner, kind, selections).write()


def _covers(writer: Writer, fragment: str, kind: GraphQLNamedType) -> bool:
    selections = writer.models.selections
    return (
        fragment not in writer.models.tables.runtime_fragments
        and selections.is_abstract(fragment)
        and selections.possible[selections.condition(fragment)] >= selections.possible[kind.name]
    )


def _whole_fragment(
    writer: Writer, kind: GraphQLNamedType, selections: Sequence[SelectionNode]
) -> str | None:
    """Return the fragment that stands for the whole type, if that is all that is selected."""
    asked = [s for s in selections if not is_typename(s)]
    if len(asked) != 1 or not isinstance(asked[0], FragmentSpreadNode):
        return None
    name = asked[0].name.value
    return name if _covers(writer, name, kind) else None


def _write_plain(
    writer: Writer,
    owner: str,
    name: str,
    kind: GraphQLNamedType,
    selections: Sequence[SelectionNode],
) -> tuple[str, list[str]]:
    """Write one class for all types: only fields that the interface itself has are selected."""
    body = writer.models.selections.collect(kind.name, selections)
    inner = writer.inner_name(owner, str_to_pascal_case(name))
    written = writer.write_class(ClassSpec(inner, kind.name, body))
    return written, [written]


class _Union:
    """The union of the members that a selection names."""

    def __init__(
        self,
        writer: Writer,
        owner: str,
        kind: GraphQLNamedType,
        selections: Sequence[SelectionNode],
    ) -> None:
        self.writer = writer
        self.owner = owner
        self.kind = kind
        self.nodes = selections
        self.selections = writer.models.selections

    def write(self) -> tuple[str, list[str]]:
        choice = self._choose()
        if not choice:
            raise CodegenError(
                f"{self.writer.module.origin}: {self.owner} selects no member of {self.kind.name}"
            )
        successes = list(
            dict.fromkeys(c for t, c in choice.items() if not self.selections.is_error(t))
        )
        unknown = self._unknown()
        classes = list(dict.fromkeys([*successes, *choice.values(), unknown]))
        table = ", ".join(f"{name!r}: {cls}" for name, cls in choice.items())
        self.writer.module.use("typing", "Annotated")
        one_of = self.writer.module.core("OneOf")
        return f"Annotated[{' | '.join(classes)}, {one_of}({{{table}}}, {unknown})]", successes

    def _choose(self) -> dict[str, str]:
        """Return the class of each type that is selected; equal ones share theirs."""
        bodies = {t: self._body(t) for t in sorted(self.selections.possible[self.kind.name])}
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for type_name, body in bodies.items():
            if body:
                alike[self._key(type_name, body)].append(type_name)
        choice: dict[str, str] = {}
        for types in alike.values():
            for type_name in types:
                choice[type_name] = self._class(type_name, types, bodies[type_name], choice)
        return dict(sorted(choice.items()))

    def _body(self, type_name: str) -> Body:
        return self.selections.collect(type_name, self.nodes)

    def _key(self, type_name: str, body: Body) -> str:
        """Return a text that is equal for types that one class can stand for."""
        tables = self.writer.models.tables
        coordinates = [f"{type_name}.{nodes[0].name.value}" for nodes in body.fields.values()]
        kinds = [(is_listed_time(tables, c), c in tables.secrets) for c in coordinates]
        return f"{self.selections.is_error(type_name)} {kinds} {body.key()}"

    def _class(self, type_name: str, types: list[str], body: Body, choice: dict[str, str]) -> str:
        models, module = self.writer.models, self.writer.module
        if self._is_plain_error(type_name, body):
            return module.core("ErrorResult")
        if body.only_fragment:
            return models.class_for(module, body.only_fragment, type_name)
        if types[0] in choice:
            return choice[types[0]]
        shared = body.conditions[0] if len(set(body.conditions)) == 1 else types[0]
        name = self.writer.inner_name(self.owner, shared if len(types) > 1 else type_name)
        return self.writer.write_class(ClassSpec(name, type_name, body, types=types))

    def _is_plain_error(self, type_name: str, body: Body) -> bool:
        """Whether an error member has no more than what the hand-written `ErrorResult` has."""
        runtime = self.writer.models.tables.runtime_fragments
        return (
            self.selections.is_error(type_name)
            and all(f in runtime and runtime[f].name == "ErrorResult" for f in body.spreads)
            and all(is_error_field(name, nodes) for name, nodes in body.fields.items())
        )

    def _unknown(self) -> str:
        """Return the class of types that are newer than this package."""
        for node in self.nodes:
            if isinstance(node, FragmentSpreadNode) and _covers(
                self.writer, node.name.value, self.kind
            ):
                fragment = node.name.value
                return self.writer.models.of_fragment(
                    self.writer.module, fragment, f"Unknown{fragment}"
                )
        return self.writer.module.core("Unknown")
