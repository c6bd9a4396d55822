"""The commands about who you are, and about what is stored."""

from __future__ import annotations

from ..params.entries import argument, option

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

AUTH: dict[str, dict[str, Any]] = {
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

_KEY = argument("key", "organization, deployment, url, region or token.")
_NAME = argument("name", "Its name.")

_CHANGED = ["key", "value", "stored_in", "changed"]

CONFIG: dict[str, dict[str, Any]] = {
    "show": {
        "help": "Show each setting with its source; secrets as ***.",
        "params": [], "run": "account.config_show.show",
    },
    "set": {
        "help": "Store a setting: where dg reads it too, or in the profile that --profile names, which is made if it is not there.",
        "params": [
            _KEY,
            argument("value", "Its value; - reads it from stdin, as a token must be, or on a terminal asks for it."),
        ],
        "fields": _CHANGED, "run": "account.config_edit.set_key",
    },
    "unset": {
        "help": "Remove a setting from where it is stored.",
        "params": [_KEY], "fields": _CHANGED, "run": "account.config_edit.unset_key",
    },
    "path": {
        "help": "Print the file that settings are stored in.",
        "params": [], "run": "account.config_edit.path",
    },
    "profiles": {
        "help": "List the profiles of the configuration file.", "params": [],
        "fields": ["name", "default", "organization", "deployment", "url", "region", "token"],
        "run": "account.config_edit.list_profiles",
    },
    "use": {
        "help": "Use a profile from now on where no other is chosen, in the place of what dg stores; without a name none.",
        "params": [{**_NAME, "required": False}], "fields": ["profile", "stored_in"],
        "run": "account.config_edit.use",
    },
    "delete-profile": {
        "help": "Remove a profile, with its token.", "destructive": "Delete profile", "here": True,
        "params": [_NAME], "fields": ["profile", "removed_from"],
        "run": "account.config_edit.delete_profile",
    },
}  # fmt: skip
