"""Where settings come from, which wins, and what is refused."""

import pytest

from dagster_plus_sdk._core.auth import BasicAuth, NoAuth
from dagster_plus_sdk._core.errors import ConfigurationError, MissingTokenError

CANARY = "canary-7f3a"
HEADER = "Dagster-Cloud-Api-Token"
ORGANIZATION, DEPLOYMENT = "Dagster-Cloud-Organization", "Dagster-Cloud-Deployment"
ACME = {"DAGSTER_CLOUD_ORGANIZATION": "acme", "DAGSTER_CLOUD_API_TOKEN": "env-token"}


def token_of(found):
    return found.auth.headers().get(HEADER)


# --- where the server is ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "url", "web_url"),
    [
        ({"organization": "acme"}, "https://acme.dagster.cloud/graphql",
         "https://acme.dagster.cloud"),
        ({"organization": "acme", "deployment": "prod"},
         "https://acme.dagster.cloud/prod/graphql", "https://acme.dagster.cloud/prod"),
        ({"organization": "acme", "deployment": "prod", "region": "EU"},
         "https://acme.eu.dagster.cloud/prod/graphql", "https://acme.eu.dagster.cloud/prod"),
        ({"organization": "acme", "region": "us"}, "https://acme.dagster.cloud/graphql",
         "https://acme.dagster.cloud"),
        ({"organization": "https://acme.dagster.cloud/prod/"},
         "https://acme.dagster.cloud/prod/graphql", "https://acme.dagster.cloud/prod"),
        ({"organization": "acme.eu.dagster.cloud", "deployment": "prod"},
         "https://acme.eu.dagster.cloud/prod/graphql", "https://acme.eu.dagster.cloud/prod"),
        ({"url": "https://dagster.cloud", "organization": "acme", "deployment": "prod"},
         "https://dagster.cloud/acme/graphql", "https://acme.dagster.cloud/prod"),
        ({"url": "https://dagster.cloud/acme/graphql", "deployment": "prod"},
         "https://dagster.cloud/acme/graphql", "https://acme.dagster.cloud/prod"),
        ({"url": "https://acme.dagster.cloud", "organization": "ACME", "region": "us"},
         "https://acme.dagster.cloud/graphql", "https://acme.dagster.cloud"),
        ({"url": "https://acme.dagster.cloud/prod", "deployment": "prod"},
         "https://acme.dagster.cloud/prod/graphql", "https://acme.dagster.cloud/prod"),
        ({"url": "http://127.0.0.1:4000/prod"}, "http://127.0.0.1:4000/prod/graphql",
         "http://127.0.0.1:4000/prod"),
    ],
)  # fmt: skip
def test_the_url_made_of_arguments(configure, arguments, url, web_url):
    found = configure(token="t", **arguments)
    assert (found.url, found.web_url) == (url, web_url)
    assert found.is_plus
    assert token_of(found) == "t"


@pytest.mark.parametrize(
    ("arguments", "env", "url"),
    [
        ({"url": "http://localhost:3000"}, {}, "http://localhost:3000/graphql"),
        ({"host": "localhost"}, {}, "http://localhost:3000/graphql"),
        ({"port": 80}, {}, "http://localhost:80/graphql"),
        ({"host": "::1", "port": "81"}, {}, "http://[::1]:81/graphql"),
        ({"host": "[::1]"}, {}, "http://[::1]:3000/graphql"),
        ({"host": "Dagster.example.com"}, ACME, "http://dagster.example.com:3000/graphql"),
        ({}, {"DAGSTER_HOST": "web", "DAGSTER_PORT": "70"}, "http://web:70/graphql"),
        ({}, {"DAGSTER_PORT": "70"}, "http://localhost:70/graphql"),
        ({}, {"DAGSTER_HOST": "web", "DAGSTER_PORT": "tcp://10.0.0.1:80"},
         "http://web:3000/graphql"),
        ({}, {"DAGSTER_GRAPHQL_URL": "https://web/x/graphql", "DAGSTER_CLOUD_API_TOKEN": "t",
              "DAGSTER_CLOUD_DEPLOYMENT": "prod"}, "https://web/x/graphql"),
        ({"url": "http://localhost:3000"}, {**ACME, "DAGSTER_CLOUD_DEPLOYMENT": "prod"},
         "http://localhost:3000/graphql"),
    ],
)  # fmt: skip
def test_a_plain_server_needs_no_token_and_gets_none(configure, arguments, env, url):
    found = configure(env, toml='[cli.plus]\nuser_token = "file-token"\n', **arguments)
    assert found.url == url
    assert (found.auth.kind, found.is_plus, found.headers) == ("none", False, {})
    assert (found.organization, found.deployment, found.region) == (None, None, None)
    assert found.sources["token"].startswith("default")


