"""Change keys in the text of a flat YAML file, such as that of `dagster-cloud`, and leave the rest as it is."""

from __future__ import annotations

import re

from .reading import is_table, parse_yaml
from .text_changes import UnsafeEditError, applied, same
from .toml_text import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


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
    if not is_table(before):
        raise UnsafeEditError
    wanted = applied(before, (), changes)
    newline = "\r\n" if "\r\n" in text else "\n"
    for key, value in changes.items():
        line = re.compile(
            rf"""^(?P<key>(['"]?){re.escape(key)}\2[ \t]*:)[^\r\n]*?(?P<rest>[ \t]+\#[^\r\n]*)?(?P<end>\r?\n|\Z)""",
            re.MULTILINE,
        )
        found = line.search(text)
        if value is None:
            text = text if found is None else text[: found.start()] + text[found.end() :]
        elif found is not None:
            # What looks like a comment is a part of the value where that says something else without it.
            bare = text[found.start() : found.start("rest")] if found["rest"] else ""
            is_comment = bool(bare) and _parse(bare) == {key: before[key]}
            rest = found["rest"] if is_comment else ""
            new = f"{found['key']} {quoted(value)}{rest}{found['end']}"
            text = text[: found.start()] + new + text[found.end() :]
        else:
            text += newline if text and not text.endswith("\n") else ""
            text += f"{key}: {quoted(value)}{newline}"
    after = _parse(text)
    if not same(after, wanted):
        raise UnsafeEditError
    return text


def _parse(text: str) -> Any:
    found, problem = parse_yaml(text)
    if problem:
        return None
    return {} if found is None else found
