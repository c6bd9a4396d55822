"""Settings documents: read from the caller, checked against the server's schema, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.document_schema import check_document
from .._core.documents import Changes, flatten, merged, read_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from .._core.document_schema import DocumentSchema
    from .._core.documents import Document
    from .._core.operation import Operation
    from .._core.setting import Setting
    from .transport import AsyncTransport, HasOk

    class HasSettings(Protocol):
        """What settings of all kinds come in."""

        @property
        def settings(self) -> Any: ...


def settings_document(found: HasSettings | None) -> dict[str, Any]:
    """Return settings as a document; some servers give it as text, and null where nothing is set."""
    return read_document(None if found is None else found.settings, "the settings")


def settings_rows(found: HasSettings | None) -> list[Setting]:
    """Return the values of settings as rows, by key."""
    from .._core.setting import Setting

    values = flatten(settings_document(found))
    return [Setting(key=key, value=values[key]) for key in sorted(values)]


async def checked_settings(
    transport: AsyncTransport,
    document: Document,
    schema: Operation[HasOk[Any]],
    *,
    validate: bool,
) -> dict[str, Any]:
    """Return a document to be sent.

    Args:
        transport: What asks for the schema.
        document: What the caller gave.
        schema: The operation that gets the schema; a server without one (null) has nothing to check against.
        validate: Whether to check at all.

    Raises:
        InvalidInputError: It cannot be read, or does not fit; ``errors`` has each reason with its path.
    """
    read = read_document(document, "the settings", example="run_monitoring: {...}")
    if validate:
        found: DocumentSchema | None = await transport.fetch(schema)
        if found is not None:
            check_document(read, found, "the settings")
    return read


def settings_changes(before: dict[str, Any], document: dict[str, Any], *, replace: bool) -> Changes:
    """Return what applying a document would change, by the values' paths.

    Args:
        before: The settings as they are.
        document: What would be sent.
        replace: Whether it would take the place of all settings, instead of being put into them.
    """
    after = document if replace else merged(before, document)
    return Changes(flatten(before), flatten(after))


def key_prefix(prefix: str | None) -> Callable[[Setting], bool] | None:
    """Return a condition: the setting's key begins so; None where nothing is asked for."""
    return None if prefix is None else lambda row: row.key.startswith(prefix)
