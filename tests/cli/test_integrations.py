"""What commands of integrations and of the catalog print."""

from __future__ import annotations

import pytest
from kit.catalog import issue_summary, pin, view

SET = {
    "setAtlanIntegrationSettings": {
        "__typename": "SetAtlanIntegrationSettingsSuccess",
        "organization": "acme",
        "success": True,
    }
}


@pytest.mark.parametrize(("word", "stdin"), [("shown-nowhere", None), ("-", "shown-nowhere\n")])
@pytest.mark.parametrize("options", [(), ("--json",), ("--debug", "--format", "tsv")])
def test_a_token_is_sent_and_not_printed(scripted, server, word, stdin, options):
    server.data(SET)
    done = scripted("integration", "set-atlan", "acme.atlan.com", word, *options, stdin=stdin)
    assert done.code == 0
    assert "acme.atlan.com" in done.out
    assert "shown-nowhere" not in done.out + done.err
    assert server.received[0].variables["settings"]["token"] == "shown-nowhere"


def test_lists(scripted, server):
    found = [issue_summary("3", title="Late\norders")]
    page = {"__typename": "IssueConnection", "issues": found, "cursor": None, "hasMore": False}
    pins = {"pinnedItems": [pin("JobPinnableItem", "daily")]}
    views = {"catalogViews": [view("sales")]}
    server.data({"issues": page}, views, views, pins)
    assert scripted("issue", "list", "--status", "open,triage").out == (
        "3\tOPEN\tLate orders\t2023-11-14T22:13:20Z\tBot\n"
    )
    assert server.received[0].variables["filters"] == {"statuses": ["OPEN", "TRIAGE"]}
    assert scripted("catalog-view", "list", "--shared").out == "sales\tv1\tfalse\twhat sells\n"
    assert scripted("catalog-view", "list", "--private").out == ""
    assert scripted("pin", "list").out == "daily\tp1\t\n"


def test_a_view_is_made_of_options(scripted, server):
    server.data({"createOrUpdateCatalogView": view("sales")})
    options = "--kind dbt,s3 --tag a=b --group g@demo --owner a@b.c --table-name t --private"
    assert scripted("catalog-view", "create", "sales", *options.split()).code == 0
    sent = server.received[0].variables
    assert sent["isPrivate"] is True
    assert sent["selection"]["kinds"] == ["dbt", "s3"]
    assert sent["selection"]["tableNames"] == ["t"]
    assert sent["selection"]["owners"] == [{"ownerName": "a@b.c"}]
