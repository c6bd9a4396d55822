"""What tests of the control plane look at, of what the SDK returns."""

from __future__ import annotations

from datetime import timedelta

from .seeds import START

DAY = timedelta(days=1)
WEEK = {"after": START, "before": START + 4 * DAY}
CREDITS = "__dagster_dagster_credits"
STEP_TIME = "__dagster_execution_time_ms"


def roles(holder):
    """Return the roles in deployments, by their ids, of a user, a team or a service user."""
    return {grant.deployment_id: str(grant.role) for grant in holder.deployment_grants}


def rows(metrics, name):
    """Return what each entry is of, its values and its one value."""
    return {
        str(getattr(entry.entity, name)): (entry.values, entry.aggregate_value)
        for entry in metrics.metrics
    }
