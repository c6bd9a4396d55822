"""From GraphQL names to Python names."""

from __future__ import annotations

import keyword

import pydantic
from ariadne_codegen.utils import needs_explicit_alias as _needs_explicit_alias
from ariadne_codegen.utils import str_to_snake_case

#: An attribute with one of these names and a default would hide it from the annotations after it.
_IN_ANNOTATIONS = frozenset({"bool", "date", "datetime", "float", "int", "list", "str"})

__all__ = ["attribute_name", "first_word", "module_name", "needs_alias", "parameter_name", "words"]


def module_name(name: str) -> str:
    """Return the module of a fragment, enum or operation: `RunEvent` gives `run_event`."""
    return parameter_name(name)


def parameter_name(name: str) -> str:
    """Return a name in snake_case, with an underscore after it where it is a keyword."""
    snake: str = str_to_snake_case(name)
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def attribute_name(response_name: str) -> str:
    """Return the attribute of a field; names that models or annotations need get an underscore."""
    name = parameter_name(response_name)
    return f"{name}_" if hasattr(pydantic.BaseModel, name) or name in _IN_ANNOTATIONS else name


def needs_alias(attribute: str, response_name: str) -> bool:
    """Whether pydantic's `to_camel` does not give the name on the wire."""
    return bool(_needs_explicit_alias(attribute, response_name, use_alias_generator=True))


def words(name: str) -> list[str]:
    """Return the words of a name in lower case."""
    return str(str_to_snake_case(name)).split("_")


def first_word(name: str) -> str:
    """Return the first word of a name in lower case."""
    return words(name)[0]
