"""A real Dagster in child processes that end when this process ends, however it ends."""

from __future__ import annotations

from .private import private_file
from .processes.commands import Commands, own_python, resolve_target
from .processes.group import SandboxError
from .processes.probes import is_ready
from .server import LocalServer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from pathlib import Path

    from .processes.commands import CodeTarget
    from .processes.keeper import Child

__all__ = ["Dagster", "SandboxError"]

DAGSTER_YAML = """\
# Runs start at once. QueuedRunCoordinator, Dagster's default, starts them some seconds later, from the daemon.
run_coordinator: {module: dagster.core.run_coordinator, class: DefaultRunCoordinator}
telemetry: {enabled: false}
nux: {enabled: false}
"""


def dagster_children(
    target: CodeTarget,
    *,
    home: Path,
    runtime: Path,
    python: str,
    port: int,
    path_prefix: str = "",
    daemon: bool = True,
    log_level: str = "warning",
    added: Path | None = None,
) -> dict[str, Child]:
    """Write what the processes of a Dagster read, and return their commands by name.

    Args:
        target: What it loads.
        home: The folder of the instance; a ``dagster.yaml`` that is there is used as it is.
        runtime: A folder that lives as long as the processes.
        python: The interpreter that has Dagster.
        port: The webserver's port.
        path_prefix: A path that the webserver serves below.
        daemon: Whether there is a daemon.
        log_level: What the processes log at least.
        added: A further workspace file, made if it is not there.
    """
    write_settings(home)
    commands = Commands(
        target, home=home, runtime=runtime, python=python, log_level=log_level, added=added
    )
    commands.write_workspace()
    return commands.children(port=port, path_prefix=path_prefix, daemon=daemon)


def write_settings(home: Path) -> None:
    """Write the settings of an instance, unless it has some."""
    settings = home / "dagster.yaml"
    if not settings.exists():
        private_file(settings, DAGSTER_YAML)


class Dagster(LocalServer):
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

    _what = "Dagster"

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
        super().__init__(home=home, port=port, grace=grace)
        self._target = resolve_target(file, module, workspace, working_directory)
        self._python = python or own_python()
        self._daemon = daemon
        self._path_prefix = "/" + path_prefix.strip("/") if path_prefix.strip("/") else ""
        self._log_level = log_level

    @property
    def url(self) -> str:
        """The webserver's address, path prefix included, without a slash in the end."""
        return super().url + self._path_prefix

    @property
    def graphql_url(self) -> str:
        """The address of its GraphQL API."""
        return f"{self.url}/graphql"

    @property
    def pids(self) -> dict[str, int]:
        """The ids of the processes: `keeper`, `web`, `code` without a workspace file, and `daemon`, if wanted."""
        return super().pids

    def _children(self, home: Path, runtime: Path) -> dict[str, Child]:
        return dagster_children(
            self._target,
            home=home,
            runtime=runtime,
            python=self._python,
            port=self._port,
            path_prefix=self._path_prefix,
            daemon=self._daemon,
            log_level=self._log_level,
        )

    def _is_ready(self) -> bool:
        return is_ready(self._port, f"{self._path_prefix}/graphql")
