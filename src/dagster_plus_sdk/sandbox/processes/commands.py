"""What to run: the commands of a code server, a webserver and a daemon for a target."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from ..._core.errors import ConfigurationError
from ..private import private_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .keeper import Child

HOST = "127.0.0.1"
DEMO_MODULE = "dagster_plus_sdk.sandbox.demo.definitions"
DEMO_NAME = "demo"
LAUNCH = str(Path(__file__).with_name("launch.py"))
# Where packages are imported from: the package's own folder need not be on the path of a child.
IMPORT_ROOT = str(Path(__file__).parents[3])


class CodeTarget:
    """What Dagster loads.

    Attributes:
        workspace: A workspace file; the webserver and the daemon then start its code servers.
        arguments: Otherwise what is told to the one code server.
        name: The name of the code location.
        directory: Where it is loaded from.
        changes: Whether its code may change, and be loaded anew, while it is served.
    """

    __slots__ = ("arguments", "changes", "directory", "name", "workspace")

    def __init__(
        self,
        name: str,
        arguments: list[str],
        directory: str,
        *,
        workspace: str | None = None,
        changes: bool = True,
    ) -> None:
        self.name: str = name
        self.arguments: list[str] = arguments
        self.directory: str = directory
        self.workspace: str | None = workspace
        self.changes: bool = changes


def resolve_target(
    file: str | os.PathLike[str] | None,
    module: str | None,
    workspace: str | os.PathLike[str] | None,
    working_directory: str | os.PathLike[str] | None,
) -> CodeTarget:
    """Return the target that one of the arguments names, or the demo project.

    Raises:
        ConfigurationError: More than one is given, or a file is not there.
    """
    given = [path for path in (file, module, workspace) if path is not None]
    if len(given) > 1:
        raise ConfigurationError("give one of file, module and workspace")
    for path in (file, workspace):
        if path is not None and not Path(path).is_file():
            raise ConfigurationError(f"no such file: {os.fspath(path)}")
    directory = str(Path(working_directory or os.curdir).absolute())
    if workspace is not None:
        return CodeTarget(
            Path(workspace).name, [], directory, workspace=str(Path(workspace).absolute())
        )
    if file is not None:
        return CodeTarget(
            Path(file).name, ["-f", str(Path(file).absolute()), "-d", directory], directory
        )
    if module is not None:
        return CodeTarget(module, ["-m", module, "-d", directory], directory)
    demo = ["-m", DEMO_MODULE, "-d", IMPORT_ROOT]
    return CodeTarget(DEMO_NAME, demo, IMPORT_ROOT, changes=False)


class Commands:
    """Builds the children of one Dagster.

    Args:
        target: What to load.
        home: The instance's folder.
        runtime: A folder for what lives as long as the processes, with a short path: a socket's is limited to about 100
            characters.
        python: The interpreter that has Dagster.
        log_level: What all of them log at least.
        added: A further workspace file, which may change.
    """

    def __init__(
        self,
        target: CodeTarget,
        *,
        home: Path,
        runtime: Path,
        python: str,
        log_level: str,
        added: Path | None = None,
    ) -> None:
        self._target = target
        self._python = python
        self._log_level = log_level
        self._env = {
            "DAGSTER_HOME": str(home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self._socket = "" if target.workspace else str(runtime / "code.sock")
        self._workspace = target.workspace or str(runtime / "workspace.yaml")
        self._added = added

    def write_workspace(self) -> None:
        """Write the file that tells the webserver and the daemon where the code server listens."""
        if self._target.workspace is None:
            server = {"socket": self._socket, "location_name": self._target.name}
            # JSON is YAML.
            Path(self._workspace).write_text(json.dumps({"load_from": [{"grpc_server": server}]}))
        if self._added is not None:
            write_empty_workspace(self._added)

    def children(self, *, port: int, path_prefix: str, daemon: bool) -> dict[str, Child]:
        """Return the commands by name: `code`, unless there is a workspace file; `web`; `daemon`, if wanted."""
        children: dict[str, Child] = {}
        if self._target.workspace is None:
            children["code"] = self._child("-m", "dagster", *self._code_server())
        webserver = ["-h", HOST, "-p", str(port), "--path-prefix", path_prefix]
        webserver += ["--log-level", self._log_level, "--dagster-log-level", self._log_level]
        children["web"] = self._script("dagster-webserver", "dagster-webserver", *webserver)
        if daemon:
            run = ["run", "--log-level", self._log_level]
            children["daemon"] = self._script("dagster", "dagster-daemon", *run)
        return children

    def _code_server(self) -> list[str]:
        # The first is a server that starts the second as its child, anew at each reload: 1 s and 70 MB more.
        command = ["code-server", "start"] if self._target.changes else ["api", "grpc"]
        # A server that cannot load the code shall say so to those who ask, and not end.
        command += [] if self._target.changes else ["--lazy-load-user-code"]
        command += ["--socket", self._socket, "--location-name", self._target.name]
        command += ["--log-level", self._log_level, "--inject-env-vars-from-instance"]
        return [*command, *self._target.arguments]

    def _script(self, distribution: str, script: str, *arguments: str) -> Child:
        more = ["-w", str(self._added)] if self._added else []
        return self._child(
            LAUNCH, self._socket, distribution, script, *arguments, "-w", self._workspace, *more
        )

    def _child(self, *arguments: str) -> Child:
        argv = [self._python, *arguments]
        return {"argv": argv, "env": self._env, "cwd": self._target.directory}


def write_empty_workspace(path: Path) -> None:
    """Write a workspace file without any code location, unless the file is there."""
    if not path.exists():
        # The comment is where the versions of what is added are.
        private_file(path, json.dumps({"load_from": []}) + "\n# \n")


def own_python() -> str:
    """Return this process's interpreter, having looked that Dagster is installed for it.

    Raises:
        ConfigurationError: It is not.
    """
    from importlib.util import find_spec

    missing = [name for name in ("dagster", "dagster_webserver") if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} cannot be imported: pip install 'dagster-plus-sdk[sandbox]'"
        )
    return sys.executable
