"""Checks of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._core.check_filters import check_filter, check_report
from ..._core.inputs import text
from ..._core.paging import Plan, one_more
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..._core.documents import Document
    from ..._generated.enums import AssetCheckExecutionResolvedStatus, AssetCheckSeverity
    from ..._generated.models import AssetCheck, AssetCheckExecution, CheckedAsset
    from ..pager import AsyncPager


class AsyncChecks(AsyncResource):
    """Checks of assets, and their executions."""

    __slots__ = ()

    def list(
        self,
        *,
        asset: AssetKey | str | Sequence[str] | None = None,
        group: str | None = None,
        pattern: str | None = None,
        status: AssetCheckExecutionResolvedStatus
        | str
        | Iterable[AssetCheckExecutionResolvedStatus | str]
        | None = None,
        executed: bool | None = None,
        blocking: bool | None = None,
        where: Callable[[AssetCheck], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetCheck]:
        """List checks, by asset and name. The API has no pages here: one request gets all. GraphQL: ``assetNodes``.

        Args:
            asset: Only checks of this asset.
            group: Only checks of assets of this group.
            pattern: Only checks whose name matches, such as ``has_*``.
            status: Only checks whose latest execution is in this state, or in one of these.
            executed: Only checks that were executed on the latest materialization (True), or only the others (False).
            blocking: Only checks that stop what depends on the asset (True), or only the others (False).
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status or key that cannot be; nothing is sent.
            NotSupportedError: The instance, an agent or a code location is too old for checks.

        Example:
            client.checks.list(asset="customers")
            client.checks.list(group="ingestion", blocking=True)
        """
        keep = check_filter(
            pattern=pattern, status=status, executed=executed, blocking=blocking, where=where
        )
        keys = UNSET if asset is None else [AssetKey.parse(asset)]

        def checks(nodes: Sequence[CheckedAsset]) -> Sequence[AssetCheck]:
            from ..._core.models import unwrap
            from ..._generated.models.asset_checks import AssetChecks

            wanted = [node for node in nodes if group in (None, node.group_name)]
            lists = [unwrap(node.checks, AssetChecks, "ListAssetChecks").checks for node in wanted]
            return sorted((c for listed in lists for c in listed), key=lambda c: (c.key, c.name))

        return self._whole(
            ops.list_asset_checks(asset_keys=keys), checks, where=keep, limit=limit, cursor=cursor
        )

    async def get(self, asset: AssetKey | str | Sequence[str], name: str) -> AssetCheck:
        """Return one check with its latest execution. GraphQL: ``assetNodeOrError``.

        Args:
            asset: The asset's key.
            name: The check's name.

        Raises:
            NotFoundError: There is no such asset, or no such check of it.
            NotSupportedError: The instance, the agent or the code location is too old for checks.

        Example:
            await client.checks.get("customers", "has_customers")
        """
        from ..._core.models import unwrap
        from ..._generated.models.asset_check import AssetCheck

        operation = ops.get_asset_check(
            asset_key=AssetKey.parse(asset), check_name=text(name, "the check's name")
        )
        found = await self._transport.fetch(operation)
        return unwrap(found.asset_check_or_error, AssetCheck, operation.name)

    def executions(
        self,
        asset: AssetKey | str | Sequence[str],
        name: str,
        *,
        partition: str | None = None,
        where: Callable[[AssetCheckExecution], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetCheckExecution]:
        """List executions of a check, newest first; of one that nobody knows there are none. GraphQL: ``assetCheckExecutions``.

        Args:
            asset: The asset's key.
            name: The check's name.
            partition: Only those of this partition; an empty text for those without a partition.
            where: A filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or an execution's id.

        Raises:
            InvalidInputError: A key or name that cannot be; nothing is sent.

        Example:
            client.checks.executions("customers", "has_customers", limit=5)
        """
        key = AssetKey.parse(asset)
        text(name, "the check's name")
        plan: Plan[AssetCheckExecution] = Plan(
            limit=limit,
            page_size=page_size,
            cursor=cursor,
            where=where,
            cursor_of=lambda execution: execution.id,
        )
        return self._paged(
            lambda after, size: ops.list_asset_check_executions(
                asset_key=key,
                check_name=name,
                partition=UNSET if partition is None else partition,
                cursor=after or UNSET,
                limit=size + 1,
            ),
            one_more,
            plan,
        )

    async def report(
        self,
        asset: AssetKey | str | Sequence[str],
        name: str,
        *,
        passed: bool,
        severity: AssetCheckSeverity | str | None = None,
        partitions: str | Iterable[str] | None = None,
        description: str | None = None,
        metadata: Document | None = None,
    ) -> None:
        """Report the result of a check that ran outside of Dagster. GraphQL: ``reportAssetCheckEvaluations``.

        Args:
            asset: The asset's key.
            name: The check's name; Dagster keeps results of checks that it does not know, too.
            passed: Whether it passed.
            severity: ``ERROR``, which is the default, or ``WARN``: how bad it is when it does not.
            partitions: One partition or several; each gets a result. Open-source Dagster 1.13 keeps one reported
                result per check and partition, and fails for a second one.
            description: What the result says.
            metadata: Values by name: a mapping, YAML or JSON text, or the path of such a file.

        Raises:
            InvalidInputError: A key, severity or value that cannot be; nothing is sent.
            PermissionDeniedError: The token may not report.
            ServerError: The server cannot keep the result.

        Example:
            await client.checks.report(
                "payments", "is_complete", passed=False, severity="WARN", description="2 payments are missing"
            )
        """
        params = check_report(
            AssetKey.parse(asset),
            name,
            passed=passed,
            severity=severity,
            partitions=partitions,
            description=description,
            metadata=metadata,
        )
        await self._transport.fetch(ops.report_asset_check(event_params=params))
