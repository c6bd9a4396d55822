"""Documents of settings: replaced, merged, checked, and read with the defaults of what nobody set."""

from __future__ import annotations

import json

from ..._core.documents import merged
from .config_types import ROOT
from .registry import Failure, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import Context
    from .setting_types import SettingGroup

MERGE = switch(
    "settings_merge",
    "deep",
    "top_level",
    about="Whether an update of settings merges mappings inside mappings, or replaces those below the top.",
)
UNKNOWN = switch(
    "settings_unknown_keys",
    "refused",
    "kept",
    about="What becomes of keys that no setting has.",
)
FORM = switch(
    "settings_form",
    "object",
    "text",
    "null_if_unset",
    about="How settings are read: as an object, as JSON text, or as null while nobody has set any.",
)


def keeps_unknown(context: Context) -> bool:
    """Tell whether a document may have keys that no setting has."""
    return context.switch(UNKNOWN) == "kept"


def read_sent(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the document of a settings input: an object, or JSON text.

    Raises:
        Failure: It is neither.
    """
    found: Any = (given or {}).get("settings")
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError as error:
            raise _invalid(f"the document is no JSON: {error}") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _invalid("the document must be a mapping")
    return found


def check(settings: SettingGroup, document: Mapping[str, Any]) -> None:
    """Refuse a document that does not fit.

    Raises:
        Failure: It does not; the error has every reason.
    """
    found = list(settings.problems(document, ROOT))
    if found:
        raise _invalid(" ".join(found))


def updated(
    context: Context, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a document with changes put in."""
    return merged(before, changes) if context.switch(MERGE) == "deep" else {**before, **changes}


def shown(context: Context, settings: SettingGroup, document: Mapping[str, Any] | None) -> Any:
    """Return a document as it is read.

    Args:
        context: The switches.
        settings: What it may have.
        document: What was set; None: nothing ever was.
    """
    form = context.switch(FORM)
    if document is None and form == "null_if_unset":
        return None
    whole = merged(settings.defaults(), document or {})
    return json.dumps(whole) if form == "text" else whole


def _invalid(reasons: str) -> Failure:
    return Failure("DagsterInvalidConfigError", f"The settings cannot be applied: {reasons}")
