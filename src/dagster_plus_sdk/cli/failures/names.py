"""Which words of a command line are names of things that the server knows, and which list has them: one table, as data.

``suggest`` looks there for what is like a name that was not found, ``completing`` for what a name can be.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, cast

    from ... import DagsterPlus
else:
    from ..printing.text import cast

#: By noun: where an item of its list has the name, and what else helps to tell it from others.
LISTS: dict[str, tuple[str, Sequence[str]]] = {
    "agent": ("label", ("status",)),
    "agent-token": ("id", ("description",)),
    "alert-policy": ("name", ("description",)),
    "api-token": ("id", ("type", "description")),
    "asset": ("key", ("definition.group_name",)),
    "backfill": ("id", ("status", "job_name")),
    "branch-deployment": ("name", ("status",)),
    "catalog-view": ("name", ("description",)),
    "check": ("name", ("key",)),
    "code-location": ("name", ("load_status",)),
    "custom-role": ("name", ("description",)),
    "deployment": ("name", ("type",)),
    "env-var": ("name", ()),
    "issue": ("id", ("status", "title")),
    "job": ("name", ("repository.location.name", "description")),
    "partition": ("", ()),
    "pin": ("id", ("name",)),
    "resource": ("name", ("type",)),
    "run": ("id", ("status", "job_name")),
    "schedule": ("name", ("cron_schedule", "job_name")),
    "secret": ("name", ()),
    "sensor": ("name", ("sensor_type",)),
    "service-user": ("details.name", ()),
    "team": ("details.name", ()),
    "user": ("details.email", ("details.name",)),
    "user-token": ("id", ("description",)),
}  # fmt: skip
#: What is no noun: the list that it is part of.
PARTS: dict[str, tuple[str, str]] = {"asset-group": ("asset", "definition.group_name")}

#: What these parameters name, in every command that has them.
_PARAMETERS = {
    "agent": "agent",
    "alert-policy": "policy",
    "asset": "asset asset_selection assets",
    "asset-group": "asset_group group groups",
    "backfill": "backfill_id",
    "catalog-view": "catalog_view view",
    "code-location": "code_locations location locations",
    "custom-role": "custom_role",
    "deployment": "deployment deployments inherit_permissions_from",
    "issue": "issue_id",
    "job": "job jobs",
    "partition": "partition partition_range partitions",
    "run": "run run_id run_ids",
    "service-user": "service_user",
    "team": "team",
    "user": "add_members member members remove_members user users",
}
_ANYWHERE = {name: kind for kind, names in _PARAMETERS.items() for name in names.split()}
#: By noun and parameter: what is something else there.
_THERE = {
    ("custom-role", "role"): "custom-role",
    ("favorite", "key"): "asset",
    ("partition", "partitions"): "",
    ("pin", "item_id"): "pin",
    ("run", "view"): "",
}
#: Parameters that name what the noun is.
_OWN = frozenset({"key", "keys", "name", "names", "token_id"})
#: Verbs that give a new name.
_NEW = frozenset({"create"})
#: What the partitions of are listed: the parameter of this command, and that of the list.
_PARTITIONED = (
    ("asset", "asset"), ("key", "asset"), ("keys", "asset"), ("assets", "asset"),
    ("asset_selection", "asset"), ("job", "job"), ("name", "job"),
)  # fmt: skip
#: How many are looked at.
MOST = 1000
#: The newest are enough of what only grows; and some lists have smaller pages.
_FEW = {"run": 30, "backfill": 30, "branch-deployment": 100, "issue": 100}


def kind_of(path: str, parameter: str) -> str | None:
    """Return what a parameter of a command names, such as ``job``; None if that is in no list.

    Args:
        path: The command, such as ``schedule get``.
        parameter: The parameter's name.
    """
    noun, _, verb = path.partition(" ")
    if (noun, parameter) in _THERE:
        return _THERE[noun, parameter] or None
    if parameter in _OWN:
        # alert-policy for-job, insights metric-types-of-asset: the verb says of what.
        other = verb.removeprefix("for-") if verb.startswith("for-") else verb.rpartition("-of-")[2]
        noun = other if other in LISTS else noun
        return noun if noun in LISTS and verb not in _NEW else None
    return _ANYWHERE.get(parameter)


def filters_of(kind: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return which filters a list needs to have only what fits the rest of the command line; None if that is missing.

    Args:
        kind: What ``kind_of`` returned.
        values: The values of the command's parameters, as far as they are known.
    """
    if kind != "partition":
        return {}
    for parameter, filter_name in _PARTITIONED:
        texts = texts_of(values.get(parameter))
        if texts:
            return {filter_name: texts[0]}
    return None


def texts_of(value: Any) -> list[str]:
    """Return the words of a value, which may be a list of lists."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, (list, tuple)):
        return []
    return [text for part in cast("list[Any]", value) for text in texts_of(part)]


def fetch(client: DagsterPlus, kind: str, filters: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Ask the server for names, in one request; yield each with what helps to tell it from others."""
    from ..tree import method_of, verb_of

    noun, path = PARTS.get(kind, (kind, ""))
    field, more = LISTS[noun]
    entry = verb_of(f"{noun} list")
    method = method_of(client, entry)
    known: dict[str, Any] = getattr(method, "__kwdefaults__", None) or {}
    sizes = dict.fromkeys(("limit", "page_size"), _FEW.get(noun, MOST))
    found = method(**filters, **{name: size for name, size in sizes.items() if name in known})
    items = next(iter(found.pages())).items if entry["returns"] == "pager" else found
    seen: set[str] = set()
    for item in items:
        name = _text(item, path or field)
        if name and name not in seen:
            seen.add(name)
            yield name, "" if path else " ".join(filter(None, (_text(item, m) for m in more)))


def _text(item: Any, path: str) -> str:
    for name in path.split(".") if path else ():
        item = getattr(item, name, None)
    return "" if item is None else str(getattr(item, "value", item))
