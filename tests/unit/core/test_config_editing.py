"""Changing configuration files: the wanted keys, whole, for the user's eyes alone, and nothing else."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import threading
import traceback

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kit.canary import TOKEN

from dagster_plus_sdk._core.config import resolve, toml_text, writing, yaml_text
from dagster_plus_sdk._core.config.reading import parse_yaml
from dagster_plus_sdk._core.config.stored import place_of, use_profile, user_files
from dagster_plus_sdk._core.config.text_changes import UnsafeEditError, quoted
from dagster_plus_sdk._core.errors import ConfigurationError

PLUS = ("cli", "plus")

EDITS = [
    ("", {"a": "x"}, '[cli.plus]\na = "x"\n'),
    ("# only\n", {"a": "x"}, '# only\n\n[cli.plus]\na = "x"\n'),
    ("[cli.plus]", {"a": "x"}, '[cli.plus]\na = "x"\n'),
    ("[cli.plus] # c\n# d\n[z]\n", {"a": "x"}, '[cli.plus] # c\na = "x"\n# d\n[z]\n'),
    (
        '[cli.plus]\na = "old"   # why\nb = 1\n',
        {"a": "new"},
        '[cli.plus]\na = "new"   # why\nb = 1\n',
    ),
    (
        '[cli.plus]\r\na = "o"\r\n\r\n[z]\r\n',
        {"b": "x"},
        '[cli.plus]\r\na = "o"\r\nb = "x"\r\n\r\n[z]\r\n',
    ),
    ('[cli.plus]\n  a = "o"\n', {"b": "x"}, '[cli.plus]\n  a = "o"\n  b = "x"\n'),
    ('[cli.plus]\na = "o" # c\nb = 1\n', {"a": None}, "[cli.plus]\nb = 1\n"),
    ('[cli]\nplus.a = "o"\n', {"b": "x"}, '[cli]\nplus.a = "o"\nplus.b = "x"\n'),
    ('cli.plus.a = "o"\nz=1\n', {"b": "x"}, 'cli.plus.a = "o"\ncli.plus.b = "x"\nz=1\n'),
    (
        '[cli.plus]\nt = """\n[z]\na = "no"\n"""\n',
        {"a": "x"},
        '[cli.plus]\nt = """\n[z]\na = "no"\n"""\na = "x"\n',
    ),
    (
        '[cli.plus]\na = """\nlong\n"""\nt = [ "]", # ]\n "a=1",\n]\n',
        {"a": "x", "t": None},
        '[cli.plus]\na = "x"\n',
    ),
    ('["cli" . plus]\n"a" = \'o\'', {"a": 'q"\\'}, '["cli" . plus]\n"a" = "q\\"\\\\"'),
    (
        "[z]\nx = nan\n[[y]]\n[[y]]\n",
        {"a": "x"},
        '[z]\nx = nan\n[[y]]\n[[y]]\n\n[cli.plus]\na = "x"\n',
    ),
]


@pytest.mark.parametrize(("text", "changes", "wanted"), EDITS)
def test_toml_is_changed_by_lines(text, changes, wanted):
    assert toml_text.edit(text, PLUS, changes) == wanted


@pytest.mark.parametrize(
    "text",
    [
        'cli = {plus = {a = "x"}}',
        '[cli]\nplus = {a = "x"}',
        "[[cli]]\n",
        "cli = 1",
        "[cli.plus]\na.b = 1",
        "no toml",
    ],
)
def test_toml_that_cannot_be_changed_by_lines_is_refused(text):
    with pytest.raises(UnsafeEditError, match="only a person"):
        toml_text.edit(text, PLUS, {"a": "y", "b": "z"})


def test_a_table_is_removed_and_comments_stay():
    text = '# a\n[p.one]\nx = 1\n# b\n[p.one.sub]\ny = """\n[z]\n"""\n[p.two]\nx = 1\n'
    assert toml_text.remove(text, ("p", "one")) == "# a\n# b\n[p.two]\nx = 1\n"


NAMES = st.sampled_from(["a", "b", "organization", '"a.b"', "'q r'", "plus", "cli"])
VALUES = st.one_of(
    st.sampled_from(
        ["1", "-2.5", "nan", "true", "1979-05-27", '"#"', "'[x]'", '"""\n[cli.plus]\na = 1\n"""',
         "'''\n# no\n'''", '[\n  "a", # ]\n  "b",\n]', "{x = 1, y = [1]}", '"""a\\"""b"""', "[]"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8).map(quoted),
)  # fmt: skip
COMMENTS = st.sampled_from(["", "  # a comment", " # [cli.plus]", " # a = 'x'"])
PAIRS = st.builds(
    lambda indent, key, value, comment: f"{indent}{key} = {value}{comment}\n",
    st.sampled_from(["", "  ", "\t"]), NAMES, VALUES, COMMENTS,
)  # fmt: skip
HEADERS = st.one_of(
    st.builds("[{}]{}\n".format, st.lists(NAMES, min_size=1, max_size=3).map(".".join), COMMENTS),
    st.just("[cli.plus]\n"),
    st.just("[[rows]]\n"),
)
FILES = st.lists(
    st.one_of(PAIRS, PAIRS, HEADERS, COMMENTS.map("{}\n".format), st.just("\n")), max_size=14
).map("".join)
CHANGES = st.dictionaries(
    st.sampled_from(["a", "b", "organization", "user_token"]),
    st.none() | st.text(st.characters(codec="utf-8"), max_size=8),
    min_size=1, max_size=3,
)  # fmt: skip
COUNT = int(os.environ.get("DAGSTER_PLUS_CONFIG_EXAMPLES", "100"))