def test_a_server_that_speaks_as_dagster_plus_gets_headers(configure):
    found = configure(ACME, url="http://localhost:4000", organization="acme", deployment="prod")
    assert found.url == "http://localhost:4000/graphql"
    assert found.headers == {ORGANIZATION: "acme", DEPLOYMENT: "prod"}
    assert found.is_plus
    assert token_of(found) == "env-token"


def test_nothing_configured_lists_the_ways(configure):
    with pytest.raises(ConfigurationError) as caught:
        configure({"DAGSTER_CLOUD_API_TOKEN": "t", "DAGSTER_CLOUD_ORGANIZATION": " "})
    for way in (
        'organization="acme"', 'url="http://localhost:3000"', "DAGSTER_CLOUD_ORGANIZATION",
        "DAGSTER_GRAPHQL_URL", "dg.toml", "profile",
    ):  # fmt: skip
        assert way in str(caught.value)


# --- precedence ------------------------------------------------------------------------------


def test_arguments_before_environment_before_files(configure):
    toml = (
        '[cli.plus]\norganization = "acme"\ndefault_deployment = "from-file"\n'
        'user_token = "file-token"\nurl = "https://eu.dagster.cloud"\n'
    )
    found = configure(toml=toml)
    assert found.url == "https://eu.dagster.cloud/acme/graphql"
    assert found.headers == {ORGANIZATION: "acme", DEPLOYMENT: "from-file"}
    assert token_of(found) == "file-token"
    assert all(source.startswith("file ") for source in found.sources.values())

    env = {**ACME, "DAGSTER_CLOUD_DEPLOYMENT": "from-env"}
    found = configure(env)
    assert (found.deployment, token_of(found)) == ("from-env", "env-token")
    assert found.sources["deployment"] == "environment DAGSTER_CLOUD_DEPLOYMENT"
    assert found.sources["token"] == "environment DAGSTER_CLOUD_API_TOKEN"

    found = configure(env, deployment="from-argument", token="argument-token")
    assert (found.deployment, token_of(found)) == ("from-argument", "argument-token")
    assert found.sources["deployment"] == found.sources["token"] == "argument"
    assert found.sources["organization"] == "environment DAGSTER_CLOUD_ORGANIZATION"


def test_an_organization_given_higher_wins_over_the_environments(configure):
    found = configure(ACME, organization="other")
    assert (found.organization, token_of(found)) == ("other", "env-token")
    found = configure(ACME, url="https://other.dagster.cloud/prod")
    assert (found.organization, found.deployment) == ("other", "prod")


def test_parts_given_higher_replace_those_of_a_url(configure):
    env = {"DAGSTER_CLOUD_URL": "https://acme.eu.dagster.cloud/prod", **ACME}
    assert configure(env).url == "https://acme.eu.dagster.cloud/prod/graphql"
    found = configure(env, deployment="staging", region="us")
    assert found.url == "https://acme.dagster.cloud/staging/graphql"
    env = {"DAGSTER_CLOUD_ENV": "eu", "DAGSTER_CLOUD_DEPLOYMENT": "prod", **ACME}
    assert configure(env).region == "eu"
    assert configure(env, region="us").url == "https://acme.dagster.cloud/prod/graphql"
    assert configure(env, url="https://acme.dagster.cloud").deployment == "prod"
    assert configure(env, url="https://dagster.cloud").organization == "acme"


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ({"DAGSTER_CLOUD_URL": "http://localhost:4000"}, "http://localhost:4000/graphql"),
        ({"DAGSTER_CLOUD_URL": "acme.dagster.cloud"}, "https://acme.dagster.cloud/graphql"),
        ({"DAGSTER_GRAPHQL_URL": "acme.dagster.cloud"}, "https://acme.dagster.cloud/graphql"),
        ({"DAGSTER_HOST": "web"}, "https://acme.dagster.cloud/graphql"),
        ({"DAGSTER_PORT": "99", "DAGSTER_CLOUD_ORGANIZATION": "acme"},
         "https://acme.dagster.cloud/graphql"),
    ],
)  # fmt: skip
def test_an_organization_beside_a_url_in_the_environment(configure, env, url):
    found = configure({**env, "DAGSTER_CLOUD_API_TOKEN": "t"}, organization="acme")
    assert (found.url, found.organization, token_of(found)) == (url, "acme", "t")


