"""Insights: numbers about the runs that really happened."""
