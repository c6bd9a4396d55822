"""What the tests of the core share."""

import pytest

from dagster_plus_sdk._core.config import resolve


@pytest.fixture
def configure(tmp_path):
    """Resolve against a home directory with these files and no other environment."""

    def resolve_here(env=None, toml=None, yaml=None, **arguments):
        if toml is not None:
            (tmp_path / ".config").mkdir(exist_ok=True)
            (tmp_path / ".config" / "dg.toml").write_text(toml)
        if yaml is not None:
            (tmp_path / ".dagster_cloud_cli").mkdir(exist_ok=True)
            (tmp_path / ".dagster_cloud_cli" / "config").write_text(yaml)
        return resolve(environ=env or {}, home=tmp_path, **arguments)

    return resolve_here
