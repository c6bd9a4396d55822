"""Notifications that alert policies sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import among, within
from ..._core.inputs import all_of, members, text
from ..._core.lookup import not_found
from ..._core.paging import Batch, Plan
from ..._generated import operations as ops
from ..alerting import find_policy
from ..pager import AsyncPager, once
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..._generated.enums import NotificationStatus
    from ..._generated.models import AlertNotification

#: The most that is asked for at once: what the server allows is not documented.
MAX_PAGE_SIZE = 100


class AsyncAlertNotifications(AsyncResource):
    """Notifications of the deployment's alert policies, or about a run (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        policy: str | None = None,
        run: str | None = None,
        status: NotificationStatus | str | Iterable[NotificationStatus | str] | None = None,
        sent_after: datetime | float | None = None,
        sent_before: datetime | float | None = None,
        where: Callable[[AlertNotification], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertNotification]:
        """List the notifications of an alert policy, or about a run. GraphQL: ``alertPolicyNotifications``, or ``runNotificationsOrError``.

        What each has besides its ``id``, ``status``, ``sent_at``, ``alert_policy_id`` and ``error_message`` depends on its
        class, such as ``JobRunAlertNotification``. The notifications about a run come in one request.

        Args:
            policy: The policy's name, or its id.
            run: In its place, a run's id.
            status: Only those that were sent (``SUCCESS``), could not be sent (``FAILURE``), or were ``MUTED``; filtered
                here, as are the next two.
            sent_after: Only those sent after this time: an aware datetime, or epoch seconds (UTC).
            sent_before: Only those sent before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 100.
            cursor: Go on behind this place: a pager's ``cursor``, or one of the server's.

        Raises:
            InvalidInputError: Neither or both of policy and run are given, or a status or time cannot be; nothing is sent.
            NotFoundError: There is no such policy, or the server does not keep notifications of runs that old.

        Example:
            client.alert_notifications.list(policy="Failed reports", status="FAILURE")
            client.alert_notifications.list(run=run_id)
        """
        from ..._generated.enums.notification_status import NotificationStatus

        if (policy is None) == (run is None):
            raise InvalidInputError("give either policy or run")
        statuses = members(NotificationStatus, status, "status")
        plan = Plan(
            limit=limit,
            page_size=page_size,
            max_page_size=MAX_PAGE_SIZE,
            cursor=cursor,
            where=all_of(
                among(statuses, lambda found: getattr(found, "status", None), "status"),
                within(
                    sent_after,
                    sent_before,
                    lambda found: getattr(found, "sent_at", None),
                    names=("sent_after", "sent_before"),
                ),
                where,
            ),
        )
        if policy is not None:
            return self._of_policy(text(policy, "policy"), plan)
        return self._of_run(text(run, "run"), plan)

    async def get(
        self, notification_id: str, *, policy: str | None = None, run: str | None = None
    ) -> AlertNotification:
        """Return one notification. GraphQL: ``alertPolicyNotifications``, or ``runNotificationsOrError``.

        The API finds none by its id: those of the policy or about the run are walked until it comes.

        Args:
            notification_id: Its id.
            policy: The name or the id of the policy that sent it.
            run: In its place, the id of the run that it is about.

        Raises:
            InvalidInputError: Neither or both of policy and run are given; nothing is sent.
            NotFoundError: There is no such notification, or no such policy.

        Example:
            await client.alert_notifications.get(notification_id, policy="Failed reports")
        """
        text(notification_id, "notification_id")
        found = await self.list(
            policy=policy,
            run=run,
            where=lambda notification: getattr(notification, "id", None) == notification_id,
        ).first()
        if found is None:
            where = f" of policy {policy!r}" if policy else f" about run {run}"
            raise not_found("alert notification", notification_id, where=where)
        return found

    def _of_policy(
        self, policy: str, plan: Plan[AlertNotification]
    ) -> AsyncPager[AlertNotification]:
        known = once(lambda: find_policy(self._transport, policy))

        async def fetch(after: str | None, size: int) -> Batch[AlertNotification]:
            operation = ops.list_alert_notifications(
                policy_id=(await known()).id, cursor=after, limit=size
            )
            page = await self._found(operation, "alert policy", policy)
            return Batch(page.results, cursor=page.cursor, has_more=page.has_more)

        return AsyncPager(fetch, plan)

    def _of_run(self, run: str, plan: Plan[AlertNotification]) -> AsyncPager[AlertNotification]:
        # The API knows a limit here, but no cursor: it serves a first look only.
        simple = plan.where is None and plan.cursor is None
        few = simple and plan.limit is not None and plan.limit <= MAX_PAGE_SIZE
        operation = ops.list_run_notifications(run_id=run, limit=plan.limit if few else None)

        async def gather() -> builtins.list[AlertNotification]:
            found = await self._found(operation, "run", run, typename="RunNotFoundError")
            return found.notifications

        return self._gathered(gather, where=plan.where, limit=plan.limit, cursor=plan.cursor)
