"""Keep a report at Dagster+, and fetch it again."""

from pathlib import Path

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    Path("report.csv").write_text("day,orders\n2024-01-01,8\n")
    client.artifacts.upload("reports/2024-01-01.csv", "report.csv")
    client.artifacts.download("reports/2024-01-01.csv", "copy.csv")
    print(Path("copy.csv").stat().st_size, "bytes")
