"""The front: speaks Dagster+ over HTTP and websockets, and splits what is asked between the real Dagster and the control plane."""
