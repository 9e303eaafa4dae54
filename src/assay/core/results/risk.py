"""Risk measures of a column of returns under empyrical's conventions, for results pages that people compare with pyfolio's.

Returns are fractions per period and NaN is a period without one; a year has 252 periods unless told otherwise. Drawdowns are
negative here, as empyrical gives them; our own are in `equity` and `ratios`. What empyrical calls NaN or infinite is None. The
source of every formula is `empyrical/stats.py`, and of its ideas the papers named.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

import numpy as np

from assay.core.market.bars import Floats, Ints
from assay.core.results.ratios import NOISE, compounded, finite

Rate: TypeAlias = float | Floats
Measured = TypeVar("Measured")

TRADING_DAYS: Final = 252.0
LEAST_VARIANCE: Final = 1e-30


def measures(returns: Floats, factor_returns: Floats, year: float) -> dict[str, float | None]:
    """What a page of results shows of all this: our periods' returns against a benchmark's."""
    slope, intercept = beta(returns, factor_returns), alpha(returns, factor_returns, year)
    return {
        "omega": omega(returns, year=year),
        "tail_ratio": tail_ratio(returns),
        "stability": stability_of_timeseries(returns),
        "downside_risk": downside_risk(returns, year=year),
        "alpha": intercept,
        "beta": slope,
        "up_capture": up(lambda ours, theirs: capture(ours, theirs, year), returns, factor_returns),
        "down_capture": down(lambda ours, theirs: capture(ours, theirs, year), returns, factor_returns),
    }


def cum_returns(returns: Floats, starting_value: float = 0.0) -> Floats:
    """Compounded: product of (1 + r) so far, times the starting value, or less 1 where that is 0; a missing return is 0."""
    growth = np.cumprod(1.0 + np.nan_to_num(returns), dtype=np.float64)
    return growth - 1.0 if starting_value == 0.0 else growth * starting_value


def cum_returns_final(returns: Floats, starting_value: float = 0.0) -> float | None:
    """The last of `cum_returns`."""
    return float(cum_returns(returns, starting_value)[-1]) if len(returns) else None


def aggregate_returns(ts: Ints, returns: Floats, unit: str) -> Floats:
    """Compounded by calendar `month`, `quarter` or `year` of the periods' stamps."""
    months = ts.view("datetime64[ns]").astype("datetime64[M]").astype(np.int64)
    group = months // {"month": 1, "quarter": 3, "year": 12}[unit]
    starts = np.flatnonzero(np.diff(group, prepend=group[:1] - 1))
    return np.multiply.reduceat(1.0 + np.nan_to_num(returns), starts) - 1.0 if len(starts) else np.empty(0)


def max_drawdown(returns: Floats) -> float | None:
    """The least of growth / peak so far - 1, growth 1 before the first return being a peak."""
    if not len(returns):
        return None
    growth = cum_returns(returns, 1.0)
    return float((growth / np.maximum(np.maximum.accumulate(growth), 1.0)).min()) - 1.0


def annual_return(returns: Floats, year: float = TRADING_DAYS) -> float | None:
    """Total growth ^ (year / periods) - 1: the compound annual growth rate."""
    growth = cum_returns_final(returns, 1.0)
    if growth is None or growth <= 0.0:
        return None
    return finite(math.exp(min(math.log(growth) * year / len(returns), 709.0)) - 1.0)


cagr = annual_return


def annual_volatility(returns: Floats, year: float = TRADING_DAYS) -> float | None:
    """Deviation (ddof 1) * sqrt(year)."""
    spread = _deviation(returns)
    return None if spread is None else spread * math.sqrt(year)


def calmar(returns: Floats, year: float = TRADING_DAYS) -> float | None:
    """Annual return / |max drawdown| (Young 1991)."""
    growth, depth = annual_return(returns, year), max_drawdown(returns)
    return None if growth is None or depth is None or depth == 0.0 else finite(growth / -depth)


def omega(returns: Floats, risk_free: float = 0.0, required_return: float = 0.0, year: float = TRADING_DAYS) -> float | None:
    """Sum of returns above the required / sum of those below it (Keating and Shadwick 2002); `required_return` is per year."""
    if len(returns) < 2 or required_return <= -1.0:
        return None
    over = returns - risk_free - ((1.0 + required_return) ** (1.0 / year) - 1.0)
    losses = -float(over[over < 0.0].sum())
    return float(over[over > 0.0].sum()) / losses if losses > 0.0 else None


def sharpe(returns: Floats, risk_free: Rate = 0.0, year: float = TRADING_DAYS) -> float | None:
    """Mean / deviation of returns over the risk-free rate, both per period, * sqrt(year) (Sharpe 1994)."""
    ratio = excess_sharpe(returns, risk_free)
    return None if ratio is None else ratio * math.sqrt(year)


def excess_sharpe(returns: Floats, factor_returns: Rate) -> float | None:
    """Mean / deviation of returns over a benchmark's, per period: an information ratio over the tracking error."""
    excess = returns - factor_returns
    spread, mean = _deviation(excess), _mean(excess)
    return None if spread is None or mean is None or spread <= NOISE else finite(mean / spread)


def downside_risk(returns: Floats, required_return: Rate = 0.0, year: float = TRADING_DAYS) -> float | None:
    """sqrt(mean(min(r - required, 0)^2)) * sqrt(year) (Sortino and Price 1994)."""
    squares = _mean(np.minimum(returns - required_return, 0.0) ** 2)
    return None if squares is None else math.sqrt(squares * year)


