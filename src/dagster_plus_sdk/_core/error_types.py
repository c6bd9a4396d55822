"""Which exception stands for which error type of the API, and raising it; a test holds the table against the schema."""

from __future__ import annotations

from . import errors as e

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, NoReturn

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

#: What top-level errors say in `extensions.code` of whoever may not ask.
_BY_CODE: dict[str | None, type[e.APIError]] = {
    "FORBIDDEN": e.PermissionDeniedError,
    "PERMISSION_DENIED": e.PermissionDeniedError,
    "UNAUTHORIZED": e.PermissionDeniedError,
    "UnauthorizedError": e.PermissionDeniedError,
    "UNAUTHENTICATED": e.AuthenticationError,
}


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
    return kind, STATUS.get(typename, kind.status_code), code_of(typename)


def _by_ending(typename: str) -> type[e.ResultError]:
    for part, kind in _BY_NAME:
        if part in typename:
            return kind
    if typename.endswith(("Error", "Failure", "Failed")):
        return e.ResultError
    return e.UnexpectedResultError


def code_of(typename: str) -> str:
    """Return the stable code of an error type: ``RunNotFoundError`` gives ``RUN_NOT_FOUND``."""
    name = typename.removesuffix("Error")
    return "".join(
        "_" + c if i and c.isupper() and not name[i - 1].isupper() else c
        for i, c in enumerate(name)
    ).upper()


def refusal(errors: Iterable[Mapping[str, Any]]) -> type[e.APIError] | None:
    """Return the exception for an answer's errors if each of them says that the token may not; else None.

    A field that is no union has no other way to say so.
    """
    kinds = {_BY_CODE.get(_code(error)) for error in errors}
    return kinds.pop() if len(kinds) == 1 else None


def _code(error: Mapping[str, Any]) -> str | None:
    extensions: dict[str, Any] | str | None = error.get("extensions")
    code: object = extensions.get("code") if isinstance(extensions, dict) else None
    return code if isinstance(code, str) else None


def raise_for_member(value: object, operation: str | None = None) -> NoReturn:
    """Raise the exception for a result that is no success.

    Args:
        value: A generated model of an error member, an unknown member, or None.
        operation: The name of the operation.

    Raises:
        ResultError: Always; the subclass is the one of the member's type.
    """
    typename = None if value is None else str(getattr(value, "typename__", type(value).__name__))
    kind, status, code = exception_for(typename)
    error = kind(
        _message(value, typename),
        code=code,
        status_code=status,
        operation=operation,
        typename=typename,
        stack=getattr(value, "stack", None),
        errors=_single_errors(value),
    )
    error.result = value
    raise error


def _message(value: object, typename: str | None) -> str:
    if value is None:
        return "The server answered null, where a value was expected"
    message = getattr(value, "message", None)
    if isinstance(message, str) and message:
        return message
    reasons = [str(x["message"]) for x in _single_errors(value) if x.get("message")]
    if reasons:
        return "; ".join(reasons)
    fields = _fields(value)
    shown = ", ".join(f"{k}={v!r}" for k, v in fields.items() if isinstance(v, (str, int)))
    return f"The server answered {typename}" + (f": {shown}" if shown else "")


def _single_errors(value: object) -> list[dict[str, Any]]:
    listed: Sequence[Any] | None = getattr(value, "errors", None)
    if not isinstance(listed, (list, tuple)):
        return []
    return [_single_error(entry) for entry in listed if entry is not None]


def _single_error(entry: Any) -> dict[str, Any]:
    """Return one error as a mapping; the place in a run config as a ``path``."""
    if isinstance(entry, str):
        return {"message": entry}
    fields: dict[str, Any] = _fields(entry) if hasattr(entry, "model_dump") else dict(entry)
    stack: dict[str, Any] | list[str] | None = fields.get("stack")
    if isinstance(stack, dict) and "entries" in stack:
        # The API has a path of its own, which is always empty.
        del fields["stack"]
        fields["path"] = [next(iter(step.values()), None) for step in stack["entries"]]
    return fields


def _fields(value: object) -> dict[str, Any]:
    dump = getattr(value, "model_dump", None)
    fields: dict[str, Any] = dump(mode="json") if dump else {}
    return fields
