"""Users, teams, roles, tokens and audit log entries as a server gives them."""

from __future__ import annotations

import re

CREATED = 1700000000.0


def person(email: str = "ada@example.com", number: int = 7, **changes):
    """A user as others refer to one."""
    return {"id": number, "email": email, "displayName": email.partition("@")[0]} | changes


def grant(role: str = "EDITOR", deployment: int | None = 87, scope: str = "DEPLOYMENT", **changes):
    """A role, and where it holds."""
    base = {
        "scope": scope,
        "deploymentId": deployment,
        "role": role,
        "customRoleId": None,
        "locationGrants": [],
        "ownerRole": None,
    }
    return base | changes


def grants(*in_deployments, organization=None, all_branches=None, branches=()):
    """The roles of whoever has some."""
    return {
        "organizationGrant": organization,
        "deploymentGrants": list(in_deployments),
        "allBranchDeploymentsGrant": all_branches,
        "branchDeploymentGrants": list(branches),
    }


def user(email: str = "ada@example.com", number: int = 7, **changes):
    """A user with roles."""
    details = person(email, number) | {
        "name": None,
        "firstName": None,
        "lastName": None,
        "picture": None,
        "isScimProvisioned": False,
    }
    base = {
        "__typename": "DagsterCloudUserWithScopedPermissionGrants",
        "id": f"row-{number}",
        "details": details,
        "licensedRole": None,
        **grants(),
    }
    return base | changes


def users(*found):
    """The data of ListUsers and FindUsers."""
    return {
        "usersOrError": {
            "__typename": "DagsterCloudUsersWithScopedPermissionGrants",
            "users": list(found),
        }
    }


def team_details(name: str = "data", team_id: str = "t1", members=()):
    """A team without its roles."""
    return {
        "__typename": "DagsterCloudTeam",
        "id": team_id,
        "name": name,
        "members": list(members),
    }


def team(name: str = "data", team_id: str = "t1", members=(), **changes):
    """A team with its roles."""
    details = team_details(name, team_id, members)
    return {"id": team_id, "details": details, **grants()} | changes


def teams(*found):
    """The data of ListTeams."""
    return {"teamPermissions": list(found)}


def custom_role(name: str = "Analyst", role_id: str = "r1", **changes):
    """A custom role."""
    base = {
        "__typename": "CustomRole",
        "id": role_id,
        "name": name,
        "description": "looks",
        "icon": "globe",
        "scope": "DEPLOYMENT",
        "permissions": ["EDIT_ALERTS"],
    }
    return base | changes


def service_user(name: str = "ci", user_id: str = "s1", **changes):
    """A service user with roles."""
    base = {
        "__typename": "ServiceUserWithScopedPermissionGrants",
        "id": f"row-{user_id}",
        "details": {"id": user_id, "name": name, "displayName": name, "description": None},
        "licensedRole": None,
        **grants(),
    }
    return base | changes


def service_users(*found):
    """The data of ListServiceUsers."""
    return {
        "serviceUsersOrError": {
            "__typename": "ServiceUsersWithScopedPermissionGrants",
            "serviceUsers": list(found),
        }
    }


def token(typename: str, token_id, created: float, **changes):
    """A token of any kind; the value only where a test gives one."""
    base = {
        "__typename": typename,
        "id": token_id,
        "description": None,
        "revoked": False,
        "createdAt": created,
        "createdBy": None,
        "revokedAt": None,
        "revokedBy": None,
    }
    return base | changes


def agent_token(token_id: int = 1, created: float = CREATED, **changes):
    """A token of an agent."""
    organization = grant("AGENT", None, "ORGANIZATION")
    grants_of = {"grants": grants(organization=organization)}
    return token("DagsterCloudAgentToken", token_id, created, **(grants_of | changes))


def user_token(token_id: int = 1, created: float = CREATED, **changes):
    """A token of a user."""
    return token("DagsterCloudUserToken", token_id, created, **({"user": person()} | changes))


def api_token(token_id: str = "a1", created: float = CREATED, **changes):
    """A token of a service outside."""
    return token("DagsterCloudApiToken", token_id, created, **({"type": "SCIM"} | changes))


def service_token(token_id: str = "k1", created: float = CREATED, **changes):
    """A token of a service user."""
    owner = {"serviceUser": service_user()["details"]}
    return token("ServiceToken", token_id, created, **(owner | changes))


def audit_entry(number: int, **changes):
    """An entry of the audit log."""
    base = {
        "id": f"e{number}",
        "action": "LAUNCH_RUN",
        "timestamp": 1700000000.0 - number,
        "userEmail": "ada@example.com",
        "agentTokenId": None,
        "deploymentName": "prod",
        "branchDeploymentName": None,
        "metadata": {},
    }
    return base | changes


def audit_log(*entries, enabled: bool = True):
    """The data of ListAuditLog."""
    return {"auditLog": {"enabled": enabled, "entries": list(entries)}}


def asks_for_value(request) -> bool:
    """Tell whether a request asks for the value of a token."""
    return re.search(r"\btoken\b", request.json["query"]) is not None
