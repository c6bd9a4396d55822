"""What the plan and the organization need of people: seats for them, and one who is an admin."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager

from ...callers import TEAM, USER, user_holders
from ...registry import Failure
from ...rights import GRANT
from ..organization.feature_gates import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from ...context import Context
    from ...store import Row, Store

#: The roles of people, lowest first, and those that cost a seat. Where custom ones belong is guessed.
LEVELS = ("CATALOG_VIEWER", "VIEWER", "CUSTOM", "LAUNCHER", "EDITOR", "ADMIN")
PAID = ("EDITOR", "ADMIN")
#: The gate that says how many seats there are.
SEATS = "EDITOR_ADMIN_LIMIT"


def licensed_role(grants: Iterable[Row]) -> str | None:
    """Return the highest role among grants, if it costs a seat."""
    highest = _highest(grants)
    return highest if highest in PAID else None


def user_grants(store: Store, user_id: int) -> list[Row]:
    """Return the grants that a user has, also by teams."""
    holders = user_holders(user_id, store.list(TEAM))
    return [row for holder in holders for row in store.list(GRANT, holder=holder)]


def has_seats(context: Context) -> bool:
    """Tell whether the plan has a seat left for one who may change something."""
    limit = gate(context, SEATS)
    return limit is None or _seats(_grants_by_user(context.store)) < limit


def counts(store: Store) -> list[Row]:
    """Return how many users have each role as their highest one anywhere, the highest role first."""
    found = Counter(map(_highest, _grants_by_user(store).values()))
    return [{"userType": level, "count": found[level]} for level in LEVELS[::-1] if found[level]]


@contextmanager
def guarded(context: Context) -> Generator[None, None, None]:
    """Refuse what is done in the block if it takes a seat that is not there, or the last admin's role.

    Raises:
        Failure: It does. The mutation's transaction is undone.
    """
    before = _grants_by_user(context.store)
    yield
    after = _grants_by_user(context.store)
    limit = gate(context, SEATS)
    if limit is not None and _seats(after) > max(_seats(before), limit):
        raise _no_seat(limit)
    if _has_admin(before) and not _has_admin(after):
        raise Failure("CantRemoveAllAdminsError", "The organization would have no admin left.")


def check_seat(context: Context) -> None:
    """Refuse a new user where the plan has no seat left: one for VIEWER too, as the web interface has it.

    Raises:
        Failure: There is none.
    """
    if not has_seats(context):
        raise _no_seat(gate(context, SEATS))


def _no_seat(limit: int) -> Failure:
    return Failure("UserLimitError", f"The plan has {limit} seats for {' and '.join(PAID)}.")


def _grants_by_user(store: Store) -> dict[int, list[Row]]:
    held: dict[str, list[Row]] = {}
    for row in store.list(GRANT):
        held.setdefault(row["holder"], []).append(row)
    teams = store.list(TEAM)
    return {
        number: [row for holder in user_holders(number, teams) for row in held.get(holder, ())]
        for number in (user["userId"] for user in store.list(USER))
    }


def _highest(grants: Iterable[Row]) -> str | None:
    return max((row["grant"] for row in grants), key=LEVELS.index, default=None)


def _seats(grants: dict[int, list[Row]]) -> int:
    return sum(licensed_role(own) is not None for own in grants.values())


def _has_admin(grants: dict[int, list[Row]]) -> bool:
    return any(
        row["deploymentScope"] == "ORGANIZATION" and row["grant"] == "ADMIN"
        for own in grants.values()
        for row in own
    )
