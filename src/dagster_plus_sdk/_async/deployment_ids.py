"""Finding the id of a deployment by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.errors import NotFoundError
from .._core.inputs import text
from .._generated import operations as ops

if TYPE_CHECKING:
    from .transport import AsyncTransport


async def deployment_id(transport: AsyncTransport, deployment: str | int) -> int:
    """Return the id of a deployment that is given by name or id; a number that is a name is one.

    Raises:
        NotFoundError: There is no such deployment.
    """
    if isinstance(deployment, int):
        return deployment
    name = text(deployment, "the deployment's name")
    try:
        return (await transport.fetch(ops.find_deployment(name=name))).id
    except NotFoundError:
        if not name.isdecimal():
            raise
    return int(name)
