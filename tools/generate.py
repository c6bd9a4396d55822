"""Writes `src/dagster_plus_sdk/_generated` from `queries/` and `schema.graphql`.

`python tools/generate.py` replaces it; with `--check` nothing is written, and the exit code is 1 if it is not
what the generation gives.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from ariadne_codegen.config import get_config_dict
from ariadne_codegen.exceptions import CodeGenException
from ariadne_codegen.main import models_only

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "codegen.toml"


def generate(config: dict[str, Any], target: Path) -> None:
    """Generate the package into a folder, which is replaced.

    Args:
        config: The settings; their target is not looked at.
        target: The folder of the package.

    Raises:
        click.ClickException: The queries, the tables or the schema do not allow it.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = {"target_package_name": target.name, "target_package_path": folder}
        tool = config["tool"]
        settings = {**tool["ariadne-codegen"], **place}
        with contextlib.redirect_stdout(io.StringIO()):
            run = cast("Callable[[dict[str, Any]], None]", models_only)  # the library is untyped
            run({"tool": {**tool, "ariadne-codegen": settings}})
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(Path(folder) / target.name, target)


def differences(generated: Path, existing: Path) -> list[str]:
    """Return a line for each file that is missing, left over or different."""
    fresh, old = _texts(generated), _texts(existing)
    lines = [f"missing: {name}" for name in fresh.keys() - old.keys()]
    lines += [f"left over: {name}" for name in old.keys() - fresh.keys()]
    lines += [f"differs: {name}" for name in fresh.keys() & old.keys() if fresh[name] != old[name]]
    return sorted(lines)


def _texts(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in folder.rglob("*.py")
    }


def load_config(path: Path = CONFIG) -> dict[str, Any]:
    """Return the settings, their paths taken from the folder of the file."""
    config: dict[str, Any] = get_config_dict(str(path))
    settings, own = config["tool"]["ariadne-codegen"], config["tool"]["dagster-plus-codegen"]
    for key in ("schema_path", "queries_path", "target_package_path"):
        settings[key] = str(path.parent / settings[key])
    own["handwritten"] = [str(path.parent / folder) for folder in own["handwritten"]]
    return config


def check(config: dict[str, Any], target: Path) -> list[str]:
    """Return what differs between the package and what the generation gives."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / target.name
        generate(config, fresh)
        return differences(fresh, target)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    parser.add_argument("--config", type=Path, default=CONFIG, help="the settings")
    options = parser.parse_args(arguments)
    config = load_config(options.config.resolve())
    settings = config["tool"]["ariadne-codegen"]
    target = Path(settings["target_package_path"]) / settings["target_package_name"]
    try:
        if not options.check:
            generate(config, target)
            return 0
        stale = check(config, target)
    except (click.ClickException, CodeGenException) as error:
        print(error.message if isinstance(error, click.ClickException) else error, file=sys.stderr)
        return 1
    for line in stale:
        print(line, file=sys.stderr)
    if stale:
        print(f"{target} is stale: run `make generate`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
