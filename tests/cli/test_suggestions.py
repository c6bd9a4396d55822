"""What is told in the place of a word that does not exist."""

from __future__ import annotations

import pytest
from kit import payloads

from dagster_plus_sdk.cli.completion import live
from dagster_plus_sdk.cli.failures import names, suggest
from dagster_plus_sdk.cli.params.confirm import options_of
from dagster_plus_sdk.cli.params.options import TEXTS
from dagster_plus_sdk.cli.tree import is_noun, nouns, verbs

COMMANDS = [
    ("rnu list", "run"),
    ("runs list", "run"),
    ("Assets list", "asset"),
    ("policies list", "alert-policy"),
    ("code_location list", "code-location"),
    ("location list", "code-location"),
    ("events", "run-events"),
    ("whoami", "auth"),
    ("list runs", "run list"),
    ("rm team x", "team delete"),
    ("run lst", "list"),
    ("run ls", "list"),
    ("run describe x", "get"),
    ("run kill x", "terminate"),
    ("run tail", "watch"),
    ("team rm x", "delete"),
    ("asset show x", "get"),
    ("deployment new x", "create"),
    ("agent-token remove 1", "revoke"),
    ("run logs x", "dplus log"),
    ("run events x", "dplus run-events"),
    ("asset checks x", "dplus check"),
]


@pytest.mark.parametrize(("line", "meant"), COMMANDS, ids=lambda value: value)
def test_commands(dplus, line, meant):
    done = dplus(*line.split())
    assert (done.code, done.out) == (2, "")
    assert f"; did you mean {meant}? (see dplus" in done.err


OPTIONS = [
    ("run list --stauts X", "did you mean --status or --statuses?"),
    ("run list --organisation acme", "did you mean --organization?"),
    ("run create --jbo x", "did you mean --job?"),
    ("run --status X list", "the options of a command stand behind it"),
    ("run list --xyzzy", "choose from --status, --job"),
    ("run list --xyzzy", "--with-total (see dplus run list --help)"),
    ("run list -n 5", "did you mean --limit?"),
    ("run list --since 1h", "did you mean --created-after?"),
    ("asset events a --since 1h", "did you mean --after?"),
    ("run list --output json", "did you mean --format?"),
    ("run reexecute x --from-failure", "did you mean --strategy?"),
    ("run delete x --force", "did you mean --yes?"),
    ("env-var list --force", "no option --force; "),
]


@pytest.mark.parametrize(("line", "says"), OPTIONS, ids=lambda value: value)
def test_options(dplus, line, says):
    done = dplus(*line.split())
    assert (done.code, says in done.err) == (2, True), done.err


def test_synonyms_are_words_that_some_noun_has():
    ours = set(nouns())
    for noun, entry in nouns().items():
        ours |= set(verbs(noun, entry)) if is_noun(entry) else set()
    meant = {word for words in suggest.SYNONYMS.values() for word in words.split()}
    assert meant - ours == set()


def test_synonyms_of_options_are_options_that_some_command_has():
    ours = {name for name, spellings, *_ in TEXTS for name in (name, *spellings)} | {"--format"}
    for noun, entry in nouns().items():
        for verb in verbs(noun, entry).values() if is_noun(entry) else ():
            params = [*verb.get("params", ()), *options_of(verb)]
            ours |= {name for p in params for name in p.get("options", ())}
    ours |= {part for name in ours for part in name.split("/")}
    meant = {f"--{word}" for words in suggest.OPTIONS.values() for word in words.split()}
    assert meant - ours == set()


#: The command, and the name that the server knows: it has one of each kind.
NAMES = [
    ("team get Naem-1", "name-1"),
    ("secret get nmae-1", "name-1"),
    ("custom-role get nmae-1", "name-1"),
    ("alert-policy get nmae-1", "name-1"),
]


@pytest.mark.parametrize(("line", "name"), NAMES, ids=lambda value: value)
def test_names_of_people_and_settings(dplus, answering, line, name, monkeypatch):
    monkeypatch.setenv("DPLUS_COMPLETION_SECONDS", "30")
    done = dplus(*line.split(), "--url", answering.url, "--api-token", "user:x:1")
    assert done.code == 1, done
    assert f"did you mean '{name}'" in done.err


