"""Recordings of a server's answers: how they are scrubbed, written, matched and checked.

A recording is a YAML file of operations, their variables, and the answers as plain structures. The texts of generated
documents are left out: an operation is known by its name and variables.
"""

from __future__ import annotations

import ast
import json
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from vcr import VCR
from vcr.request import Request

if TYPE_CHECKING:
    from typing_extensions import Self

URL = "http://dagster.test"
#: Stands where a real token would, while recordings are made and while they are replayed.
CANARY = "agent:test:canary-5d0c7e61a9"
KEPT_HEADERS = ("content-type",)
_FORBIDDEN = (
    CANARY,
    "canary-",
    "/tmp/",
    "/root/",
    "/home/",
    "/Users/",
    "127.0.0.1",
    "api-token",
    "authorization",
    "cookie",
)


def leaks(text: str) -> list[str]:
    """Return what stands in a recording and must not: secrets, and traces of a machine."""
    # The tags of re-executions are no folders.
    lowered = re.sub(r"\bdagster/root_(run|backfill)_id\b", "", text.lower())
    found = [word for word in _FORBIDDEN if word.lower() in lowered]
    return found + re.findall(r"(?:localhost|dagster\.test):\d+|/work(?!flow)", text)


class Scrubber:
    """Takes the machine and the secrets out of requests and answers.

    Args:
        places: What is replaced by what, such as folders by neutral ones; the longest first.
    """

    def __init__(self, places: dict[str, str] | None = None) -> None:
        self._places = sorted((places or {}).items(), key=lambda place: -len(place[0]))

    def text(self, text: str) -> str:
        for place, name in self._places:
            text = text.replace(place, name)
        return re.sub(r"/tmp/[\w.+-]+", "/temporary", text)

    def request(self, request: Request) -> Request:
        """Keep the address, the operation and its variables; the document only where it has no name."""
        sent = json.loads(request.body)
        kept = {k: sent[k] for k in ("operationName", "variables") if k in sent}
        body = kept if "operationName" in kept else {"query": sent["query"], **kept}
        return Request("POST", self.text(request.uri), json.dumps(body).encode(), {})

    def response(self, response: dict) -> dict:
        headers = {k.lower(): v for k, v in response["headers"].items()}
        content = response["body"]["string"].decode()
        return {
            "status": response["status"],
            "headers": {k: v for k, v in headers.items() if k in KEPT_HEADERS},
            "body": {"string": self.text(content).encode()},
        }


def machine_places(url: str, home: Path | None = None) -> dict[str, str]:
    """Return what is replaced in the recordings of a server on this machine.

    Args:
        url: Its address.
        home: Its folder, where it has one.
    """
    project = str(Path(__file__).parents[2])
    places = {
        url: URL,
        url.partition("://")[2]: "dagster.test",
        **({str(home): "/dagster", str(home.parent): "/runtime"} if home else {}),
        os.path.realpath(sys.prefix): "/environment",
        sys.prefix: "/environment",
        os.path.realpath(sys.base_prefix): "/python",
        sys.base_prefix: "/python",
        project: "/project",
        str(Path.home()): "/user",
        socket.gethostname(): "machine",
    }
    return {place: name for place, name in places.items() if len(place) > 3}


def same_operation(one: Request, other: Request) -> None:
    """Match what is asked: the address, the operation's name and its variables."""
    assert one.uri == other.uri
    assert json.loads(one.body) == json.loads(other.body)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, and every value in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text.rstrip("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Recording:
    """One file: what was asked and answered, and the runs that the test knows. A serializer for vcrpy, too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs: dict[str, str] = {}
        if path.exists():
            self.runs = _load(path.read_text(encoding="utf-8")).get("runs", {})

    def serialize(self, cassette: dict) -> str:
        exchanges = [
            {
                "request": json.loads(exchange["request"]["body"]),
                "answer": {
                    "status": exchange["response"]["status"]["code"],
                    **exchange["response"]["headers"],
                    "body": _structure(exchange["response"]["body"]["string"]),
                },
            }
            for exchange in cassette["interactions"]
        ]
        document = {"runs": self.runs, "exchanges": exchanges}
        return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)

    def deserialize(self, text: str) -> dict:
        return {"version": 1, "interactions": [_exchange(e) for e in _load(text)["exchanges"]]}


def _load(text: str) -> dict:
    return yaml.load(text, _Loader)


def _structure(content: str) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return content


def _exchange(exchange: dict) -> dict:
    answer = dict(exchange["answer"])
    status, body = answer.pop("status"), answer.pop("body")
    return {
        "request": {
            "method": "POST",
            "uri": URL + "/graphql",
            "body": json.dumps(exchange["request"]),
            "headers": {},
        },
        "response": {
            "status": {"code": status, "message": ""},
            "headers": answer,
            "body": {"string": body if isinstance(body, str) else json.dumps(body)},
        },
    }


class Cassette:
    """Records one test's requests, or replays them without a network.

    Args:
        path: The file.
        scrubber: What takes the machine out of what is recorded.
        url: The server to record from; None replays.
    """

    def __init__(self, path: Path, scrubber: Scrubber, url: str | None = None) -> None:
        if url is not None:
            path.unlink(missing_ok=True)
        self.recording = Recording(path)
        self.url = url or URL
        self._replays = url is None
        recorder = VCR(
            serializer="readable",
            record_mode="none" if self._replays else "once",
            match_on=["operation"],
            before_record_request=scrubber.request,
            before_record_response=scrubber.response,
        )
        recorder.register_serializer("readable", self.recording)
        recorder.register_matcher("operation", same_operation)
        self._context = recorder.use_cassette(str(path))

    def __enter__(self) -> Self:
        self._played = self._context.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._context.__exit__(*exc_info)

    @property
    def client_options(self) -> dict:
        """How a client is made that talks to the cassette."""
        return {
            "url": self.url,
            "token": CANARY,
            "allow_insecure_http": True,
            "retries": 0,
        }

    def check(self) -> None:
        """Fail if something on the cassette was not asked for; a request that is not on it has failed by itself."""
        asked = self._played.play_count
        assert not self._replays or asked == len(self._played), (
            f"{asked} of {len(self._played)} recorded requests were sent"
        )


def resource_methods(folder: Path) -> set[tuple[str, str]]:
    """Return the public methods of the resources in a folder: ``("runs", "list")``."""
    found = set()
    for module in folder.glob("*.py"):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id == "AsyncResource" for base in node.bases
            ):
                found |= {(module.stem, name) for name in _public_methods(node)}
    return found


def _public_methods(node: ast.ClassDef) -> list[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [n.name for n in node.body if isinstance(n, functions) and not n.name.startswith("_")]


def called_methods(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Return which methods each test in a folder calls: ``client.runs.list(`` is ``("runs", "list")``."""
    found = {}
    for module in folder.glob("test_*.py"):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith(
                "test_"
            ):
                found[node.name] = {call for n in ast.walk(node) if (call := _call(n))}
    return found


def _call(node: ast.AST) -> tuple[str, str] | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    method, owner = node.func.attr, node.func.value
    if isinstance(owner, ast.Name) and owner.id == "client":
        return "client", method
    nested = isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name)
    return (owner.attr, method) if nested and owner.value.id == "client" else None
