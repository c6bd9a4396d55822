"""The documents of code locations: what they may have, and what is made of them."""

from __future__ import annotations

import json

from ...config_types import ROOT, STRING, Listed, Nullable, Shape, camel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ...store import Row

NAME = "location_name"
#: Where the definitions are; a location has one of these.
SOURCES = ("autoload_defs_module_name", "module_name", "package_name", "python_file")
#: What a location may have as well, as texts.
PLAIN = ("image", "working_directory", "executable_path", "attribute", "agent_queue")
#: Code, or an image, that has this in its name fails to load.
BROKEN = "broken"

TEXT = Nullable(STRING)
LOCATION = Shape(
    "Location",
    {
        f"{NAME}*": STRING,
        "code_source*": Shape("CodeSource", dict.fromkeys(SOURCES, STRING), one=True),
        **dict.fromkeys(PLAIN, TEXT),
        "git": Nullable(Shape("Git", {"commit_hash": TEXT, "url": TEXT})),
        "container_context": Nullable(Shape("ContainerContext", {}, open_to_more=True)),
        "pex_metadata": Nullable(Shape("PexMetadata", {}, open_to_more=True)),
        "defs_state_info": Nullable(Shape("DefsStateInfo", {}, open_to_more=True)),
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

    def part(*names: str) -> dict[str, Any]:
        return {name: given[camel(name)] for name in names if camel(name) in given}

    git = part("commit_hash", "url")
    return {
        NAME: given["name"],
        "code_source": part(*SOURCES),
        **part(*PLAIN),
        **({"git": git} if git else {}),
    }


def metadata_text(document: Mapping[str, Any] | None) -> str:
    """Return what agents get of a document: JSON, with the name of a class of theirs."""
    document = document or {}
    git = document.get("git")
    source = document.get("code_source") or {}
    deployed = {
        "__class__": "CodeLocationDeployData",
        **{name: source.get(name) for name in SOURCES},
        **{name: document.get(name) for name in PLAIN},
        "container_context": document.get("container_context") or {},
        "git_metadata": {"__class__": "GitMetadata", **git} if git else None,
        "pex_metadata": document.get("pex_metadata"),
    }
    return json.dumps(deployed)


def display_metadata(document: Mapping[str, Any] | None) -> list[Row]:
    """Return what is shown of a document, as keys and values."""
    document = document or {}
    shown = {
        **(document.get("code_source") or {}),
        **{name: document.get(name) for name in ("image", "working_directory", "executable_path")},
        **(document.get("git") or {}),
    }
    return [{"key": key, "value": value} for key, value in shown.items() if value]


def broken_part(document: Mapping[str, Any] | None) -> str | None:
    """Return what of a document cannot be loaded; None if all can."""
    document = document or {}
    parts = [document.get("image"), *(document.get("code_source") or {}).values()]
    return next((part for part in parts if part and BROKEN in part), None)
