"""Alert policies."""

from __future__ import annotations

import time
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from ..._core.alert_documents import (
    ALL,
    all_policies,
    changes,
    check_policies,
    hidden,
    one_policy,
    planned_policies,
)
from ..._core.asset_key import AssetKey
from ..._core.errors import ConflictError, InvalidInputError
from ..._core.filters import glob
from ..._core.inputs import all_of, members, seconds, text
from ..._core.lookup import looks_like_id, not_found, only
from ..._generated import operations as ops
from ..alerting import find_policy
from ..locating import locate
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ..._core.documents import Changes, Document
    from ..._core.operation import Operation
    from ..._generated.enums import AlertPolicyEventType
    from ..._generated.models import (
        AlertPoliciesSchema,
        AlertPolicy,
        SampleNotification,
        WebhookTemplateToken,
    )
    from ..locating import Kind
    from ..pager import AsyncPager
    from ..transport import HasOk

#: The longest time, in seconds, that the API can be told: its integers have 32 bits.
MAX_MUTE = 2**31 - 1


class AsyncAlertPolicies(AsyncResource):
    """Alert policies of the deployment: who is told what, and when (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        event_types: AlertPolicyEventType
        | str
        | Iterable[AlertPolicyEventType | str]
        | None = None,
        enabled: bool | None = None,
        muted: bool | None = None,
        pattern: str | None = None,
        where: Callable[[AlertPolicy], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertPolicy]:
        """List alert policies, by name. The API has no pages here: one request gets all. GraphQL: ``alertPolicies``.

        Args:
            event_types: Only policies for one of these events; filtered here, as are the next three.
            enabled: Only those that are switched on (True), or only the others (False).
            muted: Only those that are muted now (True), or only the others (False).
            pattern: Only names that match, with ``*``, ``?`` and ``[...]``, in any case.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: An event type that cannot be; nothing is sent.

        Example:
            client.alert_policies.list(event_types=["JOB_FAILURE"], enabled=True)
        """
        from ..._generated.enums.alert_policy_event_type import AlertPolicyEventType

        wanted = members(AlertPolicyEventType, event_types, "event_types")

        def fits(policy: AlertPolicy) -> bool:
            until = policy.muted_until
            is_muted = until is not None and until.timestamp() > time.time()
            return (
                (wanted is None or any(event in wanted for event in policy.event_types))
                and enabled in (None, policy.enabled)
                and muted in (None, is_muted)
            )

        return self._whole(
            ops.list_alert_policies(),
            lambda found: sorted(found, key=lambda policy: policy.name),
            where=all_of(fits, glob(pattern, lambda policy: policy.name), where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, name: str) -> AlertPolicy:
        """Return one alert policy. GraphQL: ``alertPolicies``, or ``alertPolicyById`` for an id.

        Args:
            name: Its name, or its id.

        Raises:
            NotFoundError: There is no such policy; the message names similar ones.

        Example:
            await client.alert_policies.get("Failed reports")
        """
        if looks_like_id(text(name, "the policy's name")):
            found = await self._transport.fetch(ops.get_alert_policy(id=name))
            if found is not None:
                return found
        return only(
            await self._transport.fetch(ops.list_alert_policies()),
            "alert policy",
            name,
            name_of=lambda policy: policy.name,
            ids_of=lambda policy: [policy.id],
        )

    async def create(self, document: Document, *, validate: bool = True) -> AlertPolicy:
        """Create an alert policy. GraphQL: ``createOrUpdateAlertPolicyFromDocument``, after ``alertPolicies``.

        Args:
            document: The policy: a mapping, YAML or JSON text, or the path of such a file.
            validate: Check the document against the server's schema first.

        Raises:
            ConflictError: There is a policy of that name.
            InvalidInputError: The document cannot be read, or does not fit the server's schema.
            InvalidRequestError: The server refuses it; ``errors`` has each reason.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.alert_policies.create(Path("late-orders.yaml"))
        """
        policy = one_policy(document)
        if policy["name"] in await self._names():
            raise ConflictError(
                f"There is an alert policy {policy['name']!r}; change it with `update`",
                code="ALERT_POLICY_EXISTS",
            )
        return await self._set(policy, validate=validate)

    async def update(self, document: Document, *, validate: bool = True) -> AlertPolicy:
        """Replace an alert policy; it keeps its id and history. GraphQL: ``createOrUpdateAlertPolicyFromDocument``, after ``alertPolicies``.

        Args:
            document: The whole policy under its name: a mapping, YAML or JSON text, or the path of such a file.
            validate: See ``create``.

        Raises:
            NotFoundError: There is no policy of that name; the message names similar ones.
            InvalidInputError: The document cannot be read, or does not fit the server's schema.
            InvalidRequestError: The server refuses it; ``errors`` has each reason.
            ConflictError: The policy is managed by a document and can only be changed with that (``sync``).
            PermissionDeniedError: The token may not do that.

        Example:
            await client.alert_policies.update(Path("failed-reports.yaml"))
        """
        policy = one_policy(document)
        known = await self._names()
        if policy["name"] not in known:
            raise not_found("alert policy", policy["name"], known)
        return await self._set(policy, validate=validate)

    async def delete(self, name: str) -> None:
        """Delete an alert policy. GraphQL: ``deleteAlertPolicy``, after ``alertPolicies``.

        Args:
            name: Its name, or its id.

        Raises:
            NotFoundError: There is no such policy; the message names similar ones.
            ConflictError: The policy is managed by a document and can only be changed with that (``sync``).
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.alert_policies.delete("Late orders")
        """
        found = await find_policy(self._transport, name)
        await self._transport.fetch(ops.delete_alert_policy(name=found.name))

    async def sync(
        self, document: Document, *, validate: bool = True
    ) -> builtins.list[AlertPolicy]:
        """Apply a document of all alert policies. GraphQL: ``reconcileAlertPoliciesFromDocument``.

        Policies of the document are created or replaced by name. Of the others the server deletes those that came from
        a document; those that people made by hand stay.

        Args:
            document: A mapping with a list ``alert_policies``, YAML or JSON text, or the path of such a file.
            validate: See ``create``.

        Returns:
            The policies.

        Raises:
            InvalidInputError: The document cannot be read, has no such list, or does not fit the server's schema.
            InvalidRequestError: The server refuses it; ``errors`` has each reason.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.alert_policies.sync(Path("policies.yaml"))
        """
        policies = [*all_policies(document).values()]
        if validate:
            check_policies(policies, await self._schema())
        done = await self._transport.fetch(
            ops.reconcile_alert_policies(document={ALL: hidden(policies)})
        )
        return [policy for policy in done.alert_policies if policy is not None]

    async def plan(self, document: Document, *, validate: bool = True) -> Changes:
        """Return what ``sync`` would change, by name; nothing is changed. GraphQL: ``alertPoliciesAsDocumentOrError``.

        ``deleted`` are all policies that the document lacks; the server keeps those of them that people made by hand,
        which the API does not tell apart. Of keys, webhook addresses and headers only shows whether they differ. A value that the document leaves to the server's default can show as a difference.

        Args:
            document: See ``sync``; or one policy, as ``update`` takes it: the others stay as they are.
            validate: See ``create``.

        Raises:
            InvalidInputError: As ``sync``.
            NotFoundError: One policy is given, and there is none of that name.
            PermissionDeniedError: The token may not see the policies.

        Example:
            await client.alert_policies.plan(Path("policies.yaml"))
        """
        wanted, is_one = planned_policies(document)
        if validate:
            check_policies([*wanted.values()], await self._schema())
        current = (await self.export())[ALL]
        kept = {policy["name"]: policy for policy in current} if is_one else {}
        if is_one and not kept.keys() >= wanted.keys():
            raise not_found("alert policy", next(iter(wanted)), kept)
        return changes(current, {**kept, **wanted}.values())

    async def export(self) -> dict[str, Any]:
        """Return all alert policies as a document that ``sync`` takes. GraphQL: ``alertPoliciesAsDocumentOrError``.

        Returns:
            A mapping with the list ``alert_policies``. Keys and webhook addresses stand in it as they are.

        Raises:
            PermissionDeniedError: The token may not see the policies.

        Example:
            await client.alert_policies.export()
        """
        found = await self._transport.fetch(ops.get_alert_policies_document())
        document: dict[str, Any] = dict(found.document or {})
        return {**document, ALL: document.get(ALL) or []}

    async def mute(
        self,
        name: str,
        *,
        for_seconds: timedelta | float | None = None,
        until: datetime | float | None = None,
    ) -> AlertPolicy:
        """Let an alert policy notify nobody for a while. GraphQL: ``setAlertPolicyMuteUntil``, after ``alertPolicies``.

        Args:
            name: Its name, or its id.
            for_seconds: How long from now, in seconds, or a ``timedelta``.
            until: In its place, when that ends: an aware datetime, or epoch seconds (UTC).

        Raises:
            InvalidInputError: Neither or both are given, or the end is not in the future, or too far away; nothing is sent.
            NotFoundError: There is no such policy; the message names similar ones.
            PermissionDeniedError: The token may not mute it.

        Example:
            await client.alert_policies.mute("Failed reports", for_seconds=3600)
        """
        if (for_seconds is None) == (until is None):
            raise InvalidInputError("give either for_seconds or until")
        if isinstance(for_seconds, timedelta):
            for_seconds = for_seconds.total_seconds()
        given, end = seconds(for_seconds, "for_seconds"), seconds(until, "until")
        span = (end or 0) - time.time() if given is None else given
        if span > MAX_MUTE:
            raise InvalidInputError(f"the end of muting is too far away: at most {MAX_MUTE} s")
        if span <= 0:
            raise InvalidInputError("the end of muting must be in the future; unmute ends it now")
        found = await find_policy(self._transport, name)
        # The API takes whole seconds: rather a bit longer.
        operation = ops.mute_alert_policy(id=found.id, seconds=ceil(span))
        return await self._transport.fetch(operation)

    async def unmute(self, name: str) -> AlertPolicy:
        """Let a muted alert policy notify again. GraphQL: ``setAlertPolicyMuteUntil``, after ``alertPolicies``.

        Args:
            name: Its name, or its id.

        Raises:
            NotFoundError: There is no such policy; the message names similar ones.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.alert_policies.unmute("Failed reports")
        """
        found = await find_policy(self._transport, name)
        return await self._transport.fetch(ops.mute_alert_policy(id=found.id, seconds=None))

    async def test(
        self,
        *,
        name: str | None = None,
        document: Document | None = None,
        validate: bool = True,
    ) -> SampleNotification:
        """Send a sample notification as an alert policy would. GraphQL: ``sendSampleNotification``, ``alertPoliciesAsDocumentOrError``.

        Args:
            name: The policy's name.
            document: In its place, a policy that need not exist: a mapping, YAML or JSON text, or the path of such a file.
            validate: See ``create``.

        Returns:
            What the service said; for a webhook with request and response.

        Raises:
            InvalidInputError: Neither or both are given, or the document does not fit the server's schema.
            NotFoundError: There is no such policy; the message names similar ones.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            ServerError: The notification could not be sent; ``result`` has the webhook's answer.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.alert_policies.test(name="Failed reports")
            await client.alert_policies.test(document=Path("late-orders.yaml"))
        """
        if (name is None) == (document is None):
            raise InvalidInputError("give either name or document")
        if document is not None:
            policy = one_policy(document)
            if validate:
                check_policies([policy], await self._schema())
        else:
            policy = await self._document(text(name, "the policy's name"))
        return await self._transport.fetch(ops.send_sample_notification(document=hidden(policy)))

    async def schema(self) -> AlertPoliciesSchema:
        """Return what the server takes as documents of alert policies. GraphQL: ``alertPoliciesSchema``.

        Raises:
            NotFoundError: The server gives none.

        Example:
            await client.alert_policies.schema()
        """
        return await self._found(
            ops.get_alert_policies_schema(), "document schema", "alert policies"
        )

    def for_asset(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        where: Callable[[AlertPolicy], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertPolicy]:
        r"""List the alert policies of an asset, by name. The API has no pages here: one request gets all. GraphQL: ``alertPoliciesForAsset``.

        Args:
            key: An ``AssetKey``, its parts, or text such as ``a/b``; a slash inside a part is ``\/``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: The key cannot be; nothing is sent.

        Example:
            client.alert_policies.for_asset("orders")
        """
        operation = ops.list_alert_policies_for_asset(asset_key=AssetKey.parse(key))
        return self._whole(operation, _sorted, where=where, limit=limit, cursor=cursor)

    def for_job(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[AlertPolicy], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertPolicy]:
        """List the alert policies of a job, by name. The API has no pages here. GraphQL: ``alertPoliciesForJob``.

        Args:
            name: The job's name.
            location: Its code location; found by the job's name where that is unique.
            repository: Its repository; found likewise.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such job.
            InvalidInputError: Several locations have such a job; the message lists them.

        Example:
            client.alert_policies.for_job("daily_report")
        """
        text(name, "the job's name")

        ask = ops.list_alert_policies_for_job
        return self._gathered(
            lambda: self._policies_of("job", ask, name, location, repository),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def for_schedule(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[AlertPolicy], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertPolicy]:
        """List the alert policies of a schedule, by name. The API has no pages here. GraphQL: ``alertPoliciesForSchedule``.

        Args:
            name: The schedule's name.
            location: Its code location; found by the schedule's name where that is unique.
            repository: Its repository; found likewise.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such schedule.
            InvalidInputError: Several locations have such a schedule; the message lists them.

        Example:
            client.alert_policies.for_schedule("every_morning")
        """
        text(name, "the schedule's name")

        ask = ops.list_alert_policies_for_schedule
        return self._gathered(
            lambda: self._policies_of("schedule", ask, name, location, repository),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def for_sensor(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[AlertPolicy], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertPolicy]:
        """List the alert policies of a sensor, by name. The API has no pages here. GraphQL: ``alertPoliciesForSensor``.

        Args:
            name: The sensor's name.
            location: Its code location; found by the sensor's name where that is unique.
            repository: Its repository; found likewise.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.

        Example:
            client.alert_policies.for_sensor("new_campaigns")
        """
        text(name, "the sensor's name")

        ask = ops.list_alert_policies_for_sensor
        return self._gathered(
            lambda: self._policies_of("sensor", ask, name, location, repository),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def for_code_location(
        self,
        name: str,
        *,
        where: Callable[[AlertPolicy], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AlertPolicy]:
        """List the alert policies of a code location, by name. The API has no pages here: one request gets all. GraphQL: ``alertPoliciesForCodeLocation``.

        Args:
            name: The code location's name.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: The name is empty; nothing is sent.

        Example:
            client.alert_policies.for_code_location("demo")
        """
        operation = ops.list_alert_policies_for_code_location(
            location=text(name, "the location's name")
        )
        return self._whole(operation, _sorted, where=where, limit=limit, cursor=cursor)

    def webhook_tokens(
        self,
        event_types: AlertPolicyEventType | str | Iterable[AlertPolicyEventType | str],
        *,
        where: Callable[[WebhookTemplateToken], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[WebhookTemplateToken]:
        """List what a webhook's body template may use for some events. The API has no pages here: one request gets all. GraphQL: ``webhookTemplateTokens``.

        Args:
            event_types: The events of the policy.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: An event type that cannot be; nothing is sent.

        Example:
            client.alert_policies.webhook_tokens(["JOB_FAILURE", "JOB_SUCCESS"])
        """
        operation = ops.list_webhook_template_tokens(event_types=_events(event_types))
        return self._whole(operation, lambda found: found, where=where, limit=limit, cursor=cursor)

    async def validate_webhook(
        self,
        body_template: str,
        event_types: AlertPolicyEventType | str | Iterable[AlertPolicyEventType | str],
    ) -> builtins.list[WebhookTemplateToken]:
        """Check a webhook's body template. GraphQL: ``validateWebhookTemplate``.

        Args:
            body_template: Its text, with tokens such as ``{{alert_summary}}``.
            event_types: The events of the policy.

        Returns:
            The tokens that it may use.

        Raises:
            InvalidInputError: An event type that cannot be; nothing is sent.
            InvalidRequestError: The template is not valid; ``errors`` has each reason with its token.
            PermissionDeniedError: The token may not do that.

        Example:
            await client.alert_policies.validate_webhook(
                '{"text": "{{alert_summary}}"}', "JOB_FAILURE"
            )
        """
        operation = ops.validate_webhook_template(
            body_template=text(body_template, "body_template"), event_types=_events(event_types)
        )
        return (await self._transport.fetch(operation)).available_tokens

    async def _names(self) -> builtins.list[str]:
        return [policy.name for policy in await self._transport.fetch(ops.find_alert_policies())]

    async def _schema(self) -> AlertPoliciesSchema | None:
        return await self._transport.fetch(ops.get_alert_policies_schema())

    async def _set(self, policy: dict[str, Any], *, validate: bool) -> AlertPolicy:
        if validate:
            check_policies([policy], await self._schema())
        return await self._transport.fetch(ops.set_alert_policy(document=hidden(policy)))

    async def _document(self, name: str) -> dict[str, Any]:
        policies: dict[str, Any] = {p["name"]: p for p in (await self.export())[ALL]}
        if name not in policies:
            raise not_found("alert policy", name, policies)
        return dict(policies[name])

    async def _policies_of(
        self,
        kind: Kind,
        ask: Callable[..., Operation[HasOk[builtins.list[AlertPolicy]]]],
        name: str,
        location: str | None,
        repository: str | None,
    ) -> builtins.list[AlertPolicy]:
        """Return the policies of a definition, whose place is looked up."""
        place = await locate(self._transport, kind, name, location, repository)
        operation = ask(name=name, repository=place.repository, location=place.location)
        return _sorted(await self._transport.fetch(operation))


def _sorted(policies: Iterable[AlertPolicy]) -> list[AlertPolicy]:
    return sorted(policies, key=lambda policy: policy.name)


def _events(
    given: AlertPolicyEventType | str | Iterable[AlertPolicyEventType | str],
) -> list[str]:
    from ..._generated.enums.alert_policy_event_type import AlertPolicyEventType

    return [*(members(AlertPolicyEventType, given, "event_types") or [])]
