"""Run a console script of an installed package, but not before a socket exists.

``python launch.py SOCKET DISTRIBUTION SCRIPT ARGUMENT...``: the webserver and the daemon import Dagster while the code
server starts, and connect when it listens. Had they asked before, they would show a location that failed to load.
"""

from __future__ import annotations

import importlib.metadata
import sys
import time
from pathlib import Path


def main() -> None:
    """Load the script, wait for the socket (an empty name: for nothing), and run."""
    del sys.path[0]  # the folder of this file, whose modules are no top-level ones
    _, socket, distribution, script, *arguments = sys.argv
    scripts = importlib.metadata.distribution(distribution).entry_points
    (entry,) = scripts.select(group="console_scripts", name=script)
    run = entry.load()
    while socket and not Path(socket).exists():
        time.sleep(0.02)
    sys.argv = [script, *arguments]
    run()


if __name__ == "__main__":
    main()
