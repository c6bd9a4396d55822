"""Issues of a Dagster+ deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._core.errors import InvalidInputError
from ..._core.inputs import member, members, one_of, period, text
from ..._core.paging import Batch, Plan
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ..._generated.enums import IssueStatus
    from ..._generated.input_types import IssueLinkedObjectInput, IssuesFilter
    from ..._generated.models import Issue, IssueSummary
    from ..pager import AsyncPager


class AsyncIssues(AsyncResource):
    """Issues: what is wrong with runs and assets, written down (Dagster+).

    They are in early access: Dagster+ may change them, and not every organization has them.
    """

    __slots__ = ()

    def list(
        self,
        *,
        statuses: IssueStatus | str | Iterable[IssueStatus | str] | None = None,
        created_by: str | None = None,
        created_after: datetime | float | None = None,
        created_before: datetime | float | None = None,
        where: Callable[[IssueSummary], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[IssueSummary]:
        """List issues. GraphQL: ``issues``.

        Args:
            statuses: Only those in one of these states: ``OPEN``, ``TRIAGE``, ``CLOSED``, ``CANCELED``.
            created_by: Only those of this creator, as the server knows people.
            created_after: Only those created after this time: an aware datetime, or epoch seconds (UTC).
            created_before: Only those created before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 100.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status, time or number that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see issues.

        Example:
            client.issues.list(statuses=["OPEN", "TRIAGE"], created_after=yesterday)
        """
        filters = _filters(statuses, created_by, created_after, created_before)
        return self._paged(
            lambda after, size: ops.list_issues(
                filters=filters or UNSET, cursor=after or UNSET, limit=size
            ),
            lambda page, _: Batch(page.issues, cursor=page.cursor, has_more=page.has_more),
            Plan(limit=limit, page_size=page_size, max_page_size=100, cursor=cursor, where=where),
            default_page_size=50,
        )

    async def get(self, issue_id: str) -> Issue:
        """Return one issue. GraphQL: ``issue``.

        Args:
            issue_id: Its public id, such as ``3``.

        Raises:
            NotFoundError: There is no such issue.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.issues.get(issue_id)
        """
        operation = ops.get_issue(issue_id=text(issue_id, "issue_id"))
        return await self._found(operation, "issue", issue_id)

    async def create(
        self,
        title: str,
        description: str,
        *,
        run: str | None = None,
        asset: AssetKey | str | Sequence[str] | None = None,
        status: IssueStatus | str | None = None,
        chat_id: int | None = None,
    ) -> Issue:
        """Open an issue. GraphQL: ``createIssue``.

        Args:
            title: Its title.
            description: What is wrong, in Markdown.
            run: The id of the run that it comes from.
            asset: The key of the asset that it comes from; not beside a run.
            status: ``OPEN``, ``TRIAGE``, ``CLOSED`` or ``CANCELED``; the server's choice by default.
            chat_id: The id of the chat with the assistant that it comes from.

        Raises:
            InvalidInputError: An argument cannot be; nothing is sent.
            PermissionDeniedError: The token may not open issues.

        Example:
            await client.issues.create(
                "Orders come in late", "Since Monday, after ten.", asset="orders"
            )
        """
        origin = None if run is None and asset is None else _object(run, asset)
        operation = ops.create_issue(
            title=text(title, "the title"),
            description=description,
            status=UNSET if status is None else _status(status),
            origin=origin or UNSET,
            chat_id=UNSET if chat_id is None else chat_id,
        )
        return (await self._transport.fetch(operation)).issue

    async def update(
        self,
        issue_id: str,
        *,
        title: str | None = None,
        description: str | None = None,
        status: IssueStatus | str | None = None,
        context: str | None = None,
    ) -> Issue:
        """Change an issue; what is not given stays. GraphQL: ``updateIssue``.

        Args:
            issue_id: Its public id.
            title: A new title.
            description: A new description.
            status: A new state: ``OPEN``, ``TRIAGE``, ``CLOSED`` or ``CANCELED``.
            context: What else is known about it.

        Raises:
            InvalidInputError: Nothing is to be changed, or an argument cannot be; nothing is sent.
            NotFoundError: There is no such issue.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.issues.update(
                issue_id, status="CLOSED", context="The supplier sends them earlier."
            )
        """
        if all(new is None for new in (title, description, status, context)):
            raise InvalidInputError(
                "nothing is to be changed: give title, description, status or context"
            )
        operation = ops.update_issue(
            issue_id=text(issue_id, "issue_id"),
            title=UNSET if title is None else text(title, "the title"),
            description=UNSET if description is None else description,
            status=UNSET if status is None else _status(status),
            context=UNSET if context is None else context,
        )
        done = await self._explained(operation, lambda: self.get(issue_id))
        return done.issue

    async def link(
        self,
        issue_id: str,
        *,
        run: str | None = None,
        asset: AssetKey | str | Sequence[str] | None = None,
    ) -> Issue:
        """Link an issue with a run or an asset. GraphQL: ``addLinkToIssue``.

        Args:
            issue_id: Its public id.
            run: The run's id; this or an asset is given.
            asset: The asset's key.

        Raises:
            InvalidInputError: Not exactly one of them is given; nothing is sent.
            NotFoundError: There is no such issue.
            PermissionDeniedError: The token may not change it.
            ServerError: There is no such run or asset, which the API has no error of its own for.

        Example:
            await client.issues.link(issue_id, asset="raw_orders")
        """
        operation = ops.add_issue_link(
            issue_id=text(issue_id, "issue_id"), linked_object=_object(run, asset)
        )
        done = await self._explained(operation, lambda: self.get(issue_id))
        return done.issue

    async def unlink(
        self,
        issue_id: str,
        *,
        run: str | None = None,
        asset: AssetKey | str | Sequence[str] | None = None,
    ) -> Issue:
        """Take a link with a run or an asset away from an issue. GraphQL: ``removeLinkFromIssue``.

        Args:
            issue_id: Its public id.
            run: See ``link``.
            asset: See ``link``.

        Raises:
            InvalidInputError: Not exactly one of them is given; nothing is sent.
            NotFoundError: There is no such issue.
            PermissionDeniedError: The token may not change it.
            ServerError: There is no such link, which the API has no error of its own for.

        Example:
            await client.issues.unlink(issue_id, asset="orders")
        """
        operation = ops.remove_issue_link(
            issue_id=text(issue_id, "issue_id"), linked_object=_object(run, asset)
        )
        done = await self._explained(operation, lambda: self.get(issue_id))
        return done.issue


def _filters(
    statuses: IssueStatus | str | Iterable[IssueStatus | str] | None,
    created_by: str | None,
    created_after: datetime | float | None,
    created_before: datetime | float | None,
) -> IssuesFilter:
    """Return the API's filter; what is None is left out."""
    from ..._generated.enums.issue_status import IssueStatus as Status

    filters: IssuesFilter = {}
    if statuses is not None:
        filters["statuses"] = members(Status, statuses, "status")
    if created_by is not None:
        filters["createdBy"] = text(created_by, "created_by")
    start, end = period(created_after, created_before, ("created_after", "created_before"))
    if start is not None:
        filters["createdAfter"] = start
    if end is not None:
        filters["createdBefore"] = end
    return filters


def _status(value: IssueStatus | str) -> IssueStatus:
    from ..._generated.enums.issue_status import IssueStatus as Status

    return member(Status, value, "status")


def _object(
    run: str | None, asset: AssetKey | str | Sequence[str] | None
) -> IssueLinkedObjectInput:
    """Return what an issue is linked with, in the API's form."""
    kind, value = one_of(run=run, asset=asset)
    if kind == "run":
        return {"runId": text(value, "the run's id")}
    return {"assetKey": AssetKey.parse(value)}
