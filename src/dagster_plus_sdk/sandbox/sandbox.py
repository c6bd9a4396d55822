"""A Dagster+ on this machine: a real Dagster with a control plane in front."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from .._core.errors import ConfigurationError
from .admin.remote import RemoteControl
from .inprocess import in_process
from .listening import checked_host, reached_at
from .local import dagster_children, write_settings
from .private import private_file
from .processes.commands import HOST, own_python, resolve_target
from .processes.probes import free_port, is_ready
from .seeding import checked_text
from .serve import front_child
from .server import LocalServer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any, Literal

    from typing_extensions import Self

    from .. import AsyncDagsterPlus, DagsterPlus
    from .processes.commands import CodeTarget
    from .processes.keeper import Child
    from .serve import FrontSettings

DEPLOYMENT = "prod"
ORGANIZATION = "demo"
TOKEN = "user:sandbox"  # noqa: S105 - as control.seed has it, which is not imported for this
STORE = "control-plane.sqlite3"
#: The workspace file of the code locations that were added through the API.
ADDED = "added_locations.yaml"


class Sandbox(LocalServer, RemoteControl):
    """A Dagster+ organization on this machine, to try and test things without an account.

    Runs, jobs, assets and all else that open-source Dagster has come from a real Dagster; deployments, identity and
    organization from a control plane of the sandbox. What it does not have answers with the GraphQL error
    NOT_IN_SANDBOX. It listens on the loopback interface, unless `host` says otherwise, and ends with `stop`, at the end of
    the ``with`` block, and when this process ends, kill -9 included.

    ::

        with Sandbox() as sandbox, sandbox.client() as client:
            print(client.jobs.list().to_list())

    In async code::

        async with Sandbox() as sandbox, sandbox.async_client() as client:
            print(await client.jobs.list().to_list())

    There, start and stop wait in a thread. What controls the sandbox (`faults`, `requests`, `reset`, `seed` and the like)
    is the same in both worlds: each call blocks for some milliseconds; ``anyio.to_thread.run_sync(sandbox.reset)`` does not.

    With ``dagster="inprocess"`` the webserver, the code and its runs are in the front's process, the runs as threads. It is
    ready in half the time, a run starts in half a second, and its steps, one after another, start no processes. What
    differs:

    - There is no daemon: schedules, sensors, automation conditions, backfills, retries of runs and run monitoring wait
      for ever. Evaluating a schedule or a sensor on request, and retries of steps work.
    - All code shares one interpreter: what one run changes in ``os.environ``, in modules or in logging, the others and the
      front see, and code that ends the process ends the sandbox. A changed file is loaded anew on request, modules are not.
    - A run that is terminated ends when its Python code goes on: not before a ``time.sleep`` or a query is over.
    - There are no compute logs; what code prints is in the file `log_path`.
    - A ``dagster.yaml`` in `home` counts, but for its run launcher, run coordinator and compute logs. A workspace file may
      name files, modules and packages, but no server and no other interpreter.
    - Runs that are under way when the sandbox ends have failed when it is started again.

    Args:
        dagster: ``"process"``: a Dagster in processes of its own; ``"inprocess"``: one in the front's process, sooner
            ready, and with quicker runs; None: the control plane alone, in a second.
        file: A Python file with definitions. By default, the demo project is loaded.
        module: Or a module with definitions.
        workspace: Or a workspace file with any number of code locations.
        home: The folder of the state, which stays; made for this user alone if it is not there. By default, a temporary
            one that is removed.
        port: The port; 0: a free one.
        host: Where it listens: an address, or ``0.0.0.0`` or ``::`` for all interfaces. Whoever reaches it has the token
            to know, so that anything but loopback needs a token of your own. The real Dagster, which asks for no token,
            stays on loopback.
        token: The token of the organization's admin. Those of the other roles (`tokens`) are made of it.
        organization: The organization's name.
        seed: What a new organization has beside the demo: a file of YAML, or what would be in one. A state that is there
            already in `home` stays as it is. `reset` returns to it.

    Attributes:
        token: The token.
        organization: The organization's name.
        deployment: The name of the default deployment: the oldest.
        dagster: What `dagster` said.

    Raises:
        ConfigurationError: The arguments contradict each other, something is not installed, the seed cannot be read, or
            the default token would be open to other machines.
        InvalidInputError: The seed has an entry that cannot be.
    """

    _what = "sandbox"
    _is_dagster_ready = False

    def __init__(
        self,
        *,
        dagster: Literal["process", "inprocess"] | None = "process",
        file: str | os.PathLike[str] | None = None,
        module: str | None = None,
        workspace: str | os.PathLike[str] | None = None,
        home: str | os.PathLike[str] | None = None,
        port: int = 0,
        host: str = HOST,
        token: str = TOKEN,
        organization: str = ORGANIZATION,
        seed: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(home=home, port=port, grace=0.5)
        self.dagster: Literal["process", "inprocess"] | None = dagster
        self._target = _target(dagster, file=file, module=module, workspace=workspace)
        _check_installed()
        if not (token.isascii() and token.isprintable() and token.strip()):
            raise ConfigurationError("the sandbox's token must be of printable ASCII characters")
        self._host = checked_host(
            host, is_token_known=token.rpartition(":")[2].startswith("sandbox")
        )
        self._seed = None if seed is None else checked_text(seed, organization, token)
        self.token: str = token
        self.organization: str = organization
        self.deployment: str = DEPLOYMENT
        self._dagster_port = 0

    @property
    def url(self) -> str:
        """The organization's URL; ``/{deployment}`` behind it is a deployment's."""
        return super().url

    @property
    def port(self) -> int:
        """The port."""
        self._running()
        return self._port

    @property
    def dagster_url(self) -> str | None:
        """The address of the real Dagster's webserver, which asks for no token; None without a Dagster."""
        self._running()
        return f"http://{HOST}:{self._dagster_port}" if self._dagster_port else None

    def client(self, **options: Any) -> DagsterPlus:
        """Return a client of the deployment.

        Args:
            **options: Of `DagsterPlus`; they go before the sandbox's own.
        """
        from .. import DagsterPlus

        return DagsterPlus(**{**self._connection(), **options})

    def async_client(self, **options: Any) -> AsyncDagsterPlus:
        """Return an async client of the deployment.

        Args:
            **options: Of `AsyncDagsterPlus`; they go before the sandbox's own.
        """
        from .. import AsyncDagsterPlus

        return AsyncDagsterPlus(**{**self._connection(), **options})

    async def __aenter__(self) -> Self:
        from anyio import to_thread

        return await to_thread.run_sync(self.start)

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        from anyio import CancelScope, to_thread

        with CancelScope(shield=True):
            await to_thread.run_sync(self.stop)

    def _address(self) -> tuple[str, str]:
        return self.url, self.token

    def _connection(self) -> dict[str, Any]:
        return {
            "organization": self.organization,
            "deployment": self.deployment,
            "token": self.token,
            "url": self.url,
        }

    def _children(self, home: Path, runtime: Path) -> dict[str, Child]:
        children: dict[str, Child] = {}
        self._is_dagster_ready = self._target is None
        if self._target is not None:
            self._dagster_port = _other_port(self._port)
        if self._target is not None and self.dagster == "process":
            children = dagster_children(
                self._target,
                home=home,
                runtime=runtime,
                python=own_python(),
                port=self._dagster_port,
                added=home / ADDED,
            )
        settings: FrontSettings = {
            "host": self._host,
            "port": self._port,
            "token": self.token,
            "organization": self.organization,
            "store": str(home / STORE),
            "dagster_port": self._dagster_port or None,
        }
        if self._target is not None:
            settings["added"] = {"file": str(home / ADDED), "directory": str(Path.cwd())}
        if self._seed is not None:
            settings["seed"] = str(private_file(runtime / "seed.yaml", self._seed))
        if self._target is not None and self.dagster == "inprocess":
            write_settings(home)
            settings["in_process"] = in_process(self._target, home, home / ADDED)
        # One more child of the same keeper: it ends as certainly as the others, and takes no time from this process.
        children["front"] = front_child(settings)
        return children

    def _is_ready(self) -> bool:
        self._is_dagster_ready = self._is_dagster_ready or is_ready(self._dagster_port, "/graphql")
        if not self._is_dagster_ready:
            return False
        found = default_deployment(self._port, self.token, reached_at(self._host))
        self.deployment = found or self.deployment
        if found is not None:
            self.clear_requests()  # ours are of no interest
        return found is not None


