"""What is stored, and where: settings, profiles, and the deployment that is used where none is given."""

from __future__ import annotations

import io
import sys

import pytest
from kit.canary import TOKEN as CANARY

from dagster_plus_sdk._core.config.toml_text import parse
from dagster_plus_sdk.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(dagster=None) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    """The path of the file, which is not there yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / ".config" / "dg.toml"


@pytest.fixture
def write(config):
    """Writes the file."""

    def written(text):
        config.parent.mkdir(exist_ok=True)
        config.write_text(text)

    return written


SETTING = [
    (["organization", "acme"], {"organization": "acme"}),
    (["deployment", "prod"], {"default_deployment": "prod"}),
    (["default-deployment", "prod"], {"default_deployment": "prod"}),
    (["url", "http://localhost:3000"], {"url": "http://localhost:3000"}),
    (["region", "eu"], {"url": "https://eu.dagster.cloud"}),
    (["region", "US"], {}),
]


@pytest.mark.parametrize(("words", "plus"), SETTING, ids=str)
def test_setting_and_unsetting(dplus, config, words, plus):
    done = dplus("config", "set", *words, "--json")
    assert done.code == 0, done.err
    assert done.json["stored_in"] == f"{config} [cli.plus]"
    assert (
        parse(config.read_text() if config.exists() else "").get("cli", {}).get("plus", {}) == plus
    )
    assert done.json["changed"] == bool(plus)
    assert dplus("config", "set", *words, "--json").json["changed"] is False
    done = dplus("config", "unset", words[0], "--json")
    assert done.json["changed"] == bool(plus)
    assert done.json["value"] is None
    if plus:
        assert config.read_text() == "[cli.plus]\n"


def test_in_a_profile_a_region_is_a_region(dplus, config):
    dplus("config", "set", "organization", "acme", "--profile", "x y")
    assert dplus("config", "set", "region", "eu", "--profile", "x y").code == 0
    assert config.read_text() == (
        '[dagster_plus_sdk.profiles."x y"]\norganization = "acme"\nregion = "eu"\n'
    )
    shown = dplus("config", "show", "--profile", "x y", "--json", "--api-token", "t").json
    assert shown["url"]["value"] == "https://acme.eu.dagster.cloud/graphql"


REGIONS = [
    ('url = "https://acme.eu.dagster.cloud/prod"', "us", "https://acme.dagster.cloud/prod"),
    ('url = "https://acme.dagster.cloud"', "eu", "https://acme.eu.dagster.cloud"),
    ('url = "https://eu.dagster.cloud"', "us", None),
    ('region = "eu"', "eu", "https://eu.dagster.cloud"),
]


@pytest.mark.parametrize(("text", "region", "url"), REGIONS)
def test_another_region(dplus, config, write, text, region, url):
    write(f"[cli.plus]\n{text}\n")
    assert dplus("config", "set", "region", region).code == 0
    assert parse(config.read_text())["cli"]["plus"] == ({"url": url} if url else {})


@pytest.mark.parametrize(
    ("words", "before", "says"),
    [
        (["organisation", "acme"], "", "no key is called 'organisation'; did you mean organization"),
        (["colour", "red"], "", "no key is called 'colour'; there are organization, deployment, "),
        (["region", "ue"], "", "no region is called 'ue'; there are us, eu"),
        (["region", "eu"], 'url = "http://localhost:1"', "dplus config unset url"),
        (["url", "https://acme.dagster.cloud"], 'organization = "other"', "leave out or correct one"),
        (["url", "https://user:pw@x.test"], "", "holds a user name or password"),
        (["organization", "a/b"], "", "a/b"),
        (["deployment", "a/b"], "", "a/b"),
        (["token", CANARY], "", "everyone on this machine sees a command line"),
        (["token", "-"], "", "the token is read from stdin, which is empty"),
        (["organization", "-"], "", "the organization is read from stdin, which is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be(dplus, config, write, words, before, says):
    write(f"[cli.plus]\n{before}\n")
    done = dplus("config", "set", *words, stdin="")
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert CANARY not in done.err
    assert config.read_text() == f"[cli.plus]\n{before}\n"


def test_a_token_comes_from_stdin(dplus, config):
    done = dplus("config", "set", "token", "-", stdin=f"{CANARY}\n")
    assert (done.code, done.out) == (0, f"user_token is *** in {config} [cli.plus]\n")
    assert config.read_text() == f'[cli.plus]\nuser_token = "{CANARY}"\n'
    dplus("config", "set", "organization", "-", stdin="acme\n")
    done = dplus("config", "set", "organization", "other")
    assert "was stored for acme" in done.err
    assert CANARY not in dplus("config", "show").out + done.err + dplus("config", "profiles").out


@pytest.mark.parametrize(
    ("words", "unless"),
    [
        (["set", "organization", "other"], ""),
        (["set", "organization", "other", "--profile", "ci"], ", unless --profile ci is given"),
        (["use", "ci"], ""),
    ],
)
def test_what_goes_before_is_told(dplus, monkeypatch, write, words, unless):
    write('[dagster_plus_sdk.profiles.ci]\norganization = "acme"\n')
    assert dplus("config", *words).err == ""
    monkeypatch.setenv("DAGSTER_CLOUD_ORGANIZATION", "third")
    told = "dplus: the environment's DAGSTER_CLOUD_ORGANIZATION goes before what is stored"
    assert dplus("config", *words).err == f"{told}{unless}\n"
    # That is so: a profile that is named goes before it.
    shown = dplus("config", "show", "--api-token", "t", *words[3:], "--json").json
    assert shown["organization"]["value"] == ("other" if unless else "third")


def test_the_path(dplus, config, monkeypatch, tmp_path):
    assert dplus("config", "path").out == f"{config}\n"
    found = dplus("config", "path", "--json", "--profile", "x").json
    assert found == {
        "path": str(config),
        "table": "dagster_plus_sdk.profiles.x",
        "profile": "x",
        "exists": False,
    }
    monkeypatch.setenv("DG_CLI_CONFIG", str(tmp_path / "mine"))
    assert dplus("config", "path").out == f"{tmp_path / 'mine'}\n"
    done = dplus("config", "set", "organization", "acme")
    assert (done.code, "its name does not end with .toml" in done.err) == (2, True)


def test_profiles(dplus, config, write):
    assert dplus("config", "profiles").out == ""
    write(
        '# mine\n[cli.plus]\norganization = "acme"\n\n[dagster_plus_sdk.profiles.b]\n'
        f'organization = "b"\nuser_token = "{CANARY}"\n[dagster_plus_sdk.profiles.a]\n'
        'url = "http://localhost:1"\n'
    )
    assert dplus("config", "use", "c").code == 2
    assert dplus("config", "unset", "url", "--profile", "c").code == 2
    assert dplus("config", "use", "b").out == "Profile b is used from now on\n"
    rows = [line.split("\t") for line in dplus("config", "profiles").out.splitlines()]
    assert rows == [
        ["a", "false", "", "", "http://localhost:1", ""],
        ["b", "true", "b", "", "", "***"],
    ]
    shown = dplus("config", "show", "--json").json
    assert shown["organization"] == {"value": "b", "source": f"file {config} profile b"}
    # What is stored now goes there, too.
    dplus("config", "set", "deployment", "prod")
    assert dplus("config", "show", "--json").json["deployment"]["value"] == "prod"
    done = dplus("config", "delete-profile", "b", "--yes")
    assert (done.code, CANARY in config.read_text()) == (0, False)
    assert dplus("config", "use").out == "No profile is used from now on\n"
    shown = dplus("config", "show", "--json", "--api-token", "t").json
    assert shown["organization"]["value"] == "acme"
    assert config.read_text().startswith('# mine\n[cli.plus]\norganization = "acme"\n')
    assert "did you mean a?" in dplus("config", "delete-profile", "A1", "--yes").err


def test_the_deployment_that_is_used(dplus, sandbox, config):
    login = ("auth", "login", "--with-token", "--url", sandbox.url)
    dplus(*login, stdin=sandbox.token)
    done = dplus("deployment", "use", "STAGING")
    assert done.out == f"Deployment staging is used from now on ({config} [cli.plus])\n"
    assert dplus("deployment", "current", "--fields", "name").out == "Name: staging\n"
    assert dplus("deployment", "use", "staging", "--json").json["changed"] is False
    dplus("config", "set", "deployment", "gone")
    assert dplus("deployment", "current").code == 1
    assert dplus("deployment", "use", "staging").code == 0
    assert dplus("deployment", "current", "--fields", "name").out == "Name: staging\n"
    done = dplus("deployment", "use", "stagging")
    assert (done.code, "did you mean staging?" in done.err) == (2, True)
    with sandbox.client() as client:
        branch = client.branch_deployments.create(
            "acme/x", "feature", commit_hash="a1", timestamp=1.0
        )
    assert dplus("deployment", "use", branch.name).code == 0
    assert parse(config.read_text())["cli"]["plus"]["default_deployment"] == branch.name
    dplus(*login, "--profile", "p", stdin=sandbox.token)
    assert dplus("deployment", "use", "staging", "--profile", "p").code == 0
    assert parse(config.read_text())["cli"]["plus"]["default_deployment"] == branch.name


@pytest.mark.parametrize("stored", ["", '[cli.plus]\norganization = "other"\n'])
def test_a_server_that_is_not_stored_has_no_stored_deployment(
    dplus, sandbox, config, write, monkeypatch, stored
):
    write(stored)
    monkeypatch.setenv("DAGSTER_CLOUD_URL", sandbox.url)
    monkeypatch.setenv("DAGSTER_CLOUD_ORGANIZATION", sandbox.organization)
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", sandbox.token)
    done = dplus("deployment", "use", "staging")
    assert (done.code, config.read_text()) == (2, stored)
    assert "comes from the environment DAGSTER_CLOUD_ORGANIZATION" in done.err
    assert "set DAGSTER_CLOUD_DEPLOYMENT=staging" in done.err


def test_an_answer_on_a_terminal(dplus, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("\nacme\n"))
    monkeypatch.setattr("dagster_plus_sdk.cli.account.config_edit.is_answered", lambda: True)
    done = dplus("config", "set", "organization", "-")
    assert done.err == "organization: organization: "
    assert (
        dplus("config", "show", "--json", "--api-token", "t").json["organization"]["value"]
        == "acme"
    )
