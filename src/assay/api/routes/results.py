"""Results: the list to search and compare, and everything that is kept of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final, Literal, get_args

import polars as pl
from fastapi import APIRouter, Depends, Path, Query, Response

from assay.api import binary
from assay.api.depends import At, Mine
from assay.api.found import journal_of, reasons_of, result_of, table_of
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit, Search, listed
from assay.api.problems import RefusedError, invalid
from assay.api.render import results as render
from assay.api.render.comparison import compared
from assay.api.render.curve import Curve, chart
from assay.api.render.export import archive
from assay.api.render.series import drawn
from assay.api.rows import page_of
from assay.api.wire.market import SeriesColumns
from assay.api.wire.message import Instant, List
from assay.api.wire.results import Comparison, Decision, EquityColumns, ResultDetail, ResultRow, Stats, Trade
from assay.core.market.bars import Bars
from assay.runtime.inputs import document_of
from assay.runtime.ports import Table
from assay.runtime.records import InputRange, ResultFilter, SessionRecord

router = APIRouter(prefix="/results", tags=["results"], route_class=Once)

COMPARED_MOST: Final = 8
_BYTES: Final = {"type": "string", "format": "binary"}
_BINARY: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {binary.MEDIA_TYPE: {"schema": _BYTES}}}}
_HTML: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
_ZIP: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/zip": {"schema": _BYTES}}}}
_REPORT_POLICY: Final = "sandbox allow-scripts allow-popups; frame-ancestors 'self'"
"""A report brings its own policy in its head; served from here it is, besides, nobody's: no cookie, no storage, no request as us."""

Id = Annotated[str, Path(max_length=64)]
Text = Annotated[str | None, Query(max_length=200)]
From = Annotated[Instant | None, Query(alias="from")]
To = Annotated[Instant | None, Query(alias="to")]
Points = Annotated[int, Query(ge=2, le=20_000, description="Rows, at most.")]
Format = Annotated[Literal["json", "binary"], Query(description="Columns as JSON, or as bytes.")]
Sort = Annotated[
    Literal[
        "ended_at", "-ended_at", "strategy_name", "-strategy_name", "bars", "-bars", "total_return", "-total_return", "max_drawdown",
        "-max_drawdown", "sharpe", "-sharpe", "trades", "-trades", "win_rate", "-win_rate", "profit_factor", "-profit_factor",
        "final_equity", "-final_equity",
    ],
    Query(description="Descending with `-` before it."),
]  # fmt: skip
TradeSort = Annotated[
    Literal["number", "-number", "pnl", "-pnl", "trade_return", "-trade_return", "bars_held", "-bars_held", "fees", "-fees"],
    Query(description="Descending with `-` before it."),
]
Outcome = Annotated[Literal["profit", "loss"] | None, Query(description="Only what ended above, or below, where it began.")]


def wanted_results(
    search: Search = None,
    mode: Text = None,
    strategy: Text = None,
    instrument: Text = None,
    outcome: Outcome = None,
    start: From = None,
    end: To = None,
) -> ResultFilter:
    """What the list and its statistics filter by alike."""
    return ResultFilter(search, mode, strategy, instrument, outcome, start, end)


Wanted = Annotated[ResultFilter, Depends(wanted_results)]


def wanted_trades(
    instrument: Text = None,
    direction: Literal["long", "short"] | None = None,
    outcome: Outcome = None,
    start: From = None,
    end: To = None,
) -> list[pl.Expr]:
    """What a trade must be to be listed."""
    wanted: list[pl.Expr] = []
    if instrument is not None:
        wanted.append(pl.col("instrument") == instrument)
    if direction is not None:
        wanted.append(pl.col("direction") == direction)
    if outcome is not None:
        wanted.append(pl.col("pnl") > 0.0 if outcome == "profit" else pl.col("pnl") < 0.0)
    if start is not None:
        wanted.append(pl.col("exit_at") >= start)
    if end is not None:
        wanted.append(pl.col("entry_at") < end)
    return wanted


