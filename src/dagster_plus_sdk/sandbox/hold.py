"""Starting, holding and ending a sandbox in the background."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from .._core.errors import ConfigurationError, DagsterPlusError, WaitTimeoutError
from .background import SandboxStatus, forget, status
from .private import private_file
from .processes.commands import IMPORT_ROOT
from .processes.group import SandboxError
from .processes.pids import start_time
from .processes.probes import free_port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from .sandbox import Sandbox

LOG = "background.log"
LOOK_EVERY = 0.05
#: Seconds for a sandbox to end: the keeper's grace, and what it takes for certain.
END_WITHIN = 20.0


def hold(
    folder: str,
    options: dict[str, Any],
    on_ready: Callable[[SandboxStatus], object] | None,
    timeout: float,
    *,
    fresh: bool = False,
) -> SandboxStatus:
    """Run a sandbox in this process until a signal ends it. See `background.up`."""
    sandbox = _prepare(options, fresh=fresh)
    is_new = not _store(options["home"]).exists()
    with _sigterm_as_ctrl_c():
        try:
            sandbox.start(timeout)
            found = _describe(sandbox, is_new=is_new)
            found.write(folder)
            if on_ready:
                on_ready(found)
            with contextlib.suppress(KeyboardInterrupt):
                sandbox.wait()
            return found
        finally:
            sandbox.stop()
            forget(folder)


@contextlib.contextmanager
def _sigterm_as_ctrl_c() -> Generator[None, None, None]:
    """Take SIGTERM as Ctrl-C; signals can be set in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _prepare(options: dict[str, Any], *, fresh: bool) -> Sandbox:
    """Return what is to be started; what is wrong with the arguments shows here, before anything is removed."""
    from .sandbox import ORGANIZATION, Sandbox

    if options.get("organization") is None:
        known = None if fresh else _known_organization(options["home"])
        options = {**options, "organization": known or ORGANIZATION}
    sandbox = Sandbox(**options)
    free_port(options["port"], options["host"])
    if fresh:
        _clear(options["home"])
    if _store(options["home"]).exists():
        Path(options["home"]).chmod(0o700)  # it may have been made less careful
    return sandbox


def _store(home: str) -> Path:
    from .sandbox import STORE

    return Path(home) / STORE


def _known_organization(home: str) -> str | None:
    """Return the name of the organization of a state that is there."""
    if not _store(home).exists():
        return None
    from .control.store import Store

    store = Store(_store(home))
    try:
        return (store.find("DagsterCloudOrganization") or {}).get("name")
    finally:
        store.close()


def _clear(home: str) -> None:
    """Remove a sandbox's state; the settings of its Dagster are the user's.

    Raises:
        ConfigurationError: The folder is something else's.
    """
    entries = list(Path(home).iterdir()) if Path(home).is_dir() else []
    if entries and not _store(home).exists():
        raise ConfigurationError(f"{home} is not the state of a sandbox: nothing is removed")
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != "dagster.yaml":
            entry.unlink()


def _describe(sandbox: Sandbox, *, is_new: bool) -> SandboxStatus:
    return SandboxStatus(
        url=sandbox.url,
        token=sandbox.token,
        organization=sandbox.organization,
        deployment=sandbox.deployment,
        pid=os.getpid(),
        started_at=time.time(),
        home=str(sandbox.home),
        process_start=start_time(os.getpid()),
        dagster=sandbox.dagster,
        dagster_url=sandbox.dagster_url,
        is_new=is_new,
    )


def detach(
    folder: str, options: dict[str, Any], timeout: float, *, fresh: bool = False
) -> SandboxStatus:
    """Start a process that holds a sandbox, and wait until that is ready. See `background.up`."""
    _prepare(options, fresh=fresh)
    told = {"folder": folder, "options": options, "timeout": timeout}
    with private_file(Path(folder) / LOG, "").open("a") as log:
        process = subprocess.Popen(  # noqa: S603
            _command(),
            stdin=subprocess.PIPE,  # everyone sees the arguments, and there may be a token
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _tell(process, json.dumps(told))
        found = _wait_ready(folder, process, time.monotonic() + timeout + END_WITHIN)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    # It is left behind: subprocess need not warn that it still runs.
    process.returncode = 0
    return found


def _tell(process: subprocess.Popen[bytes], told: str) -> None:
    assert process.stdin
    # If it ended already, that shows in its exit code.
    with contextlib.suppress(BrokenPipeError), process.stdin:
        process.stdin.write(told.encode())


def _command() -> list[str]:
    code = f"import sys; sys.path.insert(0, {IMPORT_ROOT!r}); from {__name__} import main; main()"
    return [sys.executable, "-c", code]


def _wait_ready(folder: str, process: subprocess.Popen[bytes], end: float) -> SandboxStatus:
    while time.monotonic() < end:
        code = process.poll()
        found = status(folder)
        if found and found.pid == process.pid:
            return found
        if code is not None:
            text = (Path(folder) / LOG).read_text(errors="replace").strip()
            raise SandboxError(text or f"the sandbox's process ended with {code}")
        time.sleep(LOOK_EVERY)
    raise WaitTimeoutError("the sandbox did not start in time")


def end(found: SandboxStatus) -> None:
    """End a sandbox, and wait until it is gone.

    Args:
        found: Where it is.

    Raises:
        SandboxError: It did not end.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(found.pid, signal.SIGTERM)
    until = time.monotonic() + END_WITHIN
    while found.is_alive():
        if time.monotonic() > until:
            raise SandboxError(f"the sandbox did not end: process {found.pid} still runs")
        # If it is a child of this process, it stays until it is asked for.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(found.pid, os.WNOHANG)
        time.sleep(0.02)


def main() -> None:
    """Hold a sandbox, as the process that `up` leaves behind."""
    told = json.load(sys.stdin)
    try:
        hold(told["folder"], told["options"], None, told["timeout"])
    except DagsterPlusError as error:
        sys.exit(str(error))
