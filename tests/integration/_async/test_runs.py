"""Lists of runs: every filter, counts, pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dagster_plus_sdk import InvalidInputError, Run, RunStatus, RunSummary

pytestmark = pytest.mark.anyio

SUITE = {"suite": "integration"}
MOMENT = timedelta(milliseconds=1)


async def listed(client, **filters):
    """Return the ids of the suite's runs that match, having compared their number with the server's."""
    runs = await client.runs.list(tags=SUITE, **filters).to_list()
    assert all(type(run) is RunSummary for run in runs)
    assert await client.runs.count(tags=SUITE, **filters) == len(runs)
    return [run.id for run in runs]


async def test_statuses(client, run_ids):
    reports = [run_ids["south"], run_ids["north"]]
    assert await listed(client) == [run_ids["broken"], *reports]
    assert await listed(client, statuses="SUCCESS") == reports
    assert await listed(client, statuses=[RunStatus.FAILURE]) == [run_ids["broken"]]
    assert await listed(client, statuses=["FAILURE", RunStatus.SUCCESS]) == await listed(client)
    assert await listed(client, statuses="CANCELED") == []


async def test_a_status_that_cannot_be_sends_nothing(client, sent):
    with pytest.raises(InvalidInputError, match="SUCCES"):
        client.runs.list(statuses="SUCCES")
    assert sent == []


async def test_tags(client, run_ids):
    runs = client.runs.list(tags={**SUITE, "team": "finance"}, run_ids=[run_ids["north"]])
    (run,) = await runs.to_list()
    assert {**SUITE, "team": "finance"}.items() <= {tag.key: tag.value for tag in run.tags}.items()
    assert await client.runs.count(tags={**SUITE, "team": "shop"}) == 0


async def test_job(client, run_ids):
    assert await listed(client, job="broken_report") == [run_ids["broken"]]
    assert await listed(client, job="daily_report") == [run_ids["south"], run_ids["north"]]
    assert await listed(client, job="nope") == []


async def test_run_ids(client, run_ids):
    chosen = [run_ids["north"], run_ids["broken"]]
    assert await listed(client, run_ids=chosen) == chosen[::-1]


@pytest.mark.parametrize("name", ["run_ids", "statuses"])
async def test_an_empty_list_is_not_all_runs(client, sent, name):
    with pytest.raises(InvalidInputError, match="is empty"):
        await client.runs.list(**{name: []}).to_list()
    with pytest.raises(InvalidInputError, match="is empty"):
        await client.runs.count(**{name: []})
    assert sent == []


async def test_mode_is_taken_and_ignored_by_servers_of_today(client, run_ids):
    assert len(await listed(client, mode="default")) == 3


async def test_snapshot_id(client, run_ids):
    snapshot = (await client.runs.get(run_ids["north"])).job_snapshot_id
    assert await listed(client, snapshot_id=snapshot) == [run_ids["south"], run_ids["north"]]


@pytest.mark.parametrize("kind", ["created", "updated"])
async def test_windows_of_time(client, run_ids, kind):
    runs = await client.runs.list(tags=SUITE).to_list()
    times = {run.id: getattr(run, f"{kind}_at") for run in runs}
    time = times[run_ids["south"]]
    near = {run_id for run_id, at in times.items() if abs(at - time) < MOMENT}
    everything = set(times)
    after = set(await listed(client, **{f"{kind}_after": time - MOMENT}))
    later = set(await listed(client, **{f"{kind}_after": time + MOMENT}))
    before = set(await listed(client, **{f"{kind}_before": time + MOMENT}))
    earlier = set(await listed(client, **{f"{kind}_before": (time - MOMENT).timestamp()}))
    assert after - later == before - earlier == near
    assert after | earlier == later | before == everything
    window = {f"{kind}_after": time - MOMENT, f"{kind}_before": (time + MOMENT).timestamp()}
    assert set(await listed(client, **window)) == near


async def test_several_filters(client, run_ids):
    run = await client.runs.get(run_ids["broken"])
    fitting = {"statuses": "FAILURE", "job": "broken_report", "run_ids": [run.id]}
    assert await listed(client, **fitting, created_before=run.created_at + MOMENT) == [run.id]
    assert await listed(client, **fitting, created_before=run.created_at - MOMENT) == []


@pytest.mark.parametrize("size", [1, 2, 3, 4])
async def test_pages(client, run_ids, size):
    pages = [page async for page in client.runs.list(tags=SUITE, page_size=size).pages()]
    assert [run.id for page in pages for run in page.items] == await listed(client)
    assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False]
    assert len(pages) == -(-3 // size)


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_each_place_is_one_to_resume_at(client, run_ids, size):
    everything = await listed(client)
    for limit in range(4):
        pager = client.runs.list(tags=SUITE, limit=limit, page_size=size)
        first = [run.id async for run in pager]
        rest = client.runs.list(tags=SUITE, cursor=pager.cursor, page_size=size)
        assert first + [run.id async for run in rest] == everything
        assert len(first) == limit


async def test_where_and_total(client, run_ids):
    pages = client.runs.list(
        tags=SUITE, where=lambda run: run.job_name == "broken_report", with_total=True
    ).pages()
    (page,) = [page async for page in pages]
    assert ([run.id for run in page.items], page.total) == ([run_ids["broken"]], 3)


async def test_runs_are_of_the_public_classes(client, run_ids):
    run = await client.runs.get(run_ids["north"])
    assert type(run) is Run
    assert issubclass(Run, RunSummary)
    assert repr(run).startswith(f"Run(id='{run.id}', status=<RunStatus.SUCCESS: 'SUCCESS'>")
    assert "created_at=datetime.datetime(" in repr(run)
    assert not any(name in repr(run) for name in ("typename", "creationTime", "jobName"))


async def test_dumps_have_public_names_and_iso_times(client, run_ids):
    run = await client.runs.get(run_ids["north"])
    dump = run.model_dump(mode="json")
    assert {"id", "status", "job_name", "created_at", "run_config", "stats"} <= dump.keys()
    assert all(name == name.lower().strip("_") for name in dump)
    assert dump["created_at"] == run.created_at.isoformat().replace("+00:00", "Z")
    assert dump["status"] == "SUCCESS"
