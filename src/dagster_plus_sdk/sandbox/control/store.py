"""Where entities are kept: one table of JSON documents."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from typing import Any

    from .sealing import Sealer

    #: An entity: the schema's field names and their values, and `__typename`.
    Row = dict[str, Any]
    Rows = list[Row]
    #: All rows of each table.
    Dump = dict[str, list[list[Any]]]

# With a write-ahead log nothing that was committed is lost when the process is killed; waiting for the disk as well would
# only help when the machine loses its power.
SETUP = """
pragma journal_mode = wal;
pragma synchronous = normal;
pragma busy_timeout = 5000;
create table if not exists entity (
  number integer primary key autoincrement, kind text not null, id text not null, body text not null, unique (kind, id)
);
create index if not exists entity_kind on entity (kind, number);
create index if not exists entity_timestamp on entity (kind, json_extract(body, '$.timestamp'), number)
  where json_extract(body, '$.timestamp') is not null;
create index if not exists entity_digest on entity (kind, json_extract(body, '$.digest'));
create table if not exists counter (kind text primary key, value integer not null);
create table if not exists setting (name text primary key, value text not null);
"""
TABLES: dict[str, tuple[str, ...]] = {
    "entity": ("number", "kind", "id", "body"),
    "counter": ("kind", "value"),
    "setting": ("name", "value"),
}
#: Greater than all numbers of entities.
END = 2**62


class Store:
    """Entities by kind and id, in the order of their creation.

    One object is for one thread at a time; others may be opened on the same file.

    Args:
        path: The file, made if it is not there, or ``":memory:"``.
        sealer: Seals what must not be read from the file; without one, it is written as it is.
        sealed: The names of the fields to seal by kind.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        sealer: Sealer | None = None,
        sealed: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        if str(path) != ":memory:":
            # For its owner alone: it holds who is who, and what is sealed with a common token. SQLite gives the files beside
            # it the same rights.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            os.chmod(path, 0o600)  # noqa: PTH101
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(SETUP)
        self._sealer = sealer
        self._sealed = sealed or {}

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def version(self) -> int:
        """A number that changes when another connection has written."""
        version: int = self._database.execute("pragma data_version").fetchone()[0]
        return version

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Do all or, if an exception comes out, nothing of what is in the block. One inside another is part of that."""
        if self._database.in_transaction:
            yield
            return
        self._database.execute("begin immediate")
        try:
            yield
            self._database.execute("commit")
        except BaseException:
            # When the disk is full, SQLite may have done so itself.
            if self._database.in_transaction:
                self._database.execute("rollback")
            raise

    def list(self, kind: str, **where: object) -> Rows:
        """Return the entities of a kind whose fields have these values, oldest first."""
        condition, values, rest = _condition(where)
        query = f"select body from entity where kind = ?{condition} order by number"  # noqa: S608
        rows = (
            self._opened(kind, body) for (body,) in self._database.execute(query, [kind, *values])
        )
        return [row for row in rows if all(row.get(name) == value for name, value in rest.items())]

    def newest(
        self,
        kind: str,
        limit: int,
        *,
        before: object = None,
        since: float | None = None,
        until: float | None = None,
        is_inclusive: bool = True,
        keep: Callable[[Row], bool] = bool,
        **where: object,
    ) -> Rows:
        """Return entities of a kind, the newest first.

        Args:
            kind: The kind.
            limit: How many at most.
            before: The id of an entity: only older ones are returned. One that is not there is none.
            since: The least `timestamp` of those that are returned.
            until: The greatest.
            is_inclusive: Whether entities of just these times are among them.
            keep: Which to return.
            **where: The values of fields; a frozenset of texts has all that a field can be.
        """
        equal = "=" if is_inclusive else ""
        first = 0 if since is None else self._end(kind, f">{equal}", since, "")
        last = END if until is None else self._end(kind, f"<{equal}", until, "desc")
        # The clock never goes back, so that entities are in the order of their times.
        found = self._newest(kind, first, min(last + 1, self._place(kind, before)), where)
        return list(islice(filter(keep, found), max(limit, 0)))

    def page(self, kind: str, limit: int, **how: Any) -> tuple[Rows, bool]:
        """Return what `newest` does, and whether there are more."""
        size = max(limit, 0)
        found = self.newest(kind, size + 1, **how)
        return found[:size], len(found) > size

    def _newest(
        self, kind: str, first: int, place: int, where: Mapping[str, object]
    ) -> Iterator[Row]:
        condition, values, rest = _condition(where)
        query = f"select number, body from entity where kind = ?{condition} and number >= ? and number < ? order by number desc limit 200"  # noqa: S608
        # By pages: an open cursor would keep what is written meanwhile from being seen, or see half of it.
        while rows := self._database.execute(query, [kind, *values, first, place]).fetchall():
            place = rows[-1][0]
            for _, body in rows:
                row = self._opened(kind, body)
                if all(row.get(name) == value for name, value in rest.items()):
                    yield row

    def _place(self, kind: str, identifier: object) -> int:
        query = "select number from entity where kind = ? and id = ?"
        found = self._database.execute(query, [kind, str(identifier)]).fetchone()
        return found[0] if found else END

    def _end(self, kind: str, comparison: str, time: float, order: str) -> int:
        """Return the number of the first or the last entity of a time; one beyond all if there is none."""
        timestamp = "json_extract(body, '$.timestamp')"
        query = (
            f"select number from entity where kind = ? and {timestamp} {comparison} ?"  # noqa: S608
            f" order by {timestamp} {order}, number {order} limit 1"
        )
        found = self._database.execute(query, [kind, time]).fetchone()
        return found[0] if found else (-1 if order else END)

    def count(self, kind: str, **where: object) -> int:
        """Return how many entities of a kind have these values, which are texts and numbers."""
        condition, values, rest = _condition(where)
        assert not rest
        query = f"select count(*) from entity where kind = ?{condition}"  # noqa: S608
        number: int = self._database.execute(query, [kind, *values]).fetchone()[0]
        return number

    def find(self, kind: str, **where: object) -> Row | None:
        """Return the oldest entity of a kind whose fields have these values."""
        return next(iter(self.list(kind, **where)), None)

    def get(self, kind: str, identifier: object) -> Row | None:
        """Return the entity with this id."""
        query = "select body from entity where kind = ? and id = ?"
        row = self._database.execute(query, [kind, str(identifier)]).fetchone()
        return None if row is None else self._opened(kind, row[0])

    def put(self, kind: str, identifier: object, row: Row) -> Row:
        """Write an entity, in the place of an older one with its id, and return it."""
        row = {**row, "__typename": kind}
        self._database.execute(
            "insert into entity (kind, id, body) values (?, ?, ?)"
            " on conflict (kind, id) do update set body = excluded.body",
            [kind, str(identifier), json.dumps(self._closed(kind, row))],
        )
        return row

    def delete(self, kind: str, identifier: object) -> None:
        """Remove an entity, if it is there."""
        self._database.execute(
            "delete from entity where kind = ? and id = ?", [kind, str(identifier)]
        )

    def delete_all(self, kind: str | None = None, **where: object) -> None:
        """Remove all entities whose fields have these values, which are texts and numbers.

        Args:
            kind: Their kind; None: of whatever kind they are.
            **where: The values of fields, at least one.
        """
        condition, values, rest = _condition(where)
        assert values
        assert not rest
        query = f"delete from entity where ? in (kind, ''){condition}"  # noqa: S608
        self._database.execute(query, [kind or "", *values])

    def next_number(self, kind: str) -> int:
        """Return a number for an id of this kind that was never returned before."""
        row = self._database.execute(
            "insert into counter values (?, 1)"
            " on conflict (kind) do update set value = value + 1 returning value",
            [kind],
        ).fetchone()
        number: int = row[0]
        return number

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a setting of the sandbox itself."""
        row = self._database.execute("select value from setting where name = ?", [name]).fetchone()
        return default if row is None else json.loads(row[0])

    def set_setting(self, name: str, value: object) -> None:
        """Write a setting of the sandbox itself."""
        self._database.execute(
            "insert into setting values (?, ?) on conflict (name) do update set value = excluded.value",
            [name, json.dumps(value)],
        )

    def dump(self) -> Dump:
        """Return everything, by table. What is sealed stays so."""
        return {
            table: [list(row) for row in self._database.execute(_select(table))] for table in TABLES
        }

    def load(self, dumped: Dump) -> None:
        """Put what was dumped in the place of everything; an empty mapping leaves nothing. In a transaction."""
        for table, columns in TABLES.items():
            self._database.execute(f"delete from {table}")  # noqa: S608
            marks = ", ".join("?" * len(columns))
            insert = f"insert into {table} ({', '.join(columns)}) values ({marks})"  # noqa: S608
            self._database.executemany(insert, dumped.get(table, []))

    def _closed(self, kind: str, row: Row) -> Row:
        if self._sealer is None:
            return row
        fields = self._sealed.get(kind, ())
        return {**row, **{name: self._sealer.seal(row[name]) for name in fields if name in row}}

    def _opened(self, kind: str, body: str) -> Row:
        row: Row = json.loads(body)
        if self._sealer is None:
            return row
        fields = self._sealed.get(kind, ())
        return {**row, **{name: self._sealer.open(row[name]) for name in fields if name in row}}


def _select(table: str) -> str:
    return f"select {', '.join(TABLES[table])} from {table}"  # noqa: S608


def _condition(where: Mapping[str, object]) -> tuple[str, list[object], dict[str, object]]:
    """Return what SQL can compare, the values of that, and what is left to compare."""
    plain = {
        name: value
        for name, value in where.items()
        if isinstance(value, (str, int, frozenset)) and not isinstance(value, bool)
    }
    condition, values = "", list[object]()
    for name, value in plain.items():
        some = sorted(value) if isinstance(value, frozenset) else [value]
        condition += f" and json_extract(body, '$.{name}') in ({', '.join('?' * len(some))})"
        values += some
    rest = {name: value for name, value in where.items() if name not in plain}
    return condition, values, rest
