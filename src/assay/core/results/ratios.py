"""The ratios of performance analysis, each a pure function with its formula and source; None where one says nothing.

Returns are fractions per period. `year` is the number of periods in one; rates without risk are 0 and said so by being absent.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from assay.core.market.bars import Floats

NOISE: Final = 1e-14
"""Returns near 0 are known to about 1e-16: a deviation below this is rounding, and nothing to divide by."""


def finite(value: float) -> float | None:
    """A number, or None for what overflowed or was never one."""
    return float(value) if math.isfinite(value) else None


def compounded(growth: float, periods: float) -> float:
    """growth^periods, infinite where that is more than a float holds: 34 times the money in one day is, over a year."""
    with np.errstate(over="ignore"):
        return float(np.float64(growth) ** periods)


def deviation(values: Floats) -> float | None:
    """Sample standard deviation: sqrt(sum((x - mean)^2) / (n - 1)). None below two values."""
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def volatility(returns: Floats, year: float) -> float | None:
    """Deviation of the returns * sqrt(year)."""
    spread = deviation(returns)
    return None if spread is None else finite(spread * math.sqrt(year))


def sharpe(returns: Floats, year: float) -> float | None:
    """mean / deviation * sqrt(year), risk-free 0 (Sharpe 1994, The Sharpe Ratio, J. of Portfolio Management 21)."""
    spread = deviation(returns)
    if spread is None or spread <= NOISE:
        return None
    return finite(float(returns.mean()) / spread * math.sqrt(year))


def downside_deviation(returns: Floats) -> float | None:
    """sqrt(sum(min(r, 0)^2) / n) over all n returns, not only the negative ones (Sortino and Price 1994, target 0)."""
    return float(np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2))) if len(returns) else None


def sortino(returns: Floats, year: float) -> float | None:
    """mean / downside deviation * sqrt(year) (Sortino and Price 1994, Performance Measurement in a Downside Risk Framework)."""
    spread = downside_deviation(returns)
    if spread is None or spread <= NOISE:
        return None
    return finite(float(returns.mean()) / spread * math.sqrt(year))


def cagr(growth: float, years: float) -> float | None:
    """growth^(1 / years) - 1, where growth is the final equity over the initial cash. None where equity ended at 0 or below."""
    if growth <= 0.0 or years <= 0.0:
        return None
    exponent = math.log(growth) / years
    return math.expm1(exponent) if exponent < 700.0 else None


def calmar(annual_return: float | None, max_drawdown: float) -> float | None:
    """CAGR / max drawdown, over the whole period (Young 1991, Calmar Ratio: A Smoother Tool, Futures 20; he took three years)."""
    return None if annual_return is None or max_drawdown <= 0.0 else finite(annual_return / max_drawdown)


def win_rate(pnl: Floats) -> float | None:
    """Trades with P&L above 0 / trades."""
    return float(np.count_nonzero(pnl > 0.0)) / len(pnl) if len(pnl) else None


def profit_factor(pnl: Floats) -> float | None:
    """Sum of the gains / sum of the losses, in money. None without losses."""
    gains, losses = float(np.maximum(pnl, 0.0).sum()), -float(np.minimum(pnl, 0.0).sum())
    return finite(gains / losses) if losses > 0.0 else None


def mean(values: Floats) -> float | None:
    """The arithmetic one; None of nothing."""
    return finite(float(values.mean())) if len(values) else None


def payoff_ratio(pnl: Floats) -> float | None:
    """Mean gain / mean loss, in money. None without both."""
    gains, losses = pnl[pnl > 0.0], pnl[pnl < 0.0]
    return finite(float(gains.mean()) / -float(losses.mean())) if len(gains) and len(losses) else None


def sqn(pnl: Floats) -> float | None:
    """System quality number: sqrt(n) * mean / deviation of the trades' P&L (Tharp 2008, Definitive Guide to Position Sizing)."""
    spread = deviation(pnl)
    if spread is None or spread <= NOISE:
        return None
    return finite(math.sqrt(len(pnl)) * float(pnl.mean()) / spread)


def kelly(returns: Floats) -> float | None:
    """W - (1 - W) / R: W the share of winning trades, R mean gain / mean loss of their returns (Kelly 1956, for two outcomes)."""
    gains, losses = returns[returns > 0.0], returns[returns < 0.0]
    if not len(gains) or not len(losses):
        return None
    won = len(gains) / len(returns)
    return finite(won - (1.0 - won) * -float(losses.mean()) / float(gains.mean()))


def longest_streak(hits: Floats) -> int:
    """The longest run of values above 0."""
    misses = np.flatnonzero(np.concatenate(([True], ~(hits > 0.0), [True])))
    return int(np.diff(misses).max()) - 1
