"""Set a secret, and list all without their values."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    secret = client.secrets.create("DB_PASSWORD", "s3cret", scopes=["full"], replace=True)
    print(secret.name, secret.updated_at)
    for other in client.secrets.list():
        print(other.name, other.updated_at, *other.location_names)
