"""How the test kit makes answers from a schema: on a small one, where each answer can be told in full."""

from __future__ import annotations

import pytest
from graphql import build_schema
from kit.answers import FOREIGN, VALUE_OF_TOMORROW, Answers
from kit.answers_selected import TOMORROW, TYPENAME

SCHEMA = build_schema("""
    interface Error { message: String! }
    interface Named { name: String! }
    enum Mood { GRIM SUCCESS }
    type Cat implements Named { name: String! lives: Int! owner: Person }
    type Dog implements Named { name: String! mood: Mood }
    type Person { id: ID! email: String pets: [Pet!]! friends: [Person] }
    type GoneError implements Error { message: String! since: String! }
    union Pet = Cat | Dog
    union Found = Cat | Dog | GoneError
    type Query { pet(name: String, limit: Int): Found! pets: [Named!]! person: Person moods: [Mood] }
""")
PET = "{ pet { __typename ... on Cat { lives } ... on Dog { mood } ... on Error { message } } }"
PERSON = "{ person { id mail: email pets { __typename ... on Dog { name } ... on Cat { name } } } }"


def made(variant, document, variables=None):
    return list(getattr(Answers(SCHEMA, document, variables), variant)())


def test_full_answers_show_every_success():
    cat = {TYPENAME: "Cat", "lives": made("full", PET)[0]["pet"]["lives"]}
    assert made("full", PET) == [{"pet": cat}, {"pet": {TYPENAME: "Dog", "mood": "SUCCESS"}}]


def test_aliases_interfaces_and_lists():
    person = {"id": "id-1", "mail": "mail-1", "pets": []}
    person["pets"] = [{TYPENAME: "Cat", "name": "name-1"}, {TYPENAME: "Dog", "name": "name-2"}]
    assert made("full", PERSON) == [{"person": person}]
    both = made("full", "{ pets { __typename name } }")
    assert both == [{"pets": person["pets"]}]


def test_nulls_come_level_by_level():
    assert made("nulls", "{ person { id email friends { email } } }") == [
        {"person": None},
        {"person": {"id": "id-1", "email": None, "friends": None}},
        {"person": {"id": "id-1", "email": "email-1@example.com", "friends": [None, None]}},
        {
            "person": {
                "id": "id-1",
                "email": "email-1@example.com",
                "friends": [{"email": None}, {"email": None}],
            }
        },
    ]
    assert made("nulls", "{ pets { __typename } }") == []


def test_lists_are_empty_level_by_level():
    found = made(
        "empty_lists", "{ person { friends { pets { __typename ... on Cat { lives } } } } }"
    )
    assert found == [
        {"person": {"friends": []}},
        {"person": {"friends": [{"pets": []}, {"pets": []}]}},
    ]


def test_unknown_enums():
    assert made("unknown_enums", PET) == [{"pet": {TYPENAME: "Dog", "mood": VALUE_OF_TOMORROW}}]
    assert made("unknown_enums", "{ moods }") == [{"moods": [VALUE_OF_TOMORROW] * 2}]
    assert made("unknown_enums", "{ person { id } }") == []


def test_unknown_members_have_what_their_interfaces_have():
    bare, foreign = ({TYPENAME: TOMORROW}, {TYPENAME: TOMORROW, **FOREIGN, "message": "message-1"})
    assert made("unknown_members", PET) == [{"pet": bare}, {"pet": foreign}]
    named = made("unknown_members", "{ pets { __typename name ... on Cat { lives } } }")[0]["pets"]
    assert named == [{TYPENAME: TOMORROW, "name": f"name-{i}"} for i in (1, 2)]


def test_a_new_member_has_the_interfaces_that_all_others_have():
    found = made("unknown_members", "{ person { pets { __typename ... on Named { name } } } }")
    assert [pet["name"] for pet in found[0]["person"]["pets"]] == ["name-1", "name-2"]


def test_errors_are_answers_of_their_own():
    error = {TYPENAME: "GoneError", "message": "message-1"}
    assert made("errors", PET) == [("pet", "GoneError", {"pet": error})]
    assert [data["pet"][TYPENAME] for _, data in made("unknown_roots", PET)] == [TOMORROW] * 2
    assert made("errors", PERSON) == []


@pytest.mark.parametrize("directive", ["@include(if: $on)", "@skip(if: $off)"])
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("what", ["email {}", "...F {}", "... on Person {} {{ email }}"])
def test_directives(directive, on, what):
    document = (
        f"query Q($on: Boolean!, $off: Boolean!) {{ person {{ id {what.format(directive)} }} }}"
        " fragment F on Person { email }"
    )
    (data,) = made("full", document, {"on": on, "off": not on})
    assert ("email" in data["person"]) is on


def test_open_places_inside_each_other_show_everything():
    document = (
        "{ pet { __typename ... on Dog { mood } ... on Cat { owner { pets { __typename"
        " ... on Cat { owner { friends { pets { __typename ... on Dog { name } } } } } } } } } }"
    )
    shown = set()

    def walk(value, path=""):
        if isinstance(value, dict):
            path += "/" + value.get(TYPENAME, "")
            shown.add(path)
            for each in value.values():
                walk(each, path)
        for each in value if isinstance(value, list) else ():
            walk(each, path)

    for data in made("full", document):
        walk(data)
    assert any(path.endswith("/Dog") for path in shown if path.count("Cat") == 2)
