from __future__ import annotations

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk.sandbox.control import plane, registry  # noqa: F401 - fills the registry
from dagster_plus_sdk.sandbox.control.audit import is_hidden
from dagster_plus_sdk.sandbox.control.hiding import HIDDEN, without_secrets
from dagster_plus_sdk.sandbox.control.real import REAL_MUTATIONS
from dagster_plus_sdk.sandbox.schema import full_schema

#: What has no entry in the audit log, by the reason.
UNAUDITED = {
    "no event is about what a token is called": """
        editAgentTokenDescription editApiTokenDescription editUserTokenDescription updateServiceToken
    """,
    "no event is about the making of a token for SCIM": """
        createApiToken
    """,
    "no event is about what one person keeps": """
        addUserFavoriteAsset removeUserFavoriteAsset addPinnedAssetGroup addPinnedCatalogView addPinnedJob
        removePinnedItem dismissUserNuxChecklistEntry toggleOnboardingChecklistEntry setNuxSeen
    """,
    "no event is about the catalog": """
        createOrUpdateCatalogView deleteCatalogView
    """,
    "no event is about metrics": """
        createCustomMetric updateCustomMetric deleteCustomMetric createOrUpdateMetrics
        submitCostInformationForMetrics
        anomalyDetectionInference
    """,
    "no event is about issues": """
        createIssue updateIssue addLinkToIssue removeLinkFromIssue dispatchIssueAgent
        generateIssueContentForAssetMaterialization generateIssueContentForRun
    """,
    "no event is about connections to other services": """
        createExternalAssetConnection updateExternalAssetConnection deleteExternalAssetConnection
        deleteExternalAssetConnectionSync toggleExternalAssetConnectionSchedule
        triggerManualExternalAssetConnectionSync updateExternalAssetConnectionChangeDetectionSchedule
    """,
    "no event is about a repository's first steps": """
        cloneDBTRepo createDagsterProjectRepo createTemplateRepo mergePullRequest resetLoadedCodeSetupStage restartGitCI
        scaffoldDagsterInDbtRepo useExistingRepo generateServerlessPexUrl
    """,
    "no event is about a card": """
        cancelStripeSubscription removeStripePaymentMethod stripeSetupIntent
        updateStripeCustomer updateStripeCustomerTaxIDs
        updateStripeSubscription
    """,
    "nothing is changed": """
        markCliEvent pingLocation sendSampleNotification shareFeedback validateWebhookTemplate
    """,
    "no event is about runs after their launch": """
        terminateRun terminateRuns terminatePipelineExecution deleteRun deletePipelineRun cancelPartitionBackfill
        resumePartitionBackfill
    """,
    "no event is about the state of definitions": """
        refreshComponentState setAppManagedComponent deleteAppManagedComponent
    """,
}
NAMES = {name: reason for reason, names in UNAUDITED.items() for name in names.split()}


@pytest.fixture(scope="module")
def schema():
    return full_schema()


@pytest.mark.parametrize("name", registry.MUTATIONS)
def test_every_mutation_has_an_event_or_a_reason(schema, name):
    event = registry.MUTATIONS[name].audit

    if event is None:
        assert name in NAMES
    else:
        assert event in schema.type_map["AuditLogEventType"].values
        assert name not in NAMES


def test_the_events_of_the_real_dagsters_mutations_are_the_schemas(schema):
    events = {real.audit for real in REAL_MUTATIONS.values()} - {None}

    assert events <= schema.type_map["AuditLogEventType"].values.keys()
    assert events


def test_only_mutations_have_a_reason(schema):
    assert NAMES.keys() <= schema.mutation_type.fields.keys()


def test_what_is_needed_is_a_permission(schema):
    known = {*schema.type_map["CustomRolePermission"].values, "ORGANIZATION_ADMIN", "VIEW", None}

    assert {root.needs for root in registry.MUTATIONS.values()} <= known


@pytest.mark.parametrize(
    "name", ["secretValue", "token", "password", "headers", "webhookUrl", "integrationKey"]
)
def test_what_is_secret_is_hidden(name):
    told = without_secrets({"a": [{name: "x", "b": 1}], name: None}, is_hidden)

    assert told == {"a": [{name: HIDDEN, "b": 1}], name: None}
