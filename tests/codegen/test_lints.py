"""Each lint fails the generation with one line, and a case that makes it fail."""

from __future__ import annotations

import re

import graphql
import pytest
from codegen.lint_selections import missing_typenames
from codegen.tables import RuntimeClass

SCHEMA = """
    interface Error { message: String! }
    type NotFoundError implements Error { message: String! }
    type Limited { message: String! }
    enum State { ON }
    input Filter { id: ID }
    type Tag { key: String! value: String! }
    type Run { id: ID! tag: Tag! tags: [Tag!]! owner: Owner result: RunOrError createTime: Float! }
    type Team { name: String! } type User { name: String! }
    union Owner = Team | User
    union RunOrError = Run | NotFoundError
    type Query { run(filter: Filter): RunOrError! owner: Owner oldRun: RunOrError! }
"""
GOOD = """
    fragment Run on Run { id }
    fragment ErrorFields on Error { message }
    query GetRun { run { ...Run ...ErrorFields } }
"""
TIMES = {"times": ("Run.createTime",)}

BAD = {
    "two fragments of one name": (
        GOOD + "fragment Run on Run { id tag { key } }",
        r"There can be only one fragment named 'Run'",
    ),
    "a member that has a fragment's name": (
        GOOD
        + """
        fragment Team on Team { name }
        fragment Owner on Owner { ... on Team { name } }
        query GetOwner { owner { ...Owner } }
        query ListTeams { owner { ...Team } }
        """,
        r"class Team is defined twice, also by queries/all.graphql:\d+: rename",
    ),
    "an operation's class that has a fragment's name": (
        GOOD
        + "fragment GetTag on Tag { key } query GetTag { run { ... on Run { tag { ...GetTag } } ...ErrorFields } }",
        "class GetTag is defined twice",
    ),
    "a fragment that has an enum's name": (
        GOOD.replace("Run", "State").replace("on State", "on Run"),
        "class State is defined twice, also by an enum of the schema",
    ),
    "a fragment that has an input type's name": (
        """
        fragment Filter on Run { id }
        fragment ErrorFields on Error { message }
        query GetRun($filter: Filter) { run(filter: $filter) { ...Filter ...ErrorFields } }
        """,
        "class Filter is defined twice, also by an input type of the schema",
    ),
    "two fragments of one module": (
        GOOD + "fragment RUN on Run { id } query GetOther { run { ...RUN ...ErrorFields } }",
        r"models/run.py is written twice",
    ),
    "an operation that has a type's name": (
        GOOD.replace("query GetRun", "query Run"),
        "operation Run has the name of a type: rename it",
    ),
    "an operation that does not start with a verb": (
        GOOD.replace("query GetRun", "query RunById"),
        "operation RunById does not start with a verb: rename it, or add 'run' to VERBS",
    ),
    "an error member without its message": (
        "fragment Run on Run { id } query GetRun { run { ...Run } }",
        "operation GetRun selects run without the message of NotFoundError: add ...ErrorFields",
    ),
    "an error member without its message in a fragment": (
        GOOD.replace("{ id }", "{ id result { ...Leaf } }") + "fragment Leaf on Run { id }",
        "fragment Run selects result without the message of NotFoundError",
    ),
    "a message under another name": (
        "fragment Run on Run { id } query GetRun { run { ...Run ... on NotFoundError { why: message } } }",
        "operation GetRun selects run without the message of NotFoundError",
    ),
    "an anonymous type in a fragment": (
        GOOD.replace("{ id }", "{ id tag { key } }"),
        "fragment Run selects tag without a name for its type: write a fragment on Tag",
    ),
    "an anonymous type in a fragment's member": (
        GOOD
        + "fragment Box on RunOrError { ... on Run { tag { key } } ... on NotFoundError { message } }"
        "query GetBox { run { ...Box } }",
        "fragment Box selects tag without a name for its type",
    ),
    "an anonymous union in a fragment": (
        GOOD.replace("{ id }", "{ id owner { ... on Team { name } } }"),
        "fragment Run selects owner without a name for its type: write a fragment on Owner",
    ),
    "an anonymous type below an operation's wrapper": (
        GOOD.replace("...Run", "... on Run { tag { key } }").replace(
            "fragment Run on Run { id }", ""
        ),
        "operation GetRun selects tag without a name for its type",
    ),
    "several fragments for one object": (
        GOOD.replace("{ id }", "{ id tag { ...A ...B } }")
        + "fragment A on Tag { key } fragment B on Tag { value }",
        r"fragment Run selects tag with several fragments \(A, B\): write one",
    ),
    "an unused fragment": (
        GOOD + "fragment Tag on Tag { key } fragment Tags on Run { tags { ...Tag } }",
        "fragment Tags is used by no operation: remove it",
    ),
    "a field selected twice": (
        """
        fragment A on Tag { key }
        fragment B on Tag { value }
        fragment Summary on Run { tag { ...A } }
        fragment Run on Run { ...Summary tag { ...B } }
        fragment ErrorFields on Error { message }
        query GetRun { run { ...Run ...ErrorFields } }
        """,
        r"queries/all.graphql:\d+: Run.tag is selected twice, differently \(also at",
    ),
    "a field selected twice in one selection": (
        GOOD.replace("{ id }", "{ tag { ...A } tag { ...B } }")
        + "fragment A on Tag { key } fragment B on Tag { value }",
        "tag is selected twice, differently: make it one fragment",
    ),
    "two names that are one in Python": (
        GOOD.replace("{ id }", "{ runId: id run_id: id }"),
        "Run has runId and run_id, which are one name in Python",
    ),
    "nothing but errors": (
        "fragment ErrorFields on Error { message } query GetRun { run { ...ErrorFields } }",
        "GetRun selects no member of RunOrError that is a success",
    ),
    "no member at all": (
        "query GetOwner { owner { ... on Owner { __typename } ...Empty } } fragment Empty on Owner { __typename }",
        "",
    ),
    "a fragment on a union that only spreads those of its members": (
        GOOD
        + """
        fragment TeamOwner on Team { name }
        fragment UserOwner on User { name }
        fragment Owner on Owner { ...TeamOwner ...UserOwner }
        query GetOwner { owner { ...Owner } }
        """,
        r"all.graphql:\d+: fragment Owner spreads UserOwner, whose fields no class of Owner would have: write",
    ),
    "a fragment on an interface that spreads another one": (
        GOOD
        + """
        fragment Failure on Error { ...ErrorFields }
        query GetFailure { run { ...Run ...Failure } }
        """,
        "fragment Failure spreads ErrorFields, whose fields no class of Failure would have",
    ),
    "an inline fragment inside another one": (
        GOOD
        + "fragment Owner on Owner { ... on Team { ... on Team { name } } } query GetOwner { owner { ...Owner } }",
        "an inline fragment inside another one: write it at the fragment's top level",
    ),
    "a base for one type and an abstract one": (
        """
        fragment Plain on Run { id }
        fragment Wide on RunOrError { ... on Run { id } ... on NotFoundError { message } }
        fragment Run on Run { ...Plain ...Wide }
        fragment ErrorFields on Error { message }
        query GetRun { run { ...Run ...ErrorFields } }
        """,
        "Run cannot extend Plain and the abstract Run",
    ),
    "an invalid document": (
        GOOD.replace("{ id }", "{ nonsense }"),
        r"queries/all.graphql:\d+: Cannot query field 'nonsense' on type 'Run'",
    ),
    "a syntax error": ("query {", r"queries/all.graphql:\d+: Syntax Error"),
    "an operation without a name": ("{ run { __typename } }", "an operation needs a name"),
}
del BAD["no member at all"]


