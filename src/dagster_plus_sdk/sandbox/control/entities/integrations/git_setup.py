"""How far the set-up of an organization's repositories is: stages that take their time by the sandbox's clock."""

from __future__ import annotations

from functools import partial

from ...registry import kind, query
from .repositories import (
    GITHUB,
    GITLAB,
    accounts,
    namespace,
    repositories,
    repository,
    selected,
    settings_url,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

#: Where a provider's repository, its deployment and its branch are kept.
SETUP = "git_setup"
#: How many seconds it takes to set up a repository, and to deploy it.
REPO_TAKES = 20.0
DEPLOY_TAKES = 60.0


def setup_of(context: Context, provider: str) -> Row:
    """Return what was set up at a provider."""
    return context.store.get(SETUP, provider) or {"repo": None, "deploy": None, "branch": None}


def put_setup(context: Context, provider: str, setup: Row) -> None:
    """Write what was set up at a provider."""
    context.store.put(SETUP, provider, setup)


def _state(context: Context, start: float, takes: float) -> str:
    now = context.now()
    if now < start:
        return "NOT_STARTED"
    return "IN_PROGRESS" if now < start + takes else "COMPLETED"


def _creating(provider: str, context: Context, _row: Row) -> Row | None:
    repo: Row | None = setup_of(context, provider)["repo"]
    if repo is None:
        return None
    state = _state(context, repo["repoCreationTime"], REPO_TAKES)
    step = "IDLE" if state == "COMPLETED" else "SETTING_UP_REPO"
    return {**repo, "githubUrl": repo["repoUrl"], "state": state, "step": step}


def _deploying(provider: str, context: Context, _row: Row) -> Row | None:
    setup = setup_of(context, provider)
    if setup["deploy"] is None:
        return None
    state = _state(context, setup["deploy"]["runStartTimestamp"], DEPLOY_TAKES)
    step = "DEPLOYING" if state == "IN_PROGRESS" else "IDLE"
    url = setup["repo"]["repoUrl"]
    build = f"{url}/actions" if provider == GITHUB else f"{url}/-/pipelines"
    actions = build if provider == GITHUB else None
    more = {"repoUrl": url, "buildUrl": build, "githubActionsBuildUrl": actions}
    return {**setup["deploy"], **more, "state": state, "step": step}


def _branch(provider: str, context: Context, _row: Row) -> Row | None:
    branch: Row | None = setup_of(context, provider)["branch"]
    if branch is None:
        return None
    is_merged = branch["pullRequestData"]["pullRequestStatus"] == "MERGED"
    step = "PR_MERGED" if is_merged else "PR_CREATED"
    return {**branch, "githubUrl": branch["repoUrl"], "state": "COMPLETED", "step": step}


def _existing(provider: str, context: Context, _row: Row, *, repo_name: str) -> str:
    if repository(context, provider, repo_name) is None:
        return "NOT_FOUND"
    repo = setup_of(context, provider)["repo"]
    return "EXISTING_INSTALL" if repo and repo["repoName"] == repo_name else "OK"


def _is_authed(provider: str, context: Context, _row: Row) -> bool:
    return bool(accounts(context, provider))


def _installations(context: Context, _row: Row) -> list[Row]:
    return [
        {"installationId": row["number"], "name": row["name"], "settingsUrl": settings_url(row)}
        for row in accounts(context, GITHUB)
    ]


def _username(context: Context, _row: Row) -> str | None:
    account = selected(context, GITLAB)
    return account["name"] if account else None


kind(
    "GitHubSetup",
    isUserGitHubAuthed=partial(_is_authed, GITHUB),
    availableGitHubAppInstallations=_installations,
    creatingRepo=partial(_creating, GITHUB),
    deployingCode=partial(_deploying, GITHUB),
    branchAgainstRepo=partial(_branch, GITHUB),
    existingRepoStatus=partial(_existing, GITHUB),
)
kind(
    "Gitlab",
    isUserAuthed=partial(_is_authed, GITLAB),
    username=_username,
    namespaces=lambda context, _: [namespace(row) for row in accounts(context, GITLAB)],
    projects=lambda context, _: repositories(context, GITLAB),
    dbtProjects=lambda context, _: repositories(context, GITLAB, dbt_only=True),
    project=lambda context, _, name: repository(context, GITLAB, name),
    creatingRepo=partial(_creating, GITLAB),
    deployingCode=partial(_deploying, GITLAB),
    branchAgainstRepo=partial(_branch, GITLAB),
    existingRepoStatus=partial(_existing, GITLAB),
)


@query("githubSetup")
def github_setup(_context: Context) -> Row:
    """Return how GitHub is set up; the rest of it is computed."""
    return {"__typename": "GitHubSetup", "id": "github"}


@query("gitlab")
def gitlab(_context: Context) -> Row:
    """Return how GitLab is set up; all of it is computed."""
    return {"__typename": "Gitlab"}
