"""What a command requires and what excludes each other is told before anything is sent, in the words of its options."""

from __future__ import annotations

import re
import shlex

import pytest
from kit.command_lines import leaves, words_of

from dagster_plus_sdk.cli.params.param_types import MAY_BE_EMPTY

LEAVES = leaves()

#: Command lines that cannot be, and what their errors say.
WRONG = [
    # Roles.
    ("user update a@example.com", "which role the user gets: --role, and"),
    ("user update a@example.com --role ADMIN", "--in-deployment, --scope organization or --scope all_b"),
    ("user update a@example.com --scope organization", "say which role: --role, or --custom-role by"),
    ("user update a@example.com --role custom --scope organization", "CUSTOM needs --custom-role"),
    ("user update a@example.com --role admin --custom-role x --scope organization", "--custom-role goes with"),
    ("user update a@example.com --role editor --scope organization", "name one with --in-deployment"),
    ("user update a@example.com --role agent --scope organization", "AGENT is for agent tokens only"),
    ("user update a@example.com --role admin --scope deployment", "needs --in-deployment"),
    ("user update a@example.com --role admin --scope organization -d a --in-deployment x", "has no deployment"),
    ("user update a@example.com --role editor --in-deployment x --location-role a=WON", "choose from ADMIN"),
    ("user update a@example.com --role editor --in-deployment x --owner-role custom", "--owner-role cannot be"),
    ("user create nobody", "no e-mail address"),
    ("user remove-role a@example.com --yes", "say where the role holds: --in-deployment"),
    ("team create a --role admin", "say where the role holds: --in-deployment"),
    ("team update a", "say what to change: --name, --add-member, --remove-member or --role"),
    ("team remove-role a --yes", "--scope organization"),
    ("service-user create a --role admin", "--scope organization"),
    ("service-user update a", "say what to change: --name, --description or --role"),
    ("service-user remove-role a --yes", "--scope organization"),
    ("agent-token create --scope deployment", "needs --in-deployment"),
    ("agent-token create --scope all-branch-deployments --in-deployment x", "leave out the deployment"),
    ("agent-token update 1", "say what to change: --description, --in-deployment or --scope"),
    ("custom-role create a --icon star", "needs --permission: at least one"),
    ("custom-role create a --permission EDIT_ALERTS", "needs --icon: the name of"),
    ("custom-role update a", "--name, --description, --icon, --permission or --document"),
    # Nothing to change, or nothing to look for.
    ("deployment update a", "give --settings or --agent-type"),
    ("secret update A", "give --value, --new-name, --scopes, --branch, --location or --all-locations"),
    ("code-location update a", "give a --document or a setting"),
    ("catalog-view update a", "give --query or a part, such as --group, --name, --description, --icon"),
    ("catalog-view create a", "give --query, or one of --group, --kind"),
    ("insights update-custom-metric a", "give --display-name, --description or --unit"),
    ("integration update-connection a", "give --name, --config, --description, --cron or --timezone"),
    ("issue update 1", "give --title, --description, --status or --context"),
    # One of several.
    ("pin add", "give exactly one of --job, --asset-group, --catalog-view"),
    ("pin add --job a --catalog-view b", "give exactly one of --job, --asset-group, --catalog-view"),
    ("issue link 1", "give exactly one of --run, --asset"),
    ("issue link 1 --run a --asset b", "give exactly one of --run, --asset"),
    ("secret update A --locations a --all-locations", "give --location or --all-locations"),
    ("usage credits --granularity day --by-job-since 3d", "give either --granularity or --by-job-since"),
    ("code-location update a --module-name a --package-name b", "choose from --module-name, --package-name"),
    ("catalog-view create a --query kind:dbt --group a", "give either --query or the parts"),
    ("alert-notification list", "give either --policy or --run"),
    ("alert-notification get 1 --policy a --run b", "give either --policy or --run"),
    ("alert-policy mute a", "give either --for-seconds or --until"),
    ("alert-policy mute a --for-seconds 1h --until 2h", "give either --for-seconds or --until"),
    ("alert-policy test", "give either --name or --document"),
    ("partition list", "give either --asset or --job"),
    ("partition list --asset a --job b", "give either --asset or --job"),
    ("insights by-asset-selection a --after 2d --before 1d", "give either --selection or --asset"),
    ("backfill create", "give either --asset or --job"),
    ("backfill create --assets a --job b", "give either --asset or --job"),
    ("backfill create --job a", "give one of --partition, --partition-range and --all-partitions"),
    ("backfill create --job a --partition a --all-partitions", "give one of --partition, --partition-range"),
    ("backfill create --job a --all-partitions --run-config {} --config-yaml {}", "are both given"),
    ("job launch a --partition a --partition-range a..b", "give either --partition or --partition-range"),
    ("serverless launch a --partition a --partition-range a..b", "give either --partition or"),
    ("asset materialize", "say which assets: KEYS, or --pattern"),
    ("asset materialize a --pattern b", "give exactly one of KEYS, --pattern"),
    ("asset observe a --partition a --partition-range a..b", "give either --partition or --partition-range"),
    ("run create", "say what to run: --job, or --asset-selection, or --asset-pattern"),
    ("run create --job a --asset-pattern b", "--job and --asset-pattern are given"),
    ("run create --job a --partition a --partition-range a..b", "give either --partition or"),
    # What needs another one.
    ("pin add --catalog-view a --location x", "give --location and --repo with --job"),
    ("partition list --asset a --location x", "--location and --repo say where a job is"),
    ("backfill create --assets a --repo x --all-partitions", "--location and --repo say where a job is"),
    ("run create --asset-selection a --op-selection b", "--op-selection is for a job"),
    ("asset wipe a --last-partition b --yes", "--first-partition names where the range begins; --last-partition"),
    ("secret create A b --replace --locations a,b", "--replace takes one location"),
    # Periods and numbers.
    ("run list --created-after 1h --created-before 2h", "--created-after must be earlier than --created-before"),
    ("run feed --updated-after 1h --updated-before 2h", "--updated-after must be earlier than"),
    ("backfill list --created-after 1h --created-before 2h", "--created-after must be earlier than"),
    ("insights by-job a --after 1d --before 2d", "--after must be earlier than --before"),
    ("asset events a --after 1h --before 2h", "--after must be earlier than --before"),
    ("schedule ticks a --after 1h --before 2h", "--after must be earlier than --before"),
    ("audit-log list --after 1h --before 2h", "--after must be earlier than --before"),
    ("alert-policy mute a --until '1h ago'", "must be in the future"),
    ("alert-policy mute a --for-seconds 99999w", "too far away"),
    ("insights by-job a --after 2d --before 1d --top 0", "--top must be 1 or more"),
    ("asset lineage a --depth -1", "--depth must be 0 or more"),
    ("run wait 1 --poll 0", "--poll must be more than 0"),
    ("run wait 1 --timeout -1", "'--timeout': '-1' is no number of seconds"),
    ("instance set-concurrency-limit a 1001", "SLOTS must be 0 to 1000"),
    # Choices that are none of the API's enums.
    ("log get 1 --stream stdot", "did you mean stdout?"),
    ("insights metric-types --of jobs", "did you mean job?"),
    ("run list --status failur", "did you mean FAILURE?"),
    # Several launches.
    ("run create-many []", "at least one launch"),
    ("run create-many '[{}]'", "launch 1: the job's name"),
    ("run create-many '[{job: a}, {job: a, tag: 1}]'", "launch 2 has 'tag'; it can have asset_selection"),
    # Places.
    ("artifact upload a /nothing.txt", "/nothing.txt is no file"),
    ("artifact download a /", "/ cannot be written"),
    ("deployment-setting set /nothing.yaml --yes", "/nothing.yaml cannot be read: No such file or directory"),
    ("graphql @/nothing.graphql", "/nothing.graphql cannot be read: No such file or directory"),
]  # fmt: skip

