"""The source of one generated module."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

__all__ = ["Module"]


@dataclass
class Module:
    """Imports and classes, the latter in the order in which they need each other."""

    package: str
    name: str
    origin: str
    names: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    imports: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def use(self, module: str, name: str) -> str:
        """Import a name and return it."""
        self.imports[module].add(name)
        return name

    def core(self, name: str, module: str = "models") -> str:
        """Import a name of the hand-written `_core` and return it."""
        return self.use(f"..._core.{module}", name)

    def generated(self, package: str, module: str, name: str) -> str:
        """Import a name of another generated module and return it."""
        return self.use(f".{module}" if package == self.package else f"..{package}.{module}", name)

    def add(self, name: str, source: str) -> None:
        """Append a class or an alias."""
        self.names.append(name)
        self.blocks.append(source)

    def source(self) -> str:
        """Return the module's text, not yet formatted."""
        lines = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self.imports.items())
        ]
        return "\n\n".join(["\n".join(lines), *self.blocks]) + "\n"
