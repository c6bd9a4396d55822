"""Fragments: the public models, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, is_abstract_type

from .module import Module
from .naming import module_name
from .problems import CodegenError
from .queries import where
from .schema import is_typename
from .selection import Body, add_field, condition_of
from .spec import ClassSpec
from .writer import Writer

if TYPE_CHECKING:
    from graphql import FragmentDefinitionNode

    from .models import Models
    from .selection import Fields

__all__ = ["write"]


def write(models: Models, name: str) -> None:
    """Make the module of a fragment."""
    node = models.queries.fragments[name]
    module = Module("models", module_name(name), where(node))
    models.modules[name] = module
    writer = Writer(models, module)
    if models.selections.is_abstract(name):
        _Abstract(models, writer, name).write()
        return
    on = models.selections.condition(name)
    body = models.selections.collect(on, node.selection_set.selections)
    writer.write_class(ClassSpec(name, on, body, types=[on], doc=_doc(on)))


def _doc(type_name: str) -> str:
    return f"`{type_name}`, as the API returns it."


class _Abstract:
    """A fragment on an interface or a union: a base class, its members, and one for unknown types."""

    def __init__(self, models: Models, writer: Writer, name: str) -> None:
        self.models = models
        self.writer = writer
        self.name = name
        self.node: FragmentDefinitionNode = models.queries.fragments[name]
        self.on = models.selections.condition(name)
        self.possible = models.selections.possible
        #: What the inline fragments select, by their type.
        self.groups = self._group()
        #: Classes of the inline fragments on abstract types.
        self.inner: dict[str, str] = {}

    def write(self) -> None:
        shared = [
            s for s in self.node.selection_set.selections if not isinstance(s, InlineFragmentNode)
        ]
        body = self.models.selections.collect(self.on, shared)
        self.writer.write_class(ClassSpec(self.name, self.on, body, doc=_doc(self.on)))
        for condition in sorted(self.groups):
            if is_abstract_type(self.models.schema.type_map[condition]):
                self.inner[condition] = self._write_inner(condition)
        choice = {t: self._class_of(t) for t in sorted(self.possible[self.on])}
        self.models.members[self.name] = choice
        self._write_unknown(choice)

    def _group(self) -> dict[str, Body]:
        groups: dict[str, Body] = {}
        for node in self.node.selection_set.selections:
            if isinstance(node, InlineFragmentNode):
                condition = condition_of(node, self.on)
                self._fill(groups.setdefault(condition, Body()), node)
        return groups

    @staticmethod
    def _fill(body: Body, node: InlineFragmentNode) -> None:
        for selection in node.selection_set.selections:
            if isinstance(selection, FragmentSpreadNode):
                body.spreads.append(selection.name.value)
            elif isinstance(selection, FieldNode):
                if not is_typename(selection):
                    add_field(body.fields, selection)
            else:
                raise CodegenError(
                    f"{where(selection)}: an inline fragment inside another one: write it at the"
                    " fragment's top level"
                )

    def _write_inner(self, condition: str) -> str:
        """Write the class of an interface within the fragment's type."""
        return self.writer.write_class(
            ClassSpec(
                self.models.member_name(self.name, condition),
                condition,
                self.groups[condition],
                supers=[self.name],
                inherited=self.models.fields[self.name],
                doc=f"Every `{condition}`.",
            )
        )

    def _class_of(self, type_name: str) -> str:
        """Return the class of a type: its own if it has fields of its own, else the nearest base."""
        through = [c for c in self.inner if type_name in self.possible[c]]
        if type_name not in self.groups and len(through) < 2:  # noqa: PLR2004 - one or none
            return self.inner[through[0]] if through else self.name
        inherited: Fields = dict(self.models.fields[self.name])
        for condition in through:
            inherited |= self.models.fields[self.inner[condition]]
        return self.writer.write_class(
            ClassSpec(
                self.models.member_name(self.name, type_name),
                type_name,
                self.groups.get(type_name, Body()),
                types=[type_name],
                supers=[self.inner[c] for c in through] or [self.name],
                inherited=inherited,
                doc=f"`{type_name}`.",
            )
        )

    def _write_unknown(self, choice: dict[str, str]) -> None:
        """Write the class of unknown types, and the annotation that chooses among all of them."""
        module = self.writer.module
        unknown, alias = f"Unknown{self.name}", f"Any{self.name}"
        module.add(
            unknown,
            f"class {unknown}({self.name}, {module.core('Unknown')}):\n"
            f'    """A `{self.on}` of a type newer than this version; its fields are kept."""\n',
        )
        module.use("typing", "Annotated")
        table = "".join(f"    {t!r}: {c},\n" for t, c in choice.items())
        module.add(
            alias,
            f"{alias} = Annotated[{self.name}, {module.core('OneOf')}({{\n{table}}}, {unknown})]\n",
        )
