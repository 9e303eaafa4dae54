"""The bars of a universe, slice by slice: the union of their open times, and which candle closes with which bar (S1)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from assay.core.domain.timeframe import Timeframe
from assay.core.referee.book import DAY_NS, Bar
from assay.core.referee.outcome import Candle, Feed
from assay.core.referee.rounding import ZERO, exact

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tape:
    """Per slice its open time, every instrument's bar (None where it has none), and the UTC day that its mark belongs to (S10.4)."""

    opens: Sequence[int]
    bars: Sequence[Sequence[Bar | None]]
    days: Sequence[int]

    def first_live(self, start: int | None) -> int:
        """The first slice that opens at or after `start` (S1.3)."""
        if start is None:
            return 0
        return next((at for at, opened in enumerate(self.opens) if opened >= start), len(self.opens))


def tape(feeds: Mapping[str, Feed], timeframe_ns: int) -> Tape:
    """With finer bars every instrument has them, or slices of two lengths would mix."""
    fine = any(feed.fine for feed in feeds.values())
    rows = [_fine_row(feed, timeframe_ns) if fine else _row(feed.candles, range(len(feed.candles))) for feed in feeds.values()]
    opens = sorted({opened for row in rows for opened in row})
    # A finer bar, which lies on the grid of hours and days, ends in the day in which it begins.
    closes = opens if fine else [closed_at(opened, timeframe_ns) - 1 for opened in opens]
    return Tape(opens, [[row.get(opened) for row in rows] for opened in opens], [close // DAY_NS for close in closes])


def closed_at(opened: int, length_ns: int) -> int:
    """Calendar arithmetic for months, which differ in length (S1.1)."""
    timeframe = Timeframe.of_spacing(length_ns)
    if timeframe is None or timeframe.name != "1M":
        return opened + length_ns
    closed = timeframe.closed_at(_EPOCH + timedelta(microseconds=opened // 1000))
    return (closed - _EPOCH) // timedelta(microseconds=1) * 1000


def _row(candles: Sequence[Candle], decides: Sequence[int | None]) -> dict[int, Bar]:
    return {candle.opened_at: _bar(candle, candle_index) for candle, candle_index in zip(candles, decides, strict=True)}


def _fine_row(feed: Feed, timeframe_ns: int) -> dict[int, Bar]:
    """A deciding bar closes with the last finer bar inside it (S1.5)."""
    opens = [candle.opened_at for candle in feed.candles]
    inside = [bisect_right(opens, candle.opened_at) - 1 for candle in feed.fine]
    for candle, within in zip(feed.fine, inside, strict=True):
        assert within >= 0, "a finer bar lies before every deciding bar"
        assert candle.opened_at < closed_at(opens[within], timeframe_ns), "a finer bar lies in no deciding bar"
    last = [after != within for within, after in zip(inside, [*inside[1:], -1], strict=True)]
    return _row(feed.fine, [within if closes else None for within, closes in zip(inside, last, strict=True)])


def _bar(candle: Candle, decides: int | None) -> Bar:
    volume = exact(candle.volume) if math.isfinite(candle.volume) else ZERO
    return Bar(candle.opened_at, exact(candle.open), exact(candle.high), exact(candle.low), exact(candle.close), volume, decides)
