"""The README's tour of the sandbox prints what it promises."""

from __future__ import annotations

import pytest

pytest.importorskip("dagster")

from docs.test_examples import ROOT, blocks

TOLD = "JOB_FAILURE broken_report SUCCESS"
#: The newest first.
ACTIONS = [
    "LAUNCH_RUN",
    "MODIFY_ALERT_POLICIES",
    "CREATE_SECRET",
    "CHANGE_USER_PERMISSIONS",
]


def test_the_tour(capsys):
    (code,) = [code for _, code in blocks((ROOT / "README.md").read_text()) if "POLICIES" in code]

    exec(code, {})

    deployments, status, told, *entries = capsys.readouterr().out.splitlines()
    assert deployments == "['prod', 'staging']"
    assert status == "FAILURE"
    assert told == TOLD
    assert all(" ada@example.com " in entry for entry in entries)
    assert [entry.split()[-1] for entry in entries][:4] == ACTIONS
    assert len(entries) >= 6
    assert not any("hunter2" in entry for entry in entries)
