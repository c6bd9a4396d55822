"""What cannot be undone is asked for; a document is compared with what is there before it is applied."""

from __future__ import annotations

import io
import re
import signal
import sys

import pytest
from kit.command_lines import leaves, words_of
from kit.terminal import OnTerminal

LEAVES = leaves()
ASKING = sorted(path for path, entry in LEAVES.items() if "destructive" in entry)

#: Words of verbs that sound like the end of something, and why some do not ask for all that.
SOUNDS = {"cancel", "clear", "delete", "free", "purge", "remove", "reset", "revoke", "set", "shutdown", "sync", "terminate", "unlink", "wipe"}  # fmt: skip
JUST_ACT = {
    **dict.fromkeys(
        ("favorite remove", "issue unlink", "pin remove", "schedule reset", "sensor reset"),
        "its counterpart brings it back as it was",
    ),
    **dict.fromkeys(
        (
            "code-location set-defs-state-version",
            "config set",
            "insights set-cost-multiplier",
            "insights set-metadata-keys",
            "instance set-auto-materialize-paused",
            "instance set-concurrency-limit",
            "integration set-atlan",
            "integration set-connection-detection",
            "integration set-connection-schedule",
            "organization set-scim-sync",
            "sensor set-cursor",
        ),
        "one value, which the command line names",
    ),
    **dict.fromkeys(
        ("integration connection-sync", "integration sync-connection", "organization scim-sync-enabled"),
        "another sense of the word",
    ),
    **dict.fromkeys(
        ("sandbox faults clear", "sandbox faults remove", "sandbox reset"),
        "a sandbox is there to be thrown away",
    ),
}  # fmt: skip


def test_what_sounds_like_an_end_asks_or_has_a_reason():
    sounding = {path for path in LEAVES if not SOUNDS.isdisjoint(re.split("[- ]", path)[1:])}
    sounding -= {path for path in sounding if path.split()[0].endswith("setting")} - {*ASKING}
    assert sounding - {*ASKING} == JUST_ACT.keys()


@pytest.mark.parametrize("path", ASKING)
def test_without_a_terminal_it_refuses_before_any_request(dplus, answering, path, tmp_path):
    before = len(answering.received)
    words = [*words_of(path, LEAVES[path], tmp_path)]
    words.remove("--yes")
    if only_with := LEAVES[path].get("only_with"):
        (document := tmp_path / "document.yaml").touch()
        words += [f"--{only_with}", str(document)]
    done = dplus(*words, "--url", answering.url, "--api-token", "user:x:1", "-o", "acme")
    assert (done.code, done.out) == (2, "")
    assert re.match(r"dplus: there is no terminal to ask on: say --yes to [a-z].*\n$", done.err)
    assert len(answering.received) == before


def test_a_file_that_is_not_there_is_told_before_the_missing_yes(on_plus, tmp_path):
    done = on_plus(f"deployment-setting update {tmp_path / 'none.yaml'}")
    assert done.code == 2
    assert "none.yaml cannot be read: No such file or directory" in done.err


@pytest.fixture
def plus(on_plus):
    """Runs the command, and tells what it sends."""
    return lambda line, document="": on_plus(f"{line} --view-graphql", document)


@pytest.fixture
def says(monkeypatch):
    """Lets somebody sit at a terminal, and answer."""

    class Keyboard(io.StringIO):
        def isatty(self):
            return True

    def answer(text: str):
        monkeypatch.setattr(sys, "stdin", Keyboard(text))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("NO_COLOR", "1")

    return answer


def mutations(done) -> list[str]:
    """The mutations that a command has sent."""
    return re.findall(r"^mutation (\w+)", done.err, re.MULTILINE)


def teams(plus) -> str:
    return plus("team list --fields details.name").out


