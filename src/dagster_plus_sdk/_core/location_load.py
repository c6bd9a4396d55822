"""Whether code locations are loaded, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import LocationLoadError
from .response import without
from .run_failure import raised_by, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._generated.models import CodeLocation, ErrorInfo

LOADING = "LOADING"

#: The most names that a message has.
_NAMED = 5


def load_failure(
    locations: Sequence[CodeLocation], secrets: Sequence[str] = ()
) -> LocationLoadError | None:
    """Return the error for the first code location that cannot be loaded; None if all are.

    Args:
        locations: As they were loaded.
        secrets: What must not be shown: code may write the token that it was given.
    """
    failed = [(location, error) for location in locations if (error := load_error(location))]
    if not failed:
        return None
    errors: list[dict[str, Any]] = []
    for location, error in failed:
        cause = raised_by(error)
        message = without(secrets, " ".join(cause.message.split()))
        errors.append({"name": location.name, "class_name": cause.class_name, "message": message})
    location, cause = failed[0][0], raised_by(failed[0][1])
    more = f" (and {len(failed) - 1} more: {_names(failed[1:])})" if len(failed) > 1 else ""
    raised = LocationLoadError(
        f"Code location {location.name} cannot be loaded: {shortened(errors[0]['message'])}{more}",
        stack=[without(secrets, line) for line in cause.stack],
        errors=errors,
    )
    raised.location, raised.name, raised.class_name = location, location.name, cause.class_name
    raised.locations = list(locations)
    return raised


def load_error(location: CodeLocation) -> ErrorInfo | None:
    """Return the error with which a code location was loaded; while it is loaded anew, it has that of the last time."""
    from .._generated.models.error_info import ErrorInfo

    found = location.location_or_load_error
    return found if isinstance(found, ErrorInfo) and location.load_status != LOADING else None


def unloaded(names: Sequence[str]) -> str:
    """Return what the error says of locations that are not loaded in time."""
    if not names:
        return "The code locations were not loaded"
    shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
    one = len(names) == 1
    return f"Code location{'' if one else 's'} {shown} {'was' if one else 'were'} not loaded"


def _names(failed: Iterable[tuple[CodeLocation, ErrorInfo]]) -> str:
    return ", ".join(location.name for location, _ in failed)
