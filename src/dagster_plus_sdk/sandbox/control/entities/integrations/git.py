"""What sets up an organization's repositories, as the first steps in the web interface do.

Nothing is created at GitHub or GitLab, and no code is deployed.
"""

from __future__ import annotations

from ...registry import Failure, mutation
from ..organization.organization import the_organization
from .git_setup import REPO_TAKES, SETUP, put_setup, setup_of
from .repositories import (
    GITHUB,
    HOSTS,
    accounts,
    create_repository,
    installation,
    repository,
    select,
    selected,
)
from .slack_and_atlan import CHANGED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

NEEDS = "EDIT_CODE_LOCATIONS"
BASE = "main"
BRANCH = "dagster-setup"


def _account(context: Context, provider: str) -> str:
    found = selected(context, provider)
    if found is None:
        raise Failure("GitHubError", f"No account at {provider.title()} is selected.")
    name: str = found["name"]
    return name


def _need_repository(context: Context, provider: str, name: str) -> Row:
    _account(context, provider)
    found = repository(context, provider, name)
    if found is None:
        raise Failure("SetupRepoError", f"There is no repository {name!r}.")
    return found


def _begin(context: Context, provider: str, repo: Row, more: Row) -> Row:
    """Set up a repository: it is deployed when that is done."""
    now = context.now()
    name, url = repo["name"], repo["url"]
    creating = {"repoName": name, "repoUrl": url, "repoCreationTime": now, "isImport": False}
    deploying = {
        "deploymentName": context.here()["deploymentName"],
        "runStartTimestamp": now + REPO_TAKES,
    }
    row = {"repo": {**creating, **more}, "deploy": deploying, "branch": None}
    put_setup(context, provider, row)
    return {"repoUrl": url}


def _create(
    context: Context, provider: str | None, name: str, more: Row, *, dbt: bool = False
) -> Row:
    provider = provider or GITHUB
    account = _account(context, provider)
    if repository(context, provider, name):
        raise Failure("SetupRepoError", f"There is a repository {name!r} already.")
    repo = create_repository(context, provider, account, name, dbt=dbt)
    return _begin(context, provider, repo, more)


@mutation("createTemplateRepo", needs=NEEDS, audit=None)
def create_template_repo(
    context: Context,
    *,
    repo_name: str,
    is_private: bool,
    template_url: str | None = None,
    location_name: str | None = None,
    git_provider: str | None = None,
) -> Row:
    """Create a repository from a template."""
    if template_url is not None and not template_url.startswith("https://"):
        raise Failure("InvalidTemplateRepoError", f"{template_url!r} is no template.")
    more = {"isPrivate": is_private, "templateUrl": template_url, "locationName": location_name}
    return _create(context, git_provider, repo_name, more)


@mutation("createDagsterProjectRepo", needs=NEEDS, audit=None)
def create_project_repo(
    context: Context,
    *,
    repo_name: str,
    is_private: bool,
    location_name: str,
    git_provider: str,
    component_scaffold_commands: list[Row],  # noqa: ARG001 - there is no code in the sandbox's repositories
    additional_packages: list[str] | None = None,  # noqa: ARG001
) -> Row:
    """Create a repository with a Dagster project."""
    more = {"isPrivate": is_private, "locationName": location_name}
    return _create(context, git_provider, repo_name, more)


@mutation("cloneDBTRepo", needs=NEEDS, audit=None)
def clone_dbt_repo(
    context: Context, *, repo_name: str, is_private: bool, git_provider: str | None = None
) -> Row:
    """Create a repository with a dbt project."""
    return _create(context, git_provider, repo_name, {"isPrivate": is_private}, dbt=True)


@mutation("useExistingRepo", needs=NEEDS, audit=None)
def use_existing_repo(context: Context, *, repo_name: str, git_provider: str | None = None) -> Row:
    """Set up a repository that is there."""
    provider = git_provider or GITHUB
    repo = _need_repository(context, provider, repo_name)
    return _begin(context, provider, repo, {"isImport": True})


