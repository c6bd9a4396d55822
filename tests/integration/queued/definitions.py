"""Jobs for a Dagster with a queue and automatic retries."""

import time
from pathlib import Path

from dagster import Config, Definitions, OpExecutionContext, in_process_executor, job, op


class Moment(Config):
    """How long it takes, at most until there is a file."""

    seconds: float = 0.3
    file: str = ""


@op
def take_a_moment(config: Moment) -> None:
    """Wait in small steps, so that a termination ends it at once."""
    end = time.monotonic() + config.seconds
    while time.monotonic() < end and not (config.file and Path(config.file).exists()):
        time.sleep(0.05)


@op
def succeed_when_retried(context: OpExecutionContext) -> None:
    """Fail in the first run, and in no other."""
    if context.run.parent_run_id is None:
        raise ConnectionError("the lake is frozen")


@op
def fail(context: OpExecutionContext) -> None:
    """Fail in every run."""
    raise ValueError(f"attempt {context.run.tags.get('dagster/retry_number', '0')}")


@job(executor_def=in_process_executor)
def brief() -> None:
    """Succeed."""
    take_a_moment()


@job(executor_def=in_process_executor)
def recovering() -> None:
    """Succeed with the first retry."""
    succeed_when_retried()


@job(executor_def=in_process_executor)
def failing() -> None:
    """Fail, and so with every retry."""
    fail()


definitions = Definitions(jobs=[brief, recovering, failing])
