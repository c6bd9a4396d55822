"""The commands about what is stored."""

from __future__ import annotations

from ..params.entries import argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEY = argument("key", "organization, deployment, url, region or token.")
_NAME = argument("name", "Its name.")

_CHANGED = ["key", "value", "stored_in", "changed"]

VERBS: dict[str, dict[str, Any]] = {
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
