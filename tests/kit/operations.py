"""Random GraphQL operations on a schema, and resolvers that answer them at random, the same way each time."""

from __future__ import annotations

import json
import random
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
)

SPACES = (" ", "\n  ", " , ", " # {a: b}\n", "\t", "\r\n")
LEAVES = {
    "Int": lambda dice: dice.randrange(100),
    "Float": lambda dice: dice.randrange(100) / 4,
    "Boolean": lambda dice: dice.random() < 0.5,
}


class Operations:
    """Makes random documents.

    Args:
        schema: What they are valid for, nearly always.
        seed: The same one makes the same documents.
    """

    def __init__(self, schema: GraphQLSchema, seed: object) -> None:
        self.schema = schema
        self.dice = random.Random(str(seed))
        self.fragments: list[str] = []
        self.variables: dict[str, tuple[str, Any]] = {}
        self.count = 0

    def make(self) -> tuple[str, dict[str, Any]]:
        """Return a document, whose operation is called `Main`, and its variables."""
        kind = "mutation" if self.maybe(1 / 3) else "query"
        root = getattr(self.schema, f"{kind}_type")
        body = self.root(root, 0)
        heads = [f"${name}: {what}" for name, (what, _) in self.variables.items()]
        head = f"({self.space().join(heads)})" if heads else ""
        pieces = [f"{kind} Main{head} {body}", *self.fragments]
        if self.maybe(0.2):
            pieces.append("query Other { version ...Elsewhere }")
            pieces.append(f"fragment Elsewhere on {self.schema.query_type.name} {{ __typename }}")
        self.dice.shuffle(pieces)
        values = {name: value for name, (_, value) in self.variables.items() if value is not ...}
        return "\n".join(pieces), values

    def maybe(self, chance: float) -> bool:
        return self.dice.random() < chance

    def space(self) -> str:
        return self.dice.choice(SPACES)

    def name(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def root(self, root, depth) -> str:
        """Return selections on a root type: fields of random roots, and fragments with more of them."""
        chosen = []
        for _ in range(self.dice.randint(1, 4)):
            kind = self.dice.random()
            if depth < 2 and kind < 0.12:
                chosen.append(
                    f"...{self.condition(root)}{self.directive()} {self.root(root, depth + 1)}"
                )
            elif depth < 2 and kind < 0.24:
                name = self.name()
                self.fragments.append(f"fragment {name} on {root} {self.root(root, depth + 1)}")
                chosen.append(f"...{name}{self.directive()}")
                if self.maybe(0.3):
                    chosen.insert(0, f"...{name}{self.directive()}")
            elif kind < 0.27:
                chosen.append(f"{self.name()}: __typename")
            else:
                field = self.field(*self.dice.choice(list(root.fields.items())), 0, alias=True)
                chosen.append(field)
                if self.maybe(0.15):
                    # The same key at a second place, where the first may be skipped.
                    chosen.append(field + self.directive() if field[-1] != "}" else field)
        self.dice.shuffle(chosen)
        return "{" + self.space() + self.space().join(chosen) + "}"

    def condition(self, a_type) -> str:
        return f" on {a_type}" if self.maybe(0.6) else ""

    def directive(self) -> str:
        if not self.maybe(0.25):
            return ""
        value = self.variable("Boolean!", self.maybe(0.5)) if self.maybe(0.6) else "true"
        return f" @{self.dice.choice(['skip', 'include'])}(if: {value})"

    def field(self, name, field, depth, *, alias=False) -> str:
        key = f"{self.name()}: " if alias or field.args or self.maybe(0.3) else ""
        arguments = [
            f"{argument_name}: {self.argument(argument.type)}"
            for argument_name, argument in field.args.items()
            if is_required_argument(argument) or self.maybe(0.3)
        ]
        text = f"{key}{name}" + (f"({self.space().join(arguments)})" if arguments else "")
        text += self.directive()
        named = get_named_type(field.type)
        return text + (f" {self.body(named, depth + 1)}" if is_composite_type(named) else "")

    def body(self, a_type, depth) -> str:
        chosen = ["__typename"] if self.maybe(0.5) or depth > 3 else []
        fields = [] if depth > 3 else list(getattr(a_type, "fields", {}).items())
        for name, field in self.dice.sample(fields, min(len(fields), self.dice.randint(0, 3))):
            chosen.append(self.field(name, field, depth))
        if is_abstract_type(a_type) and depth <= 3:
            members = self.schema.get_possible_types(a_type)
            chosen += [
                f"...on {member}{self.directive()} {self.body(member, depth + 1)}"
                for member in self.dice.sample(members, min(len(members), 2))
            ]
        if self.maybe(0.1) and depth <= 3:
            name = self.name()
            self.fragments.append(f"fragment {name} on {a_type} {self.body(a_type, depth + 1)}")
            chosen += [f"...{name}"] * self.dice.randint(1, 2)
        return "{" + self.space().join(chosen or ["__typename"]) + "}"

    def argument(self, a_type) -> str:
        value = self.value(a_type, 0)
        if self.maybe(0.4):
            return self.variable(str(a_type), value)
        return literal(a_type, value)

    def variable(self, what, value) -> str:
        name = self.name()
        if self.maybe(0.02):
            value = {"not": ["what", "it", "takes"]}
        self.variables[name] = (what, value)
        if what == "Boolean!" and isinstance(value, bool) and self.maybe(0.3):
            self.variables[name] = (f"Boolean = {json.dumps(value)}", ...)
        return f"${name}"

    def value(self, a_type, depth) -> Any:
        if not is_non_null_type(a_type) and self.maybe(0.1):
            return None
        a_type = get_nullable_type(a_type)
        if is_list_type(a_type):
            return [self.value(a_type.of_type, depth) for _ in range(self.dice.randint(0, 2))]
        if is_enum_type(a_type):
            return self.dice.choice(list(a_type.values))
        if is_input_object_type(a_type):
            return {
                name: self.value(field.type, depth + 1)
                for name, field in a_type.fields.items()
                if is_required_input_field(field) or (depth < 2 and self.maybe(0.4))
            }
        make = LEAVES.get(a_type.name)
        return make(self.dice) if make else self.dice.choice(["a", "# {", '"é"\\', "12"])


def literal(a_type, value) -> str:
    """Return a value as it is written in a document."""
    a_type = get_nullable_type(a_type)
    if value is None:
        return "null"
    if is_list_type(a_type):
        return "[" + " ".join(literal(a_type.of_type, item) for item in value) + "]"
    if is_enum_type(a_type):
        return value
    if is_input_object_type(a_type):
        fields = a_type.fields
        return "{" + " ".join(f"{k}: {literal(fields[k].type, v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


class Resolvers:
    """A field resolver whose answers depend on a seed, the field's path and its arguments only.

    Attributes:
        calls: The keys of the root fields, in the order of their execution.
    """

    def __init__(self, seed: object) -> None:
        self.seed = seed
        self.calls: list[str] = []

    def __call__(self, source, info, **arguments) -> Any:
        path = info.path.as_list()
        if len(path) == 1:
            self.calls.append(path[0])
        given = json.dumps(arguments, sort_keys=True, default=str)
        dice = random.Random(f"{self.seed} {path} {info.field_name} {given}")
        chance = dice.random()
        if chance < 0.05:
            raise RuntimeError(f"{info.field_name} is broken: {given}")
        if chance < 0.08:
            return None
        return self.value(info.schema, info.return_type, dice)

    def value(self, schema, a_type, dice) -> Any:
        a_type = get_nullable_type(a_type)
        if is_list_type(a_type):
            return [self.value(schema, a_type.of_type, dice) for _ in range(dice.randint(0, 2))]
        if is_enum_type(a_type):
            return dice.choice(list(a_type.values))
        if is_leaf_type(a_type):
            make = LEAVES.get(a_type.name)
            return make(dice) if make else f"text {dice.randrange(100)}"
        if is_object_type(a_type):
            return {"__typename": a_type.name}
        return {
            "__typename": dice.choice(sorted(t.name for t in schema.get_possible_types(a_type)))
        }
