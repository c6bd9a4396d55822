"""Seeds: what is in an organization from the start, as a document of nouns and lists of entries."""

from __future__ import annotations

import hashlib
import hmac
import inspect
from pathlib import Path

from ..._core.errors import InvalidInputError
from .audit import is_hidden
from .callers import SERVICE_USER, USER, Caller, digest
from .context import Context
from .entities import MODULES
from .hiding import without_secrets
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
#: What is kept of the seed that a sandbox was started with, for a reset: its document is sealed.
START = "SandboxSeed"
#: The token that a sandbox has if it is told no other.
DEFAULT_TOKEN = "user:sandbox"  # noqa: S105 - opens nothing but this machine's sandbox
_TOKENS = "role_tokens"  # the name of a setting
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
    loader = getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # ten times as fast, where it was compiled
    return {"organization": [{"name": organization}], **yaml.load(text, loader)}  # noqa: S506 - safe ones


def plant(store: Store, seed: Mapping[str, Any]) -> dict[str, int]:
    """Write what a seed says, in one transaction; tell how many entries of each noun there were.

    Args:
        store: The entities.
        seed: Lists of entries by noun.

    Raises:
        InvalidInputError: A noun or a key is unknown, a key is missing, or a value cannot be.
    """
    with store.transaction():
        return _plant(store, seed)


def _plant(store: Store, seed: Mapping[str, Any]) -> dict[str, int]:
    unknown = [noun for noun in seed if noun not in SEEDS]
    if unknown:
        raise InvalidInputError(
            f"a seed cannot have {unknown[0]!r}: it can have {', '.join(NOUNS)}"
        )
    planted: dict[str, int] = {}
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
    shown = without_secrets(entry, is_hidden)
    context = Context(store, _first_deployment(store), Caller("the seed", None, ()))
    try:
        inspect.signature(planter).bind(context, **values)
    except TypeError as error:
        raise InvalidInputError(
            f"a seed's entry of {noun!r} cannot be {shown!r}: {error}"
        ) from None
    try:
        planter(context, **values)
    # People write seeds: values of another type than a noun expects show in many ways.
    except (Failure, TypeError, ValueError, LookupError, AttributeError) as error:
        raise InvalidInputError(
            f"a seed's entry of {noun!r} cannot be {shown!r}: {error}"
        ) from error


def _first_deployment(store: Store) -> str:
    found = store.find("DagsterCloudDeployment")
    return found["deploymentName"] if found else ""


def read_seed(text: str | bytes) -> dict[str, Any]:
    """Return the seed that YAML has; its times are texts, as those of JSON.

    Raises:
        InvalidInputError: It is no YAML, or no mapping.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Takes times as texts."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - as in the base
            first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
            for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    try:
        found: Any = yaml.load(text, Loader)  # noqa: S506 - it is a safe one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"the seed is no YAML: {error}") from None
    if not isinstance(found, dict):
        raise InvalidInputError("the seed is no mapping of nouns, such as teams, to lists")
    return found


def seed(
    store: Store,
    organization: str,
    token: str = DEFAULT_TOKEN,
    more: Mapping[str, Any] | None = None,
    *,
    afresh: bool = False,
) -> None:
    """Write the demo organization into an empty store; give the organization of another its name and its tokens.

    Args:
        store: The entities.
        organization: The organization's name.
        token: The sandbox's token.
        more: A seed to plant into an empty store as well. It is kept, for when the store is made empty again.
        afresh: Make the store empty before.

    Raises:
        InvalidInputError: What `more` says cannot be.
    """
    whole = demo_seed(organization, token)
    with store.transaction():
        if afresh:
            more = (store.get(START, START) or {}).get("document")
            store.load({})
        if store.find("DagsterCloudOrganization") is not None:
            _forget_tokens(store, token)
            # Somebody may have been removed since: they get no token again.
            tokens = [entry for entry in whole["tokens"] if _has_owner(store, entry)]
            _plant(store, {"organization": whole["organization"], "tokens": tokens})
            return
        _plant(store, whole)
        _forget_tokens(store, token)
        if more:
            planted = _plant(store, more)
            store.put(START, START, {"document": dict(more), "planted": planted})


def _forget_tokens(store: Store, token: str) -> None:
    """Remove the tokens of the roles that were made of another token of the sandbox, the one that everyone knows included."""
    current = {digest(value) for value in role_tokens(token).values()}
    others = {digest(value) for value in role_tokens(DEFAULT_TOKEN).values()}
    others.update(store.setting(_TOKENS, []))
    if others - current:
        store.delete_all(digest=frozenset(others - current))
    store.set_setting(_TOKENS, sorted(current))


def seeded(store: Store) -> dict[str, int]:
    """Tell how many entries of each noun came from a seed beside the demo's."""
    found: dict[str, int] = (store.get(START, START) or {}).get("planted", {})
    return found


def check_seed(seed_: Mapping[str, Any], organization: str, token: str) -> None:
    """Plant a seed where it does no harm.

    Raises:
        InvalidInputError: It cannot be planted into a new sandbox.
    """
    from .store import Store

    store = Store(":memory:")
    try:
        seed(store, organization, token, seed_)
    finally:
        store.close()


def _has_owner(store: Store, token: Mapping[str, Any]) -> bool:
    if "user" in token:
        return store.find(USER, email=token["user"]) is not None
    if "service_user" in token:
        return store.find(SERVICE_USER, name=token["service_user"]) is not None
    return True
