"""Everything of Dagster that its in-process sandbox uses, its private modules included: a new version shows here."""

# pyright: basic
# (the types of Dagster itself are partly unknown)

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from dagster import (
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    ExecutorDefinition,
    JobDefinition,
    RunsFilter,
)
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.errors import DagsterExecutionInterruptedError, DagsterInvalidConfigError
from dagster._core.events import EngineEventData
from dagster._core.execution.api import execute_run_iterator
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor
from dagster._core.instance.ref import InstanceRef
from dagster._core.launcher import LaunchRunContext, RunLauncher
from dagster._core.remote_origin import (
    InProcessCodeLocationOrigin,
    ManagedGrpcPythonEnvCodeLocationOrigin,
)
from dagster._core.remote_representation.code_location import InProcessCodeLocation
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget, WorkspaceFileTarget
from dagster._serdes import ConfigurableClass
from dagster._utils.error import serializable_error_info_from_exc_info
from dagster_webserver.app import create_app_from_workspace_process_context

from .processes.commands import write_empty_workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from dagster import RepositoryDefinition
    from starlette.applications import Starlette

    from .inprocess import InProcessSettings

TARGETS = {"-f": "python_file", "-m": "module_name", "-d": "working_directory"}
UNFINISHED = [
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
INTERRUPTED = "The sandbox's process ended while the run was under way."


@contextmanager
def loaded(settings: InProcessSettings) -> Generator[Starlette, None, None]:
    """Load the code, and hand out the webserver's app.

    Args:
        settings: What to load.
    """
    os.chdir(settings["directory"])
    origins = _origins(settings)
    write_empty_workspace(Path(settings["added"]))
    with DagsterInstance.from_ref(_instance_ref(settings["home"])) as instance:
        _make_handlers_once(instance)
        # No run outlives the process that it is a thread of, and no daemon would notice.
        for run in instance.get_runs(RunsFilter(statuses=UNFINISHED)):
            instance.report_run_failed(run, INTERRUPTED)
        for origin in origins:
            instance.inject_env_vars(origin.location_name)
        target = InProcessTarget(origins, settings["added"])
        with Workspace(instance, target, version("dagster_webserver")) as context:
            yield create_app_from_workspace_process_context(context)


class InProcessTarget(InProcessWorkspaceLoadTarget):
    """What is loaded from the start, and what was added through the API: that is read anew with the workspace.

    Args:
        origins: What is loaded from the start.
        added: The workspace file of what was added.
    """

    def __init__(self, origins: list[InProcessCodeLocationOrigin], added: str) -> None:
        super().__init__(origins)
        self._added = WorkspaceFileTarget([added])

    def create_origins(self) -> list[InProcessCodeLocationOrigin]:
        """Return all of it; what was added goes before what has the same name."""
        added = [_in_this_process(origin) for origin in self._added.create_origins()]
        every = [*super().create_origins(), *added]
        return list({origin.location_name: origin for origin in every}.values())


class Workspace(WorkspaceProcessContext):
    """A workspace whose files can be loaded anew, which Dagster does not do in one process."""

    def _load_location(self, origin: Any, reload: bool) -> Any:  # noqa: FBT001 - as Dagster calls it
        # There is no server to tell. A file is executed again; what was imported is as it was.
        if reload and _is_file(origin):
            sys.modules.pop(Path(origin.loadable_target_origin.python_file).stem, None)
        return super()._load_location(origin, reload=False)

    def create_request_context(self, source: Any = None) -> Any:
        """Return what a request sees, which may ask for files to be loaded anew."""
        context: Any = super().create_request_context(source)
        entries = context.get_code_location_entries()
        context.is_reload_supported = lambda name: (
            name in entries and _is_file(entries[name].origin)
        )
        return context


def _is_file(origin: Any) -> bool:
    """Tell whether a code location is a file."""
    return origin.loadable_target_origin.python_file is not None


def _make_handlers_once(instance: DagsterInstance) -> None:
    """Have the log handlers of an instance made now, and not for each run.

    That closes every handler of the process, under the lock of the logging module. Two runs at once would wait for
    each other forever: the one for a handler, which the other holds while it waits for the module.
    """
    handlers = instance.get_yaml_python_handlers()
    anything: Any = instance
    anything.get_yaml_python_handlers = lambda: handlers


def _instance_ref(home: str) -> InstanceRef:
    """Return the instance in a folder, without what would need other processes, or have all of this one's output.

    Runs that are threads write to the same stdout: a compute log of one would have the lines of all.
    """
    coordinator = {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"}
    logs = "dagster._core.storage.noop_compute_log_manager"
    overrides = {
        "run_launcher": {"module": __name__, "class": ThreadRunLauncher.__name__},
        "run_coordinator": coordinator,
        "compute_logs": {"module": logs, "class": "NoOpComputeLogManager"},
    }
    try:
        return InstanceRef.from_dir(home, overrides=overrides)
    except DagsterInvalidConfigError as error:
        sys.exit(f"dagster='inprocess' cannot use {home}/dagster.yaml: {error}")


def _origins(settings: InProcessSettings) -> list[InProcessCodeLocationOrigin]:
    """Return what to load in this process."""
    if settings["workspace"] is None:
        options = {TARGETS[name]: value for name, value in settings["arguments"].items()}
        origin = LoadableTargetOrigin(executable_path=sys.executable, **options)
        return [InProcessCodeLocationOrigin(origin, location_name=settings["name"])]
    found = WorkspaceFileTarget([settings["workspace"]]).create_origins()
    return [_in_this_process(origin) for origin in found]


def _in_this_process(origin: Any) -> InProcessCodeLocationOrigin:
    """Return the origin of the same code in this process."""
    name = origin.location_name
    if isinstance(origin, ManagedGrpcPythonEnvCodeLocationOrigin):
        target = origin.loadable_target_origin
        if target.executable_path in (None, sys.executable):
            return InProcessCodeLocationOrigin(target, location_name=name)
    sys.exit(
        f"the code location {name!r} has a server or an interpreter of its own: dagster='inprocess' cannot load it"
    )


class ThreadRunLauncher(RunLauncher, ConfigurableClass):
    """Runs each run in a thread of this process."""

    def __init__(self, inst_data: Any = None) -> None:
        self._inst_data = inst_data
        self._threads: dict[str, threading.Thread] = {}
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def inst_data(self) -> Any:
        """As Dagster wants it."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """As Dagster wants it: there is nothing to configure."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> ThreadRunLauncher:
        """As Dagster wants it."""
        del config_value
        return cls(inst_data)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start a run's thread."""
        run = context.dagster_run
        assert context.workspace
        assert run.remote_job_origin
        origin = run.remote_job_origin.repository_origin
        location = context.workspace.get_code_location(origin.code_location_origin.location_name)
        assert isinstance(location, InProcessCodeLocation)
        # What is loaded already: by its pointer, the code would be loaded a second time.
        repository = location._get_repo_def(origin.repository_name)  # noqa: SLF001
        job = repository.get_job(run.job_name)
        loaded = LoadedJob(job.with_executor_def(_one_process(job.executor_def)), repository)
        thread = threading.Thread(target=self._execute, args=(loaded, run), daemon=True)
        self._threads[run.run_id] = thread
        thread.start()

    def terminate(self, run_id: str) -> bool:
        """Raise an exception in a run's thread, which shows when that comes back from what it waits for."""
        thread = self._threads.get(run_id)
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or thread is None or thread.ident is None:
            return False
        self._instance.report_run_canceling(run)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(DagsterExecutionInterruptedError)
        )
        return True

    def _execute(self, job: LoadedJob, run: DagsterRun) -> None:
        """Execute a run to its end. Whatever goes wrong ends it, and nothing else."""
        try:
            for _ in execute_run_iterator(job, run, self._instance):
                pass
        except BaseException:  # noqa: BLE001 - there is nobody to hand it to
            self._report(run)
        finally:
            del self._threads[run.run_id]

    def _report(self, run: DagsterRun) -> None:
        """Write down that the exception that is handled ended a run."""
        error = EngineEventData.engine_error(serializable_error_info_from_exc_info(sys.exc_info()))
        self._instance.report_engine_event("The run's thread ended with an error.", run, error)
        now = self._instance.get_run_by_id(run.run_id)
        if now and now.status == DagsterRunStatus.CANCELING:
            self._instance.report_run_canceled(now)
        elif now and not now.is_finished:
            self._instance.report_run_failed(now)


class LoadedJob(InMemoryJob):
    """A job that is loaded, and knows its repository.

    Args:
        job: The job.
        repository: The repository that it is from.
    """

    def __init__(self, job: JobDefinition, repository: RepositoryDefinition) -> None:
        super().__init__(job)
        self._repository = repository

    def get_repository_definition(self) -> RepositoryDefinition:
        """Return the repository."""
        return self._repository

    def get_subset(self, **selection: Any) -> LoadedJob:
        """Return the job with a part of what it does."""
        return LoadedJob(super().get_subset(**selection).get_definition(), self._repository)


def _one_process(wanted: ExecutorDefinition) -> ExecutorDefinition:
    """Return an executor for this process that takes the config of another.

    Dagster's default one starts a process for each step, which takes seconds, and imports the code anew.
    """
    schema: Any = wanted.config_schema
    return ExecutorDefinition(
        name=wanted.name,
        config_schema=schema,
        executor_creation_fn=lambda _: InProcessExecutor(retries=RetryMode.ENABLED),
    )
