"""Usage: the credits, the step time and the minutes of Serverless that the organization's runs used."""

from __future__ import annotations

from typing import NamedTuple

from ...deploying import TYPE as DEPLOYMENT
from ...registry import kind, query, switch
from .buckets import bucket_start, next_start
from .run_facts import all_facts
from .samples import CREDITS, PREFIX, STEP_TIME, samples_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ...context import Context
    from ...store import Row

#: How many days and how many months there are values of, the present ones included.
COUNTS = {"DAY": 30, "MONTH": 12}
GRANULARITY = {"DAY": "DAILY", "MONTH": "MONTHLY"}
PERCENT = switch(
    "usage_percent_total",
    "percent",
    "fraction",
    about="A job's share of what all jobs used: 50 or 0.5.",
)


class UsageNumbers(NamedTuple):
    """What is used of something."""

    metric: str
    unit: str
    #: The types of its values, over time and by job.
    types: tuple[str, str]
    #: What one of the metric is in that unit; nothing of it is used where it is 0.
    factor: float = 1.0
    is_serverless: bool = False


CREDIT_TYPES = ("CreditUsageMetricValue", "CreditUsageByJobMetricValue")
DURATION_TYPES = ("StepDurationUsageMetricValue", "StepDurationByJobUsageMetricValue")
USAGES = {
    "dagsterCredits": UsageNumbers(CREDITS, "credits", CREDIT_TYPES),
    "standardCredits": UsageNumbers(CREDITS, "credits", CREDIT_TYPES),
    # What makes a credit one of a high velocity is not known.
    "highVelocityCredits": UsageNumbers(CREDITS, "credits", CREDIT_TYPES, 0.0),
    "stepDuration": UsageNumbers(STEP_TIME, "ms", DURATION_TYPES),
    "serverlessComputeMinutes": UsageNumbers(
        PREFIX + "run_duration_ms", "minutes", DURATION_TYPES, 1 / 60_000, is_serverless=True
    ),
}


def _used(context: Context, usage: UsageNumbers) -> Iterator[tuple[float, float, Row]]:
    """Yield when something was used, how much, and by which run."""
    rows = context.store.list(DEPLOYMENT)
    serverless = {row["deploymentId"] for row in rows if row["agentType"] == "SERVERLESS"}
    if not usage.factor:
        return
    for fact in all_facts(context):
        if usage.is_serverless and fact["deployment"] not in serverless:
            continue
        for sample in samples_of(fact):
            if sample.metric == usage.metric:
                yield sample.time, sample.value * usage.factor, fact


def _over_time(usage: UsageNumbers) -> Callable[..., Row]:
    def resolve(context: Context, _: Row, *, time_granularity: str) -> Row:
        granularity, now = GRANULARITY[time_granularity], context.now()
        starts = [bucket_start(now, granularity)]
        while len(starts) < COUNTS[time_granularity]:
            starts.append(bucket_start(starts[-1] - 1, granularity))
        sums = dict.fromkeys(reversed(starts), 0.0)
        for time, value, _run in _used(context, usage):
            start = bucket_start(time, granularity)
            if start in sums:
                sums[start] += value
        values = [
            {
                "__typename": usage.types[0],
                "startTimestamp": start,
                "endTimestamp": next_start(start, granularity),
                "value": value,
            }
            for start, value in sums.items()
        ]
        return {"unit": usage.unit, "timeGranularity": time_granularity, "metrics": values}

    return resolve


def _by_job(usage: UsageNumbers) -> Callable[..., Row]:
    def resolve(context: Context, _: Row, *, start_timestamp: float) -> Row:
        sums: dict[tuple[str, str], float] = {}
        for time, value, run in _used(context, usage):
            if time >= start_timestamp:
                key = (run["job"], f"{run['repository']}@{run['location']}")
                sums[key] = sums.get(key, 0.0) + value
        whole = sum(sums.values()) or 1.0
        scale = 100 if context.switch(PERCENT) == "percent" else 1
        end = context.now()
        values = [
            {
                "__typename": usage.types[1],
                "jobName": job,
                "repositoryLabel": label,
                "startTimestamp": start_timestamp,
                "endTimestamp": end,
                "value": value,
                "percentTotal": value / whole * scale,
            }
            for (job, label), value in sorted(sums.items(), key=lambda each: -each[1])
        ]
        return {"unit": usage.unit, "timeGranularity": "MONTH", "metrics": values}

    return resolve


FIELDS: dict[str, Any] = {
    **{name: _over_time(usage) for name, usage in USAGES.items()},
    **{f"{name}ByJob": _by_job(usage) for name, usage in USAGES.items()},
}
kind("UsageMetrics", **FIELDS)


@query("usageMetrics", needs="MANAGE_BILLING")
def usage_metrics(_context: Context) -> Row:
    """Return what was used."""
    return {"__typename": "UsageMetrics"}
