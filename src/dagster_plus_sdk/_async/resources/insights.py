"""Insights: metrics of jobs, assets and deployments over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._core.errors import InvalidInputError
from ..._core.inputs import several, text
from ..._core.lookup import not_found
from ..._core.reporting import (
    asset_filter,
    asset_keys,
    code_locations,
    cost_list,
    group_list,
    job_filter,
    metric_inputs,
    selector,
    store_of,
    top_of,
    unit_of,
    window,
)
from ..._generated import operations as ops
from ..locating import locate
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Protocol

    from ..._core.documents import Document
    from ..._core.operation import Operation
    from ..._generated.enums import (
        MetricsStoreType,
        ReportingAggregationFunction,
        ReportingMetricsGranularity,
        ReportingSortTarget,
        ReportingTimeRange,
        ReportingUnitType,
    )
    from ..._generated.input_types import (
        AssetGroupReportingMetricsFilter,
        AssetSelectionReportingMetricsFilter,
        CustomMetricInput,
        CustomMetricUpdateInput,
        DeploymentReportingMetricsFilter,
        InsightsMetricCustomizationInput,
        QualifiedJob,
    )
    from ..._generated.models import (
        CustomMetric,
        CustomMetricsLimits,
        InsightsCustomizations,
        InsightsKpi,
        InsightsMetadata,
        InsightsRunMetrics,
        InsightsSettings,
        MetricType,
        ReportingMetrics,
    )
    from ..pager import AsyncPager
    from ..transport import HasOk

    class _HasTypes(Protocol):
        @property
        def metric_types(self) -> Sequence[MetricType]: ...


class AsyncInsights(AsyncResource):
    """Metrics of jobs, assets and deployments over time: credits, durations, costs, one's own (Dagster+)."""

    __slots__ = ()

    async def by_job(
        self,
        metric: str,
        *,
        after: datetime | float,
        before: datetime | float,
        jobs: str | Iterable[str] | None = None,
        location: str | None = None,
        repository: str | None = None,
        combine: bool = False,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
        sort: ReportingSortTarget | str | None = None,
        ascending: bool = False,
        top: int = 10,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
    ) -> ReportingMetrics:
        """Return a metric of jobs over time. GraphQL: ``reportingMetricsByJob``.

        Args:
            metric: Its name, such as ``__dagster_dagster_credits``; ``metric_types`` lists them.
            after: The start: an aware datetime, or epoch seconds (UTC).
            before: The end, at most 120 days later: an aware datetime, or epoch seconds (UTC).
            jobs: Only these jobs, by name.
            location: Only jobs of this code location; the server of the store ``VICTORIA_METRICS`` may not take it.
            repository: Only jobs of repositories of this name; likewise.
            combine: One entry for all jobs together.
            granularity: A value per hour, day, week or month.
            aggregation: How the values become the one ``aggregate_value``; the server chooses where nothing is said.
            sort: What the entries are ordered by; the server chooses where nothing is said.
            ascending: The smallest first; by the aggregated value where nothing else is said.
            top: How many entries at most; the API has no further pages.
            store: Where the values are: ``VICTORIA_METRICS`` has about 6 months and is current, ``POSTGRES`` has what
                older deployments gathered.

        Returns:
            ``timestamps``, the starts of the intervals, and for each entry ``values`` beside them; None where there is
            no value.

        Raises:
            InvalidInputError: An argument cannot be, or the window is empty or too long; nothing is sent.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.by_job("__dagster_dagster_credits", after=yesterday, before=now)
            await client.insights.by_job(
                "__dagster_step_failures", after=yesterday, before=now, granularity="HOURLY", top=3
            )
        """
        chosen = selector(
            metric, after, before, granularity, aggregation, sort=sort, ascending=ascending
        )
        filters = job_filter(jobs, location, repository, combine=combine, top=top)
        operation = ops.get_metrics_by_job(
            metrics_selector=chosen, metrics_filter=filters, store=store_of(store)
        )
        return await self._transport.fetch(operation)

    async def by_asset(
        self,
        metric: str,
        *,
        after: datetime | float,
        before: datetime | float,
        assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        groups: str | Iterable[str] | None = None,
        selection: str | None = None,
        connections: str | Iterable[str] | None = None,
        location: str | None = None,
        repository: str | None = None,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
        sort: ReportingSortTarget | str | None = None,
        ascending: bool = False,
        top: int = 10,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
    ) -> ReportingMetrics:
        """Return a metric of assets over time. GraphQL: ``reportingMetricsByAsset``.

        Args:
            metric: See ``by_job``.
            after: See ``by_job``.
            before: See ``by_job``.
            assets: Only these assets: their keys, such as ``a/b``.
            groups: Only assets of these groups.
            selection: Only assets that this asset selection gives, such as ``group:sales``.
            connections: Only assets of these external connections, by id.
            location: Only assets (with groups: only groups) of this code location; the server of the store
                ``VICTORIA_METRICS`` may not take it.
            repository: Only those of repositories of this name; likewise.
            granularity: See ``by_job``.
            aggregation: See ``by_job``.
            sort: See ``by_job``.
            ascending: See ``by_job``.
            top: See ``by_job``.
            store: See ``by_job``.

        Returns:
            See ``by_job``.

        Raises:
            InvalidInputError: As ``by_job``.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.by_asset(
                "__dagster_execution_time_ms", after=yesterday, before=now, groups=["analytics"]
            )
        """
        chosen = selector(
            metric, after, before, granularity, aggregation, sort=sort, ascending=ascending
        )
        filters = asset_filter(assets, groups, selection, connections, location, repository, top)
        operation = ops.get_metrics_by_asset(
            metrics_selector=chosen, metrics_filter=filters, store=store_of(store)
        )
        return await self._transport.fetch(operation)

    async def by_asset_group(
        self,
        metric: str,
        *,
        after: datetime | float,
        before: datetime | float,
        groups: str | Iterable[str] | None = None,
        location: str | None = None,
        repository: str | None = None,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
        sort: ReportingSortTarget | str | None = None,
        ascending: bool = False,
        top: int = 10,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
    ) -> ReportingMetrics:
        """Return a metric of asset groups over time. GraphQL: ``reportingMetricsByAssetGroup``.

        Args:
            metric: See ``by_job``.
            after: See ``by_job``.
            before: See ``by_job``.
            groups: Only these groups, by name.
            location: Only groups of this code location; the server of the store ``VICTORIA_METRICS`` may not take it.
            repository: Only groups of repositories of this name; likewise.
            granularity: See ``by_job``.
            aggregation: See ``by_job``.
            sort: See ``by_job``.
            ascending: See ``by_job``.
            top: See ``by_job``.
            store: See ``by_job``.

        Returns:
            See ``by_job``.

        Raises:
            InvalidInputError: As ``by_job``.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.by_asset_group(
                "__dagster_dagster_credits", after=yesterday, before=now
            )
        """
        chosen = selector(
            metric, after, before, granularity, aggregation, sort=sort, ascending=ascending
        )
        filters: AssetGroupReportingMetricsFilter = {"limit": top_of(top)}
        named = group_list(groups, location, repository)
        places = code_locations(location, repository)
        if named is not None:
            filters["assetGroups"] = named
        elif places:
            filters["codeLocations"] = places
        operation = ops.get_metrics_by_asset_group(
            metrics_selector=chosen, metrics_filter=filters, store=store_of(store)
        )
        return await self._transport.fetch(operation)

    async def by_deployment(
        self,
        metric: str,
        *,
        after: datetime | float,
        before: datetime | float,
        deployments: str | Iterable[str] | None = None,
        branch_deployments: bool = False,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
        sort: ReportingSortTarget | str | None = None,
        ascending: bool = False,
        top: int = 10,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
    ) -> ReportingMetrics:
        """Return a metric of deployments over time. GraphQL: ``reportingMetricsByDeployment``, ``fullDeployments``.

        Args:
            metric: See ``by_job``.
            after: See ``by_job``.
            before: See ``by_job``.
            deployments: Only these full deployments, by name.
            branch_deployments: Those of branches in place of the full ones; ``VICTORIA_METRICS`` refuses it, so see
                ``by_branch_deployments``.
            granularity: See ``by_job``.
            aggregation: See ``by_job``.
            sort: See ``by_job``.
            ascending: See ``by_job``.
            top: See ``by_job``.
            store: See ``by_job``.

        Returns:
            See ``by_job``.

        Raises:
            InvalidInputError: As ``by_job``.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            NotFoundError: There is no such deployment.
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.by_deployment(
                "__dagster_dagster_credits", after=yesterday, before=now
            )
        """
        chosen = selector(
            metric, after, before, granularity, aggregation, sort=sort, ascending=ascending
        )
        filters: DeploymentReportingMetricsFilter = {
            "branchDeployments": branch_deployments,
            "limit": top_of(top),
        }
        stored = store_of(store)
        names = several(deployments, "deployments")
        if names is not None:
            filters["deploymentIds"] = await self._deployment_ids(names)
        operation = ops.get_metrics_by_deployment(
            metrics_selector=chosen, metrics_filter=filters, store=stored
        )
        return await self._transport.fetch(operation)

    async def by_branch_deployments(
        self,
        metric: str,
        *,
        after: datetime | float,
        before: datetime | float,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
    ) -> ReportingMetrics:
        """Return a metric of all branch deployments together over time. GraphQL: ``branchDeploymentAggregateMetrics``.

        Args:
            metric: See ``by_job``.
            after: See ``by_job``.
            before: See ``by_job``.
            granularity: See ``by_job``.
            aggregation: See ``by_job``.

        Returns:
            See ``by_job``.

        Raises:
            InvalidInputError: As ``by_job``.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.by_branch_deployments(
                "__dagster_dagster_credits", after=yesterday, before=now
            )
        """
        chosen = selector(metric, after, before, granularity, aggregation)
        return await self._transport.fetch(
            ops.get_branch_deployment_metrics(metrics_selector=chosen)
        )

    async def by_asset_selection(
        self,
        metric: str,
        *,
        after: datetime | float,
        before: datetime | float,
        selection: str | None = None,
        assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
    ) -> ReportingMetrics:
        """Return a metric of several assets together over time. GraphQL: ``reportingMetricsByAssetSelection``.

        Args:
            metric: See ``by_job``.
            after: See ``by_job``.
            before: See ``by_job``.
            selection: The assets that this asset selection gives, such as ``group:sales``.
            assets: In its place, the assets: their keys, such as ``a/b``.
            granularity: See ``by_job``.
            aggregation: See ``by_job``.
            store: See ``by_job``.

        Returns:
            See ``by_job``.

        Raises:
            InvalidInputError: As ``by_job``.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.by_asset_selection(
                "__dagster_materializations",
                after=yesterday,
                before=now,
                selection="group:analytics",
            )
        """
        chosen = selector(metric, after, before, granularity, aggregation)
        if (selection is None) == (assets is None):
            raise InvalidInputError("give either selection or assets")
        filters: AssetSelectionReportingMetricsFilter = {}
        if selection is not None:
            filters["assetSelection"] = text(selection, "selection")
        else:
            filters["assetKeys"] = asset_keys(assets)
        operation = ops.get_metrics_by_asset_selection(
            metrics_filter=filters, metrics_selector=chosen, store=store_of(store)
        )
        return await self._transport.fetch(operation)

    def metric_types(
        self,
        *,
        of: str = "job",
        store: MetricsStoreType | str = "VICTORIA_METRICS",
        where: Callable[[MetricType], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[MetricType]:
        """List the metrics that there are. The API has no pages here: one request gets all. GraphQL: ``metricTypesForJob``, ``metricTypesForAsset``, ``metricTypesForAssetGroup`` or ``metricTypesForDeployment``.

        Args:
            of: What they are of: ``job``, ``asset``, ``asset_group`` or ``deployment``.
            store: See ``by_job``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A kind or store that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see metrics.

        Example:
            client.insights.metric_types(of="asset")
        """
        asks: dict[str, Callable[..., Operation[HasOk[_HasTypes]]]] = {
            "asset": ops.list_asset_metric_types,
            "asset_group": ops.list_asset_group_metric_types,
            "deployment": ops.list_deployment_metric_types,
            "job": ops.list_job_metric_types,
        }
        ask = asks.get(str(of).strip().lower().replace("-", "_"))
        if ask is None:
            raise InvalidInputError(f"of cannot be {of!r}; choose from {', '.join(asks)}")
        return self._whole(
            ask(store=store_of(store)),
            lambda found: found.metric_types,
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def metric_types_of_job(
        self,
        name: str,
        *,
        after: datetime | float,
        before: datetime | float,
        location: str | None = None,
        repository: str | None = None,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
        where: Callable[[MetricType], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[MetricType]:
        """List the metrics that a job has values of. The API has no pages here: one request gets all. GraphQL: ``metricTypesForSpecificJob``.

        Args:
            name: The job's name.
            after: See ``by_job``.
            before: See ``by_job``.
            location: Its code location.
            repository: Its repository.
            store: See ``by_job``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: As ``by_job``.
            PermissionDeniedError: The token may not see metrics.

        Example:
            client.insights.metric_types_of_job("daily_report", after=yesterday, before=now)
        """
        start, end = window(after, before)
        operation = ops.list_metric_types_of_job(
            timeframe={"after": start, "before": end},
            metrics_filter=job_filter(text(name, "the job's name"), location, repository),
            store=store_of(store),
        )
        return self._whole(
            operation, lambda found: found.metric_types, where=where, limit=limit, cursor=cursor
        )

    def metric_types_of_asset(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        after: datetime | float,
        before: datetime | float,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
        where: Callable[[MetricType], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[MetricType]:
        r"""List the metrics that an asset has values of. The API has no pages here: one request gets all. GraphQL: ``metricTypesForSpecificAsset``.

        Args:
            key: An ``AssetKey``, its parts, or text such as ``a/b``; a slash inside a part is ``\/``.
            after: See ``by_job``.
            before: See ``by_job``.
            store: See ``by_job``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: As ``by_job``.
            PermissionDeniedError: The token may not see metrics.

        Example:
            client.insights.metric_types_of_asset("orders", after=yesterday, before=now)
        """
        start, end = window(after, before)
        operation = ops.list_metric_types_of_asset(
            timeframe={"after": start, "before": end},
            metrics_filter={"assets": [{"assetKey": AssetKey.parse(key)}]},
            store=store_of(store),
        )
        return self._whole(
            operation, lambda found: found.metric_types, where=where, limit=limit, cursor=cursor
        )

    async def run_metrics(
        self,
        job: str,
        metric: str,
        *,
        location: str | None = None,
        repository: str | None = None,
    ) -> InsightsRunMetrics:
        """Return a metric of the latest runs of a job, run by run. GraphQL: ``runLevelMetricsForJob``.

        Args:
            job: The job's name.
            metric: See ``by_job``.
            location: Its code location; found by the job's name where that is unique.
            repository: Its repository; found likewise.

        Raises:
            NotFoundError: There is no such job.
            InvalidInputError: Several locations have such a job; the message lists them.
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.run_metrics("daily_report", "__dagster_run_duration_ms")
        """
        text(metric, "the metric's name")
        place = await locate(self._transport, "job", job, location, repository)
        wanted: QualifiedJob = {
            "jobName": job,
            "codeLocationName": place.location,
            "repositoryName": place.repository,
        }
        operation = ops.get_run_metrics(job=wanted, metrics_selector={"metricName": metric})
        return await self._transport.fetch(operation)

    async def materialization_metrics(
        self, key: AssetKey | str | Sequence[str], metric: str
    ) -> InsightsRunMetrics:
        r"""Return a metric of the latest materializations of an asset, run by run. GraphQL: ``materializationLevelMetricsForAsset``.

        Args:
            key: An ``AssetKey``, its parts, or text such as ``a/b``; a slash inside a part is ``\/``.
            metric: See ``by_job``.

        Raises:
            InvalidRequestError: The server refuses the question (``ReportingInputError``).
            PermissionDeniedError: The token may not see metrics.

        Example:
            await client.insights.materialization_metrics("orders", "dagster/row_count")
        """
        operation = ops.get_materialization_metrics(
            asset_key={"assetKey": AssetKey.parse(key)},
            metrics_selector={"metricName": text(metric, "the metric's name")},
        )
        return await self._transport.fetch(operation)

    async def kpis(
        self,
        metrics: str | Iterable[str],
        selections: str | Iterable[str],
        *,
        after: datetime | float,
        before: datetime | float,
        granularity: ReportingMetricsGranularity | str = "DAILY",
        aggregation: ReportingAggregationFunction | str | None = None,
        store: MetricsStoreType | str = "VICTORIA_METRICS",
    ) -> builtins.list[builtins.list[InsightsKpi | None]]:
        """Return single numbers for asset selections: metrics of a window, and how they changed. GraphQL: ``kpisByAssetSelection``.

        Args:
            metrics: Names of metrics.
            selections: Asset selections, such as ``group:sales``.
            after: See ``by_job``.
            before: See ``by_job``.
            granularity: See ``by_job``.
            aggregation: See ``by_job``.
            store: See ``by_job``.

        Returns:
            The lists as the API gives them.

        Raises:
            InvalidInputError: As ``by_job``.

        Example:
            await client.insights.kpis(
                ["__dagster_materializations", "__dagster_step_failures"],
                ["group:analytics"],
                after=yesterday,
                before=now,
            )
        """
        chosen = [
            selector(metric, after, before, granularity, aggregation)
            for metric in several(metrics, "metrics") or []
        ]
        filters: builtins.list[AssetSelectionReportingMetricsFilter] = [
            {"assetSelection": text(selection, "a selection")}
            for selection in several(selections, "selections") or []
        ]
        operation = ops.list_insights_kpis(
            metrics_filters=filters, metrics_selectors=chosen, store=store_of(store)
        )
        return await self._transport.fetch(operation)

    async def time_ranges(self) -> builtins.list[ReportingTimeRange]:
        """Return the windows that the deployment's plan allows. GraphQL: ``metricsTimeRanges``.

        Example:
            await client.insights.time_ranges()
        """
        return (await self._transport.fetch(ops.list_metrics_time_ranges())).time_ranges

    async def metadata(self) -> InsightsMetadata:
        """Return how current the data are, and which metadata can become metrics. GraphQL: ``reportingMetadata``.

        Example:
            await client.insights.metadata()
        """
        return await self._transport.fetch(ops.get_insights_metadata())

    async def settings(self) -> InsightsSettings:
        """Return cost multipliers, customizations, and metadata that are metrics. GraphQL: ``reportingDeploymentSettings``.

        Example:
            await client.insights.settings()
        """
        return await self._transport.fetch(ops.get_insights_settings())

    async def set_metadata_keys(self, keys: str | Iterable[str]) -> None:
        """Set which metadata of materializations become metrics, in place of those before. GraphQL: ``updateReportingDeploymentSettings``.

        Args:
            keys: All keys that count from now on.

        Raises:
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.set_metadata_keys(["dagster/row_count", "bytes_scanned"])
        """
        listed = [keys] if isinstance(keys, str) else list(keys)
        given = [text(key, "a metadata key") for key in listed]
        await self._transport.fetch(ops.set_insights_metadata_keys(metadata_keys=given))

    async def set_cost_multiplier(
        self, metric: str, *, multiplier: float | None = None
    ) -> InsightsCustomizations:
        """Set what each unit of a metric costs. GraphQL: ``createOrUpdateCostMultiplier``.

        Args:
            metric: The metric's name.
            multiplier: What one costs; None for no cost.

        Returns:
            All customizations of the deployment.

        Raises:
            ServerError: The server could not do that.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.set_cost_multiplier("__dagster_dagster_credits", multiplier=0.03)
        """
        operation = ops.set_cost_multiplier(
            metric_name=text(metric, "the metric's name"), cost_multiplier=multiplier
        )
        return await self._transport.fetch(operation)

    async def customize_metric(
        self,
        metric: str,
        *,
        display_name: str | None = None,
        description: str | None = None,
        icon: str | None = None,
        hidden: bool = False,
    ) -> InsightsCustomizations:
        """Set how a metric is shown to people. GraphQL: ``updateMetricCustomizations``.

        Args:
            metric: The metric's name.
            display_name: What it is called; None for its own name.
            description: What it means; None for its own description.
            icon: The name of an icon; None for its own.
            hidden: Do not show it.

        Returns:
            All customizations of the deployment.

        Raises:
            ServerError: The server could not do that.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.customize_metric(
                "__dagster_step_retries", display_name="Flaky steps", icon="replay"
            )
        """
        wanted: InsightsMetricCustomizationInput = {
            "metricKey": text(metric, "the metric's name"),
            "metricShown": not hidden,
            "customMetricName": display_name,
            "customMetricDescription": description,
            "customMetricIcon": icon,
        }
        return await self._transport.fetch(
            ops.update_metric_customizations(customizations=[wanted])
        )

    async def create_metrics(self, metrics: Document) -> None:
        """Give Insights values of metrics for runs, of assets or of the job; what is there for them is replaced. GraphQL: ``createOrUpdateMetrics``.

        Args:
            metrics: A mapping with a list ``metrics`` of the API's ``MetricInputs``, YAML or JSON text, or the path of
                such a file.

        Raises:
            InvalidInputError: The document has no such list, or an entry has no run or no values; nothing is sent.
            ServerError: The server could not store them.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.create_metrics(Path("metrics.yaml"))
        """
        await self._transport.fetch(ops.create_metrics(metrics=metric_inputs(metrics)))

    async def submit_costs(
        self,
        costs: Document,
        metric: str,
        *,
        start: datetime | float,
        end: datetime | float,
    ) -> None:
        """Give Insights the costs of a window of time; they replace those that it has of it. GraphQL: ``submitCostInformationForMetrics``.

        Args:
            costs: The cost by opaque id (the one that Insights put into the query): a mapping, YAML or JSON text, or the
                path of such a file.
            metric: The name of the metric that they become.
            start: The start: an aware datetime, or epoch seconds (UTC).
            end: The end: an aware datetime, or epoch seconds (UTC).

        Raises:
            InvalidInputError: There are no costs, one is no number, or the window is empty; nothing is sent.
            ServerError: The server could not store them.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.submit_costs(
                Path("costs.yaml"), "snowflake_credits", start=yesterday, end=now
            )
        """
        since, until = window(start, end, names=("start", "end"), max_days=None)
        operation = ops.submit_costs(
            metric_name=text(metric, "the metric's name"),
            start=since,
            end=until,
            cost_info=cost_list(costs),
        )
        await self._transport.fetch(operation)

    def custom_metrics(
        self,
        *,
        where: Callable[[CustomMetric], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CustomMetric]:
        """List custom metrics, by metadata key. The API has no pages here: one request gets all. GraphQL: ``customMetrics``.

        Args:
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.insights.custom_metrics()
        """
        return self._whole(
            ops.list_custom_metrics(),
            lambda found: sorted(found, key=lambda metric: (metric.metadata_key, metric.id)),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    async def custom_metrics_limits(self) -> CustomMetricsLimits:
        """Return how many custom metrics there are, and may be. GraphQL: ``customMetricsLimits``.

        Raises:
            NotFoundError: The deployment has no custom metrics.

        Example:
            await client.insights.custom_metrics_limits()
        """
        return await self._found(ops.get_custom_metrics_limits(), "limit", "custom metrics")

    async def create_custom_metric(
        self,
        key: str,
        *,
        display_name: str | None = None,
        description: str | None = None,
        unit: ReportingUnitType | str | None = None,
    ) -> CustomMetric:
        """Make a metric of a metadata key of materializations. GraphQL: ``createCustomMetric``.

        Args:
            key: The metadata key; it cannot be changed later.
            display_name: What the metric is called.
            description: What it means.
            unit: What it counts.

        Raises:
            InvalidInputError: The key is empty, or there is no such unit; nothing is sent.
            InvalidRequestError: There is a metric of that key, or the limit is reached.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.create_custom_metric(
                "bytes_scanned", display_name="Bytes scanned", unit="BYTES"
            )
        """
        wanted: CustomMetricInput = {"metadataKey": text(key, "the metadata key")}
        if display_name is not None:
            wanted["displayName"] = display_name
        if description is not None:
            wanted["description"] = description
        if unit is not None:
            wanted["unitType"] = unit_of(unit)
        operation = ops.create_custom_metric(custom_metric_input=wanted)
        return (await self._transport.fetch(operation)).custom_metric

    async def update_custom_metric(
        self,
        key: str,
        *,
        display_name: str | None = None,
        description: str | None = None,
        unit: ReportingUnitType | str | None = None,
    ) -> CustomMetric:
        """Change a custom metric; what is not given stays. GraphQL: ``updateCustomMetric``, after ``customMetrics``.

        Args:
            key: Its metadata key, or its id.
            display_name: What it is called.
            description: What it means.
            unit: What it counts.

        Raises:
            InvalidInputError: Nothing is to be changed, or there is no such unit; nothing is sent.
            NotFoundError: There is no such metric; the message names similar ones.
            InvalidRequestError: The server refuses the change.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.update_custom_metric(
                "dagster/row_count", description="Rows of the tables"
            )
        """
        text(key, "the metadata key")
        wanted: CustomMetricUpdateInput = {}
        if display_name is not None:
            wanted["displayName"] = display_name
        if description is not None:
            wanted["description"] = description
        if unit is not None:
            wanted["unitType"] = unit_of(unit)
        if not wanted:
            raise InvalidInputError("give display_name, description or unit: nothing would change")
        found = await self._custom_metric(key)
        operation = ops.update_custom_metric(id=found.id, changes=wanted)
        return (await self._transport.fetch(operation)).custom_metric

    async def delete_custom_metric(self, key: str) -> None:
        """Delete a custom metric. GraphQL: ``deleteCustomMetric``, after ``customMetrics``.

        Args:
            key: Its metadata key, or its id.

        Raises:
            NotFoundError: There is no such metric; the message names similar ones.
            InvalidRequestError: The server refuses it.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.insights.delete_custom_metric("bytes_scanned")
        """
        found = await self._custom_metric(text(key, "the metadata key"))
        await self._transport.fetch(ops.delete_custom_metric(id=found.id))

    async def _custom_metric(self, key: str) -> CustomMetric:
        found = await self._transport.fetch(ops.list_custom_metrics())
        for metric in found:
            if metric.metadata_key == key:
                return metric
        for metric in found:
            if metric.id == key:
                return metric
        raise not_found("custom metric", key, [metric.metadata_key for metric in found])

    async def _deployment_ids(self, names: Iterable[str]) -> builtins.list[int]:
        found = await self._transport.fetch(ops.list_deployments())
        ids = {deployment.name: deployment.id for deployment in found}
        for name in names:
            if name not in ids:
                raise not_found("deployment", name, ids)
        return [ids[name] for name in names]
