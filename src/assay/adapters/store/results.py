"""Results: one row each to be searched and sorted, and their columns beside the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import ColumnElement, FromClause, RowMapping, Select, func, select

from assay.adapters.store import tables
from assay.adapters.store.columns import Columns
from assay.adapters.store.owned import Owned, Read, rows
from assay.adapters.store.paging import Order, fold, page, seeks
from assay.runtime.ports import ResultStats, Table
from assay.runtime.records import RESULT_SORTS, Page, ResultFilter, ResultRecord

_ROWS: Final = rows(tables.results)
_SORTED_BY: Final = {"strategy_name": "name_key"}


class SqlResults:
    """`runtime.ports.Results` of one owner."""

    def __init__(self, owned: Owned, columns: Columns) -> None:
        self._owned = owned
        self._columns = columns

    async def get(self, session_id: str) -> ResultRecord | None:
        found = await self._owned.one(select(_ROWS).where(_ROWS.c.session_id == session_id))
        return None if found is None else record_of(found, _ROWS)

    async def page(self, wanted: ResultFilter, limit: int, cursor: str | None) -> Page[ResultRecord]:
        name = wanted.sort.removeprefix("-")
        assert name in RESULT_SORTS, f"results are not sorted by {name!r}"
        order = Order(_ROWS.c[_SORTED_BY.get(name, name)], _ROWS.c.session_id, wanted.sort.startswith("-"))
        query, of_list = _chosen(select(_ROWS), wanted), ("results", wanted)
        return await self._owned.read(lambda read: page(read, query, order, limit, cursor, of_list, lambda row: record_of(row, _ROWS)))

    async def stats(self, wanted: ResultFilter) -> ResultStats:
        returned = _ROWS.c.total_return
        figures = select(
            func.count(),
            func.count().filter(returned > 0.0),
            func.avg(returned),
            func.avg(_ROWS.c.sharpe),
            func.coalesce(func.sum(_ROWS.c.trades), 0),
        )
        best = select(_ROWS).where(returned.is_not(None)).order_by(returned.desc(), _ROWS.c.session_id).limit(1)

        def counted(read: Read) -> ResultStats:
            runs, profitable, mean, sharpe, trades = read.execute(_chosen(figures, wanted)).one()
            first = read.execute(_chosen(best, wanted)).mappings().one_or_none()
            return ResultStats(runs, profitable, None if first is None else record_of(first, _ROWS), mean, sharpe, int(trades))

        return await self._owned.read(counted)

    async def table(self, session_id: str, table: Table) -> pl.DataFrame | None:
        there = await self._owned.one(select(_ROWS.c.session_id).where(_ROWS.c.session_id == session_id))
        return None if there is None else await self._columns.read(session_id, table)


def row_of(record: ResultRecord) -> dict[str, Any]:
    """All columns but the owner."""
    assert record.metrics.keys() >= set(tables.SORTED_METRICS), "every result has the metrics that lists are sorted by"
    return {
        **{name: getattr(record, name) for name in _PLAIN},
        "universe": list(record.universe),
        "metrics": dict(record.metrics),
        "sketch": list(record.sketch),
        "name_key": record.strategy_name.casefold(),
        "instruments": _lines(record.universe),
        "sought": fold(record.strategy_name, *record.universe, record.session_id),
        **{name: record.metrics[name] for name in tables.SORTED_METRICS},
    }


def record_of(row: RowMapping, source: FromClause) -> ResultRecord:
    """From a row that holds the columns of `source`, possibly beside others."""
    plain: Mapping[str, Any] = {name: row[source.c[name]] for name in _PLAIN}
    return ResultRecord(
        **plain,
        universe=tuple(row[source.c.universe]),
        metrics=row[source.c.metrics],
        sketch=tuple(row[source.c.sketch]),
    )


_PLAIN: Final = (
    "session_id", "strategy_id", "strategy_version", "strategy_name", "mode", "timeframe", "first_at", "last_at", "bars", "ended_at",
    "run_id", "head",
)  # fmt: skip


def _chosen(query: Select[Any], wanted: ResultFilter) -> Select[Any]:
    return query.where(*_conditions(wanted))


def _conditions(wanted: ResultFilter) -> Iterator[ColumnElement[bool]]:
    column = _ROWS.c
    if wanted.search is not None:
        yield seeks(column.sought, wanted.search)
    if wanted.mode is not None:
        yield column.mode == wanted.mode
    if wanted.strategy is not None:
        yield column.strategy_id == wanted.strategy
    if wanted.instrument is not None:  # `replace` minds the case on every database, which `like` does not
        yield func.replace(column.instruments, _lines((wanted.instrument,)), "") != column.instruments
    if wanted.outcome is not None:
        yield column.total_return > 0.0 if wanted.outcome == "profit" else column.total_return < 0.0
    if wanted.start is not None:
        yield column.ended_at >= wanted.start
    if wanted.end is not None:
        yield column.ended_at < wanted.end


def _lines(names: Sequence[str]) -> str:
    """Each on a line that it shares with nothing, so that one can be told from another that it is part of."""
    return "".join(f"\n{name}\n" for name in names)
