"""Secrets show themselves nowhere, and what would break or forge a header is refused."""

import copy
import pickle
import traceback

import pytest

from dagster_plus_sdk._core.errors import ConfigurationError
from dagster_plus_sdk._core.secret import REVEAL, Secret, check_header, check_token

CANARY = "canary-7f3a"


def test_a_secret_shows_itself_only_when_asked():
    secret = Secret(CANARY)
    assert secret.reveal() == CANARY
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>8}", repr([secret])]
    assert all("***" in text and CANARY not in text for text in shown)


def test_a_secret_has_no_attributes_to_dump():
    with pytest.raises(TypeError):
        vars(Secret(CANARY))
    assert not hasattr(Secret(CANARY), "__dict__")


def test_a_secret_cannot_be_changed():
    secret = Secret(CANARY)
    with pytest.raises(AttributeError, match="immutable"):
        secret._value = "other"
    with pytest.raises(AttributeError, match="immutable"):
        del secret._value
    assert secret.reveal() == CANARY


def test_equal_secrets_are_equal_and_hash_alike():
    assert Secret(CANARY) == Secret(CANARY)
    assert hash(Secret(CANARY)) == hash(Secret(CANARY))
    assert Secret(CANARY) != Secret("other")
    assert Secret("ä\ud800") != Secret(CANARY)
    assert Secret(CANARY) != CANARY
    assert {Secret(CANARY): 1}[Secret(CANARY)] == 1


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled_and_says_what_to_do(protocol):
    with pytest.raises(TypeError, match="the environment, a file or a callable") as caught:
        pickle.dumps(Secret(CANARY), protocol)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(TypeError, match="not pickled"):
        Secret(CANARY).__getstate__()


def test_copies_of_a_secret_are_itself():
    secret = Secret(CANARY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


@pytest.mark.parametrize("token", ["user:abc", "agent:acme:0-1", "a", "!~", Secret("user:abc")])
def test_good_tokens_pass(token):
    assert check_token(token, "token") in {"user:abc", "agent:acme:0-1", "a", "!~"}


@pytest.mark.parametrize(
    "tail", [" ", "\n", "\r\nX-Evil: 1", "\t", "\0", "\x7f", "é", "\xa0", "€", " x", "\ud800"]
)
def test_a_token_that_would_break_the_header_is_refused_unseen(tail):
    with pytest.raises(ConfigurationError, match=r"^my token holds whitespace") as caught:
        check_token(CANARY + tail, "my token")
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "message"),
    [("", "is empty"), (None, "NoneType"), (3, "int"), (b"abc", "bytes"), (["a"], "list")],
)
def test_what_is_no_token_is_refused(token, message):
    with pytest.raises(ConfigurationError, match=message):
        check_token(token, "token")


def test_good_headers_pass():
    assert check_header("X-Api_Key.1", "a b", "headers") == ("X-Api_Key.1", "a b")
    assert check_header("X", Secret("abc"), "headers") == ("X", "abc")


@pytest.mark.parametrize("name", ["", " X", "X:", "X\n", "É", "X Y", 3, None])
def test_a_header_name_that_cannot_be_is_refused(name):
    with pytest.raises(ConfigurationError, match="a header's name"):
        check_header(name, CANARY, "headers")


@pytest.mark.parametrize("value", ["", " a", "a ", "a\nEvil: 1", "a\rb", "é", "\0", None, 3])
def test_a_header_value_that_cannot_be_is_refused_unseen(value):
    given = CANARY + value if isinstance(value, str) and value else value
    with pytest.raises(ConfigurationError, match="the value of X") as caught:
        check_header("X", " " + CANARY if value == " a" else given, "headers")
    assert CANARY not in str(caught.value)


def test_a_secret_in_a_model_is_read_and_never_shown():
    from pydantic import BaseModel, ValidationError

    class Token(BaseModel):
        token: Secret

    found = Token.model_validate_json(f'{{"token": "{CANARY}"}}')
    assert found.token == Secret(CANARY)
    assert Token(token=found.token).token is found.token
    shown = [repr(found), str(found), found.model_dump_json(), repr(found.model_dump())]
    assert not any(CANARY in text for text in shown)
    assert found.model_dump_json() == '{"token":"***"}'
    assert found.model_dump(mode="json", context=REVEAL) == {"token": CANARY}
    assert Token.model_json_schema()["properties"]["token"]["format"] == "password"
    with pytest.raises(ValidationError, match="not a text"):
        Token.model_validate({"token": 5})
