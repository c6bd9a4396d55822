"""Code locations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, UnexpectedResultError
from ..._core.filters import among, glob
from ..._core.inputs import all_of, members, text
from ..._core.location_documents import (
    NAME,
    check_locations,
    comparable,
    location_document,
    locations_of,
    updated,
)
from ..._core.lookup import not_found
from ..._core.offsets import offset_batch, offset_of
from ..._core.paging import Batch, Plan
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from ..._core.documents import Changes, Document
    from ..._generated.enums import (
        DagsterCloudCodeLocationLoadStatus,
        RepositoryLocationLoadStatus,
    )
    from ..._generated.models import (
        CodeLocation,
        CodeLocationEntry,
        CodeLocationLoad,
        CodeLocationStatus,
        DefsStateKey,
        LocationSchema,
    )


class AsyncCodeLocations(AsyncResource):
    """Code locations of the deployment.

    Where a method takes a document, it is a mapping, YAML or JSON text, or the path of such a file.
    """

    __slots__ = ()

    def list(
        self,
        *,
        load_status: RepositoryLocationLoadStatus
        | str
        | Iterable[RepositoryLocationLoadStatus | str]
        | None = None,
        with_load_error: bool | None = None,
        pattern: str | None = None,
        where: Callable[[CodeLocation], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CodeLocation]:
        """List code locations, by name. The API has no pages here: one request gets all. GraphQL: ``workspaceOrError``.

        Args:
            load_status: Only those that are ``LOADED`` (which a failed load is too) or ``LOADING``.
            with_load_error: Only those that failed to load (True), or only the others (False).
            pattern: Only those whose name matches, with ``*``, ``?`` and ``[...]``, in any case.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
        """
        from ..._generated.enums.repository_location_load_status import (
            RepositoryLocationLoadStatus as Status,
        )

        statuses = members(Status, load_status, "load_status")

        def fits(found: CodeLocation) -> bool:
            from ..._generated.models.error_info import ErrorInfo

            failed = isinstance(found.location_or_load_error, ErrorInfo)
            return with_load_error is None or with_load_error == failed

        return self._whole(
            ops.list_code_locations(),
            lambda found: sorted(found.location_entries, key=lambda entry: entry.name),
            where=all_of(
                fits,
                among(statuses, lambda found: found.load_status, "load_status"),
                glob(pattern, lambda found: found.name),
                where,
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, name: str) -> CodeLocation:
        """Return one code location. GraphQL: ``workspaceLocationEntryOrError``.

        Args:
            name: Its name.

        Raises:
            NotFoundError: There is no such location.
        """
        operation = ops.get_code_location(name=text(name, "the location's name"))
        return await self._found(
            operation, "code location", name, typename="RepositoryLocationNotFound"
        )

    async def reload(self, name: str) -> CodeLocation:
        """Load a code location anew. GraphQL: ``reloadRepositoryLocation``.

        Args:
            name: Its name.

        Returns:
            The location; where the load failed, its ``location_or_load_error`` is an ``ErrorInfo``.

        Raises:
            NotFoundError: There is no such location.
            NotSupportedError: It cannot be reloaded.
            PermissionDeniedError: The token may not reload it.
        """
        operation = ops.reload_code_location(name=text(name, "the location's name"))
        return await self._transport.fetch(operation)

    def statuses(
        self,
        *,
        load_status: RepositoryLocationLoadStatus
        | str
        | Iterable[RepositoryLocationLoadStatus | str]
        | None = None,
        pattern: str | None = None,
        where: Callable[[CodeLocationStatus], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CodeLocationStatus]:
        """List the load states of code locations, by name; cheap to ask again and again. GraphQL: ``locationStatusesOrError``.

        The API has no pages here: one request gets all.

        Args:
            load_status: See ``list``.
            pattern: See ``list``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
        """
        from ..._generated.enums.repository_location_load_status import (
            RepositoryLocationLoadStatus as Status,
        )

        statuses = members(Status, load_status, "load_status")
        return self._whole(
            ops.list_code_location_statuses(),
            lambda found: sorted(found.entries, key=lambda entry: entry.name),
            where=all_of(
                among(statuses, lambda found: found.load_status, "load_status"),
                glob(pattern, lambda found: found.name),
                where,
            ),
            limit=limit,
            cursor=cursor,
        )

    async def reload_all(self) -> builtins.list[CodeLocation]:
        """Load all code locations anew. GraphQL: ``reloadWorkspace``.

        Returns:
            The locations by name; where a load failed, ``location_or_load_error`` is an ``ErrorInfo``.

        Raises:
            PermissionDeniedError: The token may not reload them.
        """
        found = await self._transport.fetch(ops.reload_workspace())
        return sorted(found.location_entries, key=lambda entry: entry.name)

    async def shutdown(self, name: str) -> None:
        """End a code location's server; whoever manages it starts it again. GraphQL: ``shutdownRepositoryLocation``.

        Args:
            name: The location's name.

        Raises:
            NotFoundError: There is no such location.
            PermissionDeniedError: The token may not end it.
            ServerError: Its server cannot be ended from here.
        """
        operation = ops.shutdown_code_location(name=text(name, "the location's name"))
        await self._transport.fetch(operation)

    def entries(
        self,
        *,
        with_load_error: bool | None = None,
        outdated: bool | None = None,
        pattern: str | None = None,
        where: Callable[[CodeLocationEntry], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CodeLocationEntry]:
        """List what Dagster+ keeps of code locations, by name, those included that no agent has loaded. GraphQL: ``workspace``.

        The API has no pages here: one request gets all.

        Args:
            with_load_error: Only those that failed to load (True), or only the others (False).
            outdated: Only those whose data is older than their document (True), or only the others (False).
            pattern: See ``list``.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.
        """

        def fits(entry: CodeLocationEntry) -> bool:
            return with_load_error in (None, entry.has_load_error) and outdated in (
                None,
                entry.has_outdated_data,
            )

        return self._whole(
            ops.list_code_location_entries(),
            lambda found: _by_name(found.workspace_entries if found else ()),
            where=all_of(fits, glob(pattern, lambda entry: entry.name), where),
            limit=limit,
            cursor=cursor,
        )

    async def create(
        self,
        name: str,
        *,
        document: Document | None = None,
        image: str | None = None,
        module_name: str | None = None,
        package_name: str | None = None,
        python_file: str | None = None,
        autoload_defs_module_name: str | None = None,
        attribute: str | None = None,
        working_directory: str | None = None,
        executable_path: str | None = None,
        agent_queue: str | None = None,
        git_url: str | None = None,
        commit_hash: str | None = None,
        container_context: Document | None = None,
        or_update: bool = False,
        validate: bool = True,
    ) -> CodeLocationEntry:
        """Add a code location (Dagster+); an agent loads it later. GraphQL: ``addLocationFromDocument``, ``addOrUpdateLocationFromDocument``.

        Args:
            name: Its name.
            document: The location as a document; its ``location_name`` may be left out.
            image: The container image with the code.
            module_name: The Python module with the definitions.
            package_name: The Python package with the definitions.
            python_file: The file with the definitions.
            autoload_defs_module_name: The module below which all definitions are loaded.
            attribute: The name of the definitions in there, where it is not the only one.
            working_directory: Where the code is loaded from.
            executable_path: The Python interpreter.
            agent_queue: The queue whose agents serve it.
            git_url: Where the code's source is.
            commit_hash: Its commit.
            container_context: Settings of the platform, such as ``{"k8s": {...}}``.
            or_update: Replace the location if there is one of this name already.
            validate: Check the document against the server's schema first: one request more.

        Raises:
            InvalidInputError: The document does not fit; ``errors`` has each reason. Nothing is changed.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            ConflictError: The plan allows no further location.
            PermissionDeniedError: The token may not add locations.
        """
        settings = _settings(
            image=image,
            module_name=module_name,
            package_name=package_name,
            python_file=python_file,
            autoload_defs_module_name=autoload_defs_module_name,
            attribute=attribute,
            working_directory=working_directory,
            executable_path=executable_path,
            agent_queue=agent_queue,
            git_url=git_url,
            commit_hash=commit_hash,
            container_context=container_context,
        )
        location = location_document(text(name, "the location's name"), document, settings)
        await self._check([location], validate=validate)
        if or_update:
            return await self._transport.fetch(
                ops.set_code_location_from_document(document=location)
            )
        return await self._transport.fetch(ops.add_code_location_from_document(document=location))

    async def update(
        self,
        name: str,
        *,
        document: Document | None = None,
        image: str | None = None,
        module_name: str | None = None,
        package_name: str | None = None,
        python_file: str | None = None,
        autoload_defs_module_name: str | None = None,
        attribute: str | None = None,
        working_directory: str | None = None,
        executable_path: str | None = None,
        agent_queue: str | None = None,
        git_url: str | None = None,
        commit_hash: str | None = None,
        container_context: Document | None = None,
        validate: bool = True,
    ) -> CodeLocationEntry:
        """Change a code location (Dagster+); what is not named stays as it is. GraphQL: ``updateLocationFromDocument``, ``locationsAsDocument``.

        The location's document is read, changed and sent back whole.

        Args:
            name: Its name.
            document: What is to change, as a document.
            image: See ``create``.
            module_name: See ``create``.
            package_name: See ``create``.
            python_file: See ``create``.
            autoload_defs_module_name: See ``create``.
            attribute: See ``create``.
            working_directory: See ``create``.
            executable_path: See ``create``.
            agent_queue: See ``create``.
            git_url: See ``create``.
            commit_hash: See ``create``.
            container_context: See ``create``.
            validate: See ``create``.

        Raises:
            InvalidInputError: Nothing is to change, or the document does not fit; ``errors`` has each reason.
            NotFoundError: There is no such location.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            PermissionDeniedError: The token may not change it.
        """
        settings = _settings(
            image=image,
            module_name=module_name,
            package_name=package_name,
            python_file=python_file,
            autoload_defs_module_name=autoload_defs_module_name,
            attribute=attribute,
            working_directory=working_directory,
            executable_path=executable_path,
            agent_queue=agent_queue,
            git_url=git_url,
            commit_hash=commit_hash,
            container_context=container_context,
        )
        changes = location_document(text(name, "the location's name"), document, settings)
        if changes.keys() <= {NAME}:
            raise InvalidInputError("nothing is to change; give a document or a setting")
        current = await self._current()
        if name not in current:
            raise not_found("code location", name, current, typename="RepositoryLocationNotFound")
        location = updated(comparable(current)[name], changes)
        await self._check([location], validate=validate)
        operation = ops.update_code_location_from_document(document=location)
        return await self._transport.fetch(operation)

    async def delete(self, name: str) -> None:
        """Remove a code location (Dagster+); the history of its assets stays. GraphQL: ``deleteLocation``.

        Args:
            name: Its name.

        Raises:
            NotFoundError: There is no such location; the message names similar ones.
            PermissionDeniedError: The token may not remove it.
            ServerError: The server cannot.
        """
        operation = ops.delete_code_location(name=text(name, "the location's name"))
        await self._explained(operation, lambda: self._known(name))

    async def sync(
        self, document: Document, *, validate: bool = True
    ) -> builtins.list[CodeLocationEntry]:
        """Make the code locations what a document says; those that it lacks are removed (Dagster+). GraphQL: ``reconcileLocationsFromDocument``.

        Args:
            document: ``{"locations": [...]}``, as ``export`` gives it.
            validate: See ``create``.

        Returns:
            All locations, by name.

        Raises:
            InvalidInputError: The document does not fit; ``errors`` has each reason. Nothing is changed.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            PermissionDeniedError: The token may not change them.
        """
        locations = [*locations_of(document).values()]
        await self._check(locations, validate=validate)
        operation = ops.reconcile_code_locations_from_document(document={"locations": locations})
        return _by_name((await self._transport.fetch(operation)).locations)

    async def plan(self, document: Document, *, validate: bool = True) -> Changes:
        """Tell what ``sync`` with a document would change (Dagster+); nothing is changed. GraphQL: ``locationsAsDocument``, ``locationSchema``.

        Args:
            document: See ``sync``.
            validate: See ``create``.

        Returns:
            Names of locations by what would happen to them, and the difference as text.

        Raises:
            InvalidInputError: The document does not fit; ``errors`` has each reason.
        """
        from ..._core.documents import Changes

        locations = locations_of(document)
        await self._check(locations.values(), validate=validate)
        return Changes(comparable(await self._current()), comparable(locations))

    async def deploy(
        self, document: Document, *, validate: bool = True
    ) -> builtins.list[CodeLocationEntry]:
        """Add or update the code locations of a document, and no others (Dagster+). GraphQL: ``deployLocations``.

        Args:
            document: ``{"locations": [...]}``; locations that it lacks stay as they are.
            validate: See ``create``.

        Returns:
            The locations, by name.

        Raises:
            InvalidInputError: The document does not fit, or has no location; ``errors`` has each reason.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            PermissionDeniedError: The token may not change them.
        """
        locations = [*locations_of(document).values()]
        if not locations:
            raise InvalidInputError("the document has no location to deploy")
        await self._check(locations, validate=validate)
        operation = ops.deploy_code_locations(document={"locations": locations})
        return _by_name((await self._transport.fetch(operation)).locations)

    async def export(self) -> dict[str, Any]:
        """Return all code locations as a document, for ``sync`` (Dagster+). GraphQL: ``locationsAsDocument``.

        Returns:
            ``{"locations": [...]}``.
        """
        found = await self._transport.fetch(ops.get_code_locations_document())
        document: dict[str, Any] | None = found.document if found else None
        return document or {"locations": []}

    async def ping(self, name: str) -> None:
        """Tell an agent to reach a code location's server (Dagster+). GraphQL: ``pingLocation``.

        Args:
            name: The location's name.

        Raises:
            NotFoundError: There is no such location; the message names similar ones.
            ServerError: It cannot be reached.
        """
        operation = ops.ping_code_location(name=text(name, "the location's name"))
        await self._explained(operation, lambda: self._known(name))

    def history(
        self,
        name: str,
        *,
        status: DagsterCloudCodeLocationLoadStatus
        | str
        | Iterable[DagsterCloudCodeLocationLoadStatus | str]
        | None = None,
        where: Callable[[CodeLocationLoad], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CodeLocationLoad]:
        """List the loads of a code location in the server's order, newest first (Dagster+). GraphQL: ``locationLoadHistory``.

        Loads have nothing that says where to go on: for a further page, those before it are fetched once more.

        Args:
            name: The location's name.
            status: Only those that ended so: ``LOADED`` or ``ERROR``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status or cursor that cannot be.
        """
        from ..._generated.enums.dagster_cloud_code_location_load_status import (
            DagsterCloudCodeLocationLoadStatus as Status,
        )

        statuses = members(Status, status, "status")
        location = text(name, "the location's name")

        async def fetch(after: str | None, size: int) -> Batch[CodeLocationLoad]:
            offset = offset_of(after)
            operation = ops.list_code_location_loads(
                name=location, limit=offset + size + 1, cursor=UNSET
            )
            loads = await self._transport.fetch(operation)
            return offset_batch(loads[offset:], offset, size)

        where = all_of(among(statuses, lambda load: load.status, "status"), where)
        plan = Plan(limit=limit, page_size=page_size, cursor=cursor, where=where)
        return AsyncPager(fetch, plan, default_page_size=20)

    async def schema(self) -> LocationSchema:
        """Return what the server takes as the document of one location (Dagster+). GraphQL: ``locationSchema``.

        Raises:
            NotFoundError: The server has none.
        """
        return await self._found(ops.get_location_schema(), "document schema", "code location")

    def defs_state(
        self,
        *,
        location: str | None = None,
        where: Callable[[DefsStateKey], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[DefsStateKey]:
        """List the versions of stored definitions, by key. GraphQL: ``latestDefsStateInfo``, ``workspaceLocationEntryOrError``.

        The API has no pages here: one request gets all.

        Args:
            location: The versions that this code location has loaded; else the latest ones.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such location.
        """
        if location is None:
            return self._whole(
                ops.list_defs_state(),
                lambda found: sorted(found.entries if found else (), key=lambda entry: entry.key),
                where=where,
                limit=limit,
                cursor=cursor,
            )
        operation = ops.list_code_location_defs_state(name=text(location, "the location's name"))

        async def gather() -> builtins.list[DefsStateKey]:
            found = await self._found(
                operation, "code location", location, typename="RepositoryLocationNotFound"
            )
            entries = found.defs_state_info.entries if found.defs_state_info else ()
            return sorted(entries, key=lambda entry: entry.key)

        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    async def refresh_defs_state(self, name: str) -> CodeLocationEntry:
        """Fetch the stored definitions of a code location anew (Dagster+). GraphQL: ``refreshDefsState``.

        Args:
            name: The location's name.

        Raises:
            NotFoundError: There is no such location; the message names similar ones.
            PermissionDeniedError: The token may not do so.
            ServerError: They cannot be fetched.
        """
        operation = ops.refresh_defs_state(name=text(name, "the location's name"))
        return await self._explained(operation, lambda: self._known(name))

    async def set_defs_state_version(self, key: str, version: str | None) -> None:
        """Choose the version of stored definitions that is loaded next (Dagster+). GraphQL: ``setLatestDefsStateVersion``.

        Args:
            key: The key of the definitions, as ``defs_state`` lists it.
            version: The version; None for none.

        Raises:
            UnexpectedResultError: The server did not.
        """
        operation = ops.set_defs_state_version(key=text(key, "the key"), version=version)
        found = await self._transport.fetch(operation)
        if found is None or found.ok is False:
            raise UnexpectedResultError(
                f"the server did not set the version of {key!r}", operation=operation.name
            )

    async def _known(self, name: str) -> None:
        """Look whether Dagster+ has a code location.

        Raises:
            NotFoundError: It has none of that name.
        """
        found = await self._transport.fetch(ops.list_code_location_entries())
        if found is None:
            return
        known = [entry.name for entry in found.workspace_entries]
        if name not in known:
            raise not_found("code location", name, known, typename="RepositoryLocationNotFound")

    async def _current(self) -> dict[str, Any]:
        document = await self.export()
        try:
            return locations_of(document)
        except InvalidInputError as error:
            raise UnexpectedResultError(
                f"the server's document of code locations cannot be read: {error.message}",
                operation="GetCodeLocationsDocument",
            ) from None

    async def _check(self, locations: Iterable[Mapping[str, Any]], *, validate: bool) -> None:
        if validate:
            check_locations(locations, await self._transport.fetch(ops.get_location_schema()))


def _settings(**settings: Any) -> dict[str, Any]:
    return settings


def _by_name(entries: Iterable[CodeLocationEntry | None]) -> builtins.list[CodeLocationEntry]:
    return sorted((entry for entry in entries if entry), key=lambda entry: entry.name)
