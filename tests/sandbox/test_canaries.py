"""What is secret in a sandbox is in nothing that it leaves on the disk, prints, or shows to others on the machine."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk import DagsterPlus, DagsterPlusError
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.control.seed import role_tokens

MAIN = "user:canary-main"
SECRETS = {
    name: f"canary-{name}"
    for name in (
        "value",
        "update",
        "webhook",
        "header",
        "teams",
        "pager",
        "env",
        "password",
        "atlan",
    )
}


def document(name, service):
    return {
        "name": name,
        "enabled": True,
        "event_types": ["JOB_FAILURE"],
        "notification_service": service,
    }


SERVICES = {
    "webhook": {
        "webhook_url": f"https://example.com/{SECRETS['webhook']}",
        "headers": {"X-Key": SECRETS["header"]},
    },
    "microsoft_teams": {"webhook_url": f"https://example.com/{SECRETS['teams']}"},
    "pagerduty": {"integration_key": SECRETS["pager"]},
}
LOCATION = {
    "location_name": "north",
    "code_source": {"module_name": "north"},
    "image": "north:1",
    "container_context": {"k8s": {"env_vars": [f"KEY={SECRETS['env']}"]}},
}
ADD = """mutation ($document: GenericScalar!) {
  addOrUpdateLocationFromDocument(document: $document) { ... on WorkspaceEntry { locationName } }
}"""


def use(client):
    """Do all that something secret goes into, and some that fails."""
    secret = client.secrets.create("NEW", SECRETS["value"])
    client.secrets.update("NEW", value=SECRETS["update"])
    assert client.secrets.get("NEW").id == secret.id
    for name, service in SERVICES.items():
        client.alert_policies.create(document(name, {name: service}))
    text = json.dumps([document("other", {"webhook": SERVICES["webhook"]})])
    with pytest.raises(DagsterPlusError):
        client.graphql("mutation ($d: GenericScalar!) { x(document: $d) }", {"d": text})
    config = {"account": "acme", "user": "me", "password": SECRETS["password"]}
    client.integrations.create_connection("snowflake", "Ads", config)
    client.integrations.set_atlan("acme.atlan.com", SECRETS["atlan"])
    client.graphql(ADD, {"document": LOCATION})
    made = [client.agent_tokens.create(), client.user_tokens.create()]
    return [one.token.reveal() for one in made]


def test_no_canary_is_found(tmp_path):
    home = tmp_path / "home"
    with Sandbox(dagster=None, home=home, token=MAIN) as sandbox:
        with sandbox.client() as client:
            made = use(client)
        for token in (*role_tokens(MAIN).values(), "user:canary-of-nobody"):
            with (
                DagsterPlus(
                    organization="demo", deployment="prod", token=token, url=sandbox.url
                ) as other,
                pytest.raises(DagsterPlusError),
            ):
                other.graphql("{ no }", {"token": MAIN})
        with pytest.raises(DagsterPlusError):
            sandbox.seed({"secrets": [{"name": "X", "value": SECRETS["value"], "no": 1}]})
        sandbox.save(tmp_path / "snapshot")
        shown = json.dumps([request.as_dict() for request in sandbox.requests()])
        commands = b"".join(
            Path(f"/proc/{pid}/cmdline").read_bytes() for pid in sandbox.pids.values()
        )
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        modes = {path.name: path.stat().st_mode & 0o077 for path in files}
        content = b"".join(path.read_bytes() for path in files) + shown.encode() + commands

    canaries = [*SECRETS.values(), *made, *role_tokens(MAIN).values(), "user:canary-of-nobody"]
    assert {"control-plane.sqlite3", "control-plane.sqlite3-wal", "snapshot"} <= modes.keys()
    assert [name for name in canaries if name.encode() in content] == []
    encoded = [base64.b64encode(name.encode())[:-4] for name in canaries]
    assert [text for text in encoded if text in content] == []
    assert {name for name, mode in modes.items() if mode} == set()
