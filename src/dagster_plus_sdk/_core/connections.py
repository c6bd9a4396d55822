"""What a connection to a warehouse is made of, checked before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .documents import read_document, to_yaml
from .errors import InvalidInputError
from .inputs import member, text

if TYPE_CHECKING:
    from .._generated.enums import ExternalAssetConnectionType
    from .._generated.input_types import ExternalAssetConnectionInput
    from .documents import Document


def connection_type(value: ExternalAssetConnectionType | str) -> ExternalAssetConnectionType:
    """Return a type by its name, in any case.

    Raises:
        InvalidInputError: There is no such type.
    """
    from .._generated.enums.external_asset_connection_type import (
        ExternalAssetConnectionType as Type,
    )

    return member(Type, value, "type")


def connection_fields(
    *,
    name: str | None,
    config: Document | None,
    description: str | None,
    cron: str | None,
    timezone: str | None,
) -> ExternalAssetConnectionInput:
    """Return the API's form of what is given.

    Raises:
        InvalidInputError: Nothing is given, or something cannot be.
    """
    fields: ExternalAssetConnectionInput = {}
    if name is not None:
        fields["name"] = text(name, "the connection's name")
    if config is not None:
        fields["sourceConfigYaml"] = config_text(config)
    if description is not None:
        fields["description"] = description
    if cron is not None:
        fields["cronString"] = text(cron, "cron")
    if timezone is not None:
        fields["timezone"] = text(timezone, "timezone")
    if not fields:
        raise InvalidInputError(
            "nothing is to be changed: give name, config, description, cron or timezone"
        )
    return fields


def config_text(config: Document) -> str:
    """Return a configuration as YAML; a text stays as it is written, with its comments.

    Raises:
        InvalidInputError: It is no mapping, or cannot be read.
    """
    document = read_document(config, "the configuration")
    return config if isinstance(config, str) else to_yaml(document)
