"""What the owner of a sandbox does with its state: reset, seed, snapshots, the clock, switches."""

from __future__ import annotations

import sqlite3
import time

from ..._core.errors import InvalidInputError
from ..control.context import CHOSEN, CLOCK, CLOCK_STEPS, now
from ..control.registry import SWITCHES
from ..control.seed import plant, role_tokens, seed, seeded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..control import Store
    from ..control.store import Dump

#: Of a snapshot: another version's may have other tables.
FORMAT = 1
#: Seconds: a clock beyond what dates can be would break whatever has one.
MOST_AHEAD = 100 * 365 * 86_400


class Administration:
    """Changes the control plane's state from outside.

    Args:
        store: The entities. Used by one call at a time, as the control plane's is.
        token: The sandbox's token.
        organization: The organization's name.
    """

    def __init__(self, store: Store, *, token: str, organization: str) -> None:
        self._store = store
        self._token = token
        self._organization = organization

    def tokens(self) -> dict[str, str]:
        """Return the tokens that were there from the start, by role."""
        return role_tokens(self._token)

    def about(self) -> dict[str, Any]:
        """Return the organization's name, its deployments, and how much was planted at the start beside the demo."""
        return {
            "organization": self._organization,
            "deployments": [
                row["deploymentName"]
                for row in self._store.list("DagsterCloudDeployment", deploymentStatus="ACTIVE")
                if row["deploymentType"] != "BRANCH"
            ],
            "seeded": seeded(self._store),
        }

    def clock(self) -> dict[str, float]:
        """Return the sandbox's time, and how many seconds it is ahead."""
        return {"now": now(self._store), "ahead": self._store.setting(CLOCK, 0.0)}

    def advance(self, seconds: float) -> dict[str, float]:
        """Set the sandbox's clock forward.

        Raises:
            InvalidInputError: It would go back.
        """
        if not 0 <= seconds <= MOST_AHEAD:
            raise InvalidInputError(
                f"the clock can only go forward, a century at most, and not by {seconds} seconds"
            )
        with self._store.transaction():
            ahead = self._store.setting(CLOCK, 0.0) + seconds
            self._store.set_setting(CLOCK, ahead)
            steps = self._store.setting(CLOCK_STEPS, [])
            self._store.set_setting(CLOCK_STEPS, [*steps, [time.time(), ahead]])
        return self.clock()

    def switches(self) -> dict[str, dict[str, Any]]:
        """Return what can be chosen: each switch with its value, its choices and what it is about."""
        values = self._store.setting(CHOSEN, {})
        return {
            name: {
                "value": values.get(name, switch.choices[0]),
                "choices": list(switch.choices),
                "about": switch.about,
            }
            for name, switch in sorted(SWITCHES.items())
        }

    def set_switches(self, values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Set switches.

        Raises:
            InvalidInputError: There is no such switch, or it cannot be set so.
        """
        for name, value in values.items():
            if name not in SWITCHES:
                raise InvalidInputError(
                    f"there is no switch {name!r}: there are {', '.join(sorted(SWITCHES))}"
                )
            choices = SWITCHES[name].choices
            if value not in choices:
                raise InvalidInputError(
                    f"{name} can be {' or '.join(map(repr, choices))}, and not {value!r}"
                )
        with self._store.transaction():
            self._store.set_setting(CHOSEN, {**self._store.setting(CHOSEN, {}), **values})
        return self.switches()

    def reset(self) -> None:
        """Put the demo organization, and the seed of the start, in the place of everything.

        The real Dagster keeps what it has.
        """
        seed(self._store, self._organization, self._token, afresh=True)

    def seed(self, document: Mapping[str, Any]) -> dict[str, int]:
        """Add what a seed says; tell how many entries of each noun that were.

        Raises:
            InvalidInputError: It cannot be.
        """
        return plant(self._store, document)

    def snapshot(self) -> dict[str, Any]:
        """Return everything that the control plane keeps. Secrets in it are sealed with the sandbox's token."""
        return {"format": FORMAT, "tables": self._store.dump()}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Put a snapshot in the place of everything.

        Raises:
            InvalidInputError: It is none, or another version's.
        """
        if snapshot.get("format") != FORMAT or not isinstance(snapshot.get("tables"), dict):
            raise InvalidInputError("this is no snapshot of a sandbox, or one of another version")
        try:
            self._replace(snapshot["tables"])
        except (sqlite3.Error, TypeError, ValueError, LookupError, AttributeError) as error:
            raise InvalidInputError(f"this snapshot is broken: {error}") from error

    def _replace(self, tables: Dump) -> None:
        """Put tables in the place of everything; at no moment is there less than an organization."""
        with self._store.transaction():
            self._store.load(tables)
            # A sandbox with another token must not be locked out.
            seed(self._store, self._organization, self._token)
