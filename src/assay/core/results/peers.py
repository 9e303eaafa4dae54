"""The same word, other numbers: what peers compute under the names that everybody uses, each under an explicit name.

Every figure is a fold over our outcome by the peer's formula, with its file as the source; where a peer returns 0, -100 or infinity
for what is undefined, this says None. The risk-free rate is 0 throughout.
"""

from __future__ import annotations

import math

import numpy as np

from assay.core.market.bars import Floats
from assay.core.results.backtesting_py import (
    annual_return_backtesting_py,
    calmar_backtesting_py,
    exposure_time_backtesting_py,
    kelly_backtesting_py,
    profit_factor_backtesting_py,
    sharpe_backtesting_py,
    sortino_backtesting_py,
    volatility_backtesting_py,
)
from assay.core.results.equity import DAY_NS, Daily, daily_returns
from assay.core.results.metrics import YEAR_DAYS, Metrics, Outcome
from assay.core.results.ratios import NOISE, deviation, finite, sharpe, sortino


def peer_metrics(outcome: Outcome) -> Metrics:
    """All of them, in the order of the alphabet of metrics and then of peers."""
    trades = outcome.trades
    return {
        "annual_return_backtesting_py": annual_return_backtesting_py(outcome) if len(outcome.ts) else None,
        "calmar_backtesting_py": calmar_backtesting_py(outcome),
        "calmar_freqtrade": calmar_freqtrade(outcome),
        "exposure_time_backtesting_py": exposure_time_backtesting_py(outcome),
        "kelly_backtesting_py": kelly_backtesting_py(trades.pnl),
        "profit_factor_backtesting_py": profit_factor_backtesting_py(trades.returns),
        "sharpe_backtesting_py": sharpe_backtesting_py(outcome) if len(outcome.ts) else None,
        "sharpe_freqtrade": sharpe_freqtrade(outcome),
        "sharpe_hummingbot": sharpe_hummingbot(outcome),
        "sharpe_jesse": sharpe_jesse(outcome),
        "sharpe_lean": sharpe_lean(outcome),
        "sharpe_nautilus": sharpe_nautilus(outcome),
        "sharpe_vectorbt": sharpe_vectorbt(outcome),
        "sortino_backtesting_py": sortino_backtesting_py(outcome) if len(outcome.ts) else None,
        "sortino_freqtrade": sortino_freqtrade(outcome),
        "sortino_jesse": sortino_jesse(outcome),
        "sortino_vectorbt": sortino_vectorbt(outcome),
        "volatility_backtesting_py": volatility_backtesting_py(outcome) if len(outcome.ts) else None,
    }


def sharpe_freqtrade(outcome: Outcome) -> float | None:
    """Profits / starting balance: their sum per day, over their deviation *per trade* (ddof 0), * sqrt(365).

    It grows with the number of trades a day: numerator per day, denominator per trade (`freqtrade/data/metrics.py`).
    """
    profits = outcome.trades.pnl / outcome.cash
    return _annualized(float(profits.sum()) / _days(outcome), float(np.std(profits))) if len(profits) else None


def sortino_freqtrade(outcome: Outcome) -> float | None:
    """As its Sharpe, over the deviation of the losses around their own mean (`freqtrade/data/metrics.py`)."""
    profits = outcome.trades.pnl / outcome.cash
    losses = profits[profits < 0.0]
    return _annualized(float(profits.sum()) / _days(outcome), float(np.std(losses))) if len(losses) else None


def calmar_freqtrade(outcome: Outcome) -> float | None:
    """Percent profit per day over the drawdown of *closed* balance, * sqrt(365) (`freqtrade/data/metrics.py`).

    The drawdown is the one deepest in money, as a fraction of the balance at its peak.
    """
    trades = outcome.trades
    if not len(trades):
        return None
    closed = np.cumsum(trades.pnl)
    peaks = np.maximum.accumulate(closed)
    deepest = int((closed - peaks).argmin())
    depth = float((peaks[deepest] - closed[deepest]) / (outcome.cash + peaks[deepest]))
    return _annualized(float(closed[-1]) / outcome.cash / _days(outcome) * 100.0, depth)


def sharpe_vectorbt(outcome: Outcome) -> float | None:
    """Returns at the bars' own frequency, the first against the initial cash, ddof 1, * sqrt(bars in 365 days)
    (`vectorbt/returns/nb.py`)."""
    return sharpe(_bar_returns(outcome), _bars_a_year(outcome))


def sortino_vectorbt(outcome: Outcome) -> float | None:
    """Mean * year / (downside deviation * sqrt(year)) at the bars' own frequency (`vectorbt/returns/nb.py`)."""
    return sortino(_bar_returns(outcome), _bars_a_year(outcome))


def sharpe_jesse(outcome: Outcome) -> float | None:
    """Daily returns, every day counting, ddof 1, * sqrt(365) (`jesse/services/metrics.py`)."""
    return sharpe(_every_day(outcome), 365.0)


def sortino_jesse(outcome: Outcome) -> float | None:
    """Daily returns, every day counting, over the root of the mean squared loss, * sqrt(365) (`jesse/services/metrics.py`)."""
    return sortino(_every_day(outcome), 365.0)


def sharpe_nautilus(outcome: Outcome) -> float | None:
    """Returns of closed positions summed by UTC day of closing, days without one left out, ddof 1, * sqrt(252).

    `crates/analysis/src/statistics/sharpe_ratio.rs` and `statistic.rs`; the returns come from positions (`analyzer.rs`).
    """
    trades = outcome.trades
    if not len(trades):
        return None
    days = outcome.ts[trades.exit - outcome.first] // DAY_NS
    _, place = np.unique(days, return_inverse=True)
    return sharpe(np.bincount(place, weights=trades.returns).astype(np.float64), 252.0)


def sharpe_lean(outcome: Outcome) -> float | None:
    """((1 + mean daily return)^252 - 1) / (deviation * sqrt(252)) (`Common/Statistics/PortfolioStatistics.cs`)."""
    spread = deviation(outcome.returns)
    if spread is None or spread <= NOISE:
        return None
    growth = 252.0 * math.log1p(float(outcome.returns.mean()))
    return finite(math.expm1(growth) / (spread * math.sqrt(252.0))) if growth < 700.0 else None


def sharpe_hummingbot(outcome: Outcome) -> float | None:
    """Mean / deviation of cumulative P&L over cumulative volume, trade by trade, not annualized (`backtesting_engine_base.py`).

    A path, not a sample of returns: it measures how straight the path was.
    """
    trades = outcome.trades
    moved = trades.pnl != 0.0
    path = np.cumsum(trades.pnl[moved]) / np.cumsum((trades.quantity * trades.entry_price)[moved])
    return sharpe(path, 1.0)


def _annualized(numerator: float, denominator: float) -> float | None:
    return finite(numerator / denominator * math.sqrt(365.0)) if denominator > NOISE else None


def _days(outcome: Outcome) -> int:
    """Whole days between the first and the last bar's open, at least one."""
    return max(1, int(outcome.ts[-1] - outcome.ts[0]) // DAY_NS)


def _bar_returns(outcome: Outcome) -> Floats:
    before = np.concatenate(([outcome.cash], outcome.equity[:-1]))[: len(outcome.equity)]
    return outcome.equity / before - 1.0 if (before > 0.0).all() else np.empty(0)


def _bars_a_year(outcome: Outcome) -> float:
    return YEAR_DAYS * DAY_NS / outcome.timeframe.nanoseconds


def _every_day(outcome: Outcome) -> Floats:
    return daily_returns(Daily(outcome.daily.day, outcome.daily.equity, every_day=True), outcome.cash)
