"""What a Dagster+ organization is connected with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.connections import config_text, connection_fields, connection_type
from ..._core.errors import InvalidInputError, ServerError
from ..._core.filters import among, glob
from ..._core.inputs import all_of, member, members, text
from ..._core.lookup import looks_like_id, only
from ..._core.models import unwrap
from ..._core.paging import Batch, Plan, one_more
from ..._core.secret_documents import hidden, sent
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..pager import AsyncPager, once
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._core.documents import Document
    from ..._core.secret import Secret
    from ..._generated.enums import (
        ExternalAssetConnectionScheduleStatus,
        ExternalAssetConnectionType,
    )
    from ..._generated.models import (
        AtlanIntegration,
        Connection,
        ConnectionLogEntry,
        ConnectionSchema,
        ConnectionSummary,
        ConnectionSync,
        ConnectionValidation,
        GitHubSetup,
        GitLabSetup,
    )


class AsyncIntegrations(AsyncResource):
    """GitHub, GitLab, Slack, Atlan, and connections to warehouses (Dagster+)."""

    __slots__ = ()

    async def github(self) -> GitHubSetup:
        """Return how GitHub is set up. GraphQL: ``githubSetup``.

        Raises:
            PermissionDeniedError: The token may not see it.

        Example:
            await client.integrations.github()
        """
        return await self._found(ops.get_git_hub_setup(), "integration", "GitHub")

    async def gitlab(self) -> GitLabSetup:
        """Return how GitLab is set up. GraphQL: ``gitlab``.

        Raises:
            PermissionDeniedError: The token may not see it.

        Example:
            await client.integrations.gitlab()
        """
        return await self._found(ops.get_git_lab_setup(), "integration", "GitLab")

    def slack_channels(
        self,
        *,
        where: Callable[[str], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[str]:
        """List the Slack channels that alerts can go to. GraphQL: ``availableSlackChannels``.

        The API has no pages here: one request gets all.

        Args:
            where: A filter of their names, applied here.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            ServerError: Slack is not connected, or does not answer.

        Example:
            client.integrations.slack_channels()
        """
        return self._whole(
            ops.list_slack_channels(),
            lambda found: sorted(found.channels),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    async def atlan(self) -> AtlanIntegration:
        """Return the settings of Atlan, and whether they work. GraphQL: ``atlanIntegration``.

        Returns:
            The settings, without their token; ``check`` is an ``AtlanCheckSuccess``, or tells what is wrong.

        Raises:
            NotFoundError: Atlan is not set up.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.integrations.atlan()
        """
        from ..._generated.models.atlan_settings import AtlanSettings

        operation = ops.get_atlan_integration()
        found = await self._found(
            operation,
            "Atlan integration",
            "of this organization",
            typename="AtlanIntegrationSettingsUnset",
        )
        unwrap(found.settings, AtlanSettings, operation.name)
        return found

    async def set_atlan(self, domain: str, token: str | Secret) -> None:
        """Set up Atlan. GraphQL: ``setAtlanIntegrationSettings``.

        Args:
            domain: The address of the Atlan tenant, such as ``acme.atlan.com``.
            token: A token of Atlan's API.

        Raises:
            InvalidInputError: The domain or the token is empty; nothing is sent.
            PermissionDeniedError: The token of this client may not change it.
            ServerError: Dagster+ says that it was not done.

        Example:
            await client.integrations.set_atlan("example.atlan.com", atlan_token)
        """
        secret = hidden(token)
        if not secret.reveal().strip():
            raise InvalidInputError("Atlan's token must be a text that is not empty")
        operation = ops.set_atlan_integration(
            settings={"domain": text(domain, "the domain"), "token": sent(secret)}
        )
        _done((await self._transport.fetch(operation)).success, operation.name)

    async def delete_atlan(self) -> None:
        """Take the settings of Atlan away. GraphQL: ``deleteAtlanIntegrationSettings``.

        Raises:
            PermissionDeniedError: The token may not change it.
            ServerError: Dagster+ says that it was not done.

        Example:
            await client.integrations.delete_atlan()
        """
        operation = ops.delete_atlan_integration()
        _done((await self._transport.fetch(operation)).success, operation.name)

    def connections(
        self,
        *,
        name: str | None = None,
        types: ExternalAssetConnectionType
        | str
        | Iterable[ExternalAssetConnectionType | str]
        | None = None,
        where: Callable[[ConnectionSummary], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ConnectionSummary]:
        """List connections to warehouses, by name. GraphQL: ``externalAssetConnections``.

        The API has no pages here: one request gets all.

        Args:
            name: A pattern of the name, such as ``sales*``; filtered here.
            types: Only those of these kinds: ``BIGQUERY``, ``DATABRICKS``, ``POSTGRES``, ``SNOWFLAKE``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A type that cannot be; nothing is sent.

        Example:
            client.integrations.connections(types=["SNOWFLAKE", "BIGQUERY"])
        """
        from ..._generated.enums.external_asset_connection_type import (
            ExternalAssetConnectionType as Type,
        )

        wanted = members(Type, types, "type")
        return self._whole(
            ops.list_connections(),
            lambda found: sorted(found, key=lambda one: (one.name, one.id)),
            where=all_of(
                glob(name, lambda one: one.name), among(wanted, lambda one: one.type, "type"), where
            ),
            limit=limit,
            cursor=cursor,
        )

    async def connection(self, connection: str) -> Connection:
        """Return one connection. GraphQL: ``externalAssetConnection``, ``externalAssetConnections``.

        Args:
            connection: Its id; or its name, which takes a second request.

        Raises:
            NotFoundError: There is no such connection; the message names similar ones.
            InvalidInputError: Several have that name; the message lists their ids.

        Example:
            await client.integrations.connection("Sales")
        """
        operation = ops.get_connection(id=await self._connection_id(connection))
        return await self._found(operation, "connection", connection)

    async def create_connection(
        self,
        type: ExternalAssetConnectionType | str,  # noqa: A002 - the API's word, and the command's
        name: str,
        config: Document,
        *,
        description: str | None = None,
        cron: str | None = None,
        timezone: str | None = None,
    ) -> Connection:
        """Connect a warehouse. GraphQL: ``createExternalAssetConnection``.

        Args:
            type: ``BIGQUERY``, ``DATABRICKS``, ``POSTGRES`` or ``SNOWFLAKE``.
            name: The connection's name.
            config: Where it is and what of it is wanted: a mapping, YAML or JSON text, or a file; see
                ``connection_schemas`` and ``validate_connection``.
            description: What it is for.
            cron: When it is synchronized, as a cron schedule.
            timezone: The schedule's timezone, such as ``Europe/Berlin``.

        Raises:
            InvalidInputError: An argument cannot be; nothing is sent.
            PermissionDeniedError: The token may not connect it.

        Example:
            await client.integrations.create_connection(
                "POSTGRES", "Shop", Path("shop.yaml"), cron="0 6 * * *", timezone="Europe/Berlin"
            )
        """
        operation = ops.create_connection(
            connection_type=connection_type(type),
            connection_params=connection_fields(
                name=text(name, "the connection's name"),
                config=config,
                description=description,
                cron=cron,
                timezone=timezone,
            ),
        )
        return await self._transport.fetch(operation)

    async def update_connection(
        self,
        connection: str,
        *,
        name: str | None = None,
        config: Document | None = None,
        description: str | None = None,
        cron: str | None = None,
        timezone: str | None = None,
    ) -> Connection:
        """Change a connection; what is not given stays. GraphQL: ``updateExternalAssetConnection``, ``externalAssetConnections``.

        Args:
            connection: Its id or name.
            name: A new name.
            config: See ``create_connection``.
            description: A new description.
            cron: See ``create_connection``.
            timezone: See ``create_connection``.

        Raises:
            InvalidInputError: Nothing is to be changed, or an argument cannot be; nothing is changed.
            NotFoundError: There is no such connection.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.integrations.update_connection("Sales", cron="0 5 * * 1-5")
        """
        fields = connection_fields(
            name=name, config=config, description=description, cron=cron, timezone=timezone
        )
        found = await self._connection_id(connection)
        operation = ops.update_connection(id=found, connection_params=fields)
        return await self._explained(operation, lambda: self.connection(found))

    async def delete_connection(self, connection: str) -> None:
        """Delete a connection. GraphQL: ``deleteExternalAssetConnection``, ``externalAssetConnections``.

        Args:
            connection: Its id or name.

        Raises:
            NotFoundError: There is no such connection.
            InvalidInputError: Several have that name; the message lists their ids.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.integrations.delete_connection("Shop")
        """
        found = await self._connection_id(connection)
        operation = ops.delete_connection(id=found)
        await self._explained(operation, lambda: self.connection(found))

    async def validate_connection(
        self,
        type: ExternalAssetConnectionType | str,  # noqa: A002 - the API's word, and the command's
        config: Document,
    ) -> ConnectionValidation:
        """Check a connection's configuration; nothing is kept. GraphQL: ``externalAssetConnectionConfigValidationResult``.

        Args:
            type: See ``create_connection``.
            config: See ``create_connection``.

        Returns:
            Whether it is valid, and else what is wrong with it.

        Raises:
            InvalidInputError: There is no such type, or the configuration is no mapping; nothing is sent.

        Example:
            await client.integrations.validate_connection("POSTGRES", Path("shop.yaml"))
        """
        operation = ops.validate_connection(
            connection_type=connection_type(type), config_yaml=config_text(config)
        )
        return await self._transport.fetch(operation)

    def connection_schemas(
        self,
        *,
        where: Callable[[ConnectionSchema], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ConnectionSchema]:
        """List what the configurations of connections may have, per type. GraphQL: ``externalAssetConnectionSchemas``.

        The API has no pages here: one request gets all.

        Args:
            where: A filter, applied here.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.integrations.connection_schemas()
        """
        return self._whole(
            ops.list_connection_schemas(),
            lambda found: sorted(found, key=lambda schema: schema.type),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    async def set_connection_schedule(
        self, connection: str, status: ExternalAssetConnectionScheduleStatus | str
    ) -> Connection:
        """Start or stop the schedule of a connection. GraphQL: ``toggleExternalAssetConnectionSchedule``, ``externalAssetConnections``.

        Args:
            connection: Its id or name.
            status: ``RUNNING`` or ``STOPPED``.

        Raises:
            InvalidInputError: There is no such status; nothing is sent.
            NotFoundError: There is no such connection.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.integrations.set_connection_schedule("Sales", "STOPPED")
        """
        from ..._generated.enums.external_asset_connection_schedule_status import (
            ExternalAssetConnectionScheduleStatus as Status,
        )

        wanted = member(Status, status, "status")
        found = await self._connection_id(connection)
        operation = ops.set_connection_schedule(id=found, new_status=wanted)
        return await self._explained(operation, lambda: self.connection(found))

    async def set_connection_detection(
        self, connection: str, *, cron: str | None = None, timezone: str | None = None
    ) -> Connection:
        """Set when a connection looks for changes. GraphQL: ``updateExternalAssetConnectionChangeDetectionSchedule``, ``externalAssetConnections``.

        Args:
            connection: Its id or name.
            cron: A cron schedule; None for no schedule.
            timezone: The schedule's timezone, such as ``Europe/Berlin``.

        Raises:
            NotFoundError: There is no such connection.
            InvalidInputError: Several have that name; the message lists their ids.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.integrations.set_connection_detection(
                "Sales", cron="0 * * * *", timezone="Europe/Berlin"
            )
        """
        found = await self._connection_id(connection)
        operation = ops.set_connection_detection(id=found, cron=cron, timezone=timezone)
        return await self._explained(operation, lambda: self.connection(found))

    async def sync_connection(self, connection: str) -> ConnectionSync:
        """Synchronize a connection now. GraphQL: ``triggerManualExternalAssetConnectionSync``, ``externalAssetConnections``.

        Args:
            connection: Its id or name.

        Returns:
            The synchronization that begins; ask for it by ``connection_sync`` until it has ended.

        Raises:
            NotFoundError: There is no such connection.
            InvalidInputError: Several have that name; the message lists their ids.
            PermissionDeniedError: The token may not synchronize it.

        Example:
            await client.integrations.sync_connection("Sales")
        """
        found = await self._connection_id(connection)
        operation = ops.sync_connection(connection_id=found)
        return await self._explained(operation, lambda: self.connection(found))

    def connection_syncs(
        self,
        connection: str,
        *,
        where: Callable[[ConnectionSync], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ConnectionSync]:
        """List a connection's synchronizations. GraphQL: ``externalAssetConnection``, ``externalAssetConnections``.

        Args:
            connection: Its id or name.
            where: A filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 100.
            cursor: Go on behind this place: a pager's ``cursor``, or the id of a synchronization.

        Raises:
            NotFoundError: There is no such connection.
            InvalidInputError: A number that cannot be; nothing is sent.

        Example:
            client.integrations.connection_syncs("Sales", limit=1)
        """
        text(connection, "the connection's name")
        known = once(lambda: self._connection_id(connection))

        async def fetch(after: str | None, size: int) -> Batch[ConnectionSync]:
            operation = ops.list_connection_syncs(
                id=await known(), cursor=after or UNSET, limit=size + 1
            )
            found = await self._found(operation, "connection", connection)
            return one_more(found.syncs, size)

        return AsyncPager(
            fetch,
            Plan(
                limit=limit,
                page_size=page_size,
                max_page_size=100,
                cursor=cursor,
                where=where,
                cursor_of=lambda sync: sync.id,
            ),
            default_page_size=50,
        )

    async def connection_sync(self, sync_id: str) -> ConnectionSync:
        """Return one synchronization of a connection. GraphQL: ``externalAssetConnectionSync``.

        Args:
            sync_id: Its id.

        Raises:
            NotFoundError: There is no such synchronization.

        Example:
            await client.integrations.connection_sync(connection_sync_id)
        """
        operation = ops.get_connection_sync(id=text(sync_id, "sync_id"))
        return await self._found(operation, "connection sync", sync_id)

    def connection_logs(
        self,
        sync_id: str,
        *,
        where: Callable[[ConnectionLogEntry], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ConnectionLogEntry]:
        """List the log of a synchronization. GraphQL: ``externalAssetConnectionSync``.

        Args:
            sync_id: Its id.
            where: A filter, applied here.
            limit: How many entries in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or one of the server's.

        Raises:
            NotFoundError: There is no such synchronization.
            InvalidInputError: A number that cannot be; nothing is sent.

        Example:
            client.integrations.connection_logs(connection_sync_id)
        """
        text(sync_id, "sync_id")

        async def fetch(after: str | None, size: int) -> Batch[ConnectionLogEntry]:
            operation = ops.list_connection_sync_logs(id=sync_id, cursor=after or UNSET, limit=size)
            logs = (await self._found(operation, "connection sync", sync_id)).logs
            if logs is None:
                return Batch([])
            more = bool(logs.entries) and logs.cursor is not None
            return Batch(logs.entries, cursor=logs.cursor, has_more=more)

        return AsyncPager(fetch, Plan(limit=limit, page_size=page_size, cursor=cursor, where=where))

    async def delete_connection_sync(self, sync_id: str) -> None:
        """Delete what is kept of a synchronization. GraphQL: ``deleteExternalAssetConnectionSync``.

        Args:
            sync_id: Its id.

        Raises:
            InvalidInputError: The id is empty; nothing is sent.
            NotFoundError: There is no such synchronization.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.integrations.delete_connection_sync(connection_sync_id)
        """
        operation = ops.delete_connection_sync(id=text(sync_id, "sync_id"))
        await self._explained(operation, lambda: self.connection_sync(sync_id))

    async def _connection_id(self, connection: str) -> str:
        """Return the id of a connection; one that looks like an id is not looked up."""
        if looks_like_id(text(connection, "the connection's name")):
            return connection
        found = only(
            await self._transport.fetch(ops.list_connections()),
            "connection",
            connection,
            name_of=lambda one: one.name,
            ids_of=lambda one: [one.id],
        )
        return found.id


def _done(success: bool, operation: str) -> None:  # noqa: FBT001 - the answer's own field
    if not success:
        raise ServerError("Dagster+ answers that it was not done", operation=operation)
