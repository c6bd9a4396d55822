"""From what people know of users, roles and deployments to the ids that the API takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.errors import InvalidInputError
from .._core.lookup import looks_like_id, only
from .._core.people import only_user, user_key
from .._generated import operations as ops
from .deployment_ids import deployment_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._core.grants import GrantFields, GrantPlace, GrantRequest, PlaceFields
    from .._generated.models import CustomRole, ServiceUser
    from .transport import AsyncTransport


async def place_fields(transport: AsyncTransport, place: GrantPlace) -> PlaceFields:
    """Return where a grant holds, as the API takes it; a deployment's name is looked up.

    Raises:
        NotFoundError: There is no such deployment.
    """
    return place.fields(await _place_id(transport, place))


async def grant_fields(transport: AsyncTransport, request: GrantRequest) -> GrantFields:
    """Return a grant as the API takes it; names of deployment and custom roles are looked up.

    Raises:
        NotFoundError: There is no such deployment or custom role.
        InvalidInputError: Several custom roles have that name.
    """
    place_id = await _place_id(transport, request.place)
    custom_ids: dict[str, str] = {}
    if request.custom_roles:
        known = await transport.fetch(ops.list_custom_roles())
        custom_ids = {name: find_custom_role(known, name).id for name in request.custom_roles}
    return request.fields(place_id, custom_ids)


async def _place_id(transport: AsyncTransport, place: GrantPlace) -> int | None:
    return None if place.deployment is None else await deployment_id(transport, place.deployment)


def find_custom_role(roles: Iterable[CustomRole], role: str) -> CustomRole:
    """Return a custom role by id or name.

    Raises:
        NotFoundError: There is none.
        InvalidInputError: Several have that name.
    """
    return only(
        roles,
        "custom role",
        role,
        name_of=lambda found: found.name,
        ids_of=lambda found: [found.id],
    )


async def user_id(transport: AsyncTransport, user: int | str) -> int:
    """Return a user's number; an e-mail address is looked up.

    Raises:
        NotFoundError: There is no such user.
    """
    key = user_key(user)
    return key if isinstance(key, int) else (await user_ids(transport, [key]))[0]


async def user_ids(transport: AsyncTransport, users: Iterable[int | str]) -> list[int]:
    """Return the numbers of users; one request looks up all e-mail addresses.

    Raises:
        NotFoundError: There is no such user.
    """
    keys = [user_key(user) for user in users]
    if all(isinstance(key, int) for key in keys):
        return [key for key in keys if isinstance(key, int)]
    known = (await transport.fetch(ops.find_users())).users
    return [key if isinstance(key, int) else only_user(known, key).details.id for key in keys]


async def user_email(transport: AsyncTransport, user: int | str) -> str:
    """Return a user's e-mail address; a number is looked up.

    Raises:
        NotFoundError: There is no such user.
    """
    key = user_key(user)
    if isinstance(key, str):
        return key
    return only_user((await transport.fetch(ops.find_users())).users, key).details.email


async def viewer_id(transport: AsyncTransport) -> int:
    """Return the number of the user whose token is used.

    Raises:
        InvalidInputError: The token is no user's.
    """
    viewer = (await transport.fetch(ops.get_viewer())).viewer
    if viewer is None:
        raise InvalidInputError(
            "the token in use belongs to no user; say whose tokens are meant: user=..."
        )
    return viewer.id


def find_service_user(users: Iterable[ServiceUser], user: str) -> ServiceUser:
    """Return a service user by id or name.

    Raises:
        NotFoundError: There is none.
        InvalidInputError: Several have that name.
    """
    return only(
        users,
        "service user",
        user,
        name_of=lambda found: found.details.name,
        ids_of=lambda found: [found.details.id, found.id],
    )


async def service_user_id(transport: AsyncTransport, user: str) -> str:
    """Return a service user's id; a name is looked up.

    Raises:
        NotFoundError: There is no such service user.
        InvalidInputError: Several have that name.
    """
    if looks_like_id(user):
        return user
    known = (await transport.fetch(ops.list_service_users())).service_users
    return find_service_user(known, user).details.id
