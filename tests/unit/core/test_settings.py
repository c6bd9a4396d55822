"""Settings are immutable, light to make, and show no secret."""

import copy
import logging
import pickle
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_plus_sdk._core import config
from dagster_plus_sdk._core.config import Settings, resolve
from dagster_plus_sdk._core.errors import ConfigurationError

CANARY = "canary-7f3a"
HEADER = "Dagster-Cloud-Api-Token"
ORGANIZATION, DEPLOYMENT = "Dagster-Cloud-Organization", "Dagster-Cloud-Deployment"


def token_of(found):
    return found.auth.headers().get(HEADER)


def test_settings_for_another_deployment(configure):
    first = configure(organization="acme", deployment="prod", token="t", headers={"X": "1"})
    second = first.with_deployment("staging")
    assert (first.deployment, second.deployment) == ("prod", "staging")
    assert second.url == "https://acme.dagster.cloud/staging/graphql"
    assert second.web_url == "https://acme.dagster.cloud/staging"
    assert second.auth is first.auth
    assert second.headers == {"X": "1"}
    assert second.sources == {**first.sources, "deployment": "argument"}
    with pytest.raises(ConfigurationError, match="git branch"):
        first.with_deployment("a/b")
    with pytest.raises(ConfigurationError, match="has no deployments"):
        configure(url="http://localhost:3000").with_deployment("prod")
    shared = configure(url="https://dagster.cloud/acme", token="t").with_deployment("a")
    assert shared.headers == {ORGANIZATION: "acme", DEPLOYMENT: "a"}


def test_settings_are_immutable_and_show_no_secret(configure):
    found = configure(organization="acme", token=CANARY)
    with pytest.raises(AttributeError, match="immutable"):
        found.url = "https://evil.example.com"
    with pytest.raises(AttributeError, match="immutable"):
        del found.url
    found.headers["X"] = "1"
    assert found.headers == {}
    with pytest.raises(TypeError):
        vars(found)
    assert CANARY not in repr(found) + str(found) + repr(found.sources)
    assert "***" in repr(found)
    assert copy.copy(found) is copy.deepcopy(found) is found
    assert isinstance(found, Settings)
    for protocol in (0, 2, 5):
        with pytest.raises(TypeError, match="not pickled") as caught:
            pickle.dumps(found, protocol)
        assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_nothing_is_logged_of_a_token(configure, caplog):
    caplog.set_level(logging.DEBUG)
    toml = f'[cli.plus]\norganization = "acme"\nuser_token = "{CANARY}"\n'
    found = configure(toml=toml, yaml="organization: other\nuser_token: other-canary\n")
    assert token_of(found) == CANARY
    assert "user_token" in caplog.text
    assert "canary" not in caplog.text


def test_explicit_settings_read_no_file_and_import_little():
    code = (
        "import builtins, sys; from dagster_plus_sdk._core.config import resolve\n"
        "def refuse(*a, **k): raise AssertionError(a)\n"
        "builtins.open = refuse\n"
        "resolve(organization='a', deployment='b', token='c', environ={})\n"
        "resolve(url='https://a.dagster.cloud', token='c', environ={})\n"
        "resolve(url='http://localhost:3000', environ={})\n"
        "heavy = {'re', 'json', 'typing', 'dataclasses', 'urllib.parse', 'yaml', 'tomllib',\n"
        "  'tomli', 'pathlib', 'asyncio', 'datetime', 'httpx', 'pydantic', 'logging', 'threading'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-S", "-c", code]
    environ = {"PYTHONPATH": str(Path(config.__file__).parents[3])}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["organization", "deployment", "url", "region", "host", "token"]),
        st.text(max_size=20) | st.sampled_from(["acme", "eu", "https://acme.dagster.cloud/x"]),
    ),
    st.dictionaries(
        st.sampled_from(
            [
                "DAGSTER_CLOUD_" + n
                for n in ("ORGANIZATION", "URL", "API_TOKEN", "DEPLOYMENT", "ENV")
            ]
            + ["DAGSTER_AUTH_" + n for n in ("TYPE", "TOKEN", "HEADERS", "USERNAME", "PASSWORD")]
            + ["DAGSTER_HOST", "DAGSTER_PORT", "DAGSTER_GRAPHQL_URL"]
        ),
        st.text(max_size=20) | st.sampled_from(["acme", "eu", "bearer", "dagster.cloud"]),
    ),
)
def test_any_texts_give_settings_or_a_clear_error(arguments, env):
    try:
        found = resolve(environ=env, home="/nonexistent", **arguments)
    except ConfigurationError as error:
        problem = str(error)
    else:
        problem = ""
        assert found.url.endswith("/graphql")
    assert not problem or len(problem) > 20
