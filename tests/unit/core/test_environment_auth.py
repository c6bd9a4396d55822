"""Authentication from arguments and environment, and where credentials never go."""

import traceback

import pytest

from dagster_plus_sdk._core.auth import BasicAuth, BearerAuth, HeaderAuth, TokenAuth
from dagster_plus_sdk._core.errors import ConfigurationError, MissingTokenError

CANARY = "canary-7f3a"
HEADER = "Dagster-Cloud-Api-Token"


def token_of(found):
    return found.auth.headers().get(HEADER)


def test_a_missing_token_says_how_to_set_one(configure):
    with pytest.raises(MissingTokenError) as caught:
        configure(organization="acme")
    assert (caught.value.code, caught.value.status_code) == ("UNAUTHENTICATED", 401)
    for way in ("'acme'", "token=", "DAGSTER_CLOUD_API_TOKEN", "user_token", "dg.toml"):
        assert way in str(caught.value)


@pytest.mark.parametrize(
    ("env", "headers"),
    [
        ({"DAGSTER_AUTH_TOKEN": "a"}, {"Authorization": "Bearer a"}),
        ({"DAGSTER_AUTH_TOKEN": "a", "DAGSTER_AUTH_TYPE": "Bearer"}, {"Authorization": "Bearer a"}),
        ({"DAGSTER_AUTH_TOKEN": "a", "DAGSTER_AUTH_TYPE": "token"}, {HEADER: "a"}),
        ({"DAGSTER_CLOUD_API_TOKEN": "a", "DAGSTER_AUTH_TYPE": "dagster-plus"}, {HEADER: "a"}),
        ({"DAGSTER_AUTH_USERNAME": "a", "DAGSTER_AUTH_PASSWORD": "b"},
         {"Authorization": "Basic YTpi"}),
        ({"DAGSTER_AUTH_HEADERS": '{"X-A": "1", "X-B": "2"}'}, {"X-A": "1", "X-B": "2"}),
        ({"DAGSTER_AUTH_HEADERS": "X-A: 1\n\nX-B:2:3"}, {"X-A": "1", "X-B": "2:3"}),
        ({"DAGSTER_AUTH_TYPE": "none", "DAGSTER_AUTH_TOKEN": "a"}, {}),
        ({"DAGSTER_AUTH_TYPE": "bearer", "DAGSTER_AUTH_TOKEN": "a", "DAGSTER_AUTH_USERNAME": "b"},
         {"Authorization": "Bearer a"}),
    ],
)  # fmt: skip
def test_other_kinds_of_authentication_from_the_environment(configure, env, headers):
    found = configure({"DAGSTER_GRAPHQL_URL": "https://web/x", **env})
    assert found.auth.headers() == headers
    assert found.sources["token"].startswith("environment DAGSTER_")


def test_the_token_variables_on_dagster_plus(configure):
    cloud = {"DAGSTER_CLOUD_ORGANIZATION": "acme", "DAGSTER_AUTH_TOKEN": "own"}
    assert token_of(configure(cloud)) == "own"
    both = {**cloud, "DAGSTER_CLOUD_API_TOKEN": "cloud"}
    assert token_of(configure(both)) == "cloud"
    assert token_of(configure({**both, "DAGSTER_AUTH_TYPE": "dagster-plus"})) == "own"
    assert configure({**both, "DAGSTER_AUTH_TYPE": "none"}).auth.kind == "none"


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"DAGSTER_AUTH_TYPE": CANARY}, "it can be none, dagster-plus"),
        ({"DAGSTER_AUTH_TYPE": "bearer"}, "DAGSTER_AUTH_TOKEN is not set"),
        ({"DAGSTER_AUTH_TYPE": "basic"}, "DAGSTER_AUTH_USERNAME is not set"),
        ({"DAGSTER_AUTH_TYPE": "headers"}, "DAGSTER_AUTH_HEADERS is not set"),
        ({"DAGSTER_AUTH_TYPE": "token"}, "DAGSTER_CLOUD_API_TOKEN is not set"),
        ({"DAGSTER_AUTH_TOKEN": CANARY, "DAGSTER_AUTH_USERNAME": "a"}, "set DAGSTER_AUTH_TYPE"),
        ({"DAGSTER_AUTH_HEADERS": '{"X": "' + CANARY}, "must be a JSON object"),
        ({"DAGSTER_AUTH_HEADERS": CANARY}, "must be a JSON object"),
        ({"DAGSTER_AUTH_HEADERS": '{"X": 3}'}, "the value of X"),
        ({"DAGSTER_AUTH_TOKEN": CANARY + " x"}, "token \\(environment DAGSTER_AUTH_TOKEN\\)"),
        ({"DAGSTER_AUTH_USERNAME": "a:" + CANARY}, "\\(environment DAGSTER_AUTH_USERNAME\\)"),
    ],
)
def test_bad_authentication_in_the_environment(configure, env, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        configure({"DAGSTER_GRAPHQL_URL": "https://web", **env})
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "url", ["http://example.com", "http://acme.dagster.cloud", "http://1.2.3.4"]
)
def test_credentials_are_not_sent_unencrypted(configure, url):
    for auth in (TokenAuth(CANARY), BearerAuth(CANARY), BasicAuth("a", CANARY)):
        with pytest.raises(ConfigurationError, match="unencrypted") as caught:
            configure(url=url, auth=auth)
        assert "allow_insecure_http=True" in str(caught.value)
        assert CANARY not in str(caught.value)
    found = configure(url=url, auth=HeaderAuth({"X": "a"}), allow_insecure_http=True)
    assert found.allow_insecure_http
    assert configure(url=url, token="a", allow_insecure_http=True).with_deployment("b").url
    assert not configure(url="http://example.com").auth.has_credentials


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.0.0.9", "http://[::1]:3000"])
def test_credentials_may_go_to_this_machine_unencrypted(configure, url):
    assert token_of(configure(url=url, token="a")) == "a"
