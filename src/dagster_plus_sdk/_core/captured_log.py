"""One captured log of a run: which steps wrote it, and where it can be fetched."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it

from .._generated.models.captured_logs_links import CapturedLogsLinks


class CapturedLog(CapturedLogsLinks):
    """The standard output and errors of a process of a run.

    Attributes:
        run_id: The run.
        file_key: The log's name within the run.
        step_keys: The steps that ran in the process.
        captured_at: Since when.
    """

    run_id: str
    file_key: str
    step_keys: list[str]
    captured_at: datetime
