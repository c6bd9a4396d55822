"""Checking documents, and remembering the result: that costs more than everything else the front does."""

from __future__ import annotations

from collections import OrderedDict

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse, validate
from graphql.utilities import value_from_ast_untyped

from .split import conditions, fragments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from graphql import DocumentNode, GraphQLSchema

    from .split import SplitPlan, Splitter

NEEDS_WEBSOCKET = "Subscriptions need a websocket of the subprotocol graphql-ws."


class InvalidDocumentError(Exception):
    """A document that cannot be executed.

    Attributes:
        errors: Why, as GraphQL has it.
    """

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors: Sequence[GraphQLError] = errors


class Documents:
    """Plans operations, each document once.

    Args:
        schema: What documents must be valid for.
        splitter: What plans.
        size: How many documents to remember. The one that was used least recently is forgotten.
    """

    def __init__(self, schema: GraphQLSchema, splitter: Splitter, size: int = 512) -> None:
        self._schema = schema
        self._splitter = splitter
        self._size = size
        self._known: OrderedDict[tuple[str, str | None], _Checked | InvalidDocumentError] = (
            OrderedDict()
        )

    def plan(
        self,
        text: str,
        name: str | None,
        variables: Mapping[str, Any],
        *,
        websocket: bool = False,
        refused: frozenset[str] = frozenset(),
    ) -> SplitPlan:
        """Return how to answer an operation.

        Args:
            text: The document.
            name: The operation's name; needed if there are several.
            variables: The values of its variables.
            websocket: Whether it came over a websocket. Those are for subscriptions, and subscriptions are for them.
            refused: The response keys of fields that the caller may not have.

        Raises:
            InvalidDocumentError: It is no GraphQL, not valid for the schema, has no such operation, or came the wrong way.
        """
        key = (text, name)
        known = self._known.get(key)
        if known is None:
            try:
                known = self._check(text, name)
            except InvalidDocumentError as error:
                known = error
            self._known[key] = known
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        if isinstance(known, InvalidDocumentError):
            raise InvalidDocumentError(known.errors)
        if known.is_subscription is not websocket:
            message = "Queries and mutations need POST." if websocket else NEEDS_WEBSOCKET
            raise InvalidDocumentError([GraphQLError(message)])
        return known.plan(self._splitter, variables, refused)

    def _check(self, text: str, name: str | None) -> _Checked:
        try:
            document = parse(text)
            # It raises for a subscription that a variable skips a field of.
            errors = validate(self._schema, document)
        except GraphQLError as error:
            raise InvalidDocumentError([error]) from None
        except RecursionError:
            raise InvalidDocumentError(
                [GraphQLError("The document has too many levels.")]
            ) from None
        if errors:
            raise InvalidDocumentError(errors)
        return _Checked(text, document, _find_operation(document, name))


class _Checked:
    """A valid operation, and its plans. They differ where variables skip root fields."""

    def __init__(
        self, text: str, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._text = text
        self._document = document
        self._operation = operation
        self._conditions = conditions(operation, fragments_of(document))
        self._defaults = {
            node.variable.name.value: value_from_ast_untyped(node.default_value)
            for node in operation.variable_definitions
            if node.default_value
        }
        self._plans: dict[tuple[tuple[bool, ...], frozenset[str]], SplitPlan] = {}
        self.is_subscription: bool = operation.operation is OperationType.SUBSCRIPTION

    def plan(
        self, splitter: Splitter, variables: Mapping[str, Any], refused: frozenset[str]
    ) -> SplitPlan:
        values = {
            name: bool(variables.get(name, self._defaults.get(name))) for name in self._conditions
        }
        key = (tuple(values.values()), refused)
        if key not in self._plans:
            self._plans[key] = splitter.plan(
                self._text, self._document, self._operation, values, refused
            )
        return self._plans[key]


def _find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    if name:
        operations = [n for n in operations if n.name and n.name.value == name]
    if len(operations) == 1:
        return operations[0]
    message = (
        f"Unknown operation named '{name}'."
        if name
        else "Must provide operation name if query contains multiple operations."
    )
    raise InvalidDocumentError([GraphQLError(message)])
