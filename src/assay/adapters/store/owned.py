"""The one place that knows whose a row is: what reads or writes an owner's rows begins here, so nothing can forget to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Executable, RowMapping, Subquery, Table, delete, insert, select, update

from assay.adapters.store.database import Database

T = TypeVar("T")


class Write:
    """A transaction that changes one owner's rows."""

    def __init__(self, connection: Connection, owner: str) -> None:
        self.connection: Final = connection
        self._owner: Final = owner

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """A row that is the owner's."""
        self.connection.execute(insert(table).values(**values, owner=self._owner))

    def update(self, table: Table, *conditions: ColumnElement[bool], **values: Any) -> int:
        """Answers how many rows there were."""
        return self.connection.execute(update(table).where(table.c.owner == self._owner, *conditions).values(**values)).rowcount

    def delete(self, table: Table, *conditions: ColumnElement[bool]) -> int:
        """Answers how many rows there were."""
        return self.connection.execute(delete(table).where(table.c.owner == self._owner, *conditions)).rowcount


class Owned:
    """One owner's share of the database."""

    def __init__(self, database: Database, owner: str) -> None:
        self.owner: Final = owner
        self._database: Final = database

    def rows(self, table: Table, name: str | None = None) -> Subquery:
        """The owner's rows of a table, to select from and to join."""
        return select(table).where(table.c.owner == self.owner).subquery(name or f"own_{table.name}")

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._database.read(work)

    async def one(self, query: Executable) -> RowMapping | None:
        """The row that there is at most one of."""
        return await self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())

    async def write(self, work: Callable[[Write], T]) -> T:
        return await self._database.write(lambda connection: work(Write(connection, self.owner)))
