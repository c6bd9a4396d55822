"""What tests plant into the control plane."""

from __future__ import annotations

from datetime import datetime, timezone

#: A Monday.
START = datetime(2024, 1, 1, tzinfo=timezone.utc)
NOON = START.timestamp() + 12 * 3600
INSIGHTS = {
    "assets": [
        {"key": "raw/orders", "group": "ingestion", "kinds": ["csv"], "owners": ["team:shop"]},
        {"key": "sales", "group": "analytics", "tags": {"tier": "1"}, "deps": ["raw/orders"]},
        {"key": "visits", "group": "analytics", "location": "web", "deps": ["sales"]},
    ],
    "runs": [
        {
            "job": "etl",
            "run_id": "first",
            "start": NOON,
            "seconds": 100,
            "queued": 5,
            "steps": [
                {"key": "load", "seconds": 10, "retries": 2},
                {"key": "raw__orders", "seconds": 20},
                {"key": "report", "seconds": 30, "assets": ["sales", "visits"]},
            ],
            "assets": [
                {"key": "raw/orders", "metadata": {"rows": 7, "note": "x"}},
                {"key": "sales", "metadata": {"rows": 1}},
                "visits",
            ],
            "checks": [
                {"asset": "sales", "severity": "WARN"},
                {"asset": "sales", "severity": "ERROR"},
            ],
        },
        {
            "job": "etl",
            "run_id": "second",
            "start": NOON + 2 * 86400,
            "seconds": 60,
            "status": "FAILURE",
            "steps": [
                {"key": "load", "seconds": 4},
                {"key": "raw__orders", "status": "FAILURE", "seconds": 6, "assets": ["raw/orders"]},
            ],
        },
        {
            "job": "nightly",
            "run_id": "third",
            "start": NOON + 2 * 86400,
            "seconds": 30,
            "steps": ["a", "b", {"key": "c", "status": "SKIPPED"}],
            "observations": [{"key": "visits", "metadata": {"my_opaque_id:query-1": True}}],
        },
        {
            "job": "etl",
            "run_id": "elsewhere",
            "start": NOON,
            "steps": ["x"],
            "deployment": "staging",
        },
    ],
}
