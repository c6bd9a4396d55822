"""Help, and what is imported for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import click
import pytest
from kit.command_lines import leaves

from dagster_plus_sdk import __version__
from dagster_plus_sdk.cli.app import build
from dagster_plus_sdk.cli.params.options import GlobalOption
from dagster_plus_sdk.cli.tree import SECTIONS, is_noun, nouns

LEAVES = [tuple(path.split()) for path in leaves()]
GROUPS = [(), *((name,) for name, entry in nouns().items() if is_noun(entry))]


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_help_with_an_example_and_the_global_options(dplus, path):
    done = dplus(*path, "--help")

    assert done.code == 0
    assert done.err == ""
    examples = done.out.partition("\nExamples:\n")[2].splitlines()
    assert examples
    assert all(line.startswith(f"  dplus {' '.join(path)}") for line in examples)
    for option in ("--json", "--organization", "--view-graphql", "--api-token"):
        assert option in done.out


def test_the_nouns_and_verbs_are_there():
    paths = {" ".join(path) for path in LEAVES}
    assert paths >= {
        "run list", "run get", "run create", "run terminate", "run delete", "run count",
        "run-events get", "run-events follow", "job list", "job get", "job launch",
        "asset list", "asset get", "code-location list", "code-location get",
        "code-location reload", "deployment list", "deployment get", "deployment current",
        "organization get", "config show", "auth status", "graphql", "completion",
    }  # fmt: skip


def test_every_noun_stands_in_one_section():
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(nouns())


@pytest.mark.parametrize("path", GROUPS, ids=lambda path: " ".join(path) or "dplus")
def test_a_noun_alone_prints_its_help(dplus, path):
    done = dplus(*path)
    assert done.code == 0
    titles = ["Commands"] if path else SECTIONS
    assert all(f"\n\n{title}:\n  " in done.out for title in titles)
    assert done.out == dplus(*path, "--help").out


def test_the_help_of_a_command(dplus):
    out = dplus("run", "terminate", "-h").out
    assert out == dplus("run", "terminate", "--help").out
    assert out.startswith(
        "Usage: dplus run terminate [OPTIONS] RUN_ID\n\n  End a run.\n\n  RUN_ID: Its id.\n\n"
    )
    options = out.partition("\nOptions:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in options.splitlines() if line[:3] == "  -"] == [
        "--force",
        "-y,",
        "--dry-run",
        "-h,",
    ]


def test_help_has_options_of_a_kind_together_and_fields_behind_them(dplus):
    out = dplus("run", "create", "--help").out
    order = [
        "\n  --run-config", "\n  --config-yaml", "\n  --asset-selection", "\n  --asset-pattern", "\n  -h, --help",
        "\nOptions of every command:", "\nFields:\n  id, status, job_name", "\nExamples:",
    ]  # fmt: skip
    places = [out.index(word) for word in order]
    assert places == sorted(places)
    assert "\nFields:" not in dplus("run", "count", "--help").out


@pytest.mark.parametrize(
    ("words", "same"),
    [(["help"], ["--help"]), (["help", "run", "list"], ["run", "list", "--help"]), (["version"], ["--version"])],
)  # fmt: skip
def test_help_and_version_are_words_too(dplus, words, same):
    done = dplus(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out == dplus(*same).out


@pytest.mark.parametrize(
    "line",
    ["run create", "run reexecute", "run watch", "job launch", "asset materialize", "asset observe",
     "backfill watch", "log get"],
)  # fmt: skip
def test_the_help_of_running_things_speaks_shell(dplus, line):
    text = " ".join(dplus(*line.split(), "--help").out.split())
    for word in ("None", "True", "mapping", "``", "See ", "see validate", "as in list", "_only"):
        assert word not in text, word


OPTIONS = [
    (" ".join(path), param) for path, entry in leaves().items() for param in entry.get("params", ())
]
#: Words that are about Python.
PYTHON = (
    "None", "True", "False", "mapping", "timedelta", "datetime", "pager", "this client",
    "iterator", "return what", "ErrorInfo",
)  # fmt: skip


@pytest.mark.parametrize("word", PYTHON)
def test_no_help_speaks_python(word):
    told = [(path, param["help"]) for path, param in OPTIONS]
    told += [(" ".join(path), entry["help"]) for path, entry in leaves().items()]
    assert [path for path, text in told if re.search(rf"\b{word}\b", text)] == []


def test_times_say_what_they_are_of_and_how_they_are_written():
    told = [(path, param["help"]) for path, param in OPTIONS if param["kind"] == "time"]
    assert len(told) > 50
    assert [found for found in told if not re.match(r"\w.*: 2h \(", found[1])] == []


def test_what_has_a_default_does_not_go_on_for_ever():
    told = [(path, param["help"]) for path, param in OPTIONS if param.get("default") is not None]
    assert [found for found in told if "as long as it takes" in found[1]] == []


def test_lists_have_a_singular_word():
    plurals = [
        (path, param["options"])
        for path, param in OPTIONS
        if param["kind"] == "list" and "options" in param and param["options"][0].endswith("s")
    ]
    # To dg api, --scope of secrets is something else.
    assert {options[0] for _, options in plurals} == {"--status", "--load-status", "--scopes"}


def test_version(dplus):
    assert dplus("--version").out == f"dplus {__version__}\n"


def modules(*words: str) -> set[str]:
    """What a command imports, in a fresh interpreter."""
    script = (
        "import sys, json\nfrom dagster_plus_sdk.cli import main\n"
        "code = main(sys.argv[1:])\nprint(json.dumps([code, sorted(sys.modules)]))"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    command = [sys.executable, "-c", script, *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60)
    code, names = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    return set(names)


HEAVY = {"httpx", "pydantic", "pydantic_core", "yaml", "asyncio", "rich", "logging", "email"}


@pytest.mark.parametrize("words", [["--help"], ["run", "list", "--help"], ["--version"]], ids=str)
def test_help_imports_no_facade_and_nothing_heavy(words):
    imported = modules(*words)

    assert "dagster_plus_sdk.cli.app" in imported
    assert imported & HEAVY == set()
    package = {name.removeprefix("dagster_plus_sdk.") for name in imported}
    facade = {name for name in package if name.startswith(("_sync.", "_async.", "_generated."))}
    assert facade == {
        "_sync._resources", "_async._resources", "_generated.enums", "_generated.models",
    }  # fmt: skip


def test_a_command_imports_neither_rich_nor_the_async_facade(server):
    server.data({"version": "1"})
    imported = modules("graphql", "{ version }", "--url", server.url)
    assert "httpx" in imported
    assert imported & {"rich", "asyncio", "dagster_plus_sdk._async.client"} == set()


def test_the_module_is_the_command():
    command = [sys.executable, "-m", "dagster_plus_sdk", "nothing"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("dplus: no command 'nothing'; dplus --help lists them")


def walk(command, path=()):
    """Every command of the built tree."""
    yield path, command
    context = click.Context(command)
    for name in getattr(command, "list_commands", lambda _: ())(context):
        yield from walk(command.get_command(context, name), (*path, name))


def test_no_option_hides_a_global_one():
    for path, command in walk(build()):
        spelt = [word for param in command.params for word in (*param.opts, *param.secondary_opts)]
        assert len(spelt) == len(set(spelt)), path
        assert sum(isinstance(param, GlobalOption) for param in command.params) == 13


def test_help_imports_the_table_of_the_noun_in_use_only():
    script = (
        "import sys\nfrom dagster_plus_sdk.cli import main\nmain(sys.argv[1:])\n"
        "print(*(n.split('.')[-1] for n in sys.modules if '.cli._commands.' in n), file=sys.stderr)"
    )
    for words, tables in (([], ""), (["run", "list"], "runs"), (["config", "show"], "")):
        done = subprocess.run(
            [sys.executable, "-c", script, *words, "--help"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr.strip() == tables
