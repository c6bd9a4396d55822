"""What the control plane knows: kinds, queries, mutations, seeds, switches. Entities' modules write themselves in here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from .context import Context
    from .store import Row

    Resolver = Callable[..., Any]
    Computed = Callable[..., Any]
    F = TypeVar("F", bound=Callable[..., Any])

#: Needed by default: any role in the deployment that was asked.
VIEW = "VIEW"
#: Needed by what nothing but the role of an organization's admin gives.
ORGANIZATION_ADMIN = "ORGANIZATION_ADMIN"


class Failure(Exception):  # noqa: N818 - an answer, and no error of the program
    """Answers with an error.

    It becomes the member of this name of the field's union; where the union lacks it, a PythonError with this class
    name; and where there is no union, a GraphQL error with this code.

    Args:
        typename: The error's GraphQL type.
        message: What it says.
        **fields: Other fields of that type.
    """

    def __init__(self, typename: str, message: str, **fields: object) -> None:
        super().__init__(message)
        self.body: Row = {"__typename": typename, "message": message, **fields}


class ServerFault(Exception):  # noqa: N818 - an answer, and no error of the program
    """Answers as Dagster+ does where its own code breaks: "Internal Server Error", with the id of a trace."""


class Kind:
    """A kind of entity.

    Attributes:
        typename: Its GraphQL type.
        computed: Functions of a context and a row, and of the field's arguments, for fields that are not stored.
        private: What is stored and no field.
        sealed: What is encrypted in the file.
    """

    __slots__ = ("computed", "private", "sealed", "typename")

    def __init__(
        self,
        typename: str,
        computed: Mapping[str, Computed],
        private: tuple[str, ...],
        sealed: tuple[str, ...],
    ) -> None:
        self.typename: str = typename
        self.computed: Mapping[str, Computed] = computed
        self.private: frozenset[str] = frozenset(private)
        self.sealed: tuple[str, ...] = sealed


class Root:
    """A field of a root type.

    Attributes:
        resolver: A function of a context and the field's arguments, named with underscores.
        needs: The permission, `VIEW`, or None: whoever has a token may.
        audit: The type of the audit entry.
        is_organizational: Whether that entry is the organization's, and no deployment's.
        overrides: Whether it answers even where the real Dagster has such a field.
    """

    __slots__ = ("audit", "is_organizational", "needs", "overrides", "resolver")

    def __init__(
        self,
        resolver: Resolver,
        needs: str | None,
        audit: str | None = None,
        *,
        is_organizational: bool = False,
        overrides: bool = False,
    ) -> None:
        self.resolver: Resolver = resolver
        self.needs: str | None = needs
        self.audit: str | None = audit
        self.is_organizational: bool = is_organizational
        self.overrides: bool = overrides


class Switch:
    """Something about Dagster+ that nobody knows, and so can be chosen.

    Attributes:
        choices: What it can be; the first is the default.
        about: The question.
    """

    __slots__ = ("about", "choices")

    def __init__(self, choices: tuple[str, ...], about: str) -> None:
        self.choices: tuple[str, ...] = choices
        self.about: str = about


def sealed_fields() -> dict[str, tuple[str, ...]]:
    """Return what is encrypted in the file, by kind."""
    return {name: described.sealed for name, described in KINDS.items() if described.sealed}


KINDS: dict[str, Kind] = {}
QUERIES: dict[str, Root] = {}
MUTATIONS: dict[str, Root] = {}
SEEDS: dict[str, Callable[..., Any]] = {}
SWITCHES: dict[str, Switch] = {}


def kind(
    typename: str,
    *,
    private: tuple[str, ...] = (),
    sealed: tuple[str, ...] = (),
    **computed: Computed,
) -> str:
    """Describe a kind of entity and return its name, for the store."""
    KINDS[typename] = Kind(typename, computed, private, sealed)
    return typename


def linked(typename: str, name: str) -> Computed:
    """Return a computed field: the entity whose id a row has under a name; null if it has none, or the entity is gone."""

    def find(context: Context, row: Row) -> Row | None:
        identifier = row.get(name)
        return None if identifier is None else context.store.get(typename, identifier)

    return find


def query(name: str, *, needs: str | None = VIEW, overrides: bool = False) -> Callable[[F], F]:
    """Make a function the resolver of a query.

    It gets the context and the field's arguments, whose names are written with underscores. It returns a row, a list
    of rows, a `Ref`, or a plain value.

    Args:
        name: The root field.
        needs: The permission; by default a role in the deployment that was asked. None: whoever has a token may.
        overrides: Answer it even where the real Dagster has such a field.
    """

    def write(resolver: F) -> F:
        QUERIES[name] = Root(resolver, needs, overrides=overrides)
        return resolver

    return write


def mutation(
    name: str, *, needs: str | None, audit: str | None, audit_scope: str = "deployment"
) -> Callable[[F], F]:
    """Make a function the resolver of a mutation: as `query`, in a transaction that a `Failure` undoes.

    If it returns None, the success type is filled with the arguments that are its fields.

    Args:
        name: The root field.
        needs: The permission. None: whoever has a token may.
        audit: The type of the entry that is written into the audit log. None: Dagster+ has none that fits.
        audit_scope: ``organization`` if that entry has no deployment, as that of whatever needs a permission of the
            organization never has one.
    """

    def write(resolver: F) -> F:
        is_organizational = audit_scope == "organization"
        MUTATIONS[name] = Root(resolver, needs, audit, is_organizational=is_organizational)
        return resolver

    return write


def seeds(noun: str) -> Callable[[F], F]:
    """Make a function that plants one entry of a seed's list: it gets the context and the entry's values."""

    def write(planter: F) -> F:
        SEEDS[noun] = planter
        return planter

    return write


def switch(name: str, *choices: str, about: str) -> str:
    """Declare something about Dagster+ that is not known, and return its name.

    Args:
        name: Its name.
        *choices: What it can be; the first is the default.
        about: What is not known.
    """
    SWITCHES[name] = Switch(choices, about)
    return name
