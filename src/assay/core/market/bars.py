"""One instrument's closed bars as columns, in time order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.core.domain.timeframe import Timeframe
from assay.core.market.fingerprint import fingerprint
from assay.core.market.instants import to_ns

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Bars:
    """Columns of equal length n: `ts` int64 nanoseconds UTC of each bar's open, strictly rising; the rest float64, contiguous.

    `volume` is zeros where the source has none (`has_volume` False). Columns are read-only by contract; slices share memory.
    """

    instrument: str
    timeframe: Timeframe
    ts: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    has_volume: bool = True

    def __post_init__(self) -> None:
        for column in (self.open, self.high, self.low, self.close, self.volume):
            assert column.shape == self.ts.shape, "columns of one length"

    def __len__(self) -> int:
        return len(self.ts)

    def __getitem__(self, rows: slice) -> Bars:
        return Bars(
            self.instrument, self.timeframe, self.ts[rows], self.open[rows], self.high[rows], self.low[rows],
            self.close[rows], self.volume[rows], self.has_volume,
        )  # fmt: skip

    @cached_property
    def fingerprint(self) -> str:
        """Hash of exactly these bars; computed when asked, for hashing costs more than running them."""
        return fingerprint(self.instrument, self.timeframe.name, self.ts, (self.open, self.high, self.low, self.close, self.volume))

    @cached_property
    def extremes(self) -> tuple[float, float]:
        """(lowest low, highest high); NaN where any is."""
        return (float(self.low.min()), float(self.high.max())) if len(self) else (math.nan, math.nan)

    def between(self, start: datetime | None, end: datetime | None) -> Bars:
        """The bars opened in [start, end)."""
        rows = self.rows_between(start, end)
        return self[rows.start : rows.stop]

    def rows_between(self, start: datetime | None, end: datetime | None) -> range:
        """Where the bars opened in [start, end) stand."""
        low = 0 if start is None else int(np.searchsorted(self.ts, to_ns(start)))
        high = len(self) if end is None else int(np.searchsorted(self.ts, to_ns(end)))
        return range(low, max(low, high))


def no_bars(instrument: str, timeframe: Timeframe) -> Bars:
    """Of a stretch in which nothing was traded."""
    nothing = np.empty(0)
    return Bars(instrument, timeframe, np.empty(0, np.int64), nothing, nothing, nothing, nothing, nothing)
