"""Alert policies, and the notifications of what happens in the real Dagster."""
