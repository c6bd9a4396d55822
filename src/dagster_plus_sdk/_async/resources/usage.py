"""What an organization used, and what it paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import among
from ..._core.inputs import all_of, member, members, seconds
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from typing import Protocol

    from ..._core.operation import Operation
    from ..._generated.enums import (
        EnterpriseUserManagedExpansionStatus,
        StripeInvoiceStatus,
        TimeGranularity,
    )
    from ..._generated.models import (
        CustomerInfo,
        EnterpriseContract,
        EnterpriseExpansion,
        Invoice,
        UsageSeries,
    )
    from ..pager import AsyncPager
    from ..transport import HasOk

    class _HasSeries(Protocol):
        @property
        def series(self) -> UsageSeries: ...

    _Ask = Operation[HasOk[_HasSeries]]

#: The kinds of credits.
CREDITS = ("all", "standard", "high_velocity")


class AsyncUsage(AsyncResource):
    """Usage, customer and invoices of the organization, to be read only (Dagster+)."""

    __slots__ = ()

    async def credits(
        self,
        *,
        kind: str = "all",
        granularity: TimeGranularity | str | None = None,
        by_job_since: datetime | float | None = None,
    ) -> UsageSeries:
        """Return the credits used: over time, or by job. GraphQL: ``usageMetrics``.

        Args:
            kind: ``all``, ``standard`` or ``high_velocity``.
            granularity: A value per ``DAY`` or per ``MONTH``; ``MONTH`` where nothing is said.
            by_job_since: In its place, a value per job, counted since then: an aware datetime, or epoch seconds (UTC).

        Raises:
            InvalidInputError: An argument that cannot be, or both granularity and by_job_since; nothing is sent.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.usage.credits(granularity="DAY")
            await client.usage.credits(by_job_since=yesterday)
        """
        chosen = str(kind).strip().lower()
        if chosen not in CREDITS:
            raise InvalidInputError(
                f"kind cannot be {kind!r}; choose from {', '.join(sorted(CREDITS))}"
            )
        if chosen == "standard":
            return await self._series(
                ops.get_standard_credits, ops.get_standard_credits_by_job, granularity, by_job_since
            )
        if chosen == "high_velocity":
            return await self._series(
                ops.get_high_velocity_credits,
                ops.get_high_velocity_credits_by_job,
                granularity,
                by_job_since,
            )
        return await self._series(
            ops.get_credits, ops.get_credits_by_job, granularity, by_job_since
        )

    async def step_duration(
        self,
        *,
        granularity: TimeGranularity | str | None = None,
        by_job_since: datetime | float | None = None,
    ) -> UsageSeries:
        """Return how long steps ran, in the series' ``unit``: over time, or by job. GraphQL: ``usageMetrics``.

        Args:
            granularity: See ``credits``.
            by_job_since: See ``credits``.

        Raises:
            InvalidInputError: As ``credits``.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.usage.step_duration(granularity="DAY")
        """
        return await self._series(
            ops.get_step_duration, ops.get_step_duration_by_job, granularity, by_job_since
        )

    async def compute_minutes(
        self,
        *,
        granularity: TimeGranularity | str | None = None,
        by_job_since: datetime | float | None = None,
    ) -> UsageSeries:
        """Return the minutes that Dagster+ Serverless computed: over time, or by job. GraphQL: ``usageMetrics``.

        Args:
            granularity: See ``credits``.
            by_job_since: See ``credits``.

        Raises:
            InvalidInputError: As ``credits``.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.usage.compute_minutes(by_job_since=yesterday)
        """
        return await self._series(
            ops.get_compute_minutes, ops.get_compute_minutes_by_job, granularity, by_job_since
        )

    async def plan(self) -> str:
        """Return the organization's plan; the same as ``organization.plan``. GraphQL: ``planType``.

        Returns:
            A member of ``DagsterCloudPlanType``, such as ``STANDARD``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.usage.plan()
        """
        return await self._transport.fetch(ops.get_plan_type())

    async def customer(self) -> CustomerInfo:
        """Return who pays, and the subscription. GraphQL: ``customerInfo``.

        Raises:
            NotFoundError: The organization pays in another way.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.usage.customer()
        """
        return await self._transport.fetch(ops.get_customer_info())

    def invoices(
        self,
        *,
        status: StripeInvoiceStatus | str | Iterable[StripeInvoiceStatus | str] | None = None,
        where: Callable[[Invoice], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Invoice]:
        """List invoices, newest first. The API has no pages here: one request gets all. GraphQL: ``invoiceListOrError``.

        Args:
            status: Only those in one of these states; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see them.

        Example:
            client.usage.invoices(status="PAID")
        """
        from ..._generated.enums.stripe_invoice_status import StripeInvoiceStatus

        statuses = members(StripeInvoiceStatus, status, "status")

        return self._whole(
            ops.list_invoices(),
            lambda found: sorted(found.invoices, key=lambda i: (i.created_at, i.id), reverse=True),
            where=all_of(among(statuses, lambda invoice: invoice.status, "status"), where),
            limit=limit,
            cursor=cursor,
        )

    async def contract(self) -> EnterpriseContract:
        """Return what an enterprise contract covers, and what of it is used. GraphQL: ``enterpriseContractMetadata``.

        Raises:
            NotFoundError: There is no such contract.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.usage.contract()
        """
        return await self._found(ops.get_enterprise_contract(), "contract", "enterprise")

    def expansions(
        self,
        *,
        status: EnterpriseUserManagedExpansionStatus | str | None = None,
        where: Callable[[EnterpriseExpansion], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[EnterpriseExpansion]:
        """List the seats and credits that were added to an enterprise contract. The API has no pages here: one request gets all. GraphQL: ``enterpriseUserManagedExpansions``.

        Args:
            status: Only those in this state.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see them.

        Example:
            client.usage.expansions()
        """
        from ..._generated.enums.enterprise_user_managed_expansion_status import (
            EnterpriseUserManagedExpansionStatus as Status,
        )

        chosen = UNSET if status is None else member(Status, status, "status").value
        return self._whole(
            ops.list_enterprise_expansions(status=chosen),
            lambda found: found.expansions,
            where=where,
            limit=limit,
            cursor=cursor,
        )

    async def _series(
        self,
        by_time: Callable[..., _Ask],
        by_job: Callable[..., _Ask],
        granularity: TimeGranularity | str | None,
        since: datetime | float | None,
    ) -> UsageSeries:
        from ..._generated.enums.time_granularity import TimeGranularity

        if granularity is not None and since is not None:
            raise InvalidInputError("give either granularity or by_job_since")
        start = seconds(since, "by_job_since")
        if start is None:
            chosen = member(TimeGranularity, granularity or "MONTH", "granularity")
            return (await self._transport.fetch(by_time(granularity=chosen))).series
        return (await self._transport.fetch(by_job(start=start))).series
