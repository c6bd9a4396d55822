from __future__ import annotations

import pytest

from dagster_plus_sdk import DagsterPlusError, PermissionDeniedError, ServerError, operations

pytestmark = pytest.mark.anyio

INSTALLATION = """
{ organization { metadata { githubAppInstallation {
  accountName repos repository(name: "dbt-models") { dbtProjectConfigPaths }
} } } }
"""
STATUS = '{ githubSetup { ... on GitHubSetup { existingRepoStatus(repoName: "data-platform") } } }'


async def send(client, operation):
    return (await client.execute(operation)).ok


async def stages(client, provider="github"):
    setup = await getattr(client.integrations, provider)()
    return [stage and stage.state for stage in (setup.repo, setup.deploy, setup.branch)]


@pytest.mark.parametrize(
    ("provider", "url"),
    [("github", "https://github.com/example/new"), ("gitlab", "https://gitlab.com/example/new")],
)
async def test_a_repository_is_created_and_deployed_in_time(client, plus, provider, url):
    assert await stages(client, provider) == [None, None, None]
    operation = operations.create_template_repo(
        repo_name="new", is_private=True, location_name="shop", git_provider=provider.upper()
    )
    assert (await send(client, operation)).repo_url == url

    seen = [await stages(client, provider)]
    for seconds in (30, 60):
        plus.advance_clock(seconds)
        seen.append(await stages(client, provider))
    assert seen == [
        ["IN_PROGRESS", "NOT_STARTED", None],
        ["COMPLETED", "IN_PROGRESS", None],
        ["COMPLETED", "COMPLETED", None],
    ]
    setup = await getattr(client.integrations, provider)()
    assert (setup.repo.location_name, setup.repo.is_private, setup.deploy.deployment_name) == (
        "shop",
        True,
        "prod",
    )

    assert (await send(client, operations.start_git_ci())).ok
    assert await stages(client, provider) == ["COMPLETED", "IN_PROGRESS", None]
    await client.execute(operations.reset_code_setup())
    assert await stages(client, provider) == [None, None, None]
    with pytest.raises(ServerError, match="already"):
        await send(client, operation)


async def test_a_repository_that_is_there(client):
    assert (await client.graphql(STATUS))["githubSetup"] == {"existingRepoStatus": "OK"}
    await send(client, operations.set_existing_repo(repo_name="data-platform"))
    assert (await client.graphql(STATUS))["githubSetup"] == {
        "existingRepoStatus": "EXISTING_INSTALL"
    }
    assert (await client.integrations.github()).repo.is_import


async def test_a_dbt_project_gets_dagster(client):
    await send(client, operations.create_dbt_repo(repo_name="models", is_private=False))
    opened = await send(client, operations.scaffold_dagster_in_dbt_repo(repo_name="models"))
    request = (await client.integrations.github()).branch.pull_request
    assert (request.url, request.branch, request.status) == (
        opened.pull_request_url,
        opened.branch_name,
        "OPEN",
    )
    merge = operations.merge_pull_request(repo_name="models", pull_request_number=request.number)
    assert (await send(client, merge)).pull_request_url == request.url
    assert (await client.integrations.github()).branch.pull_request.status == "MERGED"
    assert (await send(client, operations.start_git_ci(restart_branch_ci=True))).ok
    with pytest.raises(ServerError, match="merged already"):
        await send(client, merge)


PROJECT = {
    "repo_name": "p",
    "is_private": True,
    "location_name": "p",
    "git_provider": "GITLAB",
    "component_scaffold_commands": [],
}


async def test_a_project(client):
    made = await send(client, operations.create_dagster_project_repo(**PROJECT))
    assert made.repo_url == "https://gitlab.com/example/p"
    projects = (await client.integrations.gitlab()).projects
    assert [project.name for project in projects] == ["notebooks", "p"]


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (operations.set_existing_repo(repo_name="nope"), "no repository 'nope'"),
        (operations.scaffold_dagster_in_dbt_repo(repo_name="data-platform"), "no dbt project"),
        (
            operations.merge_pull_request(repo_name="dbt-models", pull_request_number=7),
            "no pull request 7",
        ),
        (operations.start_git_ci(), "nothing that CI"),
        (operations.set_git_hub_installation(account_name="nope"), "no installation at 'nope'"),
        (
            operations.create_template_repo(
                repo_name="x", is_private=False, template_url="git@example.com"
            ),
            "is no template",
        ),
    ],
)
async def test_what_cannot_be(client, operation, message):
    with pytest.raises(DagsterPlusError, match=message):
        await send(client, operation)
    assert await stages(client) == [None, None, None]


async def test_installations_are_chosen(client):
    async def chosen():
        metadata = (await client.graphql(INSTALLATION))["organization"]["metadata"]
        return metadata["githubAppInstallation"]

    assert await chosen() == {
        "accountName": "example",
        "repos": ["data-platform", "dbt-models"],
        "repository": {"dbtProjectConfigPaths": ["dbt_project.yml"]},
    }
    found = await send(client, operations.set_git_hub_installation(account_name="example-labs"))
    assert (found.account_name, found.repositories) == ("example-labs", [])
    assert (await chosen())["repos"] == []

    assert (await send(client, operations.remove_git_hub_installation())).ok
    assert await chosen() is None
    with pytest.raises(ServerError, match="No account at Github is selected"):
        await send(client, operations.set_existing_repo(repo_name="data-platform"))


@pytest.mark.parametrize("role", ["viewer", "launcher"])
async def test_who_may_not(connect, role):
    with pytest.raises(PermissionDeniedError, match="EDIT_CODE_LOCATIONS"):
        await send(connect(role), operations.create_dagster_project_repo(**PROJECT))
    assert (await connect(role).integrations.github()).is_user_authenticated


async def test_a_seed_has_accounts(client, plus):
    plus.seed(
        {"git_accounts": [{"name": "acme", "dbt_repositories": ["models"], "selected": True}]}
    )
    setup = await client.integrations.github()
    assert [one.name for one in setup.installations] == ["example", "example-labs", "acme"]
    opened = await send(client, operations.scaffold_dagster_in_dbt_repo(repo_name="models"))
    assert opened.pull_request_url == "https://github.com/acme/models/pull/1"
