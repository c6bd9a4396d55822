"""The words of the official ``dg api``: each command and option is known, and each line of the guide's table runs."""

from __future__ import annotations

import os
import re
import shlex
from datetime import datetime, timezone
from itertools import count
from pathlib import Path

import click
import pytest
from kit.command_lines import leaves

from dagster_plus_sdk.cli.app import NAME, build
from dagster_plus_sdk.cli.dg import reading as dg
from dagster_plus_sdk.cli.dg import running as dg_run
from dagster_plus_sdk.cli.dg.words import COMMANDS, VERSION
from dagster_plus_sdk.cli.running.waiting import FOREVER
from dagster_plus_sdk.cli.state import State
from dagster_plus_sdk.cli.tree import is_noun, nouns, verb_of, verbs
from dagster_plus_sdk.sandbox import Sandbox

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "dg-api.md"
_TREE = Path(__file__).with_name("dg_api.txt").read_text().splitlines()
#: The official commands, each with its parameters: an argument by its name, an option by its spellings.
OFFICIAL = {
    path.strip(): [p.split("/") for p in params.split()]
    for path, _, params in (line.partition("|") for line in _TREE[1:])
}
ROWS = [
    (theirs, theirs.replace("dg api", NAME) if ours.startswith("the same") else ours.strip("`"))
    for theirs, ours in re.findall(
        r"^\| `(dg api .*)` \| (.*?) \|$", GUIDE.read_text(), re.MULTILINE
    )
]
#: What the table's lines need to be there, by our command: another one before each of them.
BEFORE = {
    "artifact download": "artifact upload models/latest model.pkl --scope organization",
    "code-location delete": "code-location create shop --image a --module-name a --or-update",
    "deployment delete": "deployment create $OLD",
    "issue unlink": "issue link $ISSUE_ID --run $RUN_ID",
    "organization remove-saml-metadata": "organization upload-saml-metadata metadata.xml",
}
#: What makes something new each time, or ends it: of their results only the names are compared.
NEW = ("code-location add", "deployment delete", "issue create", "run launch")
#: What is new each time.
_VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def command(path: str) -> click.Command:
    """The command that some words lead to."""
    found: click.Command = build()
    context = click.Context(found, obj=State())
    for word in path.split():
        assert isinstance(found, click.Group)
        below = found.get_command(context, word)
        assert below is not None, path
        found = below
    return found


def spellings(found: click.Command) -> set[str]:
    """All options that a command takes, by our words and by those of ``dg api``."""
    params = list(found.params)
    path = getattr(found, "_path", "")
    if path in COMMANDS and not found._entry.get("words"):
        params += [click.Option([*o, "x"]) for o in options_of(dg._translated(path))]
    return {word for param in params for word in (*param.opts, *param.secondary_opts)}


def options_of(entry) -> list[list[str]]:
    """The options of a command in the table, each with its spellings."""
    return [p["options"] for p in entry["params"] if "options" in p]


def target(line: str) -> dict:
    """Our command's entry in the table, for a line."""
    words = shlex.split(line)[1:]
    entries, found, path = nouns(), {}, ""
    for word in words:
        path = f"{path} {word}".strip()
        if word not in entries:
            theirs = dg.below(path)
            return _last(theirs, words[len(path.split()) :])["ours"]
        found = entries[word]
        if not is_noun(found):
            return found
        entries = verbs(path, found)
    raise AssertionError(line)


def _last(entry: dict, words: list[str]) -> dict:
    return entry if "words" in entry else _last(entry["verbs"][words[0]], words[1:])


def test_the_version_is_that_of_the_data():
    assert VERSION in _TREE[0]
    assert VERSION in GUIDE.read_text()
    assert len(OFFICIAL) == 48


@pytest.mark.parametrize("path", OFFICIAL)
def test_every_official_command_and_option_is_understood(path):
    taken = spellings(command(path)) | {dg.SCHEMA}
    options = [option for param in OFFICIAL[path] if param[0][0] == "-" for option in param]
    assert [option for option in options if option not in taken] == []


