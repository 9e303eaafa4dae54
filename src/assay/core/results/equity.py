"""The equity curve folded: its drawdowns, its marks by day and its returns by month.

A mark is made at a slice's close and belongs to the UTC day of the nanosecond before it: a daily bar opened on 2024-01-05 closes
at 2024-01-06 00:00 and marks the fifth. Everything here reads a curve of a million marks in well under a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import closed_ts

DAY_NS: Final = 86_400_000_000_000
BLOCK: Final = 1024
FORTNIGHT: Final = 14
SATURDAY: Final = 2  # days since 1970-01-01, a Thursday, modulo 7
SUNDAY: Final = 3


@dataclass(frozen=True, slots=True)
class Drawdown:
    """A fall from a peak: `depth` as a fraction of it, and the marks at which it began, was deepest and was made good (None: never)."""

    depth: float
    start: int
    trough: int
    end: int | None


@dataclass(frozen=True, eq=False)
class Daily:
    """The last mark of every UTC day that has one. `day` counts from 1970-01-01; `every_day` is that days without a mark count too."""

    day: Ints
    equity: Floats
    every_day: bool


def drawdown(equity: Floats, cash: float) -> Floats:
    """1 - equity / peak so far, at each mark; the initial cash is the first peak."""
    return 1.0 - equity / np.maximum(np.maximum.accumulate(equity), cash)


def max_drawdown(equity: Floats, cash: float) -> Drawdown:
    """The deepest fall; the first of equals. A curve that never falls has one of depth 0 at its first mark."""
    depth, trough = deepest(equity, cash)
    if depth == 0.0:
        return Drawdown(0.0, 0, 0, 0)
    before = equity[: trough + 1]
    peak = max(float(before.max()), cash)
    at_peak = np.flatnonzero(before == peak)
    recovered = np.flatnonzero(equity[trough:] >= peak)
    return Drawdown(depth, int(at_peak[-1]) if len(at_peak) else 0, trough, trough + int(recovered[0]) if len(recovered) else None)


def deepest(equity: Floats, cash: float) -> tuple[float, int]:
    """Depth and place of the deepest fall, without dividing at every mark.

    A block's lowest mark against the highest peak up to the block's end bounds the falls in it, so only blocks whose bound exceeds
    the deepest fall found so far are looked into.
    """
    whole = len(equity) // BLOCK * BLOCK
    blocks = equity[:whole].reshape(-1, BLOCK)
    highs, lows = blocks.max(axis=1), blocks.min(axis=1)
    if whole < len(equity):
        rest = equity[whole:]
        highs, lows = np.append(highs, rest.max()), np.append(lows, rest.min())
    peaks = np.maximum.accumulate(np.maximum(highs, cash))
    bounds = 1.0 - lows / peaks
    depth, trough = 0.0, 0
    for block in np.argsort(-bounds, kind="stable"):
        if bounds[block] <= depth:
            break
        low = int(block) * BLOCK
        falls = drawdown(equity[low : low + BLOCK], float(peaks[block - 1]) if block else cash)
        deepest = int(falls.argmax())
        if falls[deepest] > depth:
            depth, trough = float(falls[deepest]), low + deepest
    return depth, trough


def daily_marks(ts: Ints, timeframe: Timeframe, equity: Floats) -> Daily:
    """The last mark per UTC day, of slices opened at `ts`.

    Days without a mark count where a bar opened on a Saturday or Sunday, as at venues that never close. Marks more than a day
    apart (bars of 3d, 1w, 1M) always count the days between them: else a year of weekly marks would pass for 52 days of one.
    """
    if len(ts) == 0:
        return Daily(np.empty(0, dtype=np.int64), np.empty(0), every_day=True)
    monthly = timeframe.name == "1M"
    opened, shift = (closed_ts(ts, timeframe), -1) if monthly else (ts, timeframe.nanoseconds - 1)
    first, last = (int(opened[0]) + shift) // DAY_NS, (int(opened[-1]) + shift) // DAY_NS
    day = np.arange(first, last + 1)
    ends = _places(opened, (first + 1) * DAY_NS - shift, len(day))
    lengths = np.diff(ends, prepend=0)
    if not lengths.all():
        day, ends, lengths = day[lengths > 0], ends[lengths > 0], lengths[lengths > 0]
    return Daily(day, equity[ends - 1], timeframe.nanoseconds > DAY_NS or _on_weekend(ts, ends - lengths, ends - 1))


def _places(ts: Ints, bound: int, days: int) -> Ints:
    """How many stamps lie before `bound` and before each of the days after it: `searchsorted`, unless the stamps lie evenly.

    Then the places follow from the first, and every one of them is checked; searching costs several times as much.
    """
    bounds = np.arange(days - 1) * DAY_NS + bound
    count = int(np.searchsorted(ts, bound))
    step = max(DAY_NS * (len(ts) - 1) // max(int(ts[-1]) - int(ts[0]), 1), 1)
    last, first = ts[count - 1 :: step][: days - 1], ts[count::step][: days - 1]
    even = len(first) == days - 1 and bool((last < bounds).all()) and bool((first >= bounds).all())
    return np.append(count + step * np.arange(days - 1) if even else np.searchsorted(ts, bounds), len(ts))


def _on_weekend(ts: Ints, *places: Ints) -> bool:
    """A day's first and last bar tell: bars of a day or less that mark one day opened on it or on the day before."""
    for some in (slice(FORTNIGHT), slice(FORTNIGHT, None)):  # the first two weeks nearly always tell
        for place in places:
            weekday = ts[place[some]] // DAY_NS % 7
            if ((weekday == SATURDAY) | (weekday == SUNDAY)).any():
                return True
    return False


def daily_returns(daily: Daily, cash: float) -> Floats:
    """Each day's last mark against the one before, the first against the initial cash; days without a mark are 0 where they count.

    Empty where a mark before the last is 0 or less: from nothing there is no return.
    """
    before = np.concatenate(([cash], daily.equity[:-1]))[: len(daily.equity)]
    if (before <= 0.0).any():
        return np.empty(0)
    returns = daily.equity / before - 1.0
    if not daily.every_day or len(returns) == 0:
        return returns
    filled = np.zeros(int(daily.day[-1] - daily.day[0]) + 1)
    filled[daily.day - daily.day[0]] = returns
    return filled


def monthly_returns(daily: Daily, cash: float) -> list[tuple[int, int, float | None]]:
    """(year, month, return) for each month with a mark: its last mark against that of the month before, the first against cash."""
    months = daily.day.view("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    last = np.flatnonzero(np.diff(months, append=months[-1:] + 1))
    rows: list[tuple[int, int, float | None]] = []
    before = cash
    for month, equity in zip(months[last].tolist(), daily.equity[last].tolist(), strict=True):
        rows.append((1970 + month // 12, month % 12 + 1, equity / before - 1.0 if before > 0.0 else None))
        before = equity
    return rows
