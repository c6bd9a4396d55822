"""Every Python example of the README, the guides and the reference runs, against a real Dagster; every make target named exists.

What only Dagster+ has runs against a server that answers from the schema.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from kit.answer_server import AnswerServer
from kit.hurry import hurried
from kit.server import Reply

from dagster_plus_sdk.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PLACEHOLDER = "http://localhost:3000"
#: In the first paragraph about a resource that no open-source server has. Single methods say so in their own text.
PLUS = "(Dagster+)"


def blocks(text: str) -> list[tuple[int, str]]:
    """The Python examples of a page, with the lines that they begin on."""
    found = re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(text[: m.start()].count("\n") + 2, m.group(1)) for m in found]


EXAMPLES = [
    pytest.param(page, line, code, id=f"{page.relative_to(ROOT)}:{line}")
    for page in PAGES
    for line, code in blocks(page.read_text())
    if "POLICIES" not in code  # the tour
]
[TOUR] = [code for _, code in blocks((ROOT / "README.md").read_text()) if "POLICIES" in code]
#: What the tour has done, the newest first.
ACTIONS = ["LAUNCH_RUN", "MODIFY_ALERT_POLICIES", "CREATE_SECRET", "CHANGE_USER_PERMISSIONS"]


def run_example(code: str, url: str, source: str) -> None:
    # An example with assertions tells what a URL becomes, and sends nothing.
    text = code if "assert " in code else code.replace(PLACEHOLDER, url)
    compiled = compile(text, source, "exec")
    exec(compiled, {"__name__": "__main__"})


def is_plus(page: str, code: str) -> bool:
    """Tell whether an example needs Dagster+: what its page is about says so, or in a guide its client has no URL."""
    title, about, *_ = page.split("\n\n", 2)
    return PLUS in about if title.startswith("# client.") else "DagsterPlus()" in code


@pytest.fixture(scope="module")
def plus_url():
    with AnswerServer() as server:
        store = f"{server.url}/store"
        server.places["/gen_artifact_post"] = Reply({"url": store, "fields": {}})
        server.places["/gen_artifact_get"] = Reply({"url": store})
        server.places["/store"] = Reply(b"day,orders\n")
        yield server.url


@pytest.fixture
def configured(page, code, dagster_url, plus_url, monkeypatch):
    """The environment that configures clients without arguments."""
    text = page.read_text()
    if is_plus(text, code):
        monkeypatch.setenv("DAGSTER_CLOUD_URL", plus_url)
        monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", "user:test")
    elif page.parent.name == "reference":
        monkeypatch.setenv("DAGSTER_GRAPHQL_URL", f"{dagster_url}/graphql")


@pytest.fixture(scope="module")
def sandbox():
    with hurried():
        running = Sandbox().start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def one_sandbox(code, request, monkeypatch):
    """Examples that start the same sandbox share one: each has a Dagster of its own, which takes long to start."""
    if "Sandbox()" in code:
        running = request.getfixturevalue("sandbox")
        monkeypatch.setattr("dagster_plus_sdk.sandbox.Sandbox", lambda: nullcontext(running))


@pytest.mark.dagster
@pytest.mark.parametrize("code", [TOUR], ids=["README.md"])
@pytest.mark.usefixtures("one_sandbox")
def test_the_tour_prints_what_it_promises(code, capsys):
    """The first one in the sandbox: what others did there would be told of, too."""
    exec(code, {})

    deployments, status, told, *entries = capsys.readouterr().out.splitlines()
    assert deployments == "['prod', 'staging']"
    assert status == "FAILURE"
    assert told == "JOB_FAILURE broken_report SUCCESS"
    assert all(" ada@example.com " in entry for entry in entries)
    assert [entry.split()[-1] for entry in entries][:4] == ACTIONS
    assert len(entries) >= 6
    assert not any("hunter2" in entry for entry in entries)


@pytest.mark.usefixtures("configured", "one_sandbox")
@pytest.mark.parametrize(("page", "line", "code"), EXAMPLES)
def test_example(page, line, code, dagster_url, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    padded = "\n" * (line - 1) + code  # so that a traceback names the page's own line
    run_example(padded, dagster_url, str(page))
    if "print(" in code:
        assert capsys.readouterr().out.strip()


def test_an_example_that_fails_is_found(dagster_url):
    (line, code), *_ = blocks("text\n\n```python\nfrom dagster_plus_sdk import nothing\n```\n")
    assert line == 4
    with pytest.raises(ImportError):
        run_example(code, dagster_url, "page")


@pytest.mark.parametrize(
    ("page", "code", "expected"),
    [
        ("# client.users\n\nUsers (Dagster+).\n\nIn the shell.\n", "", True),
        ("# client.runs\n\nRuns.\n\n## a\n\nOnly there (Dagster+).\n", "DagsterPlus()", False),
        ("# A guide\n\nTo Dagster (Dagster+).\n\nMore.\n", "DagsterPlus(url=x)", False),
        ("# A guide\n\nText.\n", "with DagsterPlus() as client:", True),
    ],
)
def test_where_an_example_runs(page, code, expected):
    assert is_plus(page, code) is expected


def test_the_readme_has_its_examples():
    assert len(blocks((ROOT / "README.md").read_text())) >= 6


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page):
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE))
    assert named <= targets((ROOT / "Makefile").read_text())


def test_a_missing_target_is_found():
    assert not {"demo", "nothing"} <= targets((ROOT / "Makefile").read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
