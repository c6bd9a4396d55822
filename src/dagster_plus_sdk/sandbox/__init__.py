"""A Dagster+ on this machine, to try and test things without an account.

Needs the ``sandbox`` extra: ``pip install 'dagster-plus-sdk[sandbox]'``. Importing this package imports no Dagster.

::

    from dagster_plus_sdk.sandbox import Sandbox

    with Sandbox() as sandbox, sandbox.client() as client:
        print([job.name for job in client.jobs.list()])

`Dagster` is the real, open-source Dagster alone, without Dagster+ in front.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .local import Dagster, SandboxError
    from .sandbox import Sandbox

__all__ = ["Dagster", "Sandbox", "SandboxError"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(".sandbox" if name == "Sandbox" else ".local", __name__)
    return getattr(module, name)


def __dir__() -> list[str]:
    """Name what can be imported from here."""
    return [*globals(), *__all__]
