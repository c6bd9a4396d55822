"""The pages of the reference follow from docstrings and examples."""

from __future__ import annotations

import ast

import pytest
import reference
from reference_models import FOLDERS, Models, section

RUNS = '''
class Helper:
    """No resource."""

class Runs(Resource):
    """Runs of the deployment.

    Newest first, as ``list`` gives them.
    """

    def list(self, *, statuses: RunStatus | str | None = None, created_after: datetime | None = None, limit: int = 5) -> Pager[Run]:
        """List runs. GraphQL: ``runsOrError``.

        More about it.

        Args:
            statuses: Runs in one of these states,
                or in all.
            limit: How many; ``None`` for every one.

        Returns:
            A lazy list
            of runs.

        Raises:
            NotFoundError: There is none.
        """

    def get(self, run_id: str) -> Run:
        """Return one.

        Example:
            client.runs.get(run_id)
            client.runs.get("a")
        """

    @overload
    def wait(self, run_id: str, *, quietly: Literal[True]) -> Event: ...

    def wait(self, run_id: str, *, quietly: bool = False, until: str = "success") -> Run:
        """Wait."""

    def ids(self, *, statuses: str | None = None, limit: int = 5) -> builtins.list[str]:
        """List ids.

        Args:
            statuses: See ``list``.
            limit: See ``runs.list``; sensible.
        """

    def _own(self): ...
'''
MODELS = '''
class Summary(BaseModel):
    """`RunSummary`, as the API returns it."""

    typename__: ClassVar[str] = "RunSummary"
    id: str

class Run(Summary):
    """`Run`, as the API returns it."""

    owner: Annotated[Person | Team | Unknown, OneOf({"Person": Person}, Unknown)] | None = None
    steps: list[Step]

class Person(BaseModel):
    name: str

class Step(BaseModel):
    key: Key

class Key(BaseModel):
    name: str

class Event(BaseModel):
    """`Event`, as the API returns it."""

    typename__: str = typename()

class Started(Event):
    host: AnyHost

class UnknownEvent(Event, Unknown):
    """A newer one."""

class Helper:
    name: str
'''
CLIENT = '''
class DagsterPlus(Resources):
    """A client.

    Args:
        url: Where it is.
    """

    def __init__(self, *, url: str) -> None: ...

    @property
    def settings(self) -> Settings:
        """Where it sends to."""

    def find(self, filter: str = "all", *, pattern: str | None = None) -> Found:
        """Find all.

        Args:
            filter: What.
        """
'''
EXAMPLE = '"""What it shows."""\n\nfrom x import y\n\nprint(y)\n'


@pytest.fixture
def root(tmp_path):
    for folder in (reference.RESOURCES, reference.EXAMPLES):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "__init__.py").write_text("")
    (tmp_path / reference.RESOURCES / "runs.py").write_text(RUNS)
    (tmp_path / reference.EXAMPLES / "runs.py").write_text(EXAMPLE)
    models = tmp_path / FOLDERS[0]
    models.mkdir(parents=True)
    (models / "run.py").write_text(MODELS)
    return tmp_path


def test_a_page_has_everything(root):
    text = reference.pages(root)["runs.md"]
    assert text.startswith(
        "# client.runs\n\nRuns of the deployment.\n\nNewest first, as `list` gives"
    )
    assert "`dplus run`" in text
    assert "```python\nfrom x import y\n\nprint(y)\n```" in text
    assert "client.runs.list(\n    *,\n    statuses: RunStatus | str | None = None,\n" in text
    assert "List runs. GraphQL: `runsOrError`.\n\nMore about it.\n" in text
    assert "- `statuses`: Runs in one of these states, or in all.\n" in text
    assert "- `limit`: How many; `None` for every one.\n" in text
    assert "**Returns**: A lazy list of runs.\n" in text
    assert "- `NotFoundError`: There is none.\n" in text
    assert "```py\nclient.runs.get(run_id: str) -> Run\n```" in text
    assert "_own" not in text
    assert text.count("- `statuses`: Runs in one of these states, or in all.\n") == 2
    assert "- `limit`: How many; `None` for every one; sensible.\n" in text
    assert "limit: int = 5) -> list[str]\n" in text
    assert text.count("## wait\n") == 1
    assert 'quietly: bool = False, until: str = "success") -> Run' in text
    assert "class Run:\n    id: str\n    owner: Person | Team | None\n" in text
    assert "class Event" not in text  # it has no fields; its kinds have
    assert "class Started(Event):\n    host: Host\n" in text


