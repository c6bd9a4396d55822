"""Serverless: its registry, the URLs for PEX files, and runs that are not isolated."""

from __future__ import annotations

from ..registry import Failure, kind, mutation, query, switch
from ..storage import presigned_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..context import Context
    from ..store import Row

TYPE = "Serverless"
EDIT = "EDIT_CODE_LOCATIONS"
#: Where PEX files are in the object store.
FOLDER = "serverless"
REGION = "us-west-2"

REGISTRY = switch(
    "serverless_registry",
    "ecr",
    "harbor",
    about="The registry of Serverless. With Harbor no PEX files are taken.",
)


def _credential(text: str) -> Callable[[Context, Row], str]:
    # Who may see the page may not push images.
    return lambda context, _: text if context.allows(EDIT) else ""


kind(
    TYPE,
    awsAccessKeyId=_credential("SANDBOXKEY"),
    awsSecretAccessKey=_credential("sandbox-secret-key"),
    awsAuthToken=_credential("sandbox-registry-token"),
)


@query("serverless")
def serverless(context: Context) -> Row:
    """Return the state of Serverless in the deployment that was asked."""
    is_harbor = context.switch(REGISTRY) == "harbor"
    host = "harbor" if is_harbor else f"ecr.{REGION}"
    return {
        "id": f"serverless-{context.here()['deploymentId']}",
        "status": "ACTIVE" if is_serverless(context) else "INACTIVE",
        "awsRegion": REGION,
        "registryUrl": f"{host}.registry.example.com/sandbox",
        "registryIsHarbor": is_harbor,
        "registryAllowCustomBase": True,
        "canEnable": True,
        "stackCompleteResourceCount": 0,
        "stackRetryCount": 0,
        "stackTotalResourceCount": 0,
    }


def is_serverless(context: Context) -> bool:
    """Tell whether Dagster+ runs the code of the deployment that was asked."""
    return bool(context.here()["agentType"] == "SERVERLESS")


@query("nonIsolatedRuns")
def non_isolated_runs(context: Context) -> Row:
    """Return whether runs may share the code server's process: only Serverless has that."""
    may = is_serverless(context)
    return {
        "enableNonIsolatedRunToggle": may,
        "showNonIsolatedRunToggle": may,
        "nonIsolatedRunToggleMessage": "" if may else "Only Serverless has non-isolated runs.",
    }


@mutation("generateServerlessPexUrl", needs=EDIT, audit=None)
def generate_serverless_pex_url(
    context: Context, *, filenames: list[str], method: str
) -> list[Row]:
    """Return presigned URLs in the order of the names."""
    if context.switch(REGISTRY) == "harbor":
        raise Failure("PexNotSupportedError", "This Serverless takes no PEX files.")
    return [
        {"url": presigned_url(context.store, context.url, method, f"{FOLDER}/{name}")}
        for name in filenames
    ]
