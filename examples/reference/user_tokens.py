"""Which of my tokens are in use?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for token in client.user_tokens.list(revoked=False):
        print(token.id, token.description, token.created_at)
