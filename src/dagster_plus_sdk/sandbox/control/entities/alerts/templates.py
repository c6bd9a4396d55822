"""Bodies of webhooks: templates with tokens in double braces, and the requests that are made of them."""

from __future__ import annotations

import ipaddress
import json
import re
import time
import urllib.request
from http.client import HTTPException, responses
from urllib.error import HTTPError
from urllib.parse import urlsplit

from ...registry import switch
from .document_types import GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from email.message import Message

    from ...context import Context
    from ...store import Row

POST_WEBHOOKS = switch(
    "webhook_calls",
    "none",
    "loopback",
    about="Whether webhooks of alert policies are called: none, or those on this machine.",
)
#: Seconds that a webhook gets to answer.
WITHIN = 5.0
#: Statuses from here on are failures: a redirect is not followed, as it could lead off this machine.
FAILED = 300
BODY_KEPT = 10_000
DEFAULT_BODY = '{"text": "{{alert_summary}}"}'
BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
VARIABLE = re.compile(r"env\.[A-Za-z_][A-Za-z0-9_]*")

#: What every template may use: a description and an example.
COMMON = {
    "alert_summary": ("What happened, in a line.", "Run of broken_report failed"),
    "alert_content": ("What happened, in full.", "The run of the job broken_report failed."),
    "alert_policy_id": ("The policy's id.", "6f3b2c1a-1111-4222-8333-444455556666"),
    "alert_policy_name": ("The policy's name.", "failures"),
    "deployment_name": ("The deployment's name.", "prod"),
    "event_type": ("The event that the policy is for.", "JOB_FAILURE"),
    "notification_id": ("The notification's id.", "0b7a1f9e-1111-4222-8333-444455556666"),
}
#: What a template may use as well, by family of events.
OWN = {
    "job": {
        "job_name": ("The job's name.", "broken_report"),
        "run_id": ("The run's id.", "f7a1c1f2-1111-4222-8333-444455556666"),
        "code_location_name": ("The job's code location.", "reports"),
    },
    "asset": {
        "asset_key": ("The asset's key.", "orders/daily"),
        "run_id": ("The run's id.", "f7a1c1f2-1111-4222-8333-444455556666"),
    },
    "schedule and sensor": {
        "instigator_name": ("The schedule's or sensor's name.", "every_morning"),
        "code_location_name": ("Its code location.", "reports"),
    },
    "code location": {"code_location_name": ("The code location's name.", "reports")},
    "insights": {"metric_name": ("The metric's name.", "dagster_credits")},
    "metric": {"metric_name": ("The metric's name.", "rows_written")},
}


def tokens_for(events: Iterable[str]) -> list[Row]:
    """Return what templates may use: what each of the events has."""
    own = [OWN.get(GROUPS[event][0], {}) for event in events]
    shared = set.intersection(*map(set, own)) if own else set()
    found = COMMON | {name: own[0][name] for name in shared}
    return [
        {"name": name, "description": description, "example": example}
        for name, (description, example) in sorted(found.items())
    ]


def template_problems(template: str, events: Iterable[str]) -> list[Row]:
    """Return what is wrong with a template: messages, and the tokens that they are about."""
    known = {token["name"] for token in tokens_for(events)}
    found = []
    for match in BRACES.finditer(template):
        name = match[1].strip()
        if name not in known and not VARIABLE.fullmatch(name):
            found.append({"message": f"Unknown token {name!r} in the template.", "token": name})
    rest = BRACES.sub("", template)
    if "{{" in rest:
        found.append({"message": "The template has a '{{' without its '}}'.", "token": None})
    return found


def rendered(template: str, values: Mapping[str, str]) -> str:
    """Return a template with values in the places of its tokens. Environment variables stay as they are."""

    def value(match: re.Match[str]) -> str:
        # Most bodies are JSON: a quotation mark in a value must not end the text that it stands in.
        found = values.get(match[1].strip())
        return match[0] if found is None else json.dumps(found)[1:-1]

    return BRACES.sub(value, template)


def examples(events: Iterable[str]) -> dict[str, str]:
    """Return values of all tokens, for a sample."""
    return {token["name"]: token["example"] for token in tokens_for(events)}


def call_webhook(context: Context, service: Row, values: Mapping[str, str]) -> tuple[Row, str]:
    """Call a webhook, if the switch says so and it is on this machine.

    Args:
        context: Where.
        service: The webhook's part of a policy's document.
        values: What is put into the body.

    Returns:
        A WebhookTestResult, and why it failed: an empty text if it did not.
    """
    template = service.get("body_template") or DEFAULT_BODY
    headers: dict[str, str] = service.get("headers") or {}
    url = service["webhook_url"]
    result: Row = {
        "durationMs": None,
        "request": {"url": url, "headers": pairs(headers), "bodyTemplate": template},
        "response": None,
    }
    if context.switch(POST_WEBHOOKS) != "loopback" or not is_loopback(url):
        return result, ""
    started = time.monotonic()
    try:
        result["response"] = _post(url, headers, rendered(template, values))
    except (OSError, HTTPException, ValueError) as error:
        return result, f"The webhook could not be called: {error}"
    result["durationMs"] = round((time.monotonic() - started) * 1000)
    status = result["response"]["statusCode"]
    return result, f"The webhook answered {status}" if status >= FAILED else ""


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this machine. Names are not looked up, as they may lead elsewhere a moment later."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pairs(headers: Mapping[str, str]) -> list[Row]:
    """Return headers as the API has them."""
    return [{"key": key, "value": value} for key, value in headers.items()]


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Refuse."""


def _post(url: str, headers: Mapping[str, str], body: str) -> Row:
    # Without the environment's proxies, which are elsewhere.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    known = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, body.encode(), known, method="POST")  # noqa: S310 - http, as was checked
    try:
        with opener.open(request, timeout=WITHIN) as answer:
            return _response(answer.status, answer.headers, answer.read(BODY_KEPT))
    except HTTPError as error:
        with error:
            return _response(error.code, error.headers, error.read(BODY_KEPT))


def _response(status: int, headers: Message, body: bytes) -> Row:
    return {
        "statusCode": status,
        "statusText": responses.get(status, ""),
        "headers": pairs(dict(headers.items())),
        "body": body.decode(errors="replace"),
    }
