"""What a session came to, as named numbers: a headline quickly, everything else on demand; undefined is None.

Returns are daily and include open P&L: the last mark per UTC day, the first against the initial cash. A year has 365 days where a
bar opens on a Saturday or Sunday (empty days then count 0), else 252 days that have bars. The risk-free rate is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import closed_ts
from assay.core.results import ratios
from assay.core.results.columns import Carries, Fills
from assay.core.results.equity import DAY_NS, Daily, Drawdown, daily_marks, daily_returns, deepest, drawdown, max_drawdown
from assay.core.results.trades import Book, Trades

Metrics: TypeAlias = dict[str, float | int | None]
YEAR_DAYS: Final = 365.0
SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, eq=False)
class Outcome:
    """What metrics are made of. `ts` are the open times of the slices that have equity, `first` the index of the first of them."""

    ts: Ints
    first: int
    timeframe: Timeframe
    cash: float
    equity: Floats
    fills: Fills
    carries: Carries
    book: Book
    hold: Callable[[], float]  # final equity of the same period bought and held

    @property
    def trades(self) -> Trades:
        return self.book.trades

    @property
    def final_equity(self) -> float:
        return float(self.equity[-1]) if len(self.equity) else self.cash

    @cached_property
    def depth(self) -> float:
        """Of the max drawdown; its place costs as much again and is found when asked for."""
        return deepest(self.equity, self.cash)[0]

    @cached_property
    def max_drawdown(self) -> Drawdown:
        return max_drawdown(self.equity, self.cash)

    @cached_property
    def falls(self) -> Floats:
        """The drawdown at each mark."""
        return drawdown(self.equity, self.cash)

    @cached_property
    def daily(self) -> Daily:
        return daily_marks(self.ts, self.timeframe, self.equity)

    @cached_property
    def returns(self) -> Floats:
        return daily_returns(self.daily, self.cash)

    @property
    def year(self) -> float:
        """Periods of the daily returns in a year."""
        return 365.0 if self.daily.every_day else 252.0

    @cached_property
    def closed(self) -> Ints:
        """When the slices closed and equity was marked."""
        return closed_ts(self.ts, self.timeframe)

    @property
    def years(self) -> float:
        """From the open of the first slice to the close of the last, in years of 365 days."""
        if not len(self.ts):
            return 0.0
        return (int(closed_ts(self.ts[-1:], self.timeframe)[0]) - int(self.ts[0])) / (YEAR_DAYS * DAY_NS)

    @property
    def cagr(self) -> float | None:
        return ratios.cagr(self.final_equity / self.cash, self.years)


def headline(outcome: Outcome) -> Metrics:
    """The first figures anybody looks at, in the order in which they are shown."""
    trades, depth = outcome.trades, outcome.depth
    return {
        "final_equity": outcome.final_equity,
        "total_return": outcome.final_equity / outcome.cash - 1.0,
        "max_drawdown": depth,
        "sharpe": ratios.sharpe(outcome.returns, outcome.year),
        "sortino": ratios.sortino(outcome.returns, outcome.year),
        "calmar": ratios.calmar(outcome.cagr, depth),
        "win_rate": ratios.win_rate(trades.pnl),
        "profit_factor": ratios.profit_factor(trades.pnl),
        "trades": len(trades),
        "fees": float(outcome.fills.fee.sum()),
        "exposure_time": outcome.book.exposed / len(outcome.equity) if len(outcome.equity) else None,
        "buy_and_hold_return": outcome.hold() / outcome.cash - 1.0,
    }


def metrics(outcome: Outcome) -> Metrics:
    """The headline, then everything else."""
    return headline(outcome) | _of_equity(outcome) | _of_trades(outcome) | _of_costs(outcome)


def _of_equity(outcome: Outcome) -> Metrics:
    """`max_drawdown_seconds` runs from the peak until it is made good (or the end); the longest may be another one."""
    returns, worst = outcome.returns, outcome.max_drawdown
    return {
        "cagr": outcome.cagr,
        "volatility": ratios.volatility(returns, outcome.year),
        "average_drawdown": ratios.mean(_under_water(outcome)),
        "max_drawdown_seconds": _seconds(outcome, worst.start, worst.end),
        "longest_drawdown_seconds": _longest_under_water(outcome),
        "best_day": float(returns.max()) if len(returns) else None,
        "worst_day": float(returns.min()) if len(returns) else None,
        "equity_peak": max(outcome.cash, float(outcome.equity.max())) if len(outcome.equity) else outcome.cash,
    }


def _of_trades(outcome: Outcome) -> Metrics:
    trades = outcome.trades
    pnl, returns = trades.pnl, trades.returns
    lengths = (outcome.ts[trades.exit - outcome.first] - outcome.ts[trades.entry - outcome.first]) / SECOND_NS
    some = len(trades) > 0
    return {
        "expectancy": ratios.mean(pnl),
        "average_trade": ratios.mean(returns),
        "best_trade": float(returns.max()) if some else None,
        "worst_trade": float(returns.min()) if some else None,
        "average_win": ratios.mean(returns[pnl > 0.0]),
        "average_loss": ratios.mean(returns[pnl < 0.0]),
        "payoff_ratio": ratios.payoff_ratio(pnl),
        "sqn": ratios.sqn(pnl),
        "kelly": ratios.kelly(returns),
        "long_trades": int(np.count_nonzero(trades.direction > 0)),
        "short_trades": int(np.count_nonzero(trades.direction < 0)),
        "longest_winning_streak": ratios.longest_streak(pnl),
        "longest_losing_streak": ratios.longest_streak(-pnl),
        "average_trade_seconds": ratios.mean(lengths),
        "longest_trade_seconds": float(lengths.max()) if some else None,
    }


def _of_costs(outcome: Outcome) -> Metrics:
    """`turnover` is traded notional / average equity per year; funding and borrow are costs where above 0."""
    fills, carries = outcome.fills, outcome.carries
    average = float(outcome.equity.mean()) if len(outcome.equity) else outcome.cash
    traded = float(np.abs(fills.quantity * fills.price).sum())
    return {
        "funding": _cost(carries.amount[~carries.borrow]),
        "borrow": _cost(carries.amount[carries.borrow]),
        "turnover": ratios.finite(traded / average / outcome.years) if average > 0.0 and outcome.years > 0.0 else None,
        "fills": len(fills),
        "open_positions": len(outcome.book.open),
    }


def _cost(amounts: Floats) -> float:
    return 0.0 - float(amounts.sum())  # and not -0.0 where there is none


def _under_water(outcome: Outcome) -> Floats:
    """The drawdown at every mark below a peak."""
    return outcome.falls[outcome.falls > 0.0]


def _seconds(outcome: Outcome, start: int, end: int | None) -> float | None:
    if not len(outcome.closed):
        return None
    return (int(outcome.closed[-1 if end is None else end]) - int(outcome.closed[start])) / SECOND_NS


def _longest_under_water(outcome: Outcome) -> float | None:
    """The longest time from one peak to the mark that reaches it again, or to the end."""
    if not len(outcome.equity):
        return None
    at_peak = np.flatnonzero(outcome.falls == 0.0)
    stops = np.concatenate((outcome.closed[:1], outcome.closed[at_peak], outcome.closed[-1:]))
    return float(np.diff(stops).max()) / SECOND_NS