def parsed(text):
    try:
        return toml_text.parse(text)
    except UnsafeEditError:
        return None


def said(value):
    """An empty table says nothing."""
    return None if value == {} else value


def kept_lines(text):
    """The comments that have a line of their own."""
    return re.findall(r"^[ \t]*#.*$", text, re.MULTILINE)


@settings(max_examples=COUNT, deadline=None)
@given(FILES, CHANGES, st.booleans())
@example('[cli.plus]\na="""x"""" #\n', {"a": "y"}, False)
def test_whatever_is_in_a_file_only_the_wanted_keys_change(text, changes, crlf):
    text = text.replace("\n", "\r\n") if crlf else text
    before = parsed(text)
    try:
        after = toml_text.edit(text, PLUS, changes)
    except UnsafeEditError:
        return
    assert before is not None
    document = toml_text.parse(after)
    table = document.get("cli", {}).get("plus", {})
    old = before.get("cli", {}).get("plus", {})
    for key in changes.keys() | table.keys() | old.keys():
        wanted = changes[key] if key in changes else old.get(key)
        assert repr(said(table.get(key))) == repr(said(wanted))
    for found in (document, before):
        found.get("cli", {}).pop("plus", None)
        if not found.get("cli", True):
            del found["cli"]
    assert repr(document) == repr(before) or sorted(map(repr, document.items())) == sorted(
        map(repr, before.items())
    )
    # Each line that is gone, or has come, is one of a wanted key, or the table's header.
    if not any(mark in text for mark in ('"""', "'''", "[\n", "[\r\n")):
        assert kept_lines(after) == kept_lines(text)
        gone = [line for line in text.splitlines() if line not in after.splitlines()]
        assert len(gone) <= len(changes)


def test_most_of_the_files_can_be_changed():
    found = [0, 0]

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(FILES)
    def count(text):
        if parsed(text) is not None:
            found[0] += 1
            try:
                toml_text.edit(text, PLUS, {"user_token": "x"})
            except UnsafeEditError:
                found[1] += 1

    count()
    assert found[0] > 20
    assert found[1] < found[0] / 5


YAML = [
    ("", {"a": "x"}, 'a: "x"\n'),
    ("# c\na: old # d\nb: 1", {"a": "x", "c": "y"}, '# c\na: "x" # d\nb: 1\nc: "y"\n'),
    ("a: old\r\nb: 1\r\n", {"a": None, "c": "y"}, 'b: 1\r\nc: "y"\r\n'),
    ('"a": "o # p"\n', {"a": "x # y"}, '"a": "x # y"\n'),
]


