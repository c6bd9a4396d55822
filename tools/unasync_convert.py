"""Convert the text of one async module, token by token, so that comments and layout stay.

Needs the standard library only and gives the same text on every Python.
The rules are listed in `unasync`.
"""

from __future__ import annotations

import ast
import keyword
import re
import tokenize
from typing import TYPE_CHECKING, Final, NoReturn

from unasync_source import (
    UnasyncError,
    is_type_expression,
    marked_ranges,
    replacement_fields,
    tokens_of,
)
from unasync_words import (
    EVENT_LOOPS,
    GENERICS,
    IMPOSSIBLE,
    LIBRARY,
    MARKS,
    convert_comment,
    convert_prose,
    convert_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAYOUT: Final = frozenset({tokenize.NL, tokenize.COMMENT})
_STATEMENT_ENDS: Final = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_LITERAL: Final = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>\"{3}|'{3}|\"|')")


def convert(source: str, path: str = "<source>") -> str:
    """Return the sync twin of an async module.

    Args:
        source: the module's text, valid for the oldest Python that is supported.
        path: the file's name, for error messages.

    Raises:
        UnasyncError: the text has a name without a counterpart, or is no valid Python.
    """
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise UnasyncError(f"{path}:{error.lineno}: {error.msg}") from None
    result = _Converter(source, path).run()
    try:
        ast.parse(result)
    except SyntaxError as error:
        message = f"{path}: the sync form is no valid Python ({error.msg}: {error.text!r})"
        raise UnasyncError(message) from None
    return result


