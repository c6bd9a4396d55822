"""Where requests go, who sends them, and what is never shown."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from kit import payloads
from kit.canary import TOKEN
from kit.server import Reply

PLUS = {
    "version": "1.2.3",
    "organization": {"name": "acme"},
    "identity": {"viewer": {"email": "ann@acme.test"}},
}


@pytest.fixture
def plus(dplus, server, monkeypatch):
    """Runs the command against a scripted Dagster+."""
    monkeypatch.setenv("DAGSTER_CLOUD_URL", server.url)
    monkeypatch.setenv("DAGSTER_CLOUD_ORGANIZATION", "acme")
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", TOKEN)
    return dplus


def test_settings_with_their_sources(dplus, monkeypatch):
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", TOKEN)
    shown = dplus("config", "show", "-o", "acme", "-d", "prod", "--json").json
    assert shown["url"] == {
        "value": "https://acme.dagster.cloud/prod/graphql",
        "source": shown["url"]["source"],
    }
    assert shown["organization"] == {"value": "acme", "source": "option"}
    assert shown["token"] == {"value": "***", "source": "environment DAGSTER_CLOUD_API_TOKEN"}
    rows = dplus("config", "show", "-o", "acme").out.splitlines()
    assert "organization\tacme\toption" in rows


def test_the_settings_of_a_sandbox_say_so_except_what_is_given(dplus, monkeypatch):
    here = SimpleNamespace(
        organization="demo", deployment="prod", token=TOKEN, url="http://127.0.0.1:1"
    )
    monkeypatch.setattr("dagster_plus_sdk.cli.sandbox.processes.running", lambda: here)
    shown = dplus("config", "show", "--json").json
    assert shown["deployment"]["value"] == "prod"
    assert all(shown[name]["source"].startswith("sandbox ") for name in ("token", "deployment"))
    given = dplus("config", "show", "-d", "staging", "--json").json
    assert given["deployment"] == {"value": "staging", "source": "option"}
    assert given["organization"]["source"].startswith("sandbox ")
    monkeypatch.setenv("DAGSTER_CLOUD_DEPLOYMENT", "third")
    named = dplus("config", "show", "--json").json["deployment"]
    assert named == {"value": "third", "source": "environment DAGSTER_CLOUD_DEPLOYMENT"}
    assert (
        dplus("config", "show", "-d", "staging", "--json").json["deployment"] == given["deployment"]
    )


def test_settings_of_a_plain_server_have_no_token(dplus):
    shown = dplus("config", "show", "--url", "http://localhost:3000", "--format", "yaml").out
    assert "token:\n  value: null\n" in shown


def test_what_is_not_configured_is_told_in_words_of_the_shell(dplus):
    nowhere, no_token = dplus("run", "list").err, dplus("run", "list", "-o", "acme").err
    assert "dplus auth login" in nowhere
    assert "--url http://localhost:3000" in nowhere
    assert no_token == (
        "dplus: There is no token for the organization 'acme'. Log in with dplus auth login, or set "
        "DAGSTER_CLOUD_API_TOKEN. Tokens are made in Dagster+ under Organization settings, Tokens.\n"
    )
    no_profile = dplus("run", "list", "--profile", "nope").err
    assert "There is no profile 'nope' (from --profile)" in no_profile
    assert not any("argument" in text or "=" in text for text in (nowhere, no_token, no_profile))


@pytest.mark.parametrize(
    ("words", "environment", "reply", "says"),
    [
        ([], {}, Reply(b"Unauthorized", status=401),
         "dplus: The server wants a token, and none is configured for it (HTTP 401): Unauthorized; log in with "),
        ([], {}, Reply(b"<html>Sign in</html>"), "; is it a Dagster's address? dplus config show says which"),
        ([], {}, Reply(b""), "; is it a Dagster's address? dplus config show says which"),
        ([], {}, Reply({"hello": 1}), "; is it a Dagster's address? dplus config show says which"),
        (["--api-token", TOKEN], {"DAGSTER_CLOUD_DEPLOYMENT": "gone", "DAGSTER_CLOUD_ORGANIZATION": "demo"},
         Reply({"errors": [{"message": "There is no deployment 'gone' in demo"}]}, status=404),
         "There is no deployment 'gone' in demo; it is from: environment DAGSTER_CLOUD_DEPLOYMENT"),
        (["--api-token", TOKEN, "-o", "demo", "-d", "prod/x"], {}, Reply({}), "dplus branch-deployment list"),
    ],
)  # fmt: skip
def test_an_error_says_what_to_do(dplus, server, monkeypatch, words, environment, reply, says):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    server.reply(reply, reply)
    where = [] if "DAGSTER_CLOUD_ORGANIZATION" in environment else ["--url", server.url]
    monkeypatch.setenv("DAGSTER_CLOUD_URL", server.url)
    done = dplus("run", "count", *where, *words)
    assert done.code != 0
    assert says in done.err
    assert done.err.count("\n") == 1


def test_who_was_not_reached_is_told_without_the_words_of_python(dplus, monkeypatch):
    here = "dplus: http://127.0.0.1:1/graphql cannot be reached (Connection refused); "
    words = ["run", "count", "--url", "http://127.0.0.1:1"]
    assert dplus(*words).err == (
        f"{here}does a server run there? dplus config show says where the address comes from\n"
    )
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert dplus(*words).err == f"{here}is the proxy right that HTTP_PROXY names?\n"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert "does a server run there?" in dplus(*words).err


def test_a_profile(dplus, monkeypatch, tmp_path):
    config = tmp_path / "dg.toml"
    config.write_text('[dagster_plus_sdk.profiles.here]\nurl = "http://localhost:3999"\n')
    monkeypatch.setenv("DG_CLI_CONFIG", str(config))
    shown = dplus("--profile", "here", "config", "show", "--json").json
    assert shown["url"]["value"] == "http://localhost:3999/graphql"


def test_the_status_on_a_plain_server(scripted, server):
    server.data({"version": "1.13.0"})
    done = scripted("auth", "status")
    assert done.code == 0
    assert done.out == f"Reached: true\nURL: {server.url}/graphql\nAuth: none\nVersion: 1.13.0\n"


def test_the_status_on_dagster_plus(plus, server):
    server.data(PLUS)
    found = plus("auth", "status", "--json").json
    assert (found["organization"], found["user"]) == ("acme", "ann@acme.test")
    assert found["token_source"] == "environment DAGSTER_CLOUD_API_TOKEN"
    assert "identity" in server.received[0].json["query"]


def test_the_status_with_a_wrong_token(plus, server):
    server.reply(Reply(b"no", 401))
    done = plus("auth", "status")
    assert (done.code, done.out) == (4, "")
    assert "; it is from: environment DAGSTER_CLOUD_API_TOKEN\n" in done.err
    server.reply(Reply(b"no", 401))
    assert "it is from" not in plus("auth", "status", "--api-token", "mine").err


def test_options_stand_before_and_after_the_noun(dplus, server):
    server.data(payloads.get_run())
    options = ["--url", server.url, "-o", "acme", "--api-token", TOKEN]
    for words in (
        [*options, "run", "get", "1"],
        ["run", *options, "get", "1"],
        ["run", "get", "1", *options],
        ["--url", "http://127.0.0.1:1", "run", "get", "1", *options],
    ):
        assert dplus(*words).code == 0
    assert {r.headers["dagster-cloud-api-token"] for r in server.received} == {TOKEN}


LEAKY = [
    ["config", "show"],
    ["config", "show", "--json"],
    ["auth", "status", "--debug", "--view-graphql"],
    ["run", "get", "1", "--debug", "--view-graphql"],
    ["run", "get", "1", "--debug", "--view-graphql", "--json"],
    [
        "graphql",
        "query($token: String) { version }",
        "--variables",
        f"token={TOKEN}",
        "--view-graphql",
    ],
    ["run", "list", "--nothing", "--debug"],
    ["run", "create", "--job", "daily", "--debug", "--no-wait"],
]
REPLIES = [
    Reply({"data": PLUS}),
    Reply({"data": payloads.get_run()}),
    Reply({"errors": [{"message": f"bad {TOKEN}"}]}, 400),
    Reply(f"no {TOKEN}".encode(), 401),
    Reply({"data": {"runOrError": payloads.error("PythonError", TOKEN, stack=[TOKEN])}}),
    Reply(b"", 307, {"Location": f"http://elsewhere.test/{TOKEN}"}),
]


#: Data that was asked for is printed as it is.
CASES = [
    pytest.param(words, reply, id=f"{' '.join(words)} {number}")
    for words in LEAKY
    for number, reply in enumerate(REPLIES)
    if not (words[0] == "graphql" and number == 4)
]


@pytest.mark.parametrize(("words", "reply"), CASES)
def test_the_token_is_in_no_output(plus, server, words, reply):
    server.reply(reply)
    given = ["--api-token", TOKEN] if REPLIES.index(reply) % 2 else []
    done = plus(*given, *words)
    assert TOKEN not in done.out
    assert TOKEN not in done.err
    assert done.out + done.err


def test_the_operation_is_shown_without_its_variables(scripted, server):
    server.data(payloads.get_run())
    done = scripted("run", "get", "my-run", "--view-graphql", "--json")
    assert done.json["id"] == payloads.RUN_ID
    assert done.err.startswith("# GetRun (runId)\nquery GetRun($runId:ID!)")
    assert "my-run" not in done.err


def test_debug_shows_the_log_and_the_traceback(scripted, server):
    server.data({"runOrError": payloads.error("RunNotFoundError", "gone")})
    done = scripted("run", "get", "1", "--debug")
    assert done.code == 1
    assert "dplus: GetRun attempt 1: HTTP 200" in done.err
    assert "Traceback (most recent call last)" in done.err
    assert done.err.endswith("dplus: gone\n")


def test_without_debug_there_is_no_log(scripted, server):
    server.data(payloads.get_run())
    assert scripted("run", "get", "1").err == ""


def test_a_verb_may_have_a_parameter_of_the_same_name_as_a_global_option(
    dplus, server, monkeypatch
):
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", "user:x:1")
    server.data({})
    dplus("team", "create", "Finance", "--url", server.url, "-o", "acme", "-d", "dev")
    assert server.operations == ["CreateTeam"]
    assert server.received[0].headers["dagster-cloud-deployment"] == "dev"
