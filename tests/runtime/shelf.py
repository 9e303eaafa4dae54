"""`ports.Candles` in memory, for properties that are tried thousands of times. It outlives whoever reads it, as a disk does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from assay.core.domain.ranges import Span, union
from assay.core.market.bars import Bars
from assay.core.market.instants import to_datetime
from assay.runtime.records import Coverage

COLUMNS = ("ts", "open", "high", "low", "close", "volume")
CHANGED = datetime(2024, 1, 1, tzinfo=UTC)


class Shelf:
    """One instrument and timeframe for each key, rows by time."""

    def __init__(self) -> None:
        self.bars: dict[tuple[str, str], Bars] = {}
        self.spans: dict[tuple[str, str], tuple[Span, ...]] = {}

    def coverage(self, instrument: str | None = None) -> Sequence[Coverage]:
        kept = sorted((key, bars) for key, bars in self.bars.items() if instrument in (None, key[0]))
        return [Coverage(*key, to_datetime(bars.ts[0]), to_datetime(bars.ts[-1]), len(bars), 1, CHANGED, ()) for key, bars in kept]

    def read(self, instrument: str, timeframe: str, start: datetime | None = None, end: datetime | None = None) -> Bars | None:
        bars = self.bars.get((instrument, timeframe))
        return None if bars is None else bars.between(start, end)

    def write(self, bars: Bars) -> int:
        key = (bars.instrument, bars.timeframe.name)
        old = self.bars.get(key, bars[:0])
        kept = ~np.isin(old.ts, bars.ts)
        order = np.argsort(np.concatenate([old.ts[kept], bars.ts]), kind="stable")
        ts, opened, high, low, close, volume = (np.concatenate([getattr(old, name)[kept], getattr(bars, name)])[order] for name in COLUMNS)
        self.bars[key] = Bars(bars.instrument, bars.timeframe, ts, opened, high, low, close, volume)
        return len(self.bars[key]) - len(old)

    def delete(self, instrument: str, timeframe: str) -> bool:
        self.spans.pop((instrument, timeframe), None)
        return self.bars.pop((instrument, timeframe), None) is not None

    def asked(self, instrument: str, timeframe: str) -> Sequence[Span]:
        return self.spans.get((instrument, timeframe), ())

    def mark_asked(self, instrument: str, timeframe: str, span: Span) -> None:
        self.spans[instrument, timeframe] = union([*self.asked(instrument, timeframe), span])
