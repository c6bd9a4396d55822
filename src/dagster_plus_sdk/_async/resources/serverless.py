"""Dagster+ Serverless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import member, several, text
from ..._core.launch import Launch
from ..._generated import operations as ops
from ..launching import launch_run
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..._core.asset_key import AssetKey
    from ..._core.documents import Document
    from ..._generated.models import NonIsolatedRuns, Run, Serverless, ServerlessPexUrl


class AsyncServerlessResource(AsyncResource):
    """Serverless: code that Dagster+ itself runs (Dagster+)."""

    __slots__ = ()

    async def get(self) -> Serverless:
        """Return its state, and the registry of its images with credentials that end soon. GraphQL: ``serverless``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.serverless.get()
        """
        return await self._transport.fetch(ops.get_serverless())

    async def pex_urls(
        self, filenames: Sequence[str], *, method: str = "PUT"
    ) -> list[ServerlessPexUrl]:
        """Return presigned URLs of PEX files, in the order of the names. GraphQL: ``generateServerlessPexUrl``.

        Who has such a URL can use it without a token until it ends.

        The URLs are hidden: ``url.reveal()`` returns one.

        Args:
            filenames: The files' names.
            method: ``PUT`` for uploads, ``GET`` for downloads.

        Raises:
            InvalidInputError: No name is given, or there is no such method; nothing is sent.
            GraphQLRequestError: This Serverless takes no PEX files.
            PermissionDeniedError: The token may not have them.

        Example:
            await client.serverless.pex_urls(["source.pex", "deps.pex"])
        """
        from ..._generated.enums.s_3_client_method import S3ClientMethod

        names = [text(name, "a file's name") for name in several(filenames, "filenames") or ()]
        operation = ops.create_serverless_pex_urls(
            filenames=names,
            method=member(S3ClientMethod, method, "method"),
        )
        return await self._transport.fetch(operation)

    async def non_isolated_runs(self) -> NonIsolatedRuns:
        """Return whether runs may share the code server's process, which starts them faster. GraphQL: ``nonIsolatedRuns``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.serverless.non_isolated_runs()
        """
        return await self._transport.fetch(ops.get_non_isolated_runs())

    async def launch(
        self,
        job: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        run_config: Document | None = None,
        tags: Mapping[str, str] | None = None,
        partition: str | None = None,
        partition_range: Sequence[str] | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
        validate: bool = False,
        idempotency_key: str | None = None,
    ) -> Run:
        """Launch a run that is not isolated, at most once. GraphQL: ``launchNonIsolatedRun``, and ``isPipelineConfigValid`` where it is asked for.

        Args:
            job: See ``runs.create``.
            location: See ``runs.create``.
            repository: See ``runs.create``.
            run_config: See ``runs.create``.
            tags: See ``runs.create``.
            partition: See ``runs.create``.
            partition_range: See ``runs.create``.
            asset_selection: See ``runs.create``.
            op_selection: See ``runs.create``.
            validate: See ``runs.create``.
            idempotency_key: See ``runs.create``.

        Returns:
            The run, as it stands right after the launch.

        Raises:
            InvalidInputError: An argument cannot be, or several locations have such a job; nothing is launched.
            NotFoundError: There is no such job.
            InvalidRequestError: The configuration does not fit; ``errors`` has each reason with its path.
            PermissionDeniedError: The token may not launch.
            LaunchUnknownError: The answer was lost and no run was found; ``idempotency_key`` says what to look for.

        Example:
            await client.serverless.launch("daily_report", run_config=Path("config.yaml"))
        """
        launch = Launch(
            job,
            run_config=run_config,
            tags=tags,
            partition=partition,
            partition_range=partition_range,
            asset_selection=asset_selection,
            op_selection=op_selection,
            validate=validate,
            idempotency_key=idempotency_key,
        )
        return await launch_run(
            self._transport, launch, location, repository, mutation=ops.launch_non_isolated_run
        )
