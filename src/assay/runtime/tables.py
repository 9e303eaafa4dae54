"""What is kept of a finished session: its figures by name, its tables, and a curve small enough to be drawn in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import polars as pl

from assay.core.domain.timeframe import Timeframe
from assay.core.engine.journal import Journal
from assay.core.indicators.compute import warm_up
from assay.core.market.gaps import missing_bars
from assay.core.market.instants import to_datetime
from assay.core.results.head import head
from assay.core.results.metrics import Metrics
from assay.core.results.position import Position
from assay.core.results.result import Result
from assay.core.results.view import Tally, View, start
from assay.runtime.ports import CalendarOf, Table
from assay.runtime.records import ResultRecord, SessionRecord
from assay.runtime.tolerance import decided_on

MARKS: Final = 64


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the store is handed when a session has finished; the record lacks only when that was."""

    figures: Metrics
    head: str
    run_id: str
    sketch: tuple[float, ...]
    tables: Mapping[Table, pl.DataFrame]


def kept(journal: Journal, calendar_of: CalendarOf = lambda _: None) -> Kept:
    """Compute it all; of a million bars in a quarter of a second."""
    result = journal.result
    return Kept(figures(journal, calendar_of), head(result), result.run_id, sketch(result), tables(result))


def figures(journal: Journal, calendar_of: CalendarOf) -> Metrics:
    """Metrics, and what the view after the last event says that no metric does."""
    result = journal.result
    pnl = result.book.trades.pnl
    needed, inputs = warm_up(journal.document), journal.inputs
    looked_at = {name: decided_on(bars, inputs.start, needed) for name, bars in inputs.bars.items()}
    return {
        **result.metrics,
        **result.risk,
        "cash": journal.account.cash,
        "events": len(journal),
        "decisions": len(result.decision_columns),
        "refusals": journal.refusals,
        "halts": journal.halts,
        "ruined": int(journal.is_ruined),
        "wins": int(np.count_nonzero(pnl > 0.0)),
        "gross_profit": float(np.maximum(pnl, 0.0).sum()),
        "gross_loss": -float(np.minimum(pnl, 0.0).sum()),
        "warm_up": needed,
        "warm_up_bars": result.first,
        "missing_bars": sum(missing_bars(bars, calendar_of(name)) for name, bars in looked_at.items()),
    }


def tables(result: Result) -> dict[Table, pl.DataFrame]:
    """As `core.results.Result` names their columns; decisions without reasons, which are made where they are read."""
    return {
        "trades": closed_trades(result),
        "fills": result.fills,
        "decisions": decided(result),
        "equity": result.equity,
        "positions": result.open_positions,
        "monthly": result.monthly_returns,
    }


def closed_trades(result: Result) -> pl.DataFrame:
    """With how many bars each was held."""
    trades = result.book.trades
    return result.trades.with_columns(pl.Series("bars_held", trades.exit - trades.entry, dtype=pl.Int64))


def decided(result: Result) -> pl.DataFrame:
    """What the rules decided, and not why."""
    decisions = result.decision_columns
    return pl.DataFrame(
        {
            "at": pl.Series(result.outcome.closed[decisions.slice - result.first] // 1_000).cast(pl.Datetime("us", "UTC")),
            "instrument": pl.Series(result.slices.instruments, dtype=pl.String).gather(decisions.instrument),
            "rule": pl.Series(result.rules, dtype=pl.String).gather(decisions.rule),
            "target": decisions.target,
        }
    )


def sketch(result: Result) -> tuple[float, ...]:
    """At most 64 marks of equity, the first and the last among them."""
    marks = result.marks
    places = np.unique(np.linspace(0, len(marks) - 1, min(MARKS, len(marks))).round().astype(np.int64))
    return tuple(marks[places].tolist())


def record(session: SessionRecord, journal: Journal, made: Kept, at: datetime) -> ResultRecord:
    """The row of the list of results; `first_at` and `last_at` are open times."""
    slices, first = journal.prepared.slices, journal.prepared.first
    return ResultRecord(
        session_id=session.id, strategy_id=session.strategy_id, strategy_version=session.strategy_version,
        strategy_name=session.strategy_name, mode=session.spec.mode.value, universe=session.spec.universe,
        timeframe=session.spec.timeframe, first_at=to_datetime(slices.ts[first]), last_at=to_datetime(slices.ts[-1]),
        bars=len(slices) - first, ended_at=at, run_id=made.run_id, head=made.head, metrics=made.figures, sketch=made.sketch,
    )  # fmt: skip


def view(session: SessionRecord, positions: pl.DataFrame | None) -> View:
    """The fold over the session's events, from what is kept of them: a million need not be folded again to be shown (law 7)."""
    result = session.result
    if result is None or positions is None:
        return start(session.spec.account.cash)
    figures = {name: value or 0 for name, value in result.metrics.items()}
    at = Timeframe.parse(result.timeframe).closed_at(result.last_at)
    equity, peak, deepest = float(figures["final_equity"]), float(figures["equity_peak"]), float(figures["max_drawdown"])
    held = {row["instrument"]: row for row in positions.iter_rows(named=True)}
    unrealized = sum(row["unrealized_pnl"] + row["fees"] + _funding(row) for row in held.values())
    return View(
        at=at, seq=int(figures["events"]), cash=equity - unrealized, equity=equity, peak=peak, drawdown=1.0 - equity / peak,
        max_drawdown=deepest, positions={name: _position(row) for name, row in held.items()},
        settled=Tally(int(figures["trades"]), int(figures["wins"]), float(figures["gross_profit"]), float(figures["gross_loss"])),
        fills=int(figures["fills"]), decisions=int(figures["decisions"]), refusals=int(figures["refusals"]), fees=float(figures["fees"]),
        funding=float(figures["funding"]), borrow=float(figures["borrow"]), halted=figures["halts"] > 0, ended=True, marked_at=at,
        before=(peak, deepest),
    )  # fmt: skip


def _position(row: Mapping[str, Any]) -> Position:
    return Position(_signed(row), row["entry_price"], row["entry_at"], row["fees"], _funding(row), None)


def _signed(row: Mapping[str, Any]) -> float:
    quantity: float = row["quantity"]
    return quantity if row["direction"] == "long" else -quantity


def _funding(row: Mapping[str, Any]) -> float:
    """What the position's unrealized P&L leaves for it."""
    gross: float = _signed(row) * (row["mark"] - row["entry_price"])
    net: float = row["unrealized_pnl"] + row["fees"]
    return gross - net
