"""What probes of switches are made of."""

from __future__ import annotations

from .attempts import tried

#: By switch: its probe. What it returns must differ between the switch's choices.
PROBES = {}


def probe(function):
    """Make a function the probe of the switch that it is called like."""
    PROBES[function.__name__] = function
    return function


async def said(client, operation):
    """Send an operation that the client's methods send only after a look at what is there."""

    async def call():
        return (await client.execute(operation)).ok

    found = await tried(call)
    return found if isinstance(found, str) else "success"


async def names(pager):
    return [found.name async for found in pager]
