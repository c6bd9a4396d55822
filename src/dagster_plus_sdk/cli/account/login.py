"""``auth login``: get a token from the browser or from stdin, try it, and store it."""

from __future__ import annotations

import os
from itertools import chain

import click

from ... import AuthenticationError, ConfigurationError, GraphQLRequestError
from ..connect import connect
from ..params.asking import ask, ask_secret, is_answered
from ..printing.output import tell
from ..printing.text import cell, pick
from ..printing.whole import show_own
from .shared import VARIABLES, one_of, place_of, say_what_goes_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..._core.config.stored import StoredTable
    from ..._core.config.urls import Address
    from ..state import State

_PLUS = "https://dagster.cloud"
_WHO = (
    "query LogIn { organization { name } identity { viewer { email } } "
    "fullDeployments { deploymentName } }"
)


def login(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Log in.

    Raises:
        AuthenticationError: The token is none; it is not stored.
        ConfigurationError: It is another organization's, or nothing can be stored.
        WaitTimeoutError: Nobody logged in.
    """
    if state.api_token:
        raise click.UsageError(
            "everyone on this machine sees a command line: give the token on stdin, with --with-token"
        )
    place = place_of(state)
    place.rehearse()
    address = _address(state, values["region"], place)
    if values["with_token"]:
        organization = _organization(state, address, place)
        token = ask_secret("Token", "--with-token reads the token from stdin")
    else:
        base = _base(address)
        from .login_browser import from_browser

        organization, token = from_browser(base, values)
        _check_organization(organization, state.organization or address.organization)
    found = _tried(state, _base(address), organization, token)
    _check_organization(found["organization"], organization)
    found["deployment"] = _deployment(found, state.deployment or address.deployment, place)
    _store(place, address, found, token)
    _say(state, place, found)


def _address(state: State, region: str | None, place: StoredTable) -> Address:
    """Return where to log in: as the options say, the environment, or what is stored.

    Raises:
        click.UsageError: A region is given for a server that has none.
        ConfigurationError: The URL is none.
    """
    from ..._core.config.names import check_region
    from ..._core.config.urls import parse_url

    given = state.url or os.environ.get("DAGSTER_CLOUD_URL", "").strip()
    address = parse_url(given or place.values.get("url") or _PLUS, "url")
    if not address.is_plus_host and region and not given:
        address = parse_url(_PLUS, "url")
    if region and not address.is_plus_host:
        raise click.UsageError(
            f"--region is for Dagster+ itself, and {address.origin} is another server"
        )
    if region is None and not given and address.is_plus_host:
        region = place.values.get("region")
    return address.replace(label=check_region(region, "--region")) if region else address


def _base(address: Address) -> str:
    """Return the URL that organizations stand below."""
    if not address.is_plus_host:
        return address.base_url
    host = ".".join(filter(None, (address.label, address.domain)))
    return f"{address.scheme}://{host}{address.port}"


def _organization(state: State, address: Address, place: StoredTable) -> str:
    """Return the organization that a token is for; a server of one's own tells it.

    Raises:
        click.UsageError: It is not known.
    """
    named = state.organization or address.organization
    named = named or os.environ.get("DAGSTER_CLOUD_ORGANIZATION", "").strip()
    if named or not address.is_plus_host:
        return named or ""
    stored = place.values.get("organization", "")
    if is_answered():
        return ask("Organization", stored)
    if not stored:
        raise click.UsageError("--with-token needs --organization, too")
    return stored


def _tried(state: State, url: str, organization: str, token: str) -> dict[str, Any]:
    """Return what the server says to a token, with one request."""
    trying = state.replaced(
        url=url, organization=organization or None, api_token=token, deployment=None, profile=None
    )
    # It is the organization that is logged in to, whatever this shell is about.
    kept = os.environ.pop("DAGSTER_CLOUD_DEPLOYMENT", None)
    try:
        with connect(trying) as client:
            data = client.graphql(_WHO)
    except GraphQLRequestError as error:
        if "Cannot query field" not in error.message:
            raise
        raise ConfigurationError(
            f"{url} is no Dagster+, and needs no login: dplus config set url {url}"
        ) from None
    finally:
        if kept is not None:
            os.environ["DAGSTER_CLOUD_DEPLOYMENT"] = kept
    # A name that would do something to the terminal is none.
    name = cell(pick(data, "organization.name"))
    if not name:
        raise AuthenticationError(f"{url} does not say whose token it is; it is not stored")
    return {
        "organization": name,
        "user": cell(pick(data, "identity.viewer.email")) or None,
        "deployments": [cell(found["deploymentName"]) for found in data["fullDeployments"]],
        "url": url,
    }


def _check_organization(found: str, wanted: str | None) -> None:
    """Refuse the token of another organization than the one that was asked for.

    Raises:
        ConfigurationError: It is one.
    """
    if wanted and found.lower() != wanted.lower():
        raise ConfigurationError(
            f"the token is for the organization {found!r}, not for {wanted!r}; it is not stored"
        )


def _deployment(found: Mapping[str, Any], wanted: str | None, place: StoredTable) -> str | None:
    """Return the deployment to use where none is given.

    Raises:
        ConfigurationError: There is none of the name that was asked for.
    """
    names: Sequence[str] = found["deployments"]
    if wanted:
        return one_of(wanted, names, f"no deployment of {found['organization']} is called")
    stored = place.values.get("default_deployment", "")
    usual = next((name for name in (stored, "prod") if name in names), next(iter(names), None))
    if len(names) > 1 and usual is not None and is_answered():
        tell(f"dplus: deployments: {', '.join(names)}")
        answer = ask("Default deployment", usual)
        return one_of(answer, names, f"no deployment of {found['organization']} is called")
    return usual


def _store(place: StoredTable, address: Address, found: Mapping[str, Any], token: str) -> None:
    """Write down what the next commands need, in the words of the official tools."""
    place.change(
        {
            "organization": found["organization"],
            "default_deployment": found["deployment"],
            "user_token": token,
            "url": None if _base(address) == _PLUS else _base(address),
            # The URL has it, and `dg` does not know the key.
            "region": None,
        }
    )


def _say(state: State, place: StoredTable, found: Mapping[str, Any]) -> None:
    record = {**found, "stored_in": place.title}
    who = f" as {found['user']}" if found["user"] else ""
    where = f", deployment {found['deployment']}" if found["deployment"] else ""
    text = f"Logged in to {found['organization']}{who}{where}"
    show_own(state, record, text)
    replaced = place.values.get("organization", found["organization"])
    if replaced.lower() != found["organization"].lower():
        tell(
            f"dplus: this replaces the login to {replaced}; --profile NAME keeps several side by side"
        )
    tell(f"dplus: stored in {place.title}")
    say_what_goes_before(state, *chain(*VARIABLES.values()))
    if state.profile:
        tell(
            f"dplus: choose it with --profile {place.profile}, DAGSTER_PLUS_PROFILE={place.profile}, or for always with "
            f"dplus config use {place.profile}"
        )
