"""Operations: the model of each answer, and its `.ok`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLList, GraphQLNonNull, is_abstract_type

from .module import Module
from .naming import attribute_name, module_name
from .problems import CodegenError
from .queries import name_of, where
from .schema import fields_of, named, root_type
from .spec import ClassSpec
from .writer import Writer

if TYPE_CHECKING:
    from graphql import OperationDefinitionNode

    from .models import Models

__all__ = ["write"]


def write(models: Models, node: OperationDefinitionNode) -> Module:
    """Make the module of an operation's result."""
    name = name_of(node)
    module = Module("results", module_name(name), where(node))
    writer = Writer(models, module)
    root = root_type(models.schema, node)
    body = models.selections.collect(root.name, node.selection_set.selections)
    spec = ClassSpec(name, root.name, body, doc=f"The answer to `{name}`.", is_root=True)
    writer.write_class(spec)
    if len(body.fields) == 1:
        module.blocks[-1] += _ok(writer, spec)
    return module


def _ok(writer: Writer, spec: ClassSpec) -> str:
    """Return the property that gives what was asked for, or raises."""
    ((response, nodes),) = spec.body.fields.items()
    kind = fields_of(writer.models.schema, spec.on)[nodes[0].name.value].type
    value = f"self.{attribute_name(response)}"
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(bare, GraphQLList) or not is_abstract_type(bare):
        return _property(writer.annotations[spec.name, response], f"return {value}")
    good = writer.successes[spec.name, response]
    if not good:
        raise CodegenError(
            f"{writer.module.origin}: {spec.name} selects no member of {named(kind).name} that is a success"
        )
    classes = good[0] if len(good) == 1 else f"({', '.join(good)})"
    unwrap = f"{writer.module.core('unwrap')}({value}, {classes}, {spec.name!r})"
    found = " | ".join(good)
    possible = writer.models.selections.possible[named(kind).name]
    if kind is bare and not any(map(writer.models.selections.is_error, possible)):
        return _property(f"{found} | None", f"return None if {value} is None else {unwrap}")
    return _property(found, f"return {unwrap}", "raises a `ResultError` for any other member")


def _property(annotation: str, code: str, also: str = "") -> str:
    doc = f"What was asked for{'; ' + also if also else ''}."
    return (
        f'\n    @property\n    def ok(self) -> {annotation}:\n        """{doc}"""\n        {code}\n'
    )