class _Converter:
    """One pass over the tokens; edits refer to the original text."""

    def __init__(self, source: str, path: str, *, first_line: int = 1, strict: bool = True) -> None:
        self.source = source
        self.path = path
        self.first_line = first_line
        self.strict = strict
        tokens = list(tokens_of(source))
        removed = marked_ranges(source, tokens, path)
        self.tokens = tokens
        if removed:
            self.tokens = [t for t in tokens if not any(a <= t.start < b for a, b in removed)]
        self.edits = [(a, b, "") for a, b in removed]

    def run(self) -> str:
        index = 0
        while index < len(self.tokens):
            index = self._step(index)
        parts: list[str] = []
        last = 0
        for start, end, text in sorted(self.edits):
            parts += self.source[last:start], text
            last = end
        return "".join([*parts, self.source[last:]])

    def _step(self, i: int) -> int:
        token = self.tokens[i]
        if token.type == tokenize.NAME:
            return self._name(i)
        if token.type == tokenize.COMMENT:
            self._replace(i, convert_comment(token.string))
        elif token.type == tokenize.STRING:
            self._string(i)
        elif token.string == "(" and self.tokens[i + 1].string == "await":
            self._parentheses(i)
        return i + 1

    def _name(self, i: int) -> int:
        name = self.tokens[i].string
        if name in ("async", "await"):
            self._delete(self.tokens[i].start, self.tokens[i + 1].start)
            return i + 1
        if name in EVENT_LOOPS:
            return self._library(i)
        if name in GENERICS:
            return self._generic(i)
        if name == "pytest" and self._text(i, i + 5) == "pytest.mark.anyio":
            return self._mark(i)
        if name in IMPOSSIBLE and self.strict:
            self._fail(i, f"{name} has no sync form")
        self._replace(i, convert_word(name))
        return i + 1

    def _library(self, i: int) -> int:
        name = self._text(i, i + 3)
        before = self.tokens[i - 1].string
        if name in LIBRARY:
            self.edits.append((self.tokens[i].start, self.tokens[i + 2].end, LIBRARY[name]))
            return i + 3
        if before == "import" and self.tokens[i + 1].type in {tokenize.NEWLINE, tokenize.COMMENT}:
            self._replace(i, ", ".join(self._modules()))
        elif self.strict and before != ".":
            found = name if self.tokens[i + 1].string == "." else self.tokens[i].string
            self._fail(i, f"{found} has no sync form here")
        return i + 1

    def _modules(self) -> list[str]:
        """Return the modules that stand in for the event loop's."""
        names = (self._text(i, i + 3) for i in range(len(self.tokens)))
        used = {LIBRARY[name].partition(".") for name in names if name in LIBRARY}
        return sorted({module for module, dot, _ in used if dot}) or ["threading"]

    def _generic(self, i: int) -> int:
        name = self.tokens[i].string
        if self.tokens[i + 1].string != "[":
            if name == "AsyncGenerator":
                self._replace(i, "Generator")
            elif self.strict and not self._is_import(i):
                self._fail(i, f"{name} without [...] has no sync form")
            return i + 1
        arguments = self._arguments(i + 1)
        end = self.tokens[self._match(i + 1)].end
        if name == "AsyncGenerator":
            self._replace(i, "Generator")
            last = self.tokens[arguments[-1][1]].end
            self.edits.append((last, last, ", None" * (3 - len(arguments))))
            return i + 1
        if len(arguments) != GENERICS[name]:
            self._fail(i, f"{name} needs {GENERICS[name]} argument(s)")
        first, last_token = arguments[-1]
        self._delete(self._prefix_start(i), self.tokens[first].start)
        self._delete(self.tokens[last_token].end, end)
        return first

    def _mark(self, i: int) -> int:
        start, end = self._statement(i)
        if self._text(start, end, layout=False) in MARKS:
            line = self.source.rfind("\n", 0, self.tokens[start].start) + 1
            self._delete(line, self.tokens[end].end)
            return end + 1
        before, after = self.tokens[i - 1].string, self.tokens[i + 5].string
        if before not in ("[", "(", ",") or after not in ("]", ")", ","):
            self._fail(i, "pytest.mark.anyio can be removed from decorators and lists only")
        first = i - 1 if before == "," else i
        last = i + 5 if after == "," and before != "," else i + 4
        self._delete(self.tokens[first].start, self.tokens[last].end)
        return last + 1

    def _parentheses(self, i: int) -> None:
        """Drop the parentheses of `(await x.y()).z`, which have no use without await."""
        before = self.tokens[i - 1]
        is_call = before.string in (")", "]", "}") or before.type == tokenize.STRING
        if before.type == tokenize.NAME:
            touching = before.end == self.tokens[i].start
            is_call = touching or not keyword.iskeyword(before.string)
        close = self._match(i)
        if not is_call and self._is_primary(i + 2, close):
            self._delete(self.tokens[i].start, self.tokens[i].end)
            self._delete(self.tokens[close].start, self.tokens[close].end)

    def _is_primary(self, i: int, end: int) -> bool:
        if self.tokens[i].type != tokenize.NAME or keyword.iskeyword(self.tokens[i].string):
            return False
        i += 1
        while i < end:
            if self.tokens[i].string == "." and self.tokens[i + 1].type == tokenize.NAME:
                i += 2
            elif self.tokens[i].string in ("(", "["):
                i = self._match(i) + 1
            else:
                return False
        return True

    def _string(self, i: int) -> None:
        token = self.tokens[i]
        literal = _LITERAL.match(token.string)
        assert literal is not None
        prefix, quote = literal["prefix"].lower(), literal["quote"]
        body = token.string[literal.end() : -len(quote)]
        if "f" in prefix or "t" in prefix:
            line = token.line + self.first_line - 1
            fields = replacement_fields(body, raw="r" in prefix)
            converted = self._formatted(body, fields, line)
        elif "b" in prefix:
            return
        elif self._is_docstring(i):
            converted = convert_prose(body)
        elif is_type_expression(body):
            converted = _Converter(body, self.path, strict=False).run()
        else:
            return
        self._replace(i, f"{literal[0]}{converted}{quote}")

    def _formatted(self, body: str, fields: Iterable[tuple[int, int]], line: int) -> str:
        parts: list[str] = []
        last = 0
        for start, end in fields:
            # a call's parentheses let the expression go over several lines and are never dropped
            call = f"_({body[start:end]})"
            converter = _Converter(call, self.path, first_line=line, strict=self.strict)
            parts += body[last:start], converter.run()[2:-1]
            last = end
        return "".join([*parts, body[last:]])

    def _is_docstring(self, i: int) -> bool:
        before, after = i - 1, i + 1
        while before >= 0 and self.tokens[before].type in _LAYOUT:
            before -= 1
        while self.tokens[after].type in _LAYOUT:
            after += 1
        starts = before < 0 or self.tokens[before].type in _STATEMENT_ENDS
        return starts and self.tokens[after].type in {tokenize.NEWLINE, tokenize.ENDMARKER}

    def _is_import(self, i: int) -> bool:
        return self.tokens[self._statement(i)[0]].string in ("from", "import")

    def _statement(self, i: int) -> tuple[int, int]:
        """Return the first token of the logical line around `i`, and its NEWLINE."""
        start = end = i
        while start and self.tokens[start - 1].type not in _STATEMENT_ENDS:
            start -= 1
        while self.tokens[start].type in _LAYOUT:
            start += 1
        while self.tokens[end].type not in {tokenize.NEWLINE, tokenize.ENDMARKER}:
            end += 1
        return start, end

    def _prefix_start(self, i: int) -> int:
        """Return where `typing.Awaitable` starts, given the token of its last name."""
        while self.tokens[i - 1].string == "." and self.tokens[i - 2].type == tokenize.NAME:
            i -= 2
        return self.tokens[i].start

    def _match(self, i: int) -> int:
        """Return the bracket that closes the one at `i`."""
        depth = 0
        while True:
            token = self.tokens[i]
            if token.type == tokenize.OP:
                depth += (token.string in _CLOSING) - (token.string in _CLOSING.values())
            if depth == 0:
                return i
            i += 1

    def _arguments(self, i: int) -> list[tuple[int, int]]:
        """Return the first and last token of each item between the brackets at `i`."""
        groups: list[list[int]] = [[]]
        end = self._match(i)
        i += 1
        while i < end:
            if self.tokens[i].string == ",":
                groups.append([])
            elif self.tokens[i].type not in _LAYOUT:
                stop = self._match(i)
                groups[-1] += i, stop
                i = stop
            i += 1
        return [(group[0], group[-1]) for group in groups if group]

    def _text(self, start: int, end: int, *, layout: bool = True) -> str:
        chosen = self.tokens[start:end]
        return "".join(t.string for t in chosen if layout or t.type not in _LAYOUT)

    def _replace(self, i: int, text: str) -> None:
        if text != self.tokens[i].string:
            self.edits.append((self.tokens[i].start, self.tokens[i].end, text))

    def _delete(self, start: int, end: int) -> None:
        self.edits.append((start, end, ""))

    def _fail(self, i: int, message: str) -> NoReturn:
        raise UnasyncError(f"{self.path}:{self.tokens[i].line + self.first_line - 1}: {message}")
