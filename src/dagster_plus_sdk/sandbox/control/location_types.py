"""The documents of code locations: what they may have, and what is made of them."""

from __future__ import annotations

import json

from .config_types import ROOT, STRING, Listed, Nullable, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .store import Row

NAME = "location_name"
#: Where the definitions are; a location has one of these.
SOURCES = ("autoload_defs_module_name", "module_name", "package_name", "python_file")
#: Code, or an image, that has this in its name fails to load.
BROKEN = "broken"


class Anything(Shape):
    """A mapping with any keys.

    Args:
        name: What it is called.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, {})
        # This is how clients know that it may have others than the known keys, which are none.
        self.key: str = f"Permissive.{name}"

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if not isinstance(value, dict):
            yield f"Value {path} must be dict."


TEXT = Nullable(STRING)
LOCATION = Shape(
    "Location",
    {
        f"{NAME}*": STRING,
        "code_source*": Shape("CodeSource", dict.fromkeys(SOURCES, STRING), one=True),
        "image": TEXT,
        "working_directory": TEXT,
        "executable_path": TEXT,
        "attribute": TEXT,
        "agent_queue": TEXT,
        "git": Nullable(Shape("Git", {"commit_hash": TEXT, "url": TEXT})),
        "container_context": Nullable(Anything("ContainerContext")),
        "pex_metadata": Nullable(Anything("PexMetadata")),
        "defs_state_info": Nullable(Anything("DefsStateInfo")),
    },
)
LOCATIONS = Shape("Locations", {"locations*": Listed(LOCATION)})


def location_problems(document: object) -> list[str]:
    """Return what is wrong with the document of one location, in sentences."""
    found = [*LOCATION.problems(document, ROOT)]
    if isinstance(document, dict) and document.get(NAME) == "":
        found.append(f"Value at path root:{NAME} must not be empty.")
    return found


def document_of(selector: Mapping[str, Any]) -> dict[str, Any]:
    """Return a LocationSelector as the document that says the same."""
    given = {key: value for key, value in selector.items() if value is not None}
    named = {
        "image": given.get("image"),
        "working_directory": given.get("workingDirectory"),
        "executable_path": given.get("executablePath"),
        "attribute": given.get("attribute"),
        "agent_queue": given.get("agentQueue"),
        "git": {
            "commit_hash": given.get("commitHash"),
            "url": given.get("url"),
        },
    }
    sources = {
        "autoload_defs_module_name": given.get("autoloadDefsModuleName"),
        "module_name": given.get("moduleName"),
        "package_name": given.get("packageName"),
        "python_file": given.get("pythonFile"),
    }
    return _given({NAME: given["name"], "code_source": _given(sources), **named})


def _given(document: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        key: _given(value) if key == "git" else value
        for key, value in document.items()
        if value is not None
    }
    return {key: value for key, value in found.items() if value != {} or key == "code_source"}


def metadata_text(document: Mapping[str, Any]) -> str:
    """Return what agents get of a document: JSON, with the name of a class of theirs."""
    git = document.get("git")
    source = document.get("code_source") or {}
    plain = ("image", "working_directory", "executable_path", "attribute", "agent_queue")
    deployed = {
        "__class__": "CodeLocationDeployData",
        **{name: source.get(name) for name in SOURCES},
        **{name: document.get(name) for name in plain},
        "container_context": document.get("container_context") or {},
        "git_metadata": {"__class__": "GitMetadata", **git} if git else None,
        "pex_metadata": document.get("pex_metadata"),
    }
    return json.dumps(deployed)


def display_metadata(document: Mapping[str, Any]) -> list[Row]:
    """Return what is shown of a document, as keys and values."""
    shown = {
        **(document.get("code_source") or {}),
        **{name: document.get(name) for name in ("image", "working_directory", "executable_path")},
        **(document.get("git") or {}),
    }
    return [{"key": key, "value": value} for key, value in shown.items() if value]


def broken_part(document: Mapping[str, Any]) -> str | None:
    """Return what of a document cannot be loaded; None if all can."""
    parts = [document.get("image"), *(document.get("code_source") or {}).values()]
    return next((part for part in parts if part and BROKEN in part), None)
