"""The sandbox's control plane in a thread of this process: quick to start, and to reset for each test."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import uvicorn

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus
from dagster_plus_sdk.sandbox.admin.administration import Administration
from dagster_plus_sdk.sandbox.control import open_store
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN, demo_seed, role_tokens, seed
from dagster_plus_sdk.sandbox.front.app import Front
from dagster_plus_sdk.sandbox.schema import full_schema

if TYPE_CHECKING:
    from typing_extensions import Self

ORGANIZATION = "demo"


class PlusServer:
    """A server that is Dagster+ without a Dagster."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = path = Path(self._folder.name) / "control-plane.sqlite3"
        self.stores = [open_store(path, DEFAULT_TOKEN) for _ in range(3)]
        reader, writer, own = self.stores
        seed(own, ORGANIZATION)
        self._demo = demo_seed(ORGANIZATION, DEFAULT_TOKEN)
        self._administration = Administration(own, token=DEFAULT_TOKEN, organization=ORGANIZATION)
        self._front = Front(full_schema(), reader=reader, writer=writer, organization=ORGANIZATION)
        config = uvicorn.Config(self._front, port=0, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.tokens = role_tokens(DEFAULT_TOKEN)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._front.close()
        self.stores[2].close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """The organization's URL."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def client(self, role: str = "organization_admin", **options: Any) -> DagsterPlus:
        """Return a client with the token of a role."""
        return DagsterPlus(**self._options(role) | options)

    def async_client(self, role: str = "organization_admin", **options: Any) -> AsyncDagsterPlus:
        """Return an async client with the token of a role."""
        return AsyncDagsterPlus(**self._options(role) | options)

    def reset(self) -> None:
        """Put the demo organization in the place of everything; its file is read once, as that takes longer than all else."""
        with patch.object(
            sys.modules[seed.__module__], "demo_seed", lambda *_: deepcopy(self._demo)
        ):
            self._administration.reset()

    def advance_clock(self, seconds: float) -> None:
        """Set the sandbox's clock forward."""
        self._administration.advance(seconds)

    def switches(self, **values: str) -> None:
        """Set switches."""
        self._administration.set_switches(values)

    def seed(self, document: dict[str, Any]) -> None:
        """Add what a seed says."""
        self._administration.seed(document)

    def _options(self, role: str) -> dict[str, Any]:
        return {
            "url": self.url,
            "organization": ORGANIZATION,
            "deployment": "prod",
            "token": self.tokens[role],
        }
