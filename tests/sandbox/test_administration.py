from __future__ import annotations

import json
import sys

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk import InvalidInputError
from dagster_plus_sdk.sandbox.added_locations import workspace_text
from dagster_plus_sdk.sandbox.admin.administration import Administration
from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.callers import SERVICE_USER, USER, authenticate
from dagster_plus_sdk.sandbox.control.context import chosen
from dagster_plus_sdk.sandbox.control.entities.locations.document_types import display_metadata
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN, ROLES, read_seed, role_tokens

DEPLOYMENT = "DagsterCloudDeployment"


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "x", DEFAULT_TOKEN)
    seed(opened, "demo")
    yield opened
    opened.close()


@pytest.fixture
def administration(store):
    return Administration(store, token=DEFAULT_TOKEN, organization="demo")


def names(store):
    return [row["deploymentName"] for row in store.list(DEPLOYMENT, deploymentType="PRODUCTION")]


def test_reset(store, administration):
    administration.seed({"deployments": ["third", {"name": "fourth", "agent_type": "SERVERLESS"}]})
    administration.advance(60)
    assert names(store)[2:] == ["third", "fourth"]
    assert store.find(DEPLOYMENT, deploymentName="fourth")["agentType"] == "SERVERLESS"

    administration.reset()

    assert names(store) == ["prod", "staging"]
    assert administration.clock()["ahead"] == 0
    assert authenticate(store, DEFAULT_TOKEN).email == "ada@example.com"


def test_a_seed_of_the_start_is_there_after_a_reset(tmp_path):
    store = open_store(tmp_path / "seeded", "user:own")
    seed(store, "demo", "user:own", {"secrets": [{"name": "KEY", "value": "hunter2"}]})
    administration = Administration(store, token="user:own", organization="demo")
    administration.seed({"deployments": ["third"]})

    administration.reset()

    assert names(store) == administration.about()["deployments"] == ["prod", "staging"]
    assert administration.about()["seeded"] == {"secrets": 1}
    assert "hunter2" not in json.dumps(administration.snapshot())
    store.close()


def test_the_tokens_of_another_token_stop_working(store):
    for token in ("user:own", "user:other"):
        seed(store, "demo", token)

        assert authenticate(store, token).email == "ada@example.com"
        assert authenticate(store, role_tokens(token)["viewer"]).email == "vic@example.com"
        for other in {DEFAULT_TOKEN, "user:own"} - {token}:
            assert [authenticate(store, known) for known in role_tokens(other).values()] == [
                None
            ] * len(ROLES)


def test_times_in_a_seed_are_texts_and_its_secrets_are_not_shown(administration):
    assert read_seed("a: 2024-05-01\nb: 2024-05-01T12:00:00Z\nc: 1") == {
        "a": "2024-05-01", "b": "2024-05-01T12:00:00Z", "c": 1,
    }  # fmt: skip
    with pytest.raises(InvalidInputError, match=r"'value': '\*\*\*'") as info:
        administration.seed({"secrets": [{"name": "KEY", "value": "hunter2", "colour": 1}]})
    assert "hunter2" not in str(info.value)
    with pytest.raises(InvalidInputError, match=r"entry of 'users' cannot be \{'email': 5\}"):
        administration.seed({"users": [{"email": 5}]})


def test_a_snapshot_brings_everything_back(store, administration):
    administration.advance(60)
    saved = administration.snapshot()
    administration.reset()
    administration.seed({"deployments": ["other"]})

    administration.restore(saved)

    assert names(store) == ["prod", "staging"]
    assert administration.clock()["ahead"] == 60


@pytest.mark.parametrize("snapshot", [{}, {"format": 0, "tables": {}}, {"format": 1, "tables": []}])
def test_what_is_no_snapshot(administration, store, snapshot):
    with pytest.raises(InvalidInputError, match="no snapshot"):
        administration.restore(snapshot)

    assert names(store) == ["prod", "staging"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"planets": []}, "cannot have 'planets': it can have organization, feature_gates"),
        ({"deployments": "prod"}, "'deployments' must be a list"),
        (
            {"deployments": [{"size": 1}]},
            "cannot be {'size': 1}: missing a required argument: 'name'",
        ),
        ({"deployments": [{"name": "a", "size": 1}]}, "unexpected keyword argument 'size'"),
        ({"tokens": [{"token": "x", "user": "no@example.com"}]}, "There is no user"),
        ({"teams": ["half", 5]}, "'teams' cannot be 5: 'int' object"),
        (
            {"deployments": ["half"], "users": [{"email": "a", "deployments": {"gone": "ADMIN"}}]},
            "There is no deployment 'gone'",
        ),
    ],
)
def test_a_seed_that_cannot_be_leaves_nothing(store, administration, document, message):
    with pytest.raises(InvalidInputError, match=message):
        administration.seed(document)

    assert names(store) == ["prod", "staging"]


