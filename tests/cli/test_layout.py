"""Tables that fit: how wide texts are, what is cut, and what is left out."""

from __future__ import annotations

import io
import re

import pytest

from dagster_plus_sdk.cli.printing import colours
from dagster_plus_sdk.cli.printing.layout import Layout, cut, width

ID = "0f0f0f0f-1111-4222-8333-444455556666"
COLUMNS = [("ID", "id"), ("STATUS", "status"), ("JOB", "job_name"), ("TEXT", "text")]
ROW = [ID, "SUCCESS", "a_job_with_a_long_name", "words " * 20]


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("", 0),
        ("plain", 5),
        ("レポート", 8),
        ("한국어", 6),
        ("\u1112\u1161\u11ab", 2),  # one syllable in three parts
        ("e\u0301", 1),
        ("ü", 1),
        ("🚀", 2),
        ("❤\ufe0f", 2),
        ("👍🏽", 2),
        ("👩\u200d👧", 2),
        ("🇩🇪", 2),
        ("a\u200bb", 2),
        ("ﾊﾝ", 2),  # half as wide
        ("…", 1),
    ],
)
def test_how_wide_a_text_is(text, wide):
    assert width(text) == wide


@pytest.mark.parametrize(
    ("text", "wide", "ellipsis", "shown"),
    [
        ("report", 6, "…", "report"),
        ("reports", 6, "…", "repor…"),
        ("reports", 6, "...", "rep..."),
        ("two words", 5, "…", "two…"),
        ("レポート", 5, "…", "レポ…"),
        ("レポート", 6, "…", "レポ…"),  # a half is no letter
        ("e\u0301e\u0301e\u0301", 2, "…", "e\u0301…"),
        ("👩\u200d👧👧", 3, "…", "👩\u200d👧…"),
        ("reports", 3, "...", "rep"),
        ("reports", 1, "…", "r"),
        ("レ", 1, "…", ""),
    ],
)
def test_where_a_text_is_cut(text, wide, ellipsis, shown):
    assert cut(text, wide, ellipsis) == shown
    assert width(shown) <= wide


@pytest.mark.parametrize("edge", range(1, 200, 3))
def test_no_line_is_wider_than_the_terminal(edge):
    rows = [ROW, ["", "", "", ""], ["レ" * 30, "e\u0301" * 9, "🚀" * 5, ""]]
    lines = list(Layout(COLUMNS, rows, edge, "…").lines())
    assert max(map(width, lines)) <= max(edge, 4)
    assert len(lines) == 4


def shown(edge, *, columns=COLUMNS, row=ROW):
    table = Layout(columns, [row], edge, "…")
    return [title for title, _ in table.columns], list(table.lines())[1], table.left_out


def test_the_widest_text_gives_way_first():
    titles, line, _ = shown(100)
    assert len(titles) == 4
    assert line.startswith(f"{ID}  SUCCESS  a_job_with_a_long_name  words")
    assert line.endswith("…")


def test_then_the_last_columns_are_left_out():
    assert shown(70)[0] == ["ID", "STATUS", "JOB"]
    assert shown(70)[2] == ["TEXT"]
    titles, line, left_out = shown(45)
    assert (titles, left_out) == (["ID", "STATUS"], ["JOB", "TEXT"])
    assert line == f"{ID}  SUCCESS"


def test_ids_and_states_are_cut_only_where_nothing_else_is_left():
    assert shown(20)[:2] == (["ID", "STATUS"], "0f0f0f0f-1…  SUCCESS")


def test_a_column_with_nothing_in_it_goes_first():
    columns = [*COLUMNS[:2], ("ENDED", "ended_at"), COLUMNS[2]]
    titles, _, left_out = shown(75, columns=columns, row=[ID, "SUCCESS", "", "job"])
    assert (titles, left_out) == (["ID", "STATUS", "ENDED", "JOB"], [])
    titles, _, left_out = shown(53, columns=columns, row=[ID, "SUCCESS", "", "job"])
    assert (titles, left_out) == (["ID", "STATUS", "JOB"], [])


def test_times_lose_their_seconds_before_a_column_is_left_out():
    columns = [*COLUMNS[:3], ("CREATED", "created_at"), ("ENDED", "ended_at")]
    row = [ID, "CANCELING", "job" * 9, "2024-05-01T12:00:59Z", "2024-05-01T12:01:59Z"]
    titles, line, left_out = shown(80, columns=columns, row=row)
    assert (titles, left_out) == (["ID", "STATUS", "JOB", "CREATED"], ["ENDED"])
    assert line == f"{ID}  CANCELING  jobjobjobjo…  2024-05-01T12:00Z"


def test_times_stay_whole():
    columns = [("NAME", "name"), ("UNTIL", "muted_until"), ("TEXT", "text")]
    line = shown(70, columns=columns, row=["a" * 30, "2024-05-01T12:00:00Z", "b" * 40])[1]
    assert line == f"{'a' * 30}  2024-05-01T12:00:00Z  {'b' * 15}…"


GREEN, YELLOW, RED = (f"\x1b[{number}m" for number in (32, 33, 31))


@pytest.mark.parametrize(
    ("state", "colour"),
    [
        ("SUCCESS", GREEN),
        ("COMPLETED_SUCCESS", GREEN),
        ("LOADED", GREEN),
        ("HEALTHY", GREEN),
        ("RUNNING", GREEN),
        ("QUEUED", YELLOW),
        ("STARTED", YELLOW),
        ("CANCELED", YELLOW),
        ("NOT_RUNNING", YELLOW),
        ("INACTIVE", YELLOW),
        ("FAILURE", RED),
        ("COMPLETED_FAILED", RED),
        ("UNHEALTHY", RED),
        ("BRANCH", ""),
    ],
)
def test_the_colour_of_a_state(state, colour):
    assert colours.of_state(state) == (f"{colour}{state}\x1b[0m" if colour else state)
    assert colours.of_cell("state.status", state) == colours.of_state(state)
    assert colours.of_cell("title", state) == state


def test_the_colours_of_a_text():
    text = "Status: FAILURE\nTitle: Status: FAILURE\n  Load status: LOADED\nStatus: who knows"
    assert colours.of_text(text) == (
        f"Status: {RED}FAILURE\x1b[0m\nTitle: Status: FAILURE\n"
        f"  Load status: {GREEN}LOADED\x1b[0m\nStatus: who knows"
    )


class Terminal(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "stream", "wanted"),
    [
        ({}, Terminal(), True),
        ({}, io.StringIO(), False),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"NO_COLOR": ""}, Terminal(), True),
        ({"TERM": "dumb"}, Terminal(), False),
    ],
)
def test_who_wants_colours(monkeypatch, environ, stream, wanted):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert colours.are_wanted(stream) is wanted


def test_the_colours_of_a_difference():
    text = "--- current\n+++ wanted\n@@ -1 +1 @@\n-a: 1\n+a: 2\n b: 1\n"
    coloured = colours.of_difference(text)
    assert f"{RED}-a: 1\x1b[0m\n{GREEN}+a: 2\x1b[0m\n b: 1\n" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text
