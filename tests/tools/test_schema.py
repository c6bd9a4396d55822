"""The schema tool: the SDL, what changed for users, and answers of all kinds of servers."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import schema as tool
from graphql import (
    build_client_schema,
    build_schema,
    graphql_sync,
    introspection_from_schema,
)
from graphql.pyutils import natural_comparison_key
from schema_changes import describe_changes, find_changes

REAL = Path(__file__).parents[2] / "schema.graphql"
TOKEN = "user:canary-5f1c"
SMALL = '''
"""A description."""
type Query {
  "Another."
  version: String!
  run(id: ID!): RunOrError
  color(at: Int = 3): Color
  filter(by: Filter): Date
}
type Run { id: ID!  status: Color  old: Int }
type NotFound { message: String! }
union RunOrError = Run | NotFound
enum Color { RED  GREEN }
input Filter { name: String }
scalar Date @specifiedBy(url: "https://example.com/date")
'''
SMALL_SORTED = """\
enum Color {
  GREEN
  RED
}

scalar Date @specifiedBy(url: "https://example.com/date")

input Filter {
  name: String
}

type NotFound {
  message: String!
}

type Query {
  color(at: Int = 3): Color
  filter(by: Filter): Date
  run(id: ID!): RunOrError
  version: String!
}

type Run {
  id: ID!
  old: Int
  status: Color
}

union RunOrError = NotFound | Run
"""


def _introspect(sdl):
    return introspection_from_schema(build_schema(sdl))


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out.graphql"


@pytest.fixture
def run(output, capsys, monkeypatch):
    """Run the command; return its exit code and what it printed."""
    monkeypatch.delenv(tool.TOKEN_VARIABLE, raising=False)

    def call(source, *arguments, token=None, timeout=60):
        if token:
            monkeypatch.setenv(tool.TOKEN_VARIABLE, token)
        try:
            code = tool.main([str(source), "--output", str(output), *arguments], timeout=timeout)
        except SystemExit as error:
            code = error.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.json"
    path.write_text(json.dumps(_introspect(SMALL)))
    return path


def _members(type_):
    fields = getattr(type_, "fields", {})
    arguments = {name: getattr(field, "args", {}) for name, field in fields.items()}
    return (
        {name: str(field.type) for name, field in fields.items()},
        {name: {k: str(a.type) for k, a in args.items()} for name, args in arguments.items()},
        list(getattr(type_, "values", {})),
        [member.name for member in getattr(type_, "types", ())],
        [interface.name for interface in getattr(type_, "interfaces", ())],
    )


def _no_stack(err):
    assert err.startswith("schema: ")
    assert err.count("\n") == 1
    return err


class TestSdl:
    def test_sorted_without_descriptions(self):
        assert tool.sdl_of(_introspect(SMALL)) == SMALL_SORTED

    def test_deprecations_one_of_and_repeatable_directives_survive(self):
        sdl = (
            "directive @tag(name: String!) repeatable on FIELD\n\n"
            "input Key @oneOf {\n  id: ID\n  path: String\n}\n\n"
            "type Query {\n"
            '  new(by: Key, old: Int @deprecated(reason: "use by")): Int\n'
            '  old: Int @deprecated(reason: "use new")\n}\n'
        )
        assert tool.sdl_of(introspection_from_schema(build_schema(sdl))) == sdl

    def test_the_real_schema_round_trips(self):
        sdl = REAL.read_text()
        schema = build_schema(sdl, assume_valid=True)
        introspection = introspection_from_schema(schema, descriptions=False)
        assert tool.sdl_of(introspection) == sdl
        source = build_client_schema(introspection, assume_valid=True)
        assert source.type_map.keys() == schema.type_map.keys()
        assert all(
            source.type_map[name].to_kwargs().keys() == type_.to_kwargs().keys()
            and _members(source.type_map[name]) == _members(type_)
            for name, type_ in schema.type_map.items()
        )

    def test_the_real_schema_is_sorted_and_has_no_descriptions(self):
        lines = REAL.read_text().splitlines()
        assert '"""' not in lines
        names = [line.split()[1] for line in lines if re.match(r"(type|enum|input|union) ", line)]
        assert len(names) > 1000
        assert names == sorted(names, key=natural_comparison_key)

    @pytest.mark.parametrize(
        "broken",
        [
            {"__schema": {}},
            {"__schema": {"types": [], "queryType": None, "directives": []}},
            {"__schema": {"types": ["x"], "queryType": {"name": "Q"}, "directives": []}},
            {"__schema": {"types": [{"kind": "OBJECT"}], "queryType": {}, "directives": []}},
        ],
    )
    def test_unusable(self, broken):
        with pytest.raises(tool.SchemaError, match="not usable"):
            tool.sdl_of(broken)


