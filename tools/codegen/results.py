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

_ALSO = "; raises a `ResultError` for any other member"


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
    possible = writer.models.selections.possible[named(kind).name]
    may_be_none = kind is bare and not any(map(writer.models.selections.is_error, possible))
    if len(good) > 1:
        return _choose(writer, spec, value, good, may_be_none=may_be_none)
    unwrap = f"{writer.module.core('unwrap')}({value}, {good[0]}, {spec.name!r})"
    if may_be_none:
        return _property(f"{good[0]} | None", f"return None if {value} is None else {unwrap}")
    return _property(good[0], f"return {unwrap}", _ALSO)


def _choose(
    writer: Writer, spec: ClassSpec, value: str, good: list[str], *, may_be_none: bool
) -> str:
    """Return the property for several successes, whose union type checkers narrow by themselves."""
    raise_for_member = writer.module.core("raise_for_member", "error_types")
    test = f"isinstance(value, ({', '.join(good)}))"
    code = (
        f"value = {value}\n"
        f"        if {'value is None or ' if may_be_none else ''}{test}:\n"
        f"            return value\n"
        f"        {raise_for_member}(value, {spec.name!r})"
    )
    return _property(" | ".join([*good, *(["None"] if may_be_none else [])]), code, _ALSO)


def _property(annotation: str, code: str, also: str = "") -> str:
    doc = f"What was asked for{also}."
    return (
        f'\n    @property\n    def ok(self) -> {annotation}:\n        """{doc}"""\n        {code}\n'
    )
