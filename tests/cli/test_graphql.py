"""Any document."""

from __future__ import annotations

import sys

import pytest

from dagster_plus_sdk.cli.graphql import read_variables

DOCUMENT = "query A { version }"


@pytest.fixture
def send(scripted, server):
    """Runs ``graphql`` commands."""
    server.data({"version": "1.2.3"})

    def run(*words, stdin=None):
        return scripted("graphql", *words, stdin=stdin)

    return run


def test_the_data_is_printed(send):
    assert send(DOCUMENT).out == '{\n  "version": "1.2.3"\n}\n'
    assert send(DOCUMENT, "--format", "jsonl").out == '{"version": "1.2.3"}\n'
    assert send(DOCUMENT, "--format", "yaml").out == "version: 1.2.3\n"


@pytest.mark.parametrize("words", [[], ["-"]], ids=str)
def test_a_document_on_stdin(send, server, words):
    assert send(*words, stdin=DOCUMENT).code == 0
    assert server.received[0].json["query"] == DOCUMENT


def test_a_document_in_a_file(send, server, tmp_path):
    path = tmp_path / "a.graphql"
    path.write_text(DOCUMENT)
    assert send(f"@{path}").code == 0
    assert server.received[0].json["query"] == DOCUMENT


def test_no_document(send, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    done = send()
    assert done.code == 2
    assert "give a document, @FILE, or one on stdin" in done.err


def test_variables_and_the_operation(send, server):
    document = DOCUMENT + " query B($id: ID, $n: Int) { version }"
    words = ["--variables", '{"id": "1", "n": 1}', "-V", "n=2", "--operation-name", "B"]
    assert send(document, *words).code == 0
    assert server.received[0].variables == {"id": "1", "n": 2}
    assert server.received[0].operation == "B"


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        ([], {}),
        (
            ["a=text", "b=3", 'c=["x"]', "d=", "e=f=g"],
            {"a": "text", "b": 3, "c": ["x"], "d": "", "e": "f=g"},
        ),
        (['{"a": 1}', "a=2"], {"a": 2}),
    ],
)
def test_variables(words, variables):
    assert read_variables(words) == variables


def test_several_operations_and_no_name(send):
    done = send(DOCUMENT + " query B { version }")
    assert done.code == 2
    assert "choose one of A, B" in done.err


def test_a_real_one(real):
    done = real("graphql", "{ version }")
    assert (done.code, list(done.json)) == (0, ["version"])
