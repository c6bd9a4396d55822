"""A run's event log at a server, with the server's own pages."""

from __future__ import annotations

from kit.payloads import RUN_ID, event_page
from kit.server import Reply


class EventLog:
    """Answers ListRunEvents and PollRunEvents from a list of events.

    Args:
        events: Those that there are now.
        status: The run's state.
        most: The most that the server gives at once.
    """

    def __init__(self, events=(), *, status="SUCCESS", most=1000):
        self.events, self.status, self.most = list(events), status, most
        #: Called before each answer; may append events, or change the state.
        self.steps = []

    def __call__(self, received) -> Reply:
        """Answer a request, as an entry of ``ScriptedServer.replies``."""
        if self.steps:
            fault = self.steps.pop(0)()
            if isinstance(fault, Reply):
                return fault
        asked = received.variables
        start = int((asked.get("afterCursor") or "at-0").removeprefix("at-"))
        end = min(start + min(asked["limit"], self.most), len(self.events))
        page = event_page(self.events[start:end], cursor=f"at-{end}", more=end < len(self.events))
        data = {"logsForRun": page}
        if received.operation == "PollRunEvents":
            data["runOrError"] = {"__typename": "Run", "id": RUN_ID, "status": self.status}
        return Reply({"data": data})
