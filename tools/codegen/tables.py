"""What the schema does not say, kept by hand.

Fields are named by their schema coordinate, `Type.field`, never by their name in an answer; `*` matches any
text. The generation fails when an entry matches nothing any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ERROR_NAME", "TABLES", "TIME_SCALARS", "TIME_WORDS", "RuntimeClass", "Tables"]

#: Members of unions are errors when they implement `Error`, or are named so.
ERROR_NAME = re.compile(
    r"(Error|Failure|Failed|Invalid|Conflict|NotFound|Disabled|NotSupported|Unset|UserCodeUpgrade|Required)$"
)

#: A field of one of these scalars whose name has one of these words must stand in TIMES or NOT_TIMES.
TIME_SCALARS = frozenset({"BigInt", "Float", "Int", "String"})
TIME_WORDS = frozenset(
    [
        "at",
        "date",
        "dates",
        "datetime",
        "end",
        "expiration",
        "expires",
        "expiry",
        "since",
        "start",
        "time",
        "times",
        "timestamp",
        "timestamps",
        "until",
    ]
)

#: Seconds, or milliseconds as text or whole numbers: pydantic tells them apart by their size.
TIMES = (
    "*.*Time",
    "*.*Timestamp",
    "*.createdAt",
    "*.timestamp",
    "*.updatedAt",
    "AIChatHistory.lastActivityAt",
    "AlertPolicy.mutedUntil",
    "EnterpriseContractMetadata.*Date",
    "ReportingMetrics.timestamps",
    "Schedule.potentialTickTimestamps",
    "StripeCustomer.createdDate",
    "StripeInvoice.created",
    "StripeInvoice.dueDate",
    "StripeInvoice.period*",
    "StripeSubscription.billingPeriod*",
    "StripeSubscription.trial*Date",
)

#: Keys of partitions and names of markers, which look like times.
NOT_TIMES = (
    "*.markerEnd",
    "*.markerStart",
    "*.*EndKey",
    "*.*StartKey",
    "*.endKey",
    "*.startKey",
    "PartitionKeyRange.*",
    "PartitionRange.*",
)

#: Times that are milliseconds with a fraction.
MILLIS = (
    "Asset.freshnessStatusChangedTimestamp",
    "Asset.latestFailedToMaterializeTimestamp",
    "Asset.latestMaterializationTimestamp",
    "Asset.latestObservationTimestamp",
)

#: Texts that are secrets: `Secret`, which shows itself nowhere.
SECRETS = (
    "AtlanIntegrationSettings.token",
    "CloudQuery.localSecretsFileContents",
    "DagsterCloudAgentToken.token",
    "DagsterCloudApiToken.token",
    "DagsterCloudUserToken.token",
    "KeyValuePair.value",
    "MicrosoftTeamsAlertPolicyNotification.webhookUrl",
    "PagerdutyAlertPolicyNotification.integrationKey",
    "SandboxProxyInfo.authToken",
    "Secret.secretValue",
    "Serverless.awsAuthToken",
    "Serverless.awsSecretAccessKey",
    "ServerlessPexUploadUrl.url",
    "ServiceToken.token",
    "StripeSetupIntent.clientSecret",
    "WebhookAlertPolicyNotification.webhookUrl",
    "WebhookTestRequest.url",
)

SCALARS = {
    "BigInt": "int",
    "Boolean": "bool",
    "Cursor": "str",
    "Date": "date",
    "Float": "float",
    "ID": "str",
    "Int": "int",
    "String": "str",
    "UUID": "str",
}

#: The first word of every operation.
VERBS = frozenset(
    [
        "add",
        "cancel",
        "count",
        "create",
        "delete",
        "deploy",
        "discover",
        "edit",
        "execute",
        "find",
        "follow",
        "free",
        "get",
        "launch",
        "list",
        "mark",
        "merge",
        "mute",
        "ping",
        "poll",
        "preview",
        "reconcile",
        "reexecute",
        "refresh",
        "reload",
        "remove",
        "rename",
        "report",
        "reset",
        "resume",
        "reveal",
        "revoke",
        "scaffold",
        "search",
        "send",
        "set",
        "shutdown",
        "start",
        "stop",
        "submit",
        "sync",
        "terminate",
        "toggle",
        "update",
        "upload",
        "validate",
        "wipe",
    ]
)

#: Root fields that have a newer name.
OLD_ROOT_FIELDS = {
    "deletePipelineRun": "deleteRun",
    "launchPipelineExecution": "launchRun",
    "launchPipelineReexecution": "launchRunReexecution",
    "pipelineRunOrError": "runOrError",
    "pipelineRunsOrError": "runsOrError",
    "terminatePipelineExecution": "terminateRun",
}


@dataclass(frozen=True)
class RuntimeClass:
    """A hand-written class of `_core` that stands for a fragment or an input type."""

    module: str
    name: str


@dataclass(frozen=True)
class Tables:
    """All tables, so that a test can bring its own."""

    times: tuple[str, ...] = ()
    not_times: tuple[str, ...] = ()
    millis: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    #: Fragments that a hand-written class stands for.
    runtime_fragments: Mapping[str, RuntimeClass] = field(default_factory=dict)
    #: Input types that a hand-written class stands for.
    runtime_inputs: Mapping[str, RuntimeClass] = field(default_factory=dict)
    #: `Fragment.Type` to the class of that member, where the type's name will not do.
    member_names: Mapping[str, str] = field(default_factory=dict)
    scalars: Mapping[str, str] = field(default_factory=lambda: MappingProxyType(SCALARS))
    verbs: frozenset[str] = VERBS
    old_root_fields: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(OLD_ROOT_FIELDS)
    )


ASSET_KEY = RuntimeClass("asset_key", "AssetKey")

TABLES = Tables(
    times=TIMES,
    not_times=NOT_TIMES,
    millis=MILLIS,
    secrets=SECRETS,
    runtime_fragments=MappingProxyType(
        {"AssetKey": ASSET_KEY, "ErrorFields": RuntimeClass("models", "ErrorResult")}
    ),
    runtime_inputs=MappingProxyType({"AssetKeyInput": ASSET_KEY}),
    # `ErrorEvent` is the API's name for every event that carries an error.
    member_names=MappingProxyType(
        {
            "EvaluatedEntity.AssetKey": "EvaluatedAsset",
            "ReportingEntity.DagsterCloudDeployment": "ReportingDeployment",
            "PinnedItem.AssetGroupPinnableItem": "PinnedAssetGroup",
            "PinnedItem.CatalogView": "PinnedCatalogView",
            "PinnedItem.JobPinnableItem": "PinnedJob",
            "CapturedLogEvent.LogsCapturedEvent": "CapturedLogFile",
            "RunEvent.ErrorEvent": "FailureEvent",
            "RunLaunch.Error": "RunNotLaunched",
            "RunLaunch.InvalidOutputError": "RunOutputInvalid",
            "RunLaunch.InvalidStepError": "RunStepInvalid",
            "RunLaunch.LaunchRunSuccess": "RunLaunched",
            "RunLaunch.RunConfigValidationInvalid": "RunConfigInvalid",
            "RunTermination.Error": "RunTerminationRefused",
            "RunTermination.TerminateRunFailure": "RunNotTerminated",
            "RunTermination.TerminateRunSuccess": "RunTerminated",
            "RunsFeedEntry.PartitionBackfill": "RunsFeedBackfill",
            "RunsFeedEntry.Run": "RunsFeedRun",
        }
    ),
)
