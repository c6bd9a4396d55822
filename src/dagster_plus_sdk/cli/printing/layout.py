"""Tables that fit a terminal: how wide texts are, which columns give way, and where a text is cut. Nothing is printed here."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, combining, east_asian_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .columns import Column

GAP = "  "
#: What a column of texts keeps at least, where it has so much.
_FLOOR = 12
#: And the first one, which says what a row is about.
_FIRST_FLOOR = 24
#: How many columns stay, whatever the terminal is like.
_KEPT = 2
#: Joins the emoji before and behind it; makes the one before it wide.
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"
#: Shades of the emoji before them.
_SHADES = range(0x1F3FB, 0x1F400)
#: The later parts of a Korean syllable, which stand in the first one's place.
_JAMO = range(0x1160, 0x1200)

#: What no column gives up before others have: by the last part of its path, or by its values.
_FIRM = re.compile(r"(?:^|\.)(?:id|\w+_id|\w*status|action|health|#)$")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z|")
#: The seconds of a time, which go before a column does.
_SECONDS = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ$")


class Layout:
    """Rows and columns as they fit.

    Args:
        columns: All columns.
        rows: A text for each, of each record.
        edge: How wide a line may be.
        ellipsis: What ends a cut text.

    Attributes:
        columns: Those that fit.
        left_out: The titles of the others that have something to show.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        edge: int,
        ellipsis: str = "...",
    ) -> None:
        self._ellipsis = ellipsis
        natural = _natural(columns, rows)
        firm = [
            _FIRM.search(path) is not None or all(_TIME.fullmatch(row[index]) for row in rows)
            for index, (_, path) in enumerate(columns)
        ]
        kept = list(range(len(columns)))
        if _total(natural) > edge:  # what has nothing to show goes first
            kept = [i for i in kept if i == 0 or any(row[i] for row in rows)]
        while (widths := _shrunk(natural, firm, kept, edge)) is None:
            brief = [[_SECONDS.sub(r"\1Z", text) for text in row] for row in rows]
            widths = _shrunk(_natural(columns, brief), firm, kept, edge)
            if widths is not None:
                rows = brief
                break
            kept.pop()
        self.columns: list[Column] = [columns[i] for i in kept]
        self.left_out: list[str] = [
            title
            for i, (title, _) in enumerate(columns)
            if i not in kept and any(row[i] for row in rows)
        ]
        self._widths = widths
        self._rows = [[row[i] for i in kept] for row in rows]

    def lines(self, painted: Callable[[str, str], str] | None = None) -> Iterator[str]:
        """Return the titles and the rows.

        Args:
            painted: Gives a text the colour that it has in the column of a path.
        """
        yield self._line([title for title, _ in self.columns])
        for row in self._rows:
            yield self._line(row, painted)

    def _line(self, row: Sequence[str], painted: Callable[[str, str], str] | None = None) -> str:
        cells: list[str] = []
        for text, wide, (_, path) in zip(row, self._widths, self.columns, strict=True):
            shown = cut(text, wide, self._ellipsis)
            blank = " " * (wide - width(shown))
            cells.append((painted(path, shown) if painted else shown) + blank)
        return GAP.join(cells).rstrip()


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column would like to be."""
    return [
        max([width(title), *(width(row[index]) for row in rows)])
        for index, (title, _) in enumerate(columns)
    ]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _shrunk(
    natural: Sequence[int], firm: Sequence[bool], kept: Sequence[int], edge: int
) -> list[int] | None:
    """Return the widths of columns that fit together, the widest texts cut first; None where too many are left.

    Ids, states and times stay whole as long as there is another column to cut, or to leave out.
    """
    widths = [min(natural[i], max(edge, 1)) if _total(natural) > edge else natural[i] for i in kept]
    soft = [n for n, i in enumerate(kept) if not firm[i]]
    _cut_widest(widths, [n for n in soft if n], edge, _FLOOR)
    _cut_widest(widths, [n for n in soft if not n], edge, _FIRST_FLOOR)
    if _total(widths) > edge:
        if len(kept) > _KEPT:
            return None
        _cut_widest(widths, soft, edge, 1)
        _cut_widest(widths, range(len(widths)), edge, 1)
    return widths


def _cut_widest(widths: list[int], which: Sequence[int], edge: int, floor: int) -> None:
    """Take from the widest of some columns until all fit, or each has come down to the floor."""
    excess = _total(widths) - edge
    while excess > 0 and which:
        widest = max(which, key=lambda n: widths[n])
        if widths[widest] <= floor:
            return
        widths[widest] -= 1
        excess -= 1


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(wide for _, wide in _characters(text))


def cut(text: str, wide: int, ellipsis: str = "...") -> str:
    """Return a text that is no wider; one that was cut ends in an ellipsis, where that has a place."""
    if width(text) <= wide:
        return text
    mark = ellipsis if wide > len(ellipsis) else ""
    shown: list[str] = []
    left = wide - len(mark)
    for character, taken in _characters(text):
        left -= taken
        if left < 0:
            break
        shown.append(character)
    return "".join(shown).rstrip() + mark


def _characters(text: str) -> Iterator[tuple[str, int]]:
    """Return each character with what stands in its place as well, and how wide that is."""
    character, wide, joined = "", 0, False
    for char in text:
        if character and (joined or _is_part(char)):
            character += char
            wide = 2 if char == _AS_EMOJI and wide else wide
        else:
            if character:
                yield character, wide
            character, wide = char, _width_of(char)
        joined = char == _JOINER
    if character:
        yield character, wide


def _is_part(char: str) -> bool:
    """Tell whether a character stands in the place of the one before it."""
    return _width_of(char) == 0 or ord(char) in _SHADES


@lru_cache(maxsize=4096)
def _width_of(char: str) -> int:
    if char.isascii():
        return 1
    if combining(char) or category(char) in ("Mn", "Me", "Cf") or ord(char) in _JAMO:
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
