"""What the options of every command ask for: checked before anything is sent."""

from __future__ import annotations

import click

from .output import check_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..state import State

#: Where ``--quiet`` finds the id of these models, as it is none of the usual ones; nowhere where a record has none of its own.
_ID_PATHS = {
    "": "AssetEvent AssetHistoryEntry CodeLocationLoad ConnectionSchema Instance SyncedSecrets",
    "asset_key": "BackfillTarget",
    "details.id": "ServiceUser User",
    "evaluation_id": "AssetEvaluation",
    "file_key": "CapturedLog",
    "id": "Agent Team",
    "job_snapshot_id": "JobSnapshot",
    "key": "Asset AssetDefinition AssetHealthRecord AssetSummary OnboardingEntry SearchResult",
    "metadata_key": "CustomMetric",
    "metric_name": "MetricType",
    "name": (
        "AssetCheck BranchDeployment BranchDeploymentSummary CodeLocation CodeLocationStatus "
        "Deployment InstigationState Job JobSummary ResourceDetails ResourceSummary Schedule "
        "ScheduleSummary Sensor SensorSummary"
    ),
    "pool": "ConcurrencyLimit",
    "root_run_id": "RunGroup",
    "run.id": "RunLaunch RunTermination",
    "tick_id": "AssetEvaluationTick",
    "type": "DaemonStatus",
}
IDS: dict[str, str] = {
    model: path for path, models in _ID_PATHS.items() for model in models.split()
}
#: Else an id is the first of these.
_USUAL = ("id", "key", "name")
#: What is itself the id.
_TEXTS = ("AssetKey", "")


def check(state: State, entry: dict[str, Any]) -> None:
    """Refuse what a command's result cannot be, and get ready what it will be.

    Raises:
        click.UsageError: Fields that it has not, an expression that is wrong, a page or ids where there are none, or options that
            exclude each other.
    """
    check_fields(state, entry.get("fields", ()))
    _check_combinations(state)
    if state.quiet:
        state.id_path = _id_path(entry)
    if state.jq is not None:
        from .jq import program

        state.format = state.format or "json"
        state.program = program(state.jq)
    if state.web:
        from .web import check_page

        check_page(entry)


def _check_combinations(state: State) -> None:
    asked = {
        "--quiet": state.quiet,
        "--web": state.web,
        "--jq": state.jq is not None,
        "--fields": bool(state.fields),
    }
    given = [name for name, is_on in asked.items() if is_on]
    given += [f"--format {state.format}" if state.format != "json" else "--json"] * bool(
        state.format
    )
    alone = given[0] in ("--quiet", "--web") if given else False
    if alone and len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} are both given: they exclude each other")
    if state.jq is not None and state.format not in (None, "json", "jsonl"):
        raise click.UsageError(
            f"--jq makes JSON: --format can be json or jsonl, not {state.format}"
        )


def _id_path(entry: dict[str, Any]) -> str:
    """Return where the id of a command's results stands in them.

    Raises:
        click.UsageError: They have none, or it would be all that is ever seen of a new secret.
    """
    path = id_path(entry)
    if path is None:
        raise click.UsageError("this command's result has no ids: --quiet prints nothing else")
    if entry.get("reveals"):
        raise click.UsageError(
            "--quiet would not print the secret; --fields id,... --format tsv prints what is chosen"
        )
    return path


def id_path(entry: dict[str, Any]) -> str | None:
    """Return the path of the id in a command's records: empty where a record is its id, None where there is none."""
    kind, model, fields = entry.get("returns"), entry.get("model", ""), entry.get("fields", ())
    if kind == "none":
        placed = [p for p in entry["params"] if "options" not in p and p["kind"] != "secret"]
        return placed[0]["name"] if placed else None
    if kind == "value" or (kind == "items" and not model):
        return None
    if kind == "pager" and model in _TEXTS:
        return ""
    if "id" in entry:  # a command that is no resource's
        return str(entry["id"])
    if model in IDS:
        return IDS[model] or None
    return next((name for name in _USUAL if name in fields), None)
