"""Interactive Brokers as a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Final

import numpy as np

from assay.adapters.venues.ib.client import Client
from assay.adapters.venues.ib.codec import AT_ONCE, SIZES
from assay.adapters.venues.ib.contracts import VENUE, contract, plain
from assay.adapters.venues.ib.feed import Feed
from assay.adapters.venues.ib.gateway import Gateway
from assay.adapters.venues.ib.pacing import Pacing
from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, no_bars
from assay.core.market.instants import closed_ts, to_ns
from assay.runtime.ports import Clock
from assay.runtime.records import Link, LiveBar

_KNOWN: Final = ("AAPL", "MSFT", "NVDA", "AMZN", "SPY", "QQQ", "BRK.B", "EUR/USD", "GBP/USD", "USD/JPY")


class IbSource:
    """`ports.Source` over a gateway that somebody runs and has signed in to."""

    venue = VENUE
    name = "Interactive Brokers"
    timeframes: Sequence[str] = tuple(SIZES)
    streams = True

    def __init__(self, gateway: Gateway, clock: Clock, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._gateway, self._clock, self._pause = gateway, clock, pause
        self._client = Client(gateway, Pacing(clock, pause))
        self._found: dict[str, Instrument] = {}

    async def instruments(self) -> Sequence[Instrument]:
        """A few that are well known; it cannot list, and any other is found by its name."""
        return [plain(contract(symbol)) for symbol in _KNOWN]

    async def find(self, symbol: str) -> Instrument:
        if symbol not in self._found:
            self._found[symbol] = await self._client.describe(contract(symbol))
        return self._found[symbol]

    async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """One request a page, at the pace that is allowed: a year of minutes takes an hour."""
        length = _known(timeframe)
        start = span.start
        while start < span.end:
            page = Span(start, min(start + AT_ONCE[timeframe], span.end))
            asked = await self._client.bars(contract(instrument.id.symbol), str(instrument.id), length, page)
            bars = no_bars(str(instrument.id), length) if asked is None else asked
            yield bars[: int(np.searchsorted(closed_ts(bars.ts, length), to_ns(self._clock.now()), side="right"))], page
            start = page.end

    async def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        asked = contract(instrument.id.symbol)
        feed = Feed(self._gateway, self._client, self._clock, self._pause, asked, instrument, _known(timeframe))
        async with aclosing(feed.follow()) as following:
            async for said in following:
                yield said

    async def close(self) -> None:
        self._gateway.disconnect()


def _known(timeframe: str) -> Timeframe:
    if timeframe not in SIZES:
        raise UnknownInstrumentError(VENUE, f"it has no bars of {timeframe}; there are {', '.join(SIZES)}")
    return Timeframe(timeframe)
