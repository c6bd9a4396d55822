"""Code locations."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, UnexpectedResultError
from ..._core.filters import among, glob
from ..._core.inputs import all_of, members, several, text
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
from ..._core.waiting import Patience
from ..._generated import operations as ops
from ..following import AsyncFollowing
from ..location_following import AsyncLocationSource
from ..location_loading import reload, wait_for_loads
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
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
        LocationEvent,
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

        Example:
            client.code_locations.list(with_load_error=True)
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

        Example:
            await client.code_locations.get("demo")
        """
        operation = ops.get_code_location(name=text(name, "the location's name"))
        return await self._found(
            operation, "code location", name, typename="RepositoryLocationNotFound"
        )

    async def reload(
        self,
        name: str,
        *,
        wait: bool = True,
        timeout: float | None = 120.0,
        poll: float = 1.0,
        raise_on_error: bool = True,
    ) -> CodeLocation:
        """Load a code location anew, and wait until it is loaded. GraphQL: ``reloadRepositoryLocation``.

        Open-source Dagster answers once it is through; Dagster+ answers at once, and is asked then as ``wait_until_loaded`` asks.

        Args:
            name: Its name.
            wait: Wait until it is loaded; else return it as it is, which may be ``LOADING``.
            timeout: Give up after this many seconds. None waits as long as it takes.
            poll: The longest pause between two requests, in seconds; the first ones are shorter.
            raise_on_error: Raise where its code cannot be loaded; else its ``location_or_load_error`` is an ``ErrorInfo``.

        Returns:
            The location.

        Raises:
            InvalidInputError: A pause that cannot be; nothing is sent.
            NotFoundError: There is no such location.
            NotSupportedError: It cannot be reloaded.
            PermissionDeniedError: The token may not reload it.
            LocationLoadError: Its code cannot be loaded; it has the error's message, class and stack.
            WaitTimeoutError: It was not loaded in time; the load goes on.

        Example:
            await client.code_locations.reload("demo", timeout=300)
        """
        operation = ops.reload_code_location(name=text(name, "the location's name"))
        patience = Patience(timeout, poll) if wait else None
        [found] = await reload(
            self._transport,
            operation,
            lambda entry: [entry],
            patience,
            raise_on_error=raise_on_error,
        )
        return found

    async def wait_until_loaded(
        self,
        names: str | Iterable[str] | None,
        *,
        timeout: float | None = 120.0,
        poll: float = 1.0,
        raise_on_error: bool = True,
    ) -> builtins.list[CodeLocation]:
        """Wait until code locations are loaded. GraphQL: ``locationStatusesOrError``, then ``workspaceOrError``.

        Any number of them takes one request per look. Faults that pass are sat out until the deadline. A location that
        Dagster+ was told of, but shows no state of yet (``workspace``), is waited for, too.

        Args:
            names: One location or several; None for all that there are.
            timeout: Give up after this many seconds. None waits as long as it takes.
            poll: The longest pause between two requests, in seconds; the first ones are shorter.
            raise_on_error: Raise where the code of one cannot be loaded, once all are through with it.

        Returns:
            The locations in the order of their names here; all of them by name.

        Raises:
            InvalidInputError: No name, or a pause that cannot be; nothing is sent.
            NotFoundError: There is no such location; the message names similar ones.
            LocationLoadError: The code of one cannot be loaded; it is about the first, and has all ``locations``.
            WaitTimeoutError: One was not loaded in time; the message says which.

        Example:
            await client.code_locations.wait_until_loaded(["demo"], timeout=300)
        """
        wanted = None if names is None else _names(names)
        return await wait_for_loads(
            self._transport, wanted, Patience(timeout, poll), raise_on_error=raise_on_error
        )

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

        Example:
            client.code_locations.statuses(load_status="LOADING")
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

    async def follow(
        self, *, pattern: str | None = None, poll: float = 2.0, timeout: float | None = None
    ) -> AsyncIterator[LocationEvent]:
        """Yield the changes of code locations as they come: loaded anew, failed to load, server lost or back; without an end.

        The statuses of the locations are looked at again and again, so that a change is told even if it came while there was no
        connection. A subscription (see ``run_events.follow``) tells earlier, and of servers that are lost and back, which the
        statuses do not show: without it, and during a break, these are missed. A location that changes several times between
        two looks is told once. GraphQL: ``locationStatusesOrError``, ``workspaceLocationEntryOrError`` for the error of one that
        has changed, and ``locationStateChangeEvents``.

        Args:
            pattern: Only locations whose name matches, with ``*``, ``?`` and ``[...]``, in any case.
            poll: Seconds between two looks.
            timeout: Stop after this many seconds; None goes on until the caller stops. Passing faults are sat out, without
                a timeout from the first answer on.

        Raises:
            InvalidInputError: The pattern is empty, or ``poll`` or ``timeout`` cannot be; nothing is sent.
            WaitTimeoutError: At the end of the time the server did not answer.

        Example:
            client.code_locations.follow(pattern="dem*", timeout=2)
        """
        fits: Callable[[str], bool] | None = glob(pattern, lambda name: name)
        source = AsyncLocationSource(fits or (lambda _: True), poll)
        following = AsyncFollowing(self._transport, source, Patience(timeout, poll))
        async with aclosing(following.each()) as events:
            async for event in events:
                yield event

    async def reload_all(
        self,
        *,
        wait: bool = True,
        timeout: float | None = 120.0,
        poll: float = 1.0,
        raise_on_error: bool = True,
    ) -> builtins.list[CodeLocation]:
        """Load all code locations anew, and wait until they are loaded. GraphQL: ``reloadWorkspace``.

        Args:
            wait: See ``reload``.
            timeout: See ``reload``.
            poll: See ``reload``.
            raise_on_error: Raise where the code of one cannot be loaded, once all are through with it; else its
                ``location_or_load_error`` is an ``ErrorInfo``.

        Returns:
            The locations, by name.

        Raises:
            InvalidInputError: A pause that cannot be; nothing is sent.
            PermissionDeniedError: The token may not reload them.
            LocationLoadError: The code of one cannot be loaded; it is about the first, and has all ``locations``.
            WaitTimeoutError: One was not loaded in time; the loads go on.

        Example:
            await client.code_locations.reload_all(timeout=300)
        """
        return await reload(
            self._transport,
            ops.reload_workspace(),
            lambda found: sorted(found.location_entries, key=lambda entry: entry.name),
            Patience(timeout, poll) if wait else None,
            raise_on_error=raise_on_error,
        )

    async def shutdown(self, name: str) -> None:
        """End a code location's server; whoever manages it starts it again. GraphQL: ``shutdownRepositoryLocation``.

        Args:
            name: The location's name.

        Raises:
            NotFoundError: There is no such location.
            PermissionDeniedError: The token may not end it.
            ServerError: Its server cannot be ended from here.

        Example:
            await client.code_locations.shutdown("demo")
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

        Example:
            client.code_locations.entries(outdated=True)
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
        wait: bool = False,
        timeout: float | None = 120.0,
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
            wait: Wait until it is loaded, as ``wait_until_loaded`` does, and return what Dagster+ keeps of it then.
            timeout: Where it waits, give up after this many seconds. None waits as long as it takes.

        Raises:
            InvalidInputError: The document does not fit; ``errors`` has each reason. Nothing is changed.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            ConflictError: The plan allows no further location.
            PermissionDeniedError: The token may not add locations.
            LocationLoadError: It was waited for, and its code cannot be loaded; it is added all the same.
            WaitTimeoutError: It was added, and not loaded in time.

        Example:
            await client.code_locations.create(
                "reports", image="images.example.com/reports:1", module_name="reports.definitions"
            )
            await client.code_locations.create("billing", document=Path("billing.yaml"))
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
        write = (
            ops.set_code_location_from_document
            if or_update
            else ops.add_code_location_from_document
        )
        entry = await self._transport.fetch(write(document=location))
        return (await self._settled([entry], wait=wait, timeout=timeout))[0]

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
        wait: bool = False,
        timeout: float | None = 120.0,
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
            wait: See ``create``.
            timeout: See ``create``.

        Raises:
            InvalidInputError: Nothing is to change, or the document does not fit; ``errors`` has each reason.
            NotFoundError: There is no such location.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            PermissionDeniedError: The token may not change it.
            LocationLoadError: It was waited for, and its code cannot be loaded; it is changed all the same.
            WaitTimeoutError: It was changed, and not loaded in time.

        Example:
            await client.code_locations.update("reports", image="images.example.com/reports:2")
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
        entry = await self._transport.fetch(operation)
        return (await self._settled([entry], wait=wait, timeout=timeout))[0]

    async def delete(self, name: str) -> None:
        """Remove a code location (Dagster+); the history of its assets stays. GraphQL: ``deleteLocation``.

        Args:
            name: Its name.

        Raises:
            NotFoundError: There is no such location; the message names similar ones.
            PermissionDeniedError: The token may not remove it.
            ServerError: The server cannot.

        Example:
            await client.code_locations.delete("billing")
        """
        operation = ops.delete_code_location(name=text(name, "the location's name"))
        await self._explained(operation, lambda: self._known(name))

    async def sync(
        self,
        document: Document,
        *,
        validate: bool = True,
        wait: bool = False,
        timeout: float | None = 120.0,
    ) -> builtins.list[CodeLocationEntry]:
        """Make the code locations what a document says; those that it lacks are removed (Dagster+). GraphQL: ``reconcileLocationsFromDocument``.

        Args:
            document: ``{"locations": [...]}``, as ``export`` gives it.
            validate: See ``create``.
            wait: See ``create``.
            timeout: See ``create``.

        Returns:
            All locations, by name.

        Raises:
            InvalidInputError: The document does not fit; ``errors`` has each reason. Nothing is changed.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            PermissionDeniedError: The token may not change them.
            LocationLoadError: They were waited for, and the code of one cannot be loaded; they are changed all the same.
            WaitTimeoutError: They were changed, and not loaded in time.

        Example:
            await client.code_locations.sync(Path("locations.yaml"))
        """
        locations = [*locations_of(document).values()]
        await self._check(locations, validate=validate)
        operation = ops.reconcile_code_locations_from_document(document={"locations": locations})
        entries = _by_name((await self._transport.fetch(operation)).locations)
        return await self._settled(entries, wait=wait, timeout=timeout)

    async def plan(
        self, document: Document, *, delete: bool = True, validate: bool = True
    ) -> Changes:
        """Tell what ``sync`` with a document would change (Dagster+); nothing is changed. GraphQL: ``locationsAsDocument``, ``locationSchema``.

        Args:
            document: See ``sync``.
            delete: Whether what it lacks is removed, as ``sync`` does it; compare for ``deploy`` where it is not.
            validate: See ``create``.

        Returns:
            Names of locations by what would happen to them, and the difference as text.

        Raises:
            InvalidInputError: The document does not fit; ``errors`` has each reason.

        Example:
            await client.code_locations.plan(Path("locations.yaml"))
        """
        from ..._core.documents import Changes

        locations = locations_of(document)
        await self._check(locations.values(), validate=validate)
        current, wanted = comparable(await self._current()), comparable(locations)
        return Changes(current, wanted if delete else current | wanted)

    async def deploy(
        self,
        document: Document,
        *,
        validate: bool = True,
        wait: bool = False,
        timeout: float | None = 120.0,
    ) -> builtins.list[CodeLocationEntry]:
        """Add or update the code locations of a document, and no others (Dagster+). GraphQL: ``deployLocations``.

        Args:
            document: ``{"locations": [...]}``; locations that it lacks stay as they are.
            validate: See ``create``.
            wait: See ``create``.
            timeout: See ``create``.

        Returns:
            The locations, by name.

        Raises:
            InvalidInputError: The document does not fit, or has no location; ``errors`` has each reason.
            InvalidRequestError: The server refuses the document; ``errors`` has each reason.
            PermissionDeniedError: The token may not change them.
            LocationLoadError: They were waited for, and the code of one cannot be loaded; they are changed all the same.
            WaitTimeoutError: They were changed, and not loaded in time.

        Example:
            await client.code_locations.deploy(Path("locations.yaml"), wait=True, timeout=300)
        """
        locations = [*locations_of(document).values()]
        if not locations:
            raise InvalidInputError("the document has no location to deploy")
        await self._check(locations, validate=validate)
        operation = ops.deploy_code_locations(document={"locations": locations})
        entries = _by_name((await self._transport.fetch(operation)).locations)
        return await self._settled(entries, wait=wait, timeout=timeout)

    async def export(self) -> dict[str, Any]:
        """Return all code locations as a document, for ``sync`` (Dagster+). GraphQL: ``locationsAsDocument``.

        Returns:
            ``{"locations": [...]}``.

        Example:
            await client.code_locations.export()
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

        Example:
            await client.code_locations.ping("demo")
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

        Example:
            client.code_locations.history("demo", status="ERROR")
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

        Example:
            await client.code_locations.schema()
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

        Example:
            client.code_locations.defs_state(location="demo")
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

        Example:
            await client.code_locations.refresh_defs_state("demo")
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

        Example:
            await client.code_locations.set_defs_state_version("dbt/shop", "2024-05-01")
        """
        operation = ops.set_defs_state_version(key=text(key, "the key"), version=version)
        found = await self._transport.fetch(operation)
        if found is None or found.ok is False:
            raise UnexpectedResultError(
                f"the server did not set the version of {key!r}", operation=operation.name
            )

    async def _settled(
        self, entries: builtins.list[CodeLocationEntry], *, wait: bool, timeout: float | None
    ) -> builtins.list[CodeLocationEntry]:
        """Return locations that were changed; where they are waited for, as they are once they are loaded."""
        if not wait or not entries:
            return entries
        await self.wait_until_loaded([entry.name for entry in entries], timeout=timeout)
        found = await self._transport.fetch(ops.list_code_location_entries())
        now = {entry.name: entry for entry in found.workspace_entries} if found else {}
        return [now.get(entry.name, entry) for entry in entries]

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


def _names(names: str | Iterable[str]) -> builtins.list[str]:
    given = several(names, "names") or ()
    return [*dict.fromkeys(text(name, "the location's name") for name in given)]


def _settings(**settings: Any) -> dict[str, Any]:
    return settings


def _by_name(entries: Iterable[CodeLocationEntry | None]) -> builtins.list[CodeLocationEntry]:
    return sorted((entry for entry in entries if entry), key=lambda entry: entry.name)
