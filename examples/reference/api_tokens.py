"""Which tokens do other services use?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for token in client.api_tokens.list(revoked=False):
        print(token.id, token.type, token.description, token.created_at)
