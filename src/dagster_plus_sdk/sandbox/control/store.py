"""Where entities are kept: one table of JSON documents."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Generator
    from typing import Any

    #: An entity: the schema's field names and their values, and `__typename`.
    Row = dict[str, Any]

SETUP = """
pragma journal_mode = wal;
pragma busy_timeout = 5000;
create table if not exists entity (
  number integer primary key autoincrement, kind text not null, id text not null, body text not null, unique (kind, id)
);
create table if not exists counter (kind text primary key, value integer not null);
"""


class Store:
    """Entities by kind and id, in the order of their creation.

    One object is for one thread at a time; others may be opened on the same file.

    Args:
        path: The file, made if it is not there.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(SETUP)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Do all or, if an exception comes out, nothing of what is in the block."""
        self._database.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._database.execute("rollback")
            raise
        self._database.execute("commit")

    def list(self, kind: str, **where: object) -> list[Row]:
        """Return the entities of a kind whose fields have these values, oldest first."""
        query = "select body from entity where kind = ? order by number"
        rows: list[Row] = [json.loads(body) for (body,) in self._database.execute(query, [kind])]
        return [row for row in rows if all(row.get(name) == value for name, value in where.items())]

    def find(self, kind: str, **where: object) -> Row | None:
        """Return the oldest entity of a kind whose fields have these values."""
        return next(iter(self.list(kind, **where)), None)

    def get(self, kind: str, identifier: object) -> Row | None:
        """Return the entity with this id."""
        query = "select body from entity where kind = ? and id = ?"
        row = self._database.execute(query, [kind, str(identifier)]).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, kind: str, identifier: object, row: Row) -> Row:
        """Write an entity, in the place of an older one with its id, and return it."""
        row = {**row, "__typename": kind}
        self._database.execute(
            "insert into entity (kind, id, body) values (?, ?, ?)"
            " on conflict (kind, id) do update set body = excluded.body",
            [kind, str(identifier), json.dumps(row)],
        )
        return row

    def delete(self, kind: str, identifier: object) -> None:
        """Remove an entity, if it is there."""
        self._database.execute(
            "delete from entity where kind = ? and id = ?", [kind, str(identifier)]
        )

    def next_number(self, kind: str) -> int:
        """Return a number for an id of this kind that was never returned before."""
        row = self._database.execute(
            "insert into counter values (?, 1)"
            " on conflict (kind) do update set value = value + 1 returning value",
            [kind],
        ).fetchone()
        number: int = row[0]
        return number
