"""The client's resources follow from the modules that are there."""

from __future__ import annotations

import facade
import pytest

RUNS = '''
class AsyncRuns(AsyncResource):
    """Runs of the deployment.

    More.
    """
'''
TAGS = '''
class Helper:
    """No resource."""

class AsyncRunTags(AsyncResource):
    """Tags of runs."""
'''


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "runs.py").write_text(RUNS)
    (tmp_path / "run_tags.py").write_text(TAGS)
    return tmp_path


def test_a_module_is_a_resource(folder):
    assert facade.resources(folder) == {
        "run_tags": ("AsyncRunTags", "Tags of runs."),
        "runs": ("AsyncRuns", "Runs of the deployment."),
    }


def test_a_noun_that_is_the_name_of_its_model(folder):
    (folder / "instance.py").write_text(RUNS.replace("AsyncRuns", "AsyncInstanceResource"))
    assert facade.resources(folder)["instance"][0] == "AsyncInstanceResource"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not 0"),
        (RUNS + RUNS, "not 2"),
        (RUNS.replace("AsyncRuns", "AsyncRun"), "must be AsyncRuns"),
        ("class AsyncRuns(AsyncResource):\n    x = 1\n", "have a docstring"),
    ],
)
def test_what_is_no_resource_is_refused(folder, text, says):
    (folder / "runs.py").write_text(text)
    with pytest.raises(facade.ResourceError, match=says):
        facade.resources(folder)


def test_the_module_that_is_written_compiles_and_names_each_resource(folder):
    text = facade.render(facade.resources(folder))
    compile(text, "_resources.py", "exec")
    for line in (
        "    from .resources.run_tags import AsyncRunTags as AsyncRunTags",
        '        "AsyncRunTags",',
        '    "AsyncRunTags": "resources.run_tags",',
        "    def run_tags(self) -> AsyncRunTags:",
        '        """Tags of runs."""',
        "        found: AsyncRunTags = self._resource(",
        '            "run_tags",',
        '            "AsyncRunTags",',
    ):
        assert line in text.splitlines()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with one resource, instead of the real one."""
    resources = tmp_path / "_async" / "resources"
    resources.mkdir(parents=True)
    (resources / "runs.py").write_text(RUNS)
    monkeypatch.setattr(facade, "PACKAGE", tmp_path)
    monkeypatch.setattr(facade, "ROOT", tmp_path)
    return tmp_path


def test_write_and_check(package, capsys):
    written = package / "_async" / "_resources.py"
    assert facade.main(["--check"]) == 1
    assert "stale: run make generate" in capsys.readouterr().err
    assert not written.exists()
    assert facade.main([]) == 0
    assert written.read_text() == facade.render({"runs": ("AsyncRuns", "Runs of the deployment.")})
    assert facade.main(["--check"]) == 0
    (package / "_async" / "resources" / "jobs.py").write_text(
        RUNS.replace("AsyncRuns", "AsyncJobs")
    )
    assert facade.main(["--check"]) == 1


def test_a_bad_module_is_told(package, capsys):
    (package / "_async" / "resources" / "jobs.py").write_text("")
    assert facade.main([]) == 1
    assert "jobs.py: one class based on AsyncResource is wanted" in capsys.readouterr().err
