"""Fixtures for pytest: a Dagster+ of the tests' own. pytest finds them by itself where this package is installed.

::

    def test_my_script(dagster_plus):
        my_script.main()  # connects as anywhere: DagsterPlus() is told by the environment

        assert dagster_plus.secrets.get("TOKEN").name == "TOKEN"

`dagster_plus_sandbox` is a `Sandbox`, and `dagster_plus` a client of it. While a test has them, the environment leads to
the sandbox. The process is started once; each test finds the demo organization as it was at the start. What the real
Dagster behind it has, if there is one, stays for the whole session.

With pytest-xdist each worker has its own. Async tests (anyio, pytest-asyncio) take a client of theirs::

    async def test_my_async_script(dagster_plus_sandbox):
        async with dagster_plus_sandbox.async_client() as client:
            await client.deployments.create("mine")

The marker ``dagster_plus_sandbox`` says what a test needs::

    @pytest.mark.dagster_plus_sandbox(dagster="inprocess", file="definitions.py", seed="seed.yaml", role="viewer")

Without it there is the control plane alone. ``pytestmark`` says it for a module.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from .. import DagsterPlus
    from .sandbox import Sandbox

MARKER = "dagster_plus_sandbox"
#: What the marker can say about the process. Tests that say the same share one.
PROCESS = ("dagster", "file", "module", "workspace", "organization")
#: What it can say about one test.
TEST = ("seed", "switches", "role")
USAGE = (
    "dagster_plus_sandbox(dagster=None, file=None, module=None, workspace=None, organization='demo', seed=None, "
    "switches={}, role='organization_admin'): what is behind the test's Dagster+: 'inprocess' or 'process' for a real "
    "Dagster and what it loads; a seed to plant, switches to set, and the role of the token in the environment"
)
#: Everything that leads a client elsewhere.
ELSEWHERE = ("DAGSTER_CLOUD_ENV", "DAGSTER_GRAPHQL_URL", "DAGSTER_HOST", "DAGSTER_PORT")


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest the marker."""
    config.addinivalue_line("markers", USAGE)


class _Running:
    """The sandboxes of a session, by what they are."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._known: dict[tuple[Any, ...], Sandbox] = {}

    def get(self, options: dict[str, Any]) -> Sandbox:
        """Return the sandbox that is so; start it, if it is the first."""
        from .sandbox import Sandbox

        key = tuple(options.get(name) for name in PROCESS)
        if key not in self._known:
            whole: dict[str, Any] = {"dagster": None, **options}
            self._known[key] = self._stack.enter_context(Sandbox(**whole))
        return self._known[key]

    def close(self) -> None:
        """End all of them."""
        self._stack.close()


@pytest.fixture(scope="session")
def _dagster_plus_sandboxes() -> Generator[_Running, None, None]:
    running = _Running()
    yield running
    running.close()


def _asked(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what the markers say; the nearest one first."""
    asked: dict[str, Any] = {}
    for marker in request.node.iter_markers(MARKER):
        unknown = sorted(marker.kwargs.keys() - {*PROCESS, *TEST})
        if marker.args or unknown:
            pytest.fail(f"the marker is {USAGE.partition(':')[0]}", pytrace=False)
        asked = {**marker.kwargs, **asked}
    return asked


@pytest.fixture
def dagster_plus_sandbox(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    _dagster_plus_sandboxes: _Running,
) -> Sandbox:
    """A Dagster+ organization on this machine, as new for each test; the environment leads to it."""
    asked = _asked(request)
    sandbox = _dagster_plus_sandboxes.get({k: asked[k] for k in PROCESS if k in asked})
    sandbox.reset()
    if asked.get("switches"):
        sandbox.switches(**asked["switches"])
    if asked.get("seed") is not None:
        sandbox.seed(asked["seed"])
    for name in ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    tokens, role = sandbox.tokens, asked.get("role", "organization_admin")
    if role not in tokens:
        pytest.fail(f"the role can be {', '.join(tokens)}, and not {role!r}", pytrace=False)
    monkeypatch.setenv("DAGSTER_CLOUD_URL", sandbox.url)
    monkeypatch.setenv("DAGSTER_CLOUD_ORGANIZATION", sandbox.organization)
    monkeypatch.setenv("DAGSTER_CLOUD_DEPLOYMENT", sandbox.deployment)
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", tokens[role])
    return sandbox


@pytest.fixture
def dagster_plus(dagster_plus_sandbox: Sandbox) -> Generator[DagsterPlus, None, None]:
    """A client of the sandbox, with the rights of an admin of the organization."""
    with dagster_plus_sandbox.client() as client:
        yield client