def sortino(returns: Floats, required_return: Rate = 0.0, year: float = TRADING_DAYS) -> float | None:
    """Mean excess * year / downside risk (Sortino and Price 1994)."""
    mean, spread = _mean(returns - required_return), downside_risk(returns, required_return, year)
    if len(returns) < 2 or mean is None or spread is None or spread <= NOISE:
        return None
    return finite(mean * year / spread)


def beta(returns: Floats, factor_returns: Floats) -> float | None:
    """Covariance with the benchmark / its variance, over the periods in which both have a return."""
    ours, theirs = _paired(returns, factor_returns)
    if len(ours) < 2:
        return None
    residual = theirs - theirs.mean()
    variance = float((residual**2).mean())
    return float((residual * ours).mean()) / variance if variance >= LEAST_VARIANCE else None


def alpha(returns: Floats, factor_returns: Floats, year: float = TRADING_DAYS) -> float | None:
    """(1 + mean(r - beta * benchmark))^year - 1 (Jensen 1968, annualized as a compounded return; risk-free 0)."""
    slope = beta(returns, factor_returns)
    if slope is None:
        return None
    ours, theirs = _paired(returns, factor_returns)
    return finite(compounded(1.0 + float((ours - slope * theirs).mean()), year) - 1.0)


def alpha_beta(returns: Floats, factor_returns: Floats, year: float = TRADING_DAYS) -> tuple[float | None, float | None]:
    """Both, as `up` and `down` take them."""
    return alpha(returns, factor_returns, year), beta(returns, factor_returns)


def capture(returns: Floats, factor_returns: Floats, year: float = TRADING_DAYS) -> float | None:
    """Our annual return / the benchmark's."""
    ours, theirs = annual_return(returns, year), annual_return(factor_returns, year)
    return None if ours is None or theirs is None or theirs == 0.0 else finite(ours / theirs)


def up(measure: Callable[[Floats, Floats], Measured], returns: Floats, factor_returns: Floats) -> Measured:
    """A measure over the periods in which the benchmark rose: `up(capture, ...)`, `up(alpha_beta, ...)`."""
    rising = factor_returns > 0.0
    return measure(returns[rising], factor_returns[rising])


def down(measure: Callable[[Floats, Floats], Measured], returns: Floats, factor_returns: Floats) -> Measured:
    """A measure over the periods in which the benchmark fell."""
    falling = factor_returns < 0.0
    return measure(returns[falling], factor_returns[falling])


def up_down_capture(returns: Floats, factor_returns: Floats) -> float | None:
    """Capture in rising periods / capture in falling ones."""
    rising, falling = up(capture, returns, factor_returns), down(capture, returns, factor_returns)
    return None if rising is None or falling is None or falling == 0.0 else finite(rising / falling)


def tail_ratio(returns: Floats) -> float | None:
    """|95th percentile| / |5th percentile|: 0.25 says that losses are four times as bad as gains."""
    known = _known(returns)
    if not len(known):
        return None
    low = abs(float(np.percentile(known, 5)))
    return abs(float(np.percentile(known, 95))) / low if low > 0.0 else None


def stability_of_timeseries(returns: Floats) -> float | None:
    """R squared of a straight line through the cumulative log returns."""
    known = _known(returns)
    if len(returns) < 2 or len(known) < 2 or (known <= -1.0).any():
        return None
    path = np.cumsum(np.log1p(known))
    time = np.arange(len(path)) - (len(path) - 1) / 2.0
    rise = path - path.mean()
    spread = float((rise**2).sum())
    return float((time * rise).sum()) ** 2 / (float((time**2).sum()) * spread) if spread > LEAST_VARIANCE else None


def beta_fragility_heuristic(returns: Floats, factor_returns: Floats) -> float | None:
    """How far our return at the benchmark's middle lies below the chord between its extremes (Taleb et al. 2012, IMF WP/12/216)."""
    ours, theirs = _paired(returns, factor_returns)
    if len(ours) < 3:
        return None
    order = np.argsort(theirs, kind="stable")
    first, middle, last = order[0], order[round(len(order) / 2)], order[-1]
    span = float(theirs[last] - theirs[first])
    share = float(theirs[middle] - theirs[first]) / span if span != 0.0 else 0.5
    return share * float(ours[first]) + (1.0 - share) * float(ours[last]) - float(ours[middle])


def rolling(measure: Callable[..., Measured], window: int, *columns: Floats) -> list[Measured]:
    """A measure over every window of so many periods (all of them where there are fewer): `rolling(sharpe, 126, returns)`."""
    assert window >= 1
    length = len(columns[0])
    width = min(window, length)
    return [measure(*(column[end - width : end] for column in columns)) for end in range(width, length + 1) if width]


def _known(returns: Floats) -> Floats:
    return returns[~np.isnan(returns)]


def _paired(returns: Floats, factor_returns: Floats) -> tuple[Floats, Floats]:
    both = ~(np.isnan(returns) | np.isnan(factor_returns))
    return returns[both], factor_returns[both]


def _mean(returns: Floats) -> float | None:
    known = _known(returns)
    return float(known.mean()) if len(known) else None


def _deviation(returns: Floats) -> float | None:
    known = _known(returns)
    return float(np.std(known, ddof=1)) if len(known) > 1 else None