#: A parameter's name as Python has it, but for words that are values.
PYTHON = re.compile(r"\b(?!all_branch_deployments|asset_group)[a-z]+(_[a-z]+)+\b|\w=")


@pytest.fixture
def refused(dplus, server):
    """Runs a command that must not send anything, and returns its error."""

    def run(*words, stdin=None):
        done = dplus(
            *words, "--url", server.url, "--api-token", "user:x:1", "-o", "acme", stdin=stdin
        )
        assert (done.code, done.out, server.received) == (2, "", []), done
        assert done.err.startswith("dplus: ")
        assert done.err.count("\n") == 1
        return done.err

    return run


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[line for line, _ in WRONG])
def test_what_cannot_be_is_told_before_anything_is_sent(refused, line, says):
    told = refused(*shlex.split(line))
    assert says in told
    assert line.startswith("run create-many") or PYTHON.search(told) is None


def empty(path, entry, folder):
    """A command's lines with each of its required texts empty in turn."""
    given = [
        p for p in entry["params"] if p["kind"] in ("text", "list", "config", "records", "path")
    ]
    words = words_of(path, entry, folder)
    for param in given:
        if param["name"] not in MAY_BE_EMPTY and param.get("required", "options" not in param):
            marked = {**param, "choices": ["MARK"], "kind": "text", "name": f"{param['name']}?"}
            line = words_of(
                path,
                {**entry, "params": [marked if p is param else p for p in entry["params"]]},
                folder,
            )
            yield ["" if word == "MARK" else word for word in line]
    assert words


