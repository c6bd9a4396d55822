"""Logging in with a browser and with a token, against a sandbox; who is known where; and logging out."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import pytest
import yaml
from kit.canary import TOKEN as CANARY
from kit.server import Reply

from dagster_plus_sdk._core.config.toml_text import parse
from dagster_plus_sdk.cli.account import auth, login
from dagster_plus_sdk.cli.account.login_server import LoginServer
from dagster_plus_sdk.cli.examples import EXAMPLES
from dagster_plus_sdk.cli.printing import web
from dagster_plus_sdk.sandbox import Sandbox

OWN = "user:only-mine-7d1e"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(dagster=None, token=OWN) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of one's own, without a configuration."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def stored(home):
    """What is stored; None where there is no file."""
    path = home / ".config" / "dg.toml"
    return lambda: parse(path.read_text()) if path.exists() else None


def post(port, document, path="/callback", **headers):
    """Send what the page sends; the answer's status, headers and text."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def browse(page, typed, **changes):
    """Do what a person does in the browser: open the page, type the token in, press the button."""
    with urllib.request.urlopen(page, timeout=60) as response:
        html = response.read().decode()
    asked = json.loads(re.search(r"const asked = (.*)", html)[1])
    document = {"nonce": asked["nonce"], "organization": asked["organization"], "token": typed}
    return html, post(asked["port"], document | changes)


@pytest.fixture
def browser(monkeypatch):
    """A browser that somebody logs in with; what they saw."""
    seen = []

    def use(typed, **changes):
        def opened(page):
            seen.append((page, *browse(page, typed, **changes)))
            return True

        monkeypatch.setenv("BROWSER", "one")
        monkeypatch.setattr(webbrowser, "open", opened)
        return seen

    return use


def test_logging_in_in_the_browser(dplus, sandbox, browser, stored, home):
    seen = browser(OWN)
    done = dplus("auth", "login", "--url", sandbox.url)
    assert (done.code, done.out) == (0, "Logged in to demo as ada@example.com, deployment prod\n")
    ((page, html, (status, headers, answer)),) = seen
    assert re.fullmatch(
        re.escape(sandbox.url) + r"/\?next=/cli-auth/[A-Z0-9]{16}%3Fport%3D\d+", page
    )
    assert (status, answer, headers["Access-Control-Allow-Origin"]) == (200, '{"ok": true}', "*")
    assert OWN not in html + page + done.out + done.err
    assert stored() == {
        "cli": {
            "plus": {
                "organization": "demo",
                "default_deployment": "prod",
                "user_token": OWN,
                "url": sandbox.url,
            }
        }
    }
    path = home / ".config" / "dg.toml"
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent)] == [0o600, 0o700]
    assert dplus("auth", "status", "--json").json["user"] == "ada@example.com"
    assert dplus("deployment", "current", "--fields", "name").out == "Name: prod\n"


def test_logging_in_without_a_browser(sandbox, home):
    """In a process of its own: the page is printed, and the token is in no output."""
    command = [sys.executable, "-m", "dagster_plus_sdk", "auth", "login", "--no-browser", "--json"]
    options = ["--url", sandbox.url, "-d", "STAGING", "--profile", "there"]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        page = process.stderr.readline().split()[-1]
        _, (status, _, _) = browse(page, OWN)
        out, err = process.communicate(timeout=60)
    assert (status, process.returncode) == (200, 0)
    assert json.loads(out) == {
        "organization": "demo",
        "user": "ada@example.com",
        "deployments": ["prod", "staging"],
        "url": sandbox.url,
        "deployment": "staging",
        "stored_in": f"{home}/.config/dg.toml (profile there)",
    }
    assert OWN not in out + err
    assert "dplus config use there" in err


@pytest.mark.parametrize(
    ("words", "changes", "code", "says"),
    [
        ([], {"token": "user:wrong"}, 4, "refuses the token"),
        (["-o", "acme"], {}, 2, "'demo', not for 'acme'; it is not stored"),
        ([], {"organization": "acme"}, 4, "refuses the token"),
        (["-d", "stagign"], {}, 2, "no deployment of demo is called 'stagign'; did you mean staging?"),
        ([], {"nonce": "WRONG"}, 6, "nobody logged in within 1 seconds"),
    ],
)  # fmt: skip
def test_what_is_not_stored(dplus, sandbox, browser, stored, words, changes, code, says):
    browser(OWN, **changes)
    done = dplus("auth", "login", "--url", sandbox.url, "--timeout", "1", *words)
    assert (done.code, done.out, stored()) == (code, "", None)
    assert says in done.err
    assert OWN not in done.err


