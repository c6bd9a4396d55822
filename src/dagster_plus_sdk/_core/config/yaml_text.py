"""Change keys in the text of a flat YAML file, such as that of `dagster-cloud`, and leave the rest as it is."""

from __future__ import annotations

import re

from .reading import parse_yaml
from .text_changes import applied, checked, newline_of, quoted, table_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: The line of a key; what looks like a comment may be a part of the value.
_LINE = r"""^(?P<key>(['"]?){key}\2[ \t]*:)[^\r\n]*?(?P<rest>[ \t]+\#[^\r\n]*)?(?P<end>\r?\n|\Z)"""


def edit(text: str, changes: Mapping[str, str | None]) -> str:
    """Return the text with keys set or removed.

    Args:
        text: The file's text.
        changes: Keys with their new values; None removes one.

    Returns:
        The new text.

    Raises:
        UnsafeEditError: The text is written so that this cannot be done by lines.
    """
    before = _parse(text)
    newline = newline_of(text)
    for key, value in changes.items():
        found = re.search(_LINE.replace("{key}", re.escape(key)), text, re.MULTILINE)
        if found is not None:
            bare = text[found.start() : found.start("rest")] if found["rest"] else ""
            is_comment = bare and parse_yaml(bare)[0] == {key: before[key]}
            rest = f"{found['rest'] if is_comment else ''}{found['end']}"
            line = "" if value is None else f"{found['key']} {quoted(value)}{rest}"
            text = text[: found.start()] + line + text[found.end() :]
        elif value is not None:
            text += newline if text and not text.endswith("\n") else ""
            text += f"{key}: {quoted(value)}{newline}"
    return checked(text, _parse, applied(before, (), changes))


def _parse(text: str) -> dict[str, Any]:
    found, problem = parse_yaml(text)
    return table_of({} if found is None else found, problem)
