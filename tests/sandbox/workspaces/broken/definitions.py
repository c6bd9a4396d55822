"""A code location that cannot be loaded."""

raise RuntimeError("the shop is closed")