def test_a_cloud_url_in_the_environment_is_dagster_plus(configure):
    with pytest.raises(MissingTokenError, match="http://localhost:4000"):
        configure({"DAGSTER_CLOUD_URL": "http://localhost:4000"})


# --- contradictions and nonsense -------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "arguments", "said"),
    [
        ({}, {"url": "https://a.dagster.cloud", "organization": "b"},
         ["organization in the url (argument) is 'a'", "organization (argument) is 'b'"]),
        ({"DAGSTER_CLOUD_URL": "https://a.dagster.cloud"}, {"organization": "b"},
         ["(environment DAGSTER_CLOUD_URL) is 'a'", "organization (argument) is 'b'"]),
        ({}, {"url": "https://a.dagster.cloud/x", "deployment": "y"},
         ["deployment in the url (argument) is 'x'", "deployment (argument) is 'y'"]),
        ({}, {"url": "https://a.dagster.cloud", "region": "eu"}, ["is 'us'", "is 'eu'"]),
        ({"DAGSTER_CLOUD_URL": "http://localhost:1"}, {"region": "eu"},
         ["no address of Dagster+", "DAGSTER_CLOUD_URL", "region (argument)"]),
        ({}, {"organization": "a.dagster.cloud", "url": "b.dagster.cloud"}, ["is a URL"]),
        ({}, {"host": "localhost", "organization": "a"}, ["host and port", "organization (arg"]),
        ({}, {"port": 1, "url": "http://localhost"}, ["host and port", "url (argument)"]),
        ({"DAGSTER_HOST": "web", **ACME}, {},
         ["DAGSTER_HOST", "DAGSTER_CLOUD_ORGANIZATION"]),
        ({"DAGSTER_HOST": "web", "DAGSTER_GRAPHQL_URL": "http://web"}, {}, ["unset one"]),
        ({"DAGSTER_CLOUD_URL": "a.dagster.cloud", "DAGSTER_GRAPHQL_URL": "b.dagster.cloud"}, {},
         ["DAGSTER_CLOUD_URL", "DAGSTER_GRAPHQL_URL"]),
        ({}, {"auth": NoAuth(), "organization": "a"}, ["token and auth"]),
        ({}, {"organization": "a", "region": "mars"}, ["'mars'", "us and eu"]),
        ({"DAGSTER_CLOUD_ENV": "mars", **ACME}, {}, ["DAGSTER_CLOUD_ENV", "us and eu"]),
        ({}, {"organization": "a", "deployment": "feature/x"}, ["'feature/x'", "git branch"]),
        ({}, {"organization": "a", "deployment": ".."}, ["names no deployment"]),
        ({}, {"organization": "a b"}, ["names no organization", "https://acme.dagster.cloud"]),
        ({}, {"organization": ""}, ["organization (argument)", "not empty"]),
        ({}, {"organization": 3}, ["organization (argument) must be a text"]),
        ({}, {"url": "https://dagster.cloud"}, ["without an organization"]),
        ({}, {"host": "http://web"}, ["host (argument)", 'url="http://..."']),
        ({}, {"host": "web/x"}, ["host (argument)"]),
        ({}, {"host": "a b"}, ["host (argument)"]),
        ({}, {"host": 3}, ["host (argument)"]),
        ({}, {"host": "web", "port": "x"}, ["port (argument)"]),
        ({"DAGSTER_PORT": "x"}, {}, ["environment DAGSTER_PORT"]),
        ({}, {"url": "http://localhost", "headers": {"Authorization": CANARY}}, ["HeaderAuth"]),
        ({}, {"url": "http://localhost", "headers": {DEPLOYMENT: "a"}}, ["deployment="]),
        ({}, {"url": "http://localhost", "headers": {"X": "a\n"}}, ["headers (argument)"]),
        ({}, {"url": "http://localhost", "headers": ["X"]}, ["headers (argument)"]),
    ],
)  # fmt: skip
def test_contradictions_and_nonsense_are_told_with_their_sources(configure, env, arguments, said):
    with pytest.raises(ConfigurationError) as caught:
        configure(env, token=CANARY, **arguments)
    assert all(text in str(caught.value) for text in said), str(caught.value)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("auth", ["abc", BasicAuth])
def test_auth_must_be_an_auth(configure, auth):
    with pytest.raises(ConfigurationError, match="must be an Auth"):
        configure(url="http://localhost", auth=auth)


def test_an_auth_given_as_token_is_told_so(configure):
    with pytest.raises(ConfigurationError, match="pass it as auth="):
        configure(url="http://localhost", token=NoAuth())
