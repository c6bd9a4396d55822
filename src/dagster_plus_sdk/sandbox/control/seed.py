"""The demo organization: what is there at the first start."""

from __future__ import annotations

from .deployments import ORGANIZATION, TYPE, create
from .organization import USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .store import Store

#: The user whom the sandbox's token belongs to.
EMAIL = "ada@example.com"
DEPLOYMENTS = ("prod", "staging")


def seed(store: Store, organization: str) -> None:
    """Write the demo organization into an empty store; give the organization of another its name.

    Args:
        store: The entities.
        organization: The organization's name.
    """
    with store.transaction():
        row = {"id": 1, "name": organization, "publicId": organization, "status": "ACTIVE"}
        store.put(ORGANIZATION, 1, row)
        if store.list(TYPE):
            return
        for name in DEPLOYMENTS:
            create(store, name)
        number = store.next_number(USER)
        user = {
            "id": str(number),
            "userId": number,
            "email": EMAIL,
            "name": "Ada Example",
            "displayName": "Ada Example",
            "firstName": "Ada",
            "lastName": "Example",
        }
        store.put(USER, number, user)
