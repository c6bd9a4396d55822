"""Write docs/reference/: a page per resource and one of the client itself, from the docstrings of the sync client and the scripts in examples/reference/.

Usage: ``python tools/reference.py [--check]``. Fails when a resource has no example, or an example no resource.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from commands import noun
from reference_models import Models, section

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CLIENT = "src/dagster_plus_sdk/_sync/client.py"
RESOURCES = "src/dagster_plus_sdk/_sync/resources"
EXAMPLES = "examples/reference"
PAGES = "docs/reference"
NOTE = "Written by `tools/reference.py` from the docstrings; do not edit."

HEAD = """\
# client.{attribute}

{about}

In the shell: `dplus {noun}`. The async client has the same methods: await them, and walk lists with `async for`.

```python
{example}```
"""

CLIENT_HEAD = """\
# client

{about}
The async client has the same methods: await what sends.

```python
{example}```
"""

INDEX = """\
# Reference

{note}

[The client](client.md) itself finds out what there is, and sends what no resource is for. What holds on every page:

- What lists return is lazy: requests are sent as you walk. It has `.first()`, `.to_list()` and `.pages()` too, and a `.cursor` to go on from.
- What identifies a thing is positional, all else has a name. Enums are taken as text too, in any case: `status="failure"`.
- Times that are given are aware datetimes or epoch seconds; those of the results are aware datetimes in UTC.
- An asset key is an `AssetKey`, a list of its parts, or text such as `warehouse/orders`.
- A `Document` is a mapping, YAML or JSON text, or the path of such a file.
- A `Secret` shows itself to `.reveal()` only.
- Every method raises a `DagsterPlusError` when it fails; the pages name those that are special to it. What needs Dagster+ says so:
  an open-source server refuses it, with a `GraphQLRequestError`.

{areas}"""

#: What the resources are about.
AREAS = {
    "Runs and code": "runs run_events logs jobs schedules sensors backfills partitions code_locations env_vars resources instance serverless artifacts",
    "Assets": "assets checks search catalog_views favorites pins issues integrations",
    "Watching and cost": "alert_policies alert_notifications insights usage container_metrics audit_log",
    "Organization": "organization organization_settings deployments branch_deployments deployment_settings secrets agents onboarding",
    "People and access": "users teams service_users custom_roles user_tokens agent_tokens service_tokens api_tokens",
}

#: Sections of docstrings whose lines are `name: text`.
SECTIONS = ("Args", "Raises")
_SEE = re.compile(r"See ``(?:(\w+)\.)?(\w+)``([.;].*)", re.DOTALL)
_ENTRY = re.compile(r"^    ([\w*.]+): (.*)$")


class PageError(Exception):
    """A page cannot be written."""


def pages(root: Path) -> dict[str, str]:
    """Return the text of each page by its file name.

    Raises:
        PageError: A resource has no example or no area, or an example no resource.
    """
    modules = {path.stem: path for path in sorted((root / RESOURCES).glob("[!_]*.py"))}
    examples = {path.stem: path for path in (root / EXAMPLES).glob("[!_]*.py")}
    own = examples.pop("client", None)
    for name in sorted(modules.keys() ^ examples.keys()):
        lacks = f"{EXAMPLES}/{name}.py is wanted" if name in modules else f"no resource {name}"
        raise PageError(f"{name}: {lacks}")
    for name in sorted(modules.keys() - set(" ".join(AREAS.values()).split())):
        raise PageError(f"{name}: add it to an area in tools/reference.py (AREAS)")
    models, found, rows = Models(root), {}, dict[str, str]()
    nodes = {name: resource_class(path) for name, path in modules.items()}
    for name, node in nodes.items():
        about = ast.get_docstring(node) or ""
        example = script(examples[name].read_text(encoding="utf-8"))
        found[f"{name}.md"] = page(name, nodes, example, models)
        rows[name] = f"| [{name}]({name}.md) | {prose(about.splitlines()[0])} |"
    if own is not None:
        example = script(own.read_text(encoding="utf-8"))
        found["client.md"] = client_page(resource_class(root / CLIENT, "Resources"), example)
    found["README.md"] = INDEX.format(note=NOTE, areas="\n".join(areas(rows)))
    return found


def areas(rows: dict[str, str]) -> Iterator[str]:
    """Yield the tables of the index: the rows of the resources, by what they are about."""
    for title, names in AREAS.items():
        there = [rows[name] for name in names.split() if name in rows]
        if there:
            yield "\n".join([f"## {title}\n", "| resource | |", "| --- | --- |", *there, ""])


def resource_class(path: Path, base: str = "Resource") -> ast.ClassDef:
    """Return the class of a resource module, or of the client's."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    return next(c for c in classes if c.bases and ast.unparse(c.bases[0]) == base)


def script(text: str) -> str:
    """Return an example without its docstring, which says what it shows."""
    node = ast.parse(text).body[0]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        text = "\n".join(text.splitlines()[node.end_lineno :])
    return text.strip() + "\n"


def page(attribute: str, nodes: dict[str, ast.ClassDef], example: str, models: Models) -> str:
    """Return the page of one of the resources."""
    node = nodes[attribute]
    about = prose(ast.get_docstring(node) or "")
    head = HEAD.format(attribute=attribute, about=about, noun=noun(attribute), example=example)
    public = public_methods(node)
    # Of overloads the one that all are of has the docstring.
    methods = [method(attribute, inner, nodes) for inner in public if not is_overload(inner)]
    returned = section(models, [ast.unparse(inner.returns) for inner in public if inner.returns])
    return "\n".join(filter(None, [head, *methods, returned, NOTE + "\n"]))


