"""What was changed from the defaults, by dotted name: the machine's, so it has no owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from assay.adapters.store import tables
from assay.adapters.store.database import Database


async def read_config(database: Database) -> dict[str, object]:
    """All that was changed."""
    query = select(tables.config.c.name, tables.config.c.value).order_by(tables.config.c.name)
    rows = await database.read(lambda connection: connection.execute(query).all())
    return {row.name: row.value for row in rows}


async def write_config(database: Database, values: Mapping[str, object], at: datetime) -> None:
    """These names, the others stay; None gives a name its default back."""
    rows = [{"name": name, "value": value, "updated_at": at} for name, value in values.items() if value is not None]

    def work(connection: Connection) -> None:
        connection.execute(delete(tables.config).where(tables.config.c.name.in_(list(values))))
        if rows:
            connection.execute(insert(tables.config), rows)

    await database.write(work)