def test_nothing_that_is_required_may_be_empty(dplus, tmp_path):
    tried = 0
    for path, entry in LEAVES.items():
        for words in empty(path, entry, tmp_path):
            done = dplus(*words)
            assert (done.code, "it is empty" in done.err) == (2, True), (words, done)
            tried += 1
    assert tried > 150


DOCUMENTS = [
    (path, param["name"])
    for path, entry in LEAVES.items()
    for param in entry["params"]
    if param["kind"] in ("config", "records")
]


@pytest.mark.parametrize(("path", "name"), DOCUMENTS, ids=[" ".join(given) for given in DOCUMENTS])
def test_a_broken_document_on_stdin_is_told_before_anything_is_sent(refused, tmp_path, path, name):
    [param] = (p for p in LEAVES[path]["params"] if p["name"] == name)
    words = words_of(path, LEAVES[path], tmp_path)
    if "options" in param:
        words += [param["options"][0], "-"]
    else:
        words = ["-" if str(tmp_path) in word else word for word in words]
    what = {"bytes": "no XML", "secrets": "the secrets are no valid YAML in line 2, column 5\n"}
    wanted = what.get(
        param.get("of"), "<stdin> is no valid YAML in line 2, column 5: mapping values"
    )
    assert wanted in refused(*words, stdin="a: b\n   c: d\n")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("secret update A --value - --branch b --scopes -", "choose from FULL"),
        ("job launch a --run-config -", "<stdin> is empty; an empty document is {}"),
        ("code-location update a --document - --container-context - --yes", "--document and --container-context both read stdin"),
        ("deployment-setting set - --yes", "<stdin> is empty"),
        ("secret create A @/nothing", "VALUE begins with @, and there is no text file"),
        ("secret update A --value @/nothing", "--value begins with @"),
    ],
)  # fmt: skip
def test_stdin_and_files(refused, line, says):
    stdin = "image: a" if "container" in line else ""
    assert says in refused(*shlex.split(line), stdin=stdin)


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["--description=-x"], "-x"),
        (["--description", "-x"], "-x"),
        (["--description", ""], ""),
        (["--description", r"C:\x\y @z {a}"], r"C:\x\y @z {a}"),
    ],
    ids=str,
)
def test_texts_go_as_they_are(dplus, server, words, sent):
    server.data({})
    dplus("issue", "update", "1", *words, "--url", server.url, "--api-token", "user:x:1", "-o", "a")
    assert server.received[0].variables == {"issueId": "1", "description": sent}


def test_what_follows_two_hyphens_is_no_option(scripted, server):
    server.data({})
    scripted("run", "get", "--json", "--", "-1")
    assert server.received[0].variables == {"runId": "-1"}