class TestFiles:
    @pytest.mark.parametrize("wrapped", [True, False])
    def test_writes(self, run, output, tmp_path, wrapped):
        result = _introspect(SMALL)
        (tmp_path / "i.json").write_text(json.dumps({"data": result} if wrapped else result))
        code, out, err = run(tmp_path / "i.json")
        assert (code, err) == (0, "")
        assert out == f"wrote {output}\nnew schema: 11 types\n"
        assert output.read_text() == SMALL_SORTED

    def test_no_changes(self, run, output, small):
        run(small)
        assert run(small) == (0, f"{output}: no changes\n", "")
        assert run(small, "--check")[0] == 0

    def test_check_writes_nothing(self, run, output, small):
        output.write_text(SMALL_SORTED.replace("  old: Int\n", ""))
        code, out, _ = run(small, "--check")
        assert code == 1
        assert "is not current" in out
        assert "Run.old" in out
        assert "old" not in output.read_text()

    def test_prints_what_changed(self, run, output, small):
        output.write_text(SMALL_SORTED.replace("  old: Int\n", "  gone: Int\n"))
        code, out, _ = run(small)
        assert code == 0
        assert "changes: 1 added, 1 removed, 0 breaking, 0 dangerous, 0 compatible" in out
        assert output.read_text() == SMALL_SORTED

    def test_text_alone_differs(self, run, output, small):
        output.write_text(SMALL_SORTED + "\n")
        assert "no changes for users" in run(small)[1]

    def test_old_file_is_no_sdl(self, run, output, small):
        output.write_text("type {")
        code, out, _ = run(small)
        assert code == 0
        assert "no comparison" in out
        assert output.read_text() == SMALL_SORTED

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (None, "file not found"),
            ("{", "not JSON"),
            ("[]", "no introspection result"),
            ('{"data": null}', "no introspection result"),
            ('{"errors": [{"message": "a\\nb"}, "c"]}', "GraphQL errors: a b; c"),
            ('{"errors": [1, 2, 3, 4, 5, 6, 7]}', "1; 2; 3; 4; 5; 2 more"),
            ('{"__schema": {"types": []}}', "not usable"),
        ],
    )
    def test_errors(self, run, output, tmp_path, text, message):
        if text is not None:
            (tmp_path / "bad.json").write_text(text)
        code, out, err = run(tmp_path / "bad.json")
        assert (code, out) == (1, "")
        assert message in _no_stack(err)
        assert not output.exists()

    def test_no_text(self, run, tmp_path):
        (tmp_path / "bad.json").write_bytes(b"\xff\xfe")
        assert "UTF-8" in _no_stack(run(tmp_path / "bad.json")[2])

    def test_folder(self, run, tmp_path):
        code, _, err = run(tmp_path)
        assert code == 1
        _no_stack(err)

    def test_usage(self, capsys):
        with pytest.raises(SystemExit) as caught:
            tool.main([])
        assert caught.value.code == 2
        assert "source" in capsys.readouterr().err


def _changes(old, new):
    return find_changes(build_schema(old), build_schema(new))