TradesWanted = Annotated[list[pl.Expr], Depends(wanted_trades)]


@router.get("")
async def list_results(desk: Mine, wanted: Wanted, sort: Sort = "-ended_at", limit: Limit = 50, cursor: Cursor = None) -> List[ResultRow]:
    """Results that every filter lets through; `from` and `to` are about when they ended."""
    return listed(await desk.results.page(replace(wanted, sort=sort), limit, cursor), render.result_row)


@router.get("/stats")
async def get_result_stats(desk: Mine, wanted: Wanted) -> Stats:
    """Over all results that the same filters let through."""
    return render.stats(await desk.results.stats(wanted))


@router.get("/compare")
async def compare_results(
    at: At, desk: Mine, ids: Annotated[str, Query(max_length=600, description="Two to eight ids, with commas.")], points: Points = 500
) -> Comparison:
    """Results side by side, with their curves on one scale."""
    names = list(dict.fromkeys(ids.split(",")))
    if not 2 <= len(names) <= COMPARED_MOST:
        raise invalid("ids", "count", f"two to {COMPARED_MOST} results can be compared, not {len(names)}")
    found = [(await result_of(desk, name))[1] for name in names]
    tables = [await table_of(desk, name, "equity") for name in names]
    return await at.workers.run(compared, found, tables, points)


@router.get("/{session_id}")
async def get_result(at: At, desk: Mine, session_id: Id) -> ResultDetail:
    """Everything but the long tables."""
    session, _ = await result_of(desk, session_id)
    trades, positions, monthly = [await table_of(desk, session_id, name) for name in ("trades", "positions", "monthly")]
    return await at.workers.run(render.result_detail, session, {"trades": trades, "positions": positions, "monthly": monthly})


@router.get("/{session_id}/equity", responses=_BINARY, response_model=EquityColumns)
async def get_equity(
    at: At,
    desk: Mine,
    session_id: Id,
    points: Points = 1_000,
    format: Format = "json",  # noqa: A002 the name that the query has
) -> EquityColumns | Response:
    """Equity, the same bought and held, and the drawdown; the last mark of each stretch, and the deepest drawdown in it."""
    await result_of(desk, session_id)
    curve = (await _curve(at, desk, session_id)).thinned(points)
    if format == "json":
        return curve.wire()
    return binary.response(curve.ts, curve.columns(), {})


@router.get("/{session_id}/chart", responses=_BINARY, response_class=Response)
async def get_chart(
    at: At, desk: Mine, session_id: Id, instrument: Text = None, start: From = None, end: To = None, points: Points = 4_000
) -> Response:
    """Candles of one instrument and what the account stood at when they closed, as bytes: all that the chart of a result draws at first."""
    session, _ = await result_of(desk, session_id)
    bars = await _bars(at, session, instrument, start, end)
    curve = await _curve(at, desk, session_id)
    ts, columns = await at.workers.run(chart, bars, curve, points)
    return binary.response(ts, columns, {"X-Timeframe": session.spec.timeframe, "X-Bars": str(len(bars))})


@router.get("/{session_id}/series", responses=_BINARY, response_model=SeriesColumns)
async def get_result_series(
    at: At,
    desk: Mine,
    session_id: Id,
    instrument: Text = None,
    start: From = None,
    end: To = None,
    points: Points = 4_000,
    format: Format = "json",  # noqa: A002 the name that the query has
) -> SeriesColumns | Response:
    """The strategy's own series, at the same times as the chart's candles."""
    session, _ = await result_of(desk, session_id)
    bars = await _bars(at, session, instrument, None, end)
    document = document_of(session.spec)
    series = (await at.workers.run(drawn, document, bars, start or session.spec.start)).thinned(points)
    return series.answer() if format == "json" else binary.response(series.bars.ts, series.columns, {})


