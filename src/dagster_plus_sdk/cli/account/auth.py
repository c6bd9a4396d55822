"""``auth status`` and ``auth logout``: who is known where, and forgetting that."""

from __future__ import annotations

import os

from click.exceptions import Exit

from ... import ConfigurationError, DagsterPlusError, MissingTokenError
from ..connect import connect
from ..printing.output import tell
from ..printing.text import lines_of, pick
from ..printing.whole import show_own, show_rows
from .shared import known_place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ... import DagsterPlus
    from ..._core.config.stored import StoredTable
    from ..state import State

_WHO = "query AuthStatus { version planType organization { name } identity { viewer { email } } }"
_PLAIN = "query ServerVersion { version }"


def status(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Ask the server who is known there, and print where that is.

    Raises:
        MissingTokenError: Nobody is logged in.
        AuthenticationError: The server refuses the token.
    """
    if values["all"]:
        _status_of_all(state)
        return
    try:
        with connect(state, "Unknown") as client:
            record = _status(client)
    except ConfigurationError as error:
        if error.code != "NOT_CONFIGURED":
            raise
        raise MissingTokenError("not logged in: dplus auth login", code="NOT_LOGGED_IN") from None
    show_own(state, record, lines_of({"reached": True, **record}))


def _status(client: DagsterPlus) -> dict[str, Any]:
    settings = client.settings
    data = _who(client) if settings.is_plus else client.graphql(_PLAIN)
    return {
        "url": settings.url,
        "organization": pick(data, "organization.name"),
        "plan": data.get("planType"),
        "deployment": settings.deployment,
        "user": pick(data, "identity.viewer.email"),
        "auth": settings.auth.kind,
        "token_source": settings.sources.get("token") if settings.auth.has_credentials else None,
        "version": data.get("version"),
    }


def _who(client: DagsterPlus) -> dict[str, Any]:
    """Ask who is known; the plan may be nobody's business but the admins'."""
    try:
        return client.graphql(_WHO)
    except DagsterPlusError as error:
        if "planType" not in error.message:
            raise
    return client.graphql(_WHO.replace("planType ", ""))


def _status_of_all(state: State) -> None:
    """Print a row for each login that is stored; exit as the worst error does."""
    from ..._core.config.stored import places
    from ..failures.errors import OK, exit_code

    rows: list[dict[str, Any]] = []
    worst = OK
    for place in places(os.environ):
        row: dict[str, Any] = {"profile": place.profile or None, "stored_in": place.title}
        row |= {"organization": place.values.get("organization")}
        try:
            with connect(_state_of(state, place), "Unknown") as client:
                row |= {**_status(client), "state": "ok"}
        except DagsterPlusError as error:
            row |= {"state": error.message}
            worst = max(worst, exit_code(error))
        rows.append(row)
    show_rows(state, rows, "organization deployment user profile url state")
    if worst:
        raise Exit(worst)


def _state_of(state: State, place: StoredTable) -> State:
    """Return options that lead to what is stored in one place, and to nothing else."""
    values: Mapping[str, str] = {} if place.profile else place.values
    label = "eu." if values.get("region", "").lower() == "eu" else ""
    return state.replaced(
        profile=place.profile or None,
        url=None if place.profile else values.get("url") or f"https://{label}dagster.cloud",
        organization=values.get("organization"),
        deployment=values.get("default_deployment"),
        api_token=values.get("user_token"),
    )


def logout(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Remove the token from where it is stored; say where that was.

    Raises:
        ConfigurationError: There is no such profile, or a file cannot be changed.
    """
    from ..._core.config.stored import places

    usual = known_place_of(state)
    found = places(os.environ) if values["all"] else [usual]
    removed = [place for place in found if "user_token" in place.values]
    for place in removed:
        place.change({"user_token": None})
    titles = [place.title for place in removed]
    text = "\n".join(f"Logged out: the token is gone from {title}" for title in titles)
    text = text or f"No token was stored{'' if values['all'] else f' in {usual.title}'}"
    show_own(state, {"removed_from": titles}, text)
    for name in ("DAGSTER_CLOUD_API_TOKEN", "DAGSTER_AUTH_TOKEN"):
        if os.environ.get(name, "").strip():
            tell(f"dplus: there is a token in the environment's {name}, which only you can unset")
    if removed:
        tell("dplus: at Dagster+ it stays valid; dplus user-token revoke ends it")
