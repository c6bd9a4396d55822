"""Every shape that a Dagster URL has, and what cannot be one."""

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dagster_plus_sdk._core.config.names import check_host, check_port, is_loopback
from dagster_plus_sdk._core.config.urls import Address, parse_url
from dagster_plus_sdk._core.errors import ConfigurationError

ORGANIZATION, DEPLOYMENT = "Dagster-Cloud-Organization", "Dagster-Cloud-Deployment"

# given, GraphQL URL, organization, deployment, region, web pages, headers
PLUS = [
    ("https://acme.dagster.cloud/prod/graphql", "https://acme.dagster.cloud/prod/graphql",
     "acme", "prod", "us", "https://acme.dagster.cloud/prod", {}),
    ("https://acme.dagster.cloud/prod/", "https://acme.dagster.cloud/prod/graphql",
     "acme", "prod", "us", "https://acme.dagster.cloud/prod", {}),
    ("acme.dagster.cloud/prod", "https://acme.dagster.cloud/prod/graphql",
     "acme", "prod", "us", "https://acme.dagster.cloud/prod", {}),
    ("https://acme.dagster.cloud", "https://acme.dagster.cloud/graphql",
     "acme", None, "us", "https://acme.dagster.cloud", {}),
    ("https://acme.dagster.cloud/graphql/", "https://acme.dagster.cloud/graphql",
     "acme", None, "us", "https://acme.dagster.cloud", {}),
    ("HTTPS://Acme.Dagster.Cloud.:443//prod//graphql", "https://acme.dagster.cloud/prod/graphql",
     "acme", "prod", "us", "https://acme.dagster.cloud/prod", {}),
    ("https://acme.eu.dagster.cloud/prod", "https://acme.eu.dagster.cloud/prod/graphql",
     "acme", "prod", "eu", "https://acme.eu.dagster.cloud/prod", {}),
    ("https://acme.dagster.plus/prod", "https://acme.dagster.plus/prod/graphql",
     "acme", "prod", "us", "https://acme.dagster.plus/prod", {}),
    ("https://acme.ap.dagster.plus/prod", "https://acme.ap.dagster.plus/prod/graphql",
     "acme", "prod", "ap", "https://acme.ap.dagster.plus/prod", {}),
    ("https://dagster.cloud/acme/graphql", "https://dagster.cloud/acme/graphql",
     "acme", None, "us", "https://acme.dagster.cloud", {ORGANIZATION: "acme"}),
    ("https://dagster.cloud/acme/prod", "https://dagster.cloud/acme/prod/graphql",
     "acme", "prod", "us", "https://acme.dagster.cloud/prod", {}),
    ("https://eu.dagster.cloud/acme", "https://eu.dagster.cloud/acme/graphql",
     "acme", None, "eu", "https://acme.eu.dagster.cloud", {ORGANIZATION: "acme"}),
    ("https://eu.dagster.cloud/acme/prod/graphql", "https://eu.dagster.cloud/acme/prod/graphql",
     "acme", "prod", "eu", "https://acme.eu.dagster.cloud/prod", {}),
]  # fmt: skip

# given, GraphQL URL
SERVERS = [
    ("http://localhost:3000", "http://localhost:3000/graphql"),
    ("http://localhost:3000/graphql", "http://localhost:3000/graphql"),
    ("localhost:3000", "http://localhost:3000/graphql"),
    ("127.0.0.1:3000/", "http://127.0.0.1:3000/graphql"),
    ("http://[::1]:3000/graphql", "http://[::1]:3000/graphql"),
    ("https://[fe80::1]", "https://[fe80::1]/graphql"),
    ("dagster.example.com", "https://dagster.example.com/graphql"),
    ("https://tools.example.com/dagster/", "https://tools.example.com/dagster/graphql"),
    ("https://example.com/a/b/graphql", "https://example.com/a/b/graphql"),
    ("https://example.com/graphql/graphql", "https://example.com/graphql/graphql"),
    ("http://dagster_webserver:80/%7Ex", "http://dagster_webserver:80/%7Ex/graphql"),
    ("https://notdagster.cloud/acme", "https://notdagster.cloud/acme/graphql"),
    ("https://acme.dagster.cloud.example.com", "https://acme.dagster.cloud.example.com/graphql"),
]


