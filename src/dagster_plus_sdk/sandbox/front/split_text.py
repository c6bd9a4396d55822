"""The real webserver's part of an operation: the caller's text without what is not meant for it."""

from __future__ import annotations

from graphql import FieldNode, FragmentDefinitionNode, InlineFragmentNode, Visitor, visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from graphql import DocumentNode, NamedTypeNode, Node, OperationDefinitionNode, SelectionSetNode

    #: Start and end of a range, and what to put there.
    Edit = tuple[int, int, str]

NONE: Mapping[str, str] = {}


class TextPart:
    """What to send to the real webserver.

    Attributes:
        text: The document.
        variables: The names of the variables that it uses.
        name: The operation's name.
    """

    __slots__ = ("name", "text", "variables")

    def __init__(self, text: str, variables: frozenset[str], name: str | None) -> None:
        self.text: str = text
        self.variables: frozenset[str] = variables
        self.name: str | None = name


def cut_text(
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    keys: frozenset[str],
    names: tuple[str, str],
    *,
    marks: Mapping[str, str] = NONE,
    renamed: Mapping[str, str] = NONE,
) -> TextPart:
    """Blank out everything but some root fields of an operation.

    Args:
        text: The document's text.
        document: The document.
        operation: The operation to keep.
        keys: The response keys of the root fields to keep.
        names: The root type's name in the document, and the one to put in its place.
        marks: What to select as well, by the root field's name.
        renamed: What the webserver calls root fields that have another name here.
    """
    cutter = _Cutter(document, keys, names, marks, renamed)
    cutter.prune(operation.selection_set)
    variables = cutter.reach(operation)
    cutter.drop_definitions(document, operation)
    cutter.drop_variables(operation, variables)
    name = operation.name.value if operation.name else None
    return TextPart(apply_edits(text, cutter.edits), frozenset(variables), name)


class _Cutter:
    """Collects the edits of one text."""

    def __init__(
        self,
        document: DocumentNode,
        keys: frozenset[str],
        names: tuple[str, str],
        marks: Mapping[str, str],
        renamed: Mapping[str, str],
    ) -> None:
        self.edits: list[Edit] = []
        self._marks = marks
        self._renamed = renamed
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._keys = keys
        self._names = names
        #: Whether anything is left of each fragment on the root that was looked at.
        self._pruned: dict[str, bool] = {}
        self._used: dict[str, FragmentDefinitionNode] = {}

    def prune(self, selections: SelectionSetNode) -> bool:
        """Drop the fields of the other side, and fragments that are then empty. Tell whether anything is left."""
        left = False
        for node in selections.selections:
            if isinstance(node, FieldNode):
                stays = self._prune_field(node)
            elif isinstance(node, InlineFragmentNode):
                stays = self._prune_body(node.selection_set, node.type_condition)
            else:
                stays = self._prune_fragment(node.name.value)  # type: ignore[attr-defined]
            if not stays:
                self._replace(node, "")
            left = left or stays
        return left

    def _prune_field(self, node: FieldNode) -> bool:
        """Rename and mark a field of the root, if it is one of this side."""
        name = node.name.value
        if (node.alias or node.name).value not in self._keys:
            return False
        if name in self._renamed:
            alias = "" if node.alias else f"{name}:"
            self._replace(node.name, alias + self._renamed[name])
        if name in self._marks and node.selection_set:
            assert node.selection_set.loc
            end = node.selection_set.loc.end - 1
            self.edits.append((end, end, f" {self._marks[name]} "))
        return True

    def _prune_body(self, body: SelectionSetNode, condition: NamedTypeNode | None) -> bool:
        before = len(self.edits)
        if self.prune(body):
            if condition is not None and self._names[0] != self._names[1]:
                self._replace(condition, self._names[1])
            return True
        # All of it goes: what was to be done inside is void.
        del self.edits[before:]
        return False

    def _prune_fragment(self, name: str) -> bool:
        if name not in self._pruned:
            fragment = self._fragments[name]
            self._pruned[name] = self._prune_body(fragment.selection_set, fragment.type_condition)
            if self._pruned[name]:
                self._used[name] = fragment
        return self._pruned[name]

    def reach(self, operation: OperationDefinitionNode) -> set[str]:
        """Find the fragments that what is left uses. Return the variables that it uses."""
        gone = [(start, end) for start, end, text in self.edits if not text]
        variables: set[str] = set()
        # Grows while it is walked.
        reached: list[Any] = [operation, *self._used.values()]
        visitor = _Reach(self._fragments, self._used, variables, reached, gone)
        for definition in reached:
            for child in (definition.selection_set, *definition.directives):
                visit(child, visitor)
        return variables

    def drop_definitions(self, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        """Drop the other operations, and the fragments that are not used any more."""
        kept = [operation, *self._used.values()]
        for definition in document.definitions:
            if not any(definition is node for node in kept):
                self._replace(definition, "")

    def drop_variables(self, operation: OperationDefinitionNode, used: set[str]) -> None:
        """Drop the definitions of variables that are not used any more."""
        definitions = operation.variable_definitions
        if definitions and not used:
            # Empty parentheses are not GraphQL.
            first, last = definitions[0].loc, definitions[-1].loc
            assert first
            assert last
            assert first.start_token.prev
            assert last.end_token.next
            self.edits.append((first.start_token.prev.start, last.end_token.next.end, ""))
            return
        for definition in definitions:
            if definition.variable.name.value not in used:
                self._replace(definition, "")

    def _replace(self, node: Node, text: str) -> None:
        assert node.loc
        self.edits.append((node.loc.start, node.loc.end, text))


class _Reach(Visitor):
    """Notes the variables and the fragments that are used outside the ranges that go."""

    def __init__(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        used: dict[str, FragmentDefinitionNode],
        variables: set[str],
        reached: list[Any],
        gone: list[tuple[int, int]],
    ) -> None:
        super().__init__()
        self._fragments = fragments
        self._used = used
        self._variables = variables
        self._reached = reached
        self._gone = gone

    def enter_fragment_spread(self, node: Any, *_: object) -> None:
        """Go on into the fragment."""
        name = node.name.value
        if name not in self._used and not self._is_gone(node):
            self._used[name] = self._fragments[name]
            self._reached.append(self._fragments[name])

    def enter_variable(self, node: Any, *_: object) -> None:
        """Note the variable."""
        if not self._is_gone(node):
            self._variables.add(node.name.value)

    def _is_gone(self, node: Node) -> bool:
        place = node.loc
        assert place
        return any(start <= place.start and place.end <= end for start, end in self._gone)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Replace ranges of a text without moving the rest, as far as the replacements are not longer.

    Args:
        text: The text.
        edits: The ranges, which do not overlap.
    """
    pieces: list[str] = []
    position = 0
    for start, end, new in sorted(edits):
        blank = "".join(char if char in "\r\n" else " " for char in text[start:end])
        pieces += [text[position:start], new, blank[len(new) :]]
        position = end
    return "".join([*pieces, text[position:]])
