"""What the resources of alerts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.inputs import text
from .._core.lookup import only
from .._generated import operations as ops

if TYPE_CHECKING:
    from .._generated.models import AlertPolicyRef
    from .transport import AsyncTransport


async def find_policy(transport: AsyncTransport, name: str) -> AlertPolicyRef:
    """Return id and name of an alert policy.

    Args:
        transport: What sends.
        name: Its name, or its id.

    Raises:
        NotFoundError: There is no such policy; the message names similar ones.
    """
    text(name, "the policy's name")
    return only(
        await transport.fetch(ops.find_alert_policies()),
        "alert policy",
        name,
        name_of=lambda policy: policy.name,
        ids_of=lambda policy: [policy.id],
    )
