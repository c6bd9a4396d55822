"""From the calls in a docstring's section "Example" to the words of a shell.

The section is a docstring's last one, a call per statement, such as ``await client.teams.create("Finance", members=["vic@example.com"])``.
Its arguments are texts, numbers, ``True`` and ``False``, lists and dicts of them, ``Path("file")`` where a file is taken, and names. A name is a
variable: ``run_id`` is ``"$RUN_ID"`` in the shell, but ``yesterday`` and ``now`` are these words, and a list of records is the file of that name.
"""

from __future__ import annotations

import ast
import re
import shlex
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Names that mean a time, in the shell too.
TIMES = frozenset({"now", "today", "yesterday"})

_SECTION = re.compile(r"^Example:\n((?:(?:    .*)?\n?)*)", re.MULTILINE)
_SPECIAL_IN_QUOTES = re.compile(r'([\\"$`])')


class ExampleError(Exception):
    """An example that no command line is."""


class Call:
    """One call of an example: of which method, and with what."""

    def __init__(self, node: ast.stmt) -> None:
        self.source = ast.unparse(node)
        value = node.value if isinstance(node, ast.Expr) else None
        self.is_awaited = isinstance(value, ast.Await)
        if isinstance(value, ast.Await):
            value = value.value
        match = re.match(r"client\.(\w+)\.(\w+)\(", ast.unparse(value) if value else "")
        if match is None or not isinstance(value, ast.Call):
            raise ExampleError(f"{self.source}: no call of a method of client")
        self.attribute, self.method = match[1], match[2]
        self.placed = value.args
        self.named = {k.arg or "**": k.value for k in value.keywords}

    @property
    def python(self) -> str:
        """The call as synchronous code."""
        return self.source.removeprefix("await ")

    @property
    def names(self) -> set[str]:
        """The variables that it needs."""
        arguments = [*self.placed, *self.named.values()]
        nodes = (n for a in arguments for n in ast.walk(a) if isinstance(n, ast.Name))
        return {n.id for n in nodes} - {"Path"}


def calls_in(docstring: str) -> list[Call]:
    """Return the calls of a docstring's example, in their order.

    Raises:
        ExampleError: It is no Python, or something else than calls.
    """
    section = _SECTION.search(docstring + "\n")
    try:
        nodes = ast.parse(textwrap.dedent(section[1])).body if section else []
    except SyntaxError as error:
        raise ExampleError(f"an example is no Python: {error.text or error}") from error
    return [Call(node) for node in nodes]


def shell_line(call: Call, noun: str, entry: Mapping[str, Any], places: Sequence[str]) -> str:
    """Return a call as a command line.

    Args:
        call: The call.
        noun: The noun of its resource.
        entry: The entry of its method in the table of commands.
        places: The method's parameters that can be given by their places.

    Raises:
        ExampleError: The command lacks a parameter, or nothing can be written so.
    """
    params = {param["name"]: param for param in entry["params"]}
    taken = dict(zip(places, call.placed, strict=False))
    if len(taken) < len(call.placed) or taken.keys() & call.named.keys():
        raise ExampleError(f"{call.source}: too many arguments by place")
    placed: list[str] = []
    options: list[str] = []
    for name, node in (taken | call.named).items():
        if name not in params:
            raise ExampleError(f"{call.source}: the command has no {name}")
        try:
            words = _words(params[name], node)
        except ExampleError as error:
            raise ExampleError(f"{call.source}: {name}={ast.unparse(node)}: {error}") from None
        (options if "options" in params[name] else placed).extend(words)
    sure = ["--yes"] if entry.get("destructive") else []
    verb = entry["method"].replace("_", "-")
    return " ".join(["dplus", noun, verb, *placed, *options, *sure])


def _words(param: Mapping[str, Any], node: ast.expr) -> list[str]:
    """Return an argument, or an option with its value."""
    options = param.get("options")
    if param["kind"] in ("flag", "maybe"):
        return [_switch(param, node)]
    text = _quoted(_parts(param["kind"], node))
    return [text] if options is None else [options[0], text]


def _switch(param: Mapping[str, Any], node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    spelling: str = param["options"][0]
    yes, _, no = spelling.partition("/")
    if not isinstance(value, bool) or not (value or no):
        raise ExampleError("nothing that a switch says")
    return yes if value else no


def _parts(kind: str, node: ast.expr) -> list[str | ast.Name]:
    """Return the pieces of a word: texts, and variables."""
    if isinstance(node, ast.Name):
        if kind == "time" and node.id in TIMES:
            return [node.id]
        return [f"{node.id}.yaml"] if kind == "records" else [node]
    if isinstance(node, (ast.List, ast.Tuple)) and kind in ("list", "range"):
        return _list(kind, node)
    if isinstance(node, ast.Dict) and kind == "tags":
        return _tags(node)
    if kind == "config":
        if not isinstance(node, ast.Call) or ast.unparse(node.func) != "Path":
            raise ExampleError('a file is Path("..."): a text would be the document itself')
        (node,) = node.args
    value = node.value if isinstance(node, ast.Constant) else None
    if kind in ("range", "records", "tags") or isinstance(value, bool):
        raise ExampleError("no word can be that")
    if not isinstance(value, (str, int, float)):
        raise ExampleError("neither a text nor a number")
    if kind == "list" and "," in str(value):
        raise ExampleError("a comma would part it")
    return [str(value)]


def _list(kind: str, node: ast.List | ast.Tuple) -> list[str | ast.Name]:
    items = [_parts("text" if kind == "range" else "list", item) for item in node.elts]
    between = ".." if kind == "range" else ","
    if kind == "range" and (len(items) != 2 or any(map(_is_dotted, items))):  # noqa: PLR2004
        raise ExampleError("no range FIRST..LAST")
    return [part for item in items for part in (between, *item)][1:]


def _is_dotted(parts: list[str | ast.Name]) -> bool:
    return any("." in part for part in parts if isinstance(part, str))


def _tags(node: ast.Dict) -> list[str | ast.Name]:
    parts: list[str | ast.Name] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise ExampleError("a key is no text")
        if {"=", ","} & set(key.value) or re.search(r",.*=", ast.unparse(value)):
            raise ExampleError("it would be read as something else")
        parts += [f",{key.value}=" if parts else f"{key.value}=", *_parts("text", value)]
    return parts


def _quoted(parts: list[str | ast.Name]) -> str:
    """Return a word as a shell takes it."""
    if not any(isinstance(part, ast.Name) for part in parts):
        return shlex.quote("".join(map(str, parts)))
    texts = (
        f"${part.id.upper()}"
        if isinstance(part, ast.Name)
        else _SPECIAL_IN_QUOTES.sub(r"\\\1", part)
        for part in parts
    )
    return f'"{"".join(texts)}"'
