"""The process of the front: reads its settings from the environment, and serves until it is ended."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .processes.commands import HOST, IMPORT_ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO, TypedDict

    from typing_extensions import NotRequired

    from .added_locations import AddedSettings
    from .front.requests import App
    from .inprocess import InProcessSettings
    from .processes.keeper import Child

    class FrontSettings(TypedDict):
        """What the process is told."""

        host: str  # where it listens
        port: int
        token: str
        organization: str
        store: str  # the file of the control plane
        dagster_port: int | None  # of the real webserver, if there is one
        seed: NotRequired[str]  # the file of what is in a new organization beside the demo
        in_process: NotRequired[
            InProcessSettings
        ]  # what this process loads, if the webserver is in it
        added: NotRequired[AddedSettings]  # where the further code locations are that it loads


# In the environment: command lines are shown to everyone on the machine.
VARIABLE = "DAGSTER_PLUS_SANDBOX_FRONT"


def front_child(settings: FrontSettings) -> Child:
    """Return the command of the front's process."""
    code = f"import sys; sys.path.insert(0, {IMPORT_ROOT!r}); from {__name__} import main; main()"
    return {
        "argv": [sys.executable, "-c", code],
        "env": {VARIABLE: json.dumps(settings), "PYTHONUNBUFFERED": "1"},
        "cwd": str(Path(settings["store"]).parent),
    }


def main() -> None:
    """Serve."""
    import uvicorn

    from .faults.transport import http_protocol

    settings: FrontSettings = json.loads(os.environ.pop(VARIABLE))
    claim = _claim(Path(settings["store"]).parent)
    app, close = _built(settings)
    try:
        uvicorn.run(
            app,
            http=http_protocol(),
            host=settings["host"],
            port=settings["port"],
            ws="auto",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    finally:
        close()
        claim.close()


def _claim(home: Path) -> IO[str]:
    """Keep a second sandbox out of a home: two Dagsters there would run each other's schedules.

    Returns:
        A file; the home is free when it is closed, or the process has ended in any way.
    """
    import fcntl

    file = os.fdopen(os.open(home / "sandbox.lock", os.O_RDWR | os.O_CREAT, 0o600), "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"another sandbox runs with the state in {home}")
    return file


def _built(settings: FrontSettings) -> tuple[App, Callable[[], None]]:
    """Return the app with all that is behind it, and what closes that."""
    from .admin.administration import Administration
    from .admin.door import with_door
    from .control import open_store, seed
    from .control.seed import read_seed
    from .front.app import Front
    from .front.upstream import Upstream
    from .schema import enum_values, full_schema

    token, organization = settings["token"], settings["organization"]
    reader, writer = (open_store(settings["store"], token) for _ in range(2))
    more = read_seed(Path(settings["seed"]).read_bytes()) if "seed" in settings else None
    seed(writer, organization, token, more)
    port = settings["dagster_port"]
    if port and "in_process" in settings:
        from . import inprocess

        inprocess.start(settings["in_process"], port)
    schema = full_schema()
    front = Front(
        schema,
        reader=reader,
        writer=writer,
        organization=organization,
        upstream=Upstream(HOST, port) if port else None,
        added=settings.get("added"),
    )
    app = with_door(
        front,
        token=token,
        enum_values=enum_values(schema),
        administration=Administration(writer, token=token, organization=organization),
        run=front.run,
    )
    return app, front.close
