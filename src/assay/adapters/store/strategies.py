"""Strategies and their versions. What came of a strategy is asked of its results each time, so no count can drift."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, Subquery, and_, func, select

from assay.adapters.store import tables
from assay.adapters.store.owned import Owned, Write
from assay.adapters.store.paging import Order, fold, page, seeks
from assay.adapters.store.results import record_of
from assay.runtime.ports import StaleError
from assay.runtime.records import Page, StrategyRecord, VersionRecord

_SORTED_BY: Final = {"name": "name_key", "updated_at": "updated_at", "created_at": "created_at"}


class SqlStrategies:
    """`runtime.ports.Strategies` of one owner."""

    def __init__(self, owned: Owned) -> None:
        self._owned = owned

    async def create(
        self, strategy_id: str, document: Mapping[str, object], content_hash: str, at: datetime, template: str | None = None
    ) -> StrategyRecord:
        values = {"id": strategy_id, "template": template, "newest": 1, "created_at": at, "updated_at": at}

        def work(write: Write) -> None:
            write.insert(tables.strategies, {**values, **_told(strategy_id, document)})
            _add_version(write, strategy_id, 1, document, content_hash, "", at)

        await self._owned.write(work)
        record = await self.get(strategy_id)
        assert record is not None, "it was just written"
        return record

    async def get(self, strategy_id: str) -> StrategyRecord | None:
        listing = _Listing(self._owned)
        row = await self._owned.one(listing.query.where(listing.strategies.c.id == strategy_id))
        return None if row is None else listing.record_of(row)

    async def page(self, search: str | None, sort: str, limit: int, cursor: str | None) -> Page[StrategyRecord]:
        listing = _Listing(self._owned)
        name = sort.removeprefix("-")
        assert name in _SORTED_BY, f"strategies are not sorted by {name!r}"
        order = Order(listing.strategies.c[_SORTED_BY[name]], listing.strategies.c.id, sort.startswith("-"))
        query = listing.query if search is None else listing.query.where(seeks(listing.strategies.c.sought, search))
        of_list = ("strategies", sort, search)
        return await self._owned.read(lambda connection: page(connection, query, order, limit, cursor, of_list, listing.record_of))

    async def save(
        self, strategy_id: str, document: Mapping[str, object], content_hash: str, at: datetime, *, note: str = "", after: int | None = None
    ) -> StrategyRecord | None:
        strategies, versions = self._owned.rows(tables.strategies), self._owned.rows(tables.versions)
        there = strategies.join(versions, _is_newest(strategies, versions))
        query = select(strategies.c.newest, versions.c.document).select_from(there).where(strategies.c.id == strategy_id)

        def work(write: Write) -> None:
            row = write.connection.execute(query).one_or_none()
            if row is None:
                return
            newest, saved = row
            if after is not None and after != newest:
                raise StaleError(newest)
            if _text(saved) != _text(document):
                _add_version(write, strategy_id, newest + 1, document, content_hash, note, at)
                values = {"newest": newest + 1, "updated_at": at, **_told(strategy_id, document)}
                write.update(tables.strategies, tables.strategies.c.id == strategy_id, **values)

        await self._owned.write(work)
        return await self.get(strategy_id)

    async def versions(self, strategy_id: str, limit: int, cursor: str | None) -> Page[VersionRecord]:
        rows = self._owned.rows(tables.versions)
        order = Order(rows.c.number, rows.c.strategy_id, descending=True)
        query = select(rows).where(rows.c.strategy_id == strategy_id)
        of_list = ("versions", strategy_id)
        return await self._owned.read(lambda connection: page(connection, query, order, limit, cursor, of_list, _version_of))

    async def version(self, strategy_id: str, number: int) -> VersionRecord | None:
        rows = self._owned.rows(tables.versions)
        row = await self._owned.one(select(rows).where(rows.c.strategy_id == strategy_id, rows.c.number == number))
        return None if row is None else _version_of(row)

    async def delete(self, strategy_id: str) -> bool:
        return await self._owned.write(lambda write: write.delete(tables.strategies, tables.strategies.c.id == strategy_id)) > 0


class _Listing:
    """Strategies, each with its newest version, what came of it, and its last result."""

    def __init__(self, owned: Owned) -> None:
        self.strategies = owned.rows(tables.strategies)
        self.versions = owned.rows(tables.versions)
        self.last = owned.rows(tables.results, "last")
        results = owned.rows(tables.results, "runs")
        its_own = results.c.strategy_id == self.strategies.c.id
        newest = select(results.c.session_id).where(its_own).order_by(results.c.ended_at.desc(), results.c.session_id.desc()).limit(1)
        self.runs = select(func.count()).where(its_own).select_from(results).scalar_subquery().label("runs")
        self.wins = select(func.count()).where(its_own, results.c.total_return > 0.0).select_from(results).scalar_subquery().label("wins")
        self.best = select(func.max(results.c.total_return)).where(its_own).scalar_subquery().label("best")
        joined = self.strategies.join(self.versions, _is_newest(self.strategies, self.versions)).outerjoin(
            self.last, self.last.c.session_id == newest.scalar_subquery()
        )
        self.query: Select[Any] = select(
            self.strategies, self.versions.c.document, self.versions.c.hash, self.runs, self.wins, self.best, self.last
        ).select_from(joined)

    def record_of(self, row: RowMapping) -> StrategyRecord:
        strategy = self.strategies.c
        return StrategyRecord(
            id=row[strategy.id],
            name=row[strategy.name],
            description=row[strategy.description],
            template=row[strategy.template],
            version=row[strategy.newest],
            document=row[self.versions.c.document],
            hash=row[self.versions.c.hash],
            created_at=row[strategy.created_at],
            updated_at=row[strategy.updated_at],
            runs=row[self.runs],
            wins=row[self.wins],
            best=row[self.best],
            last_result=None if row[self.last.c.session_id] is None else record_of(row, self.last),
        )


def _is_newest(strategies: Subquery, versions: Subquery) -> Any:
    return and_(versions.c.strategy_id == strategies.c.id, versions.c.number == strategies.c.newest)


def _told(strategy_id: str, document: Mapping[str, object]) -> dict[str, str]:
    """What the list shows and seeks of a document."""
    name, description = str(document.get("name") or ""), str(document.get("description") or "")
    return {"name": name, "name_key": name.casefold(), "description": description, "sought": fold(name, description, strategy_id)}


def _add_version(
    write: Write, strategy_id: str, number: int, document: Mapping[str, object], content_hash: str, note: str, at: datetime
) -> None:
    values = {"strategy_id": strategy_id, "number": number, "document": dict(document), "hash": content_hash}
    write.insert(tables.versions, {**values, "note": note, "created_at": at})


def _text(document: Mapping[str, object]) -> str:
    """Python takes True for 1 and 1 for 1.0; the text does not."""
    return json.dumps(document, sort_keys=True)


def _version_of(row: RowMapping) -> VersionRecord:
    return VersionRecord(row["strategy_id"], row["number"], row["document"], row["hash"], row["note"], row["created_at"])
