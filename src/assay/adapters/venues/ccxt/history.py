"""Bars of the past by REST, page by page from old to new, each page with the stretch that it answers for.

A page asks for a window of time, never for "the next ones": a venue that has nothing there must not be taken to have nothing before.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

from assay.adapters.venues.ccxt import codec
from assay.adapters.venues.ccxt.connection import Connection
from assay.core.domain.errors import EmptyAnswerError, UnknownInstrumentError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars

_DAY = Timeframe("1d")


class History:
    """One instrument on one timeframe."""

    def __init__(self, connection: Connection, instrument: Instrument, timeframe: Timeframe) -> None:
        if timeframe.name not in connection.timeframes:
            raise UnknownInstrumentError(connection.venue, f"{instrument.id.symbol} has no bars of {timeframe}")
        self._connection, self._instrument, self._timeframe = connection, instrument, timeframe
        self._length = timedelta(minutes=timeframe.minutes)

    async def pages(self, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """As `ports.Source.history` says, up to the bar that is forming; what lies beyond is not answered for."""
        async for closed, answered in self.closed(span):
            yield codec.bars(str(self._instrument.id), self._timeframe, closed), answered

    async def closed(self, span: Span) -> AsyncGenerator[tuple[list[codec.Candle], Span]]:
        """The same, bar by bar."""
        reach = self._length * (await self._connection.page_length(self._instrument) - 1)
        start = span.start
        while start < span.end:
            asked_at = await self._connection.now()
            window = Span(start, min(span.end, start + reach))
            candles = await self.candles(window)
            if not candles and window.start < asked_at and (later := await self._quiet_until(window)) is not None:
                window = Span(start, min(span.end, max(window.end, later)))
            closed = [candle for candle in candles if self._timeframe.closed_at(candle.opened_at) <= asked_at]
            forming = [candle.opened_at for candle in candles[len(closed) :]]
            end = self._answered_until(window, closed, forming, asked_at)
            if end <= start:
                return
            yield closed, Span(start, end)
            if end < window.end:
                return
            start = end

    async def candles(self, window: Span) -> list[codec.Candle]:
        """Whatever the venue lists in it, in order, closed or not. Raises EmptyAnswerError where it cannot reach back that far."""
        told = await self._connection.candles(self._instrument, self._timeframe, window.start, window.end)
        inside = sorted(candle for candle in told if window.start <= candle.opened_at < window.end)
        if told and not inside and all(candle.opened_at >= window.end for candle in told):
            raise EmptyAnswerError(
                self._connection.venue, f"it has no bars of {self._timeframe} before {min(told).opened_at:%Y-%m-%d %H:%M}"
            )
        return inside

    def _answered_until(self, window: Span, closed: list[codec.Candle], forming: list[datetime], asked_at: datetime) -> datetime:
        """A bar that opened a whole length ago has closed whether there was a trade or not; where one is forming, it is there."""
        if forming:
            return min(window.end, forming[0])
        known = asked_at - self._length
        return min(window.end, max(known, self._timeframe.closed_at(closed[-1].opened_at)) if closed else known)

    async def _quiet_until(self, window: Span) -> datetime | None:
        """Where days say that trading begins again, so that years before a listing are not asked for by the minute.

        Raises EmptyAnswerError where a whole day in the window had trades: then the empty page was no answer.
        """
        if self._timeframe.minutes >= _DAY.minutes or _DAY.name not in self._connection.timeframes:
            return None
        days = History(self._connection, self._instrument, _DAY)
        reach = timedelta(days=await self._connection.page_length(self._instrument) - 1)
        midnight = window.start.replace(hour=0, minute=0, second=0, microsecond=0)
        traded = [day.opened_at for day in await days.candles(Span(midnight, midnight + reach)) if day.volume > 0]
        for opened_at in traded:
            if window.start <= opened_at and opened_at + timedelta(days=1) <= window.end:
                raise EmptyAnswerError(self._connection.venue, f"no bars of {self._timeframe} on {opened_at:%Y-%m-%d}, a day with trades")
        return traded[0] if traded else midnight + reach
