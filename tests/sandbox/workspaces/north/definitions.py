"""The report of the north."""

from dagster import ConfigurableResource, Definitions, EnvVar, in_process_executor, job, op


class Mail(ConfigurableResource):
    """Where reports are sent."""

    server: str
    password: str = ""


@op
def report_north() -> None:
    """Report nothing."""


@job(executor_def=in_process_executor)
def daily_report() -> None:
    """The north has a report of its own."""
    report_north()


definitions = Definitions(
    jobs=[daily_report],
    resources={
        "mail": Mail(server=EnvVar("MAIL_SERVER"), password=EnvVar("MAIL_PASSWORD")),
        "archive": Mail(server="archive.example.com"),
    },
)
