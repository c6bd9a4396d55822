"""Secrets are printed by the commands that are for that, and by no other."""

from __future__ import annotations

import json

import pytest
from kit.answer_server import AnswerServer
from kit.server import Reply

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
    "words",
    [("list",), ("revoke", "1", "--yes"), ("update", "1", "--description", "x")],
    ids=" ".join,
)
def test_a_token_is_printed_nowhere_else(plus, words):
    done = plus("agent-token", *words)
    assert done.code == 0
    assert TOKEN not in done.out


VALUE = "5d1f7ae0-value"
POLICY = (
    "{name: late, event_types: [JOB_FAILURE], "
    f"notification_service: {{pagerduty: {{integration_key: {VALUE}}}}}}}"
)
#: Commands that send a secret, and the file that they read.
SENT = [
    (f"secret create KEY {VALUE}", ""),
    (f"secret create KEY {VALUE} --replace", ""),
    (f"secret update KEY --value {VALUE}", ""),
    ("secret sync FILE --yes", f"secrets: [{{name: KEY, value: {VALUE}}}]"),
    (f"integration set-atlan acme.atlan.com {VALUE}", ""),
    ("alert-policy update FILE --no-validate --yes", POLICY),
    ("alert-policy sync FILE --no-validate --yes", f"alert_policies: [{POLICY}]"),
    ("alert-policy test --document FILE --no-validate", POLICY),
]
STORED = {
    "__typename": "Secret",
    "id": "s1",
    "secretName": "KEY",
    "name": "KEY",
    "locationNames": [],
    "updateTimestamp": None,
    "updatedAt": None,
    "updatedBy": None,
    "canEdit": True,
    "canViewValue": True,
    "fullDeployments": True,
    "allBranchDeployments": True,
    "local": True,
    "branchDeployment": None,
}


def repeat(received):
    """Answer reads, and changes with an error that repeats what came."""
    text = json.dumps(received.variables)
    refused = {"__typename": "PythonError", "message": text, "className": "E", "stack": [text]}
    changes = (
        "createSecret",
        "createOrUpdateSecretForScopes",
        "updateSecret",
        "syncSecrets",
        "setAtlanIntegrationSettings",
        "createOrUpdateAlertPolicyFromDocument",
        "reconcileAlertPoliciesFromDocument",
        "sendSampleNotification",
    )
    reads = {
        "secretsOrError": {"__typename": "Secrets", "secrets": [{**STORED, "value": "old"}]},
        "alertPolicies": [{"id": "p1", "name": "late"}],
    }
    return Reply({"data": reads | dict.fromkeys(changes, refused)})


@pytest.mark.parametrize("answers", [repeat, Reply(b"no", 500), None], ids=["echo", "500", "ok"])
@pytest.mark.parametrize(("command", "document"), SENT, ids=[command for command, _ in SENT])
def test_a_secret_that_is_sent_is_printed_nowhere(
    dplus, server, tmp_path, command, document, answers
):
    path = tmp_path / "document.yaml"
    path.write_text(document)
    words = [str(path) if word == "FILE" else word for word in command.split()]
    loud = ("--debug", "--view-graphql", "--api-token", TOKEN, "-o", "acme")
    if answers is None:
        with AnswerServer() as answering:
            done = dplus(*words, *loud, "--url", answering.url)
            received = answering.received
    else:
        server.reply(answers)
        done = dplus(*words, *loud, "--url", server.url)
        received = server.received
    assert VALUE not in done.out + done.err
    # It was sent, or would have been after the read that failed.
    sent = [each for each in received if VALUE in json.dumps(each.variables)]
    assert answers is not repeat or sent
    assert f"# {(sent or received)[-1].operation}" in done.err
