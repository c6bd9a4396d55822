"""What the commands about logins and about settings share: names that somebody types, and what goes before what is stored."""

from __future__ import annotations

import os

from ... import ConfigurationError
from ..printing.output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..._core.config.stored import StoredTable
    from ..state import State

#: By the key of the files: the environment's variables that go before what is stored.
VARIABLES: dict[str, tuple[str, ...]] = {
    "user_token": ("DAGSTER_CLOUD_API_TOKEN",),
    "organization": ("DAGSTER_CLOUD_ORGANIZATION",),
    "default_deployment": ("DAGSTER_CLOUD_DEPLOYMENT",),
    "url": ("DAGSTER_CLOUD_URL", "DAGSTER_GRAPHQL_URL", "DAGSTER_HOST"),
    "region": ("DAGSTER_CLOUD_ENV",),
}


def place_of(state: State) -> StoredTable:
    """Return where the settings of the chosen profile are stored, or the usual ones."""
    from ..._core.config import stored

    return stored.place_of(state.profile, os.environ)


def known_place_of(state: State) -> StoredTable:
    """Return what ``place_of`` does, of a profile that there is.

    Raises:
        ConfigurationError: There is no such profile.
    """
    if state.profile:
        state.profile = check_profile(state.profile)
    return place_of(state)


def check_profile(name: str) -> str:
    """Return the name of a profile in its own case.

    Raises:
        ConfigurationError: There is none of that name; the message has similar ones.
    """
    from ..._core.config.stored import user_files

    return one_of(name, list(user_files(os.environ).profiles()), "no profile is called")


def one_of(word: str, names: Sequence[str], problem: str) -> str:
    """Return the name that a word is, in its own case.

    Raises:
        ConfigurationError: It is none; the message has similar ones.
    """
    from ..failures.suggest import close, meant

    by_name = {name.lower(): name for name in names}
    if word.lower() in by_name:
        return by_name[word.lower()]
    similar = [by_name[name] for name in close(word.lower(), by_name)]
    advice = meant(similar) or f"there are {', '.join(names) or 'none'}"
    raise ConfigurationError(f"{problem} {word!r}; {advice}")


def say_what_goes_before(state: State, *names: str) -> None:
    """Tell which variables of the environment are used in the place of what is stored.

    Args:
        state: Whether a profile was named: one that is goes before the environment.
        *names: The variables that could be.
    """
    found = [name for name in names if os.environ.get(name, "").strip()]
    if found:
        goes = "goes" if len(found) == 1 else "go"
        unless = f", unless --profile {state.profile} is given" if state.profile else ""
        tell(f"dplus: the environment's {', '.join(found)} {goes} before what is stored{unless}")
