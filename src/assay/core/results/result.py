"""What `assay.backtest` hands back: one session's outcome, from which every figure and table is computed when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assay.core.domain.account import Account
from assay.core.domain.fills import Reason
from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import to_datetime
from assay.core.market.slices import Slices
from assay.core.results.columns import Carries, Decisions, Fills
from assay.core.results.equity import daily_marks, daily_returns, monthly_returns
from assay.core.results.metrics import Metrics, Outcome, headline, metrics
from assay.core.results.risk import measures
from assay.core.results.trades import Book, Codes, book

INSTANT: Final = pl.Datetime("us", "UTC")
LABELS: Final = pl.Series([{reason.value: reason.label for reason in Reason}.get(code) for code in range(max(Reason) + 1)])
TRADE_COLUMNS: Final = (
    "instrument", "direction", "quantity", "entry_at", "entry_price", "exit_at", "exit_price", "fees", "pnl", "return", "exit_reason",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Result:
    """`equity` holds the marks from slice `first` on, before which bars served the warm-up only.

    What costs something to know comes as a function and is called at most once: `identify` gives the run's id, `hold` the equity of
    the same period bought and held, `held_to` only its end. `explain` says in words what decided a row of `decisions`.
    """

    strategy: str
    slices: Slices
    first: int
    account: Account
    fill_columns: Fills
    carry_columns: Carries
    decision_columns: Decisions
    marks: Floats
    rules: tuple[str, ...]
    identify: Callable[[], str]
    hold: Callable[[], Floats]
    held_to: Callable[[], float]
    explain: Callable[[int], str] | None = None

    def __post_init__(self) -> None:
        assert len(self.marks) == len(self.slices) - self.first, "a mark for each slice from the first on"

    @cached_property
    def run_id(self) -> str:
        return self.identify()

    @cached_property
    def book(self) -> Book:
        return book(self.fill_columns, self.carry_columns, len(self.slices.instruments), len(self.slices))

    @cached_property
    def buy_and_hold(self) -> Floats:
        return self.hold()

    @cached_property
    def outcome(self) -> Outcome:
        return Outcome(
            self.slices.ts[self.first :],
            self.first,
            self.slices.timeframe,
            self.account.cash,
            self.marks,
            self.fill_columns,
            self.carry_columns,
            self.book,
            self.held_to,
        )

    @cached_property
    def headline(self) -> Metrics:
        return headline(self.outcome)

    @cached_property
    def metrics(self) -> Metrics:
        return metrics(self.outcome)

    @cached_property
    def risk(self) -> dict[str, float | None]:
        """Of daily returns against buying and holding, as empyrical measures it."""
        held = daily_returns(daily_marks(self.outcome.ts, self.outcome.timeframe, self.buy_and_hold), self.account.cash)
        ours = self.outcome.returns
        both = (ours, held) if len(ours) == len(held) else (ours[:0], held[:0])  # one of them lost everything
        return measures(*both, self.outcome.year)

    @cached_property
    def trades(self) -> pl.DataFrame:
        trades = self.book.trades
        return pl.DataFrame(
            {
                "instrument": self._names(trades.instrument),
                "direction": _chosen(trades.direction > 0, "long", "short"),
                "quantity": trades.quantity,
                "entry_at": self._opened(trades.entry),
                "entry_price": trades.entry_price,
                "exit_at": self._opened(trades.exit),
                "exit_price": trades.exit_price,
                "fees": trades.fees,
                "pnl": trades.pnl,
                "return": trades.returns,
                "exit_reason": LABELS.gather(trades.reason),
            }
        ).select(TRADE_COLUMNS)

    @cached_property
    def open_positions(self) -> pl.DataFrame:
        """What is held at the end, marked at the last close; P&L is net of what no trade has been charged."""
        held = self.book.open
        marks = np.array([closes[-1] for closes in self.slices.closes]) if len(self.slices) else np.empty(0)
        return pl.DataFrame(
            {
                "instrument": self._names(held.instrument),
                "direction": _chosen(held.quantity > 0.0, "long", "short"),
                "quantity": np.abs(held.quantity),
                "entry_at": self._opened(held.entry),
                "entry_price": held.entry_price,
                "mark": marks[held.instrument],
                "fees": held.fees,
                "unrealized_pnl": held.unrealized(marks),
            }
        )

    @cached_property
    def equity(self) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "at": _instants(self.outcome.closed),
                "equity": self.marks,
                "drawdown": self.outcome.falls,
                "buy_and_hold": self.buy_and_hold,
            }
        )

    @cached_property
    def fills(self) -> pl.DataFrame:
        fills = self.fill_columns
        return pl.DataFrame(
            {
                "at": self._opened(fills.slice),
                "instrument": self._names(fills.instrument),
                "side": _chosen(fills.quantity > 0.0, "buy", "sell"),
                "quantity": np.abs(fills.quantity),
                "price": fills.price,
                "fee": fills.fee,
                "reason": LABELS.gather(fills.reason),
                "maker": fills.maker,
            }
        )

    @cached_property
    def decisions(self) -> pl.DataFrame:
        decisions = self.decision_columns
        frame = pl.DataFrame(
            {
                "at": _instants(self.outcome.closed[decisions.slice - self.first]),
                "instrument": self._names(decisions.instrument),
                "rule": pl.Series(self.rules, dtype=pl.String).gather(decisions.rule),
                "target": decisions.target,
            }
        )
        if self.explain is None:
            return frame
        return frame.with_columns(pl.Series("reason", [self.explain(row) for row in range(len(decisions))], dtype=pl.String))

    @cached_property
    def monthly_returns(self) -> pl.DataFrame:
        rows = monthly_returns(self.outcome.daily, self.account.cash)
        return pl.DataFrame(rows, schema={"year": pl.Int32, "month": pl.Int8, "return": pl.Float64}, orient="row")

    def to_json(self) -> dict[str, Any]:
        """The run as plain values: instants in ISO 8601 with Z, fractions as fractions, undefined as None."""
        ts, closed = self.outcome.ts, self.outcome.closed
        return {
            "run_id": self.run_id,
            "bars": len(self.marks),
            "from": _iso(ts[0]) if len(ts) else None,
            "to": _iso(closed[-1]) if len(ts) else None,
            "metrics": self.metrics,
            "trades": [_plain(row) for row in self.trades.iter_rows(named=True)],
            "open_positions": [_plain(row) for row in self.open_positions.iter_rows(named=True)],
        }

    def _names(self, instrument: Ints | Codes) -> pl.Series:
        return pl.Series(self.slices.instruments, dtype=pl.String).gather(instrument)

    def _opened(self, places: Ints | Codes) -> pl.Series:
        """A fill is stamped with the open of the slice it happened in (SIMULATION S1.4)."""
        return _instants(self.slices.ts[places])


def _instants(ns: Ints) -> pl.Series:
    return pl.Series(ns // 1_000).cast(INSTANT)


def _chosen(which: NDArray[np.bool_], yes: str, no: str) -> pl.Series:
    return pl.Series([no, yes]).gather(which.astype(np.int64))


def _iso(ns: int) -> str:
    return to_datetime(ns).isoformat().replace("+00:00", "Z")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value for name, value in row.items()}
