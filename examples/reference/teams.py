"""Make a team, and say what its members may do."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    analysts = [user.details.email for user in client.users.list(email="*@example.com")]
    team = client.teams.create("analytics", members=analysts, role="LAUNCHER", deployment="prod")
    print(team.details.name, *(member.email for member in team.details.members))
    for other in client.teams.list():
        print(other.details.name, len(other.details.members), "members")
