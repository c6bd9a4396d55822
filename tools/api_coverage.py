"""Write docs/coverage.md: which root fields of the API have an operation and a method, and why the others have none.

Usage: ``python tools/api_coverage.py [--check | --missing]``. The check fails when the page is out of date, when a root field
has no operation and no reason, or when a reason has become wrong.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.naming import module_name
from graphql import OperationDefinitionNode, build_schema, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/coverage.md"

OLD_NAME = "an old name of `{}`"
TELEMETRY = "telemetry of the web interface"
WEB_STATE = "state of the web interface"
PAYMENT = "payment set-up, which belongs to the web interface"

#: Root fields without an operation, with the reason.
EXCUSED = {
    "cancelStripeSubscription": PAYMENT,
    "deletePipelineRun": OLD_NAME.format("deleteRun"),
    "dismissUserNuxChecklistEntry": WEB_STATE,
    "launchPipelineExecution": OLD_NAME.format("launchRun"),
    "launchPipelineReexecution": OLD_NAME.format("launchRunReexecution"),
    "logTelemetry": TELEMETRY,
    "markCliEvent": TELEMETRY,
    "paymentMethodListOrError": PAYMENT,
    "pipelineRunOrError": OLD_NAME.format("runOrError"),
    "pipelineRunsOrError": OLD_NAME.format("runsOrError"),
    "removeStripePaymentMethod": PAYMENT,
    "setNuxSeen": WEB_STATE,
    "shareFeedback": TELEMETRY,
    "shouldShowNux": WEB_STATE,
    "stripeSetupIntent": PAYMENT,
    "terminatePipelineExecution": OLD_NAME.format("terminateRun"),
    "test": "for the vendor's own tests",
    "updateStripeCustomer": PAYMENT,
    "updateStripeCustomerTaxIDs": PAYMENT,
    "updateStripeSubscription": PAYMENT,
    "userNuxChecklistEntry": WEB_STATE,
}

#: More than these would no longer be the whole API.
MOST_EXCUSED = 30

HEAD = """\
# What of the API is covered

Written by `tools/api_coverage.py` from `schema.graphql`, `queries/` and the client's resources; do not edit.

