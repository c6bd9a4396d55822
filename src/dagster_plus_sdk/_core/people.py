"""Users, teams, roles and tokens in lists: found by what people know of them, and put into an order."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeVar

from .errors import InvalidInputError
from .filters import glob
from .inputs import all_of, text
from .lookup import not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from .._generated.models import FoundUser, User, UserRef

    class Token(Protocol):
        """What all kinds of tokens have."""

        @property
        def id(self) -> int | str: ...
        @property
        def description(self) -> str | None: ...
        @property
        def revoked(self) -> bool: ...
        @property
        def created_at(self) -> datetime | None: ...

    K = TypeVar("K", bound=Token)
    U = TypeVar("U", User, FoundUser)

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def user_key(value: int | str) -> int | str:
    """Return what names a user: the number, also from its text, or else the e-mail address.

    Raises:
        InvalidInputError: It is neither.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    given = text(value, "the user").strip()
    if given.isdecimal():
        return int(given)
    return email(given)


def email(value: str) -> str:
    """Return an e-mail address.

    Raises:
        InvalidInputError: It is none.
    """
    given = text(value, "the e-mail address").strip()
    name, at, domain = given.rpartition("@")
    if not (name and at and domain):
        raise InvalidInputError(f"{given!r} is no e-mail address")
    return given


def is_user(person: UserRef, key: int | str) -> bool:
    """Tell whether a person is meant; e-mail addresses are compared in any case."""
    return person.id == key if isinstance(key, int) else person.email.lower() == key.lower()


def only_user(users: Iterable[U], key: int | str) -> U:
    """Return the one user with that e-mail address or number.

    Raises:
        NotFoundError: There is none; the message names similar addresses.
    """
    listed = list(users)
    for user in listed:
        if is_user(user.details, key):
            return user
    known = [user.details.email for user in listed]
    raise not_found("user", key, known, typename="UserNotFoundError")


def oldest_first(tokens: Iterable[K]) -> list[K]:
    """Return tokens in the order in which they were made: the API promises none."""
    return sorted(tokens, key=lambda token: (token.created_at or _EPOCH, str(token.id)))


def token_filter(
    revoked: bool | None,  # noqa: FBT001 - as the methods have it
    description: str | None,
    where: Callable[[K], bool] | None,
) -> Callable[[K], bool] | None:
    """Return the filter of a list of tokens.

    Args:
        revoked: True for revoked ones only, False for the others only.
        description: A pattern of the description.
        where: A further filter.
    """
    by_state: Callable[[K], bool] | None = (
        None if revoked is None else lambda token: token.revoked == revoked
    )
    by_text: Callable[[K], bool] | None = glob(description, lambda token: token.description)
    return all_of(by_state, by_text, where)


def only_token(tokens: Iterable[K], what: str, token_id: int | str) -> K:
    """Return the token with that id.

    Raises:
        NotFoundError: There is none.
    """
    for token in tokens:
        if token.id == token_id:
            return token
    raise not_found(what, token_id, typename="DagsterCloudTokenNotFoundError")
