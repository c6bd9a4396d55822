"""Answers about catalog views, pins, issues and connections, as a server gives them."""

from __future__ import annotations

ADA = {
    "__typename": "DagsterCloudUser",
    "userId": 7,
    "email": "ada@example.com",
    "displayName": "Ada",
}
BOT = {
    "__typename": "ServiceUser",
    "serviceUserId": "s1",
    "name": "bot",
    "displayName": "Bot",
}


def selection(**changes):
    """What a catalog view selects; nothing unless it is said."""
    base = {
        "query": None,
        "groups": [],
        "kinds": [],
        "owners": [],
        "tags": [],
        "columns": [],
        "columnTags": [],
        "tableNames": [],
        "codeLocations": [],
    }
    return base | changes


def view(name: str, view_id: str = "v1", **changes):
    """A catalog view."""
    base = {
        "__typename": "CatalogView",
        "id": view_id,
        "name": name,
        "description": "what sells",
        "icon": "globe",
        "isPrivate": False,
        "canEdit": True,
        "ownerId": None,
        "createdBy": ADA,
        "selection": selection(query="kind:dbt"),
    }
    return base | changes


def pin(kind: str, name: str, item_id: str = "p1", **changes):
    """A pinned thing."""
    base = {
        "__typename": kind,
        "id": item_id,
        "name": name,
        "description": "",
        "icon": "globe",
        "isPrivate": False,
    }
    if kind == "JobPinnableItem":
        base["jobs"] = {"names": [name], "location": "demo", "repository": "__repository__"}
    else:
        base["assets"] = selection()
    return base | changes


def issue_summary(issue_id: str, **changes):
    """An issue as lists have it."""
    base = {
        "id": issue_id,
        "title": "Orders are late",
        "status": "OPEN",
        "createdAt": 1700000000.25,
        "createdBy": BOT,
    }
    return base | changes


def issue(issue_id: str, **changes):
    """A whole issue."""
    whole = {
        "__typename": "Issue",
        "description": "Since Monday.",
        "context": None,
        "markdown": "# Orders are late",
        "origin": {"__typename": "Run", "id": "r1", "jobName": "daily", "status": "FAILURE"},
        "links": [{"__typename": "Asset", "key": {"path": ["a", "b"]}}],
        "metadata": None,
    }
    return issue_summary(issue_id) | whole | changes


def connection_summary(name: str, connection_id: str = "c1", **changes):
    """A connection to a warehouse, as lists have it."""
    base = {
        "id": connection_id,
        "name": name,
        "type": "SNOWFLAKE",
        "description": "",
        "scheduleStatus": "RUNNING",
        "cron": None,
        "timezone": None,
    }
    return base | changes


def connection(name: str, connection_id: str = "c1", **changes):
    """A whole connection to a warehouse."""
    detection = {
        "cron": None,
        "timezone": None,
        "isSupported": True,
        "isInitialized": True,
        "hasSuccessfulSync": True,
        "lastDetectedAt": 1700000000.0,
        "errors": [],
    }
    whole = {
        "__typename": "ExternalAssetConnection",
        "createdBy": {key: ADA[key] for key in ("userId", "email", "displayName")},
        "config": "account: acme\n",
        "changeDetection": detection,
    }
    return connection_summary(name, connection_id) | whole | changes


def connection_sync(sync_id: str, **changes):
    """A synchronization of a connection."""
    base = {
        "id": sync_id,
        "status": "SUCCEEDED",
        "createdAt": 1700000000.0,
        "scheduledAt": None,
        "startedAt": 1700000001.0,
        "endedAt": 1700000002.0,
        "error": None,
    }
    return base | changes


def log_entry(sequence: int):
    """An entry of a synchronization's log."""
    return {
        "sequence": sequence,
        "timestamp": 1700000000.0 + sequence,
        "level": "INFO",
        "logger": "sync",
        "message": f"table {sequence}",
    }