@pytest.mark.parametrize("case", BAD)
def test_queries_that_must_not_pass(problems, case):
    queries, expected = BAD[case]
    lines = problems(SCHEMA, queries, **TIMES)
    assert [line for line in lines if re.search(expected, line)], lines


def test_the_good_queries_pass(generate):
    assert "models/run.py" in generate(SCHEMA, GOOD, **TIMES).files()


def test_a_problem_names_its_file(problems):
    queries = {"errors": GOOD, "tags": "\nfragment Tag on Tag { key }"}
    (line,) = problems(SCHEMA, queries, **TIMES)
    assert line == "queries/tags.graphql:2: fragment Tag is used by no operation: remove it"


def test_every_problem_has_its_line(problems):
    queries = GOOD.replace("query GetRun", "query Run") + "fragment Tag on Tag { key }"
    assert len(problems(SCHEMA, queries, **TIMES)) == 3


@pytest.mark.parametrize("field", ["oldRun", "oldRun: run"])
def test_old_root_fields(problems, field):
    queries = GOOD.replace("{ run {", f"{{ {field} {{")
    (line,) = problems(SCHEMA, queries, old_root_fields={"oldRun": "run"}, **TIMES)
    assert line.endswith("GetRun uses the old root field oldRun: use run")


def test_hand_written_classes_take_names_away(problems, tmp_path):
    (tmp_path / "_async").mkdir()
    (tmp_path / "_async" / "runs.py").write_text("class AsyncRun: ...\nclass _Hidden: ...\n")
    (line,) = problems(SCHEMA, GOOD, handwritten=[tmp_path / "_async"], **TIMES)
    assert "class Run is defined twice, also by the hand-written _async" in line


