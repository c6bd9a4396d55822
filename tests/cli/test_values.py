"""From words to values: what cannot be is a usage error that says what can."""

from __future__ import annotations

from datetime import datetime, timezone
from io import StringIO
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_plus_sdk import AssetKey
from dagster_plus_sdk._core import asset_lineage, log_files, secret_documents
from dagster_plus_sdk.cli._commands import alert_policies, assets, logs, runs, secrets
from dagster_plus_sdk.cli.params.param_types import type_of
from dagster_plus_sdk.cli.params.values import value_of

STATES = {"choices": ["FAILURE", "IN_PROGRESS", "SUCCESS"]}
KEY = {"of": "key"}


def read(kind, *words, **entry):
    """What the facade gets for the words of an option."""
    described = {"kind": kind, "name": "it", "options": ["--it"], **entry}
    converted = [type_of(described).convert(word, None, None) for word in words]
    several = kind in ("list", "tags")
    return value_of(described, converted if several else converted[0])


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("text", ["a,b"], "a,b"),
        ("int", ["3"], 3),
        ("float", ["0.5"], 0.5),
        ("seconds", ["0.5"], 0.5),
        ("seconds", ["1h30m"], 5400),
        ("limit", ["10"], 10),
        ("limit", ["0"], 0),
        ("limit", ["ALL"], None),
        ("list", ["a, b", "c"], ["a", "b", "c"]),
        ("list", [r"a\,b,c"], ["a,b", "c"]),
        ("list", ["[ab]*,c"], ["[ab]*", "c"]),
        ("tags", ["a=1,b=2", "c="], {"a": "1", "b": "2", "c": ""}),
        ("tags", ["a=1,2,b=x=y"], {"a": "1,2", "b": "x=y"}),
        ("tags", [r"a=1\,b=2"], {"a": "1,b=2"}),
        ("tags", ["a=1", "a=1"], {"a": "1"}),
        ("config", ["run.yaml"], Path("run.yaml")),
        ("config", ["@run.yaml"], Path("run.yaml")),
        ("config", [r"C:\x\y.yaml"], Path(r"C:\x\y.yaml")),
        ("config", [r"@C:\x\y.yaml"], Path(r"C:\x\y.yaml")),
        ("config", ["{ops: {}}"], "{ops: {}}"),
        ("path", ["a.whl"], "a.whl"),
        ("path", ["-"], "-"),
        ("secret", ["s3cret"], "s3cret"),
        ("time", ["1700000000.5"], 1700000000.5),
        ("time", ["2024-05-01T12:00:00Z"], datetime(2024, 5, 1, 12, tzinfo=timezone.utc)),
        ("time", ["2024-05-01T14:00:00+02:00"], datetime(2024, 5, 1, 12, tzinfo=timezone.utc)),
    ],
)
def test_values(kind, words, value):
    assert read(kind, *words) == value


def test_the_table_says_more_of_some_values_than_their_kind():
    def entry(verb, name):
        return next(p for p in verb["params"] if p["name"] == name)

    assert entry(alert_policies.VERBS["mute"], "until")["ahead"] is True
    assert "ahead" not in entry(runs.VERBS["list"], "created_after")
    assert entry(assets.VERBS["wipe"], "keys")["of"] == entry(assets.VERBS["get"], "key")["of"]
    assert entry(secrets.VERBS["sync"], "document")["of"] == "secrets"
    assert "of" not in entry(runs.VERBS["create"], "run_config")


def test_a_list_that_is_an_argument_is_given_once():
    entry = {"name": "keys", "kind": "list"}
    assert value_of(entry, type_of(entry).convert("a,b", None, None)) == ["a", "b"]


@pytest.mark.parametrize("word", ["in_progress", "In-Progress", "IN PROGRESS", " in_progress "])
def test_a_choice_is_written_in_any_way(word):
    assert read("text", word, **STATES) == "IN_PROGRESS"
    assert read("list", f"success,{word}", **STATES) == ["SUCCESS", "IN_PROGRESS"]


@pytest.mark.parametrize("kind", ["text", "list"])
@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("FAILUR", "'FAILUR' cannot be; did you mean FAILURE? choose from FAILURE, IN_PROGRESS, S"),
        ("inprogress", "did you mean IN_PROGRESS?"),
        ("nothing", "'nothing' cannot be; choose from FAILURE"),
    ],
)
def test_a_wrong_choice_names_the_nearest_and_all(kind, word, says):
    with pytest.raises(click.BadParameter) as raised:
        read(kind, word, **STATES)
    assert says in raised.value.message


def test_what_can_be_besides_the_choices():
    assert read("text", "custom:My Role", **STATES, also="custom:.+") == "custom:My Role"
    with pytest.raises(click.BadParameter):
        read("text", "custom:", **STATES, also="custom:.+")


def choices_of(verbs, name):
    return {
        c for e in verbs.values() for p in e["params"] if p["name"] == name for c in p["choices"]
    }


