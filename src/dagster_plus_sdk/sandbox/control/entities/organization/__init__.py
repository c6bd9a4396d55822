"""The organization: its settings, its feature gates, what it pays."""
