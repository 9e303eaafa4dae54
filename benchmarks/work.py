"""The arrays and the questions of every comparison: seeded, so that each engine on each machine answers the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

CASH: Final = 10_000.0
FEE: Final = 0.0001
STOP: Final = 0.02
TARGET: Final = 0.04
FAST: Final = 10
SLOW: Final = 30
FASTS: Final = range(5, 30)
SLOWS: Final = range(30, 230, 5)
"""25 x 40 = 1,000 combinations, every one with fast below slow."""

MINUTE_NS: Final = 60_000_000_000
HOUR_NS: Final = 3_600_000_000_000
START_NS: Final = 1_577_836_800_000_000_000
"""2020-01-01 00:00 UTC."""


@dataclass(frozen=True)
class Walk:
    """Columns of one instrument, contiguous float64, `ts` the open times in nanoseconds."""

    ts: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        return len(self.ts)


def walk(bars: int, *, seed: int, start: float = 20_000.0, step_ns: int = MINUTE_NS, deviation: float = 0.0006) -> Walk:
    """A price in cents that wanders as a liquid market's minutes do: fat tails, calm and wild spells, opens near the last close.

    The logarithm is pulled back weakly to where it began, so that a million bars neither reach zero nor run away from two decimals.
    """
    rng = np.random.default_rng(seed)
    spell = np.exp(0.5 * np.sin(np.arange(bars) / 1440.0 * 2.0 * np.pi / 7.0))
    shocks = rng.standard_t(4, bars) * deviation / np.sqrt(2.0) * spell
    level = np.empty(bars)
    at = 0.0
    for i, shock in enumerate(shocks.tolist()):
        at = at * 0.999995 + shock
        level[i] = at
    close = np.round(start * np.exp(level), 2)
    open_ = np.empty(bars)
    open_[0] = start
    open_[1:] = np.round(close[:-1] * (1.0 + rng.normal(0.0, deviation / 10.0, bars - 1)), 2)
    reach = np.abs(rng.normal(0.0, deviation / 2.0, (2, bars)))
    high = np.round(np.maximum(open_, close) * (1.0 + reach[0]), 2)
    low = np.round(np.minimum(open_, close) * (1.0 - reach[1]), 2)
    ts = START_NS + np.arange(bars, dtype=np.int64) * step_ns
    return Walk(ts, open_, high, low, close, np.round(rng.gamma(2.0, 5.0, bars), 3))


def one_million() -> Walk:
    return walk(1_000_000, seed=7)


def five_instruments() -> list[Walk]:
    return [walk(200_000, seed=100 + i, start=start) for i, start in enumerate((20_000.0, 1_500.0, 300.0, 90.0, 25.0))]


def two_years_of_hours() -> Walk:
    return walk(17_520, seed=11, step_ns=HOUR_NS, deviation=0.006)


def five_thousand_bars() -> Walk:
    return walk(5_000, seed=13, step_ns=HOUR_NS, deviation=0.006)


@dataclass(frozen=True)
class Answer:
    """What every engine must say about a piece of work, so that one that did less, or something else, is noticed."""

    growth: float
    """Final equity over cash; the mean over the combinations of a sweep."""
    trades: float
    drawdown: float

    def agrees_with(self, other: Answer, *, within: float) -> bool:
        pairs = ((self.growth, other.growth), (self.trades, other.trades), (self.drawdown, other.drawdown))
        return all(abs(a - b) <= within * max(abs(a), abs(b)) for a, b in pairs)


def crosses(fast: Floats, slow: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where `fast` comes to lie above and below `slow`; a missing value is neither, and the first known bar crosses nothing."""
    above, below = fast > slow, fast < slow
    up, down = np.zeros(len(fast), np.bool_), np.zeros(len(fast), np.bool_)
    up[1:] = above[1:] & ~above[:-1] & ~np.isnan(slow[:-1])
    down[1:] = below[1:] & ~below[:-1] & ~np.isnan(slow[:-1])
    return up, down


def next_bar(signals: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A decision at a close is filled at the next open."""
    later = np.zeros_like(signals)
    later[1:] = signals[:-1]
    return later
