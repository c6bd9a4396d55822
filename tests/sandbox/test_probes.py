"""When the webserver counts as ready, and what waits for the code server."""

from __future__ import annotations

import importlib.metadata
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dagster_plus_sdk.sandbox.processes import launch, probes

ANSWERS = {
    "loaded": (200, '{"locationOrLoadError": {"__typename": "RepositoryLocation"}}', True),
    "failed": (500, '{"locationOrLoadError": {"__typename": "PythonError"}}', True),
    "loading": (200, '{"locationOrLoadError": null}', False),
    "empty": (200, "", False),
    "broken": (200, "}", False),
}


@pytest.mark.parametrize(("status", "entry", "ready"), ANSWERS.values(), ids=list(ANSWERS))
def test_ready_is_when_each_location_has_loaded_or_failed_to(status, entry, ready):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status if self.path == "/shop/graphql" else 404)
            self.end_headers()
            body = '{"data": {"workspaceOrError": {"locationEntries": [%s]}}}' % entry  # noqa: UP031
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert probes.is_ready(server.server_port, "/shop/graphql") is ready
        thread.join()

    assert not probes.is_ready(server.server_port, "/shop/graphql")


def test_the_launcher_loads_a_script_waits_for_the_socket_and_runs(tmp_path, monkeypatch):
    class Script:
        def load(self):
            steps.append("loaded")
            return lambda: steps.append(sys.argv)

    class Distribution:
        class entry_points:  # noqa: N801
            @staticmethod
            def select(**names):
                return [Script()] if names == expected else []

    def nap(_):
        steps.append("waited")
        path.touch()

    steps, path = [], tmp_path / "socket"
    expected = {"group": "console_scripts", "name": "shop-server"}
    monkeypatch.setattr(importlib.metadata, "distribution", {"shop": Distribution}.__getitem__)
    monkeypatch.setattr(launch.time, "sleep", nap)
    monkeypatch.setattr(sys, "argv", ["launch.py", str(path), "shop", "shop-server", "-p", "1"])
    monkeypatch.setattr(sys, "path", ["here", "there"])

    launch.main()

    assert steps == ["loaded", "waited", ["shop-server", "-p", "1"]]
    assert sys.path == ["there"]
