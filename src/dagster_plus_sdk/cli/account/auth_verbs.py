"""The commands about who you are."""

from __future__ import annotations

from ..params.entries import option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OF_STATUS = (
    "profile url organization plan deployment user auth token_source stored_in version state"
)
_LOGIN = [
    option(
        "with_token", "flag",
        "Read a token from stdin instead of opening the browser; on a terminal it is asked for, and not shown.",
    ),
    option("no_browser", "flag", "Open no browser, but print the page's address."),
    option("region", "text", "Where the organization is.", choices=["us", "eu"]),
    option(
        "port", "int", "Where on this machine the web page hands over the token; a free port if not given.", default=0,
        metavar="N",
    ),
    option("timeout", "seconds", "How many seconds to wait for you to log in; then exit with 6.", default=300),
]  # fmt: skip

VERBS: dict[str, dict[str, Any]] = {
    "login": {
        "help": "Log in to Dagster+, in the browser or with a token, and store that: for dg too, or with --profile beside it. "
        "The token is tried before it is stored, and replaces the one that is there. --organization, --deployment and --url "
        "say where to.",
        "params": _LOGIN,
        "fields": ["organization", "deployment", "deployments", "user", "url", "stored_in"],
        "run": "account.login.login",
    },
    "status": {
        "help": "Reach the server and say who is known there.",
        "params": [option("all", "flag", "Of all that is stored: the usual login, and each profile.")],
        "fields": _OF_STATUS.split(),
        "run": "account.auth.status",
    },
    "logout": {
        "help": "Remove the token from where it is stored, by whichever tool. What else is stored there stays, and at Dagster+ "
        "the token stays valid.",
        "params": [option("all", "flag", "All tokens that are stored: the usual one, and those of profiles.")],
        "fields": ["removed_from"],
        "run": "account.auth.logout",
    },
}  # fmt: skip