@pytest.mark.parametrize(
    ("answer", "code"), [("y\n", 0), ("YES\n", 0), ("n\n", 1), ("\n", 1), ("", 1), ("yet\n", 1)]
)
def test_only_yes_is_yes(plus, says, answer, code):
    plus("team create Finance")
    says(answer)
    done = plus("team delete Finance")
    assert done.code == code
    assert "Delete team Finance in organization demo? [y/N] " in done.err
    assert ("nothing was done" in done.err) == bool(code)
    assert mutations(done) == ([] if code else ["DeleteTeam"])
    assert ("Finance" in teams(plus)) == bool(code)


def test_no_is_an_error_with_a_code(plus, says):
    plus("team create Finance")
    says("n\n")
    done = plus("team delete Finance --json")
    assert (done.code, done.out) == (1, "")
    assert '"code": "NOT_CONFIRMED"' in done.err


def test_yes_is_not_asked(plus):
    plus("team create Finance")
    done = plus("team delete Finance -y")
    assert (done.code, "[y/N]" in done.err) == (0, False)


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("secret delete KEY --scope full", "Delete secret KEY (--scope full) in demo/prod? [y/N] "),
        ("run terminate-many a b c d e f g --force", "Terminate runs a, b, c, d, e, 2 more (--force) in demo/prod? "),
        ("user remove-role vic@example.com", "Remove a grant of user vic@example.com in organization demo? "),
        ("run delete a\x1b[31m", "Delete run a [31m in demo/prod? "),
    ],
    ids=lambda text: text.split()[0],
)  # fmt: skip
def test_the_question_says_what_and_where(plus, says, line, question):
    says("n\n")
    done = plus(line)
    assert question in done.err
    assert mutations(done) == []


def test_an_open_source_server_is_named_by_its_address(scripted, server, says):
    says("n\n")
    done = scripted("run", "delete", "a")
    assert done.err.startswith(f"Delete run a at {server.url}? [y/N] ")
    assert server.received == []


@pytest.fixture
def at_terminal(plus, control_plane):
    """A command whose stdin and stderr are a terminal, before it is answered."""
    plus("team create Finance")

    def begin(*words):
        place = ("--url", control_plane.url, "-o", "demo", "-d", "prod")
        shown = OnTerminal("team", "delete", "Finance", *words, *place, url="", keyboard=True)
        shown.read("? [y/N] ")
        return shown

    return begin


def test_a_real_terminal_asks(at_terminal, plus):
    shown = at_terminal("--json")
    shown.type("y\n")
    code, out, _ = shown.end()
    assert (code, '"deleted": true' in out) == (0, True)
    assert "Finance" not in teams(plus)


def test_ctrl_c_is_no(at_terminal, plus):
    shown = at_terminal()
    shown.process.send_signal(signal.SIGINT)
    code, out, screen = shown.end()
    assert (code, out) == (130, "")
    assert screen[-2] == "dplus: interrupted; nothing was done"
    assert "Finance" in teams(plus)


SETTINGS = "run_monitoring: {start_timeout_seconds: 77}"
LOCATION = "locations: [{location_name: etl, image: 'repo/etl:2', code_source: {module_name: etl}}]"
POLICY = "name: late, enabled: true, event_types: [JOB_FAILURE], notification_service: {email: {email_addresses: [a@b.de]}}"
#: A line, its document, something of its difference, and the mutation.
DOCUMENTS = [
    ("deployment-setting update FILE", SETTINGS, "+run_monitoring.start_timeout_seconds: 77", "UpdateDeploymentSettings"),
    ("deployment update staging --settings FILE", SETTINGS, "+run_monitoring.start_timeout_seconds: 77", "UpdateDeploymentSettings"),
    ("organization-setting update FILE", "sso_default_role: EDITOR", "+sso_default_role: EDITOR", "UpdateOrganizationSettings"),
    ("alert-policy sync FILE", f"alert_policies: [{{{POLICY}}}]", "+late:", "ReconcileAlertPolicies"),
    ("code-location sync FILE", LOCATION, "+  image: repo/etl:2", "ReconcileCodeLocationsFromDocument"),
    ("code-location deploy FILE", LOCATION, "+  image: repo/etl:2", "DeployCodeLocations"),
    ("secret sync FILE", "secrets: [{name: KEY, value: hunter2}]", "1 created, 2 deleted", "SyncSecrets"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "document", "shows", "mutation"), DOCUMENTS, ids=lambda t: t[:25])
