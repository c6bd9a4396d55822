"""Writes the classes of one module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ariadne_codegen.utils import str_to_pascal_case
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    is_abstract_type,
    is_leaf_type,
    print_ast,
)

from . import unions
from .naming import attribute_name, module_name, needs_alias
from .problems import CodegenError
from .queries import where
from .schema import fields_of, named, nested
from .selection import response_name
from .spec import ClassSpec
from .times import is_millis, is_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import FieldNode, GraphQLNamedType, GraphQLOutputType

    from .models import Models
    from .module import Module
    from .selection import Fields

__all__ = ["Writer"]


class Writer:
    """Turns selections into classes of one module."""

    def __init__(self, models: Models, module: Module) -> None:
        self.models = models
        self.module = module
        #: Classes that mean success, by class and field in the answer.
        self.successes: dict[tuple[str, str], list[str]] = {}
        #: What was written for a field, by class and field in the answer.
        self.annotations: dict[tuple[str, str], str] = {}

    # Classes

    def write_class(self, spec: ClassSpec) -> str:
        """Append a class and return its name."""
        bases = [*spec.supers]
        bases += [self.models.class_for(self.module, f, spec.on) for f in spec.body.spreads]
        if self._is_error(spec) and not self.models.errors.intersection(bases):
            bases.append(self.module.core("ErrorResult"))
        if self.models.errors.intersection(bases):
            self.models.errors.add(spec.name)
        new = self._new_fields(spec, inherits_error=bool(self.models.errors.intersection(bases)))
        lines = [self._typename(spec, bases)]
        lines += [self._attribute(spec, name, nodes) for name, nodes in new.items()]
        if any(attribute_name(name).endswith("_") for name in new):
            bases.append(self.module.core("PublicNames"))
        bases = bases or [self.module.core("BaseModel")]
        doc = f'    """{spec.doc}"""\n\n' if spec.doc else ""
        content = doc + "".join(line for line in lines if line)
        self.module.add(
            spec.name,
            f"class {spec.name}({', '.join(dict.fromkeys(bases))}):\n{content or '    pass'}",
        )
        return spec.name

    def _is_error(self, spec: ClassSpec) -> bool:
        return bool(spec.types) and all(map(self.models.selections.is_error, spec.types))

    def _new_fields(self, spec: ClassSpec, *, inherits_error: bool) -> Fields:
        """Return the fields that no base has, after checking that these agree."""
        have = dict(spec.inherited)
        for fragment in spec.body.spreads:
            inherited = self.models.selections.fragment_fields(fragment, spec.on)
            self._merge(spec.name, have, inherited)
        new = {name: nodes for name, nodes in spec.body.fields.items() if name not in have}
        self._merge(spec.name, have, spec.body.fields)
        self.models.fields[spec.name] = have
        names: dict[str, str] = {}
        for name, nodes in have.items():
            other = names.setdefault(attribute_name(name), name)
            if other != name:
                raise CodegenError(
                    f"{where(nodes[0])}: {spec.name} has {other} and {name}, which are one name in Python:"
                    " give one of them an alias"
                )
        if inherits_error:
            new = {n: f for n, f in new.items() if not unions.is_error_field(n, f)}
        return new

    @staticmethod
    def _merge(owner: str, have: Fields, more: Fields) -> None:
        """Refuse what GraphQL merges and Python inherits from one side: fields would be lost."""
        for name, nodes in more.items():
            if name in have and print_ast(have[name][0]) != print_ast(nodes[0]):
                raise CodegenError(
                    f"{where(nodes[0])}: {owner}.{name} is selected twice, differently (also at"
                    f" {where(have[name][0])}): make it one fragment"
                )
            have[name] = nodes

    def _typename(self, spec: ClassSpec, bases: list[str]) -> str:
        """Return the line of `__typename`: a constant of a class for one type, else a field."""
        if spec.is_root:
            return ""
        only = spec.types[0] if len(spec.types) == 1 else None
        wide = [base for base in bases if base in self.models.wide]
        narrow = [base for base in bases if base not in self.models.wide]
        if wide and narrow:
            raise CodegenError(
                f"{self.module.origin}: {spec.name} cannot extend {', '.join(narrow)} and the abstract"
                f" {', '.join(wide)}: spread the latter in the former instead"
            )
        if only and not wide:
            self.module.use("typing", "ClassVar")
            return f"    typename__: ClassVar[str] = {only!r}\n"
        self.models.wide.add(spec.name)
        if wide and not only:
            return ""
        return f"    typename__: str = {self.module.core('typename')}({only!r})\n".replace(
            "(None)", "()"
        )

    # Fields

    def _attribute(self, spec: ClassSpec, name: str, nodes: list[FieldNode]) -> str:
        kind = self._field_type(spec.on, nodes[0])
        annotation = self.annotate(kind, lambda named: self._value(spec, nodes, named))
        nullable = not isinstance(kind, GraphQLNonNull)
        if not nullable and any(d.name.value in {"include", "skip"} for d in nodes[0].directives):
            annotation += " | None"
            nullable = True
        self.annotations[spec.name, name] = annotation
        attribute = attribute_name(name)
        options = ["default=None"] if nullable else []
        if needs_alias(attribute, name):
            options.append(f"alias={name!r}")
            self.module.use("pydantic", "Field")
            return f"    {attribute}: {annotation} = Field({', '.join(options)})\n"
        return f"    {attribute}: {annotation}{' = None' if nullable else ''}\n"

    def _field_type(self, on: str, node: FieldNode) -> GraphQLOutputType:
        return fields_of(self.models.schema, on)[node.name.value].type

    def annotate(self, kind: GraphQLOutputType, make: Callable[[GraphQLNamedType], str]) -> str:
        """Return the annotation of a type; `make` gives that of its named type."""
        if isinstance(kind, GraphQLNonNull):
            return self._annotate_non_null(kind.of_type, make)
        return f"{self._annotate_non_null(kind, make)} | None"

    def _annotate_non_null(
        self, kind: GraphQLOutputType, make: Callable[[GraphQLNamedType], str]
    ) -> str:
        if isinstance(kind, GraphQLList):
            return f"list[{self.annotate(kind.of_type, make)}]"
        return make(named(kind))

    def _value(self, spec: ClassSpec, nodes: list[FieldNode], kind: GraphQLNamedType) -> str:
        """Return the annotation of a field's named type, after writing the classes that it needs."""
        if isinstance(kind, GraphQLEnumType):
            return self.module.generated("enums", module_name(kind.name), kind.name)
        if is_leaf_type(kind):
            return self._scalar(f"{spec.on}.{nodes[0].name.value}", kind.name)
        selections = nested(nodes[0])
        name = response_name(nodes[0])
        if is_abstract_type(kind):
            annotation, successes = unions.write(self, spec.name, name, kind, selections)
            self.successes[spec.name, name] = successes
            return annotation
        body = self.models.selections.collect(kind.name, selections)
        if body.only_fragment:
            return self.models.class_for(self.module, body.only_fragment, kind.name)
        inner = self.inner_name(spec.name, str_to_pascal_case(name))
        return self.write_class(ClassSpec(inner, kind.name, body, types=[kind.name]))

    def _scalar(self, coordinate: str, scalar: str) -> str:
        tables = self.models.tables
        if is_time(tables, coordinate, scalar):
            if is_millis(tables, coordinate):
                return self.module.core("Millis")
            return self.module.use("datetime", "datetime")
        if coordinate in tables.secrets:
            return self.module.core("Secret", "secret")
        python = tables.scalars.get(scalar, "Any")
        if python in {"Any", "date"}:
            self.module.use("typing" if python == "Any" else "datetime", python)
        return python

    @staticmethod
    def inner_name(owner: str, part: str) -> str:
        """Return the name of a class that no fragment names."""
        return part if part.startswith(owner) and part != owner else owner + part
