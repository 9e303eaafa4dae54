"""Bars that no market made: the bundled sample, synthetic and saying so, the same bit for bit wherever it is generated.

It has what strategies meet: regimes (bull, bear, sideways, crash), clustered volatility, fat tails, busy and quiet hours,
instruments that move together, outages that leave gaps, and a share with sessions, holidays and opening gaps. Its trends are
there because a regime lasts; a strategy that earns on them has proved that it runs, and nothing about a market.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import numpy as np

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.draws import Draws
from assay.core.market.instants import EPOCH, to_ns
from assay.core.market.regimes import CRYPTO, SHARE, Regime, volatility, wander
from assay.core.market.rows import Mask
from assay.core.market.sessions import sessions

HOUR_NS: Final = 3_600_000_000_000
DAY_NS: Final = 24 * HOUR_NS
STEPS: Final = 8
"""Inside each bar the price takes so many steps, and high and low are the farthest of them."""


@dataclass(frozen=True, slots=True)
class Coin:
    """One hourly instrument: where it starts, how far it follows the market, how far it goes alone, and what trades in an hour."""

    symbol: str
    seed: int
    start: float
    beta: float
    alone: float
    hourly_volume: float
    own_outages: tuple[tuple[str, int], ...] = ()


COINS: Final = (
    Coin("BTC/USDT", 101, 16_540.0, 1.0, 0.0012, 1_150.0),
    Coin("ETH/USDT", 102, 1_195.0, 1.15, 0.0024, 14_200.0),
    Coin("SOL/USDT", 103, 21.4, 1.45, 0.0052, 118_000.0, (("2023-06-10T02", 4), ("2024-02-06T10", 5))),
)
OUTAGES: Final = (("2023-02-11T03", 2), ("2023-03-24T12", 2), ("2023-09-05T07", 1), ("2024-01-18T22", 9), ("2024-07-30T05", 3))
"""Hours in which the venue was down: first hour and how many. The price moved on meanwhile."""

_HOURS: Final = (
    0.92, 0.86, 0.80, 0.74, 0.68, 0.66, 0.70, 0.84, 0.98, 1.02, 1.00, 0.97,
    1.04, 1.24, 1.52, 1.58, 1.44, 1.28, 1.14, 1.06, 1.02, 0.96, 0.90, 1.00,
)  # fmt: skip
_WEEKEND: Final = 0.62

NAMES: Final = (*(f"synthetic:{coin.symbol}" for coin in COINS), "synthetic:SHARE")


def sample_bars() -> Mapping[str, Bars]:
    """Every instrument of the sample, by its id."""
    return {bars.instrument: bars for bars in (*_coins(), _share())}


def _coins() -> list[Bars]:
    ts = np.arange(to_ns(datetime(2023, 1, 1, tzinfo=UTC)), to_ns(datetime(2025, 1, 1, tzinfo=UTC)), HOUR_NS)
    busy = _busy(ts)
    market = Draws(20)
    regimes = wander(CRYPTO, market.uniform(len(ts)))
    shape = market.normal(STEPS, len(ts)) * market.swing(len(ts))
    steps = _market_steps(shape, regimes, np.sqrt(busy))
    return [_coin(coin, ts, steps, regimes, busy) for coin in COINS]


def _busy(ts: Ints) -> Floats:
    """How much of the average hour's trading an hour sees, by the clock and the weekday."""
    hours = np.asarray(_HOURS)[ts // HOUR_NS % 24]
    weekend = (ts // DAY_NS + 3) % 7 >= 5
    busy: Floats = hours * np.where(weekend, _WEEKEND, 1.0)
    return busy


def _market_steps(shape: Floats, regimes: Sequence[Regime], busy: Floats) -> Floats:
    """The common part of returns, [step, bar]: clustered volatility times the shape, plus the regime's drift."""
    moves = _summed(shape) / np.sqrt(float(STEPS))
    sizes = volatility(moves, regimes) * busy
    drift = np.array([regime.drift for regime in regimes])
    steps: Floats = shape * (sizes / np.sqrt(float(STEPS))) + drift / STEPS
    return steps


def _coin(coin: Coin, ts: Ints, market: Floats, regimes: Sequence[Regime], busy: Floats) -> Bars:
    own = Draws(coin.seed)
    restless = np.array([regime.restless for regime in regimes])
    alone = own.normal(STEPS, len(ts)) * (own.swing(len(ts)) * restless * (coin.alone / np.sqrt(float(STEPS))))
    steps = coin.beta * market + alone
    paths = _paths(coin.start, steps, np.zeros(len(ts)))
    size = np.abs(paths[-1] / paths[0] - 1.0)
    volume = coin.hourly_volume * busy * _activity(own, len(ts)) * (0.55 + size / (coin.beta * 0.006))
    up = ~np.isin(ts, [*_hours(OUTAGES), *_hours(coin.own_outages)])
    return _bars(f"synthetic:{coin.symbol}", "1h", ts, paths, volume, 3, up)


def _share() -> Bars:
    days = sessions(date(2019, 1, 1), date(2024, 12, 31))
    ts = np.array([(day - EPOCH.date()).days for day in days], dtype=np.int64) * DAY_NS
    draws = Draws(304)
    regimes = wander(SHARE, draws.uniform(len(ts)))
    shape = draws.normal(STEPS, len(ts)) * draws.swing(len(ts))
    steps = _market_steps(shape, regimes, np.ones(len(ts)))
    restless = np.array([regime.restless for regime in regimes])
    overnight = 0.0055 * restless * draws.normal(len(ts)) * draws.swing(len(ts), degrees=4)
    reports = np.array([day.month in (1, 4, 7, 10) and 22 <= day.day <= 24 and day.weekday() == 3 for day in days])
    overnight = np.where(reports, overnight + 0.045 * draws.normal(len(ts)), overnight)
    paths = _paths(64.0, steps, overnight)
    size = np.abs(paths[-1] / paths[0] - 1.0) + np.abs(overnight)
    volume = 3_400_000.0 * _activity(draws, len(ts)) * (0.6 + size / 0.02) * np.where(reports, 2.0, 1.0)
    return _bars("synthetic:SHARE", "1d", ts, paths, volume, 0, np.ones(len(ts), dtype=np.bool_))


def _summed(rows: Floats) -> Floats:
    """Row upon row in their order: numpy's own sum leaves the order of additions to the processor."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total = total + row
    return total


def _paths(start: float, steps: Floats, gaps: Floats) -> Floats:
    """Prices inside each bar, [1 + step, bar]: the first is the open, which the gap sets off from the last close."""
    paths = np.empty((len(steps) + 1, steps.shape[1]))
    growth = np.maximum(1.0 + steps, 0.5)
    price = start
    for bar in range(steps.shape[1]):
        price *= 1.0 + float(gaps[bar])
        paths[0, bar] = price
        for step in range(len(steps)):
            price *= float(growth[step, bar])
            paths[step + 1, bar] = price
    return paths


def _activity(draws: Draws, length: int) -> Floats:
    """Interest in an instrument comes and goes: around 1, slowly, and with noise in each bar."""
    shocks, noise = draws.normal(length), draws.uniform(length)
    activity = np.empty(length)
    level = 1.0
    for bar in range(length):
        level = min(max(level + 0.02 * (1.0 - level) + 0.06 * float(shocks[bar]) * level, 0.25), 4.0)
        activity[bar] = level
    return activity * (0.7 + 0.6 * noise)


def _hours(outages: Sequence[tuple[str, int]]) -> list[int]:
    starts = ((to_ns(datetime.fromisoformat(f"{first}:00+00:00")), count) for first, count in outages)
    return [start + hour * HOUR_NS for start, count in starts for hour in range(count)]


def _bars(instrument: str, timeframe: str, ts: Ints, paths: Floats, volume: Floats, decimals: int, up: Mask) -> Bars:
    """Prices to ticks of a cent: whole cents divided by a hundred are the very floats that `16540.25` reads as."""
    cents = np.rint(paths[:, up] * 100.0) / 100.0
    scale = 10.0**decimals
    columns = (cents[0], cents.max(axis=0), cents.min(axis=0), cents[-1], np.rint(volume[up] * scale) / scale)
    opened, high, low, close, traded = (np.ascontiguousarray(column) for column in columns)
    return Bars(instrument, Timeframe.parse(timeframe), ts[up], opened, high, low, close, traded)
