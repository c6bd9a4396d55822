"""What is imported when, and what is in the wheel: each looks at a fresh interpreter."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest
from kit import payloads

ROOT = Path(__file__).resolve().parents[2]

#: Slow to import, and not needed before the first request.
HEAVY = {"asyncio", "httpx", "pydantic", "pydantic_core", "typing_extensions", "yaml"}
#: Never needed by the core.
EXTRAS = {"click", "dagster", "graphql", "graphene", "rich", "websockets"}
#: Cheap ones, yet several ms together.
COSTLY = {"dataclasses", "enum", "inspect", "json", "logging", "pathlib", "re", "typing"}

EXPLICIT = "organization='acme', deployment='prod', token='user:x:1'"


def modules(source: str, **environment: str) -> set[str]:
    """The modules that a script imports, of which Python itself had none."""
    script = textwrap.dedent(
        """
        import sys
        before = set(sys.modules)
        exec(sys.argv[1], {})
        imported = sorted(set(sys.modules) - before)
        import json
        print(json.dumps(imported))
        """
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER_", "COVERAGE_"))}
    result = subprocess.run(
        [sys.executable, "-c", script, textwrap.dedent(source)],
        env=env | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout.splitlines()[-1]))


def ours(imported: set[str], package: str) -> set[str]:
    """The modules below one of our packages."""
    prefix = f"dagster_plus_sdk.{package}."
    return {name.removeprefix(prefix) for name in imported if name.startswith(prefix)}


CONSTRUCTIONS = {
    "import": "import dagster_plus_sdk",
    "sync": f"from dagster_plus_sdk import DagsterPlus\nDagsterPlus({EXPLICIT})",
    "async": f"from dagster_plus_sdk import AsyncDagsterPlus\nAsyncDagsterPlus({EXPLICIT})",
    "open source": "from dagster_plus_sdk import DagsterPlus\nDagsterPlus(url='http://localhost:3000')",
    "environment": "from dagster_plus_sdk import DagsterPlus\nDagsterPlus()",
    "exceptions": "from dagster_plus_sdk import NotFoundError, errors",
}
ENVIRONMENT = {"DAGSTER_CLOUD_ORGANIZATION": "acme", "DAGSTER_CLOUD_API_TOKEN": "user:x:1"}


@pytest.mark.parametrize("name", CONSTRUCTIONS)
def test_nothing_heavy_before_the_first_request(name):
    imported = modules(CONSTRUCTIONS[name], **(ENVIRONMENT if name == "environment" else {}))

    assert "dagster_plus_sdk" in imported
    assert imported & HEAVY == set()
    assert imported & EXTRAS == set()
    assert imported & COSTLY == set()


def test_what_is_imported_is_seen():
    assert modules("import json, pydantic_core") >= {"json", "pydantic_core"}


def test_constructing_imports_no_resource_and_no_model():
    imported = modules(CONSTRUCTIONS["sync"])

    assert ours(imported, "_generated") == {"enums", "models"}
    assert ours(imported, "_sync") == {"_resources", "client"}
    assert ours(imported, "_async") == {"_resources"}


CALL = """
    from dagster_plus_sdk import DagsterPlus, Run
    with DagsterPlus(url={url!r}) as client:
        assert type(client.runs.get("x")) is Run
"""
ASYNC_CALL = """
    import asyncio
    from dagster_plus_sdk import AsyncDagsterPlus
    async def main():
        async with AsyncDagsterPlus(url={url!r}) as client:
            await client.runs.get("x")
    asyncio.run(main())
"""


def test_a_first_call_imports_its_own_models_only(server):
    server.data(payloads.get_run())
    imported = modules(CALL.format(url=server.url))

    closure = {
        "asset_check_ref",
        "asset_ref",
        "repository_origin",
        "run",
        "run_stats",
        "run_step",
        "run_step_attempt",
        "run_summary",
        "run_tag",
    }
    assert ours(imported, "_generated.models") == closure
    assert ours(imported, "_generated.enums") == {"run_status", "step_event_status"}
    assert ours(imported, "_generated.results") == {"get_run"}
    assert ours(imported, "_generated.operations") == {"runs"}
    assert ours(imported, "_sync.resources") == {"runs"}
    assert "dagster_plus_sdk._generated.input_types" not in imported


def test_a_first_call_imports_no_extra_and_no_event_loop(server):
    server.data(payloads.get_run())
    imported = modules(CALL.format(url=server.url))

    assert {"httpx", "pydantic"} <= imported
    # click and rich are httpx's own, for its command, where they are installed.
    assert imported & (EXTRAS - {"click", "rich"}) == set()
    assert imported & {"asyncio", "yaml"} == set()


def test_the_sync_client_imports_no_async_one(server):
    server.data(payloads.get_run())
    imported = modules(CALL.format(url=server.url))

    assert ours(imported, "_async") == {"_resources"}


def test_the_async_client_imports_no_sync_one(server):
    server.data(payloads.get_run())
    imported = modules(ASYNC_CALL.format(url=server.url))

    assert ours(imported, "_sync") == {"_resources"}
    assert ours(imported, "_async.resources") == {"runs"}


def test_a_run_needs_yaml_only_for_a_config_in_yaml():
    source = "from dagster_plus_sdk._core.documents import read_document\nread_document({}, 'x')"
    assert "yaml" not in modules(source)
    source = (
        "from dagster_plus_sdk._core.documents import read_document\nread_document('ops: {}', 'x')"
    )
    assert "yaml" in modules(source)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names of the files in the wheel."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_has_what_is_needed_at_run_time(wheel):
    assert {
        "dagster_plus_sdk/__init__.py",
        "dagster_plus_sdk/py.typed",
        "dagster_plus_sdk/schema.graphql",
        "dagster_plus_sdk/_generated/operations/runs.py",
        "dagster_plus_sdk/_sync/client.py",
    } <= wheel
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def test_the_wheel_has_every_module(wheel):
    source = ROOT / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    assert {name for name in wheel if name.endswith(".py")} == files


def test_the_wheel_has_nothing_of_development(wheel):
    top = {name.split("/")[0] for name in wheel}
    assert {name.split("-")[0] for name in top} == {"dagster_plus_sdk"}
    assert [n for n in wheel if n.endswith((".pyc", ".toml")) or "/queries/" in n] == []
