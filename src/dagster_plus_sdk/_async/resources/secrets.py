"""Environment variables of a Dagster+ deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from ..._core.errors import InvalidInputError
from ..._core.filters import within
from ..._core.inputs import all_of, several, text
from ..._core.lookup import only
from ..._core.secret_documents import (
    SCOPES,
    describe,
    hidden,
    read_secrets,
    scope_names,
    scopes_filter,
    scopes_input,
    scopes_of,
    secret_changes,
    sent,
)
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ..._core.documents import Changes, Document
    from ..._core.secret import Secret
    from ..._generated.models import RevealedSecret, StoredSecret, SyncedSecrets
    from ..pager import AsyncPager


class AsyncSecrets(AsyncResource):
    """Environment variables of the deployment, whose values are secret (Dagster+).

    They apply in scopes: ``full`` (the full deployment), ``branches`` (all its branch deployments), a single branch, and
    ``local`` (for development on one's own machine); and in all code locations, or in some.
    """

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        location: str | None = None,
        scopes: Iterable[str] | None = None,
        branch: str | None = None,
        viewable: bool = False,
        updated_after: datetime | float | None = None,
        updated_before: datetime | float | None = None,
        where: Callable[[StoredSecret], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[StoredSecret]:
        """List secrets, by name and without their values. The API has no pages here: one request gets all. GraphQL: ``secretsOrError``.

        Args:
            name: Only those of this name.
            location: Only those of this code location.
            scopes: Only those with these scopes: ``full``, ``branches``, ``local``.
            branch: Only those of this branch.
            viewable: Only those whose value the token may see.
            updated_after: Only those changed after this time: an aware datetime, or epoch seconds (UTC); filtered here.
            updated_before: Only those changed before this time: an aware datetime, or epoch seconds (UTC); filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A scope or time that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see them.

        Example:
            client.secrets.list(location="demo", scopes=["full"])
        """
        operation = ops.list_secrets(
            secret_name=None if name is None else text(name, "name"),
            location_name=None if location is None else text(location, "location"),
            scopes=scopes_filter(scopes, branch),
            only_viewable=viewable or None,
        )
        times: Callable[[StoredSecret], bool] | None = within(
            updated_after,
            updated_before,
            lambda found: found.updated_at,
            names=("updated_after", "updated_before"),
        )
        return self._whole(
            operation,
            lambda found: sorted(found.secrets, key=lambda secret: (secret.name, secret.id)),
            where=all_of(times, where),
            limit=limit,
            cursor=cursor,
        )

    @overload
    async def get(
        self,
        name: str,
        *,
        with_value: Literal[True],
        location: str | None = None,
        scope: str | None = None,
    ) -> RevealedSecret: ...

    @overload
    async def get(
        self,
        name: str,
        *,
        with_value: bool = False,
        location: str | None = None,
        scope: str | None = None,
    ) -> StoredSecret: ...

    async def get(
        self,
        name: str,
        *,
        with_value: bool = False,
        location: str | None = None,
        scope: str | None = None,
    ) -> StoredSecret:
        """Return one secret. GraphQL: ``secretsOrError``.

        Args:
            name: Its name, or its id.
            with_value: Get its value too; where the token may not see it, it is empty or masked.
            location: The one for this code location, where several have the name.
            scope: The one with this scope, where several have the name.

        Returns:
            The secret; with its value a ``RevealedSecret``, whose ``value.reveal()`` returns the text, and whose
            ``can_view_value`` says whether it is the true one.

        Raises:
            NotFoundError: There is no such secret.
            InvalidInputError: Several have the name; the message lists them with their ids.
            PermissionDeniedError: The token may not see it.

        Example:
            await client.secrets.get("WAREHOUSE_PASSWORD")
            await client.secrets.get("API_URL", with_value=True)
        """
        found = await self._find(name, location, scope)
        return await self._reveal(found) if with_value else found

    async def create(
        self,
        name: str,
        value: str | Secret,
        *,
        scopes: Iterable[str] | None = None,
        branch: str | None = None,
        locations: Sequence[str] | None = None,
        replace: bool = False,
    ) -> StoredSecret:
        """Create a secret. GraphQL: ``createSecret``, ``createOrUpdateSecretForScopes``.

        Args:
            name: Its name, as of an environment variable.
            value: Its value.
            scopes: Where it applies: ``full``, ``branches``, ``local``; without, and without a branch, in all three.
            branch: A single branch, by its name, where it applies too.
            locations: The code locations that get it; without, every one.
            replace: Change the one of this name with the same scopes and location, if there is one.

        Returns:
            The secret, without its value.

        Raises:
            InvalidInputError: An argument cannot be, or several locations with ``replace``; nothing is sent.
            ConflictError: There is one of that name where it would apply, or there are too many.
            InvalidRequestError: The server refuses the name or the value.
            PermissionDeniedError: The token may not create it.

        Example:
            await client.secrets.create(
                "API_KEY", api_key, scopes=["full", "branches"], locations=["demo"]
            )
        """
        value = hidden(value)
        text(name, "the secret's name")
        where = scopes_input(scopes, branch)
        chosen = several(locations, "locations") or []
        if not replace:
            operation = ops.create_secret(
                name=name, value=sent(value), scopes=where, location_names=chosen
            )
            return (await self._transport.fetch(operation)).secret
        if len(chosen) > 1:
            raise InvalidInputError("replace takes one location at most; the API has it so")
        upsert = ops.set_secret(
            name=name,
            value=sent(value),
            scopes=where,
            location_name=chosen[0] if chosen else None,
        )
        return (await self._transport.fetch(upsert)).secret

    async def update(
        self,
        name: str,
        *,
        value: str | Secret | None = None,
        new_name: str | None = None,
        scopes: Iterable[str] | None = None,
        branch: str | None = None,
        locations: Sequence[str] | None = None,
        all_locations: bool = False,
    ) -> StoredSecret:
        """Change a secret; what is not given stays. GraphQL: ``updateSecret``, ``secretsOrError``.

        The API takes the whole record. Where no value is given, the present one is read first and sent again.

        Args:
            name: Its name, or its id where several have the name.
            value: Its new value.
            new_name: Its new name.
            scopes: Where it applies from now on; a branch of its own is given up unless it is given again.
            branch: A single branch where it applies from now on, in place of the one that it had.
            locations: The code locations that get it from now on.
            all_locations: Every code location gets it from now on.

        Returns:
            The secret, without its value.

        Raises:
            InvalidInputError: There is nothing to change, several have the name, or the value has to be given because the
                token may not see the present one; nothing is changed.
            NotFoundError: There is no such secret.
            ConflictError: There is one of that name where it would apply.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.secrets.update("WAREHOUSE_PASSWORD", value=warehouse_password)
        """
        value = None if value is None else hidden(value)
        if all_locations and locations is not None:
            raise InvalidInputError("give locations or all_locations, not both")
        given = (value, new_name, scopes, branch, locations)
        if all(argument is None for argument in given) and not all_locations:
            raise InvalidInputError(
                "there is nothing to change; give value, new_name, scopes, branch, locations or all_locations"
            )
        scopes_input(scopes, branch)
        renamed = None if new_name is None else text(new_name, "new_name")
        chosen = several(locations, "locations")
        found = await self._find(name)
        if value is None:
            value = await self._present_value(found)
        kept = None
        if scopes is None:
            kept, branch = scopes_of(found), branch or found.branch_deployment
        if chosen is None:
            chosen = [] if all_locations else [*found.location_names]
        operation = ops.update_secret(
            id=found.id,
            name=renamed or found.name,
            value=sent(value),
            scopes=scopes_input(scopes, branch, present=kept),
            location_names=chosen,
        )
        return (await self._transport.fetch(operation)).secret

    async def delete(
        self, name: str, *, location: str | None = None, scope: str | None = None
    ) -> None:
        """Delete a secret. GraphQL: ``deleteSecret``, ``secretsOrError``.

        Args:
            name: See ``get``.
            location: See ``get``.
            scope: See ``get``.

        Raises:
            NotFoundError: There is no such secret.
            InvalidInputError: Several have the name; the message lists them with their ids.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.secrets.delete("API_KEY")
        """
        found = await self._find(name, location, scope)
        await self._transport.fetch(ops.delete_secret(id=found.id))

    async def sync(self, document: Document) -> SyncedSecrets:
        """Make the secrets those of a document; those that are not in it are removed. GraphQL: ``syncSecrets``.

        Args:
            document: A list ``secrets`` of items with ``name``, ``value`` and, where wanted, ``scopes``, ``branch`` and
                ``locations``, as for ``create``: a mapping, YAML or JSON text, or the path of such a file.

        Returns:
            The secrets as they are afterwards, and the names of those that were removed.

        Raises:
            InvalidInputError: The document cannot be read; nothing is changed.
            InvalidRequestError: The server refuses a name or a value.
            ConflictError: There would be too many.
            PermissionDeniedError: The token may not change them.

        Example:
            await client.secrets.sync(Path("secrets.yaml"))
        """
        specs, failure = read_secrets(document)
        # No traceback shall show it.
        del document
        if failure is not None:
            raise failure
        operation = ops.sync_secrets(secrets=[spec.to_input() for spec in specs])
        return await self._transport.fetch(operation)

    async def plan(self, document: Document) -> Changes:
        """Tell what ``sync`` would change, by name, and change nothing. GraphQL: ``secretsOrError``.

        Values are compared, where the token may see them, and not shown; those that it may not see count as changed.

        Args:
            document: See ``sync``.

        Raises:
            InvalidInputError: The document cannot be read.
            PermissionDeniedError: The token may not see the secrets.

        Example:
            await client.secrets.plan(Path("secrets.yaml"))
        """
        specs, failure = read_secrets(document)
        del document
        if failure is not None:
            raise failure
        found = await self._transport.fetch(ops.list_revealed_secrets())
        return secret_changes(found.secrets, specs)

    async def env_file(self) -> Secret:
        """Return the secrets of scope ``local`` as the text of a ``.env`` file. GraphQL: ``localSecretsFileContents``.

        Returns:
            The text, hidden: ``reveal()`` returns it.

        Raises:
            PermissionDeniedError: The token may not see them.

        Example:
            await client.secrets.env_file()
        """
        return await self._transport.fetch(ops.get_local_secrets_file())

    async def _find(
        self, name: str, location: str | None = None, scope: str | None = None
    ) -> StoredSecret:
        """Return the one secret with that id, or with that name, location and scope."""
        text(name, "the secret's name")
        names = scope_names(scope)
        field = SCOPES[names[0]] if names else None
        found = (await self._transport.fetch(ops.list_secrets())).secrets
        with_id = [secret for secret in found if secret.id == name]
        if with_id:
            return with_id[0]
        fitting = [
            secret
            for secret in found
            if (location is None or location in secret.location_names)
            and (field is None or getattr(secret, field))
        ]
        return only(fitting, "secret", name, name_of=lambda secret: secret.name, describe=describe)

    async def _reveal(self, stored: StoredSecret) -> RevealedSecret:
        """Return a secret with its value; the values of no other names are asked for."""
        answer = await self._transport.fetch(ops.list_revealed_secrets(secret_name=stored.name))
        return only(
            answer.secrets,
            "secret",
            stored.id,
            name_of=lambda secret: secret.id,
            describe=describe,
        )

    async def _present_value(self, stored: StoredSecret) -> Secret:
        """Return the value that a secret has.

        Raises:
            InvalidInputError: The token may not see it.
        """
        revealed = await self._reveal(stored) if stored.can_view_value else None
        if revealed is None or not revealed.can_view_value:
            raise InvalidInputError(
                f"the token may not see the value of {stored.name!r}, and the API wants the whole record; give the value"
            )
        return revealed.value
