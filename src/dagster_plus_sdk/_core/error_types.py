"""Which exception stands for which error type of the API; a test holds the table against the schema."""

from __future__ import annotations

from . import errors as e

#: Types of the schema, by the exception that they raise.
BY_EXCEPTION: dict[type[e.ResultError], str] = {
    e.NotFoundError: """
        AIChatNotFoundError AssetCheckNotFoundError AssetKeyNotFoundError AssetNotFoundError
        AtlanIntegrationSettingsUnset BackfillNotFoundError ConfigTypeNotFoundError CustomRoleNotFoundError
        CustomerInfoNotFoundError DagsterCloudTokenNotFoundError DagsterTypeNotFoundError DeploymentNotFoundError
        EnterpriseContractMetadataNotFoundError EnterpriseUserManagedExpansionNotFoundError GraphNotFoundError
        InstallationNotFoundError InstigationStateNotFoundError ModeNotFoundError PartitionKeysNotFoundError
        PartitionSetNotFoundError PipelineNotFoundError PipelineRunLogsSubscriptionFailure
        PipelineSnapshotNotFoundError PresetNotFoundError RepositoryLocationNotFound RepositoryNotFoundError
        ResourceNotFoundError RunGroupNotFoundError RunNotFoundError RunNotificationsExpiredError
        ScheduleNotFoundError SearchResultsNotFoundError SensorNotFoundError ServiceTokenNotFoundError
        ServiceUserNotFoundError UnknownStripeInvoiceError UnknownStripePaymentMethodError UserNotFoundError
    """,
    e.PermissionDeniedError: "UnauthorizedError MissingPermissionsError",
    e.ConflictError: """
        CantRemoveAllAdminsError CodeBackedAlertPolicyError CodeLocationLimitError CustomRoleInUseError
        CustomerPaymentMethodRequired CustomerPaymentRequired DeleteFinalDeploymentError DeploymentLimitError
        DuplicateDeploymentError DuplicateDynamicPartitionError RunConflict SecretAlreadyExistsError
        SelectionCantBeDeletedError ServiceUserNameConflictError TerminateRunFailure TooManySecretsError UserLimitError
    """,
    e.InvalidRequestError: """
        AppManagedComponentValidationError ConflictingExecutionParamsError CustomMetricError
        FieldNotDefinedConfigError FieldsNotDefinedConfigError InvalidAlertPolicyError InvalidLocationError
        InvalidOutputError InvalidPipelineRunsFilterError InvalidSecretInputError InvalidStepError InvalidSubsetError
        InvalidTemplateRepoError MissingFieldConfigError MissingFieldsConfigError NoModeProvidedError
        PartitionSubsetDeserializationError ReportingInputError RunConfigValidationInvalid RuntimeMismatchConfigError
        SearchQueryError SelectionNotResolvableError SelectorTypeConfigError UpdateCustomerTaxIDError
        ValidateWebhookTemplateFailure WebhookTemplateValidationError
    """,
    e.NotSupportedError: """
        AssetCheckNeedsAgentUpgradeError AssetCheckNeedsMigrationError AssetCheckNeedsUserCodeUpgrade
        AutoMaterializeAssetEvaluationNeedsMigrationError ReloadNotSupported SchedulerNotDefinedError
        SolidStepStatusUnavailableError UnsupportedOperationError
    """,
    e.ServerError: """
        AIChatError AnomalyDetectionFailure AtlanIntegrationPreflightCheckFailure CompleteChatStreamError
        CreateOrUpdateMetricsFailed FailedToSetupStripe GitHubError IssueAgentDispatchError PythonError
        RefreshComponentStateError RefreshDefsStateError RemoveStripePaymentFailedError RestartGitCIError
        SendSampleNotificationFailure SetupRepoError ShareFeedbackSubmissionError SlackIntegrationError ToolError
        UpdateMetricCustomizationsFailureError UpdateStripeSubscriptionFailed
    """,
}

#: Types whose REST status is not the one of their exception.
STATUS = {
    "CustomerPaymentMethodRequired": 402,
    "CustomerPaymentRequired": 402,
    "InvalidPipelineRunsFilterError": 400,
    "RunNotificationsExpiredError": 410,
}

_by_typename = {name: kind for kind, names in BY_EXCEPTION.items() for name in names.split()}

#: How the names of errors end that are newer than this version.
_BY_NAME = (
    ("NotFound", e.NotFoundError),
    ("Unauthorized", e.PermissionDeniedError),
    ("Conflict", e.ConflictError),
    ("Duplicate", e.ConflictError),
    ("AlreadyExists", e.ConflictError),
    ("Limit", e.ConflictError),
    ("Invalid", e.InvalidRequestError),
    ("Unsupported", e.NotSupportedError),
    ("NotSupported", e.NotSupportedError),
)


def is_known(typename: str) -> bool:
    """Tell whether the table has this type."""
    return typename in _by_typename


def exception_for(typename: str | None) -> tuple[type[e.ResultError], int, str]:
    """Return the exception class, status and code for an error type.

    Args:
        typename: The ``__typename``; None for a null.

    Returns:
        The class, the REST-like status and the stable code. Types that the table lacks are judged by their names,
        and else are ``UnexpectedResultError``, or a plain ``ResultError`` where the name says that it is an error.
    """
    if typename is None:
        return e.UnexpectedResultError, 500, e.UnexpectedResultError.code
    if typename == "PythonError":
        return e.ServerError, 500, e.ServerError.code
    kind = _by_typename.get(typename) or _by_ending(typename)
    if kind in (e.UnexpectedResultError, e.ResultError):
        return kind, 500, e.UnexpectedResultError.code
    return kind, STATUS.get(typename, kind.status_code), e.code_of(typename)


def _by_ending(typename: str) -> type[e.ResultError]:
    for part, kind in _BY_NAME:
        if part in typename:
            return kind
    if typename.endswith(("Error", "Failure", "Failed")):
        return e.ResultError
    return e.UnexpectedResultError
