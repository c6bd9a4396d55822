"""The rules of the facade: what each method of a resource must be, and say. Modules are parsed, nothing is imported."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_plus_sdk import operations

from .schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PACKAGE = Path(__file__).parents[2] / "src" / "dagster_plus_sdk"
RESOURCES = PACKAGE / "_async" / "resources"

PAGER = "AsyncPager"
STREAM = "AsyncIterator"
PAGER_PARAMETERS = ("where", "limit", "cursor")
PLAIN = frozenset({"bool", "bytes", "date", "datetime", "float", "int", "Path", "str", "timedelta"})
CONTAINERS = frozenset({"Mapping", "Sequence", "dict", "list", "tuple"})
#: Classes by hand that methods return.
OWN_CLASSES = frozenset(
    [
        "AgentErrorReport",
        "AssetEvent",
        "AssetKey",
        "AssetPartition",
        "CapturedLog",
        "Changes",
        "Secret",
        "Setting",
    ]
)

_MENTIONS = re.compile(r"\b(GraphQL|REST): (``[^`]+``(?:(?:, and |, or |, | and | or )``[^`]+``)*)")
_SECTION = re.compile(r"^(Args|Returns|Yields|Raises|Example|Examples|Note|Notes):$", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w+): ", re.MULTILINE)

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Method:
    """A public method of a resource.

    Attributes:
        where: Its module and name, such as `runs.get`.
        node: Its definition.
        operations: The names of the operations that its module, and what that imports, uses.
    """

    where: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    operations: frozenset[str] = frozenset()
    sections: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        summary, *rest = _SECTION.split(ast.get_docstring(self.node) or "")
        self.sections = {"": summary, **dict(zip(rest[::2], rest[1::2], strict=True))}

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_async(self) -> bool:
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def returned(self) -> str:
        """The name of what is returned, without what is inside its brackets."""
        returns = self.node.returns
        if isinstance(returns, ast.Subscript):
            returns = returns.value
        return returns.id if isinstance(returns, ast.Name) else ""

    @property
    def positional(self) -> list[str]:
        arguments = self.node.args
        return [a.arg for a in (*arguments.posonlyargs, *arguments.args) if a.arg != "self"]

    @property
    def by_keyword(self) -> list[str]:
        return [a.arg for a in self.node.args.kwonlyargs]

    @property
    def sends(self) -> bool:
        """Whether it can send anything: it touches its own attributes, or those of others like it."""
        names = {n.id for n in ast.walk(self.node) if isinstance(n, ast.Name)}
        return bool({"self", "ops"} & names)

    def mentions(self, label: str) -> list[str]:
        """Return the fields or paths that the docstring names behind a label."""
        found = [m[2] for m in _MENTIONS.finditer(self.sections[""]) if m[1] == label]
        return [name for text in found for name in re.findall(r"``([^`]+)``", text)]

    def entries(self, section: str) -> list[str]:
        return _ENTRY.findall(self.sections.get(section, ""))


def methods(folder: Path = RESOURCES) -> list[Method]:
    """Return the public methods of all resources in a folder."""
    return [method for path in sorted(folder.glob("*.py")) for method in methods_in(path)]


def methods_in(path: Path) -> list[Method]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = frozenset(used_operations(path))
    return [
        Method(f"{path.stem}.{node.name}", node, used)
        for owner in tree.body
        if isinstance(owner, ast.ClassDef) and _is_resource(owner)
        for node in owner.body
        if isinstance(node, Function) and not node.name.startswith("_") and not _is_overload(node)
    ]


def _is_resource(node: ast.ClassDef) -> bool:
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    return node.name.startswith("Async") or "AsyncResource" in bases


def _is_overload(node: ast.AST) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)


@cache
def used_operations(path: Path) -> frozenset[str]:
    """Return the operations that a module names as ``ops.x``, or one that it imports from beside it."""
    found, waiting, known = set(), [path], set()
    while waiting:
        module = waiting.pop()
        if module in known or not module.is_file():
            continue
        known.add(module)
        for node in ast.walk(_tree(module)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found |= {node.attr} if node.value.id == "ops" else set()
            elif isinstance(node, ast.ImportFrom) and node.level:
                waiting += _imported(module, node)
    return frozenset(found)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(module: Path, node: ast.ImportFrom) -> Iterator[Path]:
    """Yield the files of the facade that a relative import may mean."""
    folder = module.parents[node.level - 1].joinpath(*(node.module or "").split("."))
    if {"_async", "_core"} & set(folder.parts):
        yield folder.with_suffix(".py")
        yield from (folder / f"{name.name}.py" for name in node.names)


@cache
def root_fields(operation: str) -> frozenset[str]:
    """Return the root fields of an operation, by the docstring of its function."""
    function = getattr(operations, operation, None)
    return frozenset(re.findall(r"`(\w+)`", function.__doc__)) if function else frozenset()


# The rules: each yields what is wrong with a method.


def returns(method: Method, models: Collection[str]) -> Iterator[str]:
    """Many are a pager and no coroutine, all else is async; what is returned is a model or plain."""
    if method.returned == PAGER:
        if method.is_async:
            yield "returns a pager, so it must not be async"
    elif method.name == "list":
        yield f"must return {PAGER}[Model]"
    elif not method.is_async and method.sends:
        yield f"must be async, or return {PAGER}[Model]"
    if not _is_fine(method.node.returns, models, outermost=True):
        shown = ast.unparse(method.node.returns) if method.node.returns else "nothing"
        yield f"is annotated to return {shown}: give a generated model, None, or plain values"


def _is_fine(node: ast.expr | None, models: Collection[str], *, outermost: bool = False) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.BinOp):
        return _is_fine(node.left, models) and _is_fine(node.right, models)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if not isinstance(node, ast.Subscript):
        return name in PLAIN or name in models or name in OWN_CLASSES
    base = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if base not in CONTAINERS and not (outermost and base in (PAGER, STREAM)):
        return False
    if base in ("dict", "Mapping") and ast.unparse(node.slice) == "(str, Any)":
        return True  # free-form JSON; nothing else says less than a model
    return all(_is_fine(one, models) for one in inside)


#: What identifies and may be left out all the same: a pattern may stand for keys.
OMISSIBLE = {"keys"}


def parameters(method: Method) -> Iterator[str]:
    """What identifies comes first, all else by keyword; pagers filter, stop and resume, and say how they page."""
    arguments = method.node.args
    if arguments.vararg or arguments.kwarg:
        yield "takes * or ** arguments"
    optional = method.positional[len(method.positional) - len(arguments.defaults) :]
    if set(optional) - OMISSIBLE:
        yield f"takes {', '.join(optional)} by position, with a default: make it keyword-only"
    annotated = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for argument in annotated:
        if argument.arg != "self" and argument.annotation is None:
            yield f"has no annotation for {argument.arg}"
    if method.returned == PAGER:
        missing = [name for name in PAGER_PARAMETERS if name not in method.by_keyword]
        if missing:
            yield f"returns a pager without {', '.join(missing)} by keyword"
        said = "The API has no pages here" in (ast.get_docstring(method.node) or "")
        if said == ("page_size" in method.by_keyword):
            yield "must take page_size, or else say: The API has no pages here"


def fields(method: Method) -> Iterator[str]:
    """The summary names the GraphQL fields behind, which its module asks for."""
    named = [name.split()[0] for name in method.mentions("GraphQL")]
    if method.sends and not named and not method.mentions("REST"):
        yield "does not name what is behind: GraphQL: ``field``"
    known = _roots()
    asked = {root for operation in method.operations for root in root_fields(operation)}
    for name in named:
        if name not in known:
            yield f"names {name}, which is no root field of the schema"
        elif name not in asked:
            yield f"names {name}, which no operation of its module asks for"


@cache
def _roots() -> dict[str, bool]:
    """Return the root fields, and whether they are mutations."""
    schema = load_schema()
    reads = {**schema.query_type.fields, **schema.subscription_type.fields}
    return {**dict.fromkeys(reads, False), **dict.fromkeys(schema.mutation_type.fields, True)}


def summary(method: Method) -> Iterator[str]:
    """There is a docstring, and its first line is a sentence."""
    first = method.sections[""].strip().partition("\n")[0]
    if not first:
        yield "has no docstring"
    elif not first.endswith("."):
        yield "its docstring's first line must be a whole sentence, with its full stop"


def arguments(method: Method) -> Iterator[str]:
    """Args has each parameter, and no others, in their order."""
    wanted, found = method.positional + method.by_keyword, method.entries("Args")
    missing = [name for name in wanted if name not in found]
    surplus = [name for name in found if name not in wanted]
    if missing:
        yield f"does not say what {', '.join(missing)} is: add it to Args"
    if surplus:
        yield f"has {', '.join(surplus)} in Args, and no such parameter"
    if not missing and not surplus and wanted != found:
        yield f"has Args in another order than its parameters: {', '.join(wanted)}"


def raises(method: Method, exceptions: Collection[str]) -> Iterator[str]:
    """What can fail because of what is given, or changes something, says how."""
    known = _roots()
    changes = any(known.get(name.split()[0]) for name in method.mentions("GraphQL"))
    found = method.entries("Raises")
    if method.sends and (method.positional or changes) and not found:
        yield "has no Raises section"
    for name in found:
        if name not in exceptions:
            yield f"raises {name}, which is no exception of this package"
