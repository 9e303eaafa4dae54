"""Results as they go over the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor, log10
from typing import Any, Final

import numpy as np
import polars as pl

from assay.api.render.account import account_body
from assay.api.wire.message import amount
from assay.api.wire.results import (
    Bucket,
    Caveat,
    Decision,
    InputItem,
    Metrics,
    MonthReturn,
    OpenPosition,
    Remark,
    ResultDetail,
    ResultRow,
    Stats,
    Trade,
)
from assay.core.engine.backtest import ENGINE
from assay.core.market.bars import Floats
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.parse import parse
from assay.runtime.ports import ResultStats, Table
from assay.runtime.records import InputRange, ResultRecord, SessionRecord

FEW_TRADES: Final = 30
"""Below it a win rate is a coin that was tossed a few times."""
BUCKETS: Final = 32
_HEADLINE: Final = (
    "total_return", "buy_and_hold_return", "max_drawdown", "sharpe", "sortino", "calmar", "win_rate", "profit_factor", "exposure_time",
)  # fmt: skip
_COUNTS: Final = ("events", "fills", "decisions", "refusals", "trades", "open_positions")


def metrics(found: Mapping[str, float | int | None], cash: float) -> Metrics:
    """The headline of metrics by their names, and all of them."""
    equity, fees = found["final_equity"] or 0.0, found["fees"] or 0.0
    named: dict[str, Any] = {name: found[name] for name in _HEADLINE}
    return Metrics(
        final_equity=amount(equity),
        pnl=amount(round(equity - cash, 9)),
        trades=int(found["trades"] or 0),
        fees=amount(fees),
        all=dict(found),
        **named,
    )


def result_row(record: ResultRecord) -> ResultRow:
    """A result as one row of a list."""
    return ResultRow(
        id=record.session_id,
        strategy_id=record.strategy_id,
        strategy_version=record.strategy_version,
        strategy_name=record.strategy_name,
        mode=record.mode,
        universe=list(record.universe),
        timeframe=record.timeframe,
        first_at=record.first_at,
        last_at=record.last_at,
        bars=record.bars,
        ended_at=record.ended_at,
        run_id=record.run_id,
        metrics=metrics(record.metrics, record.metrics["cash"] or 0.0),
        sketch=list(record.sketch),
    )


def result_detail(session: SessionRecord, tables: Mapping[Table, pl.DataFrame]) -> ResultDetail:
    """Needs the tables of trades, positions and months."""
    assert session.result is not None
    document = parse(session.spec.document)
    found = session.result.metrics
    return ResultDetail(
        result=result_row(session.result),
        document=dict(session.spec.document),
        strategy_hash=content_hash(document),
        account=account_body(session.spec.account),
        inputs=inputs(session.inputs),
        head=session.result.head,
        engine=ENGINE,
        warnings=[*caveats(session.result), *odd(session.inputs)],
        monthly=[MonthReturn(year=year, month=month, value=value) for year, month, value in tables["monthly"].iter_rows()],
        distribution=distribution(tables["trades"]["return"].to_numpy()),
        open_positions=[_open(row) for row in tables["positions"].iter_rows(named=True)],
        rules={rule.id: rule.name or rule.id for rule in document.rules},
        counts={name: int(found[name] or 0) for name in _COUNTS},
    )


def inputs(ranges: Sequence[InputRange]) -> list[InputItem]:
    """The bars that were run on."""
    return [
        InputItem(
            instrument=each.instrument,
            timeframe=each.timeframe,
            first_at=each.first_at,
            last_at=each.last_at,
            bars=each.bars,
            fingerprint=each.fingerprint,
            findings=[
                Remark(severity=found.severity, code=found.code, message=found.message, count=found.count) for found in each.findings
            ],
        )
        for each in ranges
    ]


def caveats(record: ResultRecord) -> Iterator[Caveat]:
    """What a reader should know before the figures; the gravest first."""
    found = {name: value or 0 for name, value in record.metrics.items()}
    if found["ruined"]:
        yield Caveat(code="ruined", message="Equity was gone before the end, and everything was closed.")
    if found["warm_up"] >= record.bars + found["warm_up_bars"]:
        yield Caveat(code="too_short", message=f"The strategy needs {found['warm_up']:,} bars before it decides anything.")
    elif found["trades"] < FEW_TRADES:
        message = f"With fewer than {FEW_TRADES} trades (here {found['trades']}), chance does most of it."
        yield Caveat(code="low_sample", message=message)
    if found["missing_bars"]:
        yield Caveat(code="gaps", message=f"The data has gaps: bars that are missing, {found['missing_bars']:,} in all.")
    if found["open_positions"]:
        yield Caveat(code="open_at_end", message="Not everything was closed at the end; what is still held counts at its last price.")


def odd(ranges: Sequence[InputRange]) -> Iterator[Caveat]:
    """What to be warned of in the bars, each kind once; that some are missing is a caveat of the result's own."""
    found: dict[str, list[str]] = {}
    for each in ranges:
        for finding in each.findings:
            if finding.severity != "info" and finding.code != "gaps":
                found.setdefault(finding.code, []).append(f"{each.instrument}: {finding.message}")
    for code, messages in found.items():
        yield Caveat(code=code, message="; ".join(messages))


def distribution(returns: Floats) -> list[Bucket]:
    """Trades by return, in at most 32 buckets of a round width, two of which meet at zero."""
    returns = returns[np.isfinite(returns)]
    if not len(returns):
        return []
    low, high = min(float(returns.min()), 0.0), max(float(returns.max()), 0.0)
    width = _round_width((high - low) / (BUCKETS - 2) or 0.001)
    first = floor(low / width)
    counts = np.bincount(np.floor(returns / width).astype(np.int64) - first)
    return [
        Bucket(low=round((first + place) * width, 12), high=round((first + place + 1) * width, 12), trades=count)
        for place, count in enumerate(counts.tolist())
    ]


def trades(table: pl.DataFrame) -> list[Trade]:
    """Rows of the table of trades, with their `number`."""
    return [
        Trade(
            number=row["number"],
            instrument=row["instrument"],
            direction=row["direction"],
            quantity=amount(row["quantity"]),
            entry_at=row["entry_at"],
            entry_price=amount(row["entry_price"]),
            exit_at=row["exit_at"],
            exit_price=amount(row["exit_price"]),
            fees=amount(row["fees"]),
            pnl=amount(row["pnl"]),
            trade_return=row["return"],
            exit_reason=row["exit_reason"],
            bars_held=row["bars_held"],
        )
        for row in table.iter_rows(named=True)
    ]


def decisions(table: pl.DataFrame, reasons: Sequence[str | None]) -> list[Decision]:
    """Rows of the table of decisions, with their `number`."""
    return [Decision(**row, reason=reason) for row, reason in zip(table.iter_rows(named=True), reasons, strict=True)]


def stats(found: ResultStats) -> Stats:
    """Over all results that a filter let through."""
    return Stats(
        runs=found.runs,
        profitable=found.profitable,
        best=None if found.best is None else result_row(found.best),
        mean_return=found.mean_return,
        mean_sharpe=found.mean_sharpe,
        trades=found.trades,
    )


def _round_width(at_least: float) -> float:
    """1, 2 or 5 of some power of ten."""
    power = 10.0 ** floor(log10(at_least))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= at_least)


def _open(row: Mapping[str, Any]) -> OpenPosition:
    money = {name: amount(row[name]) for name in ("quantity", "entry_price", "mark", "fees", "unrealized_pnl")}
    return OpenPosition(instrument=row["instrument"], direction=row["direction"], entry_at=row["entry_at"], **money)
