"""The files of the official tools, profiles, and files with odd content."""

import logging
import os
import traceback

import pytest

from dagster_plus_sdk._core.config import files as config_files
from dagster_plus_sdk._core.config import reading, resolve
from dagster_plus_sdk._core.config.files import UserFiles, cloud_cli_path, dg_path
from dagster_plus_sdk._core.errors import ConfigurationError, MissingTokenError

CANARY = "canary-7f3a"
HEADER = "Dagster-Cloud-Api-Token"
TOML = """\
unknown = 1
[cli]
verbose = true
[cli.plus]
organization = "acme"
default_deployment = "prod"
user_token = "file-token"
agent_timeout = 60
some_new_key = ["x"]

[dagster_plus_sdk.profiles.staging]
organization = "acme"
default_deployment = "staging"
user_token = "staging-token"

[dagster_plus_sdk.profiles.europe]
organization = "other"
region = "eu"

[dagster_plus_sdk.profiles.local]
url = "http://localhost:3000"

[dagster_plus_sdk.profiles."a.b"]
url = "http://localhost:4000/prod"
user_token = "local-token"
"""


@pytest.fixture
def files(tmp_path):
    """The paths of both files, for an environment that names them."""
    paths = {"DG_CLI_CONFIG": tmp_path / "dg.toml", "DAGSTER_CLOUD_CLI_CONFIG": tmp_path / "config"}

    def write(toml=None, yaml=None, **env):
        for path, text in zip(paths.values(), (toml, yaml), strict=True):
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return {**{name: str(path) for name, path in paths.items()}, **env}

    return write


def token_of(found):
    return found.auth.headers().get(HEADER)


def test_where_the_files_are(monkeypatch):
    join = os.path.join
    assert dg_path({}, "/home/a") == join("/home/a", ".config", "dg.toml")
    assert dg_path({"XDG_CONFIG_HOME": "/x"}, "/home/a") == join("/x", "dg.toml")
    assert dg_path({"DG_CLI_CONFIG": "/y", "XDG_CONFIG_HOME": "/x"}, "/home/a") == "/y"
    assert cloud_cli_path({}, "/home/a") == join("/home/a", ".dagster_cloud_cli", "config")
    assert cloud_cli_path({"DAGSTER_CLOUD_CLI_CONFIG": "/z"}, "/home/a") == "/z"
    monkeypatch.setattr(config_files.sys, "platform", "win32")
    assert dg_path({"XDG_CONFIG_HOME": "/x"}, "/a") == join("/a", "AppData", "dg", "dg.toml")


def test_the_home_directory_of_the_environment(tmp_path):
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "dg.toml").write_text(TOML)
    assert resolve(environ={"HOME": str(tmp_path)}).organization == "acme"


def test_unknown_keys_are_ignored(files):
    found = resolve(environ=files(TOML))
    assert found.url == "https://acme.dagster.cloud/prod/graphql"
    assert token_of(found) == "file-token"
    assert all(
        s.startswith("file ") for n, s in found.sources.items() if n in {"token", "organization"}
    )


def test_the_file_of_dagster_cloud(files):
    env = files(yaml="organization: acme\ndefault_deployment: prod\nuser_token: legacy\nurl:\n")
    found = resolve(environ=env)
    assert (found.url, token_of(found)) == ("https://acme.dagster.cloud/prod/graphql", "legacy")
    assert found.sources["token"] == "file " + env["DAGSTER_CLOUD_CLI_CONFIG"]


@pytest.mark.parametrize("toml", ["", "[cli]\n", "[cli.plus]\n", '[cli.plus]\nurl = ""\n'])
def test_an_empty_table_leaves_the_word_to_the_other_file(files, toml, caplog):
    found = resolve(environ=files(toml, "organization: acme\nuser_token: legacy\n"))
    assert token_of(found) == "legacy"
    assert caplog.records == []


def test_where_both_files_differ_the_first_wins_with_a_warning(files, caplog):
    env = files(TOML, "organization: acme\ndefault_deployment: prod\nuser_token: legacy\n")
    assert token_of(resolve(environ=env)) == "file-token"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("dagster_plus_sdk", logging.WARNING)
    assert "differ in user_token, agent_timeout;" in record.getMessage()
    assert env["DG_CLI_CONFIG"] in record.getMessage()
    assert "legacy" not in record.getMessage().replace(env["DAGSTER_CLOUD_CLI_CONFIG"], "")