def test_the_clock_goes_forward_only(administration):
    before = administration.clock()["now"]
    assert administration.advance(3600)["now"] >= before + 3600
    for seconds in (-1, float("inf"), float("nan"), 1e300, 10**400):
        with pytest.raises(InvalidInputError, match="only go forward"):
            administration.advance(seconds)


def test_switches(store, administration):
    switches = administration.switches()
    assert switches["python_error_status"]["value"] == "200"
    assert all(switch["about"].endswith(".") for switch in switches.values())

    administration.set_switches({"python_error_status": "500"})

    assert chosen(store, "python_error_status") == "500"
    with pytest.raises(InvalidInputError, match="can be '200' or '500', and not 'x'"):
        administration.set_switches({"python_error_status": "x"})
    with pytest.raises(InvalidInputError, match="no switch 'x': there are "):
        administration.set_switches({"x": "x"})


@pytest.mark.parametrize("token", [DEFAULT_TOKEN, "user:mine"])
def test_each_role_has_its_token(token):
    tokens = role_tokens(token)

    assert tuple(tokens) == ROLES
    assert len(set(tokens.values())) == len(ROLES)
    assert tokens["organization_admin"] == token


def test_the_tokens_of_a_sandbox_with_another_token_cannot_be_guessed():
    mine, other = role_tokens("user:mine"), role_tokens("user:other")

    assert not set(mine.values()) & set(other.values())
    assert not any("mine" in token for role, token in mine.items() if role != ROLES[0])


@pytest.mark.parametrize(
    "tables", [{"entity": [[1]]}, {"entity": None}, {"setting": [["clock", "x"]]}, {"counter": 5}]
)
def test_a_broken_snapshot_changes_nothing(administration, store, tables):
    administration.seed({"deployments": ["third"]})

    with pytest.raises(InvalidInputError, match=r"cannot be|is broken"):
        administration.restore({"format": 1, "tables": tables})

    assert names(store) == ["prod", "staging", "third"]


def test_nobody_sees_a_sandbox_without_an_organization(tmp_path, monkeypatch):
    """Neither during a reset nor after one that failed."""
    writer, reader = (open_store(tmp_path / "x", DEFAULT_TOKEN) for _ in range(2))
    seed(writer, "demo")
    owner = Administration(writer, token=DEFAULT_TOKEN, organization="demo")
    owner.seed({"deployments": ["third"]})

    def fail(*_):
        assert names(reader) == ["prod", "staging", "third"]
        raise OSError("the disk is full")

    monkeypatch.setattr(sys.modules[seed.__module__], "_plant", fail)
    with pytest.raises(OSError, match="full"):
        owner.reset()

    assert names(reader) == names(writer) == ["prod", "staging", "third"]
    writer.close()
    reader.close()


def test_it_starts_again_when_people_of_the_seed_are_gone(store):
    for kind, where in ((USER, {"email": "vic@example.com"}), (SERVICE_USER, {"name": "ci"})):
        gone = store.find(kind, **where)
        store.delete(kind, gone.get("userId", gone["id"]))

    seed(store, "demo", "user:another")

    tokens = role_tokens("user:another")
    assert authenticate(store, tokens["editor"]).email == "eve@example.com"
    assert authenticate(store, tokens["viewer"]) is None
    assert authenticate(store, tokens["service_user"]) is None


def test_a_state_of_another_token_can_be_asked(store, tmp_path):
    """What is secret in it is not there; everything else answers."""
    copied = open_store(tmp_path / "copy", "user:another")
    Administration(copied, token="user:another", organization="demo").restore(
        {"format": 1, "tables": store.dump()}
    )

    rows = copied.list("WorkspaceEntry")

    assert [row["document"] for row in rows] == [None]
    assert workspace_text(rows, "/").splitlines()[0] == '{"load_from": []}'
    assert display_metadata(None) == []
    copied.close()