def test_a_document_is_compared_asked_for_and_applied_once(
    plus, says, line, document, shows, mutation
):
    says("n\n")
    refused = plus(line, document)
    assert (refused.code, mutations(refused)) == (1, []), refused.err
    assert shows in refused.err.splitlines()
    assert "hunter2" not in refused.err
    done = plus(f"{line} --yes", document)
    assert (done.code, mutations(done)) == (0, [mutation]), done.err
    assert shows in done.err.splitlines()
    if line.startswith("alert"):  # the server keeps what people made by hand
        document = plus("alert-policy export").out
    again = plus(f"{line} --yes", document)
    assert (again.code, again.out, mutations(again)) == (
        (0, "Nothing changes\n", []) if "staging" not in line else (0, again.out, [mutation])
    )
    assert line.startswith("deployment update") or '"created": []' in plus(f"{line} -y --json", document).out  # fmt: skip


def test_settings_are_replaced_where_they_differ(plus, says):
    says("n\n")
    done = plus("deployment-setting set FILE", SETTINGS)
    assert (done.code, mutations(done)) == (1, [])
    assert "+run_monitoring.start_timeout_seconds: 77\n" in done.err
    # What is not named returns to its default.
    assert re.search(r"^-concurrency\.", done.err, re.MULTILINE)
    whole = plus("deployment-setting get").out
    assert plus("deployment-setting set FILE --yes", whole).out == "Nothing changes\n"
    assert mutations(plus("deployment-setting set FILE --yes", SETTINGS)) == [
        "SetDeploymentSettings"
    ]


def test_an_alert_policy_is_updated_alone(plus, says):
    plus("alert-policy create FILE", f"{{{POLICY}}}")
    says("y\n")
    done = plus("alert-policy update FILE", f"{{{POLICY}, description: new}}")
    assert (done.code, "+  description: new" in done.err) == (0, True), done.err
    assert "1 updated\n" in done.err
    assert mutations(done) == ["SetAlertPolicy"]
    missing = plus("alert-policy update FILE --dry-run", f"{{{POLICY.replace('late', 'lat')}}}")
    assert (missing.code, "alert policy 'lat'" in missing.err) == (1, True)


def test_a_location_and_a_role_are_compared_where_a_document_is_given(plus, says):
    plus("code-location sync FILE --yes", LOCATION)
    says("n\n")
    done = plus("code-location update etl --document FILE", "image: 'repo/etl:3'")
    assert "-  image: repo/etl:2\n+  image: repo/etl:3\n" in done.err
    assert plus("code-location update etl --image repo/etl:4").code == 0
    assert plus("code-location update nope --document FILE --dry-run", "image: a").code == 1
    role = "custom-role create Auditor --permission EDIT_ALERTS --icon star"
    assert plus(role).code == 0
    done = plus("custom-role update Auditor --document FILE", "description: reads")
    assert (done.code, "+description: reads" in done.err, mutations(done)) == (1, True, [])
    assert plus("custom-role update Auditor --description other").code == 0


def test_what_cannot_be_compared_is_applied_only_where_somebody_is_sure(plus, says, monkeypatch):
    from dagster_plus_sdk import PermissionDeniedError, Secrets

    def refuse(*_):
        raise PermissionDeniedError("you may not see them")

    monkeypatch.setattr(Secrets, "plan", refuse)
    document = "secrets: [{name: KEY, value: hunter2}]"
    says("y\n")
    assert (plus("secret sync FILE", document).code) == 4
    done = plus("secret sync FILE --yes", document)
    assert (done.code, mutations(done)) == (0, ["SyncSecrets"])
    assert "dplus: what changes cannot be told: you may not see them\n" in done.err
    assert plus("secret sync FILE --yes --json", document).code == 0
