"""Starting, holding and ending a sandbox in the background."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from .._core.errors import DagsterPlusError, WaitTimeoutError
from .background import SandboxStatus, forget, status
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
) -> SandboxStatus:
    """Run a sandbox in this process until a signal ends it. See `background.up`."""
    from .sandbox import Sandbox

    sandbox = Sandbox(**options)
    with _sigterm_as_ctrl_c():
        try:
            sandbox.start(timeout)
            found = _describe(sandbox)
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


def _describe(sandbox: Sandbox) -> SandboxStatus:
    return SandboxStatus(
        url=sandbox.url,
        token=sandbox.token,
        organization=sandbox.organization,
        deployment=sandbox.deployment,
        pid=os.getpid(),
        started_at=time.time(),
        home=str(sandbox.home),
        process_start=start_time(os.getpid()),
    )


def detach(folder: str, options: dict[str, Any], timeout: float) -> SandboxStatus:
    """Start a process that holds a sandbox, and wait until that is ready. See `background.up`."""
    from .sandbox import Sandbox

    # What is wrong with the arguments shows here, with its own exception.
    Sandbox(**options)
    free_port(options["port"])
    told = json.dumps({"folder": folder, "options": options, "timeout": timeout})
    with (Path(folder) / LOG).open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            _command(told),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        found = _wait_ready(folder, process, time.monotonic() + timeout + END_WITHIN)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    # It is left behind: subprocess need not warn that it still runs.
    process.returncode = 0
    return found


def _command(told: str) -> list[str]:
    code = f"import sys; sys.path.insert(0, {IMPORT_ROOT!r}); from {__name__} import main; main()"
    return [sys.executable, "-c", code, told]


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
    told = json.loads(sys.argv[1])
    try:
        hold(told["folder"], told["options"], None, told["timeout"])
    except DagsterPlusError as error:
        sys.exit(str(error))