TABLES = {
    "a field that may be a time": (
        {},
        "Run.createTime may be a time: add it to TIMES or to NOT_TIMES",
    ),
    "a field in both tables": (
        {"times": ("Run.createTime",), "not_times": ("*.createTime",)},
        "Run.createTime stands in both TIMES and NOT_TIMES",
    ),
    "milliseconds that are no time": (
        {"not_times": ("Run.createTime",), "millis": ("Run.createTime",)},
        "Run.createTime stands in MILLIS, but not in TIMES",
    ),
    "a stale secret": (
        {"secrets": ("Run.gone",)},
        "SECRETS has Run.gone, which is no field: remove it",
    ),
    "a stale time": (
        {"times": ("Run.createTime", "Run.gone")},
        "TIMES has 'Run.gone', which matches no field: remove it",
    ),
    "a stale member name": (
        {**TIMES, "member_names": {"Run.Gone": "X"}},
        "member_names has 'Run.Gone', which names no member: remove it",
    ),
    "a stale fragment": (
        {**TIMES, "runtime_fragments": {"Gone": RuntimeClass("models", "X")}},
        "runtime_fragments has Gone, which is no fragment: remove it",
    ),
    "a stale input": (
        {**TIMES, "runtime_inputs": {"Gone": RuntimeClass("models", "X")}},
        "runtime_inputs has Gone, which is no type: remove it",
    ),
    "a stale root field": (
        {**TIMES, "old_root_fields": {"goneRun": "run"}},
        "OLD_ROOT_FIELDS has goneRun, which is no root field: remove it",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables_that_must_not_pass(problems, case):
    tables, expected = TABLES[case]
    lines = problems(SCHEMA, GOOD, **tables)
    assert f"tables.py: {expected}" in "\n".join(lines)


def test_documents_that_do_not_ask_for_the_typename():
    schema = graphql.build_schema(SCHEMA)
    bad = "query GetOwner{owner{...on Team{name}}}"
    assert list(missing_typenames(schema, bad, "here")) == [
        "here: the document selects owner (Owner) without __typename: its members could not be told apart"
    ]
    assert not list(missing_typenames(schema, bad.replace("{...", "{__typename ..."), "here"))
