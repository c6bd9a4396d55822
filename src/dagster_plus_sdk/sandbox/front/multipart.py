"""Reading multipart forms: fields, and one file."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'[; ]name="([^"]*)"')

#: Bytes: more is searched for too long.
LONGEST_HEAD = 8192


class Form:
    """What a form says.

    Attributes:
        fields: The fields that stand before the file.
        file: The content of the part with a file; None if there is none.
    """

    __slots__ = ("fields", "file")

    def __init__(self, fields: Mapping[str, str], file: bytes | None) -> None:
        self.fields: Mapping[str, str] = fields
        self.file: bytes | None = file


def read_form(content_type: str, body: bytes) -> Form | None:
    """Return the form in a body; None if there is none. What stands behind the file is left out, as S3 does.

    Args:
        content_type: The request's.
        body: The request's.
    """
    boundary = _BOUNDARY.match(content_type)
    if boundary is None:
        return None
    fields: dict[str, str] = {}
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        if len(head) > LONGEST_HEAD:
            return None
        name = _NAME.search(head)
        if name is None:
            continue
        if b"filename=" in head:
            return Form(fields, content)
        fields[name[1].decode(errors="replace")] = content.decode(errors="replace")
    return Form(fields, None)
