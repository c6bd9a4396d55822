"""Several launches, as a caller lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import InvalidInputError
from .launch import Launch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLACE = ("location", "repository")
_ARGUMENTS = (
    "asset_selection",
    "idempotency_key",
    "job",
    "op_selection",
    "partition",
    "partition_range",
    "run_config",
    "tags",
    "validate",
)


def read_launches(
    launches: Sequence[Mapping[str, Any]],
) -> list[tuple[Launch, str | None, str | None]]:
    """Return each launch with its code location and repository, where they are given.

    Raises:
        InvalidInputError: There is none, one is wrong (the message says which), or two have the same key.
    """
    listed: Any = launches
    if isinstance(listed, str) or hasattr(listed, "items") or not listed:
        raise InvalidInputError("launches must be a list of mappings, with at least one launch")
    read = [_read(number, dict(given)) for number, given in enumerate(launches, 1)]
    keys = [launch.key for launch, _, _ in read]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InvalidInputError(f"two launches have the idempotency_key {twice[0]!r}")
    return read


def _read(number: int, given: dict[str, Any]) -> tuple[Launch, str | None, str | None]:
    unknown = sorted(given.keys() - {*_PLACE, *_ARGUMENTS})
    if unknown:
        known = ", ".join(sorted((*_PLACE, *_ARGUMENTS)))
        raise InvalidInputError(f"launch {number} has {unknown[0]!r}; it can have {known}")
    location, repository = (given.pop(name, None) for name in _PLACE)
    try:
        return Launch(given.pop("job", None), **given), location, repository
    except InvalidInputError as error:
        raise InvalidInputError(f"launch {number}: {error.message}") from error
