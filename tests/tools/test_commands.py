"""The table of commands: the facade's signatures and docstrings as data."""

from __future__ import annotations

import importlib.util
import sys

import commands
import pytest
from command_examples import ExampleError, calls_in, shell_line

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
            since: Runs since then: an aware datetime, or epoch seconds (UTC).
            broken: Broken or not.
            total: Count.
            names: Names.
            where: A filter.
            limit: How many.

        Raises:
            Error: No.

        Example:
            client.runs.list(
                statuses=["A", "B"], tags={"team": "shop", "by": user}, since=yesterday, limit=5
            )
            client.runs.list(names=["a b", name], broken=False, total=True)
            await client.runs.create("daily", poll=0.5)
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

        Example:
            await client.runs.mark(secret_name, on=True, check=False, name="it's")
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
    assert found["since"]["help"] == f"Runs since then: {commands.TIME_HELP}."


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
        ("Runs since then: an", "An", "since: say what the time is of"),
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
        ("Only old ones (True), or only new ones (False).", "Only old ones, or only new ones."),
        ("How long, in seconds, or a ``timedelta``.", "How long, in seconds."),
        ("A file with it, or its bytes.", "A file with it."),
        ("List it. The API has no pages here: one request gets all.", "List it."),
        ("List it. The API has no pages here. Slow.", "List it. Slow."),
    ],
)
def test_help_says_what_a_shell_does(python, shell):
    assert commands.plain(python) == shell


@pytest.mark.parametrize(
    ("python", "shell"),
    [
        ("``set_on`` first.", "``set-on`` first."),
        ("See ``runs.set_on``.", "See ``run set-on``."),
        ("``list`` gives ``some_text``, ``runs.some_text`` and ``cats.set_on``.", None),
    ],
)
def test_help_names_commands(package, python, shell):
    path = package / "_async" / "resources" / "runs.py"
    path.write_text(path.read_text().replace("async def mark(", "async def set_on("))
    facade = commands.Facade(package)
    assert commands.in_commands(facade, "runs", python) == (shell or python)


@pytest.mark.parametrize("what", ["GraphQL: ``runs``", "REST: ``/runs``"])
def test_a_summary_ends_before_what_is_behind_it(package, what):
    path = package / "_async" / "resources" / "runs.py"
    path.write_text(path.read_text().replace('"""Count.', f'"""Count ``all``. {what}.'))
    assert commands.verbs(commands.Facade(package), "runs")["count"]["help"] == "Count all."


def test_help_of_a_file_of_bytes():
    """What the parameter is called says nothing about what it is."""
    said = commands.help_of("metadata", "bytes | os.PathLike[str]", "An XML file.")
    assert said == "An XML file."
    assert commands.help_of("metadata", "Document", "Values.") == commands.HELP["metadata"]


def test_examples_in_the_words_of_a_shell(package, verbs):
    assert verbs["list"]["examples"] == [
        'dplus run list --status A,B --tag "team=shop,by=$USER" --since yesterday --limit 5',
        'dplus run list --names "a b,$NAME" --no-broken --total',
        "dplus run create --job daily --poll 0.5",
    ]
    marked = """dplus run mark "$SECRET_NAME" --on --no-check --name 'it'"'"'s'"""
    assert verbs["mark"]["examples"] == [marked]
    missing = commands.without_example(commands.Facade(package))
    assert missing == [
        f"runs.{name}" for name in ["create", "count", "get", "names", "events", "states", "add"]
    ]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('await client.runs.states("a", Path("runs.yaml"))', "states a runs.yaml"),
        ('await client.runs.states("a", Path("my runs.yaml"))', "states a 'my runs.yaml'"),
        ("await client.runs.count(statuses=state, poll=2)", 'count --status "$STATE" --poll 2'),
        ('client.runs.list(since="2024-05-01T00:00:00Z")', "list --since 2024-05-01T00:00:00Z"),
        ('client.runs.list(tags={"a": "$1, `it`", "b": c})', r'list --tag "a=\$1, \`it\`,b=$C"'),
    ],
)
def test_an_example(package, call, words):
    assert examples_of_get(package, call) == [f"dplus run {words}"]


