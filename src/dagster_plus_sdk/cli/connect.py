"""The client of a command, and what makes its first answer quick."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from importlib import import_module

from .failures.errors import NOT_FOUND
from .impatience import Impatience
from .printing import progress
from .printing.output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    import httpx

    from .. import ConfigurationError, DagsterPlus
    from .state import State

#: The code of the error that nothing is configured.
_NOTHING = "NOT_CONFIGURED"
_NO_SERVER = (
    "No server is configured: log in with dplus auth login, start one with dplus sandbox up, or give "
    "--url http://localhost:3000 (a Dagster webserver) or --organization acme (Dagster+)."
)
_DEPLOYMENT = "DAGSTER_CLOUD_DEPLOYMENT"
#: What the facade calls an argument.
_OPTION = "option"
#: What it says of Python and of files, and what that is in a shell.
_SAID = (
    (r"\(from argument\)", "(from --profile)"),
    (r"\(argument\)", f"({_OPTION})"),
    (r"`branch_deployments\.list\(\)`", "dplus branch-deployment list"),
    (r" A profile is a table .*", " dplus auth login --profile NAME makes one."),
)
_LOG_IN = "Log in with dplus auth login, or set DAGSTER_CLOUD_API_TOKEN."


@contextmanager
def connect(state: State, model: str = "") -> Generator[DagsterPlus, None, None]:
    """Open the client that the options, the environment and the files describe.

    Args:
        state: The global options.
        model: The public name of the model that the first answer is read with.

    Yields:
        The client; it is closed in the end.

    Raises:
        ConfigurationError: Where to send is not known, or contradicts itself.
        MissingTokenError: Dagster+ needs a token and none is configured.
    """
    from .. import AuthenticationError, DagsterPlusError

    if state.debug:
        _log_to_stderr()
    _spare_httpx_its_command()
    shown = _shown() if state.view_graphql else None
    hooks = {"request": [_preload(model)] if model else [], "response": [Impatience()]}
    with progress.shown(), open_client(state, event_hooks=hooks, http_client=shown) as client:
        try:
            yield client
        except AuthenticationError as error:
            error.message = _about_token(error.message, client)
            raise
        except DagsterPlusError as error:
            if error.status_code == NOT_FOUND and _names_deployment(error.message, client):
                error.message += _origin(client, "deployment")
            raise
        finally:
            if shown is not None:
                shown.close()


def _about_token(message: str, client: DagsterPlus) -> str:
    """Return the error of a token that is refused: with its origin, or with how to give one where there is none."""
    if client.settings.auth.has_credentials:
        return message + _origin(client, "token")
    said = message.replace("refuses the token", "wants a token, and none is configured for it")
    return f"{said}; {_LOG_IN[0].lower()}{_LOG_IN[1:-1]} and give --organization too"


def _names_deployment(message: str, client: DagsterPlus) -> bool:
    """Tell whether an error is about the deployment that requests go to."""
    return f"deployment {client.settings.deployment!r}" in message


def _origin(client: DagsterPlus, setting: str) -> str:
    """Return the end of an error that is about a setting: where it is from, unless the command line has it."""
    source = client.settings.sources.get(setting)
    return f"; it is from: {source}" if source and source != _OPTION else ""


def open_client(state: State, **options: Any) -> DagsterPlus:
    """Return the configured client; where nothing is configured, that of the sandbox that runs here."""
    from .. import ConfigurationError, DagsterPlus

    given = {name: getattr(state, name) for name in ("organization", "deployment", "url")}
    given["token"] = state.api_token
    where, named = _OPTION, ""
    try:
        client = DagsterPlus(**given, profile=state.profile, **options)
    except ConfigurationError as error:
        error.message = _in_a_shell(error)
        if error.code != _NOTHING:
            raise
        from .sandbox.processes import running, state_dir

        sandbox = running()
        if sandbox is None:
            raise
        where = f"sandbox {state_dir()}"
        # The environment may say which deployment; a token that it has is another server's.
        named = "" if state.deployment else os.environ.get(_DEPLOYMENT, "").strip()
        wanted = {**given, "deployment": state.deployment or named}
        there = {name: value or getattr(sandbox, name) for name, value in wanted.items()}
        client = DagsterPlus(**there, **options)
    sources = client.settings.sources
    ours = [name for name, source in sources.items() if source == "argument"]
    sources.update({name: _OPTION if given.get(name) else where for name in ours})
    if named:
        sources["deployment"] = f"environment {_DEPLOYMENT}"
    return client


def _in_a_shell(error: ConfigurationError) -> str:
    """Return what an error of the configuration says here: options and commands in the place of Python's arguments."""
    from .. import MissingTokenError

    message = error.message
    if error.code == _NOTHING:
        return _NO_SERVER
    if isinstance(error, MissingTokenError):
        whose, _, ways = message.partition(" Give one as ")
        notes = ways.partition("there).")[2].partition(" For a server ")[0]
        return f"{whose} {_LOG_IN}{notes}"
    for said, meant in _SAID:
        message = re.sub(said, meant, message)
    return message


def _preload(model: str) -> Callable[[object], None]:
    """Return a hook that imports a model, and pydantic with it, in a thread while the first request is under way."""
    from threading import Thread

    def load() -> None:
        with suppress(Exception):  # the command's own thread will meet it, and tells it
            getattr(import_module(__name__.partition(".")[0]), model)

    thread = Thread(target=load, daemon=True)

    def begin(_event: object) -> None:
        if thread.ident is None:
            thread.start()

    return begin


def _spare_httpx_its_command() -> None:
    """Let httpx find its own command not installed: it would import rich, a tenth of a command's time."""
    if "httpx" not in sys.modules:
        sys.modules["httpx._main"] = None  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]


def _log_to_stderr() -> None:
    import logging

    class Handler(logging.Handler):
        """Writes to what stderr is now."""

        def emit(self, record: logging.LogRecord) -> None:
            tell(f"dplus: {record.getMessage()}")

    log = logging.getLogger(__name__.partition(".")[0])
    log.setLevel(logging.DEBUG)
    log.handlers[:] = [Handler()]


def _shown() -> httpx.Client:
    """Return an httpx client that prints each operation; only the names of variables: values may be secrets."""
    import json

    import httpx

    def show(request: httpx.Request) -> None:
        if not request.url.path.endswith("/graphql"):
            # The query of a presigned URL is a secret, and a file is not read here.
            tell(f"# {request.method} {request.url.copy_with(query=None)}")
            return
        sent: dict[str, Any] = json.loads(request.content)
        names = ", ".join(sent.get("variables") or {})
        tell(f"# {sent.get('operationName') or 'anonymous'}" + (f" ({names})" if names else ""))
        tell(sent["query"])

    return httpx.Client(event_hooks={"request": [show]})
