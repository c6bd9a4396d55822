"""``config set``, ``unset``, ``path``, the profiles, and ``deployment use``: what is stored, and where."""

from __future__ import annotations

import os
import sys
from itertools import chain

import click

from ... import AuthenticationError, ConfigurationError, DagsterPlusError
from ..connect import connect
from ..params.asking import ask, ask_secret, is_answered
from ..printing.output import tell
from ..printing.whole import show_own, show_rows
from .shared import VARIABLES, check_profile, known_place_of, one_of, place_of, say_what_goes_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..._core.config import Settings
    from ..._core.config.stored import StoredTable
    from ..state import State

#: The keys of the files, by what else they are called.
_KEYS = {
    "organization": "organization",
    "deployment": "default_deployment",
    "default_deployment": "default_deployment",
    "url": "url",
    "region": "region",
    "token": "user_token",
    "user_token": "user_token",
}


def set_key(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Store a setting.

    Raises:
        click.UsageError: A token stands on the command line.
        ConfigurationError: There is no such key, its value cannot be, or it cannot be stored.
    """
    key = _key(values["key"])
    value: str = values["value"]
    if key == "user_token":
        if value != "-":
            raise click.UsageError(
                "everyone on this machine sees a command line: dplus config set token - reads the token from stdin"
            )
        value = ask_secret("Token", "the token is read from stdin")
    elif value == "-":
        value = ask(values["key"]) if is_answered() else _line(key)
    place = place_of(state)
    before = place.values.get("organization")
    _change(state, place, key, value.strip())
    if key == "organization" and before and "user_token" in place.values:
        tell(
            f"dplus: the token that is stored there was stored for {before}; dplus auth login stores another"
        )


def unset_key(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove a setting.

    Raises:
        ConfigurationError: There is no such key or profile, or it cannot be removed.
    """
    _change(state, known_place_of(state), _key(values["key"]), None)


def _line(key: str) -> str:
    value = sys.stdin.read().strip()
    if not value:
        raise click.UsageError(f"the {key} is read from stdin, which is empty")
    return value


def _key(word: str) -> str:
    return _KEYS[one_of(word.replace("-", "_"), list(_KEYS), "no key is called")]


def _change(state: State, place: StoredTable, key: str, value: str | None) -> None:
    if key == "organization" and value is not None:
        from ..._core.config.names import check_organization

        check_organization(value, f"organization {value!r}")
    changes = _of_region(place, value) if key == "region" else {key: value}
    is_changed = place.change(changes)
    shown = "***" if key == "user_token" and value is not None else value
    record = {"key": key, "value": shown, "stored_in": place.title, "changed": is_changed}
    did = f"{key} is {shown}" if value is not None else f"{key} is not set"
    text = f"{did} in {place.title}{'' if is_changed else ', as it was'}"
    show_own(state, record, text)
    say_what_goes_before(state, *VARIABLES[key])


def _of_region(place: StoredTable, value: str | None) -> dict[str, str | None]:
    """Return what a region is stored as: `dg` knows the URL only.

    Raises:
        ConfigurationError: There is no such region, or what is stored is about a server that has none.
    """
    from ..._core.config.names import REGIONS
    from ..._core.config.urls import parse_url

    region = one_of(value, REGIONS, "no region is called") if value else None
    url = place.values.get("url")
    address = parse_url(url, f"url ({place.title})") if url else None
    is_plus = address is not None and address.is_plus_host
    if address is not None and not is_plus and region:
        raise ConfigurationError(
            f"{url} is stored in {place.title}, which is no address of Dagster+: dplus config unset url"
        )
    label = "" if region in (None, REGIONS[0]) else str(region)
    if address is not None and is_plus and (address.organization or label):
        return {"region": None, "url": address.replace(label=label).base_url}
    kept = None if is_plus else url
    if place.is_shared:
        return {"region": None, "url": f"https://{label}.dagster.cloud" if label else kept}
    return {"region": region, "url": kept}


def path(state: State, _entry: dict[str, Any], _values: dict[str, Any]) -> None:
    """Print the file that settings are stored in."""
    place = place_of(state)
    record = {
        "path": place.path,
        "table": ".".join(place.table) or None,
        "profile": place.profile or None,
        "exists": os.path.exists(place.path),  # noqa: PTH110 - pathlib costs more than it gives
    }
    show_own(state, record, place.path)


def list_profiles(state: State, _entry: dict[str, Any], _values: dict[str, Any]) -> None:
    """List the profiles."""
    from ..._core.config.stored import user_files

    found = user_files(os.environ)
    rows = [
        {
            "name": name,
            "default": name == found.default_profile,
            "organization": table.values.get("organization"),
            "deployment": table.values.get("default_deployment"),
            "url": table.values.get("url"),
            "region": table.values.get("region"),
            "token": "***" if "user_token" in table.values else None,
        }
        for name, table in found.profiles().items()
    ]
    show_rows(state, rows, "name default organization deployment url token")


def use(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Store which profile is used where no other is chosen.

    Raises:
        ConfigurationError: There is none of that name, or it cannot be stored.
    """
    from ..._core.config.stored import use_profile

    name = check_profile(values["name"]) if values["name"] else None
    stored_in = use_profile(name, os.environ)
    text = f"Profile {name} is used from now on" if name else "No profile is used from now on"
    show_own(state, {"profile": name, "stored_in": stored_in}, text)
    say_what_goes_before(state, "DAGSTER_PLUS_PROFILE", *chain(*VARIABLES.values()))


def delete_profile(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove a profile; if it was the default, there is none then.

    Raises:
        ConfigurationError: There is none of that name, or the file cannot be changed.
    """
    from ..._core.config.stored import use_profile, user_files

    state.profile = name = check_profile(values["name"])
    place = place_of(state)
    if user_files(os.environ).default_profile == name:
        use_profile(None, os.environ)
    place.remove()
    record = {"profile": name, "removed_from": place.path}
    text = f"Profile {name} is gone from {place.path}"
    show_own(state, record, text)


def use_deployment(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Store the deployment that is used where none is given.

    Raises:
        ConfigurationError: There is no such deployment, or what is stored is not what is used.
    """
    try:
        settings, names = _deployments(state, values["name"])
    except (AuthenticationError, ConfigurationError):
        raise
    except DagsterPlusError:
        if state.deployment is not None:
            raise
        # The one that is stored may be gone.
        there = state.replaced(deployment=values["name"])
        settings, names = _deployments(there, values["name"])
    name = one_of(values["name"], names, "no deployment is called")
    place = place_of(state)
    _check_use(place, settings.organization, settings.sources, name)
    is_changed = place.change({"default_deployment": name})
    record = {"deployment": name, "stored_in": place.title, "changed": is_changed}
    text = f"Deployment {name} is used from now on ({place.title})"
    show_own(state, record, text)
    say_what_goes_before(state, "DAGSTER_CLOUD_DEPLOYMENT", "DAGSTER_CLOUD_URL")


def _deployments(state: State, wanted: str) -> tuple[Settings, list[str]]:
    """Return where they are, and the names of full deployments; of branch deployments, too, if it is none of these."""
    with connect(state, "Deployment") as client:
        names = [found.name for found in client.deployments.list()]
        if wanted.lower() not in map(str.lower, names):
            names += [found.name for found in client.branch_deployments.list()]
        return client.settings, names


def _check_use(
    place: StoredTable, organization: str | None, sources: dict[str, str], name: str
) -> None:
    """Refuse to store a deployment where nobody would read it.

    Raises:
        ConfigurationError: The server or its organization comes from elsewhere.
    """
    stored = place.values.get("organization")
    if stored and organization and stored.lower() == organization.lower():
        return
    source = sources.get("organization") or sources.get("url") or "default"
    if source == "default":
        source = sources.get("url", source)
    if source.startswith("file ") and not stored:
        return
    what = "sandbox that runs here" if source.startswith("sandbox ") else source
    raise ConfigurationError(
        f"the server comes from the {what}, not from {place.title}: give -d {name}, set DAGSTER_CLOUD_DEPLOYMENT={name}, "
        "or store the server too, with dplus auth login"
    )
