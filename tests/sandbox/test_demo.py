"""The demo project itself, executed in this process."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.dagster


@pytest.fixture(scope="module")
def repository():
    from dagster_plus_sdk.sandbox.demo.definitions import definitions

    return definitions.get_repository_def()


@pytest.fixture
def execute(repository):
    """Execute a job in this process, on an instance of its own."""
    from dagster import DagsterInstance

    def execute(job: str, config: object = None, **options):
        options = {"raise_on_error": False, **options}
        with DagsterInstance.ephemeral() as instance:
            return repository.get_job(job).execute_in_process(
                run_config=config or {}, instance=instance, **options
            )

    return execute


def region(name: str) -> dict[str, object]:
    return {"ops": {"extract_orders": {"config": {"region": name}}}}


def test_the_report_is_the_same_on_every_machine(execute):
    assert execute("daily_report", region("north")).output_for_node("summarize") == (
        "8 orders, 146.45 EUR"
    )
    assert execute("daily_report", region("west")).output_for_node("summarize") == (
        "10 orders, 260.40 EUR"
    )


def test_an_unknown_region_fails(execute):
    result = execute("daily_report", region("atlantis"))

    assert not result.success
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    assert "no region 'atlantis'" in failure.step_failure_data.user_failure_data.description


def test_the_region_is_required(execute):
    from dagster import DagsterInvalidConfigError

    with pytest.raises(DagsterInvalidConfigError, match="region"):
        execute("daily_report")


def test_broken_slow_and_noisy_do_what_they_are_named_after(execute):
    slow = {"ops": {"wait_for_suppliers": {"config": {"seconds": 0.15}}}}
    noisy = {"ops": {"audit_orders": {"config": {"lines": 3, "warnings": 2}}}}

    assert not execute("broken_report").success
    assert execute("slow_report", slow).success
    assert execute("noisy_report", noisy).success


def test_the_asset_jobs_make_their_assets(execute):
    unpartitioned = execute("orders_assets").get_asset_materialization_events()
    day = execute("daily_orders", partition_key="2024-03-31").get_asset_materialization_events()

    assert {event.asset_key.to_user_string() for event in unpartitioned} == {
        "customers",
        "products",
        "top_products",
        "exports/orders/daily",
    }
    assert {event.partition for event in day} == {"2024-03-31"}
    assert len(day) == 2


def test_what_no_job_makes_can_be_made(repository):
    from dagster import DagsterInstance, materialize

    from dagster_plus_sdk.sandbox.demo import assets, shop

    resources = {"order_book": shop.OrderBook()}
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("campaigns", ["spring"])
        for asset, key in (
            (assets.regional_sales, "north"),
            (assets.campaign_results, "spring"),
            (assets.forecast, None),
        ):
            assert materialize(
                [asset], partition_key=key, resources=resources, instance=instance
            ).success


def test_the_sensor_adds_a_campaign_at_each_tick_until_none_is_left(repository):
    from dagster import DagsterInstance, SkipReason, build_sensor_context

    from dagster_plus_sdk.sandbox.demo.automation import PLANNED_CAMPAIGNS, new_campaigns

    cursor, added = None, []
    with DagsterInstance.ephemeral() as instance:
        for _ in PLANNED_CAMPAIGNS:
            result = new_campaigns(
                build_sensor_context(cursor=cursor, instance=instance, repository_def=repository)
            )
            cursor = result.cursor
            added += [request.partition_key for request in result.run_requests]
        last = new_campaigns(build_sensor_context(cursor=cursor, instance=instance))

    assert added == list(PLANNED_CAMPAIGNS)
    assert isinstance(last, SkipReason)


def test_there_are_as_many_days_whatever_the_day():
    from dagster_plus_sdk.sandbox.demo.assets import DAYS

    days = DAYS.get_partition_keys()

    assert (len(days), days[0], days[-1]) == (91, "2024-01-01", "2024-03-31")
