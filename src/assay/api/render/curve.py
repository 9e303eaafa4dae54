"""Equity curves in as many points as a screen can show: the last mark of each stretch, and the deepest drawdown in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from assay.api.render.market import SECOND_NS, columns, thinned
from assay.api.wire.results import EquityColumns
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.instants import closed_ts
from assay.core.results.result import Result


@dataclass(frozen=True, eq=False)
class Curve:
    """A mark a row; `ts` are the closes at which they were taken."""

    ts: Ints
    equity: Floats
    buy_and_hold: Floats
    drawdown: Floats

    @classmethod
    def left_by(cls, result: Result) -> Curve:
        """The same from a run that is at hand."""
        return cls(result.outcome.closed, result.marks, result.buy_and_hold, result.outcome.falls)

    @classmethod
    def of(cls, table: pl.DataFrame) -> Curve:
        """The table `equity` of a result."""
        equity, hold, drawdown = (table[name].to_numpy() for name in ("equity", "buy_and_hold", "drawdown"))
        return cls(table["at"].cast(pl.Int64).to_numpy() * 1_000, equity, hold, drawdown)

    def __len__(self) -> int:
        return len(self.ts)

    def thinned(self, points: int) -> Curve:
        """At most so many points; no fall is lost between two of them."""
        each = -(-len(self) // points)
        if each <= 1:
            return self
        firsts = np.arange(0, len(self), each)
        lasts = np.append(firsts[1:], len(self)) - 1
        return Curve(self.ts[lasts], self.equity[lasts], self.buy_and_hold[lasts], np.maximum.reduceat(self.drawdown, firsts))

    def columns(self) -> dict[str, Floats]:
        """In the order in which they are drawn."""
        return {"equity": self.equity, "buy_and_hold": self.buy_and_hold, "drawdown": self.drawdown}

    def wire(self) -> EquityColumns:
        """As JSON has it."""
        return EquityColumns(
            time=(self.ts // SECOND_NS).tolist(),
            equity=self.equity.tolist(),
            buy_and_hold=self.buy_and_hold.tolist(),
            drawdown=self.drawdown.tolist(),
        )

    def at(self, ts: Ints) -> Floats:
        """Equity at these instants; NaN before the first mark and after the last."""
        place = np.searchsorted(self.ts, ts, side="right") - 1
        known = (place >= 0) & (ts <= self.ts[-1])
        return np.where(known, self.equity[np.maximum(place, 0)], np.nan)


def chart(bars: Bars, curve: Curve, points: int) -> tuple[Ints, Mapping[str, Floats]]:
    """Candles in at most so many points, and under each what the account stood at when its last bar closed; NaN where it did not yet."""
    shown = thinned(bars, points)
    each = max(1, -(-len(bars) // points))
    lasts = np.minimum(np.arange(each - 1, len(bars) + each - 1, each), len(bars) - 1)
    ends = np.searchsorted(curve.ts, closed_ts(bars.ts[lasts], bars.timeframe), side="right")
    begins = np.append(np.searchsorted(curve.ts, closed_ts(bars.ts[:1], bars.timeframe)), ends[:-1])[: len(ends)]
    return shown.ts, {**columns(shown), **_under(curve, begins, ends)}


def _under(curve: Curve, begins: Ints, ends: Ints) -> dict[str, Floats]:
    """The last mark of each stretch of marks [begin, end), and its deepest drawdown; a stretch without marks keeps the one before."""
    last = np.maximum(ends - 1, 0)
    under = {name: np.where(ends > 0, column[last], np.nan) for name, column in curve.columns().items()}
    some = np.flatnonzero(ends > begins)
    if len(some):
        edges = np.stack((begins[some], ends[some]), axis=1).ravel()
        under["drawdown"][some] = np.maximum.reduceat(np.append(curve.drawdown, -np.inf), edges)[::2]
    return under
