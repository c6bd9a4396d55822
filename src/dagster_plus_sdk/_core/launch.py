"""What a launch sends, and how it is found again when its answer is lost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from .asset_key import AssetKey
from .documents import read_document
from .errors import (
    GraphQLRequestError,
    InvalidInputError,
    InvalidResponseError,
    LaunchUnknownError,
    RedirectError,
    ServerError,
    ServiceUnavailableError,
    TransportError,
)
from .inputs import tag_list, text
from .retry import was_refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._generated.input_types import ExecutionParams, JobOrPipelineSelector, RunsFilter
    from .documents import Document
    from .errors import DagsterPlusError

#: The run tag that carries a launch's key.
KEY_TAG = "dagster_plus_sdk/idempotency_key"

#: The header that carries it; whether a server honours it is not known, so nothing relies on it.
KEY_HEADER = "Idempotency-Key"

#: The tag of a run's partition.
PARTITION_TAG = "dagster/partition"

#: The job that Dagster makes of all assets; launched without a selection it runs every one of them.
ASSET_JOB = "__ASSET_JOB"

#: Seconds for which a run is looked for whose launch was not answered.
LOOKUP_SECONDS = 30.0


class Launch:
    """One launch: what it asks for, and the key by which its run is known.

    Args:
        job: The job's name.
        run_config: A mapping, YAML or JSON text, or the path of such a file.
        tags: Tags of the run.
        partition: The partition key; becomes the tag ``dagster/partition``.
        asset_selection: The assets of an asset job to run.
        op_selection: The ops of an op job to run.
        idempotency_key: Given by the caller, so that a second attempt finds the first one's run; made up if None.

    Raises:
        InvalidInputError: The asset job without a selection, a name that is empty, a config that is no mapping.
    """

    __slots__ = ("_assets", "_config", "_ops", "_tags", "given", "job", "key")

    def __init__(
        self,
        job: str,
        *,
        run_config: Document | None = None,
        tags: Mapping[str, str] | None = None,
        partition: str | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        self.job = text(job, "the job's name")
        self.given = idempotency_key is not None
        self.key = str(uuid.uuid4())
        if idempotency_key is not None:
            self.key = text(idempotency_key, "idempotency_key")
        self._config = read_document(run_config, "the run config", example="ops: ...")
        self._assets = _selection(asset_selection, "asset_selection")
        self._ops = _selection(op_selection, "op_selection")
        if self.job.startswith(ASSET_JOB) and not self._assets:
            raise InvalidInputError(
                f"{self.job} without asset_selection would run every asset; name those to run"
            )
        own = {PARTITION_TAG: text(partition, "partition")} if partition is not None else {}
        self._tags = tag_list({**(tags or {}), **own, KEY_TAG: self.key})

    def params(self, *, location: str, repository: str) -> ExecutionParams:
        """Return the API's input for this launch in that repository."""
        selector: JobOrPipelineSelector = {
            "repositoryLocationName": location,
            "repositoryName": repository,
            "jobName": self.job,
        }
        if self._assets:
            selector["assetSelection"] = [AssetKey.parse(key) for key in self._assets]
        if self._ops:
            selector["solidSelection"] = self._ops
        return {
            "selector": selector,
            "runConfigData": self._config,
            "executionMetadata": {"tags": self._tags},
        }

    def headers(self) -> dict[str, str]:
        """Return the header with the key."""
        return {KEY_HEADER: self.key}

    def lookup(self) -> RunsFilter:
        """Return the filter that finds its run, and the run's automatic retries, which inherit tags."""
        return {"tags": [{"key": KEY_TAG, "value": self.key}]}

    def unknown(self, lost: DagsterPlusError) -> LaunchUnknownError:
        """Return the error for a launch whose run was not found (yet)."""
        error = LaunchUnknownError(
            f"The answer to the launch of {self.job} was lost ({lost.message}), and no run with its key was found "
            f"within {LOOKUP_SECONDS:g} s. It may still appear: look for the run tag {KEY_TAG}={self.key} before "
            f'launching again, or launch again with idempotency_key="{self.key}", which finds such a run first',
            operation=lost.operation,
            request_id=lost.request_id,
        )
        error.idempotency_key = self.key
        return error


def was_lost(error: DagsterPlusError) -> bool:
    """Tell whether a launch that failed so may have happened all the same."""
    if was_refused(error) or isinstance(error, RedirectError):
        return False
    # A resolver that broke may have broken behind the launch.
    began = isinstance(error, GraphQLRequestError) and any(x.get("path") for x in error.errors)
    bare_500 = isinstance(error, ServerError) and error.typename is None
    unclear = isinstance(error, InvalidResponseError) and error.status_code >= 500  # noqa: PLR2004
    broken = isinstance(error, TransportError) and not isinstance(error, InvalidResponseError)
    return began or bare_500 or unclear or broken or isinstance(error, ServiceUnavailableError)


def original(runs: Sequence[Any]) -> Any | None:
    """Return, of the runs that carry one key, the launched one: retries have a parent run."""
    return next((run for run in runs if run.parent_run_id is None), None)


def _selection(values: Sequence[Any] | None, what: str) -> list[Any]:
    if isinstance(values, str):
        raise InvalidInputError(f"{what} is a list of names, not one text: [{values!r}]")
    if values is not None and not list(values):
        raise InvalidInputError(f"{what} is empty; leave it out, or name what is to run")
    return list(values or ())
