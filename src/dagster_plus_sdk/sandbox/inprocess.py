"""A real Dagster in the front's own process: what the process is told, and the thread that serves the webserver."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack

from .processes.commands import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypedDict

    from starlette.applications import Starlette

    from .processes.commands import CodeTarget

    class InProcessSettings(TypedDict):
        """What is loaded in the process."""

        home: str  # of the instance
        name: str  # of the code location
        arguments: dict[str, str]  # as the one code server would get them
        workspace: str | None  # or a workspace file
        directory: str  # where it is loaded from
        added: str  # a further workspace file, which may change


# What lives as long as the process.
_open = ExitStack()


def in_process(target: CodeTarget, home: Path, added: Path) -> InProcessSettings:
    """Return what to tell the process.

    Args:
        target: What it loads.
        home: The folder of the instance.
        added: A further workspace file, made if it is not there.
    """
    options = target.arguments
    return {
        "home": str(home),
        "name": target.name,
        "arguments": dict(zip(options[::2], options[1::2], strict=True)),
        "workspace": target.workspace,
        "directory": target.directory,
        "added": str(added),
    }


def start(settings: InProcessSettings, port: int) -> None:
    """Load the code in this thread, and serve the webserver in another, as long as the process lives.

    A port of its own costs a millisecond a request, and gives Dagster's web pages, and websockets without a special case.

    Args:
        settings: What to load.
        port: The webserver's port.
    """
    os.environ["DAGSTER_HOME"] = settings["home"]
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    # It imports Dagster: seconds.
    from .inprocess_dagster import loaded

    app = _open.enter_context(loaded(settings))
    threading.Thread(target=_serve, args=(app, port), name="webserver", daemon=True).start()


def _serve(app: Starlette, port: int) -> None:
    import uvicorn

    try:
        # Not in the main thread it handles no signals: they are for the front.
        uvicorn.run(
            app,
            host=HOST,
            port=port,
            ws="auto",
            log_config=None,
            log_level="warning",
            access_log=False,
        )
    finally:
        # A sandbox without its Dagster shall not seem to live.
        os.kill(os.getpid(), signal.SIGTERM)
