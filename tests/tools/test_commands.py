"""The table of commands: the facade's signatures and docstrings as data."""

from __future__ import annotations

import importlib.util
import sys

import commands
import pytest

RUNS = '''
class AsyncRuns(AsyncResource):
    """Runs, of ``all`` kinds."""

    def list(
        self,
        *,
        statuses: RunStatus | str | Iterable[RunStatus | str] | None = None,
        one: RunStatus | str | None = None,
        tags: Mapping[str, str] | None = None,
        since: datetime | float | None = None,
        broken: bool | None = None,
        total: bool = False,
        names: Sequence[str] | None = None,
        where: Callable[[RunSummary], bool] | None = None,
        limit: int | None = None,
    ) -> AsyncPager[RunSummary]:
        """List runs. GraphQL: ``runsOrError``.

        Args:
            statuses: In one of these
                states.
            one: In ``this`` state.
            tags: Tags.
            since: Since then.
            broken: Broken or not.
            total: Count.
            names: Names.
            where: A filter.
            limit: How many.

        Raises:
            Error: No.
        """

    async def create(self, job: str, *, poll: float = 1.5, key: AssetKey | str | Sequence[str] = "") -> None:
        """Create.

        Args:
            job: See ``list``.
            poll: See ``runs.count``.
            key: The key "of" it; it's quoted.
        """

    async def mark(self, value: str | Secret, *, on: bool, check: bool = True, name: str) -> Secret:
        """Mark.

        Args:
            value: It.
            on: Whether.
            check: Check.
            name: Its name.
        """

    async def count(self, *, statuses: RunStatus | None = None, poll: float | None = None) -> int:
        """Count.

        Args:
            statuses: See ``list``.
            poll: In seconds.
        """

    async def get(self, run_id: str) -> RunSummary:
        """Get.

        Args:
            run_id: Its id.
        """

    async def names(self) -> list[str]:
        """Names."""

    def events(self, document: Document, key: AssetKey | str | Sequence[str]) -> AsyncPager[Event]:
        """Events.

        Args:
            document: The settings: a mapping, YAML or JSON text, or the path of such a file; all.
            key: Of it.
        """

    async def states(self, key: str, document: Document) -> builtins.list[RunStatus]:
        """States.

        Args:
            key: The key.
            document: A mapping of runs, YAML or JSON text, or the path of such a file.
        """

    async def add(self) -> AssetKey:
        """Add."""

    def _hidden(self): ...
'''
SUMMARY = '''
class RunSummary(RunBase):
    """Summary."""

    typename__: ClassVar[str] = "Run"
    schema_: str


class Special(RunSummary):
    """Special."""

    more: int


class Other:
    """Other."""

    no: int
'''
BASE = """
class RunBase(BaseModel):
    id: str
    places: list[AnyPlace] | None = None
    keys: list[AssetKey]
    json_: Any | None = None
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with one resource, instead of the real one."""
    files = {
        "_async/resources/runs.py": RUNS.replace("job: See ``list``.", "job: The job."),
        "_async/resources/__init__.py": "",
        "_generated/enums/run_status.py": 'class RunStatus:\n    """E."""\n\n    A = "A"\n    B = "B"\n',
        "_generated/models/run_summary.py": SUMMARY,
        "_generated/models/run_base.py": BASE,
        "_generated/models/place.py": "class Place(BaseModel):\n    name: str\n",
        "_core/events.py": "Event: TypeAlias = Place | RunBase | Unknown\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "cli").mkdir()
    monkeypatch.setattr(commands, "PACKAGE", tmp_path)
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def verbs(package):
    """The verbs of the one resource."""
    return commands.verbs(commands.Facade(package), "runs")


def params(verb) -> dict:
    return {entry.pop("name"): entry for entry in verb["params"]}


def test_a_noun(package):
    noun = commands.nouns(commands.Facade(package))["run"]
    assert noun == {"module": "runs", "help": "Runs, of all kinds."}
    verbs = commands.verbs(commands.Facade(package), "runs")
    assert list(verbs) == [
        "list", "create", "mark", "count", "get", "names", "events", "states", "add",
    ]  # fmt: skip


def test_the_options_of_a_list(verbs):
    verb = verbs["list"]
    assert (verb["help"], verb["returns"], verb["model"]) == ("List runs.", "pager", "RunSummary")
    assert verb["fields"] == ["id", "places", "keys", "json", "schema", "more"]
    assert verb["nested"] == ["places", "json"]
    found = params(verb)
    assert "where" not in found
    assert {name: entry["kind"] for name, entry in found.items()} == {
        "statuses": "list",
        "one": "text",
        "tags": "tags",
        "since": "time",
        "broken": "maybe",
        "total": "flag",
        "names": "list",
        "limit": "limit",
    }
    assert found["statuses"]["help"] == "In one of these states."
    assert found["statuses"]["options"] == ["--status", "--statuses"]
    assert found["statuses"]["choices"] == ["A", "B"]
    assert found["one"]["help"] == "In this state."
    assert found["broken"]["options"] == ["--broken/--no-broken"]
    assert (found["limit"]["default"], found["limit"]["help"]) == (50, commands.HELP["limit"])
    assert found["since"]["help"] == commands.TIME_HELP


def test_arguments_and_defaults(verbs):
    assert verbs["create"]["returns"] == "none"
    found = params(verbs["create"])
    assert found["job"]["options"] == ["--job"]  # the facade's place is an option here
    assert found["poll"] == {
        "kind": "seconds",
        "help": "In seconds.",
        "options": ["--poll"],
        "default": 1.5,
    }
    assert "options" not in params(verbs["get"])["run_id"]
    assert (verbs["count"]["returns"], verbs["names"]["returns"]) == ("value", "items")


def test_a_union_has_the_fields_of_its_members(verbs):
    events = verbs["events"]
    assert events["fields"] == ["name", "id", "places", "keys", "json"]
    assert events["nested"] == ["places", "json"]


def test_what_is_no_object_has_no_fields(verbs):
    for name, returns in (("states", "items"), ("add", "value"), ("names", "items")):
        verb = verbs[name]
        assert (verb["returns"], verb["model"], verb["fields"]) == (returns, "", [])
        assert "nested" not in verb


def test_help_is_about_files_and_texts(verbs):
    events, states = params(verbs["events"]), params(verbs["states"])
    assert events["document"]["help"] == "The settings: a YAML or JSON file; all."
    assert states["document"]["help"] == "A mapping of runs, in a YAML or JSON file."
    assert events["key"]["help"] == commands.ASSET_HELP
    assert states["key"]["help"] == "The key."


def test_what_must_be_given_and_what_can_be_off(verbs):
    found = params(verbs["mark"])
    assert {name: entry["kind"] for name, entry in found.items()} == {
        "value": "secret",
        "on": "maybe",
        "check": "maybe",
        "name": "text",
    }
    assert (found["on"]["required"], found["name"]["required"]) == (True, True)
    assert found["check"]["options"] == ["--check/--no-check"]
    assert found["check"]["default"] is True
    assert "required" not in found["check"]
    assert verbs["mark"]["returns"] == "value"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("job: str", "job: complex", r"runs.create\(job\): no option can be a 'complex'"),
        ("            poll: In seconds.\n", "", r"runs.count\(poll\): its docstring says nothing"),
        ('"""Count.\n', '"""\n        Count.\n', None),
        ('"""Names."""', "...", "names: a docstring is wanted"),
    ],
)
def test_what_cannot_be_a_command(package, capsys, old, new, says):
    path = package / "_async" / "resources" / "runs.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert commands.main([]) == (1 if says else 0)
    captured = capsys.readouterr()
    if says:
        with pytest.raises(commands.CommandError, match=says):
            commands.verbs(commands.Facade(package), "runs")
        assert captured.err