ASSETS = [
    ("shop/ordesr", "; did you mean 'shop/orders'?"),
    ("orders", "; did you mean 'shop/orders'?"),
    ("USERS", "; did you mean 'users'?"),
    ("nothing-like-it", ""),
]


@pytest.mark.parametrize(("key", "says"), ASSETS, ids=lambda value: value)
def test_similar_names(monkeypatch, key, says):
    from dagster_plus_sdk.cli.state import State

    asked = []

    def names_of(_state, kind, filters):
        asked.append((kind, filters))
        return [("shop/orders", ""), ("users", "")]

    monkeypatch.setattr(live, "names_of", names_of)
    state = State()
    state.asked = ("asset get", {"key": key})
    assert suggest.similar_names(f"There is no asset {key}", state) == says
    assert asked == [("asset", {})]


def test_nothing_is_asked_where_no_name_was_given(monkeypatch):
    from dagster_plus_sdk.cli.state import State

    monkeypatch.setattr(live, "names_of", lambda *_: pytest.fail("asked"))
    state = State()
    assert suggest.similar_names("There is no job 'a'", state) == ""
    state.asked = ("run get", {"run_id": "r1"})
    assert suggest.similar_names("There is no run r1", state) == ""


def test_a_deployment_that_does_not_exist(monkeypatch):
    from dagster_plus_sdk.cli.state import State

    found = []

    def names_of(there, kind, _):
        found.append((there.deployment, kind))
        return [("prod", "")]

    monkeypatch.setattr(live, "names_of", names_of)
    state = State()
    state.deployment = "prd"
    says = suggest.similar_names("There is no deployment 'prd' in acme", state)
    assert says == "; did you mean 'prod'?"
    assert found == [(None, "deployment")]


def test_what_fails_while_looking_is_not_told(scripted, server, monkeypatch):
    server.data({"assetOrError": payloads.error("AssetNotFoundError", "no asset such")})
    plain = scripted("asset", "get", "such")
    monkeypatch.setattr(suggest, "similar_names", lambda *_: 1 / 0)
    broken = scripted("asset", "get", "such")
    assert plain.code == broken.code == 1
    assert plain.err == broken.err == "dplus: no asset such\n"


def test_every_list_of_names_is_there(answering):
    from dagster_plus_sdk import DagsterPlus

    empty = []
    with DagsterPlus(url=answering.url, token="user:x:1") as client:
        for kind in [*names.LISTS, *names.PARTS]:
            found = list(
                names.fetch(client, kind, names.filters_of(kind, {"asset": "path-1"}) or {})
            )
            if not found or not all(name for name, _ in found):
                empty.append(kind)
    assert empty == []


KINDS = [
    ("job get", "name", "job"),
    ("job launch", "asset_selection", "asset"),
    ("team create", "name", None),
    ("team create", "members", "user"),
    ("alert-policy for-schedule", "name", "schedule"),
    ("insights metric-types-of-asset", "key", "asset"),
    ("code-location wait-until-loaded", "names", "code-location"),
    ("favorite add", "key", "asset"),
    ("agent-token revoke", "token_id", "agent-token"),
    ("run list", "statuses", None),
    ("run list", "limit", None),
    ("artifact upload", "key", None),
]


@pytest.mark.parametrize(("path", "parameter", "kind"), KINDS, ids=str)
def test_what_a_parameter_names(path, parameter, kind):
    assert names.kind_of(path, parameter) == kind


@pytest.mark.parametrize(
    ("values", "filters"),
    [
        ({"keys": (["a/b", "c"],)}, {"asset": "a/b"}),
        ({"asset": None, "name": "j"}, {"job": "j"}),
        ({"key": "a"}, {"asset": "a"}),
        ({}, None),
    ],
)
def test_partitions_are_those_of_something(values, filters):
    assert names.filters_of("partition", values) == filters
