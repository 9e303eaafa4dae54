"""Live bars by ccxt's sockets: every change, every close once and in order, and how the connection is.

What a socket missed is fetched by REST before anything newer is told, so that nobody sees a hole that the venue does not have.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from assay.adapters.venues.ccxt.codec import Candle
from assay.adapters.venues.ccxt.connection import Connection
from assay.adapters.venues.ccxt.history import History
from assay.adapters.venues.wire.continuity import Closes
from assay.core.domain.errors import ClockSkewError, EmptyAnswerError, MalformedAnswerError, RateLimitedError, UnreachableError, VenueError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.runtime.ports import Clock
from assay.runtime.records import Link, LinkState, LiveBar

_PASSES: Final = (UnreachableError, MalformedAnswerError, RateLimitedError, ClockSkewError)
"""What may be better the next time; anything else is for whoever follows."""
_LONGEST_PAUSE: Final = 60.0
_PULSE: Final = timedelta(seconds=5)
"""How often the lag is told while all is well."""
_SETTLING_SECONDS: Final = (0.5, 1.0, 2.0)
"""How long a bar that has just closed may take to be listed."""


class Feed:
    """One instrument on one timeframe, from now on."""

    def __init__(self, connection: Connection, instrument: Instrument, timeframe: Timeframe, clock: Clock, silence: float) -> None:
        self._connection, self._instrument, self._timeframe = connection, instrument, timeframe
        self._clock, self._silence = clock, silence
        self._history = History(connection, instrument, timeframe)
        self._closes = Closes(timeframe)
        self._link = Link(venue=connection.venue, state="connecting", since=clock.now())
        self._newest: Candle | None = None
        self._failures = 0
        self._was_away = False

    async def events(self) -> AsyncGenerator[LiveBar | Link]:
        """Until the connection is closed."""
        inbox = await self._connection.open_inbox(self._instrument, self._timeframe.name)
        try:
            yield self._link
            while not self._connection.is_closed:
                try:
                    async for tick in self._missed():
                        yield tick
                    candles = await self._connection.listen(inbox, self._silence)
                    if not candles:
                        await self._check_silence()
                    for candle in candles:
                        async for event in self._told(candle):
                            yield event
                except _PASSES as problem:
                    if isinstance(problem, MalformedAnswerError):
                        self._connection.hang_up("a message that cannot be read")
                    yield self._changed("disconnected", problem=problem.message)
                    await self._connection.sleep(self._pause(problem))
                    yield self._changed("connecting", problem=problem.message)
                    self._was_away = True
        finally:
            await self._connection.close_inbox(inbox)

    async def _told(self, candle: Candle) -> AsyncGenerator[LiveBar | Link]:
        """What one bar of the socket comes to."""
        self._failures = 0
        for link in self._alive(candle.stamped_at):
            yield link
        if not self._closes.is_news(candle.opened_at, candle.stamped_at):
            return
        async for tick in self._caught_up(candle.opened_at):
            yield tick
        self._newest = candle
        if candle.closed:
            self._closes.closed(candle.opened_at, candle.stamped_at)
        else:
            self._closes.formed(candle.opened_at, candle.stamped_at)
        yield self._tick(candle, closed=candle.closed is True)

    async def _caught_up(self, opened_at: datetime) -> AsyncGenerator[LiveBar]:
        """The closes before that bar which nobody told. What is not listed after some seconds, the venue does not have."""
        for pause in (0.0, *_SETTLING_SECONDS):
            missing = self._closes.missing_before(opened_at)
            if missing is None:
                return
            await self._connection.sleep(pause)
            async for tick in self._fetched(missing):
                yield tick

    async def _missed(self) -> AsyncGenerator[LiveBar]:
        """After a break, what has closed by now: a socket that does not come back must not hide it."""
        now = await self._connection.now()
        due = self._closes.due
        if self._was_away and due is not None and due < now:
            async for tick in self._fetched(Span(due, now)):
                yield tick
        self._was_away = False

    async def _fetched(self, span: Span) -> AsyncGenerator[LiveBar]:
        """The closes in it. What a venue does not give, because it reaches back only so far, must not keep what is new from being told."""
        with suppress(EmptyAnswerError):
            async for closed, _ in self._history.closed(span):
                for candle in closed:
                    self._closes.closed(candle.opened_at)
                    yield self._tick(candle, closed=True)

    async def _check_silence(self) -> None:
        """A quiet market, or a dead socket (F31): only the venue can tell. Raises UnreachableError for the latter."""
        newest = self._newest
        if newest is not None:
            until = max(await self._connection.now(), newest.opened_at) + timedelta(minutes=self._timeframe.minutes)
            if all(candle[:6] == newest[:6] for candle in await self._history.candles(Span(newest.opened_at, until))):
                return
        why = f"nothing was heard for {self._silence:g} seconds"
        self._connection.hang_up(why)
        raise UnreachableError(self._connection.venue, why)

    def _pause(self, problem: VenueError) -> float:
        """Longer each time, and never the same for all (F43); as long as the venue says where it does."""
        if isinstance(problem, RateLimitedError):
            return problem.seconds
        self._failures += 1
        return min(_LONGEST_PAUSE, 2.0 ** (self._failures - 1)) * (0.5 + self._connection.spread() / 2.0)

    def _alive(self, stamped_at: datetime | None) -> Iterator[Link]:
        """A message came: told when it is the first, and now and then how long it was under way."""
        now = self._clock.now()
        lag = None if stamped_at is None else max(0.0, (self._connection.clock.now() - stamped_at).total_seconds())
        if self._link.state != "connected":
            reconnects = self._link.reconnects + (self._link.last_message_at is not None)
            self._link = replace(self._link, state="connected", since=now, problem=None, reconnects=reconnects)
        elif self._link.last_message_at is not None and now - self._link.last_message_at < _PULSE:
            return
        self._link = replace(self._link, last_message_at=now, lag_seconds=lag)
        yield self._link

    def _changed(self, state: LinkState, problem: str) -> Link:
        self._link = replace(self._link, state=state, since=self._clock.now(), problem=problem, lag_seconds=None)
        return self._link

    def _tick(self, candle: Candle, *, closed: bool) -> LiveBar:
        return LiveBar(
            instrument=self._instrument.id, timeframe=self._timeframe.name, opened_at=candle.opened_at,
            open=candle.open, high=candle.high, low=candle.low, close=candle.close, volume=candle.volume,
            closed=closed, at=self._clock.now(),
        )  # fmt: skip
