"""Filters of checks, which are applied here, and what a reported result sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .asset_filters import partition_list
from .documents import read_document
from .errors import InvalidInputError
from .filters import glob
from .inputs import all_of, member, members, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .._generated.enums import AssetCheckExecutionResolvedStatus, AssetCheckSeverity
    from .._generated.input_types import ReportAssetCheckEvaluationsParams
    from .._generated.models import AssetCheck
    from .asset_key import AssetKey
    from .documents import Document


def check_filter(
    *,
    pattern: str | None,
    status: AssetCheckExecutionResolvedStatus
    | str
    | Iterable[AssetCheckExecutionResolvedStatus | str]
    | None,
    executed: bool | None,
    blocking: bool | None,
    where: Callable[[AssetCheck], bool] | None,
) -> Callable[[AssetCheck], bool] | None:
    """Return one test for a check. See ``checks.list``.

    Raises:
        InvalidInputError: A status that cannot be.
    """
    from .._generated.enums.asset_check_execution_resolved_status import (
        AssetCheckExecutionResolvedStatus as Status,
    )

    statuses = members(Status, status, "status")

    def fits(check: AssetCheck) -> bool:
        latest = check.latest_execution
        in_state = statuses is None or (latest is not None and latest.status in statuses)
        return (
            in_state
            and executed in (None, latest is not None)
            and blocking in (None, check.blocking)
        )

    return all_of(fits, glob(pattern, lambda check: check.name), where)


def check_report(
    asset: AssetKey,
    name: str,
    *,
    passed: bool,
    severity: AssetCheckSeverity | str | None,
    partitions: str | Iterable[str] | None,
    description: str | None,
    metadata: Document | None,
) -> ReportAssetCheckEvaluationsParams:
    """Return the API's input for the result of a check; what is None is left out.

    Raises:
        InvalidInputError: A severity or value that cannot be.
    """
    from .._generated.enums.asset_check_severity import AssetCheckSeverity

    params: ReportAssetCheckEvaluationsParams = {
        "assetKey": asset,
        "checkName": text(name, "the check's name"),
        "passed": passed,
    }
    if severity is not None:
        params["severity"] = member(AssetCheckSeverity, severity, "severity")
    if partitions is not None:
        params["partitionKeys"] = partition_list(partitions)
    if description is not None:
        params["description"] = description
    if metadata is not None:
        params["serializedMetadata"] = _json(metadata)
    return params


def _json(metadata: Document) -> str:
    """Return metadata as the API takes them: a JSON text of values by name.

    Raises:
        InvalidInputError: A value is nothing that JSON can say.
    """
    values = read_document(metadata, "the metadata", example="row_count: 7")
    try:
        return json.dumps(dict(values), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"the metadata cannot be sent: {error}") from error
