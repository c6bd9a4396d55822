"""What the runs of the real Dagster did since it was last asked: for that, policies notify.

Nothing runs in the background. All that is asked about alerts, and all that changes them, first does what should have
been done meanwhile; so it is as if it had been done at once, with the policies and mutes of that time.
"""

from __future__ import annotations

import time
from contextlib import nullcontext

from ....front.upstream import UpstreamError
from ...context import sandbox_time
from ...deploying import TYPE as DEPLOYMENT
from ...deploying import default_name
from .asset_events import asset_events
from .document_types import LONG_RUNNING, LONG_RUNNING_TARGET
from .notification_rows import NOTICE, is_notified, notice
from .policy_rows import TYPE, all_in, document_of, lacking, plant_built_in
from .targets import AlertedJob, WatchedAsset, is_about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from ...context import Context
    from ...store import Row

#: A mark that the policies know how a run ended.
ENDED = "ended run"
#: The setting with the time of the last question that brought news.
ASKED = "alerts asked"
#: Seconds that are asked for again: a run is written a moment after the time that it says.
AGAIN = 10.0
#: Seconds that the real Dagster gets to say whether it retries a run that failed.
DECIDE = 5.0
PAGE = 200
_RUN = """runId status jobName startTime endTime tags { key value }
  repositoryOrigin { repositoryName repositoryLocationName }"""
RUNS = f"""query ($ended: RunsFilter!, $going: RunsFilter!, $limit: Int!, $cursor: String) {{
  ended: runsOrError(filter: $ended, limit: $limit, cursor: $cursor) {{ ... on Runs {{ results {{ {_RUN} }} }} }}
  going: runsOrError(filter: $going, limit: $limit) {{ ... on Runs {{ results {{ {_RUN} }} }} }}
}}"""
#: The event of a job by how its run ended.
RESULTS = {"FAILURE": "JOB_FAILURE", "SUCCESS": "JOB_SUCCESS"}
#: What is not told of a run that will be retried.
FINAL = {"JOB_FAILURE", "ASSET_MATERIALIZATION_FAILURE", "ASSET_CHECK_EXECUTION_FAILURE"}


def catch_up(context: Context, *, in_transaction: bool = False) -> None:
    """Do what should have been done since the last time.

    Args:
        context: Where.
        in_transaction: Whether it is done for a mutation, which has a transaction.
    """

    def transaction() -> AbstractContextManager[None]:
        return nullcontext() if in_transaction else context.store.transaction()

    if new := lacking(context):
        with transaction():
            for deployment_id in new:
                plant_built_in(context, deployment_id)
    if not context.has_dagster:
        return
    asked = time.time()
    try:
        ended, going = _runs(context)
        notices = [told for run in (*ended, *going) for told in _notices(context, run)]
    except UpstreamError:
        # Policies can be read and written without it; what happened is told when it answers again.
        return
    if ended or notices:
        with transaction():
            for told in sorted(notices, key=lambda told: told["sendTimestamp"]):
                context.store.put(NOTICE, told["id"], told)
            for run in ended:
                at = sandbox_time(context.store, run["endTime"])
                context.store.put(ENDED, run["runId"], {"endedAt": at})
            context.store.set_setting(ASKED, asked)


def _runs(context: Context) -> tuple[list[Row], list[Row]]:
    """Return the runs that ended, which no policy knows of, and those that are going on."""
    ended: list[Row] = []
    going: list[Row] = []
    cursor = None
    while True:
        answer = context.ask(
            RUNS,
            ended={"statuses": ["SUCCESS", "FAILURE", "CANCELED"], "updatedAfter": _since(context)},
            going={"statuses": ["STARTED", "CANCELING"]},
            limit=PAGE,
            cursor=cursor,
        )
        page: list[Row] = (answer.get("ended") or {}).get("results") or []
        going = going or (answer.get("going") or {}).get("results") or []
        ended += [run for run in page if _is_news(context, run)]
        if len(page) < PAGE:
            return ended, [run for run in going if run["startTime"]]
        cursor = page[-1]["runId"]


def _since(context: Context) -> float:
    """Return the time from which on runs can be news: before the first policy there is none."""
    made = [row["madeAt"] for row in context.store.list(TYPE)]
    since: float = context.store.setting(ASKED) or min(made, default=time.time())
    return since - AGAIN