def test_where_both_files_say_the_same_there_is_no_warning(files, caplog):
    toml = '[cli.plus]\norganization = "acme"\nuser_token = "t"\n'
    UserFiles(files(toml, "organization: acme\nuser_token: t\n"), "").default()
    assert caplog.records == []


def test_a_file_about_another_organization_gives_nothing(files):
    env = files(TOML)
    with pytest.raises(MissingTokenError, match="is for another organization or server") as caught:
        resolve(organization="other", environ=env)
    assert "file-token" not in str(caught.value)
    found = resolve(organization="other", token="t", environ=env)
    assert found.url == "https://other.dagster.cloud/graphql"
    with_url = files('[cli.plus]\nurl = "https://acme.dagster.cloud/x"\nuser_token = "t"\n')
    assert resolve(organization="other", token="t", environ=with_url).deployment is None
    assert resolve(organization="acme", environ=with_url).deployment == "x"
    with pytest.raises(MissingTokenError):
        resolve(organization="other", environ=with_url)


def test_a_files_token_goes_to_no_other_server(files):
    env = files(TOML, DAGSTER_CLOUD_URL="https://proxy.example.com")
    with pytest.raises(MissingTokenError, match="another organization or server"):
        resolve(environ=env)
    own = files('[cli.plus]\nurl = "https://proxy.example.com"\nuser_token = "t"\n')
    found = resolve(environ=own)
    assert (found.url, token_of(found)) == ("https://proxy.example.com/graphql", "t")


def test_what_a_file_adds_to_a_url(files):
    env = files(TOML)
    assert resolve(url="https://acme.dagster.cloud", environ=env).deployment is None
    found = resolve(url="https://eu.dagster.cloud", environ=env)
    assert (found.organization, found.deployment) == ("acme", "prod")
    assert (found.region, token_of(found)) == ("eu", "file-token")


# --- profiles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "url", "token"),
    [
        ("staging", "https://acme.dagster.cloud/staging/graphql", "staging-token"),
        ("local", "http://localhost:3000/graphql", None),
        ("a.b", "http://localhost:4000/prod/graphql", "local-token"),
    ],
)
def test_a_profile_chosen_by_argument_or_environment(files, name, url, token):
    for found in (
        resolve(profile=name, environ=files(TOML)),
        resolve(environ=files(TOML, DAGSTER_PLUS_PROFILE=name)),
    ):
        assert (found.url, token_of(found)) == (url, token)
        assert found.is_plus is (token is not None)
        assert f"profile {name}" in " ".join(found.sources.values())


def test_a_profile_in_an_argument_outranks_the_environment_but_takes_its_token(files):
    env = files(
        TOML,
        DAGSTER_CLOUD_ORGANIZATION="x",
        DAGSTER_CLOUD_DEPLOYMENT="y",
        DAGSTER_CLOUD_API_TOKEN="z",
    )
    found = resolve(profile="staging", environ=env)
    assert (found.organization, found.deployment) == ("acme", "staging")
    assert token_of(found) == "staging-token"
    found = resolve(profile="europe", environ=env)
    assert found.url == "https://other.eu.dagster.cloud/graphql"
    assert (token_of(found), found.sources["token"]) == ("z", "environment DAGSTER_CLOUD_API_TOKEN")
    assert resolve(profile="staging", deployment="mine", environ=env).deployment == "mine"
    assert token_of(resolve(profile="staging", token="mine", environ=env)) == "mine"


def test_a_profile_without_a_token_takes_none_of_another_table(files):
    with pytest.raises(MissingTokenError, match="'other'"):
        resolve(profile="europe", environ=files(TOML))


def test_a_profile_that_contradicts_is_an_error(files):
    with pytest.raises(ConfigurationError, match=r"'x'.*'acme'"):
        resolve(profile="staging", organization="x", environ=files(TOML))
    env = files(TOML, DAGSTER_PLUS_PROFILE="staging", DAGSTER_CLOUD_ORGANIZATION="x")
    with pytest.raises(ConfigurationError, match=r"'x'.*'acme'"):
        resolve(environ=env)
    assert resolve(organization="y", token="t", environ=env).organization == "y"


