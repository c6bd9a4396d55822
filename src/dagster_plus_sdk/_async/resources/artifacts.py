"""Files that are kept at Dagster+."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, InvalidResponseError
from ..._core.inputs import text
from ..._core.rest import RestCall, check_source, check_target, presigned
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    import os

    from ..._core.rest import Transfer

_SCOPES = ("deployment", "organization")


class AsyncArtifacts(AsyncResource):
    """Files that are kept for the deployment or the organization (Dagster+)."""

    __slots__ = ()

    async def upload(
        self, key: str, path: str | os.PathLike[str], *, scope: str = "deployment"
    ) -> None:
        """Upload a file; one that is there under the key is replaced. REST: ``/gen_artifact_post``.

        The file goes to a presigned URL of the object store, which does not get the token.

        Args:
            key: The artifact's key.
            path: The file to send.
            scope: Whose artifact it is: the ``deployment``'s or the ``organization``'s.

        Raises:
            InvalidInputError: An argument cannot be, or the file cannot be read; nothing is sent.
            PermissionDeniedError: The token may not upload it.

        Example:
            await client.artifacts.upload("reports/2024-05-01.csv", "report.csv")
        """
        check_source(path)
        form = await self._presign("gen_artifact_post", key, scope, path, "POST")
        await self._transport.execute(form)

    async def download(
        self, key: str, path: str | os.PathLike[str], *, scope: str = "deployment"
    ) -> None:
        """Download a file; one that is there at the path is replaced when it is whole. REST: ``/gen_artifact_get``.

        Args:
            key: The artifact's key.
            path: The file to write.
            scope: Whose artifact it is: the ``deployment``'s or the ``organization``'s.

        Raises:
            InvalidInputError: An argument cannot be, or the file cannot be written.
            NotFoundError: There is no such artifact.
            PermissionDeniedError: The token may not download it.

        Example:
            await client.artifacts.download("reports/2024-05-01.csv", "copy.csv")
        """
        check_target(path)
        source = await self._presign("gen_artifact_get", key, scope, path, "GET")
        await self._transport.execute(source)

    async def _presign(
        self, endpoint: str, key: str, scope: str, path: str | os.PathLike[str], method: str
    ) -> Transfer:
        """Ask for a presigned URL: asking again changes nothing."""
        scope = str(scope).lower()
        if scope not in _SCOPES:
            raise InvalidInputError(f"scope cannot be {scope!r}; choose from {', '.join(_SCOPES)}")
        body = {"key": text(key, "the artifact's key")}
        deployment = None
        if scope == "deployment":
            deployment = self._transport.settings.deployment or await self._current_deployment()
        call = RestCall(endpoint, body, idempotent=True, scope=scope, deployment=deployment)
        found = presigned(await self._transport.execute(call), path, method=method)
        if found is None:
            raise InvalidResponseError("The answer has no presigned URL", operation=call.name)
        return found

    async def _current_deployment(self) -> str:
        """Return the name of the deployment that this client sends to: the call is made for it by name."""
        return (await self._transport.fetch(ops.get_current_deployment())).name
