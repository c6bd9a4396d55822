"""``--dry-run``: what would be, and no mutation."""

from __future__ import annotations

import re

import pytest
from kit.command_lines import MORE, leaves, words_of

from dagster_plus_sdk.cli.params.confirm import options_of

LEAVES = leaves()
DRY = sorted(
    path
    for path, entry in LEAVES.items()
    if any("--dry-run" in p.get("options", ()) for p in [*entry["params"], *options_of(entry)])
)
#: Verbs that ask and have nothing to show: what they are about cannot be looked up by what they are told.
NO_PLAN = {
    "config delete-profile",  # it is named, and that is all there is
    "insights delete-custom-metric",
    "instance free-concurrency-slots",
    "organization remove-saml-metadata",
    "organization upload-saml-metadata",
    "service-token revoke",
}
#: What launches has a dry run of its own.
LAUNCHES = {"asset materialize", "backfill create", "job launch", "run create"}
#: What the answers by the schema do not fit, by the code of the error.
ENDS = {
    "alert-policy update": "ALERT_POLICY_NOT_FOUND",
    "backfill create": "PIPELINE_NOT_FOUND",
    "code-location deploy": "INTERNAL_ERROR",  # its document has no list
    "code-location sync": "INTERNAL_ERROR",
    "code-location update": "INTERNAL_ERROR",
}


def test_every_verb_that_asks_has_a_dry_run_or_a_reason():
    asking = {path for path, entry in LEAVES.items() if "destructive" in entry}
    assert asking - {*DRY} == NO_PLAN
    assert {*DRY} - asking == LAUNCHES


@pytest.mark.parametrize("path", DRY)
def test_a_dry_run_sends_no_mutation(dplus, answering, path, tmp_path):
    before = len(answering.received)
    words = words_of(path, LEAVES[path], tmp_path)
    words = [word for word in words if word != "--yes"]
    if only_with := LEAVES[path].get("only_with"):
        (tmp_path / "document.yaml").write_text("{}")
        words += [f"--{only_with}", str(tmp_path / "document.yaml")]
    words += ["--no-validate"] * (path == "deployment update")
    done = dplus(
        *words, "--dry-run", "--json", "--url", answering.url, "--api-token", "user:x:1", "-o", "a"
    )
    queries = [received.json["query"] for received in answering.received[before:]]
    assert queries
    assert not any(re.search(r"\bmutation\b", query) for query in queries)
    if path in ENDS:
        assert (done.code != 0, done.error["code"]) == (True, ENDS[path])
    else:
        assert (done.code, done.err) == (0, "")
        assert isinstance(done.json, dict)


@pytest.fixture
def plus(on_plus):
    return on_plus


def test_it_is_the_verb_that_shows_the_thing(plus):
    plus("team create Finance")
    done = plus("team delete Finance --dry-run --fields details.name")
    assert done.out == plus("team get Finance --fields details.name").out != ""
    assert done.err == "dplus: would delete team Finance; nothing is changed\n"
    assert plus("team delete Nobody --dry-run").code == 1


def test_a_document_is_compared(plus):
    line = "code-location deploy FILE --dry-run"
    document = "locations: [{location_name: etl, image: 'a:2', code_source: {module_name: etl}}]"
    done = plus(line, document)
    assert done.out.startswith("--- current\n+++ wanted\n")
    # What it lacks stays.
    assert done.out.endswith("\n1 created\n")
    assert plus("code-location sync FILE --dry-run", document).out.endswith(
        "1 created, 1 deleted\n"
    )
    assert plus(f"{line} --json", document).json["created"] == ["etl"]


@pytest.mark.parametrize("line", ["deployment update staging --agent-type HYBRID"])
def test_what_the_line_names_is_not_shown(plus, line):
    done = plus(f"{line} --dry-run")
    assert (done.code, "--settings" in done.err) == (2, True)


def test_the_partitions_of_a_backfill(real):
    line = ("backfill", "create", "--assets", "raw_orders", "--dry-run")
    whole = real(*line, "--all-partitions", "--format", "tsv")
    assert (whole.code, whole.out) == (0, "raw_orders\t\tstart=2024-01-01 end=2024-03-31\n")
    span = real(*line, "--partition-range", "2024-01-02..2024-01-03", "--json")
    [target] = span.json["items"]
    assert target["partitions"]["ranges"] == [{"start": "2024-01-02", "end": "2024-01-03"}]
    wrong = real(*line, "--partition-range", "a..b")
    assert (wrong.code, "'a'" in wrong.err) == (2, True)
    assert real(*line).code == 2
    assert real("backfill", "create", "--all-partitions", "--dry-run").code == 2


def test_the_exceptions_are_commands():
    assert LEAVES.keys() >= NO_PLAN | LAUNCHES | ENDS.keys() | MORE.keys()