@pytest.mark.parametrize("path", OFFICIAL)
def test_official_arguments_stand_where_they_stood(path):
    found = command(path)
    if path in COMMANDS and getattr(found, "_path", "") == path:
        entry = dg._translated(path)
        arguments = [p["name"] for p in entry["params"] if "options" not in p]
    else:
        arguments = [p.name for p in found.params if isinstance(p, click.Argument)]
    assert len(arguments) == sum(param[0][0] != "-" for param in OFFICIAL[path])


def test_no_word_hides_one_of_ours_and_each_leads_to_one():
    ours = set(leaves())
    for path, words in COMMANDS.items():
        assert path in OFFICIAL, path
        assert ("to" in words) == (path not in ours), path
        assert words.get("to", path) in ours, path
        names = {p["name"] for p in verb_of(words.get("to", path))["params"]}
        changed = {*words.get("options", ()), *words.get("times", ()), *words.get("kinds", ())}
        assert changed | {*words.get("set", ()), *words.get("required", ())} <= names | {
            p["name"] for p in words.get("more", ())
        }, path


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("asset-check", 0, "get-executions"),
        ("asset-check list", 2, "Missing option '--asset-key'"),
        ("asset-check lists --asset-key a", 2, "no command 'lists'"),
        ("deployment settings", 0, "Commands:\n  get"),
        ("issue create --title a", 2, "Missing option '--description'"),
        ("issue create a b --titel c", 2, "no option --titel"),
        ("issue list --created-after never", 2, "'never'"),
        ("run launch -l demo", 2, "say what to run"),
        ("run launch --job a --tag b", 2, "--tag 'b' is no key=value"),
        ("secret list --scope nothing", 2, "none of deployment, organization"),
        ("deployment list --type branch --status ACTIVE", 2, "--status is for full deployments"),
        ("graphql --response-schema", 2, "has no schema"),
    ],
)
def test_what_is_said_without_a_server(dplus, words, code, said):
    done = dplus(*words.split())
    assert (done.code, said in done.out + done.err) == (code, True), done


@pytest.fixture
def ran(dplus, monkeypatch):
    """Runs a line up to our own command; returns its method and what it would do."""
    done = []
    monkeypatch.setattr(dg_run, "_then", lambda _, ours, values: done.append((ours, values)))

    def run(line: str):
        found = dplus(*shlex.split(line))
        assert found.code == 0, found.err
        [(ours, values)] = done
        return f"{ours['attribute']}.{ours['method']}", values

    return run


@pytest.mark.parametrize(
    ("line", "method", "values"),
    [
        ("run launch -j a", "runs.create", {"wait": False, "timeout": FOREVER, "job": "a"}),
        ("run launch -j a -w -i 30", "runs.create", {"wait": True, "timeout": FOREVER}),
        ("run launch -j a --wait --timeout 5", "runs.create", {"timeout": 5.0}),
        ("run launch -j a --tag k=v,w=x --tag l=", "runs.create", {"tags": ({"k": "v,w=x"}, {"l": ""})}),
        ("run launch --asset-key a/b --asset-key c", "runs.create",
         {"asset_selection": (["a/b"], ["c"]), "job": None}),
        ("run launch --job j --asset-key a", "jobs.launch",
         {"name": "j", "asset_selection": (["a"],), "wait": False, "validate_only": None}),
        ("asset get-events a --event-type asset_observation", "assets.events", {"types": (["OBSERVATION"],)}),
        ("asset get-events a --before 2024-01-15T00:00:00", "assets.events",
         {"before": datetime(2024, 1, 15, tzinfo=timezone.utc)}),
        ("asset get-events a --before 2024-01-15T00:00:00+02:00", "assets.events",
         {"before": datetime(2024, 1, 14, 22, tzinfo=timezone.utc)}),
        ("asset get-events a --before 17.5", "assets.events", {"before": 17.5}),
        ("issue list --created-after 2024-05-01T12:00:00", "issues.list",
         {"created_after": datetime(2024, 5, 1, 12, tzinfo=timezone.utc), "created_before": None}),
        ("issue create --description b --title a", "issues.create", {"title": "a", "description": "b"}),
        ("secret list --scope organization", "secrets.list", {"scopes": (["full", "branches", "local"],)}),
        ("run get-logs r --step-key s", "logs.get", {"step": "s"}),
        ("run get-logs r --link-only --step-key s", "logs.links", {"step": "s", "limit": 50}),
        ("deployment list --pr-status OPEN --type all", "deployments.list",
         {"type": (["all"],), "pull_request_status": "OPEN"}),
    ],
)  # fmt: skip
def test_the_words_become_ours(ran, line, method, values):
    found = ran(line)
    assert found[0] == method
    assert found[1].items() >= values.items()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("locations: [{location_name: a}, {location_name: shop, image: b}]",
         {"location_name": "shop", "image": "b"}),
        ("image: b", None),
        ("[broken", None),
    ],
)  # fmt: skip
def test_of_a_file_with_several_locations_one_is_taken(tmp_path, text, found):
    path = tmp_path / "locations.yaml"
    path.write_text(text)
    assert dg_run._one_of(path, "shop") == (found or path)


