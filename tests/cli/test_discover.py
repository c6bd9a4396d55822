"""``discover``: sections, rows, and one object."""

from __future__ import annotations

import csv
import io
import json

import pytest
import yaml
from kit.payloads import asset_definition, code_location, code_locations, job, jobs

FOUND = {
    **code_locations(code_location("demo"), code_location("broken", fails=True)),
    **jobs(job("report", description="Two\nlines.", tags=[{"key": "team", "value": "shop"}])),
    "assetNodes": [asset_definition("orders", "daily", group="sales")],
}
LOADED = {**FOUND, **code_locations(code_location("demo"))}
TOLD = "dplus: code location 'broken' failed to load: no module\n"


@pytest.fixture
def discover(scripted, server):
    """Runs ``discover``."""
    server.data(FOUND)
    return lambda *words: scripted("discover", *words)


def test_a_line_for_each_in_a_pipe_with_one_request(discover, server):
    done = discover()
    assert done.code == 0
    assert [line.split("\t") for line in done.out.splitlines()] == [
        ["location", "broken", "", ""],
        ["location", "demo", "", ""],
        ["repository", "__repository__", "demo", ""],
        ["job", "report", "demo", "__repository__"],
        ["asset", "orders/daily", "demo", "__repository__"],
    ]
    assert done.err == TOLD
    assert server.operations == ["Discover"]


@pytest.mark.usefixtures("terminal")
def test_sections_on_a_terminal(discover):
    assert discover().out == (
        "Code locations: 2\n"
        "NAME    STATUS\n"
        "broken  FAILED\n"
        "demo    LOADED\n"
        "\n"
        "Repositories: 1\n"
        "NAME            LOCATION\n"
        "__repository__  demo\n"
        "\n"
        "Jobs: 1\n"
        "NAME    LOCATION  REPOSITORY\n"
        "report  demo      __repository__\n"
        "\n"
        "Assets: 1\n"
        "NAME          LOCATION  REPOSITORY\n"
        "orders/daily  demo      __repository__\n"
    )


def test_verbose_shows_more(discover):
    text = discover("--format", "table", "--verbose").out
    for line in (
        "NAME    STATUS  UPDATED AT            ERROR",
        "broken  FAILED  2023-11-14T22:13:20Z  no module",
        "report  demo      __repository__  team=shop  Two lines.",
        "NAME          LOCATION  REPOSITORY      GROUP  KINDS   TAGS  DESCRIPTION",
        "orders/daily  demo      __repository__  sales  python",
    ):
        assert line in text.splitlines()
    rows = [line.split("\t") for line in discover("-v").out.splitlines()]
    assert rows[0] == ["location", "broken", "", "", "", "FAILED", "", "", "no module"]
    assert rows[3][-3:] == ["team=shop", "Two lines.", ""]
    assert rows[4][4] == "sales"


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["--filter", "jobs"], ["Jobs: 1"]),
        (["--filter", "repos", "--pattern", "nothing"], ["Repositories: 0"]),
        (["--groups", "s*"], ["Assets: 1"]),
        (["--tags", "team=shop"], ["Jobs: 1"]),
        (["--pattern", "r*"], ["Code locations: 0", "Repositories: 0", "Jobs: 1", "Assets: 0"]),
    ],
    ids=str,
)
def test_sections_of_what_is_looked_for(discover, words, titles):
    done = discover(*words, "--format", "table")
    assert [line for line in done.out.splitlines() if ": " in line] == titles


def test_nothing(discover):
    done = discover("--tags", "team=nobody", "--format", "table")
    assert (done.code, done.out, done.err) == (0, "", f"dplus: there is nothing to list\n{TOLD}")


def test_one_object(discover):
    done = discover("--json")
    assert {kind: [thing["name"] for thing in things] for kind, things in done.json.items()} == {
        "locations": ["broken", "demo"],
        "repositories": ["__repository__"],
        "jobs": ["report"],
        "assets": ["orders/daily"],
    }
    assert done.json["locations"][0]["error"] == "no module"
    assert done.json["jobs"][0] == {
        "kind": "job",
        "name": "report",
        "location": "demo",
        "repository": "__repository__",
        "id": "demo.__repository__.report",
        "description": "Two\nlines.",
        "is_asset_job": False,
        "tags": [{"key": "team", "value": "shop"}],
    }
    assert done.json["assets"][0]["group"] == "sales"
    assert yaml.safe_load(discover("--format", "yaml").out) == done.json


def test_rows_in_other_formats_and_fields(discover):
    words = ("--fields", "kind,name", "--filter", "jobs")
    assert json.loads(discover(*words, "--format", "jsonl").out) == {
        "kind": "job",
        "name": "report",
    }
    assert discover(*words).out == "job\treport\n"
    assert discover(*words, "--json").json["jobs"] == [{"kind": "job", "name": "report"}]
    rows = list(csv.DictReader(io.StringIO(discover("--format", "csv", "-v").out)))
    assert [row["kind"] for row in rows] == ["location", "location", "repository", "job", "asset"]
    assert rows[3]["description"] == "Two\nlines."


def test_no_remark_where_all_have_loaded(scripted, server):
    server.data(LOADED)
    assert scripted("discover", "--filter", "assets").err == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--filter", "job"], "did you mean jobs? choose from jobs, assets, repos, locations, all"),
        (["--filter", "jobs", "--groups", "a"], "only assets have groups, not jobs"),
        (["--tags", "team"], "is no key=value"),
        (["--fields", "nope"], "unknown field 'nope'"),
    ],
    ids=str,
)
def test_what_cannot_be(discover, server, words, says):
    done = discover(*words)
    assert (done.code, server.requests) == (2, 0)
    assert says in done.err


def test_the_help_has_what_can_be_chosen_and_examples(dplus):
    text = " ".join(dplus("discover", "--help").out.split())
    assert "One of jobs, assets, repos, locations, all" in text
    assert "dplus discover --filter jobs --pattern '*_report' --verbose" in text
    assert "discover" in dplus("--help").out


def test_a_real_one(real):
    done = real("discover", "--json")
    assert (done.code, done.err) == (0, "")
    assert [location["name"] for location in done.json["locations"]] == ["demo"]
    assert "daily_report" in [job["name"] for job in done.json["jobs"]]
    assert {asset["location"] for asset in done.json["assets"]} == {"demo"}
