"""Live views on a terminal. The only module that imports rich, which the extra ``cli`` brings."""

from __future__ import annotations

from datetime import datetime, timezone

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..printing import colours
from ..printing.text import cell, seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from rich.console import ConsoleDimensions, RenderableType

    from ... import RunEvent
    from .watch import Step, Watched

    #: Makes the picture of what was last shown, at a moment, for a terminal of that size.
    Draw = Callable[[Any, datetime, ConsoleDimensions], RenderableType]

#: What is shown first where not everything fits.
_ORDER = ("FAILURE", "RETRYING", "STARTED", "STARTING")

#: Lines of a view that are neither rows nor events, and the fewest rows.
_FRAME, _FEWEST = 7, 3


#: What the other columns of a row need, and the least that is left for the first.
_BESIDE, _SHORTEST = 30, 12


class LiveView:
    """Draws again what changes, below what the terminal shows; the last picture stays.

    Args:
        draw: Makes the picture.
        console: Where to draw; the terminal if None.
    """

    def __init__(self, draw: Draw, console: Console | None = None) -> None:
        self._draw = draw
        self._latest: Any = None
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._live = Live(
            console=self._console,
            get_renderable=self._picture,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Callable[[object], None]:
        """Begin to draw; return what shows something else from the next picture on."""
        self._live.start()
        return self._update

    def __exit__(self, *_: object) -> None:
        """Draw the last picture, and leave it."""
        self._live.stop()

    def _update(self, latest: object) -> None:
        self._latest = latest

    def _picture(self) -> RenderableType:
        picture = self._draw(self._latest, datetime.now(timezone.utc), self._console.size)
        # The cursor rests in an empty line: what Ctrl-C shows there breaks none, and goes with the next picture.
        return Group(picture, Text())


def run_view(watched: Watched, now: datetime, size: ConsoleDimensions) -> RenderableType:
    """Return the picture of a run."""
    head = _head(cell(watched.job), watched.run.state, watched.run.seconds(now))
    where = Text(cell(watched.url), style="dim", overflow="fold")
    retry = (
        [Text(cell(f"a retry of {watched.retry_of}"), style="yellow")] if watched.retry_of else []
    )
    latest = list(watched.latest)
    # Rich leaves a picture that is higher than the terminal standing twice.
    events = latest[max(0, len(latest) - max(0, size.height - _FRAME - _FEWEST - 1)) :]
    room = max(_FEWEST, size.height - _FRAME - len(events))
    return Group(
        head,
        where,
        *retry,
        Text(),
        *_steps(dict(watched.steps), now, size.width, room),
        Text(),
        _events(events),
    )


def backfill_view(
    backfill: Any, since: datetime, now: datetime, size: ConsoleDimensions
) -> RenderableType:
    """Return the picture of a backfill."""
    from .backfills import rows_of

    if backfill is None:
        return Text()
    head = _head(
        cell(f"backfill {backfill.id}"), str(backfill.status.value), (now - since).total_seconds()
    )
    room = max(_FEWEST, size.height - _FRAME)
    rows = rows_of(backfill)
    grid = _grid("", "DONE", "FAILED", "RUNNING", "OF", numbers=4)
    for row in rows[:room]:
        counts = (row.done, row.failed, row.running, row.total)
        failed = "bold red" if row.failed else ""
        grid.add_row(_name(row.name, size.width, failed), *(Text(str(count)) for count in counts))
    more = [Text(f"... and {len(rows) - room} more", style="dim")] if len(rows) > room else []
    return Group(head, Text(), grid, *more)


def _steps(
    steps: dict[str, Step], now: datetime, width: int, room: int
) -> Iterable[RenderableType]:
    """Return the rows of the steps, and a line for those that have no room."""
    names = list(steps)
    if len(names) > room:
        # Those that one wants to see, then the youngest; in the order in which they began.
        rank = {state: number for number, state in enumerate(_ORDER)}
        best = sorted(
            range(len(names)),
            key=lambda n: (rank.get(steps[names[n]].state, len(rank)), -n),
        )
        names = [names[n] for n in sorted(best[:room])]
    grid = _grid("STEP", "STATE", "TIME", numbers=1)
    for name in names:
        step = steps[name]
        grid.add_row(_name(name, width), _state(step.state), _time(step.seconds(now)))
    left = [step.state for name, step in steps.items() if name not in names]
    if not left:
        return (grid,)
    counts = ", ".join(f"{left.count(state)} {state}" for state in sorted(set(left)))
    return (grid, Text(cell(f"... and {len(left)} more: {counts}"), style="dim"))


def _events(events: Sequence[RunEvent]) -> RenderableType:
    """Return the last events, a line each, cut at the edge."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
    for event in events:
        kind = event.event_type.value if event.event_type else event.level.value
        text = " ".join(filter(None, (str(kind), event.step_key, event.message)))
        grid.add_row(Text(seconds_of(event.timestamp)[11:]), Text(cell(" ".join(text.split()))))
    return grid


def _grid(*titles: str, numbers: int) -> Table:
    """Return a table whose last columns are numbers; the first one gives way where it is too narrow."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, title in enumerate(titles):
        is_number = place >= len(titles) - numbers
        table.add_column(
            title,
            justify="right" if is_number else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=None if place == 0 else max(len(title), 9 if not is_number else 4),
        )
    return table


def _name(name: str, width: int, style: str = "") -> Text:
    """Return a name that leaves room for the columns behind it."""
    text = Text(cell(name), style=style)
    text.truncate(max(_SHORTEST, width - _BESIDE), overflow="ellipsis")
    return text


def _head(name: str, state: str, seconds: float | None) -> Text:
    return Text.assemble((name, "bold"), "  ", _state(state), "  ", _time(seconds))


def _state(name: str) -> Text:
    return Text.from_ansi(colours.of_state(cell(name)))  # as tables have it


def _time(seconds: float | None) -> Text:
    """Return a duration, such as ``1:02:03`` or ``4.2 s``."""
    if seconds is None:
        return Text("")
    if seconds < 60:  # noqa: PLR2004 - a minute
        return Text(f"{seconds:.1f} s")
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return Text(f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}")
