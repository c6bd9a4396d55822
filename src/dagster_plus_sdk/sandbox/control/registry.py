"""What the control plane knows: kinds, queries and mutations. Entities' modules write themselves in here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from .store import Row, Store

    Resolver = Callable[..., Any]
    Computed = Callable[["Context", Row], Any]
    F = TypeVar("F", bound=Callable[..., Any])


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


class Context:
    """What a resolver gets first.

    Attributes:
        store: The entities.
        deployment: The name of the deployment that was asked.
        email: The address of the user who asks.
    """

    __slots__ = ("deployment", "email", "store")

    def __init__(self, store: Store, deployment: str, email: str) -> None:
        self.store: Store = store
        self.deployment: str = deployment
        self.email: str = email


class Kind:
    """A kind of entity.

    Attributes:
        typename: Its GraphQL type.
        computed: Functions of a context and a row, for fields that are not stored.
        private: What is stored and no field.
    """

    __slots__ = ("computed", "private", "typename")

    def __init__(
        self, typename: str, computed: Mapping[str, Computed], private: frozenset[str]
    ) -> None:
        self.typename: str = typename
        self.computed: Mapping[str, Computed] = computed
        self.private: frozenset[str] = private


KINDS: dict[str, Kind] = {}
QUERIES: dict[str, Resolver] = {}
MUTATIONS: dict[str, Resolver] = {}


def kind(typename: str, *, private: tuple[str, ...] = (), **computed: Computed) -> str:
    """Describe a kind of entity and return its name, for the store."""
    KINDS[typename] = Kind(typename, computed, frozenset(private))
    return typename


def query(name: str) -> Callable[[F], F]:
    """Make a function the resolver of a query.

    It gets the context and the field's arguments, whose names are written with underscores. It returns a row, a list
    of rows, or a plain value.
    """
    return _writer(QUERIES, name)


def mutation(name: str) -> Callable[[F], F]:
    """Make a function the resolver of a mutation: as `query`, in a transaction that a `Failure` undoes."""
    return _writer(MUTATIONS, name)


def _writer(table: dict[str, Resolver], name: str) -> Callable[[F], F]:
    def write(resolver: F) -> F:
        table[name] = resolver
        return resolver

    return write
