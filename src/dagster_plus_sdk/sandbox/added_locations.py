"""Code locations that were added through the API, and whose code is on this machine: the real Dagster loads them.

Their documents are written into a workspace file of their own, which the webserver and the daemon read beside that of the
sandbox's target. The webserver reads it anew when its workspace is reloaded, and starts a code server for each.
"""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

from .control.entities.locations.location_loads import ENTRY, REALLY_LOADED, is_on_this_machine
from .front.upstream import UpstreamError
from .private import private_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypedDict

    from .control import Store
    from .control.store import Row
    from .front.upstream import Upstream

    class AddedSettings(TypedDict):
        """Where they are."""

        file: str  # the workspace file
        directory: str  # what is not absolute in a document is below this folder, unless it has one of its own


LOG = logging.getLogger(__name__)
RELOAD = json.dumps({"query": "mutation { reloadWorkspace { __typename } }"}).encode()
#: What a workspace file calls a code source of a document, and the key of the source in there.
SOURCES = {
    "autoload_defs_module_name": ("autoload_defs_module", "module_name"),
    "module_name": ("python_module", "module_name"),
    "package_name": ("python_package", "package_name"),
    "python_file": ("python_file", "relative_path"),
}


def workspace_text(rows: list[Row], directory: str) -> str:
    """Return the workspace file for locations.

    Args:
        rows: The locations. Of those with the same name, in several deployments, the oldest is loaded.
        directory: The folder for what is not absolute.
    """
    targets: dict[str, Row] = {}
    for row in rows:
        if is_on_this_machine(row["document"]):
            targets.setdefault(row["locationName"], row)
    # JSON is YAML. Each load has a version of its own, by which it can be told that there is something to do.
    listed = json.dumps(
        {"load_from": [_target(row["document"], directory) for row in targets.values()]}
    )
    return f"{listed}\n# {' '.join(row['version'] for row in targets.values())}\n"


def _target(document: Row, directory: str) -> dict[str, Any]:
    ((source, value),) = document["code_source"].items()
    kind, key = SOURCES[source]
    folder = Path(directory, document.get("working_directory") or "")
    target = {
        key: str(folder / value) if source == "python_file" else value,
        "location_name": document["location_name"],
        "working_directory": str(folder),
        "executable_path": document.get("executable_path"),
        "attribute": document.get("attribute") if kind != "autoload_defs_module" else None,
    }
    return {kind: {name: value for name, value in target.items() if value}}


class AddedLocations:
    """Keeps the workspace file, and makes the webserver read it.

    Args:
        reader: The control plane's entities.
        writer: The same, for `run` only.
        run: Runs what uses the writer, when nothing else does.
        upstream: The webserver.
        settings: Where the file is.
    """

    def __init__(
        self,
        reader: Store,
        writer: Store,
        run: Callable[[Callable[[], Any]], Awaitable[Any]],
        upstream: Upstream,
        settings: AddedSettings,
    ) -> None:
        self._store = reader
        self._writer = writer
        self._run = run
        self._upstream = upstream
        self._path = Path(settings["file"])
        self._directory = settings["directory"]
        self._version = -1
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def update(self) -> None:
        """Write the file and reload the workspace, in the background, if something has changed."""
        version = self._store.version
        if version == self._version:
            return
        self._version = version
        try:
            is_new = self._write()
        except OSError as error:
            # What was asked is done, and answered: the next request tries again.
            self._version = -1
            LOG.warning("%s could not be written: %s", self._path, error)
            return
        if is_new:
            task = asyncio.get_running_loop().create_task(self._reload())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _write(self) -> bool:
        """Write the file. Tell whether something in it has changed."""
        text = workspace_text(self._store.list(ENTRY), self._directory)
        if self._path.exists() and self._path.read_text(encoding="utf-8") == text:
            return False
        beside = self._path.with_suffix(".part")
        private_file(beside, text).replace(self._path)
        return True

    async def _reload(self) -> None:
        async with self._lock:
            # The webserver reads the file later: it may have newer ones, but not older.
            *_, line = self._path.read_text(encoding="utf-8").splitlines()
            try:
                await self._upstream.post(RELOAD, repeatable=False)
                await self._run(lambda: self._mark(line.split()[1:]))
            except UpstreamError as error:
                LOG.warning("The workspace could not be reloaded: %s", error)

    def _mark(self, versions: list[str]) -> None:
        """Note which versions the real Dagster has loaded."""
        with self._writer.transaction():
            self._writer.set_setting(REALLY_LOADED, versions)