def test_choices_of_the_tool_are_those_of_the_facade():
    assert choices_of(logs.VERBS, "stream") == set(log_files.STREAMS)
    assert choices_of(assets.VERBS, "direction") == set(asset_lineage.DIRECTIONS)
    assert choices_of(secrets.VERBS, "scopes") == set(secret_documents.SCOPES)


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("a/b,c", ["a/b", "c"]),
        (r"a\/b,c", [r"a\/b", "c"]),
        ('["a", "b/c"]', [r"a/b\/c"]),
        ('["a","b"],["c"], d/e', ["a/b", "c", "d/e"]),
        ('d/e,["a"]', ["d/e", "a"]),
        (r"a\,b", ["a,b"]),
    ],
)
def test_asset_keys(word, keys):
    assert read("list", word, **KEY) == keys
    if len(keys) == 1 and "\\," not in word:
        assert read("text", word, **KEY) == keys[0]


@pytest.mark.parametrize("word", ["[", "[]", "[1]", '["a"', '["a"] b', "[[1]]", '["a"],'])
def test_no_asset_keys(word):
    with pytest.raises(click.BadParameter):
        read("list", word, **KEY)


@given(st.lists(st.lists(st.text(min_size=1), min_size=1), min_size=1))
def test_asset_keys_as_json_come_back(parts):
    import json

    words = ",".join(json.dumps(key) for key in parts)
    assert [AssetKey.parse(key).path for key in read("list", words, **KEY)] == [*map(tuple, parts)]


KEYS_OF_TAGS = st.text(st.characters(blacklist_characters=",=\\"), min_size=1).filter(
    lambda key: key == key.strip()
)


@given(st.dictionaries(KEYS_OF_TAGS, st.text(), min_size=1))
def test_tags_come_back(tags):
    words = [f"{key}={value}".replace(",", r"\,") for key, value in tags.items()]
    assert read("tags", *words) == tags


@pytest.mark.parametrize(
    ("kind", "word", "says"),
    [
        ("text", "", "it is empty"),
        ("text", "  ", "it is empty"),
        ("config", "", "it is empty"),
        ("int", "x", "not a valid int"),
        ("limit", "-1", "no number from 0"),
        ("limit", "many", "and not 'all'"),
        ("list", "a,,b", "nothing before or behind a comma"),
        ("list", "", "it is empty"),
        ("tags", "a", "no key=value"),
        ("seconds", "-1", "no number of seconds"),
        ("seconds", "nan", "no number of seconds"),
        ("seconds", "soon", "no duration: write 90, 90s"),
        ("tags", "=a", "no key=value"),
        ("tags", "a=1,=b", "no key=value"),
        ("tags", "a=1,a=2", "'a' has two values: '1' and '2'"),
        ("time", "2024-05-01T12:00:00", "no time with an offset: 2024-05-01T12:00:00Z is UTC"),
        ("time", "noon", "no time: write 2h"),
    ],
)
def test_what_cannot_be(kind, word, says):
    with pytest.raises(click.BadParameter, match=says):
        read(kind, word)


def test_a_tag_with_two_values():
    with pytest.raises(click.UsageError, match="--it a has two values: '1' and '2'"):
        read("tags", "a=1", "a=2")


@pytest.mark.parametrize("name", ["cursor", "description"])
def test_texts_that_may_be_empty(name):
    assert read("text", "", name=name) == ""


@pytest.mark.parametrize(
    ("kind", "value"), [("text", None), ("list", ()), ("tags", ()), ("flag", False)]
)
def test_what_is_not_given_is_left_to_the_facade(kind, value):
    assert value_of({"kind": kind}, value) is None


def test_toggles_keep_their_no():
    assert value_of({"kind": "flag", "default": True}, False) is False
    assert value_of({"kind": "maybe"}, False) is False
    assert type_of({"kind": "limit"}).convert("all", None, None) is None


def test_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "token").write_text("s3cret\r\n")
    assert read("config", "~/a.yaml") == read("config", "@~/a.yaml") == tmp_path / "a.yaml"
    assert read("path", "~/a.yaml") == str(tmp_path / "a.yaml")
    assert read("secret", "@~/token") == "s3cret"


@pytest.mark.parametrize("kind", ["config", "path", "records"])
def test_the_shell_completes_files(kind):
    [item] = type_of({"kind": kind}).shell_complete(None, None, "a")
    assert (item.type, item.value) == ("file", "a")


def test_a_list_of_mappings_is_read_from_a_file(tmp_path):
    path = tmp_path / "launches.yaml"
    path.write_text("- job: report\n  partition: 2024-05-01\n- {job: orders}\n", encoding="utf-8")
    wanted = [{"job": "report", "partition": "2024-05-01"}, {"job": "orders"}]
    assert read("records", str(path)) == read("records", f"@{path}") == wanted
    assert read("records", "[{job: orders}]") == wanted[1:]


@pytest.mark.parametrize("text", ["job: report", "- report", "3", ""])
def test_a_file_with_no_list_of_mappings(tmp_path, text):
    path = tmp_path / "launches.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(click.UsageError, match=r"launches\.yaml must hold a list of mappings"):
        read("records", str(path))
    with pytest.raises(click.UsageError, match=r"yaml cannot be read: No such file or directory$"):
        read("records", str(tmp_path / "nope.yaml"))


def test_a_secret_may_come_from_stdin(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("two\nlines\n"))
    assert read("secret", "-") == "two\nlines"


def test_a_secret_is_asked_for_on_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: "typed")
    assert read("secret", "-") == "typed"


def test_a_secret_that_looks_like_a_file_is_not_told():
    with pytest.raises(click.UsageError, match="IT begins with @, and there is no") as raised:
        read("secret", "@hunter2")
    assert "hunter2" not in raised.value.message