@pytest.mark.parametrize(("text", "changes", "wanted"), YAML)
def test_yaml_is_changed_by_lines(text, changes, wanted):
    assert yaml_text.edit(text, changes) == wanted


@pytest.mark.parametrize(
    "text", ["{a: b}", "- a", "a: |\n  b\n  c\n", "a: b\n...\n", "a: [", "a: 'x\n  y'\n"]
)
def test_yaml_that_cannot_be_changed_by_lines_is_refused(text):
    with pytest.raises(UnsafeEditError):
        yaml_text.edit(text, {"a": "x", "b": "y"})


@settings(max_examples=COUNT, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "organization"]), st.text(max_size=8), max_size=3),
    CHANGES,
)
def test_whatever_is_in_flat_yaml_only_the_wanted_keys_change(before, changes):
    text = "# first\n" + "".join(f"{k}: {quoted(v)} # c\n" for k, v in before.items())
    if parse_yaml(text)[1]:
        return
    try:
        after = yaml_text.edit(text, changes)
    except UnsafeEditError:
        return
    said = yaml.safe_load(text) or {}
    wanted = {k: v for k, v in {**said, **changes}.items() if v is not None}
    assert (yaml.safe_load(after) or {}) == wanted
    assert after.startswith("# first\n")


@pytest.fixture
def env(tmp_path):
    """An environment whose files are not there yet."""
    return {"HOME": str(tmp_path)}


def test_a_new_file_is_for_the_user_alone(env, tmp_path):
    place = place_of(None, env)
    assert place.change({"organization": "acme"}) is True
    assert place.change({"organization": "acme"}) is False
    path = tmp_path / ".config" / "dg.toml"
    assert path.read_text() == '[cli.plus]\norganization = "acme"\n'
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent)] == [0o600, 0o700]
    path.chmod(0o644)
    place.change({"organization": "other"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_one(env, tmp_path):
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / ".config").mkdir()
    link = tmp_path / ".config" / "dg.toml"
    link.symlink_to(tmp_path / "dotfiles" / "mine.toml")
    place_of(None, env).change({"organization": "acme"})
    assert link.is_symlink()
    assert (tmp_path / "dotfiles" / "mine.toml").read_text().startswith("[cli.plus]\n")


@pytest.mark.parametrize("kind", ["folder", "file above", "large", "latin", "syntax", "read-only"])
def test_what_cannot_be_written_stays_as_it_is(env, tmp_path, kind):
    path = tmp_path / ".config" / "dg.toml"
    secret = f'[cli.plus]\nuser_token = "{TOKEN}"\n'
    content = {
        "large": secret.encode() + b"#" * (1 << 20), "latin": secret.encode() + b"# \xe4",
        "syntax": secret.encode() + b"a = ", "read-only": secret.encode(),
    }  # fmt: skip
    if kind == "file above":
        path.parent.write_text("x")
    else:
        (path if kind == "folder" else path.parent).mkdir(parents=True)
    if kind in content:
        path.write_bytes(content[kind])
        path.chmod(0o400)
    with pytest.raises(ConfigurationError) as caught:
        place_of(None, env).change({"organization": "acme"})
    assert str(tmp_path / ".config") in caught.value.message
    shown = traceback.format_exception(caught.type, caught.value, caught.tb)
    assert TOKEN not in "".join(shown) + repr(caught.value.__context__)
    assert kind not in content or path.read_bytes() == content[kind]
    assert not [p for p in tmp_path.rglob("*") if p.name.startswith(".dplus-")]


def test_what_is_no_text_is_told_without_the_file(env, tmp_path):
    place_of(None, env).change({"user_token": TOKEN})
    with pytest.raises(
        ConfigurationError, match=r"dg.toml cannot be written: .* no UTF-8"
    ) as caught:
        place_of("\udcff", env).change({"organization": "acme"})
    shown = traceback.format_exception(caught.type, caught.value, caught.tb)
    assert TOKEN not in "".join(shown) + repr(caught.value.__context__)
    assert [p.name for p in (tmp_path / ".config").iterdir()] == ["dg.toml"]


def test_nothing_is_left_where_writing_fails(env, tmp_path, monkeypatch):
    place_of(None, env).change({"organization": "acme"})

    def fail(*_paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(ConfigurationError, match=r"No space left on device. Nothing was changed"):
        place_of(None, env).change({"user_token": TOKEN})
    assert [p.name for p in (tmp_path / ".config").iterdir()] == ["dg.toml"]
    assert TOKEN not in (tmp_path / ".config" / "dg.toml").read_text()


WRITER = """
import sys
from dagster_plus_sdk._core.config import writing
from dagster_plus_sdk._core.config.stored import place_of
writing._PATIENCE = 60
env = {"HOME": sys.argv[1]}
for number in range(10):
    place_of(f"{sys.argv[2]}-{number}", env).change({"organization": "acme", "user_token": "t" * 100})
"""


def test_writers_wait_for_each_other(env, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_PATIENCE", 60)
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    mine = place_of(None, env)
    for number in range(10):
        mine.change({"organization": f"acme{number}"})
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(user_files(env).profiles()) == 30
    assert place_of(None, env).values == {"organization": "acme9"}


def test_a_writer_that_does_not_end_is_told(env, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_PATIENCE", 0.1)
    with writing._alone(str(tmp_path)), pytest.raises(ConfigurationError, match="another process"):
        writing.rewrite(str(tmp_path / "dg.toml"), lambda text: text + "x")
    locked = threading.Event()

    def no_locks(_number, _how):
        locked.set()
        raise OSError(95, "not supported")

    writing._lock(0, 0, no_locks)
    assert locked.is_set()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"url": "https://acme.dagster.cloud"}, "leave out or correct one"),
        ({"region": "eu", "url": "http://localhost:1"}, "leave out one"),
        ({"default_deployment": "a/b"}, "default_deployment|deployment"),
    ],
)
def test_contradictions_are_not_stored(env, tmp_path, changes, says):
    place = place_of("p", env)
    place.change({"organization": "other"})
    before = (tmp_path / ".config" / "dg.toml").read_text()
    with pytest.raises(ConfigurationError, match=says):
        place_of("p", env).change(changes)
    assert (tmp_path / ".config" / "dg.toml").read_text() == before


