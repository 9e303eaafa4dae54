"""backtesting.py's statistics table as it defines it (0.6.6), under its own names and in its own units.

Percentages are percentages here and drawdowns negative, as a reader of that table expects; what it leaves NaN is None. Its source
is `backtesting/_stats.py`; docs/reference/conventions.md says where its README's figures follow older definitions.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final, TypeAlias

import numpy as np

from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import to_datetime
from assay.core.results.equity import DAY_NS, SATURDAY, SUNDAY
from assay.core.results.metrics import Outcome
from assay.core.results.ratios import compounded, deviation, finite, payoff_ratio

Table: TypeAlias = dict[str, float | int | str | None]

WEEKEND_SHARE: Final = 2 / 7 * 0.6
RESOLUTIONS_NS: Final = (DAY_NS, DAY_NS // 24, DAY_NS // 1440, DAY_NS // 86_400)


def backtesting_py_table(outcome: Outcome, closes: Floats, warm_up: int = 0) -> Table:
    """The whole table for a session of one instrument; `closes` are its closes on the session's slices.

    `warm_up` is the first bar at which all indicators have a value: holding is measured from there.
    """
    assert len(closes) == len(outcome.ts) > 0, "a close for each slice"
    trades, equity = outcome.trades, outcome.equity
    lengths = outcome.ts[trades.exit - outcome.first] - outcome.ts[trades.entry - outcome.first]
    duration = int(outcome.ts[-1] - outcome.ts[0])
    total, held = equity[-1] / equity[0] - 1.0, closes[-1] / closes[warm_up] - 1.0
    beta = beta_backtesting_py(equity, closes)
    depths, falls = drawdowns_backtesting_py(outcome.ts, equity)
    resolution = _resolution(_spacing(outcome.ts))
    return {
        "Start": _instant(outcome.ts[0]),
        "End": _instant(outcome.ts[-1]),
        "Duration": _duration(duration, 1),
        "Exposure Time [%]": _percent(exposure_time_backtesting_py(outcome)),
        "Equity Final [$]": float(equity[-1]),
        "Equity Peak [$]": float(equity.max()),
        "Return [%]": _percent(float(total)),
        "Buy & Hold Return [%]": _percent(float(held)),
        "Return (Ann.) [%]": _percent(annual_return_backtesting_py(outcome)),
        "Volatility (Ann.) [%]": _percent(volatility_backtesting_py(outcome)),
        "CAGR [%]": _percent(cagr_backtesting_py(float(total), duration)),
        "Sharpe Ratio": sharpe_backtesting_py(outcome),
        "Sortino Ratio": sortino_backtesting_py(outcome),
        "Calmar Ratio": calmar_backtesting_py(outcome),
        "Alpha [%]": None if beta is None else _percent(float(total - beta * held)),
        "Beta": beta,
        "Max. Drawdown [%]": -_fall(equity) * 100.0,
        "Avg. Drawdown [%]": -float(depths.mean()) * 100.0 if len(depths) else None,
        "Max. Drawdown Duration": _duration(int(falls.max()), resolution) if len(falls) else None,
        "Avg. Drawdown Duration": _duration(float(falls.mean()), resolution) if len(falls) else None,
        "# Trades": len(trades),
        "Win Rate [%]": _percent(float((trades.pnl > 0.0).mean()) if len(trades) else None),
        "Best Trade [%]": _percent(float(trades.returns.max()) if len(trades) else None),
        "Worst Trade [%]": _percent(float(trades.returns.min()) if len(trades) else None),
        "Avg. Trade [%]": _percent(geometric_mean(trades.returns) if len(trades) else None),
        "Max. Trade Duration": _duration(int(lengths.max()), resolution) if len(trades) else None,
        "Avg. Trade Duration": _duration(float(lengths.mean()), resolution) if len(trades) else None,
        "Profit Factor": profit_factor_backtesting_py(trades.returns),
        "Expectancy [%]": _percent(float(trades.returns.mean()) if len(trades) else None),
        "SQN": sqn_backtesting_py(trades.pnl),
        "Kelly Criterion": kelly_backtesting_py(trades.pnl),
    }


def exposure_time_backtesting_py(outcome: Outcome) -> float | None:
    """Share of bars from a closed trade's entry bar to its exit bar, both counted; a position open at the end counts nothing."""
    if not len(outcome.ts):
        return None
    edges = np.zeros(len(outcome.ts) + 1, dtype=np.int64)
    np.add.at(edges, outcome.trades.entry - outcome.first, 1)
    np.add.at(edges, outcome.trades.exit - outcome.first + 1, -1)
    return float((np.cumsum(edges[:-1]) > 0).mean())


def annual_return_backtesting_py(outcome: Outcome) -> float | None:
    """(1 + geometric mean of the periods' returns)^year - 1; a period is a day, or a week, month or year for such bars."""
    returns, year = _periods(outcome)
    return finite(compounded(1.0 + geometric_mean(returns), year) - 1.0) if len(returns) else None


def volatility_backtesting_py(outcome: Outcome) -> float | None:
    """sqrt((variance + (1 + g)^2)^year - (1 + g)^(2 year)): the deviation of compounded returns, g their geometric mean."""
    returns, year = _periods(outcome)
    if len(returns) < 2:
        return None
    growth = (1.0 + geometric_mean(returns)) ** 2
    spread = compounded(float(np.var(returns, ddof=1)) + growth, year)
    return finite(math.sqrt(spread - compounded(growth, year))) if math.isfinite(spread) else None