{covered} of {total} root fields have an operation; {excused} have none, each with its reason below. A field without a method is
sent with `client.execute(operations.<operation>(...))`, which has the same retries, errors and types.
"""


@dataclass(frozen=True)
class Root:
    """A root field: its kind, and the operations and methods that use it."""

    name: str
    kind: str
    operations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


def root_fields(schema_text: str) -> list[tuple[str, str]]:
    """Return kind and name of every root field, as they stand in the schema."""
    schema = build_schema(schema_text, assume_valid=True)
    kinds = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    return [(kind, name) for kind, root in kinds.items() if root for name in root.fields]


def operations(texts: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return the names of the operations that select each root field, by its kind and name."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for text in texts:
        for node in parse(text).definitions:
            if isinstance(node, OperationDefinitionNode) and node.name:
                for field in node.selection_set.selections:
                    key = node.operation.value, getattr(field, "name").value  # noqa: B009 - a field
                    found[key].append(node.name.value)
    return found


def methods(folder: Path) -> dict[str, list[str]]:
    """Return the public methods that send each operation, by its function: ``get_run`` gives ``["runs.get"]``."""
    modules = {path.stem: Module.read(path) for path in sorted(folder.rglob("*.py"))}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((folder / "resources").glob("[!_]*.py")):
        for owner, name in modules[path.stem].functions:
            if owner and not name.startswith("_"):
                for operation in _reached(modules, (path.stem, owner, name)):
                    found[operation].append(f"{path.stem}.{name}")
    return found


@dataclass(frozen=True)
class Module:
    """A module's functions, by class and name, and what it takes from others."""

    functions: dict[tuple[str, str], ast.AST]
    imports: dict[str, str]
    is_resource: bool

    @classmethod
    def read(cls, path: Path) -> Module:
        """Return what a file has."""
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions: dict[tuple[str, str], ast.AST] = {}
        for node in tree.body:
            owner = node.name if isinstance(node, ast.ClassDef) else ""
            for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    functions[owner, inner.name] = inner
        imports = {
            alias.name: node.module.rpartition(".")[2]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        return cls(functions, imports, path.parent.name == "resources")


def _reached(modules: dict[str, Module], start: tuple[str, str, str]) -> set[str]:
    """Return the operations that a method uses, itself or through what it calls."""
    seen, waiting, used = {start}, [start], set()
    while waiting:
        here, owner, function = waiting.pop()
        for of, name in _names(modules[here].functions[owner, function]):
            if of == "ops":
                used.add(name)
            for key in _meant(modules, (here, owner), of, name):
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
    return used


def _meant(
    modules: dict[str, Module], here: tuple[str, str], of: str, name: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the functions that a name stands for; a class that is no resource stands for all that it does."""
    if of == "self":
        module, owner = here
    else:
        module = modules[here[0]].imports.get(of or name, here[0])
        owner = of
    for cls, function in modules[module].functions if module in modules else ():
        if (cls, function) == (owner, name) or (
            cls and cls == name and not of and not modules[module].is_resource
        ):
            yield module, cls, function


def _names(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield ``("ops", "get_run")``, ``("self", "list")``, ``("AsyncRuns", "create")`` and ``("", "launch_run")``.

    Annotations only name what comes from elsewhere.
    """
    for inner in _outside_annotations(node):
        if isinstance(inner, ast.Attribute):
            made = inner.value.func if isinstance(inner.value, ast.Call) else inner.value
            if isinstance(made, ast.Name):
                yield made.id, inner.attr
        elif isinstance(inner, ast.Name):
            yield "", inner.id


def _outside_annotations(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, ast.AST):
                    yield from _outside_annotations(inner)


def collect(root: Path) -> list[Root]:
    """Return all root fields with what covers them."""
    queries = [path.read_text() for path in sorted((root / "queries").glob("*.graphql"))]
    known = operations(queries)
    senders = methods(root / "src" / "dagster_plus_sdk" / "_async")
    found = []
    for kind, name in root_fields((root / "schema.graphql").read_text()):
        names = known.get((kind, name), [])
        used = {method for n in names for method in senders.get(module_name(n), ())}
        found.append(Root(name, kind, tuple(map(module_name, names)), tuple(sorted(used))))
    return found


def problems(roots: Iterable[Root], excused: dict[str, str]) -> list[str]:
    """Return what is wrong, a line each."""
    found = []
    left = set(excused)
    for root in roots:
        if root.name in excused:
            left.discard(root.name)
            if root.operations:
                found.append(f"{root.name} has an operation: remove its excuse")
        elif not root.operations:
            found.append(f"{root.kind} {root.name} has no operation in queries/ and no reason")
    found += [f"{name} is excused and is no root field: remove it" for name in sorted(left)]
    if len(excused) > MOST_EXCUSED:
        found.append(f"{len(excused)} root fields are excused; at most {MOST_EXCUSED} may be")
    return found


def render(roots: list[Root], excused: dict[str, str]) -> str:
    """Return the page."""
    covered = sum(bool(root.operations) for root in roots)
    left_out = [root for root in roots if not root.operations]
    parts = [HEAD.format(covered=covered, total=len(roots), excused=len(left_out))]
    for kind, title in (
        ("query", "Queries"),
        ("mutation", "Mutations"),
        ("subscription", "Subscriptions"),
    ):
        rows = [root for root in roots if root.kind == kind and root.operations]
        parts.append(f"## {title}\n\n| root field | operation | methods |\n| --- | --- | --- |\n")
        parts[-1] += "".join(
            f"| `{r.name}` | {_code(r.operations)} | {_code(r.methods)} |\n" for r in rows
        )
    parts.append("## Left out\n\n| root field | reason |\n| --- | --- |\n")
    parts[-1] += "".join(f"| `{r.name}` | {excused.get(r.name, '')} |\n" for r in left_out)
    return "\n".join(parts)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main(arguments: list[str], root: Path = ROOT, excused: dict[str, str] | None = None) -> int:
    """Write the page; with ``--check`` tell whether it is current and complete."""
    excused = EXCUSED if excused is None else excused
    roots = collect(root)
    found = problems(roots, excused)
    if "--missing" in arguments:
        print("\n".join(found))
        return 0
    text, target = render(roots, excused), root / PAGE
    if "--check" not in arguments:
        target.write_text(text)
        print(f"wrote {PAGE}")
    elif not target.exists() or target.read_text() != text:
        found.append(f"{PAGE} is stale: run make generate")
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
