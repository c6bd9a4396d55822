"""Errors of agents, of their code servers and of code locations, as one kind of row."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .models import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .._generated.models import AgentStates, LocationLoad

_NEVER = datetime(1, 1, 1, tzinfo=timezone.utc)


class AgentErrorReport(BaseModel):
    """An error, and where it happened.

    Attributes:
        timestamp: When it happened; of a code location when it was last changed. None for code servers, of which the API
            gives the present state only.
        source: ``agent``, ``code server`` or ``code location``.
        agent_id: The agent's id; None for a code location.
        agent: The agent's label, or else its id; None for a code location.
        location: The code location; None where the agent's error belongs to none.
        message: What happened.
        error: The error with its stack and its causes, an ``ErrorInfo``.
    """

    timestamp: datetime | None = None
    source: str
    agent_id: str | None = None
    agent: str | None = None
    location: str | None = None
    message: str
    error: Any


def error_reports(
    agents: Iterable[AgentStates], locations: Iterable[LocationLoad]
) -> list[AgentErrorReport]:
    """Return all errors, the newest first; those without a time stand before all others: they are of now."""
    rows = [*(row for agent in agents for row in _of_agent(agent)), *_of_locations(locations)]
    timeless = [row for row in rows if row.timestamp is None]
    timed = [row for row in rows if row.timestamp is not None]
    return timeless + sorted(timed, key=lambda row: row.timestamp or _NEVER, reverse=True)


def _of_agent(agent: AgentStates) -> Iterator[AgentErrorReport]:
    name = agent.label or agent.id
    for found in agent.errors:
        yield AgentErrorReport(
            timestamp=found.timestamp,
            source="agent",
            agent_id=agent.id,
            agent=name,
            message=found.error.message,
            error=found.error,
        )
    for server in agent.code_servers:
        if server.error is not None:
            yield AgentErrorReport(
                source="code server",
                agent_id=agent.id,
                agent=name,
                location=server.location_name,
                message=server.error.message,
                error=server.error,
            )


def _of_locations(locations: Iterable[LocationLoad]) -> Iterator[AgentErrorReport]:
    from .._generated.models.error_info import ErrorInfo

    for entry in locations:
        error = entry.location_or_load_error
        if isinstance(error, ErrorInfo):
            yield AgentErrorReport(
                timestamp=entry.updated_at,
                source="code location",
                location=entry.name,
                message=error.message,
                error=error,
            )
