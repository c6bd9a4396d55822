"""The audit log of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.audit_log import MAX_PAGE_SIZE, audit_filters, not_enabled
from ..._core.filters import among
from ..._core.inputs import all_of, several, text
from ..._core.lookup import not_found
from ..._core.paging import Plan, one_more
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..._core.paging import Batch
    from ..._generated.enums import AuditLogEventType
    from ..._generated.models import AuditLogEntry
    from ..._generated.results.list_audit_log import ListAuditLogAuditLog
    from ..pager import AsyncPager


class AsyncAuditLog(AsyncResource):
    """Who did what in the organization, and when (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        users: str | Iterable[str] | None = None,
        agent_tokens: Iterable[int | str] | None = None,
        actions: AuditLogEventType | str | Iterable[AuditLogEventType | str] | None = None,
        deployments: str | Iterable[str] | None = None,
        branch_deployments: bool | None = None,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
        where: Callable[[AuditLogEntry], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AuditLogEntry]:
        """List entries, newest first. GraphQL: ``auditLog``.

        Args:
            users: What these users did: e-mail addresses.
            agent_tokens: What was done with these agent tokens: their ids; filtered here.
            actions: Only actions of these kinds, such as ``LAUNCH_RUN``.
            deployments: Only in these deployments: their names.
            branch_deployments: Only what was done in branch deployments (True), or only all else (False).
            after: Not before this time: an aware datetime, or epoch seconds (UTC). Without ``after`` and ``before`` the last
                30 days are asked for: the API needs a bound.
            before: Before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many entries in all; None for every one.
            page_size: How many to ask for at once, 1 to 99.
            cursor: Go on behind this place: a pager's ``cursor``, or an entry's id.

        Raises:
            InvalidInputError: An action or time that cannot be; nothing is sent.
            NotSupportedError: The organization has no audit log, or the token may not read it.

        Example:
            client.audit_log.list(users=["ada@example.com"], after=yesterday)
            client.audit_log.list(actions=["CREATE_SECRET", "DELETE_SECRET"], deployments=["prod"])
        """
        filters = audit_filters(
            users=users,
            actions=actions,
            deployments=deployments,
            branch_deployments=branch_deployments,
            after=after,
            before=before,
        )
        ids = several(agent_tokens, "agent_tokens")
        by_token = among(
            None if ids is None else [str(i) for i in ids], _agent_token_id, "agent_tokens"
        )
        plan = Plan(
            limit=limit,
            page_size=page_size,
            max_page_size=MAX_PAGE_SIZE,
            cursor=cursor,
            where=all_of(by_token, where),
            cursor_of=lambda entry: entry.id,
        )
        return self._paged(
            lambda place, size: ops.list_audit_log(
                filters=filters, cursor=UNSET if place is None else place, limit=size + 1
            ),
            _batch,
            plan,
            default_page_size=MAX_PAGE_SIZE,
        )

    async def get(
        self,
        entry_id: str,
        *,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
    ) -> AuditLogEntry:
        """Return one entry. The API has no field for that: the entries of a window are walked, newest first. GraphQL: ``auditLog``.

        Args:
            entry_id: Its id.
            after: Where the window begins: an aware datetime, or epoch seconds (UTC). Without ``after`` and ``before`` it is
                the last 30 days.
            before: Where the window ends: an aware datetime, or epoch seconds (UTC).

        Raises:
            NotFoundError: No entry of the window has that id.
            NotSupportedError: The organization has no audit log, or the token may not read it.

        Example:
            await client.audit_log.get(audit_entry_id)
        """
        wanted = text(entry_id, "the entry's id")
        found = await self.list(
            after=after, before=before, where=lambda entry: entry.id == wanted
        ).first()
        if found is None:
            where = " in this window of time; widen it with after=..."
            raise not_found("audit log entry", wanted, where=where)
        return found


def _agent_token_id(entry: AuditLogEntry) -> str | None:
    return entry.agent_token_id


def _batch(log: ListAuditLogAuditLog | None, size: int) -> Batch[AuditLogEntry]:
    if log is None or not log.enabled:
        raise not_enabled()
    return one_more(log.entries or [], size)
