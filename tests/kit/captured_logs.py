"""Captured logs of a run at a server."""

from __future__ import annotations

from kit.payloads import RUN_ID
from kit.server import Reply


def captured(file_key, *steps):
    return {
        "__typename": "LogsCapturedEvent",
        "timestamp": "1700000000000",
        "fileKey": file_key,
        "stepKeys": list(steps) or None,
        "externalUrl": None,
        "externalStdoutUrl": None,
        "externalStderrUrl": None,
    }


OTHER = {"__typename": "RunStartEvent", "timestamp": "1700000000000"}


class Run:
    """A run that writes: a server's answers about it.

    Args:
        events: In the order in which they come.
        texts: What each file has: standard output, standard errors.
    """

    def __init__(self, events, texts, *, page=1000, piece=1000):
        self.events = events
        self.texts = {key: list(pair) for key, pair in texts.items()}
        self.page = page
        self.piece = piece
        self.status = "SUCCESS"
        self.rounds = []
        self.faults = []

    def __call__(self, received):
        if self.faults:
            return self.faults.pop()
        asked = received.variables
        if received.operation == "GetCapturedLogs":
            return self.text(asked)
        if received.operation == "GetCapturedLogsLinks":
            name = asked["logKey"][-1]
            links = {"stdoutUrl": f"/logs/{name}/out", "stderrUrl": "https://store.test/x"}
            links |= {"stdoutLocation": "/out", "stderrLocation": None}
            return Reply({"data": {"capturedLogsMetadata": links}})
        data = {"logsForRun": self.events_behind(asked)}
        if received.operation == "PollCapturedLogs":
            state = {"__typename": "Run", "id": RUN_ID, "status": self.status}
            data["runOrError"] = state
            if self.rounds:
                self.rounds.pop(0)(self)
        return Reply({"data": data})

    def events_behind(self, asked):
        start = int(asked["afterCursor"] or 0)
        end = start + self.page
        return {
            "__typename": "EventConnection",
            "events": self.events[start:end],
            "cursor": str(min(end, len(self.events))),
            "hasMore": end < len(self.events),
        }

    def text(self, asked):
        run_id, folder, name = asked["logKey"]
        assert (run_id, folder) == (RUN_ID, "compute_logs")
        starts = [int(n) for n in (asked["cursor"] or "0:0").split(":")]
        pieces = [
            None if t is None else t.encode()[start : start + self.piece]
            for t, start in zip(self.texts[name], starts, strict=True)
        ]
        ends = [start + len(p or b"") for start, p in zip(starts, pieces, strict=True)]
        shown = [None if p is None else p.decode(errors="replace") for p in pieces]
        found = dict(zip(("stdout", "stderr"), shown, strict=True))
        cursor = ":".join(map(str, ends))
        found |= {"logKey": asked["logKey"], "cursor": cursor}
        return Reply({"data": {"capturedLogs": found}})
