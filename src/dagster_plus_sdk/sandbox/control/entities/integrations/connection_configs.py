"""What the configurations of connections to warehouses may have: the schemas, and the check against them.

Dagster+ publishes neither; the keys here are those that the drivers of the warehouses need.
"""

from __future__ import annotations

from ...config_types import INT, ROOT, STRING, TEXTS, Shape, below, schema_of
from ...registry import query, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ...config_types import ConfigType
    from ...context import Context
    from ...store import Row

_FIELDS: dict[str, dict[str, ConfigType]] = {
    "BIGQUERY": {
        "project*": STRING,
        "location": STRING,
        "credentials": STRING,
        "datasets": TEXTS,
    },
    "DATABRICKS": {
        "host*": STRING,
        "token": STRING,
        "client_id": STRING,
        "client_secret": STRING,
        "warehouse_id": STRING,
        "catalogs": TEXTS,
    },
    "POSTGRES": {
        "host*": STRING,
        "port": INT,
        "user": STRING,
        "password": STRING,
        "database": STRING,
        "schemas": TEXTS,
    },
    "SNOWFLAKE": {
        "account*": STRING,
        "user": STRING,
        "password": STRING,
        "private_key": STRING,
        "role": STRING,
        "warehouse": STRING,
        "databases": TEXTS,
    },
}
#: What a configuration may have, by the type of the connection.
SHAPES = {name: Shape(name, fields) for name, fields in _FIELDS.items()}
UNKNOWN_KEYS = switch(
    "connection_config",
    "open",
    "closed",
    about="Whether the configuration of a connection may have keys that the sandbox does not know.",
)


@query("externalAssetConnectionSchemas")
def schemas(_context: Context) -> list[Row]:
    """Return the schema of each type."""
    return [{"connectionType": name, **schema_of(shape)} for name, shape in SHAPES.items()]


@query("externalAssetConnectionConfigValidationResult")
def validation(context: Context, *, connection_type: str, config_yaml: str) -> Row:
    """Check a configuration; nothing is kept."""
    errors = list(problems(context, connection_type, config_yaml))
    return {"isValid": not errors, "errors": errors}


def problems(context: Context, connection_type: str, config_yaml: str) -> Iterator[Row]:
    """Yield what is wrong with a configuration."""
    config = read(config_yaml)
    if not isinstance(config, dict):
        yield _problem("RuntimeMismatch", "RUNTIME_TYPE_MISMATCH", "It must be a mapping.")
        return
    shape = SHAPES[connection_type]
    for field in shape.details()["fields"]:
        if field["isRequired"] and field["name"] not in config:
            text = f'Missing required config entry "{field["name"]}" {ROOT}.'
            yield {**_problem("MissingField", "MISSING_REQUIRED_FIELD", text), "field": field}
    for name, value in config.items():
        if name not in shape.fields:
            if context.switch(UNKNOWN_KEYS) == "closed":
                text = f'Received unexpected config entry "{name}" {ROOT}.'
                problem = _problem("FieldNotDefined", "FIELD_NOT_DEFINED", text)
                yield {**problem, "fieldName": str(name)}
        elif not _is_variable(value):
            for text in shape.fields[name].problems(value, below(ROOT, name)):
                yield _problem("RuntimeMismatch", "RUNTIME_TYPE_MISMATCH", text, name)


def read(config_yaml: str) -> Any:
    """Return what a YAML text says; None if it is none."""
    import yaml

    try:
        return yaml.safe_load(config_yaml)
    except yaml.YAMLError:
        return None


def _is_variable(value: object) -> bool:
    """Tell whether an environment variable stands for a value: it can for every one."""
    return isinstance(value, dict) and [*value] == ["env"]


def _problem(kind: str, reason: str, message: str, *path: str) -> Row:
    entries = [{"__typename": "EvaluationStackPathEntry", "fieldName": name} for name in path]
    return {
        "__typename": f"{kind}ConfigError",
        "reason": reason,
        "message": message,
        "stack": {"entries": entries},
    }
