"""Which tokens do the service users have?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for user in client.service_users.list():
        for token in client.service_tokens.list(user.id, revoked=False):
            print(user.details.name, token.id, token.description, token.created_at)
