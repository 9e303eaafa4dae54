"""A venue that ccxt knows, as `ports.Source`."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from assay.adapters.venues.ccxt.gate import Gate
from assay.adapters.venues.ccxt.known import KNOWN
from assay.adapters.venues.ccxt.venue_clock import VenueClock
from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.runtime.ports import Clock
from assay.runtime.records import Link, LiveBar

if TYPE_CHECKING:
    from assay.adapters.venues.ccxt.connection import Connection


class CcxtSource:
    """`venue` is ccxt's id: `binance`, with its spot and USD-M markets, `bybit`, with spot and linear, or any other.

    `urls` replace ccxt's addresses where they have the same names. `silence` is after how many seconds without a word a socket is
    suspected to be dead, and after `timeout` a request counts as not answered. The rest is what tests put in place of the world.
    """

    def __init__(
        self,
        venue: str,
        *,
        clock: Clock,
        urls: Mapping[str, object] | None = None,
        timeout: float = 10.0,
        silence: float = 60.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._venue, self._clock, self._urls = venue, clock, urls
        self._timeout, self._silence = timeout, silence
        self._sleep, self._monotonic, self._spread = sleep, monotonic, spread
        self._opened: Connection | None = None

    @property
    def _connection(self) -> Connection:
        """Made when it is first needed, for importing ccxt takes a second, and on the event loop that needs it."""
        if self._opened is None:
            from assay.adapters.venues.ccxt.connection import Connection

            self._opened = Connection(
                self._venue,
                Gate(self._venue, self._monotonic),
                VenueClock(self._clock, self._monotonic),
                urls=self._urls,
                timeout=self._timeout,
                sleep=self._sleep,
                spread=self._spread,
            )
        return self._opened

    @property
    def venue(self) -> str:
        return self._venue

    @property
    def name(self) -> str:
        return KNOWN[self._venue].name if self._venue in KNOWN else self._connection.name

    @property
    def timeframes(self) -> Sequence[str]:
        return KNOWN[self._venue].timeframes if self._venue in KNOWN else self._connection.timeframes

    @property
    def streams(self) -> bool:
        return self._venue in KNOWN or self._connection.streams

    async def instruments(self) -> Sequence[Instrument]:
        return (await self._connection.symbols(anew=True)).instruments

    async def find(self, symbol: str) -> Instrument:
        return (await self._connection.symbols()).named(symbol)

    def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """Up to the bar that is forming: what of `span` lies beyond is not answered for."""
        from assay.adapters.venues.ccxt.history import History

        return History(self._connection, instrument, self._length(timeframe)).pages(span)

    def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        from assay.adapters.venues.ccxt.feed import Feed

        return Feed(self._connection, instrument, self._length(timeframe), self._clock, self._silence).events()

    def _length(self, timeframe: str) -> Timeframe:
        if timeframe not in self.timeframes:
            raise UnknownInstrumentError(self._venue, f"it has no bars of {timeframe}")
        return Timeframe(timeframe)

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
