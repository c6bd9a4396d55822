"""Write docs/reference/: a page per resource, from the docstrings of the sync client and the scripts in examples/reference/.

Usage: ``python tools/reference.py [--check]``. Fails when a resource has no example, or an example no resource.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from commands import noun

ROOT = Path(__file__).resolve().parent.parent
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

INDEX = """\
# Reference

{note}

| resource | |
| --- | --- |
{rows}
"""

#: Sections of docstrings whose lines are `name: text`.
SECTIONS = ("Args", "Raises")
_ENTRY = re.compile(r"^    ([\w*.]+): (.*)$")


class PageError(Exception):
    """A page cannot be written."""


def pages(root: Path) -> dict[str, str]:
    """Return the text of each page by its file name.

    Raises:
        PageError: A resource has no example, or an example no resource.
    """
    modules = {path.stem: path for path in sorted((root / RESOURCES).glob("[!_]*.py"))}
    examples = {path.stem: path for path in (root / EXAMPLES).glob("[!_]*.py")}
    for name in sorted(modules.keys() ^ examples.keys()):
        lacks = f"{EXAMPLES}/{name}.py is wanted" if name in modules else f"no resource {name}"
        raise PageError(f"{name}: {lacks}")
    found, rows = {}, []
    for name, path in modules.items():
        node = resource_class(path)
        about = ast.get_docstring(node) or ""
        example = script(examples[name].read_text(encoding="utf-8"))
        found[f"{name}.md"] = page(name, node, about, example)
        rows.append(f"| [{name}]({name}.md) | {prose(about.splitlines()[0])} |")
    found["README.md"] = INDEX.format(note=NOTE, rows="\n".join(rows))
    return found


def resource_class(path: Path) -> ast.ClassDef:
    """Return the class of a resource module."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    return next(c for c in classes if c.bases and ast.unparse(c.bases[0]) == "Resource")


def script(text: str) -> str:
    """Return an example without its docstring, which says what it shows."""
    node = ast.parse(text).body[0]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        text = "\n".join(text.splitlines()[node.end_lineno :])
    return text.strip() + "\n"


def page(attribute: str, node: ast.ClassDef, about: str, example: str) -> str:
    """Return the page of one resource."""
    head = HEAD.format(
        attribute=attribute, about=prose(about), noun=noun(attribute), example=example
    )
    methods = [
        method(attribute, inner)
        for inner in node.body
        if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_")
    ]
    return "\n".join([head, *methods, NOTE + "\n"])


def method(attribute: str, node: ast.FunctionDef) -> str:
    """Return the part of a page about one method."""
    text, sections = split(ast.get_docstring(node) or "")
    parts = [f"## {node.name}\n", f"```py\n{signature(attribute, node)}\n```\n"]
    parts.append(prose(text) + "\n")
    for title, lines in sections.items():
        if title in SECTIONS:
            parts.append(f"**{title}**\n")
            parts.append("".join(f"- `{n}`: {prose(t)}\n" for n, t in entries(lines)))
        else:
            parts.append(f"**{title}**: {prose(' '.join(' '.join(lines).split()))}\n")
    return "\n".join(parts)


def signature(attribute: str, node: ast.FunctionDef) -> str:
    """Return how a method is called, an argument per line where there are many."""
    arguments = node.args
    listed = [ast.unparse(argument) for argument in arguments.args if argument.arg != "self"]
    if arguments.kwonlyargs:
        listed.append("*")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        listed.append(
            ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")
        )
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    one_line = f"client.{attribute}.{node.name}({', '.join(listed)}){returns}"
    if len(one_line) <= 100:  # noqa: PLR2004 - as long as a line of code
        return one_line
    lines = "".join(f"    {argument},\n" for argument in listed)
    return f"client.{attribute}.{node.name}(\n{lines}){returns}"


def split(docstring: str) -> tuple[str, dict[str, list[str]]]:
    """Return a docstring's text, and the lines of its sections by their titles."""
    text: list[str] = []
    sections: dict[str, list[str]] = {}
    current = text
    for line in docstring.splitlines():
        title = re.fullmatch(r"(Args|Returns|Raises|Yields):", line)
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