def test_a_remote_machine_is_told_how(dplus, sandbox, browser, monkeypatch):
    browser(OWN)
    monkeypatch.setenv("SSH_CONNECTION", "a b")
    done = dplus("auth", "login", "--url", sandbox.url, "--timeout", "0.1")
    assert done.code == 6
    assert re.search(r"open http\S+\n.*ssh -L (\d+):127.0.0.1:\1", done.err)
    with LoginServer() as taken:
        done = dplus("auth", "login", "--url", sandbox.url, "--port", str(taken.server_port))
        taken.shutdown()
    assert (done.code, "Address already in use" in done.err) == (2, True)
    assert dplus("auth", "login", "--port", "99999").code == 2


def test_a_machine_without_windows_opens_no_browser(browser, monkeypatch):
    browser(OWN)
    monkeypatch.delenv("BROWSER")
    monkeypatch.setattr(sys, "platform", "linux")
    assert web.has_browser() is False
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda _page: False)
    assert (web.has_browser(), web.is_opened("http://nowhere.test")) == (True, False)


GOOD = {"token": CANARY, "organization": "acme"}


def test_the_server_takes_one_token_from_who_knows_the_nonce():
    server = LoginServer()
    port, good = server.server_port, {**GOOD, "nonce": server.nonce}
    try:
        refused = [
            b"no json", b"[1]", b"[" * 5000, {}, GOOD, {**good, "nonce": ""}, {**good, "nonce": "\u00e9"},
            {**good, "nonce": "\ud800"}, {**good, "organization": "a\x1b[2J"},
            {**good, "token": "a\nb"}, {**good, "token": ""}, {**good, "organization": None},
        ]  # fmt: skip
        answers = [post(port, document) for document in refused]
        answers.append(post(port, b"", **{"Content-Length": "70000"}))
        assert {status for status, _, _ in answers} == {400}
        assert post(port, good, path="/other")[0] == 404
        assert post(port, good, Host=f"rebound.test:{port}")[0] == 421
        assert server.wait(0.01) == ""
        status, _, text = post(port, good, Origin="https://acme.dagster.cloud")
        assert (status, text, server.wait(30), server.organization) == (
            200, '{"ok": true}', CANARY, "acme",
        )  # fmt: skip
        assert post(port, {**good, "token": "other"})[0] == 410
        assert server.wait(30) == CANARY
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            html = page.read().decode()
        assert "go back to the terminal" in html
        assert server.nonce not in html
        seen = html + "".join(text + str(headers) for _, headers, text in answers)
        assert CANARY not in seen + text
    finally:
        server.close()
    assert server.wait(0) == ""


def test_nobody_else_can_be_the_localhost_of_a_browser(dplus):
    """A browser tries ``::1`` first: another user's program there would be given the token."""
    try:
        other = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("there is no IPv6")
    with other:
        done = dplus("auth", "login", "--port", str(other.getsockname()[1]), "--no-browser")
    assert (done.code, "Address already in use" in done.err) == (2, True)
    server = LoginServer()
    there = ("::1", server.server_port)
    try:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(there, timeout=5)
        with pytest.raises(OSError, match="Address already in use"):
            socket.create_server(there, family=socket.AF_INET6)
    finally:
        server.close()
    socket.create_server(there, family=socket.AF_INET6).close()


def test_a_hostile_server_does_nothing_to_the_terminal(dplus, server):
    server.data(
        {
            "organization": {"name": "acme\x1b[2J"},
            "identity": {"viewer": {"email": "a\x9bb"}},
            "fullDeployments": [{"deploymentName": "prod\x1b]0;x\x07"}],
        }
    )
    done = dplus("auth", "login", "--with-token", "--url", server.url, stdin="t")
    assert "acme [2J" in done.out + done.err
    assert (done.out + done.err).replace("\n", "").isprintable()
    server.replies.clear()
    server.reply(Reply({"errors": [{"message": "no\x1b[2J"}]}, 400))
    done = dplus("auth", "status", "--url", server.url)
    assert (done.code, "\x1b" in done.err) == (1, False)


def test_a_page_of_the_internet_may_ask():
    server = LoginServer()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.server_port}/callback", method="OPTIONS"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            assert response.headers["Access-Control-Allow-Private-Network"] == "true"
            assert response.headers["Access-Control-Allow-Headers"] == "Content-Type"
    finally:
        server.close()
    assert server.server_address[0] == "127.0.0.1"


def with_token(dplus, sandbox, *words, token=OWN):
    return dplus("auth", "login", "--with-token", "--url", sandbox.url, *words, stdin=f"{token}\n")


