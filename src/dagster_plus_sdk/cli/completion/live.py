"""Names that the server knows, asked for in one short request or taken from a file of a minute ago. Nothing here raises.

The files stand in the user's cache folder, one for each server, deployment and kind, and only the user can read them. They have
names and what tells them apart, and no token.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ... import DagsterPlus
    from ..state import State

    Names = list[tuple[str, str]]

#: Seconds that one request may take, and the environment variable that says otherwise.
SECONDS, _VARIABLE = 2.0, "DPLUS_COMPLETION_SECONDS"
#: Seconds for which names are as good as new; and for which a server that did not answer is not asked again.
FRESH, FAILED = 60.0, 10.0
#: Seconds after which a file is of no use to anybody.
_OLD = 86_400.0


def names_of(state: State, kind: str, filters: Mapping[str, Any]) -> Names:
    """Return the names of a kind that the server knows; none where it does not say so in time.

    Args:
        state: The global options.
        kind: Such as ``job``: see ``names``.
        filters: What the list is narrowed by.
    """
    try:
        return _asked(_client(state), kind, filters) or []
    except Exception:  # noqa: BLE001 - a name less, and no error more
        return []


def cached_names_of(state: State, kind: str, filters: Mapping[str, Any]) -> Names:
    """Return what ``names_of`` does, from the cache where it is fresh; older names where the server does not answer."""
    try:
        client = _client(state)
        path = _path(client, kind, filters)
        age, names = _read(path)
        if age < (FRESH if names else FAILED):
            return names
        asked = _asked(client, kind, filters)
        _write(path, names if asked is None else asked)
    except Exception:  # noqa: BLE001 - completion has nobody to tell
        return []
    return names if asked is None else asked


def _seconds() -> float:
    return float(os.environ.get(_VARIABLE) or SECONDS)


def _client(state: State) -> DagsterPlus:
    from ..connect import open_client

    return open_client(state, timeout=_seconds(), retries=0)


def _asked(client: DagsterPlus, kind: str, filters: Mapping[str, Any]) -> Names | None:
    """Return what the server says; None where it does not, or not in time.

    A limit of httpx is one for each piece of an answer; this is one for all of it.
    """
    import threading

    found: list[Names] = []

    def ask() -> None:
        from contextlib import suppress

        from ..failures.names import fetch

        with suppress(Exception), client:
            found.append(list(fetch(client, kind, filters)))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_seconds())
    return found[0] if found else None


def folder() -> str:
    """Return where the cache is."""
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib takes longer to import
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")  # noqa: PTH118
    return os.path.join(base, "dagster_plus_sdk", "completion")  # noqa: PTH118


def _path(client: DagsterPlus, kind: str, filters: Mapping[str, Any]) -> str:
    from hashlib import sha256

    settings = client.settings
    which = (
        settings.url,
        settings.organization,
        settings.deployment,
        kind,
        sorted(filters.items()),
    )
    return os.path.join(folder(), sha256(repr(which).encode()).hexdigest()[:32] + ".json")  # noqa: PTH118


def _read(path: str) -> tuple[float, Names]:
    """Return how many seconds old the names in a file are, and the names."""
    import json
    import time

    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            names: Any = json.load(file)
            age = time.time() - os.fstat(file.fileno()).st_mtime
        kept = [(str(name), str(help_text)) for name, help_text in names]
    except (OSError, ValueError, TypeError):
        return float("inf"), []
    return (age if age >= 0 else float("inf")), kept


def _write(path: str, names: Names) -> None:
    import json
    from contextlib import suppress

    from ..._core.config.writing import make_folder, replace

    with suppress(OSError):
        make_folder(folder())
        _forget_old()
        replace(path, json.dumps(names), is_lasting=False)


def _forget_old() -> None:
    import time
    from contextlib import suppress

    with os.scandir(folder()) as entries:
        for entry in entries:
            with suppress(OSError):
                if time.time() - entry.stat().st_mtime > _OLD:
                    os.unlink(entry.path)  # noqa: PTH108