@pytest.mark.parametrize(
    ("text", "url", "organization", "deployment", "region", "web_url", "headers"), PLUS
)
def test_dagster_plus(text, url, organization, deployment, region, web_url, headers):
    address = parse_url(text, "url")
    assert address.is_plus_host
    assert (address.graphql_url, address.web_url) == (url, web_url)
    assert (address.organization, address.deployment) == (organization, deployment)
    assert (address.region, address.headers) == (region, headers)
    assert parse_url(address.graphql_url, "url").graphql_url == url


@pytest.mark.parametrize(("text", "url"), SERVERS)
def test_other_servers(text, url):
    address = parse_url(text, "url")
    assert not address.is_plus_host
    assert address.graphql_url == url
    assert address.web_url + "/graphql" == url
    assert (address.organization, address.deployment, address.region) == (None, None, None)
    assert address.headers == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("https://", "no valid host"),
        ("https:///prod", "no valid host"),
        ("/graphql", "no valid host"),
        ("https://acme.dagster.cloud/my deployment", "no URL can have"),
        ("https://acmé.dagster.cloud", "no URL can have"),
        ("https://acme.dagster.cloud\\prod", "no URL can have"),
        ("https://acme.dagster.cloud/pr\nod", "no URL can have"),
        ("ftp://acme.dagster.cloud", "https:// or http://"),
        ("ws://localhost:3000", "https:// or http://"),
        ("https://acme.dagster.cloud/prod?x=1", "query or a fragment"),
        ("https://acme.dagster.cloud/prod#x", "query or a fragment"),
        ("https://localhost:port", "port must be"),
        ("https://localhost:", "port must be"),
        ("https://localhost:0", "port must be"),
        ("https://localhost:65536", "port must be"),
        ("https:/acme.dagster.cloud", "port must be"),
        ("https://a..b", "no valid host"),
        ("https://" + "a" * 64, "no valid host"),
        ("https://" + ".".join(["a" * 60] * 5), "no valid host"),
        ("https://1.2.3", "no valid host"),
        ("https://1.2.3.256", "no valid host"),
        ("https://1.2.3.04", "no valid host"),
        ("https://[::1", "no valid host"),
        ("https://[zz]", "no valid host"),
        ("https://[::1]x", "no valid host"),
        ("https://localhost/a/../b", "path"),
        ("https://localhost/[", "path"),
        ("https://acme.dagster.cloud/feature/x", "no slash"),
        ("https://acme.dagster.cloud/prod/runs/123", "no page below"),
        ("https://acme.dagster.cloud/a+b", "names no deployment"),
        ("https://dagster.cloud/a.b/prod", "names no organization"),
        ("https://acme.agent.dagster.cloud", "serves no API"),
        ("https://acme.agent.eu.dagster.cloud", "serves no API"),
        ("https://a.b.c.dagster.cloud", "serves no API"),
    ],
)
def test_what_is_no_url(text, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        parse_url(text, "url (argument)")
    assert "url (argument)" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://user:canary@acme.dagster.cloud",
        "https://canary@acme.dagster.cloud",
        "user:canary@localhost:3000",
        "https://user:c4n/ary@localhost",
        "https://user:canary@localhost:port",
        "https://localhost/?token=canary",
        "canary://localhost",
        "https://localhost:canary",
    ],
)
def test_passwords_in_urls_are_refused_and_not_echoed(text):
    with pytest.raises(ConfigurationError) as caught:
        parse_url(text, "url (argument)")
    assert "canary" not in str(caught.value)
    assert "c4n" not in str(caught.value)
    if "canary@" in text:
        assert "BasicAuth" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("https://acme.dagster.cloud/a",
         "https://acme.dagster.cloud/b/graphql", "https://acme.dagster.cloud/c/graphql"),
        ("https://acme.dagster.cloud",
         "https://acme.dagster.cloud/b/graphql", "https://acme.dagster.cloud/c/graphql"),
        ("https://dagster.cloud/acme/a",
         "https://dagster.cloud/acme/b/graphql", "https://dagster.cloud/acme/c/graphql"),
        ("https://example.com/x/b",
         "https://example.com/x/b/graphql", "https://example.com/x/c/graphql"),
    ],
)  # fmt: skip
def test_another_deployment_replaces_the_path(text, first, second):
    address = parse_url(text, "url").with_deployment("b")
    assert (address.graphql_url, address.deployment) == (first, "b")
    assert DEPLOYMENT not in address.headers
    assert address.with_deployment("c").graphql_url == second


