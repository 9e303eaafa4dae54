"""The store, opened for the life of a process: its schema brought up to date, what a crash left behind swept away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from assay.adapters.store import tables
from assay.adapters.store.columns import Columns
from assay.adapters.store.config import read_config, write_config
from assay.adapters.store.database import Database, database
from assay.adapters.store.desk import SqlDesk
from assay.adapters.store.sessions import UNFINISHED, session_of
from assay.runtime.records import SessionRecord


@asynccontextmanager
async def opened(url: str, home: Path) -> AsyncIterator[SqlStore]:
    """Rows at `url`, as SQLAlchemy writes it (`sqlite:///…`), columns in `home`. Raises UnavailableError."""
    async with database(url) as rows:
        store = SqlStore(rows, Columns(home))
        await store.sweep()
        yield store


class SqlStore:
    """`runtime.ports.Store`."""

    def __init__(self, database: Database, columns: Columns) -> None:
        self._database = database
        self._columns = columns
        self._changing = asyncio.Lock()

    def desk(self, owner: str) -> SqlDesk:
        return SqlDesk(self._database, self._columns, owner, self._changing)

    async def unfinished(self) -> Sequence[SessionRecord]:
        rows = tables.sessions
        query = select(rows).where(rows.c.state.in_(UNFINISHED)).order_by(rows.c.created_at, rows.c.id)
        return await self._database.read(lambda given: [session_of(row, rows, None) for row in given.execute(query).mappings()])

    async def config(self) -> Mapping[str, object]:
        return await read_config(self._database)

    async def save_config(self, values: Mapping[str, object], at: datetime) -> None:
        await write_config(self._database, values, at)

    async def check(self) -> None:
        await self._database.read(lambda connection: connection.execute(select(tables.config.c.name).limit(1)).all())

    async def sweep(self) -> None:
        """Columns whose session has no result, of whoever."""
        folders = await asyncio.to_thread(self._columns.folders)
        known = await self._database.read(lambda connection: set(connection.execute(select(tables.results.c.session_id)).scalars()))
        await asyncio.to_thread(self._columns.sweep, [name for name in folders if name not in known])
