"""A line that is being typed, as a shell reads it: its words, and what there is of the last one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a shell would not take as it is: outside of quotes, and inside of double ones.
_SPECIAL = frozenset(" \t\"'\\$`&|;<>()*?[]{}!#~")
_SPECIAL_IN_DOUBLE = frozenset('"\\$`')


class Line:
    """The words of a line.

    Attributes:
        words: Those that are complete.
        word: The text of the last one, without quotes.
        quote: The quotation mark that is open in it, or nothing.
        marks: Where in ``word`` unquoted characters stand, and where (as a quotation mark) a quotation begins.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.word: str = ""
        self.quote: str = ""
        self.marks: list[tuple[int, str]] = []

    def end_word(self) -> None:
        """Begin another word."""
        self.words.append(self.word)
        self.word, self.marks = "", []

    def quoted(self, text: str, breaks: str) -> str:
        """Return a candidate for the last word as bash takes it: what follows the last break in the word, and quoted.

        Args:
            text: The whole candidate.
            breaks: The characters at which bash begins a new word, too.
        """
        cut = 0
        for place, character in self.marks:
            if character in "\"'":
                cut = place
            elif character in breaks and text.startswith(self.word[: place + 1]):
                cut = place + 1
        text = text[cut:]
        if self.quote == "'":
            return text.replace("'", r"'\''")
        special = _SPECIAL_IN_DOUBLE if self.quote else _SPECIAL
        return "".join(f"\\{c}" if c in special else c for c in text)


def line_of(words: Sequence[str]) -> Line:
    """Return a line whose words a shell has told apart; the last one is being typed."""
    line = Line()
    line.words, line.word = list(words[:-1]), words[-1]
    return line


def split(text: str) -> Line:
    """Return a line that ends where somebody types."""
    line, begun = Line(), False
    characters = iter(text)
    for character in characters:
        if line.quote:
            if character == line.quote:
                line.quote = ""
            elif character == "\\" and line.quote == '"':
                line.word += _escaped(next(characters, ""))
            else:
                line.word += character
        elif character in "\"'":
            line.quote, begun = character, True
            line.marks.append((len(line.word), character))
        elif character.isspace():
            if begun:
                line.end_word()
            begun = False
        else:
            begun = True
            if character == "\\":
                line.word += next(characters, "")
                continue
            line.marks.append((len(line.word), character))
            line.word += character
    return line


def _escaped(character: str) -> str:
    """Return what a backslash before a character means in double quotes."""
    return character if character in _SPECIAL_IN_DOUBLE else "\\" + character
