"""What runs on this machine for as long as an object says: its folders, its processes, its start and end."""

from __future__ import annotations

import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path

from .._core.errors import ConfigurationError, WaitTimeoutError
from .listening import http_url, reached_at
from .processes.commands import HOST
from .processes.group import ProcessGroup, SandboxError
from .processes.probes import free_port

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from types import TracebackType

    from typing_extensions import Self

    from .processes.keeper import Child

LOOK_EVERY = 0.05
LOG_TAIL = 3000
#: Of a free port that is chosen here: between the choice and the use, another process may take it.
PORTS_TO_TRY = 3
#: What the log of a process says that came too late.
TAKEN = "address already in use"
# A socket's path is limited to about 100 characters.
LONG_PATH = 60


class LocalServer(ABC):
    """Base of what is started as a process group, and listens on one port.

    Args:
        home: The folder of its state, which stays; by default a temporary one that is removed.
        port: The port; 0: a free one.
        grace: Seconds that the processes get to end by themselves.
    """

    #: What it is called in errors.
    _what = "server"
    #: Where it listens.
    _host = HOST

    def __init__(self, *, home: str | os.PathLike[str] | None, port: int, grace: float) -> None:
        self._given_home = None if home is None else Path(home).absolute()
        self._given_port = port
        self._grace = grace
        self._home: Path | None = None
        self._port = 0
        self._group: ProcessGroup | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash in the end."""
        self._running()
        return http_url(reached_at(self._host), self._port)

    @property
    def home(self) -> Path:
        """The folder of its state."""
        self._running()
        assert self._home
        return self._home

    @property
    def log_path(self) -> Path:
        """The file with what the processes wrote."""
        return self.home / "sandbox.log"

    @property
    def pids(self) -> dict[str, int]:
        """The ids of the processes by name, that of their `keeper` included."""
        group = self._running()
        return {**group.pids, "keeper": group.keeper_pid}

    def start(self, timeout: float = 120) -> Self:
        """Start the processes, and wait until they are ready: the code locations have loaded or failed to.

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
            raise ConfigurationError(f"this {self._what} runs already, at {self.url}")
        end = time.monotonic() + timeout
        tries = 1 if self._given_port else PORTS_TO_TRY
        while not self._started(end, is_last=tries == 1):
            tries -= 1
        return self

    def stop(self) -> None:
        """End the processes, and remove the home if it is a temporary one. May be called twice."""
        if self._group is not None:
            self._group.stop()
            self._group = None

    def wait(self) -> None:
        """Wait as long as the processes run.

        Raises:
            SandboxError: One of them ended. The message has the end of the log.
        """
        group = self._running()
        while not group.ended and group.alive:
            time.sleep(LOOK_EVERY)
        raise self._ended(group)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @abstractmethod
    def _children(self, home: Path, runtime: Path) -> dict[str, Child]:
        """Write what the processes read, and return their commands by name."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Tell whether the start is over."""

    def _running(self) -> ProcessGroup:
        if self._group is None:
            raise ConfigurationError(
                f"this {self._what} does not run: start it, or use it in a with block"
            )
        return self._group

    def _started(self, end: float, *, is_last: bool) -> bool:
        """Start; tell whether the port was its own, if this is not the last try."""
        self._port = free_port(self._given_port, self._host)
        try:
            self._group = self._make_group()
            self._group.start()
            self._wait(self._group, end)
        except BaseException as error:
            self.stop()
            if is_last or not isinstance(error, SandboxError) or TAKEN not in str(error):
                raise
            return False
        return True

    def _make_group(self) -> ProcessGroup:
        short = "/tmp" if len(tempfile.gettempdir()) > LONG_PATH else None  # noqa: S108
        runtime = Path(tempfile.mkdtemp(prefix="dagster-plus-", dir=short))
        try:
            self._home = self._given_home or runtime / "home"
            # What is in it is nobody else's business. One that is there has the rights that it was given.
            self._home.mkdir(0o700, parents=True, exist_ok=True)
            children = self._children(self._home, runtime)
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
        while not self._is_ready():
            if group.ended or not group.alive:
                raise self._ended(group)
            if time.monotonic() > end:
                raise WaitTimeoutError(
                    f"the {self._what} did not start in time:\n{self._log_tail()}"
                )
            time.sleep(LOOK_EVERY)

    def _ended(self, group: ProcessGroup) -> SandboxError:
        name, code = next(iter(group.ended.items()), ("keeper", -9))
        return SandboxError(f"the process {name!r} ended with {code}:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        try:
            return (
                self.log_path.read_text(errors="replace")[-LOG_TAIL:].strip()
                or "(its log is empty)"
            )
        except OSError as error:
            return f"(no log: {error})"
