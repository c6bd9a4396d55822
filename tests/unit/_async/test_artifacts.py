"""Artifacts: presigned URLs get the file, and never the token."""

from __future__ import annotations

import logging

import pytest
from kit.canary import TOKEN, leaks
from kit.payloads import deployment
from kit.server import Reply, ScriptedServer

from dagster_plus_sdk import RequestEvent, errors
from dagster_plus_sdk._core.rest import RestCall, Transfer

pytestmark = pytest.mark.anyio

SIGNATURE = "signature-9b1c44d2"
FIELDS = {"key": "reports/a.csv", "policy": f"{SIGNATURE}-policy", "x": 'quoted "name"'}
CONTENT = bytes(range(256)) * 2000  # two pieces


@pytest.fixture
def store():
    """The object store, at another origin."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def acme(connect):
    """A client that knows its deployment."""
    return connect(organization="acme", deployment="prod")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    return path


def target(store):
    return Reply({"url": f"{store.url}/bucket?X-Signature={SIGNATURE}", "fields": FIELDS})


def source(store):
    return Reply({"url": f"{store.url}/bucket/a.csv?X-Signature={SIGNATURE}"})


def parts(received):
    """The parts of a form: name, file name and content of each, in their order."""
    boundary = received.headers["content-type"].partition("boundary=")[2].encode()
    *found, end = received.body.split(b"--" + boundary)[1:]
    assert end == b"--\r\n"
    for part in found:
        head, _, content = part.partition(b"\r\n\r\n")
        yield head.decode().split("form-data; ")[1].split("\r\n")[0], content[:-2]


async def test_upload(acme, server, store, file):
    server.reply(target(store))
    store.reply(Reply(b"", 204))
    assert await acme.artifacts.upload("reports/a.csv", file) is None

    asked = server.received[0]
    assert (asked.path, asked.json) == ("/gen_artifact_post", {"key": "reports/a.csv"})
    assert asked.headers["dagster-cloud-api-token"] == TOKEN
    assert asked.headers["dagster-cloud-scope"] == "deployment"
    assert asked.headers["dagster-cloud-deployment"] == "prod"
    assert asked.headers["content-type"] == "application/json"

    sent = store.received[0]
    assert (sent.method, sent.path) == ("POST", f"/bucket?X-Signature={SIGNATURE}")
    # The file is the last part: the store ignores what stands behind it.
    assert list(parts(sent)) == [
        *((f'name="{name}"', value.encode()) for name, value in FIELDS.items()),
        ('name="file"; filename="a.csv"', CONTENT),
    ]
    assert "transfer-encoding" not in sent.headers
    assert TOKEN not in str(sent.headers)
    assert not [name for name in sent.headers if name.startswith("dagster")]


async def test_an_organization_s_artifact(acme, server, store, file):
    server.reply(target(store))
    store.reply(Reply(b"", 204))
    await acme.artifacts.upload("k", str(file), scope="Organization")
    assert server.received[0].headers["dagster-cloud-scope"] == "organization"
    assert "dagster-cloud-deployment" not in server.received[0].headers


async def test_the_default_deployment_is_asked_for(client, server, store, file):
    server.data({"currentDeployment": deployment("prod")})
    server.reply(target(store))
    store.reply(Reply(b"", 204))
    await client.artifacts.upload("k", file)
    assert server.received[0].operation == "GetCurrentDeployment"
    assert server.received[1].headers["dagster-cloud-deployment"] == "prod"


async def test_download(acme, server, store, tmp_path):
    server.reply(source(store))
    store.reply(Reply(CONTENT))
    path = tmp_path / "b.csv"
    path.write_text("old")
    assert await acme.artifacts.download("reports/a.csv", path) is None
    assert path.read_bytes() == CONTENT
    assert server.received[0].path == "/gen_artifact_get"
    assert store.received[0].method == "GET"
    assert TOKEN not in str(store.received[0].headers)
    assert [found.name for found in tmp_path.iterdir()] == ["b.csv"]


async def test_put(client, store, file):
    store.reply(Reply(b""))
    await client._transport.execute(Transfer(f"{store.url}/x?s={SIGNATURE}", file, method="PUT"))
    sent = store.received[0]
    assert (sent.method, sent.body) == ("PUT", CONTENT)
    assert TOKEN not in str(sent.headers)


@pytest.mark.parametrize("status", [403, 404])
async def test_an_artifact_that_is_not_there(acme, server, store, tmp_path, status):
    server.reply(source(store))
    store.reply(Reply(b"<Error><Code>NoSuchKey</Code></Error>", status))
    with pytest.raises(errors.NotFoundError, match=f"HTTP {status} NoSuchKey") as caught:
        await acme.artifacts.download("k", tmp_path / "b.csv")
    assert (caught.value.code, caught.value.status_code) == ("ARTIFACT_NOT_FOUND", 404)
    assert list(tmp_path.iterdir()) == []
    assert store.requests == 1


FAULTS = [
    Reply(b"<Code>SlowDown</Code>", 503),
    Reply(b"", 500),
    Reply(b"", 429),
    Reply(fault="reset"),
    Reply(CONTENT, fault="truncate"),
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_downloads_are_repeated(acme, server, store, tmp_path, fault):
    server.reply(source(store))
    store.reply(fault, Reply(b"whole"))
    await acme.artifacts.download("k", tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes() == b"whole"
    assert store.requests == 2


@pytest.mark.parametrize("fault", FAULTS[:4])
async def test_uploads_are_repeated(acme, server, store, file, fault):
    server.reply(target(store))
    store.reply(fault, Reply(b"", 204))
    await acme.artifacts.upload("k", file)
    assert store.requests == 2
    assert list(parts(store.received[1]))[-1][1] == CONTENT


async def test_what_was_there_stays_when_a_download_fails(connect, server, store, tmp_path):
    client = connect(organization="acme", deployment="prod", retries=0)
    server.reply(source(store))
    store.reply(Reply(CONTENT, fault="truncate"))
    path = tmp_path / "b.csv"
    path.write_text("old")
    with pytest.raises(errors.ConnectionFailedError):
        await client.artifacts.download("k", path)
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["b.csv"]


@pytest.mark.parametrize(
    "call",
    [
        lambda a, f: a.upload("", f),
        lambda a, f: a.upload("k", f.parent),
        lambda a, f: a.upload("k", f / "x"),
        lambda a, f: a.upload("k", f, scope="team"),
        lambda a, f: a.download("", f),
        lambda a, f: a.download("k", f.parent),
        lambda a, f: a.download("k", f.parent / "no" / "x"),
        lambda a, f: a.download("k", f, scope="team"),
    ],
)
async def test_what_cannot_be_is_not_sent(acme, server, file, call):
    with pytest.raises(errors.InvalidInputError):
        await call(acme.artifacts, file)
    assert server.requests == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", {"url": 5}, {"fields": {}}, {"url": "u", "fields": 5}]
)
async def test_an_answer_without_a_url(acme, server, file, body):
    server.reply(Reply(body))
    with pytest.raises(errors.InvalidResponseError, match="no presigned URL"):
        await acme.artifacts.upload("k", file)


def echo_upload(received):
    return Reply(received.body + str(received.headers).encode() + received.path.encode(), 400)


STORE_FAULTS = [
    pytest.param(echo_upload, id="echo"),
    pytest.param(Reply(fault="reset"), id="reset"),
    pytest.param(Reply(b"", 500), id="500"),
    pytest.param(
        Reply(b"", 307, {"Location": f"http://elsewhere.test/?{SIGNATURE}"}), id="redirect"
    ),
]


@pytest.mark.parametrize("verb", ["upload", "download"])
@pytest.mark.parametrize("reply", STORE_FAULTS)
async def test_neither_token_nor_signature_are_shown(
    connect, server, store, file, caplog, reply, verb
):
    caplog.set_level(logging.DEBUG, "dagster_plus_sdk")
    seen = []
    hooks = {"request": [seen.append], "response": [seen.append]}
    client = connect(organization="acme", deployment="prod", event_hooks=hooks)
    server.reply(target(store) if verb == "upload" else source(store))
    store.reply(reply)
    with pytest.raises(errors.DagsterPlusError) as caught:
        await getattr(client.artifacts, verb)("k", file)
    slots = [{name: getattr(event, name) for name in RequestEvent.__slots__} for event in seen]
    ours = [record for record in caplog.records if record.name == "dagster_plus_sdk"]
    for secret in (TOKEN, SIGNATURE):
        assert leaks(caught.value, secret) == []
        assert leaks([seen, slots, ours], secret) == []
    assert [event["operation"] for event in slots[:3:2]] == [
        f"POST /gen_artifact_{'post' if verb == 'upload' else 'get'}",
        verb,
    ]
    assert all(TOKEN not in str(r.headers) for r in store.received)
    fault = getattr(reply, "fault", None)
    assert seen[3].status_code == (None if fault else caught.value.status_code)
    assert store.requests >= 1


def echo(received):
    return Reply(" ".join(received.headers.values()).encode(), 500)


REFUSALS = [
    (Reply({"error": "bad key"}, 400), errors.InvalidRequestError, 400, "bad key"),
    (Reply(b"no", 401), errors.AuthenticationError, 401, "refuses the token"),
    (Reply(b"no", 403), errors.PermissionDeniedError, 403, "HTTP 403: no"),
    (Reply(b"", 404), errors.NotFoundError, 404, "HTTP 404"),
    (Reply(b"<html>x</html>", 500), errors.ServerError, 500, "an HTML page"),
    (
        Reply({"maintenance": {"message": "later", "retry_interval": 0}}),
        errors.MaintenanceError,
        503,
        "later",
    ),
    (echo, errors.ServerError, 500, r"HTTP 500: .*\*\*\*"),
]


@pytest.mark.parametrize(("reply", "kind", "status", "says"), REFUSALS)
async def test_errors_of_rest_calls(acme, server, reply, kind, status, says):
    server.reply(reply)
    with pytest.raises(kind, match=says) as caught:
        await acme._transport.execute(RestCall("gen_artifact_post", {"key": "k"}))
    assert caught.value.status_code == status
    assert caught.value.operation == "POST /gen_artifact_post"
    assert leaks(caught.value) == []


@pytest.mark.parametrize(("idempotent", "requests"), [(True, 5), (False, 1)])
async def test_calls_are_repeated_where_that_is_safe(acme, server, idempotent, requests):
    server.reply(Reply(b"", 502))
    with pytest.raises(errors.ServiceUnavailableError):
        await acme._transport.execute(RestCall("x", {}, idempotent=idempotent))
    assert server.requests == requests


async def test_calls_follow_redirects_within_the_origin_only(acme, server, store):
    server.reply(Reply(b"", 307, {"Location": "/prod/x"}), Reply(b"done"))
    assert await acme._transport.execute(RestCall("x", {"a": 1})) == "done"
    assert [r.path for r in server.received] == ["/x", "/prod/x"]
    assert server.received[0].body == server.received[1].body == b'{"a": 1}'
    server.replies[:] = [Reply(b"", 307, {"Location": f"{store.url}/x"})]
    with pytest.raises(errors.RedirectError):
        await acme._transport.execute(RestCall("x", {"a": 1}))
    assert store.requests == 0


async def test_a_call_leaves_the_operations_where_they_go(acme, server):
    server.reply(Reply(b"done"))
    server.data({"currentDeployment": deployment("prod")})
    await acme._transport.execute(RestCall("x"))
    await acme.deployments.current()
    assert server.received[1].path == acme.settings.url.removeprefix(server.url)
