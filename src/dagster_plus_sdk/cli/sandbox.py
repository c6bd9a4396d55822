"""``sandbox up``, ``down`` and ``status``, and finding the one that runs."""

from __future__ import annotations

import os

from .output import show_record, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..sandbox.background import SandboxStatus
    from .state import State

#: What is shown of a sandbox, in this order.
_SHOWN = ("url", "organization", "deployment", "token", "pid", "home")


def state_dir() -> str:
    """Return the folder of the sandbox that has no other: below XDG_STATE_HOME."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(  # noqa: PTH118 - pathlib costs more than it gives
        os.path.expanduser("~"), ".local", "state"  # noqa: PTH111
    )  # fmt: skip
    return os.path.join(base, "dagster_plus_sdk", "sandbox")  # noqa: PTH118


def running() -> SandboxStatus | None:
    """Return the sandbox that runs in the usual folder, or None."""
    folder = state_dir()
    if not os.path.exists(folder):  # noqa: PTH110
        return None
    from ..sandbox.background import status as look

    return look(folder)


def running_in(given: str | None) -> SandboxStatus:
    """Return the sandbox of a folder, or of the usual one.

    Raises:
        DagsterPlusError: None runs.
    """
    from .. import DagsterPlusError
    from ..sandbox.background import status as look

    folder = given or state_dir()
    found = look(folder)
    if found is None:
        raise DagsterPlusError(
            f"no sandbox runs in {folder}", code="SANDBOX_NOT_RUNNING", status_code=404
        )
    return found


def up(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Start a sandbox; without ``--detach`` hold it until Ctrl-C."""
    from ..sandbox.background import up as start

    def ready(found: SandboxStatus) -> None:
        _show(state, found)
        if values["dir"] is None:
            tell("dplus: where nothing else is configured, dplus uses this sandbox")
        tell("dplus: Ctrl-C ends it" if not values["detach"] else "dplus: sandbox down ends it")

    start(
        state_dir=values["dir"] or state_dir(),
        port=values["port"],
        detach=bool(values["detach"]),
        file=values["file"],
        module=values["module"],
        workspace=values["workspace"],
        on_ready=ready,
    )


def down(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """End a sandbox, if one runs."""
    from ..sandbox.background import down as end

    ended = end(values["dir"] or state_dir())
    text = "The sandbox is stopped" if ended else "No sandbox was running"
    show_record(state, {"stopped": ended}, [("STOPPED", "stopped")], text)


def status(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print where a sandbox runs."""
    found = running_in(values["dir"])
    _show(state, found)


def time_text(seconds: float) -> str:
    """Return a time as JSON has it.

    Args:
        seconds: Since 1970, UTC.
    """
    from datetime import datetime, timezone

    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")


def _show(state: State, found: SandboxStatus) -> None:
    import sys

    from .output import lines_of

    record: dict[str, Any] = {name: getattr(found, name) for name in _SHOWN}
    record["started_at"] = time_text(found.started_at)
    show_record(state, record, [(name.upper(), name) for name in record], lines_of(record))
    sys.stdout.flush()
