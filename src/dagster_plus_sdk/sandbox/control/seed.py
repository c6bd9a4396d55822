"""Seeds: what is in an organization from the start, as a document of nouns and lists of entries."""

from __future__ import annotations

import hashlib
import hmac
import inspect
from pathlib import Path

from ..._core.errors import InvalidInputError
from .callers import Caller
from .context import Context
from .entities import MODULES
from .registry import SEEDS, Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .store import Store

#: What a seed can have, in the order to plant it: a secret may name a deployment, a grant a team.
NOUNS = [
    noun
    for module in MODULES
    for noun, planter in SEEDS.items()
    if planter.__module__ == module.__name__
]
DEMO = Path(__file__).with_name("demo.yaml")
#: The token that a sandbox has if it is told no other.
DEFAULT_TOKEN = "user:sandbox"  # noqa: S105 - opens nothing but this machine's sandbox
#: The roles that have a token of their own from the start. The first has the sandbox's token itself.
ROLES = (
    "organization_admin",
    "admin",
    "editor",
    "launcher",
    "viewer",
    "catalog_viewer",
    "custom",
    "service_user",
    "agent",
)


def role_tokens(token: str) -> dict[str, str]:
    """Return the tokens of the seeded roles.

    Args:
        token: The sandbox's token. The others are made of it, so that who has one of them can guess no other.
    """
    first, *others = ROLES
    return {first: token, **{role: _role_token(token, role) for role in others}}


def _role_token(token: str, role: str) -> str:
    kind = role if role == "agent" else "user"
    if token == DEFAULT_TOKEN:
        return f"{kind}:sandbox-{role.replace('_', '-')}"
    return f"{kind}:{hmac.new(token.encode(), role.encode(), hashlib.sha256).hexdigest()}"


def demo_seed(organization: str, token: str) -> dict[str, Any]:
    """Return the demo organization's seed."""
    import yaml

    text = DEMO.read_text(encoding="utf-8")
    for role, value in role_tokens(token).items():
        text = text.replace(f"${{{role}}}", value)
    return {"organization": [{"name": organization}], **yaml.safe_load(text)}


def plant(store: Store, seed: Mapping[str, Any]) -> dict[str, int]:
    """Write what a seed says, in one transaction; tell how many entries of each noun there were.

    Args:
        store: The entities.
        seed: Lists of entries by noun.

    Raises:
        InvalidInputError: A noun or a key is unknown, a key is missing, or a value cannot be.
    """
    unknown = [noun for noun in seed if noun not in SEEDS]
    if unknown:
        raise InvalidInputError(
            f"a seed cannot have {unknown[0]!r}: it can have {', '.join(NOUNS)}"
        )
    planted: dict[str, int] = {}
    with store.transaction():
        for noun in NOUNS:
            entries = seed.get(noun) or []
            if not isinstance(entries, list):
                raise InvalidInputError(f"a seed's {noun!r} must be a list")
            for entry in entries:
                _plant_one(store, noun, entry)
            if entries:
                planted[noun] = len(entries)
    return planted


def _plant_one(store: Store, noun: str, entry: object) -> None:
    planter = SEEDS[noun]
    values = entry if isinstance(entry, dict) else {"name": entry}
    context = Context(store, _first_deployment(store), Caller("the seed", None, ()))
    try:
        inspect.signature(planter).bind(context, **values)
    except TypeError as error:
        raise InvalidInputError(
            f"a seed's entry of {noun!r} cannot be {entry!r}: {error}"
        ) from None
    try:
        planter(context, **values)
    except Failure as failure:
        raise InvalidInputError(f"a seed's entry of {noun!r} cannot be: {failure}") from None


def _first_deployment(store: Store) -> str:
    found = store.find("DagsterCloudDeployment")
    return found["deploymentName"] if found else ""


def seed(store: Store, organization: str, token: str = DEFAULT_TOKEN) -> None:
    """Write the demo organization into an empty store; give the organization of another its name and its tokens.

    Args:
        store: The entities.
        organization: The organization's name.
        token: The sandbox's token.
    """
    whole = demo_seed(organization, token)
    is_new = store.find("DagsterCloudOrganization") is None
    plant(store, whole if is_new else {noun: whole[noun] for noun in ("organization", "tokens")})