class TestChanges:
    def test_none(self):
        assert describe_changes(_changes(SMALL, SMALL)) == "no changes"

    @pytest.mark.parametrize(
        ("before", "after", "group", "kind", "description"),
        [
            ("version: String!", "version: String! new: Int", "added", "root fields", "Query.new"),
            ("old: Int", "old: Int new: Int", "added", "fields", "Run.new"),
            ("scalar Date", "type New { a: Int }\nscalar Date", "added", "types", "New (object)"),
            ("scalar Date", "input New { a: Int }\nscalar Date", "added", "types", "New (input)"),
            ("scalar Date", "enum New { A }\nscalar Date", "added", "types", "New (enum)"),
            ("GREEN }", "GREEN  BLUE }", "added", "enum values", "Color.BLUE"),
            ("old: Int", "", "removed", "field removed", "Run.old was removed."),
            ("GREEN }", "}", "removed", "value removed from enum", "GREEN was removed"),
            ("| NotFound", "", "removed", "type removed from union", "NotFound was removed"),
            ("old: Int", "old: String", "breaking", "field changed kind", "from Int to String"),
            (
                "(id: ID!)",
                "(id: ID!, x: Int!)",
                "breaking",
                "required arg added",
                "required arg x",
            ),
            ("GREEN }", "GREEN  BLUE }", "dangerous", "value added to enum", "BLUE was added"),
            ("at: Int = 3", "at: Int = 4", "dangerous", "arg default value change", "from 3 to 4"),
            (
                "name: String",
                "name: String x: Int",
                "dangerous",
                "optional input field added",
                "optional field x",
            ),
            ("old: Int", "old: Int!", "compatible", "field types", "Run.old: Int became Int!"),
            (
                "old: Int",
                'old: Int @deprecated(reason: "gone soon")',
                "compatible",
                "deprecated",
                "Run.old: gone soon",
            ),
            (
                "GREEN }",
                'GREEN @deprecated(reason: "no") }',
                "compatible",
                "deprecated",
                "Color.GREEN: no",
            ),
        ],
    )
    def test_kinds(self, before, after, group, kind, description):
        assert before in SMALL
        groups = _changes(SMALL, SMALL.replace(before, after))
        assert description in "\n".join(groups[group][kind])
        text = describe_changes(groups)
        assert f"  {kind} (1)\n" in text
        assert description in text

    def test_counts_and_order(self):
        new = SMALL.replace("old: Int", "b: Int  a: Int").replace("status: Color", "status: Int")
        lines = describe_changes(_changes(SMALL, new)).splitlines()
        assert lines[0] == "changes: 2 added, 1 removed, 1 breaking, 0 dangerous, 0 compatible"
        assert lines[2:6] == ["Added (2)", "  fields (2)", "    Run.a", "    Run.b"]

    def test_a_new_types_members_are_not_listed_again(self):
        groups = _changes(SMALL, SMALL + "\ntype New { a: Int }\nenum E { A }")
        assert groups["added"] == {"types": ["New (object)", "E (enum)"]}

    def test_a_changed_kind_is_breaking(self):
        groups = _changes(SMALL, SMALL.replace("scalar Date @", "enum Date { A }\nscalar Other @"))
        assert groups["breaking"]["type changed kind"]
        assert "enum values" not in groups["added"]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, self.headers["Dagster-Cloud-Api-Token"], body))
        status, headers, text = self.server.answer(self.path, self.headers, body["query"])
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def _execute(_path, _headers, query):
    result = graphql_sync(build_schema(SMALL), query)
    return (400 if result.errors else 200), {}, json.dumps(result.formatted)


