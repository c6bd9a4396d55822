"""Hiding secrets in what is shown or written down: by the names of the keys that they stand under."""

from __future__ import annotations

import json
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HIDDEN = "***"
#: How the names of keys with secrets end, in lower case and without "_" and "-".
NAMES = (
    "secret",
    "secretvalue",
    "secretaccesskey",
    "secretsfilecontents",
    "token",
    "password",
    "apikey",
    "privatekey",
    "credentials",
    "webhookurl",
    "integrationkey",
    "headers",
    "configdata",
    "configyaml",
    "envvars",
)


def is_secret(name: str, *more: str) -> bool:
    """Tell whether a secret stands under a key.

    Args:
        name: The key.
        *more: Further ends of names with secrets.
    """
    return name.replace("_", "").replace("-", "").lower().endswith((*NAMES, *more))


def without_secrets(
    value: Any, is_hidden: Callable[[str], bool], clean: Callable[[str], str] = str
) -> Any:
    """Return a value of JSON with what is secret in it hidden, also in texts that are JSON themselves.

    Args:
        value: The value.
        is_hidden: Tells whether a secret stands under a key.
        clean: What becomes of every other text.
    """

    def hide(inner: Any) -> Any:
        if isinstance(inner, dict):
            return {
                clean(key): HIDDEN if below is not None and is_hidden(key) else hide(below)
                for key, below in inner.items()
            }
        if isinstance(inner, list):
            return [hide(below) for below in inner]
        if not isinstance(inner, str):
            return inner
        if inner.lstrip()[:1] in ("{", "["):
            with suppress(ValueError):
                document = json.loads(inner)
                shown = hide(document)
                return inner if shown == document else json.dumps(shown)
        return clean(inner)

    return hide(value)
