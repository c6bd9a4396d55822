"""The report of the south."""

from dagster import ConfigurableResource, Definitions, EnvVar, in_process_executor, job, op


class Mail(ConfigurableResource):
    """Where reports are sent."""

    server: str


@op
def report_south() -> None:
    """Report nothing."""


@job(executor_def=in_process_executor)
def daily_report() -> None:
    """The south has a report of its own."""
    report_south()


definitions = Definitions(
    jobs=[daily_report], resources={"mail": Mail(server=EnvVar("MAIL_SERVER"))}
)
