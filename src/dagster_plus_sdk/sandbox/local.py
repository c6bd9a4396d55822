"""A real Dagster in child processes that end when this process ends, however it ends."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from .._core.errors import ConfigurationError, WaitTimeoutError
from .commands import HOST, Commands, own_python, resolve_target
from .group import ProcessGroup, SandboxError
from .probes import free_port, is_ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Dagster", "SandboxError"]

DAGSTER_YAML = """\
# Runs start at once. QueuedRunCoordinator, Dagster's default, starts them some seconds later, from the daemon.
run_coordinator: {module: dagster.core.run_coordinator, class: DefaultRunCoordinator}
telemetry: {enabled: false}
nux: {enabled: false}
"""
LOOK_EVERY = 0.05
LOG_TAIL = 3000
# A socket's path is limited to about 100 characters.
LONG_PATH = 60


class Dagster:
    """A code server, a webserver and a daemon of open-source Dagster on this machine.

    They listen on the loopback interface only, and end with `stop`, at the end of the ``with`` block, and when this
    process ends, kill -9 included. Works on Linux and macOS.

    Runs start at once (DefaultRunCoordinator) and wait in no queue. For a queue write a ``dagster.yaml`` into `home`:
    one that is there is used as it is.

    Args:
        file: A Python file with definitions. By default, the demo project is loaded.
        module: Or a module with definitions.
        workspace: Or a workspace file with any number of code locations.
        working_directory: Where `file` and `module` import from; the current folder by default.
        home: The folder of the instance (DAGSTER_HOME), which stays. By default, a temporary one that is removed.
        daemon: Start the daemon: schedules, sensors, backfills, automation, run monitoring.
        port: The webserver's port; 0: a free one.
        path_prefix: A path to serve below, such as ``/dagster``.
        grace: Seconds that the processes get to end by themselves.
        log_level: What the processes log at least: critical, error, warning, info or debug.
        python: The interpreter to run Dagster with, if it is another one.

    Raises:
        ConfigurationError: The arguments contradict each other, or Dagster is not installed.
    """

    def __init__(
        self,
        *,
        file: str | os.PathLike[str] | None = None,
        module: str | None = None,
        workspace: str | os.PathLike[str] | None = None,
        working_directory: str | os.PathLike[str] | None = None,
        home: str | os.PathLike[str] | None = None,
        daemon: bool = True,
        port: int = 0,
        path_prefix: str = "",
        grace: float = 0.5,
        log_level: str = "warning",
        python: str | None = None,
    ) -> None:
        self._target = resolve_target(file, module, workspace, working_directory)
        self._python = python or own_python()
        self._given_home = None if home is None else Path(home).absolute()
        self._daemon = daemon
        self._given_port = port
        self._path_prefix = "/" + path_prefix.strip("/") if path_prefix.strip("/") else ""
        self._grace = grace
        self._log_level = log_level
        self._home: Path | None = None
        self._port = 0
        self._group: ProcessGroup | None = None

    @property
    def url(self) -> str:
        """The webserver's address, path prefix included, without a slash in the end."""
        self._running()
        return f"http://{HOST}:{self._port}{self._path_prefix}"

    @property
    def graphql_url(self) -> str:
        """The address of its GraphQL API."""
        return f"{self.url}/graphql"

    @property
    def home(self) -> Path:
        """The folder of the instance."""
        self._running()
        assert self._home
        return self._home

    @property
    def log_path(self) -> Path:
        """The file with what the processes wrote."""
        return self.home / "sandbox.log"

    @property
    def pids(self) -> dict[str, int]:
        """The ids of the processes: `keeper`, `web`, `code` without a workspace file, and `daemon`, if wanted."""
        group = self._running()
        return {**group.pids, "keeper": group.keeper_pid}

    def start(self, timeout: float = 120) -> Self:
        """Start the processes, and wait until the code locations have loaded or failed to.

        Args:
            timeout: How many seconds to wait at most.

        Returns:
            This object.

        Raises:
            ConfigurationError: It runs already, or the port is taken.
            SandboxError: A process ended early. The message has the end of the log.
            WaitTimeoutError: The time is over.
        """
        if self._group is not None:
            raise ConfigurationError(f"this Dagster runs already, at {self.url}")
        self._port = free_port(self._given_port)
        try:
            self._group = self._make_group()
            self._group.start()
            self._wait(self._group, time.monotonic() + timeout)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the processes, and remove the instance's folder if it is a temporary one. May be called twice."""
        if self._group is not None:
            self._group.stop()
            self._group = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _running(self) -> ProcessGroup:
        if self._group is None:
            raise ConfigurationError(
                "this Dagster does not run: start it, or use it in a with block"
            )
        return self._group

    def _make_group(self) -> ProcessGroup:
        """Write what the processes read, and describe them."""
        short = "/tmp" if len(tempfile.gettempdir()) > LONG_PATH else None  # noqa: S108
        runtime = Path(tempfile.mkdtemp(prefix="dagster-plus-", dir=short))
        try:
            self._home = self._given_home or runtime / "home"
            self._home.mkdir(parents=True, exist_ok=True)
            settings = self._home / "dagster.yaml"
            if not settings.exists():
                settings.write_text(DAGSTER_YAML)
            commands = Commands(
                self._target,
                home=self._home,
                runtime=runtime,
                python=self._python,
                log_level=self._log_level,
            )
            commands.write_workspace()
            children = commands.children(
                port=self._port, path_prefix=self._path_prefix, daemon=self._daemon
            )
        except BaseException:
            shutil.rmtree(runtime)
            raise
        return ProcessGroup(
            children,
            log=str(self._home / "sandbox.log"),
            name=str(self._home),
            grace=self._grace,
            remove=str(runtime),
        )

    def _wait(self, group: ProcessGroup, end: float) -> None:
        while not is_ready(self._port, f"{self._path_prefix}/graphql"):
            if group.ended or not group.alive:
                name, code = next(iter(group.ended.items()), ("keeper", -9))
                raise SandboxError(f"the process {name!r} ended with {code}:\n{self._log_tail()}")
            if time.monotonic() > end:
                raise WaitTimeoutError(f"Dagster did not start in time:\n{self._log_tail()}")
            time.sleep(LOOK_EVERY)

    def _log_tail(self) -> str:
        try:
            return (
                self.log_path.read_text(errors="replace")[-LOG_TAIL:].strip()
                or "(its log is empty)"
            )
        except OSError as error:
            return f"(no log: {error})"
