"""The one place that knows whose a row is: what reads or writes an owner's rows begins here, so nothing can forget to ask.

A query names no owner; it begins from `rows`, which leaves the owner open, and cannot be run but by somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    RowMapping,
    Select,
    Subquery,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from assay.adapters.store.database import Database

T = TypeVar("T")

_OWNER: Final = "the_owner"


@cache
def rows(table: Table, name: str | None = None) -> Subquery:
    """Somebody's rows of a table, to select from and to join."""
    return select(table).where(table.c.owner == bindparam(_OWNER, required=True)).subquery(name or f"own_{table.name}")


class Read:
    """A transaction that sees one owner's rows."""

    def __init__(self, connection: Connection, owner: str) -> None:
        self._connection: Final = connection
        self._owner: Final = owner

    def execute(self, query: Select[Any]) -> CursorResult[*tuple[Any, ...]]:
        """`query` begins from `rows`."""
        return self._connection.execute(query, {_OWNER: self._owner})


class Write(Read):
    """A transaction that changes one owner's rows."""

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """A row that is the owner's."""
        self._connection.execute(insert(table).values(**values, owner=self._owner))

    def update(self, table: Table, *conditions: ColumnElement[bool], **values: Any) -> int:
        """Answers how many rows there were."""
        return self._connection.execute(update(table).where(table.c.owner == self._owner, *conditions).values(**values)).rowcount

    def delete(self, table: Table, *conditions: ColumnElement[bool]) -> int:
        """Answers how many rows there were."""
        return self._connection.execute(delete(table).where(table.c.owner == self._owner, *conditions)).rowcount


class Owned:
    """One owner's share of the database."""

    def __init__(self, database: Database, owner: str) -> None:
        self.owner: Final = owner
        self._database: Final = database

    async def read(self, work: Callable[[Read], T]) -> T:
        return await self._database.read(lambda connection: work(Read(connection, self.owner)))

    async def one(self, query: Select[Any]) -> RowMapping | None:
        """The row that there is at most one of."""
        return await self.read(lambda read: read.execute(query).mappings().one_or_none())

    async def write(self, work: Callable[[Write], T]) -> T:
        return await self._database.write(lambda connection: work(Write(connection, self.owner)))
