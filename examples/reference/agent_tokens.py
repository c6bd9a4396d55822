"""Give a new agent its token, which may serve one deployment."""

from pathlib import Path

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    token = client.agent_tokens.create(description="agent in eu-west-1", deployment="prod")
    print(token.id, token.description)
    Path("agent-token").write_text(token.token.reveal())
    for other in client.agent_tokens.list(revoked=False):
        print(other.id, other.description, other.created_at)