def test_the_client_has_a_page_of_its_own(root):
    assert "client.md" not in reference.pages(root)
    (root / reference.CLIENT).write_text(CLIENT)
    (root / reference.EXAMPLES / "client.py").write_text(EXAMPLE)
    text = reference.pages(root)["client.md"]
    assert text.startswith("# client\n\nA client.\n\n**Args**\n\n- `url`: Where it is.\n")
    assert "```python\nfrom x import y\n\nprint(y)\n```" in text
    assert "```py\nclient.settings -> Settings\n```" in text
    assert 'client.find(filter: str = "all", *, pattern: str | None = None) -> Found\n' in text
    assert "- `filter`: What.\n" in text
    assert "__init__" not in text


def test_models_come_with_those_in_their_fields(root):
    models = Models(root)
    assert models.of(["Pager[Run] | None", "Helper", "str"]) == ["Run", "Person", "Step"]
    assert models.of(["Event"]) == ["Event", "Started"]
    assert models.fields("Run") == {
        "id": "str",
        "owner": "Person | Team | None",
        "steps": "list[Step]",
    }
    assert section(models, ["None", "Helper"]) == ""


def test_the_index_lists_the_pages(root):
    assert "| [runs](runs.md) | Runs of the deployment. |" in reference.pages(root)["README.md"]


def test_a_resource_without_an_area_is_found(root, capsys):
    for folder in (reference.RESOURCES, reference.EXAMPLES):
        (root / folder / "runs.py").rename(root / folder / "walks.py")
    assert reference.main([], root) == 1
    assert capsys.readouterr().err.startswith("walks: add it to an area in tools/reference.py")


def test_the_pages_of_the_project_are_current(capsys):
    assert reference.main(["--check"]) == 0, capsys.readouterr().err


def test_the_readme_leads_to_every_page():
    text = (reference.ROOT / "README.md").read_text()
    pages = {page.stem for page in (reference.ROOT / reference.PAGES).glob("[!R]*.md")} - {"client"}
    assert pages == {path.stem for path in (reference.ROOT / reference.RESOURCES).glob("[!_]*.py")}
    assert f"\n{len(pages)} resources" in text
    assert {name for name in pages if f"(docs/reference/{name}.md)" not in text} == set()


def test_each_resource_needs_an_example_and_the_reverse(root, capsys):
    (root / reference.EXAMPLES / "teams.py").write_text(EXAMPLE)
    assert reference.main([], root) == 1
    assert capsys.readouterr().err == "teams: no resource teams\n"
    (root / reference.EXAMPLES / "teams.py").unlink()
    (root / reference.EXAMPLES / "runs.py").unlink()
    assert reference.main(["--check"], root) == 1
    assert capsys.readouterr().err == "runs: examples/reference/runs.py is wanted\n"


def test_stale_pages_are_found_and_written(root, capsys):
    assert reference.main(["--check"], root) == 1
    assert "docs/reference/runs.md is stale: run make generate" in capsys.readouterr().err
    assert reference.main([], root) == 0
    assert reference.main(["--check"], root) == 0
    (root / reference.PAGES / "gone.md").write_text("old")
    assert reference.main(["--check"], root) == 1
    assert reference.main([], root) == 0
    assert not (root / reference.PAGES / "gone.md").exists()


def test_an_example_without_a_docstring_is_whole():
    assert reference.script("x = 1\nprint(x)\n") == "x = 1\nprint(x)\n"


def test_a_class_that_is_no_resource_is_passed_over(root):
    node = reference.resource_class(root / reference.RESOURCES / "runs.py")
    assert isinstance(node, ast.ClassDef)
    assert node.name == "Runs"


def test_a_method_shows_its_example(root):
    text = reference.pages(root)["runs.md"]
    assert 'Return one.\n\n```py\nclient.runs.get(run_id)\nclient.runs.get("a")\n```\n' in text