@pytest.mark.parametrize("arguments", [{"profile": "nope"}, {"env": "nope"}])
def test_an_unknown_profile_lists_those_there_are(files, arguments):
    env = files(TOML, **({"DAGSTER_PLUS_PROFILE": "nope"} if "env" in arguments else {}))
    with pytest.raises(ConfigurationError) as caught:
        resolve(profile=arguments.get("profile"), environ=env)
    for text in ("'nope'", "'a.b', 'europe', 'local', 'staging'", env["DG_CLI_CONFIG"]):
        assert text in str(caught.value)
    assert "[dagster_plus_sdk.profiles.NAME]" in str(caught.value)


def test_a_profile_without_any_file(files):
    with pytest.raises(ConfigurationError, match="has: none"):
        resolve(profile="nope", environ=files())


# --- odd content -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (f'[cli.plus]\nuser_token = "{CANARY}\n', "syntax error at line 2, column"),
        (f"[cli.plus]\nuser_token = {CANARY}\n", "syntax error at line 2, column"),
        (f'[cli.plus]\n\nx = "{CANARY}"\nx = "{CANARY}"\n', "syntax error at line 4, column"),
        (f'[cli.plus]\nuser_token = """{CANARY}', "syntax error at"),
        (b"[cli.plus]\n\xff" + CANARY.encode(), "not UTF-8"),
        ("cli = 3\n", r"\[cli.plus\] must be a table"),
        ("[cli]\nplus = 3\n", r"\[cli.plus\] must be a table"),
        ('[cli.plus]\norganization = ["a"]\n', "organization must be a text in quotes, not list"),
        ("[cli.plus]\nuser_token = 3\n", "user_token must be a text in quotes, not int"),
        ('[cli.plus]\norganization = "a b"\n', "names no organization"),
        (f'[cli.plus]\norganization = "a"\nuser_token = "{CANARY} x"\n', "holds whitespace"),
        (b"#" * ((1 << 20) + 1), "too large"),
        ("x = " + "[" * 50_000, "nested too deeply|syntax error"),
    ],
)
def test_odd_toml_is_an_error_that_names_the_file_and_no_value(files, toml, message):
    env = files(toml)
    with pytest.raises(ConfigurationError, match=message) as caught:
        resolve(environ=env)
    assert env["DG_CLI_CONFIG"] in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        (f"organization: a\nuser_token: '{CANARY}\n", "syntax error at line 3, column 1"),
        (f"organization: a\nuser_token: *{CANARY}\n", "syntax error at line 2, column"),
        (f"organization: a\n\tuser_token: {CANARY}\n", "syntax error at line 2, column 1"),
        (f"a: \0{CANARY}\n", "syntax error"),
        (f"- {CANARY}\n", "must be a table"),
        (CANARY, "must be a table"),
        ("organization: 2024-99-99\n", "date or number"),
        ("user_token: 123\n", "user_token must be a text in quotes, not int"),
        ("!!python/object/apply:os.system ['true']\n", "syntax error at line 1"),
        ("[" * 600, "nested too deeply|syntax error"),
    ],
)
def test_odd_yaml_is_an_error_that_names_the_file_and_no_value(files, yaml, message):
    env = files(yaml=yaml)
    with pytest.raises(ConfigurationError, match=message) as caught:
        resolve(environ=env)
    assert env["DAGSTER_CLOUD_CLI_CONFIG"] in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


@pytest.mark.parametrize("yaml", ["", "# nothing\n", "---\n", "null\n", "{}\n"])
def test_a_file_without_content_counts_as_absent(files, yaml):
    with pytest.raises(ConfigurationError, match="No server is configured"):
        resolve(environ=files("# nothing\n", yaml))


def test_a_byte_order_mark_is_no_error(files):
    assert resolve(environ=files(b"\xef\xbb\xbf" + TOML.encode())).organization == "acme"


def test_a_directory_is_no_configuration_file(tmp_path):
    with pytest.raises(ConfigurationError, match=r"cannot be read: .*directory"):
        resolve(environ={"DG_CLI_CONFIG": str(tmp_path)})


def test_a_file_that_may_not_be_read_is_an_error(files, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(reading, "open", refuse, raising=False)
    with pytest.raises(ConfigurationError, match=r"dg\.toml cannot be read: Permission denied"):
        resolve(environ=files(TOML))
