"""The client of a command, and what makes its first answer quick."""

from __future__ import annotations

import sys
from contextlib import contextmanager

from . import progress
from .output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    import httpx

    from .. import DagsterPlus
    from .state import State

#: The code of the error that nothing is configured.
_NOTHING = "NOT_CONFIGURED"


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
    if state.debug:
        _log_to_stderr()
    _spare_httpx_its_command()
    shown = _shown() if state.view_graphql else None
    hooks = {"request": [_Preload(model)]} if model else None
    with progress.shown(), _client(state, event_hooks=hooks, http_client=shown) as client:
        try:
            yield client
        finally:
            if shown is not None:
                shown.close()


def _client(state: State, **options: Any) -> DagsterPlus:
    """Return the configured client; where nothing is configured, that of the sandbox that runs here."""
    from .. import ConfigurationError, DagsterPlus

    try:
        return DagsterPlus(
            organization=state.organization,
            deployment=state.deployment,
            token=state.api_token,
            url=state.url,
            profile=state.profile,
            **options,
        )
    except ConfigurationError as error:
        if error.code != _NOTHING:
            raise
        from .sandbox import running, state_dir

        sandbox = running()
        if sandbox is None:
            raise
    client = DagsterPlus(
        sandbox.organization,
        state.deployment or sandbox.deployment,
        state.api_token or sandbox.token,
        url=sandbox.url,
        **options,
    )
    client.settings.sources.update(
        dict.fromkeys(("url", "organization", "token"), "sandbox " + state_dir())
    )
    return client


class _Preload:
    """Imports a model, and pydantic with it, in a thread while the first request is under way."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._begun = False

    def __call__(self, _event: object) -> None:
        """Begin, the first time."""
        import threading

        if not self._begun:
            self._begun = True
            threading.Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        from importlib import import_module

        getattr(import_module(__name__.partition(".")[0]), self._model)


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
