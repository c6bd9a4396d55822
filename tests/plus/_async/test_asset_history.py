from __future__ import annotations

import pytest

from dagster_plus_sdk import InvalidInputError

pytestmark = pytest.mark.anyio

CHANGE = {"asset": "shop/orders", "location": "demo"}


async def test_what_a_seed_says(client, connect, plus):
    changed = {"code_version": ["1", "2"], "tags": ["team"]}
    entries = [
        {**CHANGE, "changes": "new", "commit": "aaa", "ago": 20},
        {**CHANGE, "changes": changed, "commit": "bbb", "previous_commit": "aaa", "ago": 10},
        {**CHANGE, "asset": "other", "ago": 5},
    ]
    plus.seed({"asset_changes": entries})

    newest, oldest = await client.assets.history("shop/orders", page_size=1).to_list()
    assert (oldest.change.types, oldest.commit_hash) == (["NEW"], "aaa")
    assert (newest.change.types, newest.previous_commit_hash) == (["CODE_VERSION", "TAGS"], "aaa")
    assert (newest.change.details.code_version.old, newest.change.details.tags.changed_keys) == (
        "1",
        ["team"],
    )
    assert not await connect(deployment="staging").assets.history("shop/orders").to_list()


@pytest.mark.parametrize("changes", ["gone", {"name": ["a", "b"]}, {"code_version": "2"}])
async def test_what_no_seed_can_say(client, plus, changes):
    with pytest.raises(InvalidInputError):
        plus.seed({"asset_changes": [{**CHANGE, "changes": changes}]})
    assert not await client.assets.history("shop/orders").to_list()
