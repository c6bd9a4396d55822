"""A server that answers every operation from the schema, as Dagster+ would with little in it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLError,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    is_enum_type,
    is_list_type,
    value_from_ast,
)

from .answers import Answers, Place
from .answers_selected import Sets, coerced_variables, is_error
from .schema import load_schema, problems, tree_of
from .server import Reply, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DocumentNode
    from typing_extensions import Self

    from .answers_values import Field
    from .server import Received

_LIMIT = re.compile(r"(limit|first|pagesize|batchsize)$")
_CURSOR = re.compile(r"(cursor|after)$")
_PYTHON = {"Boolean": bool, "BigInt": int, "Float": (int, float), "Int": int}
_JSON = {"content-type": "application/json"}


class Asked:
    """What the arguments of a field say about its answer.

    Args:
        arguments: Coerced ones; the fields of input objects count like arguments of their own.
        lists: How many lists enclose the field.
    """

    def __init__(self, arguments: dict[str, Any], lists: int) -> None:
        self.values = {
            _plain(name): value
            for name, value in _flat(arguments)
            if value not in (None, Undefined)
        }
        self.lists = lists
        self.limit = next((v for n, v in self.values.items() if _LIMIT.search(n)), None)
        self.behind = any(value for n, value in self.values.items() if _CURSOR.search(n))
        self._said: dict[str, Place] = {}

    def size(self, usual: int) -> int:
        """Return how many items a list has: none behind a cursor, fewer than a limit that leaves room."""
        if self.behind:
            return 0
        if not isinstance(self.limit, int):
            return usual
        return min(usual, self.limit - 1 if self.limit > 2 else self.limit)

    def echo(self, kind: Any, field: Field, place: Place, *, many: bool = False) -> Any:
        """Return the value that was asked by the name of a field; None where there is none that fits.

        An argument says it of one object: the first, outermost one that has such a field.
        """
        for name in self._names(field):
            value = self.values[name]
            holder = place._replace(path=place.path[:-1])
            if self._said.setdefault(name, holder) == holder and _fits(kind, value, many=many):
                return value
        return None

    def _names(self, field: Field) -> Iterator[str]:
        """Yield the arguments that mean a field: of its name, or ``runId`` for the ``id`` of a run."""
        key, name, owner = _plain(field.key), _plain(field.name), _plain(field.owner)
        for given in self.values:
            of_owner = given.endswith(key) and (owner + key).endswith(given)
            if given in (key, name) or of_owner:
                yield given


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _flat(arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in arguments.items():
        yield name, value
        if isinstance(value, dict):
            yield from _flat(value)


def _fits(kind: Any, value: Any, *, many: bool) -> bool:
    if many:
        return isinstance(value, list) and all(_fits(kind, v, many=False) for v in value)
    if is_enum_type(kind):
        return isinstance(value, str) and value in kind.values
    fitting = _PYTHON.get(kind.name, str)
    return isinstance(value, fitting) and (fitting is bool or not isinstance(value, bool))


class ServerAnswers(Answers):
    """Answers that say what was asked for, and at which every client comes to an end.

    Values of arguments come back in fields of the same name; lists keep to limits and are empty behind a cursor;
    unions are successes, each list of them with one item of each type.
    """

    _asked: Asked | None = None

    def _field(self, owner: str, key: str, nodes: list, place: Place) -> Any:
        definition = self.schema.type_map[owner].fields[nodes[0].name.value]
        if not definition.args and self._asked is not None:
            return super()._field(owner, key, nodes, place)
        given = {
            node.name.value: value_from_ast(
                node.value, definition.args[node.name.value].type, self.selected.variables
            )
            for node in nodes[0].arguments or ()
        }
        before = self._asked
        self._asked = Asked(given, place.lists)
        try:
            return super()._field(owner, key, nodes, place)
        finally:
            self._asked = before

    def _list(self, kind: Any, field: Field, sets: Sets, place: Place) -> list[Any]:
        named = get_named_type(kind)
        if not sets and not is_list_type(kind) and place.item == 1:
            echoed = self._asked.echo(named, field, place, many=True)
            if echoed is not None:
                return echoed
        return super()._list(kind, field, sets, place)

    def _size(self, kind: Any, sets: Sets, place: Place) -> int:
        usual = super()._size(kind, sets, place)
        return self._asked.size(usual) if place.lists == self._asked.lists and sets else usual

    def _leaf(self, kind: Any, field: Field, place: Place) -> Any:
        if field.name == "nextCursor":
            return None  # the end of the list
        echoed = self._asked.echo(kind, field, place) if field.item == 1 else None
        return super()._leaf(kind, field, place) if echoed is None else echoed

    def _choices(self, kind: Any, sets: Sets, place: Place) -> list[str]:
        members = self.selected.members(kind, sets)
        return [name for name in members if not is_error(self.schema, name)] or members


class RefusedError(Exception):
    """A request that a server refuses, with its errors."""

    def __init__(self, *errors: GraphQLError | str) -> None:
        super().__init__(errors)
        self.errors = [
            e.formatted if isinstance(e, GraphQLError) else {"message": e} for e in errors
        ]


def _checked(text: str) -> DocumentNode:
    """Return a document's tree.

    Raises:
        RefusedError: It does not parse, or is not valid for the schema.
    """
    try:
        tree, errors = tree_of(text), problems(text)
    except GraphQLError as error:
        raise RefusedError(error) from None
    if errors:
        raise RefusedError(*errors)
    return tree


class AnswerServer:
    """A real HTTP server on loopback that checks each operation against the schema, and answers it.

    ``with AnswerServer() as server, DagsterPlus(url=server.url, token="x") as client: ...``

    What is not valid, or has variables that do not fit, gets the GraphQL errors and the status 400 of a real server.
    All else succeeds, with values by `kit.answers_values`: the same request gets the same answer. Nothing is stored.

    Attributes:
        url: Its address.
        places: Replies at other paths than ``.../graphql``, such as those of the REST API; filled by tests.
    """

    def __init__(self) -> None:
        self.places: dict[str, Reply] = {}
        self._server = ScriptedServer()
        self._server.reply(self._reply)
        self.url = self._server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.close()

    @property
    def received(self) -> list[Received]:
        """The requests that came."""
        return self._server.received

    @property
    def operations(self) -> list[str]:
        """The names of the operations that came."""
        return self._server.operations

    def _reply(self, received: Received) -> Reply:
        path = received.path.partition("?")[0]
        if not path.endswith("/graphql"):
            return self.places.get(path) or Reply(
                {"error": f"there is nothing at {received.path}"}, 404, _JSON
            )
        try:
            sent = received.json
            name, variables = sent.get("operationName"), sent.get("variables") or {}
            return Reply({"data": answer(sent["query"], variables, name)}, headers=_JSON)
        except RefusedError as refused:
            return Reply({"data": None, "errors": refused.errors}, 400, _JSON)
        except (ValueError, AttributeError, KeyError) as error:
            body = {"data": None, "errors": [{"message": f"No GraphQL request: {error!r}"}]}
            return Reply(body, 400, _JSON)


def answer(text: str, variables: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """Return the data of the answer to a request.

    Raises:
        RefusedError: The document is not valid, or cannot take the variables.
    """
    tree = _checked(text)
    nodes = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    if name is not None:
        nodes = [node for node in nodes if node.name and node.name.value == name]
    if len(nodes) != 1:
        raise RefusedError(
            f"Unknown operation named {name!r}." if name else "Must provide operation name."
        )
    values = coerced_variables(load_schema(), nodes[0], variables)
    if not isinstance(values, dict):
        raise RefusedError(*values)
    chosen = nodes[0].name.value if nodes[0].name else None
    return json.loads(json.dumps(next(ServerAnswers(load_schema(), tree, values, chosen).full())))