def test_logging_in_with_a_token(dplus, sandbox, stored):
    done = with_token(dplus, sandbox, "--json")
    assert (done.code, done.json["deployment"]) == (0, "prod")
    assert with_token(dplus, sandbox, "--profile", "v", token=sandbox.tokens["viewer"]).code == 0
    rows = [line.split("\t") for line in dplus("auth", "status", "--all").out.splitlines()]
    url = f"{sandbox.url}/graphql"
    assert rows == [
        ["demo", "prod", "ada@example.com", "", url, "ok"],
        ["demo", "prod", "vic@example.com", "v", url, "ok"],
    ]
    before = stored()
    done = with_token(dplus, sandbox, token=CANARY)
    assert (done.code, CANARY in done.err, stored()) == (4, False, before)


def test_a_refused_token_among_all(dplus, server, home):
    server.data({"version": "1"}, {"version": "1"})
    config = home / ".config" / "dg.toml"
    config.parent.mkdir()
    config.write_text(
        f"[cli.plus]\norganization='acme'\nuser_token='{CANARY}'\nurl='{server.url}'\n"
        "[dagster_plus_sdk.profiles.empty]\norganization='acme'\n"
    )
    done = dplus("auth", "status", "--all", "--json")
    assert done.code == 4
    first, second = done.json["items"]
    assert (first["state"], second["profile"]) == ("ok", "empty")
    assert second["state"].startswith("There is no token for the organization 'acme'")
    assert CANARY not in done.out


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (["--with-token", "-o", "acme"], "", "reads the token from stdin, which is empty"),
        (["--with-token", "-o", "acme"], "two words\nand lines", "and what is there is none"),
        (["--with-token"], "x", "--with-token needs --organization"),
        (["--api-token", CANARY], "", "everyone on this machine sees a command line"),
        (["--url", "http://localhost:1", "--region", "eu"], "", "--region is for Dagster+ itself"),
        (["--region", "mars"], "", "'mars' cannot be; choose from us, eu"),
        (["--url", "ftp://x"], "", "must start with https:// or http://"),
    ],
)
def test_what_cannot_be(dplus, stored, words, stdin, says):
    done = dplus("auth", "login", *words, stdin=stdin)
    assert (done.code, done.out, stored()) == (2, "", None)
    assert says in done.err
    assert CANARY not in done.err


def test_an_open_source_webserver_needs_no_login(dplus, server):
    message = "Cannot query field 'organization' on type 'Query'."
    server.reply(Reply({"errors": [{"message": message}]}, 400))
    done = dplus("auth", "login", "--with-token", "--url", server.url, stdin="t")
    assert (done.code, done.err) == (
        2,
        f"dplus: {server.url} is no Dagster+, and needs no login: dplus config set url {server.url}\n",
    )


REGIONS = [
    ([], {}, "https://dagster.cloud", None),
    (["--region", "eu"], {}, "https://eu.dagster.cloud", "https://eu.dagster.cloud"),
    (["--region", "us"], {"url": "https://eu.dagster.cloud"}, "https://dagster.cloud", None),
    ([], {"url": "https://eu.dagster.cloud"}, "https://eu.dagster.cloud", "https://eu.dagster.cloud"),
    (["--region", "eu"], {"url": "http://localhost:1"}, "https://eu.dagster.cloud", "https://eu.dagster.cloud"),
    (["--url", "https://acme.eu.dagster.cloud/dev"], {}, "https://eu.dagster.cloud", "https://eu.dagster.cloud"),
    (["--url", "dagster.plus/acme"], {}, "https://dagster.plus", "https://dagster.plus"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "before", "asked", "after"), REGIONS)
def test_regions(dplus, monkeypatch, home, stored, words, before, asked, after):
    """Dagster+ itself is not asked: who would be is looked at."""
    if before:
        (home / ".config").mkdir()
        text = "".join(f'{key} = "{value}"\n' for key, value in before.items())
        (home / ".config" / "dg.toml").write_text(f"[cli.plus]\n{text}")
    seen = []

    def tried(_state, url, organization, _token):
        seen.append((url, organization))
        return {"organization": "acme", "user": None, "deployments": ["a", "dev"], "url": url}

    monkeypatch.setattr(login, "_tried", tried)
    done = dplus("auth", "login", "--with-token", "-o", "acme", *words, stdin="t")
    assert (done.code, seen) == (0, [(asked, "acme")])
    plus = stored()["cli"]["plus"]
    assert plus.get("url") == after
    assert plus["default_deployment"] == ("dev" if "/dev" in str(words) else "a")


