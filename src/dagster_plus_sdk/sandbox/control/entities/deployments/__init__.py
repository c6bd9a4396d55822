"""Deployments, full ones and those of branches, and their settings."""
