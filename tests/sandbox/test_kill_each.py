"""Whichever process of a sandbox in the background is killed: the others end, and nothing listens any more."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dagster_plus_sdk.sandbox import background
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper

pytestmark = pytest.mark.dagster


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""


def refused(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((urlsplit(url).hostname, urlsplit(url).port)) != 0


@pytest.mark.parametrize("mark", [b"dagster-webserver", b"dagster-daemon", b"\0grpc\0"])
def test_kill_one_and_all_end(tmp_path, mark):
    found = background.up(state_dir=tmp_path, port=0, detach=True)
    running = [found.pid, *keeper.descendants(found.pid)]
    try:
        assert not refused(found.url)
        victims = [pid for pid in running if mark in command_of(pid)]
        assert victims
        os.kill(victims[0], signal.SIGKILL)
        assert processes.wait_gone(running, 30)
        assert refused(found.url)
        assert background.status(tmp_path) is None
    finally:
        background.down(tmp_path)