def test_a_location_that_is_not_in_the_file(dplus, tmp_path):
    path = tmp_path / "locations.yaml"
    path.write_text("locations: [{location_name: a}]")
    done = dplus("code-location", "add", "shop", "--from", str(path))
    assert (done.code, "no location 'shop' is in the file" in done.err) == (2, True)


@pytest.fixture(scope="module")
def control_plane():
    with Sandbox(dagster=None) as sandbox:
        yield sandbox


@pytest.fixture
def plus(dplus, control_plane):
    url, token = control_plane.url, control_plane.token
    return lambda *words: dplus(*words, "--url", url, "-o", "demo", "--api-token", token)


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("", ["PRODUCTION", "PRODUCTION"]),
        ("--type production", ["PRODUCTION", "PRODUCTION"]),
        ("--type branch", ["BRANCH"]),
        ("--type branch --pr-status CLOSED", []),
        ("--type all", ["PRODUCTION", "PRODUCTION", "BRANCH"]),
        ("--type all --limit 1", ["PRODUCTION"]),
        ("--type all --limit all", ["PRODUCTION", "PRODUCTION", "BRANCH"]),
        ("--type PRODUCTION,BRANCH", ["PRODUCTION", "PRODUCTION", "BRANCH"]),
    ],
)
def test_deployments_by_type(plus, words, types):
    done = plus("deployment", "list", *words.split(), "--json")
    assert [one["type"] for one in done.json["items"]] == types


def test_artifacts_are_the_organizations_unless_a_deployment_is_named(plus, tmp_path):
    sent, got = tmp_path / "sent", tmp_path / "got"
    sent.write_text("x")
    assert plus("artifact", "upload", "k", str(sent)).code == 0
    assert plus("artifact", "download", "k", str(got), "--scope", "deployment").code == 1
    assert plus("artifact", "download", "k", str(got), "--scope", "organization").code == 0
    assert plus("artifact", "download", "k", str(got), "--deployment", "prod").code == 1
    assert plus("artifact", "upload", "k", str(sent), "-d", "prod").code == 0
    assert plus("artifact", "download", "k", str(got), "-d", "prod").code == 0


def with_models() -> list[str]:
    found = []
    for path in leaves():
        entry = target(f"{NAME} {path}")
        found += [path] if "returns" in entry else []
    return found


@pytest.mark.parametrize("path", [*with_models()[::12], *OFFICIAL])
def test_the_schema_of_each_result(dplus, path):
    done = dplus(*path.split(), dg.SCHEMA)
    assert done.code == 0, done.err
    assert done.json.keys() & {"type", "oneOf", "anyOf"}
    if path in OFFICIAL:
        assert done.json["type"] == "object"


def test_words_that_are_ours_import_no_others(run_python_modules):
    assert not run_python_modules("run", "list", "--help") & {"dg", "words"}
    assert run_python_modules("asset-check", "list", "--help") >= {"dg", "words"}


