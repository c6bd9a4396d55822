"""By mutation with an entry in the audit log: a call of the client that sends it, once."""

from __future__ import annotations

#: What must not be in the audit log.
SECRET = "hidden-from-the-log"
NEW = "new@example.com"
VIC = "vic@example.com"
TEAM = "Data engineers"
#: The ids that the demo organization has after each reset.
AGENT_TOKEN = 1
USER_TOKEN = 5
ETL = {"location_name": "etl", "code_source": {"module_name": "etl"}, "image": "etl:1"}
POLICY = {
    "name": "failures",
    "enabled": True,
    "event_types": ["JOB_FAILURE"],
    "notification_service": {
        "webhook": {"webhook_url": f"https://example.com/{SECRET}", "headers": {"key": SECRET}}
    },
}
PUSH = {"commit_hash": "c1", "timestamp": 1.5e9}
RETRIES = {"run_retries": {"max_retries": 1}}
DEFAULT_ROLE = {"sso_default_role": "VIEWER"}
ROLE = {"name": "R", "permissions": ["EDIT_SECRETS"]}

#: What is a deployment's.
OF_DEPLOYMENT = {
    "createSecret": lambda c: c.secrets.create("KEY", SECRET),
    "createOrUpdateSecretForScopes": lambda c: c.secrets.create(
        "WAREHOUSE_PASSWORD", SECRET, replace=True
    ),
    "updateSecret": lambda c: c.secrets.update("API_URL", value=SECRET),
    "deleteSecret": lambda c: c.secrets.delete("API_URL"),
    "syncSecrets": lambda c: c.secrets.sync({"secrets": [{"name": "A", "value": SECRET}]}),
    "setDeploymentSettings": lambda c: c.deployment_settings.set(RETRIES),
    "updateDeploymentSettings": lambda c: c.deployment_settings.update(RETRIES),
    "createOrUpdateAlertPolicyFromDocument": lambda c: c.alert_policies.create(POLICY),
    "reconcileAlertPoliciesFromDocument": lambda c: c.alert_policies.sync(
        {"alert_policies": [POLICY]}
    ),
    "deleteAlertPolicy": lambda c: c.alert_policies.delete("Failed reports"),
    "setAlertPolicyMuteUntil": lambda c: c.alert_policies.mute("Failed reports", for_seconds=60),
    "addLocationFromDocument": lambda c: c.code_locations.create("etl", document=ETL),
    "addOrUpdateLocationFromDocument": lambda c: c.code_locations.create(
        "etl", document=ETL, or_update=True
    ),
    "updateLocationFromDocument": lambda c: c.code_locations.update("demo", image="demo:2"),
    "deleteLocation": lambda c: c.code_locations.delete("demo"),
    "reconcileLocationsFromDocument": lambda c: c.code_locations.sync({"locations": [ETL]}),
    "deployLocations": lambda c: c.code_locations.deploy({"locations": [ETL]}),
    "reloadRepositoryLocation": lambda c: c.code_locations.reload("demo", wait=False),
    "shutdownRepositoryLocation": lambda c: c.code_locations.shutdown("demo"),
    "reloadWorkspace": lambda c: c.code_locations.reload_all(wait=False),
    "setLatestDefsStateVersion": lambda c: c.code_locations.set_defs_state_version("key", "1"),
    "createOrUpdateCostMultiplier": lambda c: c.insights.set_cost_multiplier("m", multiplier=2.0),
    "updateMetricCustomizations": lambda c: c.insights.customize_metric("m", hidden=True),
    "updateReportingDeploymentSettings": lambda c: c.insights.set_metadata_keys(["rows"]),
}
#: What is the organization's: who is in it and what they may do, its tokens, deployments and settings.
OF_ORGANIZATION = {
    "createAgentToken": lambda c: c.agent_tokens.create(description="x"),
    "revokeAgentToken": lambda c: c.agent_tokens.revoke(AGENT_TOKEN),
    "createOrUpdateAgentPermissions": lambda c: c.agent_tokens.update(
        AGENT_TOKEN, deployment="staging"
    ),
    "removeAgentPermissions": lambda c: c.agent_tokens.remove_role(
        AGENT_TOKEN, scope="organization"
    ),
    "createUserToken": lambda c: c.user_tokens.create(),
    "revokeUserToken": lambda c: c.user_tokens.revoke(USER_TOKEN, user=VIC),
    "createServiceUser": lambda c: c.service_users.create("bot"),
    "updateServiceUser": lambda c: c.service_users.update("ci", description="x"),
    "deleteServiceUser": lambda c: c.service_users.delete("ci"),
    "createOrUpdateServiceUserPermissions": lambda c: c.service_users.update(
        "ci", role="VIEWER", deployment="staging"
    ),
    "removeServiceUserPermissions": lambda c: c.service_users.remove_role("ci", deployment="prod"),
    "createServiceToken": lambda c: c.service_tokens.create("ci"),
    "addUserToOrganization": lambda c: c.users.create(NEW),
    "removeUserFromOrganization": lambda c: c.users.delete(VIC),
    "createOrUpdateUserPermissions": lambda c: c.users.update(
        VIC, role="EDITOR", deployment="prod"
    ),
    "removeUserPermissions": lambda c: c.users.remove_role(VIC, deployment="prod"),
    "createOrUpdateTeam": lambda c: c.teams.create("Ops"),
    "renameTeam": lambda c: c.teams.update(TEAM, name="Ops"),
    "deleteTeam": lambda c: c.teams.delete(TEAM),
    "addMemberToTeam": lambda c: c.teams.update(TEAM, add_members=[VIC]),
    "removeMemberFromTeam": lambda c: c.teams.update(TEAM, remove_members=["eve@example.com"]),
    "createOrUpdateTeamPermission": lambda c: c.teams.update(
        TEAM, role="VIEWER", deployment="prod"
    ),
    "removeTeamPermission": lambda c: c.teams.remove_role(TEAM, deployment="staging"),
    "createCustomRole": lambda c: c.custom_roles.create(**ROLE, icon="x"),
    "updateCustomRole": lambda c: c.custom_roles.update("Unused", description="x"),
    "deleteCustomRole": lambda c: c.custom_roles.delete("Unused"),
    "createDeployment": lambda c: c.deployments.create("new"),
    "deleteDeployment": lambda c: c.deployments.delete("staging"),
    "updateDeploymentAgentType": lambda c: c.deployments.update("staging", agent_type="serverless"),
    "createOrUpdateBranchDeployment": lambda c: c.branch_deployments.create("a/b", "x", **PUSH),
    "setOrganizationSettings": lambda c: c.organization_settings.set(DEFAULT_ROLE),
    "updateOrganizationSettings": lambda c: c.organization_settings.update(DEFAULT_ROLE),
    "setScimSyncEnabled": lambda c: c.organization.set_scim_sync(enabled=True),
    "setAtlanIntegrationSettings": lambda c: c.integrations.set_atlan("a.atlan.com", SECRET),
}
#: What the calls need that the demo organization lacks.
NEEDED = {"custom_roles": [{**ROLE, "name": "Unused"}]}
#: Those that no method of the client sends, or only to what an earlier call has made.
UNSENT = frozenset(
    {
        "addLocation",
        "addOrUpdateLocation",
        "createEnterpriseUserManagedExpansion",
        "deleteAtlanIntegrationSettings",
        "deselectInstallation",
        "reconcileLocations",
        "refreshDefsState",
        "removeSlackAppInstallation",
        "revokeApiToken",
        "revokeServiceToken",
        "selectInstallation",
        "updateEnterpriseUserManagedExpansionStatus",
        "updateLocation",
    }
)
