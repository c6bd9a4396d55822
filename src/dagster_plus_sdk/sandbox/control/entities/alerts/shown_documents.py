"""Alert policies as the API shows them: the parts of their documents, as it spells them."""

from __future__ import annotations

from ...callers import USER
from ...config_types import camel
from .templates import DEFAULT_BODY, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...context import Context
    from ...store import Row

#: The repository of a code location that does not name its own.
REPOSITORY = "__repository__"


def targets(context: Context, document: Row) -> list[Row]:
    """Return the targets of a policy."""
    return [
        _target(context, name, body)
        for target in document.get("alert_targets") or ()
        for name, body in target.items()
    ]


def service(document: Row) -> Row:
    """Return who is told."""
    given = document.get("notification_service") or {"email": {}}
    ((name, body),) = given.items()
    found = {"__typename": f"{_title(name)}AlertPolicyNotification", **_spelled(body)}
    if name == "webhook":
        found["headers"] = pairs(body.get("headers", {}))
        found["bodyTemplate"] = body.get("body_template") or DEFAULT_BODY
    return found


def options(document: Row) -> Row:
    """Return the options of a policy."""
    return {"__typename": "AlertPolicyOptions", **_spelled(document.get("policy_options") or {})}


def tags(given: list[Row] | None) -> list[Row] | None:
    """Return tags; null where none were given."""
    return given and [{"key": tag["key"], "value": tag.get("value")} for tag in given]


#: What the API calls a key of a document, where that is no other spelling of the same words.
NAMES = {
    "asset_group_name": "assetGroup",
    "location_names": "codeLocationNames",
}
#: What the API calls a target, where that is not its name in a document.
TYPENAMES = {"schedule_or_sensor_target": "ScheduleSensorTarget"}
#: What targets have that their documents leave out, by the start of their names.
DEFAULTS: dict[str, Row] = {
    "credit_limit": {"creditLimit": 30_000},
    "metric_monitor": {"combineFn": "ANY", "comparisonType": "ABSOLUTE"},
}


def _target(context: Context, name: str, body: Row) -> Row:
    found: Row = {"__typename": TYPENAMES.get(name) or _title(name)}
    for start, default in DEFAULTS.items():
        if name.startswith(start):
            found |= default
    for key, value in body.items():
        found |= PARTS[key](context, value) if key in PARTS else _spelled({key: value})
    return found


def _asset_group(_context: Context, value: str | Row) -> Row:
    return _spelled(value) if isinstance(value, dict) else {"assetGroup": value}


def _view(context: Context, value: str) -> Row:
    return {"assetSelectionViewId": value, "view": context.store.get("CatalogView", value)}


def _user(context: Context, value: str) -> Row:
    return {"userEmail": value, "user": context.store.find(USER, email=value)}


def _instigator(one: Row) -> Row:
    return {"name": one["name"], **_place(one)}


def _place(one: Row) -> Row:
    return {
        "codeLocationName": one["location_name"],
        "repositoryName": one.get("repo_name", REPOSITORY),
    }


#: The parts of targets that the API has in another form.
PARTS: dict[str, Callable[[Context, Any], Row]] = {
    "asset_group": _asset_group,
    "asset_key": lambda _, value: {"assetKey": {"path": value}},
    "asset_selection": lambda _, value: {"assetSelection": value, "assetSelectionString": value},
    "asset_selection_view_id": _view,
    "job": lambda _, value: _spelled(value),
    "jobs": lambda _, value: {
        "jobs": [{"jobName": job["job_name"], **_place(job)} for job in value]
    },
    "schedules_or_sensors": lambda _, value: {"schedulesSensors": [*map(_instigator, value)]},
    "tags": lambda _, value: {"tags": tags(value)},
    "thresholds": lambda _, value: {"thresholds": _spelled(value)},
    "user_email": _user,
}


def _spelled(body: Row) -> Row:
    return {NAMES.get(key) or camel(key): value for key, value in body.items()}


def _title(name: str) -> str:
    return "".join(map(str.title, name.split("_")))
