"""Agents of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import among, glob, within
from ..._core.inputs import all_of, members, text
from ..._core.lookup import only
from ..._core.models import unwrap
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..._core.agent_error_report import AgentErrorReport
    from ..._generated.enums import AgentStatus
    from ..._generated.models import Agent, AgentSummary
    from ..pager import AsyncPager

#: What an error can be of.
_SOURCES = ("agent", "code server", "code location")


class AsyncAgents(AsyncResource):
    """Agents of the organization (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        status: AgentStatus | str | Iterable[AgentStatus | str] | None = None,
        label: str | None = None,
        where: Callable[[AgentSummary], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AgentSummary]:
        """List agents. The API has no pages here: one request gets all. GraphQL: ``agents``.

        Stopped agents stay in the list for a while.

        Args:
            status: Only those that are ``RUNNING`` or ``NOT_RUNNING``; filtered here.
            label: Only those whose label matches this pattern, such as ``prod-*``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.

        Example:
            client.agents.list(status="RUNNING")
        """
        from ..._generated.enums.agent_status import AgentStatus

        statuses = members(AgentStatus, status, "status")
        return self._whole(
            ops.list_agents(),
            lambda found: found,
            where=all_of(
                among(statuses, lambda agent: agent.status, "status"),
                glob(label, lambda agent: agent.label),
                where,
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, agent: str) -> Agent:
        """Return one agent with its code servers, run workers and errors. GraphQL: ``agents``.

        Args:
            agent: Its id, or its label.

        Raises:
            NotFoundError: There is no such agent.
            InvalidInputError: Several have the label; the message lists their ids.

        Example:
            await client.agents.get("prod-agent")
        """
        text(agent, "the agent's id")
        found = await self._transport.fetch(ops.find_agents())
        return only(
            found,
            "agent",
            agent,
            name_of=lambda one: one.label,
            ids_of=lambda one: [one.id],
            describe=lambda one: f'id="{one.id}" ({one.status})',
        )

    def errors(
        self,
        *,
        source: str | None = None,
        location: str | None = None,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
        where: Callable[[AgentErrorReport], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AgentErrorReport]:
        """List the errors of all agents, their code servers and the code locations. The API has no pages here. GraphQL: ``agents``, ``workspaceOrError``.

        The newest stand first; before them those of code servers, which are of now and have no time. Of an agent the API
        keeps the last day's errors, at most 25. The code locations are those of the client's deployment.

        Args:
            source: Only those of an ``agent``, a ``code server`` or a ``code location``.
            location: Only those that belong to this code location.
            after: Only errors after this time: an aware datetime, or epoch seconds (UTC).
            before: Only errors before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A source or time that cannot be; nothing is sent.

        Example:
            client.agents.errors(location="demo", after=yesterday)
        """
        if source not in (None, *_SOURCES):
            raise InvalidInputError(
                f"source cannot be {source!r}; choose from {', '.join(_SOURCES)}"
            )
        fitting = all_of(
            among(source, lambda row: row.source, "source"),
            among(location, lambda row: row.location, "location"),
            within(after, before, lambda row: row.timestamp),
            where,
        )

        async def gather() -> builtins.list[AgentErrorReport]:
            from ..._core.agent_error_report import error_reports
            from ..._generated.results.list_agent_errors import ListAgentErrorsWorkspace

            operation = ops.list_agent_errors()
            found = await self._transport.execute(operation)
            workspace = unwrap(found.workspace_or_error, ListAgentErrorsWorkspace, operation.name)
            return error_reports(found.agents, workspace.location_entries)

        return self._gathered(gather, where=fitting, limit=limit, cursor=cursor)

    async def category(self) -> str | None:
        """Return where the running agents are: ``LOCAL``, ``CONTAINER``, ``MIXED``, ``NONE``. GraphQL: ``activeAgentCategory``.

        Returns:
            A member of ``ActiveAgentCategory``; None where the server does not say.

        Example:
            await client.agents.category()
        """
        return await self._transport.fetch(ops.get_active_agent_category())