def test_a_default_profile(env, tmp_path):
    place_of(None, env).change({"organization": "usual", "user_token": "t1"})
    place_of("p", env).change({"organization": "acme", "region": "eu", "user_token": "t2"})
    assert resolve(environ=env).organization == "usual"
    path = use_profile("p", env)
    assert path == str(tmp_path / ".config" / "dg.toml")
    assert (user_files(env).default_profile, place_of(None, env).profile) == ("p", "p")
    found = resolve(environ=env)
    assert found.url == "https://acme.eu.dagster.cloud/graphql"
    assert found.sources["token"] == f"file {path} profile p"
    # What is said elsewhere goes before, and another organization's profile gives nothing.
    assert resolve(environ=env | {"DAGSTER_PLUS_PROFILE": "p"}).organization == "acme"
    other = resolve(environ=env | {"DAGSTER_CLOUD_ORGANIZATION": "x"}, token="t3")
    assert other.url == "https://x.dagster.cloud/graphql"
    assert resolve(environ=env, url="http://localhost:1").auth.kind == "none"
    place_of("p", env).remove()
    with pytest.raises(
        ConfigurationError, match=r"no profile 'p' \(from default_profile in .*dg.toml"
    ):
        resolve(environ=env)
    use_profile(None, env)
    assert resolve(environ=env).organization == "usual"
    (tmp_path / ".config" / "dg.toml").write_text("dagster_plus_sdk.default_profile = 1")
    with pytest.raises(ConfigurationError, match="must be a text in quotes"):
        resolve(environ=env)


def test_the_token_is_in_no_repr_of_a_place(env):
    place = place_of(None, env)
    place.change({"user_token": TOKEN})
    text = repr(place_of(None, env)) + "".join(traceback.format_stack())
    assert TOKEN not in text
