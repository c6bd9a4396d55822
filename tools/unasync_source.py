"""Read Python source: its tokens, the fields of its f-strings, the parts marked for removal.

The same on every Python: the tokens of an f-string, which Python 3.12 and newer split, are
joined again, and its replacement fields are found here.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STRING_STARTS: Final = {getattr(tokenize, f"{kind}STRING_START", None) for kind in "FT"} - {None}
_STRING_ENDS: Final = {getattr(tokenize, f"{kind}STRING_END", None) for kind in "FT"} - {None}
_DIRECTIVE: Final = re.compile(r"#\s*unasync:\s*(\S*)")
_CLAUSE: Final = re.compile(r"\s*(?:elif|else|finally)\b")
_TYPE_EXPRESSION: Final = re.compile(r"(?:\b[A-Za-z_]\w*\b|[.\[\], |])+")
_TYPE_NODES: Final = (
    ast.Expression,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.BinOp,
    ast.BitOr,
    ast.Tuple,
    ast.List,
    ast.Constant,
    ast.expr_context,
)
_QUOTE: Final = re.compile(r"\"{3}|'{3}|\"|'")


class UnasyncError(Exception):
    """Source that has no safe sync form; the message names the file and the line."""


class Token(NamedTuple):
    """A token with its place in the text, as offsets."""

    type: int
    string: str
    start: int
    end: int
    line: int


def tokens_of(source: str) -> Iterator[Token]:
    """Yield the tokens; a formatted string is one token on every Python."""
    offsets = _line_offsets(source)
    depth, opened, line = 0, 0, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start = min(offsets[token.start[0] - 1] + token.start[1], len(source))
        end = min(offsets[token.end[0] - 1] + token.end[1], len(source))
        if token.type in _STRING_STARTS:
            if depth == 0:
                opened, line = start, token.start[0]
            depth += 1
        elif token.type in _STRING_ENDS:
            depth -= 1
            if depth == 0:
                yield Token(tokenize.STRING, source[opened:end], opened, end, line)
        elif depth == 0:
            yield Token(token.type, token.string, start, end, token.start[0])


def is_type_expression(text: str) -> bool:
    """Tell whether a string literal can be an annotation, a name or a dotted path."""
    if not _TYPE_EXPRESSION.fullmatch(text):
        return False
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    is_list = isinstance(tree.body, ast.Tuple)
    return not is_list and all(isinstance(node, _TYPE_NODES) for node in ast.walk(tree))


def replacement_fields(body: str, *, raw: bool) -> Iterator[tuple[int, int]]:
    """Yield where the expressions of an f-string's body start and end.

    Conversions and format specifications are not part of them, fields inside a format
    specification are fields of their own.
    """
    i = 0
    while i < len(body):
        if body.startswith("{{", i):
            i += 2
        elif not raw and body.startswith("\\N{", i):
            i = body.index("}", i)
        elif body[i] == "{":
            end = _expression_end(body, i + 1)
            yield i + 1, end
            i = end
        else:
            i += 1


def marked_ranges(source: str, tokens: Sequence[Token], path: str) -> list[tuple[int, int]]:
    """Return the offsets of the statements that carry the removal marker, outermost only.

    Raises:
        UnasyncError: the marker is misspelt, or stands on a line that starts no statement.
    """
    lines = []
    for token in tokens:
        if token.type == tokenize.COMMENT and (match := _DIRECTIVE.search(token.string)):
            if match[1] != "remove":
                raise UnasyncError(f"{path}:{token.line}: unknown directive {match[0]!r}")
            lines.append(token.line)
    if not lines:
        return []
    offsets, tree = _line_offsets(source), ast.parse(source)
    ranges: list[tuple[int, int]] = []
    for line in lines:
        node = _statement_at(line, tree, source)
        if node is None:
            message = "the marker belongs on the first line of a statement or an except clause"
            raise UnasyncError(f"{path}:{line}: {message}")
        assert node.end_lineno is not None
        end = min(offsets[node.end_lineno], len(source))
        start = offsets[_first_line(node) - 1]
        if not ranges or start >= ranges[-1][1]:  # else a block that goes already holds it
            ranges.append((start, end))
    return ranges


def _statement_at(line: int, tree: ast.Module, source: str) -> ast.stmt | ast.ExceptHandler | None:
    """Return the outermost statement whose header (all of it, if simple) covers a line."""
    if _CLAUSE.match(source.split("\n")[line - 1]):
        return None
    nodes = (n for n in ast.walk(tree) if isinstance(n, (ast.stmt, ast.ExceptHandler)))
    return next((n for n in nodes if _first_line(n) <= line <= _last_header_line(n)), None)


def _last_header_line(node: ast.stmt | ast.ExceptHandler) -> int:
    if isinstance(node, ast.Match):
        return node.lineno
    body: list[ast.stmt] = getattr(node, "body", [])
    if body:
        return max(node.lineno, _first_line(body[0]) - 1)
    assert node.end_lineno is not None
    return node.end_lineno


def _first_line(node: ast.stmt | ast.ExceptHandler) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _expression_end(body: str, i: int) -> int:
    """Return where the expression that starts at `i` ends: at `}`, `:` or `!r`."""
    depth = 0
    while True:
        char = body[i]
        if quote := _QUOTE.match(body, i):
            i = body.index(quote[0], quote.end()) + len(quote[0])
            continue
        if depth == 0 and (char in "}:" or (char == "!" and body[i + 1] != "=")):
            return i
        depth += (char in "([{") - (char in ")]}")
        i += 1


def _line_offsets(source: str) -> list[int]:
    offsets = [0]
    for line in source.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    return offsets
