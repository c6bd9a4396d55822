"""Where a redirect may lead."""

from __future__ import annotations

import pytest

from dagster_plus_sdk._core.errors import RedirectError
from dagster_plus_sdk._core.redirects import origin_of, redirect_target, too_many_redirects

HERE = "https://acme.dagster.cloud/graphql"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/prod/graphql", "https://acme.dagster.cloud/prod/graphql"),
        ("prod/graphql", "https://acme.dagster.cloud/prod/graphql"),
        (
            "https://acme.dagster.cloud/prod/graphql?a=b",
            "https://acme.dagster.cloud/prod/graphql?a=b",
        ),
        ("https://acme.dagster.cloud:443/x", "https://acme.dagster.cloud:443/x"),
        ("HTTPS://ACME.dagster.cloud/x", "https://ACME.dagster.cloud/x"),
        ("//acme.dagster.cloud/x", "https://acme.dagster.cloud/x"),
        ("?deployment=prod", "https://acme.dagster.cloud/graphql?deployment=prod"),
    ],
)
def test_targets_within_the_origin(location, target):
    assert redirect_target(HERE, location) == target


@pytest.mark.parametrize(
    "location",
    [
        "http://acme.dagster.cloud/graphql",
        "https://acme.dagster.cloud:8443/graphql",
        "https://acme.dagster.cloud.evil.test/graphql",
        "https://evil.test/graphql",
        "//evil.test/graphql",
        "https://acme.dagster.cloud@evil.test/graphql",
        "https://acme.dagster.cloud:port/graphql",
        "https://acme.dagster.cloud:99999/graphql",
        "ftp://acme.dagster.cloud/graphql",
        "javascript:alert(1)",
    ],
)
def test_targets_elsewhere(location):
    with pytest.raises(
        RedirectError, match="another origin; the token was not sent there"
    ) as caught:
        redirect_target(HERE, location)
    assert HERE in caught.value.message


@pytest.mark.parametrize("location", [None, ""])
def test_no_target(location):
    with pytest.raises(RedirectError, match="names no target"):
        redirect_target(HERE, location)


def test_what_may_be_secret_in_a_target_is_not_shown():
    with pytest.raises(RedirectError) as caught:
        redirect_target(HERE, "https://evil.test/login?ticket=s3cret#frag=s3cret")
    assert "https://evil.test/login," in caught.value.message
    assert "s3cret" not in caught.value.message


def test_origins():
    assert origin_of("http://a.test/x") == ("http", "a.test", 80)
    assert origin_of("https://A.test:8443") == ("https", "a.test", 8443)
    assert origin_of("nowhere") == ("", "", None)


def test_circles():
    assert str(too_many_redirects(HERE)) == f"More than 3 redirects, the last one to {HERE}"
