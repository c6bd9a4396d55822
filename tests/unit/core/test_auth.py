"""Every kind of authentication, and tokens that change."""

import copy
import pickle
import traceback
from base64 import b64decode
from datetime import datetime
from functools import partial

import pytest

from dagster_plus_sdk._core.auth import (
    Auth,
    BasicAuth,
    BearerAuth,
    HeaderAuth,
    NoAuth,
    TokenAuth,
)
from dagster_plus_sdk._core.errors import AuthenticationError, ConfigurationError
from dagster_plus_sdk._core.secret import Secret

CANARY = "canary-7f3a"
HEADER = "Dagster-Cloud-Api-Token"


def every_kind(tmp_path):
    path = tmp_path / "token"
    path.write_text(CANARY)
    return [
        TokenAuth(CANARY),
        BearerAuth(CANARY),
        BasicAuth("user", CANARY),
        HeaderAuth({"X-Key": CANARY}),
        TokenAuth(lambda: CANARY),
        BearerAuth(partial(str, CANARY)),
        TokenAuth(path),
    ]


def test_the_headers_of_each_kind():
    assert TokenAuth("abc").headers() == {HEADER: "abc"}
    assert TokenAuth(Secret("abc")).headers() == {HEADER: "abc"}
    assert BearerAuth("abc").headers() == {"Authorization": "Bearer abc"}
    assert HeaderAuth({"X-A": "1", "X-B": Secret("2")}).headers() == {"X-A": "1", "X-B": "2"}
    assert NoAuth().headers() == {}
    basic = BasicAuth("ünser", Secret("p:ä" * 30)).headers()["Authorization"]
    assert b64decode(basic.removeprefix("Basic ")).decode() == "ünser:" + "p:ä" * 30


def test_kind_and_credentials(tmp_path):
    kinds = [auth.kind for auth in every_kind(tmp_path)]
    assert kinds == ["dagster-plus", "bearer", "basic", "headers", "callable", "callable", "file"]
    assert all(auth.has_credentials for auth in every_kind(tmp_path))
    assert (NoAuth().kind, NoAuth().has_credentials) == ("none", False)


def test_nothing_shows_a_secret(tmp_path):
    for auth in every_kind(tmp_path):
        auth.headers()
        assert CANARY not in repr(auth) + str(auth) + f"{auth}"
        assert "***" in repr(auth)
        with pytest.raises(TypeError):
            vars(auth)
        for protocol in (0, 2, 5):
            with pytest.raises(TypeError, match="not pickled") as caught:
                pickle.dumps(auth, protocol)
            assert CANARY not in "".join(traceback.format_exception(caught.value))
        with pytest.raises(TypeError, match="not pickled"):
            auth.__getstate__()
        assert copy.copy(auth) is auth
        assert copy.deepcopy({"auth": auth})["auth"] is auth
    assert repr(NoAuth()) == "NoAuth()"


@pytest.mark.parametrize(
    "make",
    [
        lambda: TokenAuth(CANARY + "\n"),
        lambda: TokenAuth(""),
        lambda: TokenAuth(None),
        lambda: BearerAuth(CANARY + "é"),
        lambda: BasicAuth("", CANARY),
        lambda: BasicAuth("a:b", CANARY),
        lambda: BasicAuth("a", CANARY + "\n"),
        lambda: BasicAuth("a", None),
        lambda: HeaderAuth({}),
        lambda: HeaderAuth([("X", CANARY)]),
        lambda: HeaderAuth({"X": CANARY + "\r\nY: 1"}),
        lambda: HeaderAuth({"X\n": CANARY}),
        lambda: TokenAuth(lambda: CANARY + "\n").headers(),
        lambda: TokenAuth(lambda: None).headers(),
        lambda: TokenAuth(lambda: (CANARY, 1, 2)).headers(),
        lambda: TokenAuth(lambda: (CANARY, "tomorrow")).headers(),
        lambda: TokenAuth(lambda: (CANARY, True)).headers(),
        lambda: TokenAuth(lambda: (CANARY, datetime(2030, 1, 1))).headers(),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_is_refused_unseen(make):
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert CANARY not in "".join(traceback.format_exception_only(caught.value))
    assert not isinstance(caught.value, AuthenticationError)


def test_a_fixed_credential_is_not_worth_a_second_try():
    for auth in (TokenAuth("a"), BasicAuth("a", "b"), HeaderAuth({"X": "a"}), NoAuth()):
        assert auth.refused(auth.headers()) is False


def test_the_base_class_asks_for_headers():
    with pytest.raises(TypeError, match="headers"):
        Auth()

    class Fixed(Auth):
        def headers(self):
            return {"X-Key": "k"}

    assert Fixed().headers() == {"X-Key": "k"}


@pytest.mark.anyio
async def test_every_source_serves_the_async_client(tmp_path):
    for auth in [*every_kind(tmp_path), NoAuth()]:
        assert await auth.aheaders() == auth.headers()
