"""What a launch sends, and how it is found again when its answer is lost."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
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
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.enums import ReexecutionStrategy
    from .._generated.input_types import (
        ExecutionParams,
        JobOrPipelineSelector,
        ReexecutionParams,
        RunsFilter,
    )
    from .documents import Document
    from .errors import DagsterPlusError

#: The run tag that carries a launch's key.
KEY_TAG = "dagster_plus_sdk/idempotency_key"

#: The run tag that the launches of one request share.
BATCH_TAG = "dagster_plus_sdk/launch_batch"

#: The header that carries it; whether a server honours it is not known, so nothing relies on it.
KEY_HEADER = "Idempotency-Key"

#: The tag of a run's partition.
PARTITION_TAG = "dagster/partition"

#: The job that Dagster makes of all assets; launched without a selection it runs every one of them.
ASSET_JOB = "__ASSET_JOB"

#: Seconds for which a run is looked for whose launch was not answered.
LOOKUP_SECONDS = 30.0


class Keyed(ABC):
    """What happens at most once, and the key by which its run is known.

    Args:
        idempotency_key: Given by the caller, so that a second attempt finds the first one's run; made up if None.

    Raises:
        InvalidInputError: The key is empty.
    """

    __slots__ = ("given", "key")

    def __init__(self, idempotency_key: str | None) -> None:
        self.given = idempotency_key is not None
        self.key = str(uuid.uuid4())
        if idempotency_key is not None:
            self.key = text(idempotency_key, "idempotency_key")

    @property
    @abstractmethod
    def subject(self) -> str:
        """What is launched, for errors."""

    def headers(self) -> dict[str, str]:
        """Return the header with the key."""
        return {KEY_HEADER: self.key}

    def lookup(self) -> RunsFilter:
        """Return the filter that finds its run, and the run's automatic retries, which inherit tags."""
        return {"tags": [{"key": KEY_TAG, "value": self.key}]}

    @abstractmethod
    def pick(self, runs: Iterable[Any]) -> Any | None:
        """Return, of the runs that carry the key, its own."""

    def unknown(self, lost: DagsterPlusError) -> LaunchUnknownError:
        """Return the error for a launch whose run was not found (yet)."""
        error = LaunchUnknownError(
            f"The answer to the launch of {self.subject} was lost ({lost.message}), and no run with its key was found "
            f"within {LOOKUP_SECONDS:g} s. It may still appear: look for the run tag {KEY_TAG}={self.key} before "
            f'launching again, or launch again with idempotency_key="{self.key}", which finds such a run first',
            operation=lost.operation,
            request_id=lost.request_id,
        )
        error.idempotency_key = self.key
        return error


class Launch(Keyed):
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

    __slots__ = ("_assets", "_config", "_ops", "_tags", "job")

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
        super().__init__(idempotency_key)
        self.job = text(job, "the job's name")
        self._config = read_document(run_config, "the run config", example="ops: ...")
        self._assets = selection(asset_selection, "asset_selection")
        self._ops = selection(op_selection, "op_selection")
        if self.job.startswith(ASSET_JOB) and not self._assets:
            raise InvalidInputError(
                f"{self.job} without asset_selection would run every asset; name those to run"
            )
        own = {PARTITION_TAG: text(partition, "partition")} if partition is not None else {}
        self._tags = tag_list({**(tags or {}), **own, KEY_TAG: self.key})

    @property
    def subject(self) -> str:
        """The job."""
        return self.job

    def params(
        self, *, location: str, repository: str, batch: str | None = None
    ) -> ExecutionParams:
        """Return the API's input for this launch in that repository, as one of a batch."""
        selector: JobOrPipelineSelector = {
            "repositoryLocationName": location,
            "repositoryName": repository,
            "jobName": self.job,
        }
        if self._assets:
            selector["assetSelection"] = [AssetKey.parse(key) for key in self._assets]
        if self._ops:
            selector["solidSelection"] = self._ops
        shared = tag_list({BATCH_TAG: batch}) if batch is not None else []
        return {
            "selector": selector,
            "runConfigData": self._config,
            "executionMetadata": {"tags": [*self._tags, *shared]},
        }

    def pick(self, runs: Iterable[Any]) -> Any | None:
        """Return the launched one: retries have a parent run."""
        return next((run for run in runs if run.parent_run_id is None), None)