@pytest.mark.parametrize(
    ("attribute", "noun"),
    [
        ("runs", "run"),
        ("run_events", "run-events"),
        ("code_locations", "code-location"),
        ("alert_policies", "alert-policy"),
        ("organization", "organization"),
        ("insights", "insights"),
    ],
)
def test_nouns(attribute, noun):
    assert commands.noun(attribute) == noun


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("AsyncPager[Run]", ("pager", "Run")),
        ("AsyncIterator[RunEvent]", ("stream", "RunEvent")),
        ("list[str]", ("items", "")),
        ("None", ("none", "")),
        ("Run", ("model", "Run")),
        ("int", ("value", "")),
        ("dict[str, Any]", ("value", "")),
    ],
)
def test_results(annotation, expected):
    assert commands.returned(annotation) == expected


def written(package, name, table):
    path = package / "cli" / "_commands" / name
    spec = importlib.util.spec_from_file_location("written", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, table)


def test_the_modules_hold_the_tables(package):
    facade = commands.Facade(package)
    assert commands.main([]) == 0
    assert written(package, "__init__.py", "NOUNS") == commands.nouns(facade)
    assert written(package, "runs.py", "VERBS") == commands.verbs(facade, "runs")


def test_write_and_check(package, capsys):
    folder = package / "cli" / "_commands"
    assert commands.main(["--check"]) == 1
    assert "stale: run make generate" in capsys.readouterr().err
    assert not folder.exists()
    assert commands.main([]) == 0
    assert commands.main(["--check"]) == 0
    (folder / "runs.py").write_text("")
    assert commands.main(["--check"]) == 1
    assert commands.main([]) == 0
    (folder / "gone.py").write_text("")
    assert commands.main(["--check"]) == 1
    assert commands.main([]) == 0
    assert not (folder / "gone.py").exists()


def test_the_real_table_is_current_and_nothing_is_imported():
    before = set(sys.modules)
    assert commands.main(["--check"]) == 0
    assert {name for name in sys.modules if name not in before and "dagster" in name} == set()


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [("int | str", "text"), ("Iterable[int | str]", "list"), ("Mapping[str, str]", "tags")],
)
def test_who_is_named_by_text_or_number_is_a_text(tmp_path, annotation, kind):
    facade = commands.Facade(tmp_path)
    assert commands.kind_of(facade, annotation, "users.get(user)") == kind
    with pytest.raises(commands.CommandError, match="no option can be a"):
        commands.kind_of(facade, f"Sequence[{annotation}, int]", "users.get(user)")


@pytest.mark.parametrize(
    ("python", "shell"),
    [
        ("Yield the events as they come.", "Print the events as they come."),
        ("Wait until it has ended, and return it.", "Wait until it has ended, and print it."),
        ("Give up. None waits as long as it takes.", "Give up; else it waits as long as it takes."),
        ("``prod`` if None.", "prod unless given."),
        ("Raise where it failed.", "Fail where it failed."),
        ("Returns nothing; None of it.", "Returns nothing; None of it."),
    ],
)
def test_help_says_what_a_shell_does(python, shell):
    assert commands.plain(python) == shell