@pytest.mark.parametrize("text", ["https://dagster.cloud/acme", "http://localhost:3000/x"])
def test_another_deployment_goes_into_a_header(text):
    address = parse_url(text, "url")
    for name in "bc":
        changed = address.with_deployment(name)
        assert changed.graphql_url == address.graphql_url
        assert changed.headers[DEPLOYMENT] == name
    assert address.with_deployment("b").with_deployment(None).deployment is None


def test_the_address_of_an_organization():
    address = Address.of_organization("Acme")
    assert address.graphql_url == "https://acme.dagster.cloud/graphql"
    assert address.replace(label="eu").web_url == "https://acme.eu.dagster.cloud"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.255", "[::1]"])
def test_loopback(host):
    assert is_loopback(host)
    assert parse_url(f"http://{host}:1", "url").is_loopback


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1.evil.com", "127.1", "128.0.0.1", "localhost.evil.com", "127.0.0.300",
     "0.0.0.0", "[::2]", "127.0.0.a", "127.0.0.-1", "xlocalhost", "127.0.0.\u0661"],
)  # fmt: skip
def test_what_is_not_loopback(host):
    assert not is_loopback(host)


def test_ports_and_hosts():
    assert check_port("80", "port") == 80
    assert check_host("a-b.c_d", "host") == "a-b.c_d"
    for port in (True, None, 0, -1, "x", "+1", 1.5, "\u0661", "9" * 5000):
        with pytest.raises(ConfigurationError, match="the port must be"):
            check_port(port, "port")


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(
        r"(https?://)?[a-z0-9.:@\[\]-]{0,20}(/[a-z0-9._~%+-]{0,8}){0,4}/?", fullmatch=True
    )
    | st.builds(
        "https://{}{}/{}".format,
        st.text("a.:@[]", max_size=6),
        st.sampled_from(["dagster.cloud", ".dagster.cloud", ".eu.dagster.plus", "localhost:1"]),
        st.text("ab/%.é?#@", max_size=8),
    )
)
@example("https://[::ffff:1.2.3.4]/x")
def test_any_text_is_an_address_or_a_clear_error(text):
    try:
        address = parse_url(text, "url")
    except ConfigurationError:
        return
    url = httpx.URL(address.graphql_url)
    assert url.scheme in {"http", "https"}
    assert not url.userinfo
    assert not url.query
    assert url.host
    assert url.path.endswith("/graphql")
    assert parse_url(address.graphql_url, "url").graphql_url == address.graphql_url


@pytest.mark.parametrize(
    ("text", "deployment", "url"),
    [
        ("https://acme.dagster.cloud", None, "https://acme.dagster.cloud"),
        ("https://acme.dagster.cloud/prod", None, "https://acme.dagster.cloud"),
        ("https://acme.eu.dagster.cloud/prod", "dev", "https://acme.eu.dagster.cloud"),
        ("https://dagster.cloud/acme/prod", None, "https://dagster.cloud/acme"),
        ("http://localhost:3000", "dev", "http://localhost:3000"),
        ("http://localhost:3000/acme/dev", "dev", "http://localhost:3000/acme"),
        ("http://localhost:3000/acme/dev", None, "http://localhost:3000/acme/dev"),
    ],
)
def test_what_the_organization_s_endpoints_stand_below(text, deployment, url):
    address = parse_url(text, "url")
    if deployment:
        address = address.with_deployment(deployment)
    assert address.organization_url == url
