"""The error types of the API's schema."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from graphql import build_schema, is_object_type, is_union_type

_ERROR_NAME = re.compile(
    r"(Error|Failure|Failed|Invalid|Conflict|NotFound|Disabled|Unset|Required|Unsupported|NotSupported|Expired|"
    r"Denied|Upgrade|Exceeded)$"
)


@cache
def load_schema():
    return build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))


def error_types(schema) -> set[str]:
    """Return the names of the union members that report an error, by interface or by name."""
    members = {
        member.name
        for kind in schema.type_map.values()
        if is_union_type(kind)
        for member in kind.types
    }
    return {
        name
        for name, kind in schema.type_map.items()
        if name in members and is_object_type(kind) and _reports_error(name, kind)
    }


def _reports_error(name, kind) -> bool:
    return any(interface.name == "Error" for interface in kind.interfaces) or bool(
        _ERROR_NAME.search(name)
    )
