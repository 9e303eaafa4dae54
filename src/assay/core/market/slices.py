"""Bars of a universe side by side: one row an instrument, one column a slice (SIMULATION S1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assay.core.domain.errors import DataError, Problem
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.instants import to_datetime


@dataclass(frozen=True, eq=False)
class Slices:
    """The union of the instruments' bars: `ts` int64 [T] open times; a contiguous float64 column [T] an instrument of each price.

    Where every instrument has every bar the columns are the bars' own, not copies. `open`, `high`, `low`, `close` and `volume` are
    the same as one table [N, T], made when asked for.

    Where an instrument has no bar in a slice, `present` is False, open, high and low are NaN, volume 0, and close is the last
    one before (NaN before the first). `present` is None where every instrument has every bar. `has_volume` is that every
    instrument has one.
    """

    instruments: tuple[str, ...]
    timeframe: Timeframe
    ts: Ints
    opens: tuple[Floats, ...]
    highs: tuple[Floats, ...]
    lows: tuple[Floats, ...]
    closes: tuple[Floats, ...]
    volumes: tuple[Floats, ...]
    has_volume: bool
    present: NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.ts)

    @property
    def shape(self) -> tuple[int, int]:
        """(instruments, slices)."""
        return len(self.instruments), len(self.ts)

    @cached_property
    def open(self) -> Floats:
        return np.stack(self.opens)

    @cached_property
    def high(self) -> Floats:
        return np.stack(self.highs)

    @cached_property
    def low(self) -> Floats:
        return np.stack(self.lows)

    @cached_property
    def close(self) -> Floats:
        return np.stack(self.closes)

    @cached_property
    def volume(self) -> Floats:
        return np.stack(self.volumes)

    def at(self, index: int) -> datetime:
        """When the slice closed."""
        return self.timeframe.closed_at(to_datetime(self.ts[index]))


def align(universe: Mapping[str, Bars]) -> Slices:
    """Merge bars of one timeframe; bars that open together cost no copy. Raises DataError for none, and for mixed timeframes."""
    timeframe = _timeframe(universe)
    instruments, members = tuple(universe), tuple(universe.values())
    first = members[0]
    together = all(_same(bars.ts, first.ts) for bars in members)
    ts = first.ts if together else _union([bars.ts for bars in members])
    place = _Together() if together else _Spread(tuple(np.searchsorted(ts, bars.ts) for bars in members), len(ts))
    present = place.present()
    closes = place([bars.close for bars in members])
    if present is not None:
        _carry(closes, present)
    return Slices(
        instruments,
        timeframe,
        ts,
        place([bars.open for bars in members]),
        place([bars.high for bars in members]),
        place([bars.low for bars in members]),
        closes,
        place([bars.volume for bars in members], absent=0.0),
        all(bars.has_volume for bars in members),
        present,
    )


def _timeframe(universe: Mapping[str, Bars]) -> Timeframe:
    if not universe:
        raise DataError([Problem("", "empty_universe", "there are no bars; give at least one instrument")])
    timeframes = {bars.timeframe for bars in universe.values()}
    if len(timeframes) > 1:
        listed = ", ".join(f"{name} is {bars.timeframe}" for name, bars in universe.items())
        raise DataError([Problem("", "mixed_timeframes", f"all instruments of a session need bars of one timeframe: {listed}")])
    return timeframes.pop()


def _same(left: Ints, right: Ints) -> bool:
    """Columns of one file share memory, and then nothing needs comparing; otherwise the ends tell most differences."""
    if left is right:
        return True
    if len(left) != len(right) or (len(left) > 0 and (left[0] != right[0] or left[-1] != right[-1])):
        return False
    return np.array_equal(left, right)


def _union(stamps: Sequence[Ints]) -> Ints:
    """Each is sorted already, which a merging sort profits from."""
    merged = np.concatenate(stamps)
    merged.sort(kind="stable")
    fresh = np.ones(len(merged), dtype=np.bool_)
    np.not_equal(merged[1:], merged[:-1], out=fresh[1:])
    return merged[fresh]


class _Together:
    """Every instrument has every bar: its columns are taken as they are."""

    def present(self) -> None:
        return None

    def __call__(self, columns: Sequence[Floats], absent: float = np.nan) -> tuple[Floats, ...]:
        return tuple(np.ascontiguousarray(column) for column in columns)


@dataclass(frozen=True, eq=False)
class _Spread:
    """Each instrument's bars go to their own slices, the rest is `absent`."""

    rows: tuple[NDArray[np.intp], ...]
    length: int

    def present(self) -> NDArray[np.bool_]:
        present = np.zeros((len(self.rows), self.length), dtype=np.bool_)
        for place, row in zip(present, self.rows, strict=True):
            place[row] = True
        return present

    def __call__(self, columns: Sequence[Floats], absent: float = np.nan) -> tuple[Floats, ...]:
        block = np.full((len(columns), self.length), absent)
        for place, column, row in zip(block, columns, self.rows, strict=True):
            place[row] = column
        return tuple(block)


def _carry(closes: Sequence[Floats], present: NDArray[np.bool_]) -> None:
    """Write each instrument's last close into the slices it has no bar in; before its first there is none to write."""
    slots = np.arange(present.shape[1])
    for close, here in zip(closes, present, strict=True):
        last = np.maximum.accumulate(np.where(here, slots, -1))
        known = last >= 0
        close[known] = close[last[known]]
