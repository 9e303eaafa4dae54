"""Coarser bars made of finer ones, on the grid that venues use, and what is known of them at each finer close (docs/STRATEGY.md, T1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.grid import ending_in, offset, opened
from assay.core.market.instants import closed_ts

REDUCED: Final[Mapping[str, np.ufunc]] = {"high": np.maximum, "low": np.minimum, "volume": np.add}


@dataclass(frozen=True, eq=False)
class Coarse:
    """Closed coarser bars of one instrument, over its own finer rows.

    `starts` and `ends` [C]: the finer rows [start, end) of each; `known` [T]: how many are closed at each finer row's close.
    """

    starts: Ints
    ends: Ints
    known: Ints

    def bar(self, name: str, finer: Floats) -> Floats:
        """The coarser bars' open, high, low, close or volume, of the finer bars'."""
        if not len(self.starts):
            return np.empty(0)
        match name:
            case "open":
                return finer[self.starts]
            case "close":
                return self.sampled(finer)
            case _:
                return REDUCED[name].reduceat(finer[: int(self.ends[-1])], self.starts)

    def sampled(self, column: Floats) -> Floats:
        """What a finer column is at the close of each coarser bar's last finer one."""
        return column[self.ends - 1]

    def spread(self, column: Floats) -> Floats:
        """At each finer close the value of the last coarser bar that has closed; missing before the first."""
        return np.concatenate([[np.nan], column]).take(self.known)


@dataclass(frozen=True, eq=False)
class Clock:
    """When one instrument's bars opened (rising), and how long they are: all that is needed to make coarser ones."""

    ts: Ints
    timeframe: Timeframe
    _made: dict[str, Coarse] = field(default_factory=dict)

    def coarser(self, timeframe: str) -> Coarse:
        """Made once for each timeframe, which the own bars must fill (`Timeframe.fills`)."""
        if timeframe not in self._made:
            self._made[timeframe] = _coarser(self.ts, self.timeframe, Timeframe.parse(timeframe))
        return self._made[timeframe]


def resampled(bars: Bars, timeframe: Timeframe) -> Bars:
    """Coarser bars of those that fill them: closed ones, beginning where the data does or later, each of whatever finer ones there are."""
    made = _coarser(bars.ts, bars.timeframe, timeframe)
    opens = opened(ending_in(closed_ts(bars.ts[made.starts], bars.timeframe), timeframe), timeframe)
    first, high, low, close, volume = (made.bar(name, getattr(bars, name)) for name in ("open", "high", "low", "close", "volume"))
    return Bars(bars.instrument, timeframe, opens, first, high, low, close, volume, bars.has_volume)


def _coarser(ts: Ints, finer: Timeframe, coarser: Timeframe) -> Coarse:
    """A finer bar belongs to the coarser one in which it closes, so nothing that is later is ever in a closed one."""
    assert finer.fills(coarser), f"{finer} does not fill {coarser}"
    if not len(ts):
        nothing = np.empty(0, np.int64)
        return Coarse(nothing, nothing, nothing)
    regular = _without_gaps(ts, finer, coarser)
    if regular is not None:
        return regular
    closes = closed_ts(ts, finer)
    period = ending_in(closes, coarser)
    fresh = np.empty(len(ts), np.bool_)
    fresh[0] = True
    np.not_equal(period[1:], period[:-1], out=fresh[1:])
    starts = np.flatnonzero(fresh)
    ends = np.append(starts[1:], len(ts))
    edges = opened(period[starts], coarser), opened(period[starts] + 1, coarser)
    # At its nominal end a bar closes with its last finer one; where that is missing, it is closed when the next finer one closes.
    closed_in_time = closes[ends - 1] == edges[1]
    known = np.cumsum(fresh, dtype=np.int64) - 1
    known[(ends - 1)[closed_in_time]] += 1
    whole = len(starts) if closed_in_time[-1] else len(starts) - 1
    starts, ends = starts[:whole], ends[:whole]
    if ts[0] > edges[0][0]:  # the data begins in the middle of it
        starts, ends = starts[1:], ends[1:]
        known = np.maximum(known - 1, 0)
    return Coarse(starts, ends, known)


def _without_gaps(ts: Ints, finer: Timeframe, coarser: Timeframe) -> Coarse | None:
    """The same without a division for each row, where no finer bar is missing and all lie on the grid."""
    spacing, length = finer.nanoseconds, len(ts)
    if "1M" in (finer.name, coarser.name) or (ts[0] - offset(coarser)) % spacing or not (ts[1:] - ts[:-1] == spacing).all():
        return None
    each = coarser.nanoseconds // spacing
    before = int((ts[0] - offset(coarser)) % coarser.nanoseconds) // spacing
    counts = np.repeat(np.arange((before + length) // each + 1), each)
    ends = np.arange(each - before, length + 1, each, dtype=np.int64)
    partial = int(before > 0 and len(ends) > 0)
    known = counts[before + 1 : before + 1 + length]
    return Coarse((ends - each)[partial:], ends[partial:], np.maximum(known - 1, 0) if before else known)