@router.get("/{session_id}/trades")
async def list_trades(
    at: At,
    desk: Mine,
    session_id: Id,
    wanted: TradesWanted,
    sort: TradeSort = "number",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> List[Trade]:
    """Closed trades, in the order of their exits unless another is asked for; `from` and `to` are about when they were open."""
    await result_of(desk, session_id)
    rows = await at.workers.run(_trades, await table_of(desk, session_id, "trades"), wanted, sort)
    page, following = page_of(rows, limit, cursor)
    return List(items=render.trades(page), next_cursor=following, total=len(rows))


@router.get("/{session_id}/decisions")
async def list_decisions(
    at: At, desk: Mine, session_id: Id, start: From = None, end: To = None, limit: Limit = 50, cursor: Cursor = None
) -> List[Decision]:
    """What the rules decided and why, in order; the reasons are made for the page that is asked for."""
    session, _ = await result_of(desk, session_id)
    rows = _between((await table_of(desk, session_id, "decisions")).with_row_index("number"), start, end)
    page, following = page_of(rows, limit, cursor)
    numbers = page["number"].to_list()
    reasons = await reasons_of(at, session, numbers)
    numbered = page.with_columns(pl.col("number") + 1)
    return List(items=render.decisions(numbered, reasons), next_cursor=following, total=len(rows))


@router.get("/{session_id}/report", responses=_HTML, response_class=Response)
async def get_report(at: At, desk: Mine, session_id: Id) -> Response:
    """The result as one page that needs nothing else, to be kept or sent."""
    session, _ = await result_of(desk, session_id)
    journal = await journal_of(at, session)
    page = await at.workers.run(at.report, journal.result, session.name)
    return Response(page, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _REPORT_POLICY})


@router.get("/{session_id}/export", responses=_ZIP, response_class=Response)
async def export_result(at: At, desk: Mine, session_id: Id) -> Response:
    """Everything as an archive: the result as JSON, every table as CSV and as Parquet."""
    session, _ = await result_of(desk, session_id)
    tables = {name: await table_of(desk, session_id, name) for name in get_args(Table)}
    body = await at.workers.run(archive, session, tables)
    return Response(body, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{session_id}.zip"'})


async def _curve(at: At, desk: Mine, session_id: str) -> Curve:
    """From the journal where that is at hand: a run that has just ended is looked at first."""
    journal = at.history.kept(session_id)
    return Curve.of(await table_of(desk, session_id, "equity")) if journal is None else Curve.left_by(journal.result)


async def _bars(at: At, session: SessionRecord, instrument: str | None, start: Instant | None, end: Instant | None) -> Bars:
    """Bars of one instrument of a result, in the part of its period that is asked for."""
    chosen = _input(session, instrument)
    bars = await at.workers.run(at.candles.read, chosen.instrument, chosen.timeframe, chosen.first_at, None)
    if bars is None:
        raise RefusedError(409, "inputs_changed", f"the bars of {chosen.instrument} that this ran on are gone")
    return bars[: chosen.bars].between(start or session.spec.start, end)


def _input(session: SessionRecord, instrument: str | None) -> InputRange:
    for each in session.inputs:
        if instrument in (None, each.instrument):
            return each
    there = ", ".join(each.instrument for each in session.inputs)
    raise invalid("instrument", "unknown", f"this ran on {there}")


def _trades(table: pl.DataFrame, wanted: list[pl.Expr], sort: str) -> pl.DataFrame:
    rows = table.lazy().with_row_index("number", offset=1).filter(*wanted)
    column = sort.removeprefix("-")
    name = "return" if column == "trade_return" else column
    return rows.sort(name, "number", descending=[sort.startswith("-"), False], nulls_last=True).collect()


def _between(rows: pl.DataFrame, start: Instant | None, end: Instant | None) -> pl.DataFrame:
    if start is not None:
        rows = rows.filter(pl.col("at") >= start)
    return rows if end is None else rows.filter(pl.col("at") < end)
