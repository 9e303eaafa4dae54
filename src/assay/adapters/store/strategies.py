"""Strategies and their versions. What came of a strategy is asked of its results each time, so no count can drift."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, func, select

from assay.adapters.store import tables
from assay.adapters.store.owned import Owned, Write, rows
from assay.adapters.store.paging import Order, fold, page, seeks
from assay.adapters.store.results import record_of
from assay.runtime.ports import StaleError
from assay.runtime.records import Page, StrategyRecord, VersionRecord

_SORTED_BY: Final = {"name": "name_key", "updated_at": "updated_at", "created_at": "created_at"}


_STRATEGIES: Final = rows(tables.strategies)
_VERSIONS: Final = rows(tables.versions)
_RUNS: Final = rows(tables.results, "runs")
_LAST: Final = rows(tables.results, "last")

_NEWEST: Final = _STRATEGIES.join(_VERSIONS, and_(_VERSIONS.c.strategy_id == _STRATEGIES.c.id, _VERSIONS.c.number == _STRATEGIES.c.newest))
_ITS_OWN: Final = _RUNS.c.strategy_id == _STRATEGIES.c.id
_COUNT: Final = select(func.count()).select_from(_RUNS).where(_ITS_OWN).scalar_subquery().label("count")
_WINS: Final = select(func.count()).select_from(_RUNS).where(_ITS_OWN, _RUNS.c.total_return > 0.0).scalar_subquery().label("wins")
_BEST: Final = select(func.max(_RUNS.c.total_return)).where(_ITS_OWN).scalar_subquery().label("best")
_LATEST: Final = select(_RUNS.c.session_id).where(_ITS_OWN).order_by(_RUNS.c.ended_at.desc(), _RUNS.c.session_id.desc()).limit(1)
_LISTING: Final[Select[Any]] = select(_STRATEGIES, _VERSIONS.c.document, _VERSIONS.c.hash, _COUNT, _WINS, _BEST, _LAST).select_from(
    _NEWEST.outerjoin(_LAST, _LAST.c.session_id == _LATEST.scalar_subquery())
)


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
        row = await self._owned.one(_LISTING.where(_STRATEGIES.c.id == strategy_id))
        return None if row is None else _record_of(row)

    async def page(self, search: str | None, sort: str, limit: int, cursor: str | None) -> Page[StrategyRecord]:
        name = sort.removeprefix("-")
        assert name in _SORTED_BY, f"strategies are not sorted by {name!r}"
        order = Order(_STRATEGIES.c[_SORTED_BY[name]], _STRATEGIES.c.id, sort.startswith("-"))
        query = _LISTING if search is None else _LISTING.where(seeks(_STRATEGIES.c.sought, search))
        of_list = ("strategies", sort, search)
        return await self._owned.read(lambda read: page(read, query, order, limit, cursor, of_list, _record_of))

    async def save(
        self, strategy_id: str, document: Mapping[str, object], content_hash: str, at: datetime, *, note: str = "", after: int | None = None
    ) -> StrategyRecord | None:
        query = select(_STRATEGIES.c.newest, _VERSIONS.c.document).select_from(_NEWEST).where(_STRATEGIES.c.id == strategy_id)

        def work(write: Write) -> None:
            row = write.execute(query).one_or_none()
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
        order = Order(_VERSIONS.c.number, _VERSIONS.c.strategy_id, descending=True)
        query = select(_VERSIONS).where(_VERSIONS.c.strategy_id == strategy_id)
        of_list = ("versions", strategy_id)
        return await self._owned.read(lambda read: page(read, query, order, limit, cursor, of_list, _version_of))

    async def version(self, strategy_id: str, number: int) -> VersionRecord | None:
        row = await self._owned.one(select(_VERSIONS).where(_VERSIONS.c.strategy_id == strategy_id, _VERSIONS.c.number == number))
        return None if row is None else _version_of(row)

    async def deploy(self, strategy_id: str, number: int | None) -> StrategyRecord | None:
        saved = select(_VERSIONS.c.number).where(_VERSIONS.c.strategy_id == strategy_id, _VERSIONS.c.number == number)

        def work(write: Write) -> bool:
            if number is not None and write.execute(saved).one_or_none() is None:
                return False
            return write.update(tables.strategies, tables.strategies.c.id == strategy_id, in_force=number) > 0

        return await self.get(strategy_id) if await self._owned.write(work) else None

    async def delete(self, strategy_id: str) -> bool:
        return await self._owned.write(lambda write: write.delete(tables.strategies, tables.strategies.c.id == strategy_id)) > 0


def _record_of(row: RowMapping) -> StrategyRecord:
    strategy = _STRATEGIES.c
    return StrategyRecord(
        id=row[strategy.id],
        name=row[strategy.name],
        description=row[strategy.description],
        template=row[strategy.template],
        version=row[strategy.newest],
        in_force=row[strategy.in_force],
        document=row[_VERSIONS.c.document],
        hash=row[_VERSIONS.c.hash],
        created_at=row[strategy.created_at],
        updated_at=row[strategy.updated_at],
        runs=row[_COUNT],
        wins=row[_WINS],
        best=row[_BEST],
        last_result=None if row[_LAST.c.session_id] is None else record_of(row, _LAST),
    )


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