class Reexecution(Keyed):
    """One re-execution of a run.

    Args:
        run_id: The run to execute again.
        strategy: Which of its steps.
        tags: Further tags of the new run.
        use_parent_tags: Whether it gets the tags of the old one; None leaves that to the server.
        idempotency_key: As for a launch.
    """

    __slots__ = ("_strategy", "_tags", "_use_parent_tags", "run_id")

    def __init__(
        self,
        run_id: str,
        strategy: ReexecutionStrategy,
        *,
        tags: Mapping[str, str] | None = None,
        use_parent_tags: bool | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        super().__init__(idempotency_key)
        self.run_id = text(run_id, "run_id")
        self._strategy = strategy
        self._use_parent_tags = use_parent_tags
        self._tags = tag_list({**(tags or {}), KEY_TAG: self.key})

    @property
    def subject(self) -> str:
        """The run that is executed again."""
        return f"a re-execution of run {self.run_id}"

    def params(self) -> ReexecutionParams:
        """Return the API's input."""
        params: ReexecutionParams = {
            "parentRunId": self.run_id,
            "strategy": self._strategy,
            "extraTags": self._tags,
        }
        if self._use_parent_tags is not None:
            params["useParentRunTags"] = self._use_parent_tags
        return params

    def pick(self, runs: Iterable[Any]) -> Any | None:
        """Return the one that came of the old run: its own retries have itself as parent."""
        return next((run for run in runs if run.parent_run_id == self.run_id), None)


class LaunchBatch:
    """Launches of one request, which share a tag, so that one request finds the runs of all.

    Args:
        launches: In the caller's order.
    """

    __slots__ = ("key", "launches")

    def __init__(self, launches: Sequence[Launch]) -> None:
        self.launches = launches
        # The same for the same launches, as the header promises.
        self.key = str(uuid.uuid5(uuid.NAMESPACE_OID, ",".join(x.key for x in launches)))

    def headers(self) -> dict[str, str]:
        """Return the header with the key."""
        return {KEY_HEADER: self.key}

    def lookup(self) -> RunsFilter:
        """Return the filter that finds their runs."""
        return {"tags": [{"key": BATCH_TAG, "value": self.key}]}

    def pick(self, runs: Sequence[Any]) -> dict[str, Any]:
        """Return the run of each launch that has one, by the launches' keys."""
        keyed = {
            launch.key: [r for r in runs if _carries(r, launch.key)] for launch in self.launches
        }
        picked = {launch.key: launch.pick(keyed[launch.key]) for launch in self.launches}
        return {key: run for key, run in picked.items() if run is not None}

    def unknown(self, lost: DagsterPlusError, found: Mapping[str, Any]) -> LaunchUnknownError:
        """Return the error for launches of which some were not found (yet)."""
        missing = [launch for launch in self.launches if launch.key not in found]
        error = LaunchUnknownError(
            f"The answer to {len(self.launches)} launches was lost ({lost.message}), and within {LOOKUP_SECONDS:g} s "
            f"the runs of {len(missing)} were not found. They may still appear, or were refused: look for the run tag "
            f"{BATCH_TAG}={self.key}, or launch those in errors again, each with its idempotency_key, which finds such "
            "a run first",
            operation=lost.operation,
            request_id=lost.request_id,
            errors=[
                {"message": f"no run of {launch.job} was found", "idempotency_key": launch.key}
                for launch in missing
            ],
        )
        error.idempotency_key = self.key
        return error


def _carries(run: Any, key: str) -> bool:
    return any(tag.key == KEY_TAG and tag.value == key for tag in run.tags)


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


def selection(values: Sequence[Any] | None, what: str) -> list[Any]:
    """Return the names of a selection; none for None.

    Raises:
        InvalidInputError: It is one text, or empty.
    """
    if isinstance(values, str):
        raise InvalidInputError(f"{what} is a list of names, not one text: [{values!r}]")
    if values is not None and not list(values):
        raise InvalidInputError(f"{what} is empty; leave it out, or name what is to run")
    return list(values or ())
