"""Branch deployments of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, NotFoundError
from ..._core.inputs import member, seconds, text
from ..._core.paging import Batch, Plan
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..._generated.enums import PullRequestStatus, SnapshotBaseDeploymentCondition
    from ..._generated.input_types import CreateOrUpdateBranchDeploymentInput, DeploymentCommitInput
    from ..._generated.models import BranchDeployment, BranchDeploymentSummary
    from ..pager import AsyncPager


class AsyncBranchDeployments(AsyncResource):
    """Branch deployments of the organization (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        pull_request_status: PullRequestStatus | str | None = None,
        base: str | None = None,
        where: Callable[[BranchDeploymentSummary], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[BranchDeploymentSummary]:
        """List branch deployments. GraphQL: ``branchDeployments``.

        Args:
            pull_request_status: Only those whose pull request is ``OPEN``, ``CLOSED`` or ``MERGED``.
            base: Only those of this full deployment.
            where: A further filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 100.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status or number that cannot be; nothing is sent.

        Example:
            client.branch_deployments.list(pull_request_status="OPEN", base="prod")
        """
        from ..._generated.enums.pull_request_status import PullRequestStatus as Status

        given = pull_request_status
        status = None if given is None else member(Status, given, "pull_request_status")
        full = None if base is None else text(base, "base")
        plan = Plan(limit=limit, page_size=page_size, max_page_size=100, cursor=cursor, where=where)
        return self._paged(
            lambda after, size: ops.list_branch_deployments(
                limit=size,
                cursor=after,
                base_deployment_name=full,
                pull_request_status=status,
            ),
            lambda page, _: Batch(
                page.nodes, cursor=page.next_cursor, has_more=page.next_cursor is not None
            ),
            plan,
            default_page_size=50,
        )

    async def get(self, name: str, *, repo: str | None = None) -> BranchDeployment:
        """Return one branch deployment. GraphQL: ``deploymentByName``, ``getBranchDeploymentName``.

        Args:
            name: Its generated name; or the branch, where the repository is given.
            repo: The branch's repository, as it was called when the deployment was created.

        Raises:
            NotFoundError: There is no such branch deployment.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.branch_deployments.get("faster-orders", repo="example/pipelines")
        """
        text(name, "the branch" if repo is not None else "the deployment's name")
        if repo is not None:
            name = await self.name(repo, name)
        found = await self._transport.fetch(ops.get_branch_deployment(name=name))
        if not found.is_branch_deployment:
            raise NotFoundError(
                f"{name!r} is a full deployment, and no branch deployment; see deployments.get",
                code="DEPLOYMENT_NOT_FOUND",
            )
        return found

    async def create(
        self,
        repo: str,
        branch: str,
        *,
        commit_hash: str,
        timestamp: datetime | float,
        commit_message: str | None = None,
        commit_url: str | None = None,
        author_name: str | None = None,
        author_email: str | None = None,
        author_avatar_url: str | None = None,
        branch_url: str | None = None,
        pull_request_url: str | None = None,
        pull_request_number: str | None = None,
        pull_request_status: PullRequestStatus | str | None = None,
        base: str | None = None,
        snapshot_base: SnapshotBaseDeploymentCondition | str | None = None,
    ) -> BranchDeployment:
        """Create the deployment of a branch, or give it a new commit. GraphQL: ``createOrUpdateBranchDeployment``.

        Repository and branch are what it is known by: a second call changes the deployment of the first.

        Args:
            repo: The repository, such as ``acme/pipelines``.
            branch: The branch.
            commit_hash: The commit.
            timestamp: When it was made: an aware datetime, or epoch seconds (UTC).
            commit_message: Its message.
            commit_url: Its page.
            author_name: Who made it.
            author_email: The author's address.
            author_avatar_url: The author's picture.
            branch_url: The branch's page.
            pull_request_url: The pull request's page.
            pull_request_number: The pull request's number, or other id.
            pull_request_status: ``OPEN``, ``CLOSED`` or ``MERGED``.
            base: The full deployment that it is compared with and takes environment variables from; ``prod`` if None.
            snapshot_base: Compare with the base as it was at ``ON_CREATE`` or at each ``ON_UPDATE``; with the base as it
                is if None.

        Returns:
            The branch deployment; its ``name`` is a generated one.

        Raises:
            InvalidInputError: An argument cannot be; nothing is sent.
            NotFoundError: There is no such base.
            ConflictError: The plan allows no further one.
            PermissionDeniedError: The token may not create it.

        Example:
            await client.branch_deployments.create(
                "example/pipelines",
                "new-prices",
                commit_hash="4f2d1c9",
                timestamp=now,
                pull_request_number="18",
                pull_request_status="OPEN",
            )
        """
        from ..._generated.enums.pull_request_status import PullRequestStatus
        from ..._generated.enums.snapshot_base_deployment_condition import (
            SnapshotBaseDeploymentCondition,
        )

        made = seconds(timestamp, "timestamp")
        if made is None:
            raise InvalidInputError("timestamp is needed: when the commit was made")
        data: CreateOrUpdateBranchDeploymentInput = {
            "repoName": text(repo, "repo"),
            "branchName": text(branch, "branch"),
            "branchUrl": branch_url,
            "pullRequestUrl": pull_request_url,
            "pullRequestNumber": pull_request_number,
        }
        if pull_request_status is not None:
            data["pullRequestStatus"] = member(
                PullRequestStatus, pull_request_status, "pull_request_status"
            )
        commit: DeploymentCommitInput = {
            "commitHash": text(commit_hash, "commit_hash"),
            "timestamp": made,
            "commitMessage": commit_message,
            "commitUrl": commit_url,
            "authorName": author_name,
            "authorEmail": author_email,
            "authorAvatarUrl": author_avatar_url,
        }
        condition = None
        if snapshot_base is not None:
            condition = member(SnapshotBaseDeploymentCondition, snapshot_base, "snapshot_base")
        operation = ops.create_branch_deployment(
            branch_data=data,
            commit=commit,
            base_deployment_name=None if base is None else text(base, "base"),
            snapshot_base_condition=condition,
        )
        return await self._transport.fetch(operation)

    async def delete(self, name: str, *, repo: str | None = None) -> None:
        """Delete a branch deployment for good. GraphQL: ``deleteDeployment``, ``deploymentByName``, ``getBranchDeploymentName``.

        Args:
            name: See ``get``.
            repo: See ``get``.

        Raises:
            NotFoundError: There is no such branch deployment; a full one is not deleted here.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.branch_deployments.delete("faster-orders", repo="example/pipelines")
        """
        found = await self.get(name, repo=repo)
        await self._transport.fetch(ops.delete_deployment(id=found.id))

    async def name(self, repo: str, branch: str) -> str:
        """Return the name of a branch's deployment, whether or not there is one yet. GraphQL: ``getBranchDeploymentName``.

        Args:
            repo: The repository, as it is called when the deployment is created.
            branch: The branch.

        Raises:
            InvalidInputError: A name is empty; nothing is sent.

        Example:
            await client.branch_deployments.name("example/pipelines", "new-prices")
        """
        operation = ops.get_branch_deployment_name(
            repo_name=text(repo, "repo"), branch_name=text(branch, "branch")
        )
        return await self._transport.fetch(operation)
