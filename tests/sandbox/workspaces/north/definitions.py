"""The report of the north."""

from dagster import Definitions, in_process_executor, job, op


@op
def report_north() -> None:
    """Report nothing."""


@job(executor_def=in_process_executor)
def daily_report() -> None:
    """The north has a report of its own."""
    report_north()


definitions = Definitions(jobs=[daily_report])
