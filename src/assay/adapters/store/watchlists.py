"""Watchlists of one owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, select

from assay.adapters.store import tables
from assay.adapters.store.owned import Owned, Write, rows
from assay.runtime.records import Watchlist

_ROWS: Final = rows(tables.watchlists)


class SqlWatchlists:
    """`runtime.ports.Watchlists` of one owner."""

    def __init__(self, owned: Owned) -> None:
        self._owned = owned

    async def all(self) -> Sequence[Watchlist]:
        query = select(_ROWS).order_by(_ROWS.c.name_key, _ROWS.c.id)
        return await self._owned.read(lambda read: [_record_of(row) for row in read.execute(query).mappings()])

    async def get(self, watchlist_id: str) -> Watchlist | None:
        row = await self._owned.one(select(_ROWS).where(_ROWS.c.id == watchlist_id))
        return None if row is None else _record_of(row)

    async def save(self, watchlist: Watchlist) -> None:
        its_own = tables.watchlists.c.id == watchlist.id
        changing = {
            "name": watchlist.name,
            "name_key": watchlist.name.casefold(),
            "instruments": list(watchlist.instruments),
            "updated_at": watchlist.updated_at,
        }

        def work(write: Write) -> None:
            if not write.update(tables.watchlists, its_own, **changing):
                write.insert(tables.watchlists, {"id": watchlist.id, "created_at": watchlist.created_at, **changing})

        await self._owned.write(work)

    async def delete(self, watchlist_id: str) -> bool:
        return await self._owned.write(lambda write: write.delete(tables.watchlists, tables.watchlists.c.id == watchlist_id)) > 0


def _record_of(row: RowMapping) -> Watchlist:
    return Watchlist(
        id=row["id"],
        name=row["name"],
        instruments=tuple(row["instruments"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
