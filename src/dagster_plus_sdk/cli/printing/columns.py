"""What tables show of each model, and the texts of single things that have a form of their own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    #: A column: its name, and the path of its value; ``members.#`` is how many members there are.
    Column: TypeAlias = tuple[str, str]

#: By model: the columns with commas between them, each its title and the path of its value in a record.
COLUMNS: dict[str, str] = {
    "AgentErrorReport": "TIME timestamp, SOURCE source, AGENT agent, LOCATION location, MESSAGE message",
    "AgentSummary": "ID id, LABEL label, STATUS status, HEARTBEAT last_heartbeat_at",
    "AgentToken": "ID id, DESCRIPTION description, REVOKED revoked, CREATED created_at, BY created_by.email",
    "AlertNotification": "SENT sent_at, STATUS status, RUN run_id, JOB job_name, ERROR error_message, ID id",
    "AlertPolicy": "NAME name, ENABLED enabled, EVENTS event_types, MUTED UNTIL muted_until, ID id",
    "ApiToken": "ID id, TYPE type, DESCRIPTION description, REVOKED revoked, CREATED created_at, BY created_by.email",
    "AssetCheck": "ASSET key, NAME name, STATUS latest_execution.status, EXECUTED latest_execution.timestamp",
    "AssetCheckExecution": "ID id, STATUS status, TIME timestamp, PARTITION partition, RUN run_id",
    "AssetEvaluation": "ID evaluation_id, EVALUATED evaluated_at, REQUESTED num_requested, RUNS run_ids",
    "AssetEvaluationTick": "ID tick_id, STATUS status, TIME timestamp, ENDED ended_at, REQUESTED requested_count, RUNS run_ids.#, SKIPPED skip_reason",
    "AssetEvent": "TIME timestamp, KEY key, PARTITION partition, RUN run_id, DESCRIPTION description",
    "AssetHealthRecord": "KEY key, HEALTH health.status, FRESHNESS freshness.state.status, MATERIALIZED last_materialized_at",
    "AssetDefinition": "KEY key, GROUP group_name, KINDS kinds, LOCATION repository.location.name",
    "AssetKey": "KEY ",  # no path: the value itself
    "AssetLineageNode": "KEY key, GROUP group_name, UPSTREAM upstream_keys, DOWNSTREAM downstream_keys",
    "AssetPartition": "KEY key, STATUS status",
    "AssetStatus": "KEY key, MATERIALIZED latest_materialization.timestamp, LATEST RUN latest_run.id, STATUS latest_run.status, IN PROGRESS in_progress_run_ids",
    "AssetSummary": "KEY key, GROUP definition.group_name, KINDS definition.kinds, MATERIALIZED last_materialized_at",
    "AuditLogEntry": "TIME timestamp, ACTION action, USER user_email, DEPLOYMENT deployment_name, BRANCH branch_deployment_name, ID id",
    "BackfillSummary": "ID id, STATUS status, TITLE title, JOB job_name, ASSETS asset_selection.#, PARTITIONS num_partitions, CREATED created_at, ENDED ended_at",
    "BackfillTarget": "KEY asset_key, PARTITIONS partitions.keys, RANGES partitions.ranges",
    "BranchDeploymentSummary": "NAME name, REPOSITORY git.repo_name, BRANCH git.branch_name, PULL REQUEST git.pull_request_number, PR STATUS git.pull_request_status, COMMIT latest_commit.hash, COMMITTED latest_commit.timestamp",
    "CapturedLog": "KEY file_key, STEPS step_keys, STDOUT stdout_url, STDERR stderr_url",
    "CatalogView": "NAME name, ID id, PRIVATE is_private, DESCRIPTION description",
    "CodeLocation": "NAME name, STATUS load_status, UPDATED updated_at, ERROR location_or_load_error.message",
    "CodeLocationEntry": "NAME name, FAILED has_load_error, OUTDATED has_outdated_data, UPDATED data_updated_at",
    "CodeLocationLoad": "NAME name, STATUS status, TRIGGERED triggered_at, UPLOADED uploaded_at, ERROR error.message",
    "CodeLocationStatus": "NAME name, STATUS load_status, UPDATED updated_at",
    "ConcurrencyLimit": "POOL pool, LIMIT limit, SLOTS slot_count, ACTIVE active_slot_count, ASSIGNED assigned_step_count, PENDING pending_step_count",
    "ConnectionLogEntry": "TIME timestamp, LEVEL level, MESSAGE message",
    "ConnectionSummary": "NAME name, ID id, TYPE type, SCHEDULE schedule_status, CRON cron",
    "ConnectionSync": "ID id, STATUS status, CREATED created_at, ENDED ended_at, ERROR error.message",
    "CustomMetric": "KEY metadata_key, DISPLAY NAME display_name, UNIT unit_type, DESCRIPTION description",
    "CustomRole": "NAME name, ID id, SCOPE scope, PERMISSIONS permissions.#, DESCRIPTION description",
    "DaemonStatus": "TYPE type, REQUIRED required, HEALTHY healthy, HEARTBEAT last_heartbeat_at, ERRORS last_errors.#",
    "Deployment": "NAME name, ID id, TYPE type, STATUS status, AGENT agent_type",
    "EnterpriseExpansion": "ID id, STATUS status, CREATED created_at, CREDITS credits_requested, SEATS seats_requested",
    "EnvVar": "NAME name, CONSUMERS consumers.#",
    "Invoice": "ID id, STATUS status, TOTAL total, DUE due_at, FROM period_start, TO period_end",
    "IssueSummary": "ID id, STATUS status, TITLE title, CREATED created_at, BY created_by.display_name",
    "JobSummary": "NAME name, LOCATION repository.location.name, REPOSITORY repository.name, DESCRIPTION description",
    "MetricType": "NAME metric_name, DISPLAY NAME display_name, CATEGORY category, UNIT unit_type, VISIBLE visible",
    "OnboardingEntry": "KEY key, STATUS status, UPDATED updated_at",
    "Permission": "NAME name, VALUE value, DISABLED BECAUSE disabled_reason",
    "PinnedItem": "NAME name, ID id, DESCRIPTION description",
    "ResourceSummary": "NAME name, TYPE type, DESCRIPTION description",
    "RunLaunch": "RUN run.id, STATUS run.status, JOB run.job_name, MESSAGE message",
    "RunSummary": "ID id, STATUS status, JOB job_name, CREATED created_at, ENDED ended_at",
    "RunTermination": "RUN run.id, STATUS run.status, MESSAGE message",
    "RunsFeedEntry": "ID id, STATUS status, TITLE title, JOB job_name, CREATED created_at, ENDED ended_at",
    "ScheduleSummary": "NAME name, STATUS state.status, CRON cron_schedule, TIMEZONE execution_timezone, JOB job_name, LOCATION state.location_name",
    "SearchResult": "KEY key, GROUP group, KINDS kinds, LOCATION location_name, DESCRIPTION description",
    "SensorSummary": "NAME name, STATUS state.status, TYPE sensor_type, EVERY min_interval_seconds, LOCATION state.location_name",
    "ServiceToken": "ID id, SERVICE USER service_user.name, DESCRIPTION description, REVOKED revoked, CREATED created_at",
    "ServiceUser": "NAME details.name, ROLE licensed_role, DESCRIPTION details.description, ID id",
    "Setting": "KEY key, VALUE value",
    "StoredSecret": "NAME name, LOCATIONS location_names, FULL full_deployments, BRANCHES all_branch_deployments, BRANCH branch_deployment, LOCAL local, UPDATED updated_at, ID id",
    "Team": "NAME details.name, MEMBERS details.members.#, ROLE organization_grant.role, ID id",
    "Tick": "ID id, STATUS status, TIME timestamp, ENDED ended_at, RUNS run_ids.#, SKIPPED skip_reason, ERROR error.message",
    "User": "EMAIL details.email, NAME details.name, ROLE licensed_role, ID details.id",
    "UserToken": "ID id, USER user.email, DESCRIPTION description, REVOKED revoked, CREATED created_at",
    "WebhookTemplateToken": "NAME name, EXAMPLE example, DESCRIPTION description",
}  # fmt: skip
#: Models that are listed like another one.
_LIKE = {"Asset": "AssetSummary", "Job": "JobSummary", "Run": "RunSummary"}


def columns_of(model: str, fields: Sequence[str], nested: Sequence[str] = ()) -> Sequence[Column]:
    """Return the columns of a model's table; of texts one, with no path.

    Args:
        model: Its name.
        fields: All its fields: where nobody chose columns, they are those.
        nested: Which of them hold objects: they would fill the screen, so they are left out unless nothing else is there.
    """
    if not fields:
        return [("VALUE", "")]
    chosen = COLUMNS.get(_LIKE.get(model, model))
    if chosen is not None:
        pairs = (column.rpartition(" ") for column in chosen.split(", "))
        return [(title, path) for title, _, path in pairs]
    shown = [field for field in fields if field not in nested] or fields
    return [(field.replace("_", " ").upper(), field) for field in shown]


def human_text(model: str, record: Any) -> str:
    """Return the text of one thing for people."""
    from .text import cell, lines_of

    if isinstance(record, str):  # an asset key
        return cell(record)
    form: Callable[[dict[str, Any]], str] = _FORMS.get(model, lines_of)
    return form(record)


def run_text(run: dict[str, Any]) -> str:
    """Return the text of a run: the first three values in any case, of the others those that there are."""
    from .text import cell, short_time

    names = ("status", "created_at", "started_at", "ended_at", "pipeline_name", "mode")
    shown = [name for name in names if name in names[:2] or run.get(name)]
    lines = [
        f"{name.partition('_')[0].capitalize()}: {cell(short_time(run.get(name)))}"
        for name in shown
    ]
    return "\n".join([f"Run ID: {cell(run.get('id'))}", *lines])


def changes_text(changes: dict[str, Any], stream: Any = None) -> str:
    """Return the text of what a document would change: the difference, and how much there is of it.

    Args:
        changes: As `Changes` says it.
        stream: Where it is to be printed: in colours, if that is a terminal that has some; stdout where nothing is said.
    """
    import sys

    from . import colours
    from .text import plain_lines

    counts = [
        f"{len(changes[kind])} {kind}"
        for kind in ("created", "updated", "deleted")
        if changes[kind]
    ]
    diff = plain_lines(changes["diff"])
    if colours.are_wanted(stream or sys.stdout):
        diff = colours.of_difference(diff)
    return f"{diff}{', '.join(counts)}" if counts else "Nothing changes"


def logs_text(logs: dict[str, Any]) -> str:
    """Return the text of a log with its lines, and without what moves a terminal's cursor."""
    from .text import plain_lines

    texts = (logs.get("stdout"), logs.get("stderr"))
    return "".join(plain_lines(text) for text in texts if text).removesuffix("\n")


_FORMS: dict[str, Any] = {"CapturedLogs": logs_text, "Changes": changes_text, "Run": run_text}
