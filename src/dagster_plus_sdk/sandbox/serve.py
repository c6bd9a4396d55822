"""The process of the front: reads its settings from the environment, and serves until it is ended."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .processes.commands import HOST, IMPORT_ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from typing_extensions import NotRequired

    from .added_locations import AddedSettings
    from .inprocess import InProcessSettings
    from .processes.keeper import Child

    class FrontSettings(TypedDict):
        """What the process is told."""

        port: int
        token: str
        organization: str
        store: str  # the file of the control plane
        dagster_port: int | None  # of the real webserver, if there is one
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

    from .admin.administration import Administration
    from .admin.door import with_door
    from .control import open_store, seed
    from .faults.transport import http_protocol
    from .front.app import Front
    from .front.upstream import Upstream
    from .schema import enum_values, full_schema

    settings: FrontSettings = json.loads(os.environ.pop(VARIABLE))
    reader, writer = (open_store(settings["store"], settings["token"]) for _ in range(2))
    seed(writer, settings["organization"], settings["token"])
    port = settings["dagster_port"]
    if port and "in_process" in settings:
        from . import inprocess

        inprocess.start(settings["in_process"], port)
    schema = full_schema()
    token, organization = settings["token"], settings["organization"]
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
    try:
        uvicorn.run(
            app,
            http=http_protocol(),
            host=HOST,
            port=settings["port"],
            ws="auto",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    finally:
        front.close()