def test_the_organization_alone_decides_which_server_is_tried(dplus, sandbox, monkeypatch, stored):
    monkeypatch.setenv("DAGSTER_CLOUD_DEPLOYMENT", "of-another-organization")
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", CANARY)
    done = with_token(dplus, sandbox)
    assert (done.code, stored()["cli"]["plus"]["default_deployment"]) == (0, "prod")
    assert "environment's DAGSTER_CLOUD_API_TOKEN, DAGSTER_CLOUD_DEPLOYMENT go before" in done.err
    assert os.environ["DAGSTER_CLOUD_DEPLOYMENT"] == "of-another-organization"


class Terminal:
    """Stdin of a person who answers."""

    def __init__(self, *lines):
        self._lines = iter(lines)

    def isatty(self):
        return True

    def readline(self):
        return next(self._lines, "")


def test_a_person_is_asked(dplus, sandbox, monkeypatch, stored):
    asked = []
    monkeypatch.setattr("dagster_plus_sdk.cli.account.login.is_answered", lambda: True)
    monkeypatch.setattr("dagster_plus_sdk.cli.params.asking.is_answered", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or OWN)
    monkeypatch.setattr(sys, "stdin", Terminal("stagng\n"))
    done = dplus("auth", "login", "--with-token", "--url", sandbox.url)
    assert (done.code, "did you mean staging?" in done.err, stored()) == (2, True, None)
    monkeypatch.setattr(sys, "stdin", Terminal("staging\n"))
    done = dplus("auth", "login", "--with-token", "--url", sandbox.url)
    assert asked == ["Token: ", "Token: "]
    assert done.err.startswith("dplus: deployments: prod, staging\nDefault deployment [prod]: ")
    assert stored()["cli"]["plus"]["default_deployment"] == "staging"
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert dplus("auth", "login", "--with-token", "--url", sandbox.url).code == 130


def test_logging_out(dplus, sandbox, stored, monkeypatch):
    with_token(dplus, sandbox)
    with_token(dplus, sandbox, "--profile", "a")
    with_token(dplus, sandbox, "--profile", "b")
    done = dplus("auth", "logout", "--profile", "a")
    assert "is gone from" in done.out
    assert "(profile a)" in done.out
    assert stored()["cli"]["plus"]["user_token"] == OWN
    assert dplus("auth", "logout", "--profile", "a").out.startswith("No token was stored in ")
    done = dplus("auth", "logout", "--profile", "c")
    assert (done.code, "no profile is called 'c'; there are a, b" in done.err) == (2, True)
    assert len(dplus("auth", "logout", "--all", "--json").json["removed_from"]) == 2
    assert OWN not in json.dumps(stored())
    assert stored()["cli"]["plus"]["organization"] == "demo"
    assert dplus("auth", "logout", "--all").out == "No token was stored\n"
    done = dplus("auth", "status")
    assert (done.code, "dplus auth login" in done.err) == (4, True)
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", CANARY)
    done = dplus("auth", "logout")
    assert "in the environment's DAGSTER_CLOUD_API_TOKEN, which only you can unset" in done.err
    assert CANARY not in done.err


def test_nobody_is_logged_in(dplus):
    done = dplus("auth", "status", "--json")
    assert (done.code, done.error["code"]) == (4, "NOT_LOGGED_IN")
    assert "dplus auth login" in dplus("run", "list").err


LEGACY = "# mine\norganization: demo # its name\nuser_token: user:old\nagent_timeout: 60\n"


