"""The organization, its plan, and the version."""

from __future__ import annotations

from ...registry import mutation, query, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...context import Context
    from ...store import Row

ORGANIZATION = "DagsterCloudOrganization"
#: What is said where no Dagster is behind the sandbox, whose version would be returned.
VERSION = "0+sandbox"

#: The build of the web interface that the sandbox claims to have.
BUILD = "sandbox"
#: What an organization has that its seed says nothing about.
DEFAULTS: dict[str, Any] = {
    "status": "ACTIVE",
    "planType": "ENTERPRISE",
    "agentType": "HYBRID",
    "timezone": "UTC",
    "catalogMode": False,
    "scimSync": False,
}


@seeds("organization")
def plant_organization(
    context: Context,
    name: str,
    status: str | None = None,
    plan: str | None = None,
    agent_type: str | None = None,
    timezone: str | None = None,
    viewers_in_catalog_mode: bool | None = None,  # noqa: FBT001 - a seed has keywords
) -> None:
    """Write the organization, or change what is said of it.

    Args:
        context: Where.
        name: Its name.
        status: A member of OrganizationStatus.
        plan: A member of DagsterCloudPlanType.
        agent_type: What new deployments have: SERVERLESS or HYBRID.
        timezone: The default time zone.
        viewers_in_catalog_mode: Whether viewers get the catalog only.
    """
    given = {
        "status": status,
        "planType": plan,
        "agentType": agent_type,
        "timezone": timezone,
        "catalogMode": viewers_in_catalog_mode,
    }
    row = {
        **DEFAULTS,
        **(context.store.find(ORGANIZATION) or {}),
        **{key: value for key, value in given.items() if value is not None},
    }
    context.store.put(ORGANIZATION, 1, {**row, "id": 1, "name": name, "publicId": name})


def the_organization(context: Context) -> Row:
    """Return the only organization."""
    found = context.store.find(ORGANIZATION)
    assert found
    return found


@query("organization", needs=None)
def organization(context: Context) -> Row:
    """Return the only organization."""
    return the_organization(context)


def _told(key: str) -> Callable[[Context], Any]:
    def resolve(context: Context) -> Any:
        return the_organization(context)[key]

    return resolve


#: What can be asked of the organization by itself, and where its row has it.
for _field, _key in {
    "planType": "planType",
    "scimSyncEnabled": "scimSync",
    "defaultViewersToCatalogMode": "catalogMode",
    "defaultTimezone": "timezone",
}.items():
    query(_field, needs=None)(_told(_key))


@mutation(
    "setScimSyncEnabled",
    needs="MANAGE_SSO_AND_SCIM",
    audit="UPDATE_INTERNAL_ORGANIZATION_SETTINGS",
)
def set_scim_sync_enabled(context: Context, *, enabled: bool | None = None) -> Row:
    """Say whether users come from an identity provider by SCIM."""
    row = {**the_organization(context), "scimSync": bool(enabled)}
    context.store.put(ORGANIZATION, row["id"], row)
    return {"enabled": row["scimSync"]}


@query("buildStatus", needs=None)
def build_status(_context: Context, *, build_id: str) -> Row:
    """Tell whether a build of the web interface is the server's."""
    status = "CURRENT" if build_id == BUILD else "OUTDATED"
    return {"currentBuildId": BUILD, "status": status}


@query("version", needs=None)
def version(_context: Context) -> str:
    """Return what a client that wants to see any answer asks for."""
    return VERSION