def cagr_backtesting_py(total: float, duration_ns: int) -> float | None:
    """Over years of 365.25 days between the first and the last bar's open (0.6.6; before, over calendar days / trading days a year)."""
    years = duration_ns / DAY_NS / 365.25
    return finite(compounded(1.0 + total, 1.0 / years) - 1.0) if years > 0.0 and total > -1.0 else None


def sharpe_backtesting_py(outcome: Outcome) -> float | None:
    """Geometric annual return / volatility of compounded returns; neither is what Sharpe means elsewhere."""
    return _over(annual_return_backtesting_py(outcome), volatility_backtesting_py(outcome))


def sortino_backtesting_py(outcome: Outcome) -> float | None:
    """Geometric annual return / (sqrt(mean(min(r, 0)^2)) * sqrt(year))."""
    returns, year = _periods(outcome)
    if not len(returns):
        return None
    return _over(annual_return_backtesting_py(outcome), float(np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2)) * math.sqrt(year)))


def calmar_backtesting_py(outcome: Outcome) -> float | None:
    """Geometric annual return / max drawdown; the initial cash is no peak."""
    return _over(annual_return_backtesting_py(outcome), _fall(outcome.equity)) if len(outcome.equity) else None


def beta_backtesting_py(equity: Floats, closes: Floats) -> float | None:
    """Covariance of the log returns of equity and market, bar by bar, over the market's variance."""
    if len(equity) < 3 or (equity <= 0.0).any():
        return None
    ours, market = np.diff(np.log(equity)), np.diff(np.log(closes))
    variance = float(np.var(market, ddof=1))
    return float(np.cov(ours, market)[0, 1]) / variance if variance > 0.0 else None


def profit_factor_backtesting_py(returns: Floats) -> float | None:
    """Sum of the positive / sum of the negative trade returns: percentages, where others take money."""
    return _over(float(returns[returns > 0.0].sum()), -float(returns[returns < 0.0].sum()))


def sqn_backtesting_py(pnl: Floats) -> float | None:
    """sqrt(n) * mean / deviation of the trades' P&L in money."""
    return _over(math.sqrt(len(pnl)) * float(pnl.mean()), deviation(pnl)) if len(pnl) else None


def kelly_backtesting_py(pnl: Floats) -> float | None:
    """W - (1 - W) / (mean gain / mean loss), in money; a trade without P&L counts as lost."""
    ratio = payoff_ratio(pnl)
    won = float((pnl > 0.0).mean()) if len(pnl) else 0.0
    return None if ratio is None else won - (1.0 - won) / ratio


def drawdowns_backtesting_py(ts: Ints, equity: Floats) -> tuple[Floats, Ints]:
    """Depth and duration of every time below a peak of at least one bar; the last may be unfinished."""
    falls = 1.0 - equity / np.maximum.accumulate(equity)
    edges = np.unique(np.append(np.flatnonzero(falls == 0.0), len(falls) - 1))
    apart = np.flatnonzero(np.diff(edges) > 1)
    depths = np.array([falls[edges[k] : edges[k + 1] + 1].max() for k in apart])
    return depths, ts[edges[apart + 1]] - ts[edges[apart]]


def geometric_mean(returns: Floats) -> float:
    """exp(mean(log(1 + r))) - 1, and 0 once everything was lost."""
    return 0.0 if (returns <= -1.0).any() else math.expm1(float(np.log1p(returns).mean()))


def _periods(outcome: Outcome) -> tuple[Floats, float]:
    """Returns between the last marks of periods, by the bars' open times, and how many periods make a year."""
    ts, equity = outcome.ts, outcome.equity
    days = int(_spacing(ts)) // DAY_NS
    dates = ts.view("datetime64[ns]").astype("datetime64[D]")
    if days == 7:
        period, year = (dates.astype(np.int64) + 3) // 7, 52.0  # weeks that end on Sunday
    elif days == 31:
        period, year = dates.astype("datetime64[M]").astype(np.int64), 12.0
    elif days == 365:
        period, year = dates.astype("datetime64[Y]").astype(np.int64), 1.0
    else:
        period, year = dates.astype(np.int64), 365.0 if _trades_on_weekends(ts) else 252.0
    last = equity[np.append(np.flatnonzero(np.diff(period)), len(ts) - 1)] if len(ts) else equity
    return last[1:] / last[:-1] - 1.0 if (last[:-1] > 0.0).all() else np.empty(0), year


def _trades_on_weekends(ts: Ints) -> bool:
    weekday = ts // DAY_NS % 7
    return bool(((weekday == SATURDAY) | (weekday == SUNDAY)).mean() > WEEKEND_SHARE)


def _spacing(ts: Ints) -> float:
    """The median spacing of the last hundred bars."""
    return float(np.median(np.diff(ts[-100:]))) if len(ts) > 1 else 0.0


def _resolution(spacing_ns: float) -> int:
    """Durations are rounded up to the unit in which bars are spaced: days, hours, minutes or seconds."""
    return next((unit for unit in RESOLUTIONS_NS if spacing_ns > 0 and spacing_ns % unit == 0), 1)


def _fall(equity: Floats) -> float:
    return float((1.0 - equity / np.maximum.accumulate(equity)).max())


def _over(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None or base == 0.0 else finite(value / base)


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * 100.0


def _instant(ns: int) -> str:
    return to_datetime(ns).strftime("%Y-%m-%d %H:%M:%S")


def _duration(ns: float, resolution: int) -> str:
    """As pandas prints a Timedelta: `41 days 00:00:00`."""
    whole = timedelta(microseconds=math.ceil(ns / resolution) * resolution // 1_000)
    seconds = whole.seconds
    return f"{whole.days} days {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