def test_what_dagster_cloud_stored_is_changed_where_it_is(dplus, sandbox, stored, home):
    path = home / ".dagster_cloud_cli" / "config"
    path.parent.mkdir()
    path.write_text(LEGACY)
    done = with_token(dplus, sandbox)
    assert (done.code, f"stored in {path}" in done.err, stored()) == (0, True, None)
    text = path.read_text()
    assert text.startswith('# mine\norganization: "demo" # its name\n')
    assert yaml.safe_load(text) == {
        "organization": "demo",
        "user_token": OWN,
        "agent_timeout": 60,
        "default_deployment": "prod",
        "url": sandbox.url,
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert dplus("auth", "logout").out == f"Logged out: the token is gone from {path}\n"
    assert "user_token" not in yaml.safe_load(path.read_text())


def test_another_login_replaces_the_first(dplus, sandbox, home):
    (home / ".config").mkdir()
    config = home / ".config" / "dg.toml"
    config.write_text('[cli.plus]\norganization = "acme" # ours\n[cli]\nx = 1\n')
    done = with_token(dplus, sandbox)
    assert "this replaces the login to acme; --profile NAME keeps several" in done.err
    assert config.read_text().startswith('[cli.plus]\norganization = "demo" # ours\ndefault_d')


def test_what_cannot_be_stored_is_told_before_anybody_logs_in(dplus, home, browser, sandbox):
    seen = browser(OWN)
    (home / ".config").write_text("no folder")
    done = dplus("auth", "login", "--url", sandbox.url)
    assert (done.code, seen) == (2, [])
    assert "cannot be written" in done.err


def test_loud_options_show_no_token(dplus, sandbox):
    done = with_token(dplus, sandbox, "--debug", "--view-graphql")
    assert (done.code, OWN in done.out + done.err) == (0, False)
    assert "# LogIn" in done.err
    done = with_token(dplus, sandbox, "--debug", "--view-graphql", token=CANARY)
    assert (done.code, CANARY in done.out + done.err) == (4, False)
    assert "Traceback" in done.err


def test_what_cannot_be_written(dplus, sandbox, home, stored):
    folder = home / ".config"
    folder.mkdir()
    config = folder / "dg.toml"
    config.write_text('cli = {plus = {organization = "acme"}}\n')
    done = with_token(dplus, sandbox)
    assert (done.code, "is left as it was; edit it yourself" in done.err) == (2, True)
    config.write_text("")
    config.chmod(0o400)
    done = with_token(dplus, sandbox)
    assert (done.code, "dg.toml cannot be written: it is read-only" in done.err) == (2, True)
    assert stored() == {}
    assert list(folder.iterdir()) == [config]
    assert OWN not in done.err


def test_a_login_that_the_official_tools_understand(dplus, sandbox, stored):
    """No key but theirs: `dg` fails on any other."""
    with_token(dplus, sandbox)
    dplus("config", "set", "region", "us")
    assert stored()["cli"]["plus"].keys() <= {
        "url", "organization", "default_deployment", "user_token", "agent_timeout",
    }  # fmt: skip


def test_the_sandboxs_page_has_no_token_but_the_one_that_everyone_knows(sandbox):
    page = f"{sandbox.url}/?next=/cli-auth/NONCE%3Fport%3D80"
    with urllib.request.urlopen(page, timeout=30) as response:
        html = response.read().decode()
        assert response.url == f"{sandbox.url}/cli-auth/NONCE?port=80"
    assert OWN not in html
    assert 'value=""' in html
    for path in ("/?next=//evil.test", "/cli-auth/NONCE", "/cli-auth/a%3Cb?port=1", "/cli-auth/N?port=x"):  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(sandbox.url + path, timeout=30)
        refused.value.close()
        assert refused.value.code in (401, 404)


def test_the_plan_is_no_reason_to_fail(dplus, sandbox, server):
    with_token(dplus, sandbox, token=sandbox.tokens["viewer"])
    assert dplus("auth", "status", "--json").json["plan"] == "ENTERPRISE"
    refused = Reply({"errors": [{"message": "planType is for admins"}]}, 400)
    server.reply(refused)
    server.data({"version": "1", "organization": {"name": "acme"}})
    options = ("--url", server.url, "-o", "acme", "--api-token", "t", "--json")
    assert dplus("auth", "status", *options).json["organization"] == "acme"
    assert ["planType" in sent.json["query"] for sent in server.received] == [True, False]
    assert "planType" in auth._WHO


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
STORING = ("dplus auth", "dplus config", "dplus deployment use")


def test_every_line_of_the_guide_that_stores_something(dplus, sandbox, browser, monkeypatch, home):
    """In their order; the browser is at the sandbox, and `acme` is what that calls demo."""
    browser(OWN)
    (home / "token.txt").write_text(OWN)
    lines = [line for line in GUIDE.read_text().splitlines() if line.startswith(STORING)]
    examples = {line for path, some in EXAMPLES.items() for line in some if f"dplus {path}".startswith(STORING)}  # fmt: skip
    assert examples - {"dplus config show --json"} <= set(lines)
    for line in lines:
        words, _, file = line.replace("acme", "demo").partition(" < ")
        with monkeypatch.context() as patch:
            if "login" in line:
                patch.setenv("DAGSTER_CLOUD_URL", sandbox.url)
            done = dplus(*words.split()[1:], stdin=(home / file).read_text() if file else None)
        assert done.code == 0, (line, done)
        assert OWN not in done.out + done.err
    assert parse((home / ".config" / "dg.toml").read_text())["cli"]["plus"] == {
        "organization": "demo",
        "default_deployment": "staging",
        "url": sandbox.url,
    }
