"""The models on the pages of the reference: what the methods of a resource return, and which fields it has."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDERS = ("src/dagster_plus_sdk/_generated/models", "src/dagster_plus_sdk/_core")
#: The bases of all models. Their own fields, such as the name of the type, are for the decoder.
ROOTS = {"BaseModel", "PublicNames", "Unknown"}
_WORD = re.compile(r"\b[A-Z]\w+")


class _Plain(ast.NodeTransformer):
    """Takes out of an annotation what is for the decoder, and what stands for types of newer servers."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if ast.unparse(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple):
            return node.slice.elts[0]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return node.left if ast.unparse(node.right) == "Unknown" else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(re.sub(r"^Any(?=[A-Z])", "", node.id))


class Models:
    """The models of the package, by name.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        files = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.py"))]
        bodies = [ast.parse(path.read_text(encoding="utf-8")).body for path in files]
        classes = [node for body in bodies for node in body if isinstance(node, ast.ClassDef)]
        self._nodes = {node.name: node for node in classes}
        self._bases = {node.name: [ast.unparse(base) for base in node.bases] for node in classes}

    def is_model(self, name: str) -> bool:
        """Tell whether a name is that of a model."""
        bases = self._bases.get(name, ())
        return any(base in ROOTS or self.is_model(base) for base in bases)

    def fields(self, name: str) -> dict[str, str]:
        """Return the fields of a model with their types, inherited ones first."""
        if name in ROOTS or name not in self._nodes:
            return {}
        found: dict[str, str] = {}
        for base in self._bases[name]:
            found.update(self.fields(base))
        for inner in self._nodes[name].body:
            if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
                found[inner.target.id] = ast.unparse(_Plain().visit(inner.annotation))
        return {field: kind for field, kind in found.items() if field != "typename__"}

    def title(self, name: str) -> str:
        """Return a model's name, for a kind of another with that one's."""
        bases = [base for base in self._bases[name] if name in self._kinds(base)]
        return f"{name}({bases[0]})" if bases else name

    def of(self, annotations: Iterable[str]) -> list[str]:
        """Return the models that annotations name, their kinds, and those in their fields, in this order."""
        found: list[str] = []
        named = [word for text in annotations for word in _WORD.findall(text)]
        found.extend(name for name in dict.fromkeys(named) if self.is_model(name))
        found.extend(kind for name in tuple(found) for kind in self._kinds(name))
        kinds = [kind for name in found for kind in self.fields(name).values()]
        inner = [word for kind in kinds for word in _WORD.findall(kind)]
        found.extend(name for name in inner if self.is_model(name))
        return list(dict.fromkeys(found))

    def _kinds(self, name: str) -> list[str]:
        """Return the models of the members of a union."""
        # Each union has one for newer servers; a model that adds fields to another, as `Run` to `RunSummary`, is no kind.
        if f"Unknown{name}" not in self._nodes:
            return []
        return [other for other, bases in self._bases.items() if bases == [name]]


def section(models: Models, annotations: Iterable[str]) -> str:
    """Return the part of a page about the models that methods return; empty where there are none."""
    parts = [
        f"class {models.title(name)}:\n"
        + "".join(f"    {field}: {kind}\n" for field, kind in fields.items())
        for name in models.of(annotations)
        if (fields := models.fields(name))
    ]
    return "## Models\n\n```py\n" + "\n".join(parts) + "```\n" if parts else ""
