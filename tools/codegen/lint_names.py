"""No class name is defined twice: the last one would win without an error, and lose data in decoding."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from .models import Models

__all__ = ["class_names", "duplicate_modules", "duplicates", "handwritten_classes"]


def class_names(
    models: Models, enums: Iterable[str], inputs: Iterable[str], folders: Iterable[Path]
) -> dict[str, list[str]]:
    """Return where each class name is defined."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, folder in handwritten_classes(folders).items():
        places[name].append(f"the hand-written {folder}")
    for name in enums:
        places[name].append("an enum of the schema")
    for name in inputs:
        places[name].append("an input type of the schema")
    for module in (*models.modules.values(), *models.results.values()):
        for name in module.names:
            places[name].append(module.origin)
    return dict(places)


def handwritten_classes(folders: Iterable[Path]) -> dict[str, str]:
    """Return the public classes of folders; those of `_async` with their names in `_sync` as well."""
    found: dict[str, str] = {}
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name] = folder.name
                    found[node.name.removeprefix("Async")] = folder.name
    return found


def duplicates(places: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield a line for each name that is defined twice."""
    for name, origins in places.items():
        if len(origins) > 1:
            yield (
                f"{origins[-1]}: class {name} is defined twice, also by {', '.join(origins[:-1])}: rename"
                " the fragment or operation, give the field an alias, or add to MEMBER_NAMES in tables.py"
            )


def duplicate_modules(models: Models) -> Iterator[str]:
    """Yield a line for each module that two fragments, or two operations, would write."""
    for modules in (models.modules.values(), models.results.values()):
        origins: defaultdict[str, list[str]] = defaultdict(list)
        for module in modules:
            origins[f"{module.package}/{module.name}.py"].append(module.origin)
        for path, found in origins.items():
            if len(found) > 1:
                yield f"{found[-1]}: {path} is written twice, also by {found[0]}: rename one"
