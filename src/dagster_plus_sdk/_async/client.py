"""The client."""

from __future__ import annotations

from .._core.hooks import Hooks
from .._core.retry import RetryPolicy
from .._core.secret import refuse_pickle
from .._core.timeouts import Timeout
from ._resources import AsyncResources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping
    from typing import Any, NoReturn, SupportsIndex, TypeVar

    import httpx
    from typing_extensions import Self

    from .._core.auth import Auth
    from .._core.config import Settings
    from .._core.discovery import Discovery
    from .._core.hooks import EventHooks
    from .._core.operation import Operation
    from .._core.token_sources import TokenLike
    from .transport import AsyncTransport

    T = TypeVar("T")


class AsyncDagsterPlus(AsyncResources):
    """A client of one Dagster+ deployment, or of one open-source Dagster webserver.

    With no arguments it is configured by the environment and the config files of the official tools. It can be shared
    between tasks, and used after a fork; nothing is sent before the first call.

    Args:
        organization: Dagster+'s name for your organization.
        deployment: The deployment's name; the organization's default one if None.
        token: A Dagster+ token, a callable that returns one, or the ``Path`` of a file with one.
        url: Of the deployment, or of an open-source webserver; then no organization is needed.
        region: ``us`` or ``eu``.
        auth: Another kind of authentication: ``BearerAuth``, ``BasicAuth``, ``HeaderAuth``.
        host: Of an open-source webserver, with ``port``.
        port: Of that webserver; 3000 if None.
        profile: A named profile of the config file.
        headers: Further headers of each request.
        allow_insecure_http: Send credentials over plain http to other machines.
        timeout: Limits of one attempt: seconds to wait for the answer (60 by default), or a ``Timeout``.
        retries: How often a failed read is sent again (4 by default), or a ``RetryPolicy``.
        event_hooks: ``{"request": [...], "response": [...]}``: callables that get a ``RequestEvent`` before and a
            ``ResponseEvent`` after each attempt.
        http_client: Your own httpx client, for proxies, certificates, transports; it stays open at the end.

    Raises:
        ConfigurationError: Where to send is not known, or what is given contradicts itself.
        MissingTokenError: Dagster+ needs a token and none is configured.
    """

    _opened: AsyncTransport | None = None
    #: Whether closing this client closes the connections.
    _owner = True

    def __init__(
        self,
        organization: str | None = None,
        deployment: str | None = None,
        token: TokenLike | None = None,
        *,
        url: str | None = None,
        region: str | None = None,
        auth: Auth | None = None,
        host: str | None = None,
        port: int | str | None = None,
        profile: str | None = None,
        headers: Mapping[str, str] | None = None,
        allow_insecure_http: bool = False,
        timeout: Timeout | float | None = None,
        retries: RetryPolicy | int | None = None,
        event_hooks: EventHooks | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        from .._core.config import resolve

        self._settings = resolve(
            organization=organization,
            deployment=deployment,
            token=token,
            url=url,
            region=region,
            auth=auth,
            host=host,
            port=port,
            profile=profile,
            headers=headers,
            allow_insecure_http=allow_insecure_http,
        )
        self._options: dict[str, Any] = {
            "timeout": Timeout.of(timeout),
            "retries": RetryPolicy.of(retries),
            "hooks": Hooks(event_hooks),
            "http_client": http_client,
        }

    @property
    def _transport(self) -> AsyncTransport:
        """What sends; made with the first use, as it imports what a client that sends nothing does not need."""
        if self._opened is None:
            from .transport import AsyncTransport

            # One step, so that threads that come at the same time share the first one's.
            vars(self).setdefault("_opened", AsyncTransport(self._settings, **self._options))
        opened: AsyncTransport = vars(self)["_opened"]
        return opened

    @property
    def settings(self) -> Settings:
        """Where the client sends to, and where each of its settings came from; no secrets in its repr."""
        return self._settings

    def with_options(
        self,
        *,
        deployment: str | None = None,
        timeout: Timeout | float | None = None,
        retries: RetryPolicy | int | None = None,
    ) -> Self:
        """Return a client with other options that shares this one's connections; closing it closes nothing.

        For a single call: ``client.with_options(timeout=5, retries=0).runs.get(run_id)``.

        Args:
            deployment: Another deployment of the organization.
            timeout: Limits of one attempt: seconds to wait for the answer, or a ``Timeout``.
            retries: How often a failed read is sent again, or a ``RetryPolicy``.

        Raises:
            ConfigurationError: There are no deployments at this URL.
        """
        settings = self._settings.with_deployment(deployment) if deployment else None
        transport = self._transport.with_options(
            settings=settings, timeout=timeout, retries=retries
        )
        clone = object.__new__(type(self))
        # Not copied: the resources that this client has handed out send with its own options.
        vars(clone).update(
            _settings=transport.settings, _options=self._options, _opened=transport, _owner=False
        )
        return clone

    async def execute(
        self,
        operation: Operation[T],
        *,
        timeout: Timeout | float | None = None,
        retries: RetryPolicy | int | None = None,
    ) -> T:
        """Send any generated operation and return its decoded result; ``result.ok`` unwraps it.

        Args:
            operation: One of ``dagster_plus_sdk.operations``.
            timeout: Limits of one attempt, in place of the client's.
            retries: In place of the client's.

        Raises:
            DagsterPlusError: See the tree in ``dagster_plus_sdk.errors``.
        """
        return await self._transport.execute(operation, timeout=timeout, retries=retries)

    async def subscribe(self, operation: Operation[T]) -> AsyncIterator[T]:
        """Yield what a subscription gives, until the server has no more; ``result.ok`` unwraps each result.

        One connection, in Dagster's own ``graphql-ws`` protocol; a connection that breaks raises, as only the caller knows where
        to go on. ``run_events.follow``, ``logs.follow``, ``code_locations.follow`` and ``assets.follow`` do that. Needs the extra ``websocket``.

        Args:
            operation: A subscription of ``dagster_plus_sdk.operations``.

        Raises:
            InvalidInputError: It is no subscription.
            ConfigurationError: The extra is missing, or the client has an ``http_client``.
            DagsterPlusError: See the tree in ``dagster_plus_sdk.errors``.
        """
        from contextlib import aclosing

        if operation.kind != "subscription":
            from .._core.errors import InvalidInputError

            raise InvalidInputError(f"{operation.name} is a {operation.kind}: execute it")
        async with aclosing(await self._transport.subscribe(operation)) as line:
            while True:
                _, result = await line.receive()
                if result is None:
                    return
                yield result

    async def graphql(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
        timeout: Timeout | float | None = None,
        retries: RetryPolicy | int | None = None,
    ) -> dict[str, Any]:
        """Send any GraphQL document and return its ``data`` as it came.

        Error members of unions are data here: select ``__typename`` and look. A document with a mutation is only sent
        again where it surely did not run.

        Args:
            document: Its text.
            variables: The values of its variables.
            operation_name: Which of its operations to run, where it has several.
            timeout: Limits of one attempt, in place of the client's.
            retries: In place of the client's.

        Raises:
            GraphQLRequestError: The answer has top-level errors.
            DagsterPlusError: See the tree in ``dagster_plus_sdk.errors``.
        """
        from .._core.raw import RawOperation

        operation = RawOperation(document, variables, operation_name)
        return await self._transport.execute(operation, timeout=timeout, retries=retries)

    async def discover(
        self,
        filter: str = "all",  # noqa: A002 - what people call it
        *,
        pattern: str | None = None,
        tags: Mapping[str, str] | None = None,
        groups: str | Iterable[str] | None = None,
    ) -> Discovery:
        """Find out what the deployment has: code locations, repositories, jobs and assets, with one request.

        A code location that failed to load is in the result with its error, and does not fail the others. GraphQL:
        ``workspaceOrError``, ``repositoriesOrError``, ``assetNodes``.

        Args:
            filter: ``jobs``, ``assets``, ``repos``, ``locations`` or ``all``: nothing else is asked for.
            pattern: Only those whose name (an asset's key, such as ``orders/*``; a repository's name or its location's) matches,
                with ``*``, ``?`` and ``[...]``, in any case.
            tags: Only jobs and assets that have all these tags; keys and values may have wildcards, too.
            groups: Only assets in one of these groups; their names may have wildcards, too.

        Returns:
            Lists of ``locations``, ``repositories``, ``jobs`` and ``assets``, each thing with its location, and the locations that
            are ``unavailable``: what they define is in no list. Iterate over it to get all things.

        Raises:
            InvalidInputError: A filter that cannot be, or conditions that nothing of this kind can meet; nothing is sent.
        """
        from .._core.discovery import Wanted
        from .._generated.operations import discover

        wanted = Wanted(filter, pattern=pattern, tags=tags, groups=groups)
        operation = discover(with_jobs="jobs" in wanted.kinds, with_assets="assets" in wanted.kinds)
        return wanted.found(await self._transport.execute(operation), operation.name)

    def url_for(self, obj: object) -> str:
        """Return the address of the web page about a thing; nothing is sent.

        Args:
            obj: A run, job, asset, check, backfill, schedule, sensor, code location, repository, pool or deployment, as any
                method returns it, whole or as a summary; or an ``AssetKey``.

        Raises:
            InvalidInputError: There is no page about such a thing.
        """
        from .._core.web_urls import url_for

        return url_for(self._settings, obj)

    async def aclose(self) -> None:
        """Close the connections; an ``http_client`` that was given stays open."""
        if self._opened is not None and self._owner:
            await self._opened.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        """Show where it sends to."""
        return f"{type(self).__name__}({self._settings.url!r})"

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        """Refuse: a pickled client would carry the token."""
        refuse_pickle(self)
