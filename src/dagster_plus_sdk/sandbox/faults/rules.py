"""Faults on demand: what goes wrong, for which requests, and how often.

A rule is data: ``{"fault": "bad_gateway", "operation": "List*", "times": 2}``. Of the rules that fire for a request, every
`latency` applies, and the first of the others; those behind it do not count the request.
"""

from __future__ import annotations

import random
from fnmatch import fnmatchcase

from ..._core.errors import InvalidInputError, NotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..front.asked import Asked

    Rules = list["Rule"]

LATENCY = "latency"
TRACE = "Internal Server Error (Trace ID: 1234567890123456789)"
KINDS = ("query", "mutation", "subscription")
#: What each fault can be told beside `COMMON`, with what it is if it is not told. None: it depends.
FAULTS: dict[str, dict[str, Any]] = {
    LATENCY: {"seconds": 1.0},
    "rate_limited": {"seconds": 1.0, "as_date": False, "status": 429, "body": None},
    "server_error": {"status": 500, "body": None},
    "bad_gateway": {"status": 502, "body": None},
    "maintenance": {
        "status": 503,
        "message": "Dagster+ is under maintenance",
        "timeout": 57_600,
        "retry_interval": 30,
    },
    "reset_before": {},
    "reset_after": {},
    "truncated": {"bytes": None},
    "slow_body": {"seconds": 1.0, "pieces": 10},
    "unknown_enum": {"path": None, "value": "A_VALUE_THAT_NOBODY_KNOWS"},
    "unknown_type": {"path": None, "value": "TypeThatNobodyKnows"},
    "redirect": {"url": "https://elsewhere.invalid/graphql", "status": 307},
    "expired_token": {"status": 401, "body": None},
    "partial_data": {"path": None, "message": TRACE},
    "null_data": {"message": TRACE},
    "websocket_close": {"frames": 0, "code": 1011},
    "websocket_refused": {"status": 503},
}
COMMON: dict[str, Any] = {
    "operation": "*",
    "kind": None,
    "share": 1.0,
    "times": None,
    "skip": 0,
    "seed": 0,
}


def _number(
    low: float, high: float = float("inf"), *, whole: bool = False
) -> Callable[[Any], bool]:
    types = int if whole else (int, float)
    return lambda value: (
        isinstance(value, types) and not isinstance(value, bool) and low <= value <= high
    )


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


_SECONDS = (_number(0, 86_400), "a number of seconds")
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "operation": (_text, "an operation's name, or a pattern such as Launch*"),
    "kind": (lambda value: value in KINDS, "query, mutation or subscription"),
    "share": (_number(0, 1), "a number from 0 to 1"),
    "times": (_number(1, whole=True), "a whole number from 1"),
    "skip": (_number(0, whole=True), "a whole number from 0"),
    "seed": (_number(float("-inf"), whole=True), "a whole number"),
    "seconds": _SECONDS,
    "timeout": _SECONDS,
    "retry_interval": _SECONDS,
    "as_date": (lambda value: isinstance(value, bool), "true or false"),
    "status": (_number(200, 599, whole=True), "an HTTP status from 200 to 599"),
    "body": (lambda value: isinstance(value, (str, dict, list)), "a text or JSON"),
    "message": (_text, "a text"),
    "url": (lambda value: _text(value) and value.isascii() and value.isprintable(), "a URL"),
    "path": (_text, "names with dots between them, such as runOrError.status"),
    "value": (_text, "a text"),
    "bytes": (_number(0, whole=True), "a whole number from 0"),
    "pieces": (_number(1, 10_000, whole=True), "a whole number from 1"),
    "frames": (_number(0, whole=True), "a whole number from 0"),
    # Others must not be sent.
    "code": (
        lambda value: value in {1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)},
        "a close code that can be sent, such as 1011",
    ),
}


