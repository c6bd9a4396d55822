"""Write docs/sandbox-coverage.md: what of that which only Dagster+ has the sandbox answers, what not and why, and its switches.

Usage: ``python tools/sandbox_coverage.py [--check]``. The check fails when the page is out of date, when an operation's root field is
neither answered nor has a reason, when a reason has become wrong, and when too little is answered.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from api_coverage import operations, root_fields
from codegen.naming import module_name

from dagster_plus_sdk.sandbox.control.missing import MISSING
from dagster_plus_sdk.sandbox.control.real import SAME
from dagster_plus_sdk.sandbox.control.registry import MUTATIONS, QUERIES, SWITCHES
from dagster_plus_sdk.sandbox.front import app as front
from dagster_plus_sdk.sandbox.front import asset_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dagster_plus_sdk.sandbox.control.registry import Switch

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/sandbox-coverage.md"
#: Subscriptions that are made of what the real Dagster has.
FROM_DAGSTER = {("subscription", asset_events.FIELD)}
#: Imported with all that writes itself into the registry.
ALL = front
#: The share of operations that only Dagster+ has which must be answered.
LEAST = 0.9
STATE = "state"
DAGSTER = "Dagster"

HEAD = """\
# What the sandbox answers

Written by `tools/sandbox_coverage.py` from `queries/`, the control plane and open-source Dagster's schema; do not edit.

What open-source Dagster has too is answered by the real Dagster behind the sandbox, and does not stand here. Of the {total} operations
of this package that only Dagster+ has, {answered} are answered ({share:.1%}): from the control plane's state, where it says "{state}", and from what the
real Dagster has under another name, where it says "{dagster}". The others are answered with a GraphQL error of the code `NOT_IN_SANDBOX` that gives
the reason. What is guessed about Dagster+ is a switch, or is said in [the sandbox's guide](sandbox.md).
"""


@dataclass(frozen=True)
class Root:
    """A root field that only Dagster+ has.

    Attributes:
        kind: query, mutation or subscription.
        name: Its name.
        resource: The file in queries/ with its first operation; an empty text if it has none.
        operations: Its operations.
        answered_by: `STATE`, `DAGSTER`, or an empty text.
    """

    kind: str
    name: str
    resource: str
    operations: tuple[str, ...]
    answered_by: str


@cache
def real_fields() -> frozenset[tuple[str, str]]:
    """Return kind and name of the root fields of open-source Dagster."""
    from dagster_graphql.schema import create_schema

    schema = create_schema().graphql_schema
    kinds = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    return frozenset((kind, name) for kind, root in kinds.items() if root for name in root.fields)


def collect(folder: Path = ROOT) -> list[Root]:
    """Return all root fields that only Dagster+ has, as they stand in the schema."""
    used: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for path in sorted((folder / "queries").glob("*.graphql")):
        for key, names in operations([path.read_text(encoding="utf-8")]).items():
            used.setdefault(key, []).extend((path.stem, module_name(name)) for name in names)
    found = []
    for kind, name in root_fields((folder / "schema.graphql").read_text(encoding="utf-8")):
        if (kind, name) not in real_fields():
            mine = used.get((kind, name), [])
            resource = mine[0][0] if mine else ""
            senders = tuple(operation for _, operation in mine)
            found.append(Root(kind, name, resource, senders, _answered_by(kind, name)))
    return found


def _answered_by(kind: str, name: str) -> str:
    table: Mapping[str, object] = {"query": QUERIES, "mutation": MUTATIONS}.get(kind, {})
    if name in table:
        return STATE
    return DAGSTER if name in SAME or (kind, name) in FROM_DAGSTER else ""


def shares(roots: Iterable[Root]) -> Counter[bool]:
    """Return how many operations are answered in all their root fields, and how many are not."""
    verdicts: dict[str, bool] = {}
    for root in roots:
        for operation in root.operations:
            verdicts[operation] = verdicts.get(operation, True) and bool(root.answered_by)
    return Counter(verdicts.values())


def problems(roots: list[Root], missing: Mapping[str, str]) -> list[str]:
    """Return what is wrong, a line each."""
    found = []
    for root in roots:
        if root.answered_by and root.name in missing:
            found.append(f"{root.kind} {root.name} is answered: take it out of MISSING")
        elif root.operations and not root.answered_by and root.name not in missing:
            found.append(f"{root.kind} {root.name} is neither answered nor in MISSING")
    known = {root.name for root in roots}
    found += [f"{name} is in MISSING, and no root field" for name in missing if name not in known]
    counted = shares(roots)
    if counted[True] < LEAST * counted.total():
        found.append(f"{counted[True]} of {counted.total()} operations are answered: too few")
    return found


def render(roots: list[Root], missing: Mapping[str, str], switches: Mapping[str, Switch]) -> str:
    """Return the page."""
    parts = [_head(shares(roots)), *(_resource(roots, name) for name in _resources(roots))]
    left = [(_code([r.name]), r.kind, missing.get(r.name, "")) for r in roots if not r.answered_by]
    parts.append(_table("Missing", ("root field", "kind", "reason"), left))
    rows = [
        (_code([name]), _code(switch.choices[:1]), _code(switch.choices[1:]), switch.about)
        for name, switch in sorted(switches.items())
    ]
    parts.append(_table("Switches", ("switch", "default", "else", "what is not known"), rows))
    return "\n".join(parts)


def _head(counted: Counter[bool]) -> str:
    total = counted.total()
    share = counted[True] / total if total else 0
    return HEAD.format(
        total=total, answered=counted[True], share=share, state=STATE, dagster=DAGSTER
    )


def _resource(roots: list[Root], resource: str) -> str:
    rows = [
        (_code([root.name]), root.kind, _code(root.operations), root.answered_by)
        for root in roots
        if root.resource == resource and root.answered_by
    ]
    title = resource.replace("_", " ").capitalize() or "Without an operation"
    return _table(title, ("root field", "kind", "operations", "answered by"), rows)


def _resources(roots: Iterable[Root]) -> list[str]:
    """Return the resources of what is answered; what has none comes last."""
    found = {root.resource for root in roots if root.answered_by}
    return sorted(found, key=lambda resource: (not resource, resource))


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"## {title}", "", _line(heads), _line(["---"] * len(heads)), *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main(arguments: list[str], folder: Path = ROOT, missing: Mapping[str, str] = MISSING) -> int:
    """Write the page; with ``--check`` tell whether it is current, and all as it should be."""
    roots = collect(folder)
    found = problems(roots, missing)
    text, target = render(roots, missing, SWITCHES), folder / PAGE
    if "--check" not in arguments:
        target.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE}")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        found.append(f"{PAGE} is stale: run make generate")
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
