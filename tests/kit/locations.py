"""Answers about code locations, as Dagster+ gives them, and the schema of their documents."""

from __future__ import annotations


def location_status(name: str, status: str = "LOADED", **changes):
    """A code location's state."""
    base = {
        "id": name,
        "name": name,
        "loadStatus": status,
        "updatedAt": 1700000000.0,
        "versionKey": "1",
    }
    return base | changes


def location_entry(name: str, **changes):
    """A code location as Dagster+ keeps it."""
    base = {
        "__typename": "WorkspaceEntry",
        "name": name,
        "hasLoadError": False,
        "hasOutdatedData": False,
        "canEditPermissions": True,
        "dataUpdatedAt": 1700000000.0,
        "metadataUpdatedAt": None,
        "metadataJson": "{}",
    }
    return base | changes


def location_load(name: str, number: int):
    """The load of a code location; every second one failed."""
    failed = {"className": None, "message": "no", "stack": [], "causes": []}
    change = {"repositoryName": "shop", "added": [], "modified": [{"path": ["a"]}], "removed": []}
    return {
        "name": name,
        "status": "ERROR" if number % 2 else "LOADED",
        "triggeredAt": 1700000000.0 - number,
        "uploadedAt": 1700000000.5 - number,
        "document": {"number": number},
        "metadata": [],
        "diff": None if number % 2 else {"repositories": [change]},
        "error": failed if number % 2 else None,
    }


def known(key: str, *, selector: bool = False):
    """What all types of a schema have."""
    return {"key": key, "description": None, "isSelector": selector, "typeParamKeys": []}


def composite(name: str, *, selector: bool = False, **fields: str):
    """A type with fields of other types; a question mark behind the type is for a field that may be absent."""
    return {
        "__typename": "CompositeConfigType",
        **known(name, selector=selector),
        "fields": [
            {
                "name": field,
                "description": None,
                "typeKey": kind.rstrip("?"),
                "isRequired": kind[-1] != "?",
                "defaultJson": None,
            }
            for field, kind in fields.items()
        ],
    }