class Rule:
    """One rule, and how often it fired.

    Args:
        number: Its number.
        given: What was told.

    Attributes:
        fault: What goes wrong.
        matched: How many requests it is for came.
        fired: How many of them it went wrong for.

    Raises:
        InvalidInputError: It cannot be. The message says what can.
    """

    def __init__(self, number: int, given: Mapping[str, Any]) -> None:
        self.number: int = number
        self.fault: str = _fault(given)
        self._given = dict(given)
        self._options = _options(self.fault, given)
        self._random = random.Random(self._options["seed"])  # noqa: S311 - runs shall repeat
        self.matched: int = 0
        self.fired: int = 0

    def __getitem__(self, name: str) -> Any:
        """Return an option's value."""
        return self._options[name]

    def __contains__(self, name: str) -> bool:
        """Tell whether it has an option."""
        return name in self._options

    @property
    def is_for_websockets(self) -> bool:
        """Whether it is for websockets, and not for requests."""
        return self.fault.startswith("websocket")

    def fires(self, asked: Asked) -> bool:
        """Count a request, and tell whether it goes wrong."""
        if not fnmatchcase(asked.operation, self["operation"]):
            return False
        if self["kind"] not in (None, asked.kind):
            return False
        self.matched += 1
        # Drawn for each, so that the same requests go wrong whatever `times` says.
        drawn = self.matched > self["skip"] and self._random.random() < self["share"]
        if not drawn or (self["times"] is not None and self.fired >= self["times"]):
            return False
        self.fired += 1
        return True

    def as_dict(self) -> dict[str, Any]:
        """Return what was told, its number and its counts."""
        return {"id": self.number, **self._given, "matched": self.matched, "fired": self.fired}


class Faults:
    """The rules of a sandbox, in the order in which they were added."""

    def __init__(self) -> None:
        self._rules: dict[int, Rule] = {}
        self._last = 0

    def add(self, given: Mapping[str, Any]) -> Rule:
        """Add a rule and return it.

        Raises:
            InvalidInputError: It cannot be.
        """
        rule = Rule(self._last + 1, given)
        self._last = rule.number
        self._rules[rule.number] = rule
        return rule

    def list(self) -> Rules:
        """Return the rules, those that will not fire again included."""
        return [*self._rules.values()]

    def remove(self, number: int) -> None:
        """Remove a rule.

        Raises:
            NotFoundError: It is not there.
        """
        if self._rules.pop(number, None) is None:
            raise NotFoundError(f"there is no fault {number}")

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()

    def choose(self, asked: Asked, *, websocket: bool = False) -> Rules:
        """Return the rules to apply to a request: any number of latencies, and at most one other."""
        chosen: Rules = []
        is_open = True
        for rule in self._rules.values():
            if rule.is_for_websockets is not websocket:
                continue
            is_latency = rule.fault == LATENCY
            if (is_latency or is_open) and rule.fires(asked):
                chosen.append(rule)
                is_open = is_open and is_latency
        return chosen


def _fault(given: Mapping[str, Any]) -> str:
    fault = given.get("fault")
    if not isinstance(fault, str) or fault not in FAULTS:
        raise InvalidInputError(f"fault must be one of {', '.join(FAULTS)}, not {fault!r}")
    return fault


def _options(fault: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all options of a rule.

    Raises:
        InvalidInputError: One is unknown, or its value cannot be.
    """
    options = {**COMMON, **FAULTS[fault]}
    if fault.startswith("websocket"):
        # A handshake has no operation yet.
        del options["operation"], options["kind"]
    values = {name: value for name, value in given.items() if name != "fault"}
    if unknown := sorted(values.keys() - options):
        raise InvalidInputError(
            f"{fault} has no {', '.join(map(repr, unknown))}; it can be told {', '.join(options)}"
        )
    for name, value in values.items():
        check, wanted = _CHECKS[name]
        # None is for "as if it was not told".
        if value is not None and not check(value):
            raise InvalidInputError(f"{name} must be {wanted}, not {value!r}")
    told = {name: value for name, value in values.items() if value is not None}
    return {**COMMON, **FAULTS[fault], **told}