def examples_of_get(package, call) -> list[str]:
    path = package / "_async" / "resources" / "runs.py"
    old = '"""Get.\n\n        Args:\n            run_id: Its id.\n'
    assert old in path.read_text()
    text = path.read_text().replace(old, f"{old}\n        Example:\n            {call}\n")
    path.write_text(text)
    return commands.examples(commands.Facade(package), "runs", "get")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ('await client.runs.states("a", "runs.yaml")', r'a file is Path\("..."\)'),
        ("client.runs.", "an example is no Python: client.runs."),
        ("print(1)", "no call of a method of client"),
        ("x = client.runs.list()", "no call of a method of client"),
        ("client.jobs.list()", "there is no such method"),
        ("client.runs.remove()", "there is no such method"),
        ("client.runs._hidden()", "there is no such method"),
        ("client.runs.count()", "an await too many, or too few"),
        ("await client.runs.list()", "an await too many, or too few"),
        ("client.runs.list(where=check)", "the command has no where"),
        ("client.runs.list(**more)", r"the command has no \*\*"),
        ('await client.runs.get("a", "b")', "too many arguments by place"),
        ('await client.runs.get("a", run_id="b")', "too many arguments by place"),
        ("client.runs.list(total=False)", "total=False: nothing that a switch says"),
        ("client.runs.list(broken=1)", "broken=1: nothing that a switch says"),
        ("client.runs.list(names=None)", "names=None: neither a text nor a number"),
        ('client.runs.list(names=["a,b"])', "a comma would part it"),
        ('client.runs.list(tags={"a": "b,c=d"})', "it would be read as something else"),
        ('client.runs.list(tags={1: "b"})', "a key is no text"),
        ('client.runs.list(tags="a=b")', "no word can be that"),
        ("client.runs.list(limit=True)", "no word can be that"),
    ],
)
def test_an_example_that_is_none(package, call, says):
    with pytest.raises(commands.CommandError, match=says):
        examples_of_get(package, call)


def test_destructive_verbs_of_an_example_are_sure(package, monkeypatch):
    plain = commands.verb
    monkeypatch.setattr(commands, "verb", lambda *a: plain(*a) | {"destructive": True})
    call = "await client.runs.get(run_id)"
    assert examples_of_get(package, call) == ['dplus run get "$RUN_ID" --yes']


@pytest.mark.parametrize(
    ("kind", "argument", "words"),
    [
        ("records", "launches", "--it launches.yaml"),
        ("range", '["2024-01-01", "2024-01-02"]', "--it 2024-01-01..2024-01-02"),
        ("range", '["a", last]', '--it "a..$LAST"'),
        ("range", '["a.b", "c"]', None),
        ("range", '["a"]', None),
        ("records", '[{"job": "a"}]', None),
        ("secret", "secret", '--it "$SECRET"'),
    ],
)
def test_kinds_of_arguments(kind, argument, words):
    (call,) = calls_in(f"Does.\n\nExample:\n    client.runs.list(it={argument})")
    entry = {"method": "list", "params": [{"name": "it", "kind": kind, "options": ["--it"]}]}
    if words is None:
        with pytest.raises(ExampleError, match=r"client\.runs\.list"):
            shell_line(call, "run", entry, [])
    else:
        assert shell_line(call, "run", entry, []) == f"dplus run list {words}"


def test_every_method_has_an_example():
    """What the facade has, a command's help shows: methods without an example are to be given one."""
    assert commands.without_example(commands.Facade(commands.PACKAGE)) == []


@pytest.mark.parametrize("text", ["plain", "it's", 'a "b"', 'it\'s "b"', '\'a\' "b" c"', "ä"])
def test_texts_are_written_as_the_formatter_does(text):
    """Double quotes, but where others need fewer backslashes."""
    written = commands.literal(text, "")
    assert eval(written) == text
    assert written.count("\\") == min(text.count('"'), text.count("'"))
    assert (written[0] == "'") == (text.count('"') > text.count("'"))
