"""What the official ``dg api`` calls things by other words than ours; ``reading.py`` makes commands of them.

Each of its commands that differs stands here by its path below ``dg api``. One that has our path is tried only where our own
reading of the command line fails.

- ``to``: our command, where its path is another one.
- ``options``: by our parameter, how ``dg api`` spells it; what is an argument of ours becomes an option.
- ``more``: options that we do not have, as parameters of the command table.
- ``set``: values of our parameters that the words imply.
- ``required``: parameters of ours that must be given, ``defaults``: what they are else; ``kinds``: how they are read.
- ``entry``: what its help says, and what its result is, where that is not ours.
- ``times``: times that may have no offset, and are in UTC then.
- ``values``: what makes values of ours of its own, in ``running.py``.
- ``run``: who does it, in ``running.py``; else our own command does.
"""

from __future__ import annotations

from ..params.entries import option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The version of ``dagster-dg-cli`` whose words these are.
VERSION = "1.13.27"

_LINKS = {"run": ("--run-id",), "asset": ("--asset-key",)}


COMMANDS: dict[str, dict[str, Any]] = {
    "asset get-evaluations": {
        "to": "asset evaluations",
        "more": [option("include_nodes", "flag", "The nodes are always there, in JSON.")],
    },
    "asset get-events": {
        "to": "asset events",
        "times": ("before",),
        "kinds": {"types": "many"},
        "values": "events",
    },
    "asset get-health": {"to": "asset health"},
    "asset get-partition-status": {
        "to": "asset get",
        "entry": {
            "help": "Count the partitions of an asset by their states.",
            "model": "PartitionCounts",
            "fields": ["total", "materialized", "failed", "materializing"],
        },
        "run": "partition_status",
    },
    "asset-check get-executions": {
        "to": "check executions",
        "options": {"asset": ("--asset-key",), "name": ("--check-name",)},
    },
    "asset-check list": {
        "to": "check list",
        "options": {"asset": ("--asset-key",)},
        "required": ("asset",),
    },
    "code-location add": {
        "to": "code-location create",
        "options": {
            "document": ("--location-file", "--from"),
            "module_name": ("-m",),
            "package_name": ("-p",),
            "python_file": ("-f",),
            "working_directory": ("-w",),
            "attribute": ("-a",),
        },
        "set": {"or_update": True},
        "run": "add_location",
    },
    "deployment delete": {
        "more": [
            option("yes", "flag", "Do not ask, be it a full deployment.", "--allow-delete-full-deployment", "--yes", "-y")
        ]
    },
    "deployment list": {
        "options": {"type": ("--type",)},
        "more": [
            option("pull_request_status", "text", "Of branch deployments only these.", "--pr-status")
        ],
        "kinds": {"type": "text"},
        "values": "deployments",
    },
    "deployment settings get": {"to": "deployment-setting get"},
    "deployment settings set": {"to": "deployment-setting set"},
    "issue add-link": {"to": "issue link", "options": _LINKS},
    "issue create": {"options": {"title": ("--title",), "description": ("--description",)}},
    "issue list": {
        "options": {"created_after": ("--created-after",), "created_before": ("--created-before",)},
        "times": ("created_after", "created_before"),
    },
    "issue remove-link": {"to": "issue unlink", "options": _LINKS},
    "organization saml remove": {"to": "organization remove-saml-metadata"},
    "organization saml upload": {"to": "organization upload-saml-metadata"},
    "organization settings get": {"to": "organization-setting get"},
    "organization settings set": {"to": "organization-setting set"},
    "run get-events": {"to": "run-events get"},
    "run get-logs": {
        "to": "log get",
        "options": {"step": ("--step-key",)},
        "more": [
            option("link_only", "flag", "Print download URLs."),
            option("max_bytes", "int", "How much of each log at most."),
            option("cursor", "text", "Go on behind this place of each log."),
        ],
        "run": "logs",
    },
    "run launch": {
        "to": "run create",
        "options": {
            "job": ("-j",),
            "asset_selection": ("--asset-key",),
            "wait": ("--wait/--no-wait", "-w"),
        },
        "more": [
            option("interval", "seconds", "The run is asked for as often as it is good.", "--interval", "-i")
        ],
        "defaults": {"wait": False, "timeout": None},
        "kinds": {"asset_selection": "many", "tags": "many"},
        "entry": {"help": "Launch a run of a job or of assets; with --wait wait for its end."},
        "run": "launch",
    },
    "schedule get-ticks": {"to": "schedule ticks"},
    "secret get": {"options": {"with_value": ("--show-value",)}},
    "secret list": {
        "more": [option("scope", "text", "deployment or organization.")],
        "values": "secrets",
    },
    "sensor get-ticks": {"to": "sensor ticks"},
}  # fmt: skip