@mutation("scaffoldDagsterInDbtRepo", needs=NEEDS, audit=None)
def scaffold(
    context: Context,
    *,
    repo_name: str,
    code_location_name: str | None = None,
    git_provider: str | None = None,
) -> Row:
    """Open a pull request that brings Dagster into a dbt project."""
    provider = git_provider or GITHUB
    repo = _need_repository(context, provider, repo_name)
    if not repo["dbtProjectConfigPaths"]:
        raise Failure("SetupRepoError", f"The repository {repo_name!r} has no dbt project.")
    request = _open_request(context, provider, repo["url"])
    branch = {
        "repoName": repo_name,
        "repoUrl": repo["url"],
        "locationName": code_location_name,
        "pullRequestData": request,
    }
    put_setup(context, provider, {**setup_of(context, provider), "branch": branch})
    return {"branchName": BRANCH, "pullRequestUrl": request["pullRequestUrl"]}


def _open_request(context: Context, provider: str, repo_url: str) -> Row:
    number = context.store.next_number(f"{SETUP}/pull_request")
    kind_of = "pull" if provider == GITHUB else "-/merge_requests"
    return {
        "pullRequestNumber": number,
        "pullRequestUrl": f"{repo_url}/{kind_of}/{number}",
        "pullRequestStatus": "OPEN",
        "branchName": BRANCH,
        "baseBranch": BASE,
    }


@mutation("mergePullRequest", needs=NEEDS, audit=None)
def merge(
    context: Context,
    *,
    repo_name: str,
    pull_request_number: int,
    git_provider: str | None = None,
) -> Row:
    """Merge the pull request that was opened."""
    provider = git_provider or GITHUB
    setup = setup_of(context, provider)
    branch = setup["branch"]
    request = branch["pullRequestData"] if branch and branch["repoName"] == repo_name else None
    if request is None or request["pullRequestNumber"] != pull_request_number:
        text = f"There is no pull request {pull_request_number} in {repo_name!r}."
        raise Failure("GitHubError", text)
    if request["pullRequestStatus"] != "OPEN":
        raise Failure("GitHubError", f"The pull request {pull_request_number} is merged already.")
    merged = {**branch, "pullRequestData": {**request, "pullRequestStatus": "MERGED"}}
    put_setup(context, provider, {**setup, "branch": merged})
    return {"pullRequestUrl": request["pullRequestUrl"]}


@mutation("restartGitCI", needs=NEEDS, audit=None)
def restart_ci(context: Context, *, restart_branch_ci: bool | None = None) -> Row:
    """Deploy once more what was set up."""
    stage = "branch" if restart_branch_ci else "deploy"
    for provider in HOSTS:
        setup = setup_of(context, provider)
        if setup[stage] is not None:
            if stage == "deploy":
                setup["deploy"]["runStartTimestamp"] = context.now()
                put_setup(context, provider, setup)
            return {"ok": True}
    raise Failure("RestartGitCIError", "There is nothing that CI could run for.")


@mutation("resetLoadedCodeSetupStage", needs=NEEDS, audit=None)
def reset(context: Context) -> Row:
    """Begin the set-up anew; the repositories stay."""
    for provider in HOSTS:
        context.store.delete(SETUP, provider)
    return {"orgId": the_organization(context)["id"]}


@mutation("selectInstallation", needs=NEEDS, audit=CHANGED, audit_scope="organization")
def select_installation(context: Context, *, account_name: str) -> Row | None:
    """Use an account's installation of the GitHub app."""
    if account_name not in [row["name"] for row in accounts(context, GITHUB)]:
        raise Failure("InstallationNotFoundError", f"There is no installation at {account_name!r}.")
    select(context, GITHUB, account_name)
    return installation(context)


@mutation("deselectInstallation", needs=NEEDS, audit=CHANGED, audit_scope="organization")
def deselect_installation(context: Context) -> Row:
    """Use no installation of the GitHub app."""
    select(context, GITHUB, None)
    return {"ok": True}