@contextmanager
def _serve(answer=_execute):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.answer, server.seen = answer, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}/graphql"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class TestServers:
    def test_open_source(self, run, output):
        with _serve() as (server, url):
            assert run(url)[0] == 0
        assert output.read_text() == SMALL_SORTED
        assert [token for _, token, _ in server.seen] == [None]

    def test_the_token_is_sent_and_not_shown(self, run, output, caplog):
        caplog.set_level(logging.DEBUG)
        with _serve() as (server, url):
            code, out, err = run(url, token=TOKEN)
        assert code == 0
        assert [token for _, token, _ in server.seen] == [TOKEN]
        assert TOKEN not in out + err + caplog.text + output.read_text()

    def test_older_servers(self, run, output):
        def answer(path, headers, query):
            if "isOneOf" in query:
                error = {"message": "Cannot query field 'isOneOf' on type '__Type'."}
                return 400, {}, json.dumps({"errors": [error]})
            return _execute(path, headers, query)

        with _serve(answer) as (server, url):
            assert run(url)[0] == 0
        assert len(server.seen) == 2
        assert "scalar Date\n" in output.read_text()

    def test_redirect_within_the_origin(self, run):
        def answer(path, headers, query):
            if path == "/graphql":
                return 302, {"location": "/prod/graphql"}, ""
            return _execute(path, headers, query)

        with _serve(answer) as (server, url):
            assert run(url, token=TOKEN)[0] == 0
        assert [(path, token) for path, token, _ in server.seen] == [
            ("/graphql", TOKEN),
            ("/prod/graphql", TOKEN),
        ]

    def test_redirect_to_another_origin(self, run):
        with _serve() as (other, elsewhere):
            location = f"{elsewhere}?t={TOKEN}"
            with _serve(lambda *_: (307, {"location": location}, "")) as (_, url):
                code, out, err = run(url, token=TOKEN)
        assert (code, out) == (1, "")
        assert f"redirects to another origin, not followed: {elsewhere}" in _no_stack(err)
        assert TOKEN not in err
        assert other.seen == []

    def test_endless_redirect(self, run):
        with _serve(lambda *_: (302, {"location": "/graphql"}, "")) as (server, url):
            assert "more than 3 redirects" in _no_stack(run(url)[2])
        assert len(server.seen) == 4

    @pytest.mark.parametrize(
        ("status", "text", "message"),
        [
            (401, "no", "HTTP 401 Unauthorized: no or a refused token in DAGSTER_CLOUD_API_TOKEN"),
            (403, '{"error": "x"}', "HTTP 403 Forbidden"),
            (502, "<html>", "HTTP 502 Bad Gateway"),
            (200, "<html>", "the answer is not GraphQL (HTTP 200 OK)"),
            (200, "[]", "the answer is not GraphQL"),
            (200, '{"data": {}}', "no introspection result"),
            (
                400,
                '{"errors": [{"message": "GraphQL introspection has been disabled"}]}',
                "introspection is disabled: GraphQL introspection has been disabled",
            ),
            (500, '{"errors": [{"message": "boom"}]}', "GraphQL errors: boom"),
        ],
    )
    def test_refusals(self, run, output, status, text, message):
        with _serve(lambda *_: (status, {}, text)) as (_, url):
            code, out, err = run(url)
        assert (code, out) == (1, "")
        assert message in _no_stack(err)
        assert url in err
        assert not output.exists()

    def test_a_server_that_repeats_the_token(self, run):
        def answer(_path, headers, _query):
            message = f"bad token {headers['Dagster-Cloud-Api-Token']}"
            return 400, {}, json.dumps({"errors": [{"message": message}]})

        with _serve(answer) as (_, url):
            assert "bad token ***" in _no_stack(run(url, token=TOKEN)[2])

    def test_connection_refused(self, run):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            # Bound, and nobody listens: the port is nobody else's meanwhile.
            code, _, err = run(f"http://127.0.0.1:{free.getsockname()[1]}/graphql")
        assert code == 1
        assert "ConnectError" in _no_stack(err)

    def test_timeout(self, run):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            code, _, err = run(f"http://127.0.0.1:{silent.getsockname()[1]}/graphql", timeout=0.5)
        assert code == 1
        assert "ReadTimeout" in _no_stack(err)

    def test_bad_redirect(self, run):
        with _serve(lambda *_: (302, {"location": "http://x:port/"}, "")) as (_, url):
            code, _, err = run(url)
        assert code == 1
        assert "Invalid URL in location header" in _no_stack(err)

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("http://example.com/graphql", "not sent over http to example.com"),
            ("http://10.0.0.1/graphql", "not sent over http to 10.0.0.1"),
            ("HTTP://localhost.example.com/graphql", "not sent over http"),
            ("https://user:secret@example.com/graphql", "no credentials in the URL"),
            ("http://x:port/graphql", "not a URL"),
        ],
    )
    def test_refused_urls(self, run, url, message):
        code, out, err = run(url, token=TOKEN)
        assert (code, out) == (2, "")
        assert message in err
        assert TOKEN not in err
        assert "secret" not in err

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
    def test_loopback(self, host):
        assert tool._url_problem(f"http://{host}:3000/graphql", TOKEN) is None

    def test_http_without_a_token(self):
        assert tool._url_problem("http://dagster.internal:3000/graphql", "") is None
