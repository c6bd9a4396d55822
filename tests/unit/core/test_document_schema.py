"""Documents against the schema that a server gives."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import InvalidInputError, LocationSchema
from dagster_plus_sdk._core.document_schema import check_document, problems


def kind(typename, key, *params, **fields):
    given = {"isSelector": False, "typeParamKeys": list(params), **fields}
    return {"__typename": typename, "key": key, **given}


def field(name, key, *, required=False):
    return {"name": name, "configTypeKey": key, "typeKey": key, "isRequired": required}


def shape(key, *fields, selector=False):
    return kind("CompositeConfigType", key, fields=list(fields), isSelector=selector)


SCHEMA = LocationSchema.model_validate(
    {
        "root": {"__typename": "CompositeConfigType", "key": "Root"},
        "types": [
            shape(
                "Root",
                field("name", "String", required=True),
                field("source", "Source"),
                field("count", "Int"),
                field("share", "Nullable.Float"),
                field("level", "Level"),
                field("tags", "Map.String.Int"),
                field("queues", "Array.String"),
                field("extra", "Permissive.1"),
                field("image", "Union"),
                field("free", "Any"),
                field("new", "TypeOfTomorrow"),
            ),
            shape("Source", field("module", "String"), field("file", "String"), selector=True),
            shape("Permissive.1", field("on", "Bool")),
            kind("RegularConfigType", "String", givenName="String"),
            kind("RegularConfigType", "Int", givenName="Int"),
            kind("RegularConfigType", "Float", givenName="Float"),
            kind("RegularConfigType", "Bool", givenName="Bool"),
            kind("RegularConfigType", "Any", givenName="Any"),
            kind("EnumConfigType", "Level", givenName="Level", values=[{"value": "LOW"}]),
            kind("NullableConfigType", "Nullable.Float", "Float"),
            kind("ArrayConfigType", "Array.String", "String"),
            kind("MapConfigType", "Map.String.Int", "String", "Int"),
            kind(
                "ScalarUnionConfigType", "Union", scalarTypeKey="String", nonScalarTypeKey="Source"
            ),
        ],
    }
)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"source": {"file": "a.py"}, "count": 1, "share": 1},
        {"share": None, "level": "LOW", "tags": {"a": 1}, "queues": ["a", "b"]},
        {"extra": {"on": True, "more": 1}, "image": "x", "free": object(), "new": [1]},
        {"image": {"module": "m"}},
    ],
)
def test_documents_that_fit(more):
    assert problems({"name": "a", **more}, SCHEMA) == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"name": 5}, "name must be String, not 5"),
        ({"cuont": 1}, "the document has an unknown field 'cuont'; did you mean 'count'?"),
        ({"zzz": 1}, "the document has an unknown field 'zzz'"),
        ({"count": True}, "count must be Int, not True"),
        ({"count": None}, "count must be Int, not nothing"),
        ({"share": "x"}, "share must be Float, not 'x'"),
        ({"source": {}}, "source must have exactly one of file, module"),
        ({"source": {"file": "a", "module": "b"}}, "source must have exactly one of file, module"),
        ({"source": "a"}, "source must be a mapping, not 'a'"),
        ({"level": "HIGH"}, "level must be one of LOW, not 'HIGH'"),
        ({"tags": {"a": "1"}}, "tags.a must be Int, not '1'"),
        ({"tags": [1]}, "tags must be a mapping, not [1]"),
        ({"queues": ["a", 1]}, "queues[1] must be String, not 1"),
        ({"queues": "a"}, "queues must be a list, not 'a'"),
        ({"extra": {"on": 1}}, "extra.on must be Bool, not 1"),
        ({"image": {"x": 1}}, "image has an unknown field 'x'"),
    ],
)
def test_documents_that_do_not_fit(more, says):
    assert problems({"name": "a", **more}, SCHEMA)[0] == says


def test_all_problems_are_in_the_error():
    wrong = {"count": "x", "share": "x", "level": "x"}
    with pytest.raises(
        InvalidInputError, match=r"the settings cannot be applied: .* \(and 1 more\)"
    ) as caught:
        check_document(wrong, SCHEMA, "the settings")
    assert len(caught.value.errors) == 4
    assert caught.value.errors[-1] == {"message": "the document lacks the field 'name'"}
    check_document({"name": "a"}, SCHEMA, "the settings")
