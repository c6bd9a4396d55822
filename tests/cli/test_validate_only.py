"""``--validate-only``: every reason with its path, and nothing launched."""

from __future__ import annotations

import pytest
from kit import payloads
from kit.server import Reply

#: Two places where a configuration does not fit.
REASONS = [
    {
        "__typename": "FieldNotDefinedConfigError",
        "message": 'Received unexpected config entry "a"\nat path root',
        "reason": "FIELD_NOT_DEFINED",
        "stack": {"entries": []},
    },
    {
        "__typename": "RuntimeMismatchConfigError",
        "message": "not an Int",
        "reason": "RUNTIME_TYPE_MISMATCH",
        "stack": {
            "entries": [
                {"__typename": "EvaluationStackPathEntry", "fieldName": "ops"},
                {"__typename": "EvaluationStackListItemEntry", "listIndex": 3},
            ]
        },
    },
]
TEXT = """\
dplus: the run configuration of daily has 2 errors; nothing was launched
  (root): Received unexpected config entry "a" at path root
  ops.3: not an Int
"""


@pytest.fixture
def plan(server):
    """What the server says of a configuration."""
    found = {
        "executionPlanOrError": {"__typename": "RunConfigValidationInvalid", "errors": REASONS}
    }

    def answer(received):
        data = {
            "FindJobs": payloads.jobs(payloads.job("daily"), payloads.job("__ASSET_JOB")),
            "GetAsset": payloads.whole_asset("orders"),
            "GetExecutionPlan": found,
        }
        return Reply({"data": data[received.operation]})

    server.reply(answer)
    return found


FITS = {
    "__typename": "ExecutionPlan",
    "artifactsPersisted": True,
    "assetKeys": [],
    "assetChecks": [],
    "assetCheckKeys": [],
    "steps": [],
}


@pytest.mark.parametrize("words", ["run create --job daily", "job launch daily"])
def test_each_reason_has_a_line(scripted, server, plan, words):
    done = scripted(*words.split(), "--validate-only", "--config-yaml", "a: 1")
    assert (done.code, done.out, done.err) == (2, "", TEXT)
    assert server.operations == ["FindJobs", "GetExecutionPlan"]
    assert server.received[-1].variables["runConfigData"] == {"a": 1}


def test_as_json(scripted, plan):
    done = scripted("job", "launch", "daily", "--validate-only", "--json")
    assert (done.code, done.out) == (2, "")
    assert (done.error["code"], done.error["status_code"]) == ("RUN_CONFIG_VALIDATION_INVALID", 422)
    assert [reason["path"] for reason in done.error["errors"]] == [[], ["ops", 3]]


def test_a_configuration_that_fits(scripted, server, plan):
    plan["executionPlanOrError"] = FITS
    done = scripted("run", "create", "--job", "daily", "--validate-only", "--tags", "a=b")
    text = "Valid: the run configuration fits daily; nothing was launched\n"
    assert (done.code, done.out, done.err) == (0, text, "")
    done = scripted("run", "create", "--job", "daily", "--validate-only", "--json")
    assert done.json == {"valid": True, "job": "daily", "steps": 0}
    assert "LaunchRun" not in server.operations


def test_assets_are_looked_at_where_they_are(scripted, server, plan):
    plan["executionPlanOrError"] = FITS
    done = scripted("run", "create", "--asset-selection", "orders", "--validate-only")
    assert done.code == 0
    selector = server.received[-1].variables["pipeline"]
    assert selector["pipelineName"] == "__ASSET_JOB"
    assert selector["assetSelection"] == [{"path": ["orders"]}]
    assert server.operations == ["GetAsset", "GetExecutionPlan"]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("run.yaml", "ops:\n  a: [1\n", "run.yaml"),
        ("run.json", '{"ops": {\n  "a": 1,,\n}}', "run.json"),
    ],
)
def test_syntax_errors_say_where(scripted, server, tmp_path, name, text, where):
    path = tmp_path / name
    path.write_text(text)
    for words in (["run", "create", "--job", "daily"], ["job", "launch", "daily"]):
        done = scripted(*words, "--run-config", str(path), "--validate-only")
        assert (done.code, server.received) == (2, [])
        assert where in done.err
        assert "line " in done.err
        assert "column " in done.err


def test_an_error_of_another_kind(scripted, plan):
    plan["executionPlanOrError"] = payloads.error("PipelineNotFoundError", "no such job")
    done = scripted("job", "launch", "daily", "--validate-only", "--json")
    assert (done.code, done.error["status_code"]) == (1, 404)
