"""A real Dagster on this machine, to try and test things without an account.

Needs the ``sandbox`` extra: ``pip install 'dagster-plus-sdk[sandbox]'``. Importing this package imports no Dagster.

::

    from dagster_plus_sdk.sandbox import Dagster

    with Dagster() as dagster:
        print(dagster.url)
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .local import Dagster, SandboxError

__all__ = ["Dagster", "SandboxError"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import local

    return getattr(local, name)


def __dir__() -> list[str]:
    """Name what can be imported from here."""
    return [*globals(), *__all__]
