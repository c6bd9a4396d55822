"""The organization's repositories at GitHub and GitLab: rows of the sandbox, and nothing at either."""

from __future__ import annotations

from ...registry import Failure, kind, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row, Rows

#: Where accounts and repositories are kept: by their provider and name.
ACCOUNT = "git_account"
REPOSITORY = "git_repository"
GITHUB = "GITHUB"
GITLAB = "GITLAB"
INSTALLATION = "GithubAppInstallation"
HOSTS = {GITHUB: "https://github.com", GITLAB: "https://gitlab.com"}
DBT = "dbt_project.yml"


def accounts(context: Context, provider: str) -> Rows:
    """Return the accounts that Dagster+ may use."""
    return context.store.list(ACCOUNT, provider=provider)


def selected(context: Context, provider: str) -> Row | None:
    """Return the account that is used."""
    return next((row for row in accounts(context, provider) if row["selected"]), None)


def select(context: Context, provider: str, name: str | None) -> None:
    """Use an account, or none."""
    for row in accounts(context, provider):
        changed = {**row, "selected": row["name"] == name}
        context.store.put(ACCOUNT, f"{provider}/{row['name']}", changed)


def repositories(context: Context, provider: str, *, dbt_only: bool = False) -> Rows:
    """Return the repositories of the account that is used, as the provider's type has them."""
    account = selected(context, provider)
    if account is None:
        return []
    rows = context.store.list(REPOSITORY, provider=provider, account=account["name"])
    shown = [row for row in rows if row["dbt"] or not dbt_only]
    return [_shown(row, account) for row in shown]


def repository(context: Context, provider: str, name: str) -> Row | None:
    """Return a repository of the account that is used."""
    found = repositories(context, provider)
    return next((row for row in found if row["name"] == name), None)


def _shown(row: Row, account: Row) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "url": row["url"],
        "lastUpdatedTimestamp": row["createdAt"],
        "dbtProjectConfigPaths": [DBT] if row["dbt"] else [],
        "namespace": namespace(account),
    }


def namespace(account: Row) -> Row:
    """Return an account as GitLab's type has it."""
    number = str(account["number"])
    return {"id": number, "namespaceId": number, "name": account["name"]}


def create_repository(
    context: Context, provider: str, account: str, name: str, *, dbt: bool = False
) -> Row:
    """Write a repository and return it."""
    row = {
        "id": str(context.store.next_number(REPOSITORY)),
        "provider": provider,
        "account": account,
        "name": name,
        "url": f"{HOSTS[provider]}/{account}/{name}",
        "dbt": dbt,
        "createdAt": context.now(),
    }
    return context.store.put(REPOSITORY, f"{provider}/{account}/{name}", row)


def settings_url(account: Row) -> str:
    """Return the address of an installation's settings."""
    number = account["number"]
    return f"{HOSTS[GITHUB]}/organizations/{account['name']}/settings/installations/{number}"


def installation(context: Context) -> Row | None:
    """Return the installation of the GitHub app that is used."""
    account = selected(context, GITHUB)
    if account is None:
        return None
    return {
        "__typename": INSTALLATION,
        "appId": "sandbox",
        "accountName": account["name"],
        "settingsUrl": settings_url(account),
    }


kind(
    INSTALLATION,
    repositories=lambda context, _: repositories(context, GITHUB),
    repos=lambda context, _: [row["name"] for row in repositories(context, GITHUB)],
    dbtRepos=lambda context, _: repositories(context, GITHUB, dbt_only=True),
    repository=lambda context, _, name, owner=None: repository(context, GITHUB, name),  # noqa: ARG005
)
kind(
    "DagsterCloudOrganizationMetadata",
    githubAppInstallation=lambda context, _: installation(context),
    slackAppInstallation=lambda context, _: context.store.find("SlackAppInstallation"),
)


@seeds("git_accounts")
def plant_account(
    context: Context,
    name: str,
    provider: str = "github",
    repositories: list[str] | None = None,
    dbt_repositories: list[str] | None = None,
    selected: bool = False,  # noqa: FBT001, FBT002 - a seed has keywords
) -> None:
    """Write an account at GitHub or GitLab that Dagster+ may use, with its repositories."""
    kind_of = provider.upper()
    if kind_of not in HOSTS:
        raise Failure("InvalidGitProvider", "a provider is github or gitlab")
    number = context.store.next_number(ACCOUNT)
    row = {"provider": kind_of, "name": name, "number": number, "selected": False}
    context.store.put(ACCOUNT, f"{kind_of}/{name}", row)
    if selected:
        select(context, kind_of, name)
    for repo in repositories or ():
        create_repository(context, kind_of, name, repo)
    for repo in dbt_repositories or ():
        create_repository(context, kind_of, name, repo, dbt=True)
