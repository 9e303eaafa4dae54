"""Yahoo Finance as a source: one request at a time, and none that it is known to refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from assay.adapters.venues.yahoo.client import Client
from assay.adapters.venues.yahoo.codec import ADJUSTED, INTERVALS, VENUE, asked, decode, describe
from assay.adapters.venues.yahoo.known import known
from assay.core.domain.errors import EmptyAnswerError, RefusedError, UnknownInstrumentError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import closed_ts, to_ns
from assay.runtime.ports import Clock
from assay.runtime.records import Link, LiveBar

BACK: Final[Mapping[str, timedelta]] = {
    "1m": timedelta(days=30), "5m": timedelta(days=60), "15m": timedelta(days=60), "30m": timedelta(days=60), "1h": timedelta(days=730),
}  # fmt: skip
"""How far back Yahoo goes; what is not here goes back to the listing."""
MINUTES_AT_ONCE: Final = timedelta(days=7)
LONGEST_REST: Final = timedelta(days=12)
"""No market rests for so long: where so many days hold no bar, the answer is wrong and not the market closed."""


class YahooSource:
    """`ports.Source`."""

    venue = VENUE
    name = "Yahoo Finance"
    timeframes: Sequence[str] = tuple(INTERVALS)
    streams = False

    def __init__(self, clock: Clock, client: Client | None = None) -> None:
        self._clock, self._client = clock, client or Client()
        self._found: dict[str, Instrument] = {}
        self._one_at_a_time = asyncio.Lock()

    async def instruments(self) -> Sequence[Instrument]:
        return list(known())

    async def find(self, symbol: str) -> Instrument:
        own, at, _ = symbol.removesuffix(ADJUSTED).partition("@")
        if at or not own:
            raise UnknownInstrumentError(VENUE, f"there is no {symbol}; write AAPL, or AAPL{ADJUSTED} for prices with dividends")
        if symbol not in self._found:
            async with self._one_at_a_time:
                metadata = await asyncio.to_thread(self._client.metadata, own)
            self._found[symbol] = describe(metadata, symbol)
        return self._found[symbol]

    async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """Raises RefusedError for what lies further back than Yahoo goes, and EmptyAnswerError where not even days around have a bar."""
        length = Timeframe.parse(timeframe)
        if timeframe not in INTERVALS:
            raise UnknownInstrumentError(VENUE, f"it has no bars of {timeframe}; there are {', '.join(INTERVALS)}")
        now = self._clock.now()
        earliest = now - BACK[timeframe] if timeframe in BACK else None
        if earliest is not None and span.start < earliest:
            raise RefusedError(VENUE, _too_far(length, earliest, span))
        start = span.start
        while start < span.end:
            page = Span(start, min(start + MINUTES_AT_ONCE, span.end) if timeframe == "1m" else span.end)
            bars = (await self._page(instrument, length, page, earliest)).between(page.start, page.end)
            yield bars[: int(np.searchsorted(closed_ts(bars.ts, length), to_ns(now), side="right"))], page
            start = page.end

    def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        raise RefusedError(VENUE, f"it tells no live prices, of {instrument.id} or any other")

    async def close(self) -> None:
        """There is nothing open."""

    async def _page(self, instrument: Instrument, timeframe: Timeframe, page: Span, earliest: datetime | None) -> Bars:
        """An answer without bars is believed only where the days before, asked for with it, do have some."""
        try:
            return await self._bars(instrument, timeframe, page)
        except EmptyAnswerError:
            around = MINUTES_AT_ONCE if timeframe.name == "1m" else LONGEST_REST + timedelta(minutes=timeframe.minutes)
            start = page.end - around
            start = start if earliest is None else max(start, earliest)
            if start >= page.start:
                raise
            return await self._bars(instrument, timeframe, Span(start, page.end))

    async def _bars(self, instrument: Instrument, timeframe: Timeframe, span: Span) -> Bars:
        start, end = asked(span, timeframe)
        adjusted = instrument.id.symbol.endswith(ADJUSTED)
        async with self._one_at_a_time:
            frame = await asyncio.to_thread(
                self._client.frame, instrument.venue_symbol, INTERVALS[timeframe.name], start, end, adjusted=adjusted
            )
        return decode(frame, instrument.venue_symbol, str(instrument.id), timeframe)


def _too_far(timeframe: Timeframe, earliest: datetime, span: Span) -> str:
    return (
        f"it keeps bars of {timeframe} for {BACK[timeframe.name].days} days, that is from {earliest:%Y-%m-%d %H:%M} on, "
        f"and was asked from {span.start:%Y-%m-%d %H:%M} on; ask for later ones, or for bars of a day, which go back to the listing"
    )
