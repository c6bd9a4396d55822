"""The object store: what is kept there, and the presigned URLs that lead to it, as those of S3 do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from secrets import token_hex
from urllib.parse import quote

from .context import now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Store

#: Where the store is on the sandbox's server.
PATH = "/_sandbox_storage"
OBJECT = "StoredObject"
#: Seconds for which a presigned URL can be used.
LASTS = 3600
_SECRET = "storage_secret"  # noqa: S105 - the name of a setting


class StorageError(Exception):
    """The object store refuses something.

    Attributes:
        status: The HTTP status.
        code: What the store calls it.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status: int = status
        self.code: str = code


def presigned_url(store: Store, url: str, method: str, key: str) -> str:
    """Return a URL for one object, which needs no token.

    Args:
        store: Where the key of the signatures is kept. In a transaction, as the first URL makes that key.
        url: The server's.
        method: ``GET`` or ``PUT``.
        key: The object's name.
    """
    expires = int(now(store)) + LASTS
    signature = _signature(store, _signed(method, key, str(expires)))
    return f"{url}{PATH}/{quote(key)}?Expires={expires}&Signature={signature}"


def presigned_form(store: Store, key: str) -> dict[str, str]:
    """Return the fields of a form that uploads one object. In a transaction."""
    policy = {"key": key, "expires": int(now(store)) + LASTS}
    text = base64.b64encode(json.dumps(policy).encode()).decode()
    return {"key": key, "policy": text, "signature": _signature(store, text)}


def check_url(store: Store, method: str, key: str, query: Mapping[str, str]) -> None:
    """Refuse a URL that was not presigned, or that is over.

    Raises:
        StorageError: It is refused.
    """
    expires = query.get("Expires", "")
    _check_signature(store, _signed(method, key, expires), query.get("Signature", ""))
    _check_time(store, int(expires))


def check_form(store: Store, fields: Mapping[str, str]) -> str:
    """Return the name of the object that a form uploads.

    Raises:
        StorageError: The form was not presigned, is over, or is another object's.
    """
    text = fields.get("policy", "")
    _check_signature(store, text, fields.get("signature", ""))
    policy = json.loads(base64.b64decode(text))
    _check_time(store, policy["expires"])
    if fields.get("key") != policy["key"]:
        raise StorageError(403, "AccessDenied", "The policy is for another key")
    key: str = policy["key"]
    return key


def write_object(store: Store, key: str, content: bytes) -> None:
    """Write an object, in the place of an older one. In a transaction."""
    store.put(OBJECT, key, {"content": base64.b64encode(content).decode()})


def read_object(store: Store, key: str) -> bytes:
    """Return an object.

    Raises:
        StorageError: There is none of this name.
    """
    found = store.get(OBJECT, key)
    if found is None:
        raise StorageError(404, "NoSuchKey", "The specified key does not exist.")
    return base64.b64decode(found["content"])


def _signed(method: str, key: str, expires: str) -> str:
    """Return what is signed of a URL: no two URLs have the same, whatever line breaks are in them."""
    return json.dumps([method, key, expires])


def _check_signature(store: Store, text: str, signature: str) -> None:
    if not hmac.compare_digest(_signature(store, text).encode(), signature.encode()):
        raise StorageError(403, "SignatureDoesNotMatch", "The signature is not the store's")


def _check_time(store: Store, expires: int) -> None:
    if now(store) > expires:
        raise StorageError(403, "AccessDenied", "Request has expired")


def _signature(store: Store, text: str) -> str:
    secret = store.setting(_SECRET)
    if secret is None:
        secret = token_hex(32)
        store.set_setting(_SECRET, secret)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
