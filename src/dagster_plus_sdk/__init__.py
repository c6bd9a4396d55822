"""The typed Python SDK of the Dagster+ GraphQL API, and of open-source Dagster webservers.

::

    from dagster_plus_sdk import DagsterPlus

    with DagsterPlus(url="http://localhost:3000") as client:
        for job in client.jobs.list():
            print(job.name)

Every public name is imported when it is first used: importing this package loads neither httpx nor pydantic.
"""

from __future__ import annotations

from ._async import _resources as _async_resources
from ._core import errors as _errors
from ._generated import enums as _enums
from ._generated import models as _models
from ._sync import _resources as _sync_resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._async._resources import *
    from ._async.client import AsyncDagsterPlus
    from ._async.pager import AsyncPager
    from ._core import errors
    from ._core.agent_error_report import AgentErrorReport
    from ._core.asset_events import AssetEvent
    from ._core.asset_key import AssetKey
    from ._core.asset_partition import AssetPartition
    from ._core.auth import Auth, BasicAuth, BearerAuth, HeaderAuth, NoAuth, TokenAuth
    from ._core.captured_log import CapturedLog
    from ._core.discovery import Discovery
    from ._core.documents import Changes
    from ._core.errors import *
    from ._core.hooks import RequestEvent, ResponseEvent
    from ._core.models import ErrorResult, Unknown
    from ._core.operation import Operation
    from ._core.paging import Page
    from ._core.retry import RetryPolicy
    from ._core.run_failure import FailedStep
    from ._core.secret import Secret
    from ._core.setting import Setting
    from ._core.timeouts import Timeout
    from ._generated import operations
    from ._generated.enums import *
    from ._generated.models import *
    from ._sync._resources import *
    from ._sync.client import DagsterPlus
    from ._sync.pager import Pager

__version__ = "0.1.0"

#: Where the names come from that are written by hand.
_MODULES = {
    "AgentErrorReport": "_core.agent_error_report",
    "AssetEvent": "_core.asset_events",
    "AssetKey": "_core.asset_key",
    "AssetPartition": "_core.asset_partition",
    "AsyncDagsterPlus": "_async.client",
    "AsyncPager": "_async.pager",
    "Auth": "_core.auth",
    "BasicAuth": "_core.auth",
    "BearerAuth": "_core.auth",
    "CapturedLog": "_core.captured_log",
    "Changes": "_core.documents",
    "DagsterPlus": "_sync.client",
    "Discovery": "_core.discovery",
    "ErrorResult": "_core.models",
    "FailedStep": "_core.run_failure",
    "HeaderAuth": "_core.auth",
    "NoAuth": "_core.auth",
    "Operation": "_core.operation",
    "Page": "_core.paging",
    "Pager": "_sync.pager",
    "RequestEvent": "_core.hooks",
    "ResponseEvent": "_core.hooks",
    "RetryPolicy": "_core.retry",
    "Secret": "_core.secret",
    "Setting": "_core.setting",
    "Timeout": "_core.timeouts",
    "TokenAuth": "_core.auth",
    "Unknown": "_core.models",
    "errors": "_core",
    "operations": "_generated",
}

__all__ = [
    "AgentErrorReport",
    "AssetEvent",
    "AssetKey",
    "AssetPartition",
    "AsyncDagsterPlus",
    "AsyncPager",
    "Auth",
    "BasicAuth",
    "BearerAuth",
    "CapturedLog",
    "Changes",
    "DagsterPlus",
    "Discovery",
    "ErrorResult",
    "FailedStep",
    "HeaderAuth",
    "NoAuth",
    "Operation",
    "Page",
    "Pager",
    "RequestEvent",
    "ResponseEvent",
    "RetryPolicy",
    "Secret",
    "Setting",
    "Timeout",
    "TokenAuth",
    "Unknown",
    "__version__",
    "errors",
    "operations",
]
__all__ += _errors.__all__
if TYPE_CHECKING:
    __all__ += _enums.__all__
    __all__ += _models.__all__
    __all__ += _async_resources.__all__
    __all__ += _sync_resources.__all__
else:
    _MODULES.update(dict.fromkeys(_errors.__all__, "_core.errors"))
    for _module, _names in (
        ("_generated.enums", _enums.MODULES),
        ("_generated.models", _models.MODULES),
        ("_async", _async_resources.MODULES),
        ("_sync", _sync_resources.MODULES),
    ):
        _MODULES.update({_name: f"{_module}.{_file}" for _name, _file in _names.items()})
        __all__.extend(_names)  # noqa: PYI056 - type checkers do not come here


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name in ("errors", "operations"):
        found: Any = import_module(f".{module}.{name}", __name__)
    else:
        found = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name what can be imported from here."""
    return sorted(__all__)
