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
from .partition_keys import PARTITION_TAG, RANGE_TAGS, partition_tags
from .retry import was_refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.enums import ReexecutionStrategy
    from .._generated.input_types import (
        ExecutionParams,
        JobOrPipelineSelector,
        PipelineSelector,
        ReexecutionParams,
        RunsFilter,
    )
    from .documents import Document
    from .errors import DagsterPlusError
    from .places import Place

#: The run tag that carries a launch's key.
KEY_TAG = "dagster_plus_sdk/idempotency_key"

#: The header that carries it; whether a server honours it is not known, so nothing relies on it.
KEY_HEADER = "Idempotency-Key"

#: The run tag that the launches of one request share.
BATCH_TAG = "dagster_plus_sdk/launch_batch"

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
        """Return, of the runs that carry the key, newest first, its own."""

    def unknown(self, lost: DagsterPlusError) -> LaunchUnknownError:
        """Return the error for a launch whose run was not found (yet)."""
        error = LaunchUnknownError(
            f"The answer to the launch of {self.subject} was lost ({lost.message}), and no run with its key was found "
            f"within {LOOKUP_SECONDS:g} s: whether it was launched is unknown. It may still appear: ask "
            f'runs.find_launch("{self.key}"), or look for the run tag {KEY_TAG}={self.key}, before launching again; a '
            f'launch with idempotency_key="{self.key}" finds such a run first',
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
        partition_range: The first and the last partition's key; become tags, too.
        asset_selection: The assets of an asset job to run.
        op_selection: The ops of an op job to run.
        validate: Whether the server is asked if the config fits before anything is launched.
        idempotency_key: Given by the caller, so that a second attempt finds the first one's run; made up if None.

    Raises:
        InvalidInputError: The asset job without a selection, a name that is empty, a config that is no mapping.
    """

    __slots__ = ("_assets", "_ops", "_tags", "config", "job", "validate")

    def __init__(
        self,
        job: str,
        *,
        run_config: Document | None = None,
        tags: Mapping[str, str] | None = None,
        partition: str | None = None,
        partition_range: Sequence[str] | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
        validate: bool = False,
        idempotency_key: str | None = None,
    ) -> None:
        super().__init__(idempotency_key)
        self.job = text(job, "the job's name")
        self.validate = validate
        self.config = read_document(run_config, "the run config", example="ops: ...")
        self._assets = selection(asset_selection, "asset_selection")
        self._ops = selection(op_selection, "op_selection")
        if self.job.startswith(ASSET_JOB) and not self._assets:
            raise InvalidInputError(
                f"{self.job} without asset_selection would run every asset; name those to run"
            )
        own = partition_tags(partition, partition_range)
        self._tags = tag_list({**(tags or {}), **own, KEY_TAG: self.key})

    @property
    def subject(self) -> str:
        """The job."""
        return self.job

    def selector(self, place: Place) -> PipelineSelector:
        """Return the API's selector of the job there, or of the part of it that is to run."""
        selector = place.job_selector()
        if self._assets:
            selector["assetSelection"] = [AssetKey.parse(key) for key in self._assets]
        if self._ops:
            selector["solidSelection"] = self._ops
        return selector

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
            "runConfigData": self.config,
            "executionMetadata": {"tags": [*self._tags, *shared]},
        }

    def pick(self, runs: Iterable[Any]) -> Any | None:
        """Return the launched one: retries have a parent run."""
        return _oldest(run for run in runs if run.parent_run_id is None)

    def check(self, earlier: Any) -> None:
        """Refuse a key that another launch has had: its run would pass for this one's.

        Args:
            earlier: The run with this launch's key.

        Raises:
            InvalidInputError: It is one of another job, another partition, or other assets.
        """
        if not self._fits(earlier):
            raise InvalidInputError(
                f"{self.key!r} is the key of run {earlier.id} already, of job {earlier.job_name}: one of another job, "
                f"partition or asset than this launch of {self.job}, which needs a key of its own"
            )

    def _fits(self, run: Any) -> bool:
        """Tell whether a run is one of the job, the partition and some of the assets that are launched here."""
        tags = {tag.key: tag.value for tag in run.tags}
        own = [tag for tag in self._tags if tag["key"] in (PARTITION_TAG, *RANGE_TAGS)]
        # A pattern may match more at the next try.
        others = {AssetKey.parse(key) for key in self._assets}.isdisjoint(run.asset_selection or ())
        return (
            run.job_name == self.job
            and all(tags.get(tag["key"]) == tag["value"] for tag in own)
            and not (self._assets and run.asset_selection and others)
        )


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
        """Return the one that came of the old run: its own retries have itself as parent.

        Raises:
            InvalidInputError: The old run carries the same key: its retries, which inherit it, would pass for this one.
        """
        found = list(runs)
        if self.run_id in [run.id for run in found]:
            raise InvalidInputError(
                f"{self.key!r} is the key of run {self.run_id} already; its re-execution needs one of its own"
            )
        return _oldest(run for run in found if run.parent_run_id == self.run_id)


def launched_of(runs: Sequence[Any]) -> Any | None:
    """Return, of all runs that carry one key, newest first, the one that was launched with it.

    That is the one without a parent run. Where there is none the key is that of a re-execution, which came of a run with
    another key; its retries came of itself.
    """
    ids = {run.id for run in runs}
    first = _oldest(run for run in runs if run.parent_run_id is None)
    return first or _oldest(run for run in runs if run.parent_run_id not in ids)


def _oldest(newest_first: Iterable[Any]) -> Any | None:
    listed = list(newest_first)
    return listed[-1] if listed else None


def was_lost(error: DagsterPlusError) -> bool:
    """Tell whether a launch that failed so may have happened all the same."""
    if was_refused(error) or isinstance(error, RedirectError):
        return False
    # A resolver that broke may have broken behind the launch; Dagster+ says of its own errors no more than a trace id.
    began = isinstance(error, GraphQLRequestError) and (
        any(x.get("path") for x in error.errors)
        or error.status_code >= 500  # noqa: PLR2004
        or error.trace_id is not None
    )
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
