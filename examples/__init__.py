"""Scripts to read, run and copy from."""
