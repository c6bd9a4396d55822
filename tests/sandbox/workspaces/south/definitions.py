"""The report of the south."""

from dagster import Definitions, in_process_executor, job, op


@op
def report_south() -> None:
    """Report nothing."""


@job(executor_def=in_process_executor)
def daily_report() -> None:
    """The south has a report of its own."""
    report_south()


definitions = Definitions(jobs=[daily_report])
