"""Connections to other systems, git providers, Slack and Atlan."""
