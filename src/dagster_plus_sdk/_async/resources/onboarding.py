"""The checklist of an organization's first steps in Dagster+."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.filters import among
from ..._core.inputs import all_of, member, members
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._generated.enums import OnboardingChecklistEntryKey, OnboardingChecklistStatus
    from ..._generated.models import OnboardingEntry
    from ..pager import AsyncPager


class AsyncOnboarding(AsyncResource):
    """The checklist of an organization's first steps (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        statuses: OnboardingChecklistStatus
        | str
        | Iterable[OnboardingChecklistStatus | str]
        | None = None,
        where: Callable[[OnboardingEntry], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[OnboardingEntry]:
        """List the checklist's entries. The API has no pages here: one request gets all. GraphQL: ``onboardingChecklistEntries``.

        Args:
            statuses: Only those that are ``COMPLETE``, ``INCOMPLETE`` or ``SKIPPED``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see them.

        Example:
            client.onboarding.list(statuses="INCOMPLETE")
        """
        from ..._generated.enums.onboarding_checklist_status import (
            OnboardingChecklistStatus as Status,
        )

        wanted = members(Status, statuses, "status")
        return self._whole(
            ops.list_onboarding_entries(),
            lambda found: found.entries,
            where=all_of(among(wanted, lambda entry: entry.status, "status"), where),
            limit=limit,
            cursor=cursor,
        )

    async def update(
        self, entry: OnboardingChecklistEntryKey | str, status: OnboardingChecklistStatus | str
    ) -> OnboardingEntry:
        """Set the state of an entry. GraphQL: ``toggleOnboardingChecklistEntry``.

        Args:
            entry: Its key, such as ``LAUNCHED_RUN``.
            status: ``COMPLETE``, ``INCOMPLETE`` or ``SKIPPED``.

        Raises:
            InvalidInputError: There is no such entry or status; nothing is sent.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.onboarding.update("LAUNCHED_RUN", "COMPLETE")
        """
        from ..._generated.enums.onboarding_checklist_entry_key import (
            OnboardingChecklistEntryKey as Key,
        )
        from ..._generated.enums.onboarding_checklist_status import (
            OnboardingChecklistStatus as Status,
        )

        operation = ops.set_onboarding_entry(
            key=member(Key, entry, "entry"), status=member(Status, status, "status")
        )
        return await self._transport.fetch(operation)