@pytest.fixture
def run_python_modules():
    import json
    import subprocess
    import sys

    script = (
        "import sys, json\nfrom dagster_plus_sdk.cli import main\nmain(sys.argv[1:])\n"
        "print(json.dumps([n.split('.')[-1] for n in sys.modules if '.cli.' in n]))"
    )

    def imported(*words: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", script, *words], capture_output=True, text=True, check=True
        )
        return set(json.loads(done.stdout.splitlines()[-1]))

    return imported


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(dagster="inprocess") as sandbox:
        yield sandbox


@pytest.fixture
def here(dplus, sandbox, monkeypatch, tmp_path):
    """Runs a line where the environment is that of ``dg api``, in a folder with the files of the table."""
    monkeypatch.chdir(tmp_path)
    for name in ("URL", "ORGANIZATION", "DEPLOYMENT"):
        value = getattr(sandbox, name.lower(), "prod")
        monkeypatch.setenv(f"DAGSTER_CLOUD_{name}", value)
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", sandbox.token)
    Path("policies.yaml").write_text(dplus("alert-policy", "export").out)
    Path("model.pkl").write_text("weights")
    Path("metadata.xml").write_text("<md:EntityDescriptor/>")
    Path("settings.yaml").write_text("run_retries: {max_retries: 2}")
    Path("organization.yaml").write_text("sso_default_role: EDITOR")
    Path("location.yaml").write_text("{location_name: shop, code_source: {module_name: a}}")

    def run(line: str, *more: str):
        if line == BEFORE["deployment delete"]:
            # A name is free again only some time after its deployment was deleted.
            monkeypatch.setenv("OLD", f"old-{next(numbers)}")
        return dplus(*shlex.split(os.path.expandvars(line)), *more)

    numbers = count()

    made = run("run create --job noisy_report --timeout 100 --fields id")
    monkeypatch.setenv("RUN_ID", made.out.split()[-1])
    made = run("issue create A B --fields id")
    monkeypatch.setenv("ISSUE_ID", made.out.split()[-1])
    listed = run("agent list --limit 1 --fields id")
    monkeypatch.setenv("AGENT_ID", listed.out.strip())
    return run


def shape(value):
    """A result without what is new each time; of several processes that start something only the names."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return _VOLATILE.sub("*", value) if isinstance(value, str) else value


def same(theirs: str, first, second) -> bool:
    """Whether both lines said the same."""
    if any(f"dg api {words}" in theirs for words in NEW):
        return first.keys() == second.keys()
    if "get-partition-status" in theirs:
        return {"definition.partition_stats": first} == second
    return shape(first) == shape(second)


@pytest.mark.dagster
def test_every_line_of_the_table_runs_and_says_what_ours_says(here):
    wrong = []
    for theirs, ours in ROWS:
        lines = dict.fromkeys((theirs.replace("dg api", NAME), ours))
        done = [said_by(here, line) for line in lines]
        wrong += [(line, one) for line, one in zip(lines, done, strict=True) if one.code]
        if not any(one.code for one in done) and not same(theirs, done[0].json, done[-1].json):
            wrong.append((theirs, *done))
    assert wrong == []


def said_by(here, line: str):
    """Run a line of the table behind what it needs; with ``--yes`` where it would ask."""
    entry = target(line)
    noun = next(n for n, e in nouns().items() if e.get("module") == entry["attribute"])
    before = BEFORE.get(f"{noun} {entry['method'].replace('_', '-')}")
    assert before is None or here(before, *sure(f"{NAME} {before}")).code == 0, before
    return here(line.partition(" ")[2], "--json", *sure(line))


def sure(line: str) -> list[str]:
    """What a line needs besides, where it would ask."""
    return ["--yes"] if "destructive" in target(line) else []


def test_every_line_of_the_table_is_one_of_the_official_command():
    used = set()
    for theirs, _ in ROWS:
        words = shlex.split(theirs)[2:]
        path = next(p for p in OFFICIAL if words[: len(p.split())] == p.split())
        options = {option for param in OFFICIAL[path] for option in param}
        assert {w for w in words if re.match(r"--?[a-z]", w)} <= options, theirs
        used.add(path)
    assert used == set(OFFICIAL)
