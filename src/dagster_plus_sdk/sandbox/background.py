"""A sandbox that outlives the command that starts it: `dplus sandbox up`, `status` and `down`.

A process holds the sandbox, and a file in the state folder says where it is. The process is found by its id and its
time of start, so that another one that got the same id later is left alone. Looking is quick: what starts a sandbox is
imported when one is started.
"""

# The command line looks whether a sandbox runs: pathlib would take a third of the time.
# ruff: noqa: PTH100, PTH103, PTH105, PTH108, PTH118, PTH123

from __future__ import annotations

import json
import os

from .._core.errors import ConfigurationError
from .processes.pids import start_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FILE = "sandbox.json"
PORT = 3333


class SandboxStatus:
    """Where a sandbox in the background is.

    Attributes:
        url: The organization's URL.
        token: The token that it takes.
        organization: The organization's name.
        deployment: The default deployment's name.
        pid: The process that holds it.
        started_at: When it was ready: seconds since 1970, UTC.
        home: The folder of its state.
    """

    __slots__ = (
        "_start",
        "deployment",
        "home",
        "organization",
        "pid",
        "started_at",
        "token",
        "url",
    )

    def __init__(
        self,
        *,
        url: str,
        token: str,
        organization: str,
        deployment: str,
        pid: int,
        started_at: float,
        home: str,
        process_start: str,
    ) -> None:
        self.url: str = url
        self.token: str = token
        self.organization: str = organization
        self.deployment: str = deployment
        self.pid: int = pid
        self.started_at: float = started_at
        self.home: str = home
        self._start = process_start

    def __repr__(self) -> str:
        return f"SandboxStatus(url={self.url!r}, pid={self.pid}, started_at={self.started_at})"

    def as_dict(self) -> dict[str, Any]:
        """Return the public values by name."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "_start"}

    def is_alive(self) -> bool:
        """Tell whether the process that holds it runs."""
        return start_time(self.pid) == self._start

    def write(self, folder: str) -> None:
        """Write the file that says where the sandbox is; for the user's eyes only, as it has the token."""
        path = os.path.join(folder, FILE)
        new = f"{path}.{os.getpid()}"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({**self.as_dict(), "process_start": self._start}, file)
        os.replace(new, path)


def forget(folder: str) -> None:
    """Remove the file that says where a sandbox is, if there is one."""
    try:  # noqa: SIM105 - contextlib would have to be imported
        os.unlink(os.path.join(folder, FILE))
    except FileNotFoundError:
        pass


def up(
    *,
    state_dir: str | os.PathLike[str],
    port: int = PORT,
    detach: bool = False,
    file: str | os.PathLike[str] | None = None,
    module: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    on_ready: Callable[[SandboxStatus], object] | None = None,
    timeout: float = 120,
) -> SandboxStatus:
    """Start a sandbox, and keep it until Ctrl-C, SIGTERM or `down`.

    Args:
        state_dir: The folder of its state, made if it is not there. There is one sandbox in a folder.
        port: The port; 0: a free one.
        detach: Return as soon as it is ready, and leave it in a process of its own.
        file: A Python file with definitions. By default, the demo project is loaded.
        module: Or a module with definitions.
        workspace: Or a workspace file.
        on_ready: Called when the sandbox is ready.
        timeout: How many seconds to wait for that.

    Returns:
        Where the sandbox is; if it is not detached: was.

    Raises:
        ConfigurationError: One runs in this folder already, the port is taken, or an argument cannot be.
        SandboxError: It did not start, or ended by itself.
        WaitTimeoutError: It did not start in time.
    """
    from . import hold

    folder = os.path.abspath(state_dir)
    if running := status(folder):
        raise ConfigurationError(
            f"a sandbox runs in {folder} already, at {running.url}: use it, or end it first"
        )
    os.makedirs(folder, exist_ok=True)
    options = {
        "port": port,
        "file": _absolute(file),
        "module": module,
        "workspace": _absolute(workspace),
        "home": os.path.join(folder, "home"),
    }
    if not detach:
        return hold.hold(folder, options, on_ready, timeout)
    found = hold.detach(folder, options, timeout)
    if on_ready:
        on_ready(found)
    return found


def status(state_dir: str | os.PathLike[str]) -> SandboxStatus | None:
    """Return where the sandbox of a state folder is, or None if none runs.

    Args:
        state_dir: The folder.
    """
    try:
        with open(os.path.join(state_dir, FILE), encoding="utf-8") as file:
            found = SandboxStatus(**json.load(file))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None  # there is no file, or one of another version
    return found if found.is_alive() else None


def down(state_dir: str | os.PathLike[str]) -> bool:
    """End the sandbox of a state folder, and wait until it is gone. Its state stays.

    Args:
        state_dir: The folder.

    Returns:
        Whether there was one.

    Raises:
        SandboxError: It did not end.
    """
    found = status(state_dir)
    if found is not None:
        from . import hold

        hold.end(found)
    forget(os.fspath(state_dir))
    return found is not None


def _absolute(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.path.abspath(path)
