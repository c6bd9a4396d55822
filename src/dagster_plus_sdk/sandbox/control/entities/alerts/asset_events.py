"""What a run of the real Dagster did with assets, as far as alert policies are about it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

EVENTS = """query ($id: ID!, $after: String) { logsForRun(runId: $id, afterCursor: $after) { ... on EventConnection {
  cursor hasMore events {
    __typename
    ... on StepEvent { stepKey }
    ... on AssetMaterializationPlannedEvent { stepKey assetKey { path } }
    ... on MaterializationEvent { assetKey { path } }
    ... on AssetCheckEvaluationPlannedEvent { checked: assetKey { path } checkName }
    ... on AssetCheckEvaluationEvent { evaluation { assetKey { path } checkName success severity } }
  } } } }"""


def asset_events(context: Context, run: Row) -> list[tuple[list[str], str]]:
    """Return what alerts can tell of a run's assets: keys and events, each once."""
    return _SimpleReader(_logged(context, run["runId"]), run["status"]).read()


def _logged(context: Context, run_id: str) -> list[Row]:
    found: list[Row] = []
    cursor = None
    while True:
        page = context.ask(EVENTS, id=run_id, after=cursor).get("logsForRun") or {}
        found += page.get("events") or []
        if not page.get("hasMore"):
            return found
        cursor = page["cursor"]


class _SimpleReader:
    """Reads the events of a run."""

    def __init__(self, events: list[Row], status: str) -> None:
        self._by_type: dict[str, list[Row]] = {}
        for event in events:
            self._by_type.setdefault(event["__typename"], []).append(event)
        self._is_failed = status == "FAILURE"
        failed = self._by_type.get("ExecutionStepFailureEvent", [])
        self._failed_steps = {event["stepKey"] for event in failed}

    def read(self) -> list[tuple[list[str], str]]:
        """Return what happened, each once."""
        evaluated = self._by_type.get("AssetCheckEvaluationEvent", [])
        checks = [event["evaluation"] for event in evaluated]
        done = [event["assetKey"]["path"] for event in self._of("MaterializationEvent")]
        checked = [(one["assetKey"]["path"], one["checkName"]) for one in checks]
        found = [
            *((path, "ASSET_MATERIALIZATION_SUCCESS") for path in done),
            *((one["assetKey"]["path"], _check_event(one)) for one in checks),
            *(
                (event["assetKey"]["path"], "ASSET_MATERIALIZATION_FAILURE")
                for event in self._of("AssetMaterializationPlannedEvent")
                if event["assetKey"]["path"] not in done and self._broke(event)
            ),
            *(
                (event["checked"]["path"], "ASSET_CHECK_EXECUTION_FAILURE")
                for event in self._by_type.get("AssetCheckEvaluationPlannedEvent", [])
                if (event["checked"]["path"], event["checkName"]) not in checked
                and self._broke(event)
            ),
        ]
        return [one for place, one in enumerate(found) if one not in found[:place]]

    def _of(self, typename: str) -> list[Row]:
        return [event for event in self._by_type.get(typename, []) if event["assetKey"]]

    def _broke(self, event: Row) -> bool:
        """Tell whether what was planned was tried, and failed; without a step that failed, the run itself did."""
        return self._is_failed and (
            not self._failed_steps or event["stepKey"] in self._failed_steps
        )


def _check_event(evaluation: Row) -> str:
    if evaluation["success"]:
        return "ASSET_CHECK_PASSED"
    return f"ASSET_CHECK_SEVERITY_{evaluation['severity']}"
