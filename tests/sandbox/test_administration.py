from __future__ import annotations

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk import InvalidInputError
from dagster_plus_sdk.sandbox.admin.administration import Administration
from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.callers import authenticate
from dagster_plus_sdk.sandbox.control.context import chosen
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN, ROLES, role_tokens

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
        ({"tokens": [{"token": "x", "user": "no@example.com"}]}, "there is no user"),
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
    for seconds in (-1, float("inf"), float("nan")):
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
