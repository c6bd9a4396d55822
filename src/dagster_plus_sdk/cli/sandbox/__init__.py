"""The commands of a sandbox."""
