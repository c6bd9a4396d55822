"""Encrypting what must not be read from a file: values of secrets, tokens, webhooks."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Without it, a table of the keys of common tokens could be made once for every sandbox there is.
SALT = b"dagster-plus-sdk sandbox"
PREFIX = "sealed:"


class Sealer:
    """Seals values with a key that is made of the sandbox's token, so that it is in no file.

    Args:
        token: The sandbox's token. What was sealed with another one opens as None.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._fernet: Any = None

    def seal(self, value: object) -> str:
        """Return a value as text that only `open` can read."""
        sealed: bytes = self._cipher().encrypt(json.dumps(value).encode())
        return PREFIX + sealed.decode()

    def open(self, sealed: object) -> Any:
        """Return the value that was sealed; None if it was with another token."""
        if not (isinstance(sealed, str) and sealed.startswith(PREFIX)):
            return sealed
        from cryptography.fernet import InvalidToken

        try:
            return json.loads(self._cipher().decrypt(sealed[len(PREFIX) :]))
        except InvalidToken:
            return None

    def _cipher(self) -> Any:
        if self._fernet is None:
            # Most sandboxes never see a secret: the import takes longer than everything else that a request needs.
            from cryptography.fernet import Fernet

            self._fernet = Fernet(_key(self._token))
        return self._fernet


@lru_cache(maxsize=8)  # it takes 50 ms, and a sandbox has two connections to its store
def _key(token: str) -> bytes:
    """Return the key that is made of a token."""
    return base64.urlsafe_b64encode(
        hashlib.scrypt(token.encode(), salt=SALT, n=2**14, r=8, p=1, dklen=32)
    )
