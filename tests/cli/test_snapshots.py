"""What people see, at three widths, as files: ``UPDATE_SNAPSHOTS=1 pytest tests/cli/test_snapshots.py`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from kit.command_lines import leaves
from kit.screens import SCREENS

from dagster_plus_sdk.cli.invoke import show
from dagster_plus_sdk.cli.printing.layout import width
from dagster_plus_sdk.cli.printing.whole import Whole
from dagster_plus_sdk.cli.state import State

FOLDER = Path(__file__).parent / "snapshots"
WIDTHS = (60, 100, 160)
LEAVES = leaves()


class Pager:
    """A list of one page."""

    def __init__(self, items):
        self._items = items

    def pages(self):
        yield Whole(self._items)


def screen(path, capsys, monkeypatch, wide):
    """Return what a command prints at a width, its remarks last."""
    monkeypatch.setenv("COLUMNS", str(wide))
    records = SCREENS[path]
    result = Pager(records) if isinstance(records, list) else records
    show(State(), LEAVES[path], result, {})
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("path", SCREENS)
def test_the_screens(path, capsys, monkeypatch):
    shown = {wide: screen(path, capsys, monkeypatch, wide) for wide in WIDTHS}
    if isinstance(SCREENS[path], list):
        for wide, text in shown.items():
            table = [line for line in text.splitlines() if not line.startswith("dplus: ")]
            assert max(map(width, table)) <= wide
    else:
        assert len(set(shown.values())) == 1  # texts have no width
        shown = {"any": shown[60]}
    text = "\n".join(f"=== {path}, width {wide} ===\n{part}" for wide, part in shown.items())
    file = FOLDER / f"{path.replace(' ', '-')}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_snapshot_is_left_over():
    assert {path.replace(" ", "-") for path in SCREENS} == {file.stem for file in FOLDER.glob("*")}


@pytest.mark.parametrize("path", SCREENS)
def test_the_records_have_what_their_models_have(path):
    records = SCREENS[path]
    for record in records if isinstance(records, list) else [records]:
        assert record.keys() <= set(LEAVES[path]["fields"])
