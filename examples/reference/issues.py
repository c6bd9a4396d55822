"""Write down what is wrong with an asset."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    issue = client.issues.create(
        "Orders come in late", "Since Monday, after ten.", asset="warehouse/orders"
    )
    print(issue.id, issue.status)
    for other in client.issues.list(statuses="OPEN", limit=20):
        print(other.title, other.created_at)
