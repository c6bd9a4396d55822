"""The demo project: an orders shop, small and deterministic, that needs Dagster only."""
