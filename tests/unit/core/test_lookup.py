"""Finding things by name, and what the errors say."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dagster_plus_sdk import InvalidInputError, NotFoundError
from dagster_plus_sdk._core.lookup import looks_like_id, not_found, only
from dagster_plus_sdk._core.places import Place, only_place, repository_selector

ITEMS = [("1", "data"), ("2", "data"), ("3", "finance"), ("4", None)]


def find(name):
    return only(ITEMS, "team", name, name_of=lambda i: i[1], describe=lambda i: f'id="{i[0]}"')


def test_the_one_with_that_name():
    assert find("finance") == ("3", "finance")


def test_an_unknown_name_shows_similar_ones():
    with pytest.raises(NotFoundError) as caught:
        find("finances")
    assert caught.value.message == "There is no team 'finances'; did you mean 'finance'?"
    assert (caught.value.code, caught.value.status_code) == ("TEAM_NOT_FOUND", 404)


def test_a_name_of_several_lists_them():
    with pytest.raises(InvalidInputError) as caught:
        find("data")
    assert caught.value.message == '\'data\' names more than one team; say which: id="1", id="2"'
    assert caught.value.code == "AMBIGUOUS_NAME"


def test_an_id_goes_before_names():
    items = [("1", "2"), ("2", "data"), ("3", "data")]
    options = {"name_of": lambda i: i[1], "ids_of": lambda i: [i[0], f"wide-{i[0]}"]}
    assert only(items, "team", "2", **options) == ("2", "data")
    assert only(items, "team", "wide-2", **options) == ("2", "data")
    with pytest.raises(InvalidInputError, match='say which: id="2", id="3"'):
        only(items, "team", "data", **options)
    with pytest.raises(NotFoundError, match="no team 'dat'; did you mean 'data'"):
        only(items, "team", "dat", **options)


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        ("0f0f0f0f11114222833344445555666F", True),
        ("0f0f0f0f-1111-4222-8333-444455556666", True),
        ("0f0f0f0f11114222833344445555666", False),
        ("0f0f0f0f11114222833344445555666g", False),
        ("data", False),
    ],
)
def test_the_form_of_ids(text, is_id):
    assert looks_like_id(text) is is_id


def test_the_code_follows_from_the_apis_own_error():
    error = not_found("job", "x", typename="PipelineNotFoundError", operation="GetJob")
    assert (error.code, error.typename) == ("PIPELINE_NOT_FOUND", "PipelineNotFoundError")
    assert (error.operation, error.message) == ("GetJob", "There is no job 'x'")
    assert not_found("code location", "x").code == "CODE_LOCATION_NOT_FOUND"


PLACES = [
    Place("shop", "main", "daily"),
    Place("web", "main", "daily"),
    Place("web", "b", "nightly"),
]


@pytest.mark.parametrize(
    ("name", "location", "repository", "found"),
    [
        ("nightly", None, None, PLACES[2]),
        ("daily", "web", None, PLACES[1]),
        ("nightly", "web", "b", PLACES[2]),
    ],
)
def test_the_one_place(name, location, repository, found):
    assert only_place(PLACES, "job", name, location, repository) == found


def test_places_that_are_not_one():
    with pytest.raises(
        InvalidInputError, match=r'2 places .* location="shop", repository="main", '
    ):
        only_place(PLACES, "job", "daily", None, None)
    with pytest.raises(NotFoundError) as caught:
        only_place(PLACES, "schedule", "night", "web", "b")
    assert caught.value.message == (
        "There is no schedule 'night' in location 'web' in repository 'b'; did you mean 'nightly'?"
    )
    assert caught.value.code == "SCHEDULE_NOT_FOUND"
    with pytest.raises(NotFoundError) as caught:
        only_place(PLACES, "job", "nightly", "wbe", None)
    assert caught.value.message == (
        "There is no job 'nightly' in location 'wbe'; there is one in location=\"web\", repository=\"b\""
    )


def test_places_of_models():
    repository = SimpleNamespace(name="main", location=SimpleNamespace(name="shop"))
    assert Place.of(repository, "daily") == PLACES[0]


def test_a_repository_is_selected_by_both_names():
    assert repository_selector("shop", None) is repository_selector(None, "main") is None
    assert repository_selector("shop", "main") == {
        "repositoryLocationName": "shop",
        "repositoryName": "main",
    }
