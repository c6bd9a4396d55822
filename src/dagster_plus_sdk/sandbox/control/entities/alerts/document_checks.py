"""The check of alert policies' documents: their types, and what of them goes together."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ...config_types import ROOT
from ...registry import Failure
from .document_types import (
    GROUPS,
    LONG_RUNNING,
    LONG_RUNNING_TARGET,
    ONE_TARGET,
    OPTION_EVENTS,
    POLICIES,
    POLICY,
    TARGETS_OF,
)
from .templates import template_problems

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ...store import Row

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
MOST_FAILURES = 100
#: Where texts must not be empty, and lists neither.
FILLED = {
    "asset_group",
    "asset_key",
    "asset_selection",
    "email_addresses",
    "integration_key",
    "job_name",
    "location_name",
    "metric_name",
    "slack_channel_name",
    "slack_workspace_name",
}
#: Numbers that must be more than zero.
POSITIVE = {"threshold_seconds", "selection_period_days", "lookback_window"}


def check_policy(document: Any) -> Row:
    """Return one policy's document.

    Raises:
        Failure: It is none.
    """
    problems = [*POLICY.problems(document, ROOT)] or [*policy_problems(document)]
    _refuse(problems)
    found: Row = document
    return found


def check_policies(document: Any) -> list[Row]:
    """Return the policies of a document of all, of which each has a name of its own.

    Raises:
        Failure: It is none, a bare list for example, as Dagster+ takes none.
    """
    problems = [*POLICIES.problems(document, ROOT)]
    _refuse(problems)
    policies: list[Row] = document["alert_policies"]
    names = [policy["name"] for policy in policies]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [f"There are several alert policies named {name!r}." for name in twice]
    for policy in policies:
        problems += [f"{policy['name']}: {problem}" for problem in policy_problems(policy)]
    _refuse(problems)
    return policies


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Failure(
            "InvalidAlertPolicyError",
            f"The alert policy document is invalid: {problems[0]}",
            errors=problems,
        )


def policy_problems(policy: Row) -> Iterator[str]:
    """Yield what is wrong with a document whose types are right."""
    events: list[str] = policy["event_types"]
    if not policy["name"].strip():
        yield "name must not be empty."
    if not events:
        yield "event_types must have at least one event type."
        return
    groups = {GROUPS[event] for event in events}
    families = {family for family, _ in groups}
    if len(families) > 1:
        yield f"A policy cannot mix {_all(families)} event types."
    elif len(groups) > 1:
        yield f"An asset policy cannot mix {_all(group for _, group in groups)} event types."
    else:
        yield from _targets(policy, events, *families)
    yield from _service(policy["notification_service"], events, families)
    yield from _options(policy.get("policy_options") or {}, events)


def _targets(policy: Row, events: list[str], family: str) -> Iterator[str]:
    targets = [
        (name, body) for one in policy.get("alert_targets") or () for name, body in one.items()
    ]
    for name, body in targets:
        if name not in _fitting(events, family):
            yield f"{name} cannot be a target of {', '.join(events)}."
        yield from _values(name, body)
    if LONG_RUNNING in events and all(name != LONG_RUNNING_TARGET for name, _ in targets):
        yield f"{LONG_RUNNING} requires a {LONG_RUNNING_TARGET}."
    if family in ONE_TARGET and len(targets) != 1:
        yield f"A policy of {', '.join(events)} must have exactly one target."


def _fitting(events: list[str], family: str) -> list[str]:
    """Return the targets that events can have; of jobs, how long a run takes has its own."""
    names = list(TARGETS_OF[family])
    if family == "job" and LONG_RUNNING not in events:
        names.remove(LONG_RUNNING_TARGET)
    if events == [LONG_RUNNING]:
        names = [LONG_RUNNING_TARGET]
    return names


def _values(name: str, body: Row) -> Iterator[str]:
    """Yield what is wrong with the values of a target or a service, and with those in them."""
    for key, value in body.items():
        if key in FILLED and not value:
            yield f"{key} of {name} must not be empty."
        if key in POSITIVE and value <= 0:
            yield f"{key} of {name} must be greater than 0."
        if key == "thresholds":
            yield from _thresholds(name, value)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _values(f"{name}.{key}", inner)


def _thresholds(name: str, thresholds: Row) -> Iterator[str]:
    low, high = thresholds.get("min_allowed_value"), thresholds.get("max_allowed_value")
    if low is None and high is None:
        yield f"thresholds of {name} must have min_allowed_value or max_allowed_value."
    elif low is not None and high is not None and low > high:
        yield f"min_allowed_value of {name} must not be greater than max_allowed_value."


def _service(service: Row, events: list[str], families: set[str]) -> Iterator[str]:
    ((name, body),) = service.items()
    yield from _values(name, body)
    if name == "email_owners" and families != {"asset"}:
        yield "email_owners can only be used with asset event types."
    for key in ("email_addresses", "default_email_addresses"):
        for address in body.get(key) or ():
            if not ADDRESS.fullmatch(address):
                yield f"{address!r} is not an email address."
    if "webhook_url" in body and not _is_url(body["webhook_url"]):
        yield f"webhook_url of {name} must be an http or https URL."
    for problem in template_problems(body.get("body_template", ""), events):
        yield problem["message"]


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.hostname)


def _options(options: Row, events: list[str]) -> Iterator[str]:
    for option, allowed in OPTION_EVENTS.items():
        if option in options and not set(events) <= set(allowed):
            yield f"{option} can only be used with {', '.join(allowed)}."
    failures = options.get("consecutive_failure_threshold", 1)
    if not 1 <= failures <= MOST_FAILURES:
        yield f"consecutive_failure_threshold must be from 1 to {MOST_FAILURES}."
    if options.get("renotify_interval_minutes", 1) < 1:
        yield "renotify_interval_minutes must be at least 1."
    if "ASSET_TABLE_SCHEMA_CHANGE" in events and not options.get("table_schema_change_types"):
        yield "ASSET_TABLE_SCHEMA_CHANGE requires at least one of table_schema_change_types."


def _all(names: Any) -> str:
    return " and ".join(sorted(names))
