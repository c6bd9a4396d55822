"""Lists lose nothing and give nothing twice, wherever they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_plus_sdk import AsyncPager, errors
from dagster_plus_sdk._async.pager import once
from dagster_plus_sdk._core.paging import Batch, Plan

pytestmark = pytest.mark.anyio


class Source:
    """A list at a server.

    Args:
        items: Its items.
        rule: "opaque" (the server gives a cursor), "item" (an item is its own cursor) or "whole" (no pages).
        last_cursor: Whether an opaque cursor comes with the last page too.
        most: The most that the server gives at once.
    """

    def __init__(self, items, rule, *, last_cursor=True, most=1000):
        self.items, self.rule, self.last_cursor, self.most = list(items), rule, last_cursor, most
        self.requests = []

    async def fetch(self, after, size):
        self.requests.append((after, size))
        if self.rule == "whole":
            return Batch(self.items)
        if self.rule == "item":
            start = self.items.index(int(after)) + 1 if after else 0
            found = self.items[start : start + size + 1]
            return Batch(found[:size], has_more=len(found) > size, total=len(self.items))
        start = int(after.removeprefix("c")) if after else 0
        end = min(start + min(size, self.most), len(self.items))
        more = end < len(self.items)
        cursor = f"c{end}" if more or self.last_cursor else None
        return Batch(self.items[start:end], cursor=cursor, has_more=more)

    def list(self, **options):
        if self.rule == "item":
            options["cursor_of"] = str
        if self.rule == "whole":
            options.pop("page_size", None)
        return AsyncPager(self.fetch, Plan(**options))


SOURCES = st.builds(
    Source,
    st.integers(0, 60).map(range),
    st.sampled_from(["opaque", "item", "whole"]),
    last_cursor=st.booleans(),
    most=st.integers(1, 70),
)
PAGE_SIZES = st.one_of(st.none(), st.integers(1, 70))
FILTERS = st.one_of(st.none(), st.sets(st.integers(0, 59)).map(lambda hits: hits.__contains__))


def matching(source, where):
    return [item for item in source.items if where is None or where(item)]


@settings(max_examples=80, deadline=None)
@given(
    source=SOURCES, limit=st.one_of(st.none(), st.integers(0, 70)), size=PAGE_SIZES, where=FILTERS
)
async def test_everything_up_to_the_limit(source, limit, size, where):
    pager = source.list(limit=limit, page_size=size, where=where)
    wanted = matching(source, where)
    assert await pager.to_list() == wanted[:limit]
    # What is left is behind its cursor, and nothing else.
    rest = source.list(cursor=pager.cursor, where=where)
    if limit != 0:
        assert await rest.to_list() == (wanted[limit:] if limit is not None else [])


@settings(max_examples=80, deadline=None)
@given(
    source=SOURCES,
    piece=st.sampled_from([1, 7, 29]),
    sizes=st.lists(PAGE_SIZES, min_size=2),
    where=FILTERS,
)
async def test_resuming_in_pieces(source, piece, sizes, where):
    wanted, found, cursor = matching(source, where), [], None
    for turn in range(len(source.items) + 2):
        size = sizes[turn % len(sizes)]
        pager = source.list(limit=piece, page_size=size, where=where, cursor=cursor)
        part = await pager.to_list()
        found += part
        cursor = pager.cursor
        assert found == wanted[: len(found)]
        if len(part) < piece:
            break
    assert found == wanted


@settings(max_examples=80, deadline=None)
@given(
    source=SOURCES, stops=st.lists(st.integers(1, 20), max_size=5), size=PAGE_SIZES, where=FILTERS
)
async def test_resuming_where_a_walk_was_left(source, stops, size, where):
    wanted, found, cursor = matching(source, where), [], None
    for stop in stops:
        pager = source.list(page_size=size, where=where, cursor=cursor)
        before = len(found)
        async for item in pager:
            found.append(item)
            if len(found) - before == stop:
                break
        cursor = pager.cursor
    found += await source.list(page_size=size, where=where, cursor=cursor).to_list()
    assert found == wanted


@settings(max_examples=80, deadline=None)
@given(
    source=SOURCES, limit=st.one_of(st.none(), st.integers(1, 70)), size=PAGE_SIZES, where=FILTERS
)
async def test_pages(source, limit, size, where):
    wanted = matching(source, where)[:limit]
    pager = source.list(limit=limit, page_size=size, where=where)
    found = []
    pages = [page async for page in pager.pages()]
    for page in pages:
        assert len(page) == len(page.items)
        found += page.items
        rest = await source.list(cursor=page.cursor, where=where).to_list()
        assert rest == matching(source, where)[len(found) :]
        assert bool(rest) <= page.has_more
        if where is None:
            assert bool(rest) == page.has_more
    assert found == wanted
    assert pager.cursor == pages[-1].cursor
    totals = {page.total for page in pages}
    assert totals == {len(source.items) if source.rule == "item" else None}


@pytest.mark.parametrize("rule", ["opaque", "item", "whole"])
async def test_the_first_item(rule):
    source = Source(range(250), rule)
    assert await source.list().first() == 0
    assert len(source.requests) == 1
    assert await source.list(where=lambda item: item > 200).first() == 201
    assert await source.list(where=lambda item: item > 900).first() is None
    assert await source.list(limit=0).first() is None
    assert await source.list(limit=5, page_size=None if rule == "whole" else 3).first() == 0
    assert await Source([], rule).list().first() is None


@pytest.mark.parametrize("rule", ["opaque", "item", "whole"])
async def test_an_empty_list(rule):
    pager = Source([], rule).list()
    assert await pager.to_list() == []
    [page] = [page async for page in pager.pages()]
    assert (page.items, page.has_more) == ([], False)
    assert repr(page) == "Page(0 items, has_more=False)"


async def test_each_walk_begins_anew():
    source = Source(range(5), "opaque")
    pager = source.list(page_size=2)
    assert pager.cursor is None
    assert source.requests == []
    assert await pager.to_list() == [0, 1, 2, 3, 4]
    source.items.insert(0, -1)
    async for item in pager:
        assert item == -1
        break
    assert await pager.to_list() == [-1, 0, 1, 2, 3, 4]
    assert repr(pager) == f"{type(pager).__name__}(cursor='c6')"


@pytest.mark.parametrize(
    ("options", "sizes"),
    [
        ({}, [100, 100, 100]),
        ({"limit": 20}, [20]),
        ({"limit": 100}, [100]),
        ({"limit": 120}, [100, 20]),
        ({"page_size": 125}, [125, 125]),
        ({"limit": 1, "page_size": 7}, [7]),
        ({"where": lambda item: item > 245}, [1000]),
        ({"where": lambda item: item > 245, "limit": 2}, [1000]),
        ({"limit": 0}, []),
    ],
)
@pytest.mark.parametrize("rule", ["opaque", "item"])
async def test_no_request_too_many(rule, options, sizes):
    source = Source(range(250), rule)
    await source.list(**options).to_list()
    assert [size for _, size in source.requests] == sizes


async def test_a_few_hits_late_in_a_long_list_take_one_request_and_the_rest_one_more():
    source = Source(range(450), "opaque")
    hits = [item for item in range(400, 450) if item % 5 < 3]
    pager = source.list(limit=20, where=hits.__contains__)
    assert len(hits) == 30
    assert await pager.to_list() == hits[:20]
    assert len(source.requests) == 1
    assert await source.list(where=hits.__contains__, cursor=pager.cursor).to_list() == hits[20:]
    assert len(source.requests) == 2


@pytest.mark.parametrize("size", [1, 3, 6, 7, 8, 20])
@pytest.mark.parametrize("used", [1, 7, 19])
async def test_resuming_with_smaller_pages(size, used):
    """The used items may fill several of the new pages."""
    source = Source(range(30), "opaque")
    head = source.list(limit=used, page_size=20)
    await head.to_list()
    assert await source.list(page_size=size, cursor=head.cursor).to_list() == list(range(used, 30))


async def test_a_raw_cursor_of_the_server_is_taken():
    assert await Source(range(9), "opaque").list(cursor="c7").to_list() == [7, 8]
    assert await Source(range(9), "item").list(cursor="6").to_list() == [7, 8]
    assert await Source(range(9), "item").list(cursor="").first() == 0


async def test_items_that_appear_at_the_head_do_not_double():
    source = Source(range(10), "item")
    found, walk = [], source.list(page_size=3)
    async for page in walk.pages():
        found += page.items
        source.items.insert(0, 1000 + len(source.items))
    assert found == list(range(10))


@pytest.mark.parametrize(
    ("cursor", "batch"),
    [
        (None, Batch([1], has_more=True)),
        (None, Batch([], has_more=True)),
        ("c1", Batch([1], cursor="c1", has_more=True)),
        ("c1", Batch([], cursor="c1", has_more=True)),
    ],
)
async def test_a_cursor_that_does_not_move(cursor, batch):
    requests = []

    async def fetch(after, size):
        requests.append(after)
        return batch

    with pytest.raises(errors.PaginationError, match=f"its cursor stays {cursor!r}") as caught:
        await AsyncPager(fetch, Plan(cursor=cursor)).to_list()
    assert requests == [cursor]
    assert caught.value.code == "PAGINATION_ERROR"


async def test_an_error_in_the_middle_leaves_the_cursor_behind_what_was_handed_out():
    source = Source(range(9), "opaque")

    async def fetch(after, size):
        if len(source.requests) == 2:
            raise errors.ConnectionFailedError("gone")
        return await source.fetch(after, size)

    pager = AsyncPager(fetch, Plan(page_size=3))
    found = []
    with pytest.raises(errors.ConnectionFailedError):  # noqa: PT012
        async for item in pager:
            found.append(item)  # noqa: PERF401 - it ends with an error
    assert found == list(range(6))
    assert await source.list(cursor=pager.cursor).to_list() == [6, 7, 8]


async def test_the_cursor_of_the_page_alone_would_lose_items():
    """What the token adds: the items that were used of the server's page."""
    source = Source(range(10), "opaque", most=4)
    pager = source.list(limit=3, page_size=4)
    assert await pager.to_list() == [0, 1, 2]
    assert await source.list(cursor="c4").first() == 4
    assert await source.list(cursor=pager.cursor).first() == 3


async def test_what_all_pages_need_is_asked_until_it_is_known():
    answers = [errors.ConnectionFailedError("gone"), "id-7"]

    async def ask():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    known = once(ask)
    with pytest.raises(errors.ConnectionFailedError):
        await known()
    assert [await known(), await known()] == ["id-7", "id-7"]
    assert answers == []
