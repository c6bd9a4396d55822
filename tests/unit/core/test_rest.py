"""Calls and transfers beside GraphQL: what they send, without a network."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import errors
from dagster_plus_sdk._core.config import resolve
from dagster_plus_sdk._core.response import Answer
from dagster_plus_sdk._core.rest import RestCall, Transfer, form_frame, presigned

URL = "https://store.test/bucket?X-Signature=s3cr3t"


def settings(url):
    return resolve(url=url, token="user:x:1", headers={"X-Team": "shop"})


@pytest.mark.parametrize(
    "url",
    ["https://acme.dagster.cloud/prod", "https://acme.dagster.cloud", "https://dagster.cloud/acme"],
)
def test_headers_name_the_organization_and_only_the_wanted_deployment(url):
    plain = {"Dagster-Cloud-Organization": "acme", "X-Team": "shop"}
    call = RestCall("x", {"a": 1})
    kinds = {"content-type": "application/json", "accept": "application/json, text/plain"}
    assert call.headers(settings(url)) == plain | kinds
    scoped = RestCall("x", {}, scope="deployment", deployment="dev").headers(settings(url))
    assert scoped == plain | kinds | {
        "Dagster-Cloud-Deployment": "dev",
        "Dagster-Cloud-Scope": "deployment",
    }


def test_a_deployment_in_a_header_is_left_out():
    found = resolve(url="http://localhost:1", token="t", organization="acme", deployment="prod")
    assert found.headers["Dagster-Cloud-Deployment"] == "prod"
    assert "Dagster-Cloud-Deployment" not in RestCall("x").headers(found)


@pytest.mark.parametrize(("idempotent", "kind"), [(True, "query"), (False, "mutation")])
def test_a_call_is_known_by_its_path(idempotent, kind):
    call = RestCall("x/y", b"raw", idempotent=idempotent)
    assert (call.name, call.kind, call.body()) == ("POST /x/y", kind, b"raw")


def test_an_answer_is_its_text():
    assert RestCall("x").read(Answer(204, {}, b"")) == ""
    with pytest.raises(errors.ConflictError) as caught:
        RestCall("x").read(Answer(409, {"x-request-id": "r1"}, b"in use"))
    assert (caught.value.request_id, caught.value.operation) == ("r1", "POST /x")


def test_a_transfer_shows_neither_query_nor_fields():
    form = Transfer(URL, "a/b.csv", method="POST", fields={"policy": "p0licy"})
    assert form.place == "https://store.test/bucket"
    assert {*form.secrets()} == {"X-Signature=s3cr3t", "p0licy"}
    assert repr(form) == "<Operation upload()>"
    assert Transfer("https://store.test/x", "f", method="GET").secrets() == ()


@pytest.mark.parametrize("size", [0, 5])
def test_a_form_says_how_long_it_is(size):
    form = Transfer(URL, 'a/"b".csv', method="POST", fields={"k": "v"})
    before, after, headers = form.frame(size)
    assert headers["content-length"] == str(len(before) + size + len(after))
    assert b'name="file"; filename="%22b%22.csv"' in before
    assert before.index(b'name="k"') < before.index(b'name="file"')
    put = Transfer(URL, "f", method="PUT").frame(size)
    assert put == (b"", b"", {"content-length": str(size)})


def test_names_cannot_forge_parts():
    before, _, _ = form_frame({'a"\r\nEvil: 1': "v"}, "file", "x\r\n\r\n--y")
    assert b"Evil: 1\r\n" not in before
    assert b'filename="x%0D%0A%0D%0A--y"' in before


@pytest.mark.parametrize(
    ("method", "status", "kind"),
    [
        ("GET", 403, errors.NotFoundError),
        ("GET", 404, errors.NotFoundError),
        ("POST", 404, errors.NotFoundError),
        ("POST", 403, errors.APIError),
        ("PUT", 400, errors.APIError),
        ("PUT", 500, errors.ServiceUnavailableError),
        ("GET", 408, errors.ServiceUnavailableError),
        ("GET", 304, errors.APIError),
    ],
)
def test_what_a_store_refuses(method, status, kind):
    transfer = Transfer(URL, "f", method=method)
    with pytest.raises(errors.DagsterPlusError) as caught:
        transfer.check(status, b"<Error><Code>Why</Code><Sig>s3cr3t</Sig></Error>")
    assert type(caught.value) is kind
    assert f"HTTP {status} Why" in caught.value.message
    assert "s3cr3t" not in caught.value.message
    assert transfer.check(204, b"") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": 1}', '{"url": "u", "fields": 1}'])
def test_what_is_no_presigned_url(text):
    assert presigned(text, "f", method="GET") is None


def test_presigned():
    found = presigned('{"url": "u", "fields": {"a": 1}}', "f", method="POST")
    assert (found.url, found.fields, found.method, found.path) == ("u", {"a": "1"}, "POST", "f")
    assert presigned('{"url": "u", "fields": null}', "f", method="GET").fields == {}
