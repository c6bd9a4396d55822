"""One module per resource: a table of short methods over generated operations."""