def client_page(node: ast.ClassDef, example: str) -> str:
    """Return the page of the client's own methods."""
    about = "\n".join(described("", ast.get_docstring(node) or "", {}))
    methods = [method("", inner, {}) for inner in public_methods(node)]
    return "\n".join([CLIENT_HEAD.format(about=about, example=example), *methods, NOTE + "\n"])


def public_methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return what people may call."""
    functions = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
    return [inner for inner in functions if not inner.name.startswith("_")]


def followed(text: str, attribute: str, name: str, nodes: dict[str, ast.ClassDef]) -> str:
    """Return what is said about an argument; where that is "See ``other``", what the other method says."""
    see = _SEE.match(text)
    if see is None:
        return text
    resource = see[1] or attribute
    found = (inner for inner in nodes[resource].body if isinstance(inner, ast.FunctionDef))
    other = next(inner for inner in found if inner.name == see[2] and not is_overload(inner))
    said = dict(entries(split(ast.get_docstring(other) or "")[1].get("Args", [])))
    return followed(said[name], resource, name, nodes).removesuffix(".") + see[3]


def is_overload(node: ast.FunctionDef) -> bool:
    """Tell whether a function is for type checkers alone."""
    return any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)


def method(attribute: str, node: ast.FunctionDef, nodes: dict[str, ast.ClassDef]) -> str:
    """Return the part of a page about one method."""
    parts = [f"## {node.name}\n", f"```py\n{signature(attribute, node)}\n```\n"]
    return "\n".join(parts + described(attribute, ast.get_docstring(node) or "", nodes))


def described(attribute: str, docstring: str, nodes: dict[str, ast.ClassDef]) -> list[str]:
    """Return the paragraphs of a docstring."""
    text, sections = split(docstring)
    parts = [prose(text) + "\n"]
    for title, lines in sections.items():
        if title in SECTIONS:
            parts.append(f"**{title}**\n")
            parts.extend(
                f"- `{name}`: {prose(followed(text, attribute, name, nodes))}"
                for name, text in entries(lines)
            )
            parts[-1] += "\n"
        elif title == "Example":
            code = "\n".join(lines).strip("\n")
            parts.append(f"```py\n{textwrap.dedent(code)}\n```\n")
        else:
            parts.append(f"**{title}**: {prose(' '.join(' '.join(lines).split()))}\n")
    return parts


def signature(attribute: str, node: ast.FunctionDef) -> str:
    """Return how a method is called, an argument per line where there are many."""
    arguments = node.args
    placed = [argument for argument in arguments.args if argument.arg != "self"]
    defaults: list[ast.expr | None] = [None] * (len(placed) - len(arguments.defaults))
    defaults += arguments.defaults
    listed = [
        ast.unparse(argument) + (f" = {value(default)}" if default is not None else "")
        for argument, default in zip(placed, defaults, strict=True)
    ]
    if arguments.kwonlyargs:
        listed.append("*")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        listed.append(
            ast.unparse(argument) + (f" = {value(default)}" if default is not None else "")
        )
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    returns = returns.replace("builtins.", "")  # of a class with a method of that name
    called = ".".join(filter(None, ["client", attribute, node.name]))
    if any(ast.unparse(decorator) == "property" for decorator in node.decorator_list):
        return called + returns
    one_line = f"{called}({', '.join(listed)}){returns}"
    if len(one_line) <= 100:  # noqa: PLR2004 - as long as a line of code
        return one_line
    lines = "".join(f"    {argument},\n" for argument in listed)
    return f"{called}(\n{lines}){returns}"


def value(node: ast.expr) -> str:
    """Return a default as code, text in double quotes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return json.dumps(node.value)
    return ast.unparse(node)


def split(docstring: str) -> tuple[str, dict[str, list[str]]]:
    """Return a docstring's text, and the lines of its sections by their titles."""
    text: list[str] = []
    sections: dict[str, list[str]] = {}
    current = text
    for line in docstring.splitlines():
        title = re.fullmatch(r"(Args|Returns|Raises|Yields|Example):", line)
        if title:
            current = sections.setdefault(title[1], [])
        else:
            current.append(line)
    return "\n".join(text).strip(), sections


def entries(lines: list[str]) -> list[tuple[str, str]]:
    """Return names and texts of a section."""
    found: list[tuple[str, str]] = []
    for line in lines:
        entry = _ENTRY.match(line)
        if entry:
            found.append((entry[1], entry[2]))
        elif line.strip() and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def prose(text: str) -> str:
    """Return a docstring's text as Markdown."""
    return text.replace("``", "`")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the pages; with ``--check`` tell whether they are current."""
    try:
        wanted = pages(root)
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    folder = root / PAGES
    there = {path.name: path.read_text() for path in folder.glob("*.md")}
    stale = sorted(name for name in wanted.keys() | there if wanted.get(name) != there.get(name))
    if "--check" in arguments:
        for name in stale:
            print(f"{PAGES}/{name} is stale: run make generate", file=sys.stderr)
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (folder / name).write_text(wanted[name])
        else:
            (folder / name).unlink()
    print(f"{len(wanted)} pages in {PAGES}: {len(stale)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
