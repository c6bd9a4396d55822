"""A sandbox that outlives the command that starts it: `dplus sandbox up`, `status` and `down`.

::

    from dagster_plus_sdk.sandbox import background

    found = background.up(state_dir="state", port=0, detach=True, dagster=None)
    with found.client() as client:
        client.deployments.create("mine")
    print(found.remote().requests())  # or background.connect("state"), from any process
    background.down("state")

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
    from collections.abc import Callable, Mapping
    from typing import Any, Literal

    from .. import AsyncDagsterPlus, DagsterPlus
    from .admin.remote import RemoteSandbox

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
        dagster: What is behind it: ``"process"``, ``"inprocess"`` or None.
        dagster_url: The web pages of that Dagster, which ask for no token; None without one.
        is_new: Whether its state was made with this start; if not, no seed was planted.
    """

    __slots__ = (
        "_start",
        "dagster",
        "dagster_url",
        "deployment",
        "home",
        "is_new",
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
        dagster: str | None = None,
        dagster_url: str | None = None,
        is_new: bool = True,
    ) -> None:
        self.url: str = url
        self.token: str = token
        self.organization: str = organization
        self.deployment: str = deployment
        self.pid: int = pid
        self.started_at: float = started_at
        self.home: str = home
        self.dagster: str | None = dagster
        self.dagster_url: str | None = dagster_url
        self.is_new: bool = is_new
        self._start = process_start

    def __repr__(self) -> str:
        return f"SandboxStatus(url={self.url!r}, pid={self.pid}, started_at={self.started_at})"

    def as_dict(self) -> dict[str, Any]:
        """Return the public values by name."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "_start"}

    def remote(self) -> RemoteSandbox:
        """Return what controls it: its faults, requests, clock, seeds and so on."""
        from .admin.remote import RemoteSandbox

        return RemoteSandbox(self.url, self.token)

    def client(self, **options: Any) -> DagsterPlus:
        """Return a client of its default deployment.

        Args:
            **options: Of `DagsterPlus`; they go before the sandbox's own.
        """
        from .. import DagsterPlus

        return DagsterPlus(**{**self._connection(), **options})

    def async_client(self, **options: Any) -> AsyncDagsterPlus:
        """Return an async client of its default deployment.

        Args:
            **options: Of `AsyncDagsterPlus`; they go before the sandbox's own.
        """
        from .. import AsyncDagsterPlus

        return AsyncDagsterPlus(**{**self._connection(), **options})

    def _connection(self) -> dict[str, Any]:
        return {
            name: getattr(self, name) for name in ("organization", "deployment", "token", "url")
        }

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
    host: str = "127.0.0.1",
    detach: bool = False,
    dagster: Literal["process", "inprocess"] | None = "process",
    file: str | os.PathLike[str] | None = None,
    module: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    seed: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    organization: str | None = None,
    token: str | None = None,
    fresh: bool = False,
    on_ready: Callable[[SandboxStatus], object] | None = None,
    timeout: float = 120,
) -> SandboxStatus:
    """Start a sandbox, and keep it until Ctrl-C, SIGTERM or `down`.

    Args:
        state_dir: The folder of its state, made if it is not there. There is one sandbox in a folder.
        port: The port; 0: a free one.
        host: Where it listens. Anything but loopback needs a token of your own.
        detach: Return as soon as it is ready, and leave it in a process of its own.
        dagster: As for `Sandbox`: a Dagster in processes of its own, one in the front's process, or None.
        file: A Python file with definitions. By default, the demo project is loaded.
        module: Or a module with definitions.
        workspace: Or a workspace file.
        seed: What a new state has beside the demo: a file of YAML, or what would be in one. A state that is there already
            gets none.
        organization: The organization's name; by default that of the state that is there, or ``demo``.
        token: The token of its admin; by default the one that everybody knows.
        fresh: Forget the state that is there, but for a ``dagster.yaml``: start from the demo again.
        on_ready: Called when the sandbox is ready.
        timeout: How many seconds to wait for that.

    Returns:
        Where the sandbox is; if it is not detached: was.

    Raises:
        ConfigurationError: One runs in this folder already, the port is taken, or an argument cannot be.
        InvalidInputError: The seed has an entry that cannot be.
        SandboxError: It did not start, or ended by itself.
        WaitTimeoutError: It did not start in time.
    """
    from . import hold

    folder = os.path.abspath(state_dir)
    if running := status(folder):
        raise ConfigurationError(
            f"a sandbox runs in {folder} already, at {running.url}: use it, or end it first"
        )
    os.makedirs(folder, 0o700, exist_ok=True)
    options: dict[str, Any] = {
        "port": port,
        "host": host,
        "dagster": dagster,
        "file": _absolute(file),
        "module": module,
        "workspace": _absolute(workspace),
        "seed": _absolute(seed) if isinstance(seed, (str, os.PathLike)) else seed,
        "organization": organization,
        "home": os.path.join(folder, "home"),
        **({} if token is None else {"token": token}),
    }
    if not detach:
        return hold.hold(folder, options, on_ready, timeout, fresh=fresh)
    found = hold.detach(folder, options, timeout, fresh=fresh)
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


def connect(state_dir: str | os.PathLike[str]) -> RemoteSandbox:
    """Return what controls the sandbox of a state folder: its faults, requests, clock, seeds and so on.

    Args:
        state_dir: The folder.

    Raises:
        ConfigurationError: None runs there.
    """
    found = status(state_dir)
    if found is None:
        raise ConfigurationError(f"no sandbox runs in {os.path.abspath(state_dir)}")
    return found.remote()


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
