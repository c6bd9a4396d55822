"""Slack and Atlan: what the organization is connected with. Neither is asked for anything."""

from __future__ import annotations

from ...registry import ORGANIZATION_ADMIN, Failure, kind, mutation, query, seeds
from ..organization.organization import the_organization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

SLACK = "SlackAppInstallation"
ATLAN = "AtlanIntegrationSettings"
ATLAN_QUERY = "AtlanIntegrationQuery"
CHANGED = "UPDATE_INTERNAL_ORGANIZATION_SETTINGS"
#: A domain under this is nobody's (RFC 2606): the check of Atlan fails for it.
NOBODY = ".invalid"

kind(SLACK, private=("channels",))


def _atlan_settings(context: Context, _row: Row) -> Row:
    context.require(ORGANIZATION_ADMIN)
    return context.need_one(ATLAN, "AtlanIntegrationSettingsUnset", "integration of Atlan")


def _atlan_check(context: Context, row: Row) -> Row:
    domain = _atlan_settings(context, row)["domain"]
    if not domain.endswith(NOBODY):
        return {"__typename": "AtlanIntegrationPreflightCheckSuccess", "success": True}
    return {
        "__typename": "AtlanIntegrationPreflightCheckFailure",
        "errorCode": "UNREACHABLE",
        "errorMessage": f"{domain} does not answer.",
    }


kind(ATLAN, sealed=("token",))
kind(
    ATLAN_QUERY,
    atlanIntegrationSettingsOrError=_atlan_settings,
    atlanIntegrationPreflightCheckOrError=_atlan_check,
)


@query("atlanIntegration")
def atlan(_context: Context) -> Row:
    """Return how Atlan is set up; all of it is computed."""
    return {"__typename": ATLAN_QUERY}


@mutation("setAtlanIntegrationSettings", needs=ORGANIZATION_ADMIN, audit=CHANGED)
def set_atlan(context: Context, *, atlan_integration_settings: Row | None = None) -> Row:
    """Set Atlan up."""
    if atlan_integration_settings is None:
        raise Failure("InvalidSettings", "The settings are missing.")
    context.store.put(ATLAN, 1, atlan_integration_settings)
    return _done(context)


@mutation("deleteAtlanIntegrationSettings", needs=ORGANIZATION_ADMIN, audit=CHANGED)
def delete_atlan(context: Context) -> Row:
    """Forget Atlan, if it is set up."""
    context.store.delete(ATLAN, 1)
    return _done(context)


def _done(context: Context) -> Row:
    return {"organization": the_organization(context)["name"], "success": True}


@query("availableSlackChannels")
def slack_channels(context: Context) -> Row:
    """Return the channels that alerts can go to."""
    return {"channels": _slack(context)["channels"]}


def _slack(context: Context) -> Row:
    return context.need_one(SLACK, "SlackIntegrationError", "connection to Slack")


@mutation("removeSlackAppInstallation", needs=ORGANIZATION_ADMIN, audit=CHANGED)
def remove_slack(context: Context) -> Row:
    """Disconnect Slack."""
    _slack(context)
    context.store.delete(SLACK, 1)
    return the_organization(context)


@seeds("slack")
def plant_slack(context: Context, workspace: str, channels: list[str]) -> None:
    """Connect a Slack workspace, in the place of another."""
    row = {"teamId": "T0SANDBOX", "teamName": workspace, "channels": channels}
    context.store.put(SLACK, 1, row)
