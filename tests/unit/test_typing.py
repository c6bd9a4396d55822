"""The files in tests/typing are what the type checkers check; here, that they are checked and complete."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import dagster_plus_sdk

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "typing"
MISUSE = FOLDER / "misuse.py"

_MARKED = re.compile(r"# type: ignore\[[\w-]+\]  # pyright: ignore\[\w+\]$")


def section(name: str) -> str:
    """A table of pyproject.toml, as text: Python 3.10 reads no TOML."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text.split(f"[{name}]\n", 1)[1].split("\n[", 1)[0]


def unmarked(source: str) -> list[str]:
    """The lines of code inside functions that are not marked as a mistake for both checkers."""
    lines = source.splitlines()
    statements = [
        node
        for function in ast.parse(source).body
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in function.body
    ]
    return [lines[s.lineno - 1] for s in statements if not _MARKED.search(lines[s.lineno - 1])]


def test_both_checkers_check_the_folder():
    assert '"tests/typing"' in section("tool.mypy").split("files =")[1].splitlines()[0]
    assert "strict = true" in section("tool.mypy")
    for setting in ("include", "strict"):
        folders = section("tool.pyright").split(f"{setting} =")[1].partition("]")[0]
        assert '"tests/typing"' in folders


def test_each_mistake_is_marked_for_both_checkers():
    assert unmarked(MISUSE.read_text(encoding="utf-8")) == []


def test_an_unmarked_line_is_found():
    assert unmarked("def f(run):\n    print(run.colour)\n") == ["    print(run.colour)"]


def test_each_checked_function_asserts_a_type_or_is_a_mistake():
    bare = [
        f"{path.name}: {node.name}"
        for path in sorted(FOLDER.glob("*.py"))
        if path != MISUSE
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.returns is not None
        and ast.unparse(node.returns) == "None"
        and "assert_type(" not in ast.unparse(node)
        and ": " not in ast.unparse(node.body[0])
    ]
    assert bare == []


def test_the_package_says_that_it_is_typed():
    assert (Path(dagster_plus_sdk.__file__).parent / "py.typed").read_bytes() == b""
