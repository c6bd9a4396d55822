"""What roles may do: sets of the permissions that custom roles are made of, and how grants add up."""

from __future__ import annotations

from .registry import ORGANIZATION_ADMIN, VIEW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .store import Row, Store

GRANT = "DagsterCloudScopedPermissionGrant"
CUSTOM_ROLE = "CustomRole"

VIEWER = frozenset({VIEW})
LAUNCHER = VIEWER | {"START_AND_STOP_RUNS", "DELETE_RUNS"}
EDITOR = LAUNCHER | {
    "EDIT_ALERTS",
    "EDIT_ALL_CATALOG_VIEWS",
    "EDIT_APP_MANAGED_COMPONENTS",
    "EDIT_APP_MANAGED_REPO_BINDING",
    "EDIT_CODE_LOCATIONS",
    "EDIT_CONCURRENCY_LIMITS",
    "EDIT_DEPLOYMENT_SETTINGS",
    "EDIT_DYNAMIC_PARTITIONS",
    "EDIT_EXTERNAL_ASSET_CONNECTIONS",
    "EDIT_INSIGHTS_METRICS",
    "EDIT_ISSUES",
    "EDIT_SECRETS",
    "EDIT_SENSOR_CURSORS",
    "MANAGE_BRANCH_DEPLOYMENTS",
    "READ_SECRET_VALUES",
    "REDEPLOY_CODE_LOCATIONS",
    "REFRESH_COMPONENT_STATE",
    "REPORT_ASSET_EVENTS",
    "TOGGLE_SCHEDULES",
    "TOGGLE_SENSORS",
    "WIPE_ASSETS",
}
#: An admin of a deployment may invite people, and say what teams may do in that deployment.
ADMIN = EDITOR | {"EDIT_DEPLOYMENT_PERMISSIONS", "EDIT_OTHER_USERS_CATALOG_VIEWS"}
#: What is no deployment's: only an admin of the organization has all of it, and custom roles some.
ORGANIZATION = frozenset(
    {
        "EDIT_CUSTOM_ROLES",
        "EDIT_USERS_AND_TEAMS",
        "MANAGE_BILLING",
        "MANAGE_FULL_DEPLOYMENTS",
        "MANAGE_SERVICE_USERS",
        "MANAGE_SSO_AND_SCIM",
        "READ_AND_EDIT_AGENT_TOKENS",
        "READ_AND_EDIT_ALL_USER_TOKENS",
        "READ_AUDIT_LOG",
        ORGANIZATION_ADMIN,
    }
)
EVERYTHING = ADMIN | ORGANIZATION
#: What agents do, and CI with an agent's token.
AGENT = VIEWER | {
    "EDIT_CODE_LOCATIONS",
    "MANAGE_BRANCH_DEPLOYMENTS",
    "REDEPLOY_CODE_LOCATIONS",
    "REPORT_ASSET_EVENTS",
    "START_AND_STOP_RUNS",
}
ROLES = {
    "CATALOG_VIEWER": VIEWER,
    "VIEWER": VIEWER,
    "LAUNCHER": LAUNCHER,
    "EDITOR": EDITOR,
    "ADMIN": ADMIN,
    "AGENT": AGENT,
}


class HeldGrant:
    """What a grant allows, and where.

    Args:
        store: The custom roles.
        row: The grant.

    Attributes:
        scope: A member of PermissionDeploymentScope.
        by_location: What it allows more in single code locations.
    """

    __slots__ = ("_allowed", "_deployment_id", "by_location", "scope")

    def __init__(self, store: Store, row: Row) -> None:
        self.scope: str = row["deploymentScope"]
        self._deployment_id = row["deploymentId"]
        is_admin = self.scope == "ORGANIZATION" and row["grant"] == "ADMIN"
        self._allowed = EVERYTHING if is_admin else _allowed(store, row)
        self.by_location: dict[str, frozenset[str]] = {
            own["locationName"]: _allowed(store, own) for own in row["locationGrants"]
        }

    def allows(self, deployment: Row | None, location: str | None) -> frozenset[str]:
        """Return what it allows in a deployment, or in the organization, and in a code location there."""
        if self.scope == "ORGANIZATION":
            return self._allowed
        if deployment is None or not self._covers(deployment):
            return frozenset()
        return self._allowed | self.by_location.get(location or "", frozenset())

    def _covers(self, deployment: Row) -> bool:
        if self.scope == "DEPLOYMENT":
            return bool(self._deployment_id == deployment["deploymentId"])
        is_branch = deployment["deploymentType"] == "BRANCH"
        return is_branch and self._deployment_id in (None, deployment.get("parentId"))


def grants_of(store: Store, holders: Iterable[str]) -> list[HeldGrant]:
    """Return the grants of users, teams, service users or agent tokens, by their holders' names."""
    return [HeldGrant(store, row) for holder in holders for row in store.list(GRANT, holder=holder)]


def _allowed(store: Store, granted: Row) -> frozenset[str]:
    if granted["grant"] != "CUSTOM":
        return ROLES[granted["grant"]]
    role = store.get(CUSTOM_ROLE, granted["customRoleId"])
    return VIEWER | set(role["permissions"]) if role else VIEWER