def _is_news(context: Context, run: Row) -> bool:
    if run["endTime"] is None or context.store.get(ENDED, run["runId"]):
        return False
    tags = _tags(run)
    is_undecided = (
        run["status"] == "FAILURE"
        and tags.get("dagster/max_retries", "0") != "0"
        and "dagster/will_retry" not in tags
    )
    return not is_undecided or time.time() - run["endTime"] > DECIDE


def _notices(context: Context, run: Row) -> Iterator[Row]:
    """Yield what the policies of a run's deployment tell about it."""
    deployment = _deployment(context, run)
    # Of branch deployments nothing is told.
    if deployment is None or deployment["deploymentType"] == "BRANCH":
        return
    policies = [
        row
        for row in all_in(context, deployment["deploymentId"])
        if row["enabled"] and (run["endTime"] is None or row["madeAt"] <= run["endTime"])
    ]
    told = _Run(context, run)
    for row in policies:
        yield from told.long_running(row)
        if run["endTime"] is not None:
            yield from told.result(row)
            yield from told.assets(row)


class _Run:
    """A run, as policies see it."""

    def __init__(self, context: Context, run: Row) -> None:
        self._context = context
        self._run = run
        origin = run["repositoryOrigin"] or {}
        repository = origin.get("repositoryName", "")
        location = origin.get("repositoryLocationName", "")
        tags = _tags(run)
        self._will_retry = tags.get("dagster/will_retry") == "true"
        self._job = AlertedJob(run["jobName"], repository, location, tags)
        self._ended = run["endTime"] and sandbox_time(context.store, run["endTime"])
        self._asset_events: list[tuple[WatchedAsset, str]] | None = None

    def result(self, policy: Row) -> Iterator[Row]:
        """Yield what a policy tells about how it ended."""
        event = RESULTS.get(self._run["status"], "")
        if event not in policy["eventTypes"] or (self._will_retry and event in FINAL):
            return

        def check(name: str, body: Row) -> bool:
            return name != LONG_RUNNING_TARGET and self._job.is_in(body)

        if is_about(document_of(policy), ["job"], check):
            yield self._job_notice(policy, event, self._ended)

    def long_running(self, policy: Row) -> Iterator[Row]:
        """Yield what a policy tells about how long it takes."""
        if LONG_RUNNING not in policy["eventTypes"] or not self._run["startTime"]:
            return
        started = sandbox_time(self._context.store, self._run["startTime"])
        limits = [
            target[LONG_RUNNING_TARGET]["threshold_seconds"]
            for target in document_of(policy).get("alert_targets") or ()
            if LONG_RUNNING_TARGET in target and self._job.is_in(target[LONG_RUNNING_TARGET])
        ]
        due = started + min(limits, default=float("inf"))
        if due <= (self._ended or self._context.now()) and not is_notified(
            self._context, policy, self._run["runId"], LONG_RUNNING
        ):
            made = sandbox_time(self._context.store, policy["madeAt"])
            yield self._job_notice(policy, LONG_RUNNING, max(due, made))

    def assets(self, policy: Row) -> Iterator[Row]:
        """Yield what a policy tells about its assets."""
        if not any(event.startswith("ASSET_") for event in policy["eventTypes"]):
            return
        if self._asset_events is None:
            found = asset_events(self._context, self._run)
            self._asset_events = [
                (WatchedAsset(self._context, path), event) for path, event in found
            ]
        told = [
            {"assetKey": {"path": asset.path}, "eventType": event}
            for asset, event in self._asset_events
            if event in policy["eventTypes"]
            and not (self._will_retry and event in FINAL)
            and is_about(document_of(policy), ["asset"], asset.is_in)
        ]
        if told:
            yield notice(
                self._context,
                policy,
                "AssetAlertNotification",
                self._ended,
                runId=self._run["runId"],
                assetsEvents=told,
            )

    def _job_notice(self, policy: Row, event: str, moment: float) -> Row:
        return notice(
            self._context,
            policy,
            "JobRunAlertNotification",
            moment,
            runId=self._run["runId"],
            eventType=event,
            jobName=self._job.name,
            repositoryName=self._job.repository,
            codeLocationName=self._job.location,
        )


def _deployment(context: Context, run: Row) -> Row | None:
    """Return where a run was launched, itself or the first of its retries; None if that is gone."""
    first = _tags(run).get("dagster/root_run_id")
    launch = context.store.get("launch", run["runId"]) or context.store.get("launch", first)
    name = launch["deployment"] if launch else default_name(context.store)
    return context.store.find(DEPLOYMENT, deploymentName=name)


def _tags(run: Row) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in run["tags"]}
