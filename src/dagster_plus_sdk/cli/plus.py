"""Commands of Dagster+ whose options choose between methods of the facade, or mean more than a parameter."""

from __future__ import annotations

import click

from .connect import connect
from .invoke import call
from .printing.output import show_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .. import DagsterPlus
    from .state import State

_FULL, _BRANCH, _ALL = "PRODUCTION", "BRANCH", "ALL"
#: Filters of full deployments only.
_ONLY_FULL = ("status", "agent_type")


def artifact(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Send or get a file of the deployment, where the command line names one, and else of the organization."""
    usual = "deployment" if state.deployment else "organization"
    call(state, entry, {**values, "scope": values["scope"] or usual})


def deployments(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """List deployments: full ones, branch deployments, or both.

    Raises:
        click.UsageError: A filter of full deployments only is given for others.
    """
    types = {word.upper() for words in values["type"] for word in words}
    if _ALL in types or types == {_FULL, _BRANCH}:
        types = {_ALL}
        values = {**values, "type": ()}
    if values["accessible"] or not types & {_BRANCH, _ALL}:
        call(state, entry, values)
        return
    for name in (*_ONLY_FULL, *(("cursor",) if types == {_ALL} else ())):
        if values[name]:
            option = state.options.get(name, name)
            raise click.UsageError(f"{option} is for full deployments: give --type production")
    limit = values["limit"]
    with connect(state, "BranchDeploymentSummary") as client:
        full = types == {_ALL}
        pages = _pages(
            client, values.get("pull_request_status"), limit, values["cursor"], full=full
        )
        columns = [(name.upper(), name) for name in ("name", "type", "status", "id")]
        show_list(state, pages, columns, limit=limit)


def _pages(
    client: DagsterPlus, status: str | None, limit: int | None, cursor: str | None, *, full: bool
) -> Iterator[Any]:
    """Yield pages of branch deployments, where it is wanted behind the full ones."""
    for page in client.deployments.list(limit=limit).pages() if full else ():
        limit = None if limit is None else limit - len(page.items)
        yield page
    yield from client.branch_deployments.list(
        pull_request_status=status, limit=limit, cursor=cursor
    ).pages()
