"""Candles with a memory: bars that were asked for lately are not read again, and what there is, is known without a look at the disk.

It has the shape of `ports.Candles` and stands before one. What is written through it is seen at once; what another process writes is
noticed within seconds, by a look in the background that nobody waits for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.runtime.ports import Candles, Clock
from assay.runtime.records import Coverage

Key: TypeAlias = tuple[str, str]
LOOK_EVERY: Final = timedelta(seconds=2)


class Archive:
    """`room` is how many bars it may keep, of all instruments together; the longest unused are let go first."""

    def __init__(self, candles: Candles, clock: Clock, room: int = 0) -> None:
        self._candles, self._clock, self._room = candles, clock, room
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[Coverage, Bars]] = OrderedDict()
        self._known: dict[Key, Coverage] | None = None
        self._looked_at: datetime = clock.now()
        self._looking = False

    def resize(self, room: int) -> None:
        with self._lock:
            self._room = room
            self._make_room()

    def coverage(self, instrument: str | None = None) -> Sequence[Coverage]:
        """By instrument, then by timeframe from short to long."""
        return [coverage for (name, _), coverage in self._now().items() if instrument in (None, name)]

    def read(self, instrument: str, timeframe: str, start: datetime | None = None, end: datetime | None = None) -> Bars | None:
        """Bars opened in [start, end); None where nothing of the instrument and timeframe is stored."""
        key = (instrument, timeframe)
        coverage = self._now().get(key)
        if coverage is None:
            return None
        bars = self._remembered(key, coverage)
        if bars is not None:
            return bars.between(start, end)
        if coverage.bars > self._room:
            return self._candles.read(instrument, timeframe, start, end)
        bars = self._candles.read(instrument, timeframe)
        if bars is None:
            return None
        with self._lock:
            self._kept[key] = (coverage, bars)
            self._make_room()
        return bars.between(start, end)

    def write(self, bars: Bars) -> int:
        """Answers how many are new."""
        try:
            return self._candles.write(bars)
        finally:
            self._look()

    def delete(self, instrument: str, timeframe: str) -> bool:
        try:
            return self._candles.delete(instrument, timeframe)
        finally:
            self._look()

    def forget(self, instrument: str | None = None, timeframe: str | None = None) -> None:
        """Read it anew when it is next asked for: one series, or everything. What is stored stays."""
        with self._lock:
            for key in [key for key in self._kept if instrument in (None, key[0]) and timeframe in (None, key[1])]:
                del self._kept[key]
            self._known = None

    def asked(self, instrument: str, timeframe: str) -> Sequence[Span]:
        return self._candles.asked(instrument, timeframe)

    def mark_asked(self, instrument: str, timeframe: str, span: Span) -> None:
        self._candles.mark_asked(instrument, timeframe, span)

    def _remembered(self, key: Key, coverage: Coverage) -> Bars | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != coverage:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def _make_room(self) -> None:
        while self._kept and sum(len(bars) for _, bars in self._kept.values()) > self._room:
            self._kept.popitem(last=False)

    def _now(self) -> dict[Key, Coverage]:
        known = self._known
        if known is None:
            return self._look()
        if not self._looking and self._clock.now() - self._looked_at > LOOK_EVERY:
            self._looking = True
            threading.Thread(target=self._look, name="archive", daemon=True).start()
        return known

    def _look(self) -> dict[Key, Coverage]:
        try:
            known = {(coverage.instrument, coverage.timeframe): coverage for coverage in self._candles.coverage()}
            with self._lock:
                self._known, self._looked_at = known, self._clock.now()
            return known
        finally:
            self._looking = False
