"""``sandbox up``, ``down`` and ``status``, and finding the one that runs."""

from __future__ import annotations

import os
import sys

import click

from ..params.asking import ask_secret
from ..params.files import DASH, read_file
from ..printing.output import tell
from ..printing.whole import show_own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...sandbox.background import SandboxStatus
    from ..state import State

#: Options of ``up`` that are handed on as they are.
_AS_GIVEN = ("port", "host", "file", "module", "workspace", "seed")


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
    from ...sandbox.background import status as look

    return look(folder)


def running_in(given: str | None) -> SandboxStatus:
    """Return the sandbox of a folder, or of the usual one.

    Raises:
        DagsterPlusError: None runs.
    """
    from ... import DagsterPlusError
    from ...sandbox.background import status as look

    folder = given or state_dir()
    found = look(folder)
    if found is None:
        raise DagsterPlusError(
            f"no sandbox runs in {folder}: dplus sandbox up starts one",
            code="SANDBOX_NOT_RUNNING",
            status_code=404,
        )
    return found


def up(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Start a sandbox; without ``--detach`` hold it until Ctrl-C.

    Raises:
        click.UsageError: An option cannot be.
    """
    from ...sandbox.background import up as start

    start(
        **{name: values[name] for name in _AS_GIVEN},
        organization=state.organization,
        state_dir=values["dir"] or state_dir(),
        detach=bool(values["detach"]),
        fresh=bool(values["fresh"]),
        dagster=None if values["dagster"] == "none" else values["dagster"],
        token=_own_token(state, values["token_file"]),
        on_ready=lambda found: _ready(state, found, values),
    )


def _ready(state: State, found: SandboxStatus, values: dict[str, Any]) -> None:
    """Print where it is; what else there is to know goes to stderr."""
    _show(state, found)
    if values["seed"] and not found.is_new:
        tell(
            "dplus: the state was there already, and the seed was not planted: --fresh starts anew, and"
            f" dplus sandbox seed {values['seed']} adds it"
        )
    where = "" if values["dir"] is None else f" --dir {values['dir']}"
    if not where:
        tell("dplus: where nothing else is configured, dplus uses this sandbox")
    tell(f'dplus: eval "$(dplus sandbox env --with-token{where})" leads other programs to it')
    tell(f"dplus: {f'dplus sandbox down{where}' if values['detach'] else 'Ctrl-C'} ends it")


def _own_token(state: State, file: str | None) -> str | None:
    """Return the token in a file, or behind ``-`` that of stdin.

    Raises:
        click.UsageError: There is none, or it stands where everyone sees it.
    """
    if state.api_token:
        raise click.UsageError(
            "everyone on this machine sees a command line: give the token by --token-file"
        )
    if file is None:
        return None
    if file == DASH:
        return ask_secret("Token of the sandbox", "there is no token in stdin")
    token = read_file(file).decode("utf-8", "replace").strip()
    if not token:
        raise click.UsageError(f"there is no token in {file}")
    return token


def down(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """End a sandbox, if one runs."""
    from ...sandbox.background import down as end

    ended = end(values["dir"] or state_dir())
    text = "The sandbox is stopped" if ended else "No sandbox was running"
    show_own(state, {"stopped": ended}, text)


def status(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print where a sandbox runs."""
    _show(state, running_in(values["dir"]))


def env(state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the variables that lead a program to a sandbox, as a shell takes them."""
    from shlex import quote

    found = running_in(values["dir"])
    variables = {
        "DAGSTER_CLOUD_URL": found.url,
        "DAGSTER_CLOUD_ORGANIZATION": found.organization,
        "DAGSTER_CLOUD_DEPLOYMENT": state.deployment or found.deployment,
    }
    if values["role"] or values["with_token"]:
        variables["DAGSTER_CLOUD_API_TOKEN"] = (
            token_of(found, values["role"]) if values["role"] else found.token
        )
    text = "\n".join(f"export {name}={quote(value)}" for name, value in variables.items())
    show_own(state, variables, text)


def token_of(found: SandboxStatus, role: str) -> str:
    """Return the token of a role.

    Raises:
        click.UsageError: There is no such role.
    """
    tokens = found.remote().tokens
    if role not in tokens:
        raise click.UsageError(f"--role can be {', '.join(tokens)}, not {role!r}")
    return tokens[role]


def time_text(seconds: float) -> str:
    """Return a time, which is given in seconds since 1970, as JSON has it."""
    from datetime import datetime, timezone

    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")


def _show(state: State, found: SandboxStatus) -> None:
    about = found.remote().about
    record = {
        "url": found.url,
        "organization": found.organization,
        "deployment": found.deployment,
        "deployments": about["deployments"],
        "dagster": found.dagster or "none",
        "dagster_url": found.dagster_url,
        "seeded": about["seeded"],
        "pid": found.pid,
        "home": found.home,
        "started_at": time_text(found.started_at),
    }
    show_own(state, record)
    sys.stdout.flush()
