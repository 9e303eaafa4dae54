"""The venue `archive`: whatever the store holds, under the names that it has there, and told again as if it were happening.

Its symbols are whole names: `archive:binance:BTC/USDT` is found as the instrument `binance:BTC/USDT`, and its bars and ticks say so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import numpy as np

from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.instrument import Instrument, InstrumentId, InstrumentKind
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import NAMES
from assay.core.market.bars import Bars
from assay.core.market.instants import closed_ts, to_datetime, to_ns
from assay.runtime.ports import Candles, Clock
from assay.runtime.records import Link, LiveBar

VENUE: Final = "archive"


class ArchiveSource:
    """`ports.Source`. It tells `pace` bars a second, from the one opened at `since` on, or all at once where there is no pace."""

    venue = VENUE
    name = "Archive"
    timeframes: Sequence[str] = NAMES
    streams = True

    def __init__(
        self,
        candles: Candles,
        clock: Clock,
        *,
        pace: float | None = None,
        since: datetime | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        assert pace is None or pace > 0.0, "bars in a second"
        self._candles, self._clock, self._pause = candles, clock, pause
        self._pace, self._since = pace, since

    async def instruments(self) -> Sequence[Instrument]:
        """All that anything is stored of."""
        covered = await asyncio.to_thread(self._candles.coverage)
        return [_stored(name) for name in sorted({of.instrument for of in covered})]

    async def find(self, symbol: str) -> Instrument:
        if not await asyncio.to_thread(self._candles.coverage, symbol):
            raise UnknownInstrumentError(VENUE, f"nothing is stored of {symbol}")
        return _stored(symbol)

    async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """In one page, for it is a read."""
        bars = await self._read(instrument, timeframe, span.start, span.end)
        yield bars[: int(np.searchsorted(closed_ts(bars.ts, bars.timeframe), to_ns(self._clock.now()), side="right"))], span

    async def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        """Each bar as it opens, and then as it has closed; ends with the last that is stored."""
        bars = await self._read(instrument, timeframe, self._since, None)
        yield Link(venue=VENUE, state="connected", since=self._clock.now(), lag_seconds=0.0)
        for row in range(len(bars)):
            yield self._tick(instrument, bars, row, closed=False)
            if self._pace is not None:
                await self._pause(1.0 / self._pace)
            yield self._tick(instrument, bars, row, closed=True)

    async def close(self) -> None:
        """There is nothing open."""

    async def _read(self, instrument: Instrument, timeframe: str, start: datetime | None, end: datetime | None) -> Bars:
        bars = await asyncio.to_thread(self._candles.read, str(instrument.id), timeframe, start, end)
        if bars is None:
            raise UnknownInstrumentError(VENUE, f"no bars of {timeframe} are stored of {instrument.id}")
        return bars

    def _tick(self, instrument: Instrument, bars: Bars, row: int, *, closed: bool) -> LiveBar:
        """Of a bar that has just opened only that price is known, and nothing was traded yet."""
        opened = float(bars.open[row])
        high, low, close = (float(column[row]) if closed else opened for column in (bars.high, bars.low, bars.close))
        return LiveBar(
            instrument=instrument.id, timeframe=bars.timeframe.name, opened_at=to_datetime(int(bars.ts[row])), open=opened, high=high,
            low=low, close=close, volume=float(bars.volume[row]) if closed else 0.0, closed=closed, at=self._clock.now(),
        )  # fmt: skip


def _stored(name: str) -> Instrument:
    """Bars carry no more of an instrument than its name."""
    of = InstrumentId.parse(name)
    base, _, quote = of.symbol.partition(":")[0].partition("/")
    kind: InstrumentKind = "synthetic" if of.venue == "synthetic" else "perpetual" if of.is_perpetual else "spot" if quote else "share"
    return Instrument(id=of, venue_symbol=name, kind=kind, name=name, base=base, quote=quote, active=False)
