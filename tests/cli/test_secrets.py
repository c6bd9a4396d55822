"""Secrets are printed by the commands that are for that, and by no other."""

from __future__ import annotations

import pytest
from kit.answer_server import AnswerServer

TOKEN = "token-1"


@pytest.fixture
def plus(dplus):
    """Runs the command against a Dagster+ that answers from the schema."""
    with AnswerServer() as server:
        options = ("--url", server.url, "--api-token", "user:x:1", "-o", "acme")
        yield lambda *words: dplus(*words, *options)


@pytest.mark.parametrize("words", [("create",), ("reveal", "1")], ids=" ".join)
def test_a_token_is_printed_where_it_is_asked_for(plus, words):
    assert f"Token: {TOKEN}\n" in plus("agent-token", *words).out
    assert plus("agent-token", *words, "--json").json["token"] == TOKEN


@pytest.mark.parametrize(
    "words", [("list",), ("revoke", "1"), ("update", "1", "--description", "x")], ids=" ".join
)
def test_a_token_is_printed_nowhere_else(plus, words):
    done = plus("agent-token", *words)
    assert done.code == 0
    assert TOKEN not in done.out
