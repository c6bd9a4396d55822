"""Commands for what only Dagster+ has, against a server that answers from the schema."""

from __future__ import annotations

import pytest


@pytest.fixture
def run(dplus, answering):
    return lambda *words: dplus(*words, "--url", answering.url, "--api-token", "user:x:1")


def test_a_value_is_shown_where_it_is_asked_for(run):
    hidden, shown = (
        run("secret", "get", "name-1", *more, "--json").json for more in ((), ("--with-value",))
    )
    assert "value" not in hidden
    assert shown["value"] == "value-1"
    assert run("secret", "env-file").out == "localSecretsFileContents-1\n"


def test_credentials_are_not_shown(run):
    assert run("serverless", "get", "--json").json["aws_auth_token"] == "***"


def test_presigned_urls_are_shown(run):
    assert "url-" in run("serverless", "pex-urls", "a.pex").out


def test_settings_are_rows(run):
    assert run("deployment-setting", "list").out == "key\tsettings-1\n"
    assert run("organization-setting", "list", "--fields", "key").out == "key\n"


@pytest.mark.parametrize("document", ["a: 1", "key: settings-1"])
def test_a_plan_is_a_diff(run, tmp_path, document):
    path = tmp_path / "settings.yaml"
    path.write_text(document)
    done = run("deployment-setting", "plan", str(path), "--no-validate")
    changed = "--- current\n+++ wanted\n@@ -1 +1,2 @@\n+a: 1\n key: settings-1\n1 created\n"
    assert done.out == (changed if document == "a: 1" else "Nothing changes\n")


@pytest.mark.parametrize("flag", ["--enabled", "--no-enabled"])
def test_a_switch_is_on_or_off(run, answering, flag):
    assert run("organization", "set-scim-sync", flag).code == 0
    assert answering.received[-1].variables == {"enabled": flag == "--enabled"}
    assert run("organization", "set-scim-sync").code == 2


def test_errors_of_agents_are_rows(run):
    first = run("agent", "errors", "--source", "agent").out.splitlines()[0]
    assert first.split("\t") == ["2023-11-14T22:17:20Z", "agent", "label-2", "", "message-4"]


def test_rest_calls_are_shown_without_their_secrets(run, tmp_path):
    path = tmp_path / "a"
    path.write_text("x")
    done = run("artifact", "upload", "k", str(path), "--view-graphql", "--scope", "organization")
    assert done.code == 1
    assert "/gen_artifact_post" in done.err


def test_what_is_required_is_asked_for(run):
    words = ("branch-deployment", "create", "acme/pipelines", "fix")
    done = run(*words, "--commit-hash", "c0ffee")
    assert (done.code, "--timestamp" in done.err) == (2, True)
    made = run(*words, "--commit-hash", "c0ffee", "--timestamp", "2024-05-01T12:00:00Z", "--json")
    assert made.json["git"]["branch_name"] == "fix"


def test_of_two_lists_the_first_is_one_word(run, answering):
    span = ("--after", "2024-05-01T12:00:00Z", "--before", "2024-05-02T12:00:00Z")
    assert run("insights", "kpis", "m,n", "group:sales", "kind:dbt,tag:a", *span).code == 0
    sent = str(answering.received[-1].variables)
    assert all(f"'{word}'" in sent for word in ("m", "n", "group:sales", "kind:dbt", "tag:a"))
    assert "[OPTIONS] METRICS,... SELECTIONS...\n" in run("insights", "kpis", "--help").out
