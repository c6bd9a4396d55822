"""Branch deployments: known by repository and branch, each with a full deployment as its base."""

from __future__ import annotations

import hashlib

from ...context import denied
from ...deploying import TYPE, by_name, create, find, is_gone, remove
from ...registry import VIEW, Failure, mutation, query, seeds, switch
from .deployments import MANAGE_BRANCHES, can_manage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

BRANCH = "BRANCH"
#: What is the base where none is named.
BASE = "prod"

FINISHED = switch(
    "finished_branch_deployment",
    "stays",
    "deleted",
    about="What becomes of a branch deployment whose pull request is merged or closed.",
)


@query("getBranchDeploymentName", needs=None)
def branch_deployment_name(_context: Context, *, repo_name: str, branch_name: str) -> str:
    """Return what a branch's deployment is called, whether or not there is one."""
    text = f"{repo_name}\n{branch_name}".encode(errors="replace")
    return hashlib.sha256(text).hexdigest()[:40]


@query("branchDeployments", needs=None)
def branch_deployments(
    context: Context,
    *,
    limit: int,
    cursor: str | None = None,
    base_deployment_name: str | None = None,
    pull_request_status: str | None = None,
) -> Row:
    """Return a page of those that the caller may open, newest first."""
    store = context.store
    base = None if base_deployment_name is None else find(store, base_deployment_name)
    if base_deployment_name is not None and base is None:
        return {"nodes": [], "nextCursor": None}

    def keep(row: Row) -> bool:
        status = row["branchDeploymentGitMetadata"]["pullRequestStatus"]
        return (
            not is_gone(store, row)
            and (base is None or row["parentId"] == base["deploymentId"])
            and pull_request_status in (None, status)
            and context.allows(VIEW, deployment=row)
        )

    nodes, has_more = store.page(TYPE, limit, before=cursor, keep=keep, deploymentType=BRANCH)
    last = str(nodes[-1]["deploymentId"]) if nodes and has_more else None
    return {"nodes": nodes, "nextCursor": last}


@mutation(
    "createOrUpdateBranchDeployment",
    needs=None,
    audit="CREATE_DEPLOYMENT",
    audit_scope="organization",
)
def create_or_update_branch_deployment(
    context: Context,
    *,
    branch_data: Row,
    commit: Row,
    base_deployment_name: str | None = None,
    snapshot_base_condition: str | None = None,
) -> Row:
    """Create the deployment of a branch, or give it a new commit and what is new about its pull request."""
    store = context.store
    name = branch_deployment_name(
        context, repo_name=branch_data["repoName"], branch_name=branch_data["branchName"]
    )
    found = store.find(TYPE, deploymentName=name, deploymentStatus="ACTIVE")
    base = None
    if base_deployment_name is not None or found is None:
        base = by_name(store, base_deployment_name or BASE)
        if base["deploymentType"] == BRANCH:
            raise Failure("DeploymentNotFoundError", f"{base_deployment_name!r} cannot be a base.")
    row = found or _new(context, name, base)
    if not can_manage(context, row):
        raise denied(context.caller, MANAGE_BRANCHES)
    given = {"snapshotBaseCondition": snapshot_base_condition}
    if base is not None:
        given["parentId"] = base["deploymentId"]
    changed = _write(context, {**row, **given}, branch_data, commit)
    is_over = branch_data.get("pullRequestStatus") in ("MERGED", "CLOSED")
    return (
        remove(context, changed) if is_over and context.switch(FINISHED) == "deleted" else changed
    )


NO_METADATA = dict.fromkeys(
    ("branchUrl", "pullRequestNumber", "pullRequestStatus", "pullRequestUrl")
)
NO_COMMIT = dict.fromkeys(
    ("authorAvatarUrl", "authorEmail", "authorName", "commitMessage", "commitUrl")
)


def _new(context: Context, name: str, base: Row | None) -> Row:
    assert base
    # One that is being deleted gives way: a branch that is pushed again has nowhere else to go.
    context.store.delete_all(TYPE, deploymentName=name)
    fields = {"parentId": base["deploymentId"], "commits": []}
    return create(context.store, name, base["agentType"], BRANCH, **fields)


def _write(context: Context, row: Row, metadata: Row, commit: Row) -> Row:
    """Write a branch deployment with a commit; one that is sent again takes the place that it had."""
    others = [other for other in row["commits"] if other["commitHash"] != commit["commitHash"]]
    changed = {
        **row,
        "branchDeploymentGitMetadata": {**NO_METADATA, **metadata},
        "commits": [*others, {**NO_COMMIT, **commit}],
    }
    return context.store.put(TYPE, row["deploymentId"], changed)


@seeds("branch_deployments")
def plant_branch_deployment(
    context: Context,
    repo: str,
    branch: str,
    commit: str,
    timestamp: float | None = None,
    message: str | None = None,
    author: str | None = None,
    base: str = BASE,
    pull_request_number: str | None = None,
    pull_request_status: str | None = None,
    pull_request_url: str | None = None,
) -> None:
    """Write the deployment of a branch, with its latest commit."""
    name = branch_deployment_name(context, repo_name=repo, branch_name=branch)
    row = find(context.store, name) or _new(context, name, by_name(context.store, base))
    sent = {
        "commitHash": commit,
        "timestamp": context.now() if timestamp is None else timestamp,
        "commitMessage": message,
        "authorEmail": author,
    }
    metadata = {
        "repoName": repo,
        "branchName": branch,
        "pullRequestNumber": pull_request_number,
        "pullRequestStatus": pull_request_status,
        "pullRequestUrl": pull_request_url,
    }
    _write(context, row, metadata, sent)