def default_deployment(port: int, token: str, host: str = HOST) -> str | None:
    """Return the name of the default deployment of the sandbox that listens on a port; None if none answers."""
    connection = HTTPConnection(host, port, timeout=30)
    headers = {"Dagster-Cloud-Api-Token": token}
    body = json.dumps({"query": "{ version }"})
    try:
        connection.request("POST", "/graphql", body, headers)
        answer = connection.getresponse()
        answer.read()
        path = answer.getheader("Location", "")
        # The first operation makes the front learn what it needs to know, so that the caller's first need not.
        connection.request("POST", path or "/", body, headers)
        answer = connection.getresponse()
    except (OSError, HTTPException):
        return None
    else:
        return path.split("/")[1] if answer.status == HTTPStatus.OK else None
    finally:
        connection.close()


def _other_port(taken: int) -> int:
    """Return a free port that is not `taken`, which nobody listens on yet."""
    while (port := free_port(0)) == taken:
        pass
    return port


def _target(dagster: str | None, **given: Any) -> CodeTarget | None:
    """Return what the Dagster loads; None without one."""
    if dagster in ("process", "inprocess"):
        own_python()
        return resolve_target(given["file"], given["module"], given["workspace"], None)
    if dagster is not None:
        raise ConfigurationError(
            f"dagster can be 'process', 'inprocess' or None, and not {dagster!r}"
        )
    if any(value is not None for value in given.values()):
        raise ConfigurationError(
            "without a Dagster there is nothing to load: leave out " + ", ".join(given)
        )
    return None


def _check_installed() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("graphql", "uvicorn") if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} cannot be imported: pip install 'dagster-plus-sdk[sandbox]'"
        )
