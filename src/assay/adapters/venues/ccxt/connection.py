"""One ccxt exchange on one event loop, made to keep our rules: what it may send, how it fails, what it hears.

Importing ccxt takes a second: this module is imported when a venue is first asked, and not before.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import ccxt.pro
from aiohttp import WSServerHandshakeError
from ccxt.base.errors import BaseError, NetworkError

from assay.adapters.venues.ccxt import codec
from assay.adapters.venues.ccxt.codec import Candle
from assay.adapters.venues.ccxt.gate import Gate
from assay.adapters.venues.ccxt.inbox import Inbox
from assay.adapters.venues.ccxt.known import KNOWN
from assay.adapters.venues.ccxt.symbols import Symbols
from assay.adapters.venues.ccxt.venue_clock import VenueClock
from assay.adapters.venues.wire.decode import decode
from assay.adapters.venues.wire.messages import Kline
from assay.core.domain.errors import (
    ClockSkewError,
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.instrument import Instrument
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.instants import EPOCH

Answer = TypeVar("Answer")
_PAUSES: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a request that was not answered is sent again."""
_FAREWELL_SECONDS: Final = 2.0
_NOT_ITS_FORMAT: Final = (TypeError, KeyError, IndexError, AttributeError, ValueError, ArithmeticError)
"""What ccxt's parsers come to on an answer that is JSON, but not the one that was asked for."""


class Connection:
    """Requests and sockets of one venue. Everything that it raises is a VenueError."""

    def __init__(
        self,
        venue: str,
        gate: Gate,
        clock: VenueClock,
        *,
        urls: Mapping[str, object] | None,
        timeout: float,
        sleep: Callable[[float], Awaitable[None]],
        spread: Callable[[], float],
    ) -> None:
        if venue not in ccxt.pro.exchanges:
            raise RefusedError(venue, "ccxt knows no such venue with live data")
        self.venue = venue
        self.clock = clock
        self.sleep = sleep
        self.spread = spread
        self.is_closed = False
        self._gate = gate
        self._inboxes: defaultdict[tuple[str, str], list[Inbox]] = defaultdict(list)
        self._symbols: Symbols | None = None
        options: dict[str, object] = {"fetchMarkets": {"types": list(KNOWN[venue].markets)}} if venue in KNOWN else {}
        ours = type(f"Ours_{venue}", (_Ours, getattr(ccxt.pro, venue)), {})
        self._exchange: Any = ours({"enableRateLimit": True, "newUpdates": True, "timeout": round(timeout * 1000), "options": options})
        self._exchange.connection = self
        # Nothing of a currency is asked here, and some venues want a key for it.
        self._exchange.has["fetchCurrencies"] = False
        if urls is not None:
            self._exchange.urls["api"] = self._exchange.deep_extend(self._exchange.urls["api"], urls)

    @property
    def name(self) -> str:
        return str(self._exchange.name)

    @property
    def timeframes(self) -> Sequence[str]:
        offered = self._exchange.timeframes or ()
        return tuple(name for name in NAMES if name in offered)

    @property
    def streams(self) -> bool:
        return self._exchange.has.get("watchOHLCV") is True

    async def ask(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Send again what was not answered, and once after setting the clock where it was refused for that."""
        pauses = iter(_PAUSES)
        has_set_clock = False
        while True:
            try:
                return await self._once(call)
            except UnreachableError:
                pause = next(pauses, None)
                if pause is None:
                    raise
                await self.sleep(pause * (1.0 + self.spread()))
            except ClockSkewError:
                if has_set_clock:
                    raise
                has_set_clock = True
                await self._set_clock()

    async def _once(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        self._gate.check()
        try:
            return await call()
        except RateLimitedError as error:
            self._gate.shut(error)
            raise
        except BaseError as error:
            problem = self._problem(error)
            if isinstance(problem, RateLimitedError):
                self._gate.shut(problem)
            raise problem from error
        except _NOT_ITS_FORMAT as error:
            raise MalformedAnswerError(self.venue, f"an answer that cannot be read: {type(error).__name__} {error}") from error

    def _problem(self, error: BaseError) -> VenueError:
        """A dial that was refused carries the answer of HTTP, which says for how long."""
        answer = error.args[0] if error.args else None
        if isinstance(answer, WSServerHandshakeError):
            limited = codec.rate_limit(self.venue, answer.status, answer.headers or {}, answer.message, self.clock.now())
            if limited is not None:
                return limited
        return codec.translated(self.venue, error)

    async def _set_clock(self) -> None:
        if self._exchange.has.get("fetchTime") is not True:
            return
        milliseconds = await self._once(self._exchange.fetch_time)
        if not isinstance(milliseconds, int):
            raise MalformedAnswerError(self.venue, f"the time is {milliseconds!r}")
        self._exchange.options["timeDifference"] = self._exchange.milliseconds() - milliseconds
        self.clock.set(EPOCH + timedelta(milliseconds=milliseconds))

    async def now(self) -> datetime:
        """By the venue's clock."""
        if not self.clock.is_fresh():
            await self.ask(self._set_clock)
        return self.clock.now()

    async def symbols(self, *, anew: bool = False) -> Symbols:
        """What it lists, asked for once, or anew."""
        if self._symbols is None or anew:
            markets = await self.ask(lambda: self._exchange.load_markets(anew))
            read = (codec.instrument(self.venue, market, self._exchange.precisionMode) for market in markets.values())
            listed = Symbols(self.venue, (instrument for instrument in read if instrument is not None))
            if not listed.instruments:
                raise EmptyAnswerError(self.venue, "it lists no instrument")
            self._symbols = listed
        return self._symbols

    async def candles(self, instrument: Instrument, timeframe: Timeframe, since: datetime, until: datetime) -> list[Candle]:
        """Bars opened from `since` to before `until`, and whatever else it answers.

        It is asked from a whole multiple of the length on: ccxt rounds up to one for Bybit, and would leave out a week, which begins on
        a Monday, for 1970 began on a Thursday.
        """
        await self.symbols()
        length = timedelta(minutes=timeframe.minutes)
        since = EPOCH + (since - EPOCH) // length * length
        limit = -(-(until - since) // length)
        request = {"until": _milliseconds(until) - 1}
        rows = await self.ask(
            lambda: self._exchange.fetch_ohlcv(instrument.id.symbol, timeframe.name, _milliseconds(since), limit, request)
        )
        if not isinstance(rows, list):
            raise MalformedAnswerError(self.venue, "no list where bars were expected")
        return [codec.candle(self.venue, row) for row in rows]

    async def page_length(self, instrument: Instrument) -> int:
        """How many bars it gives at once."""
        await self.symbols()
        return int(self._exchange.feature_value(instrument.id.symbol, "fetchOHLCV", "limit", 500))

    async def open_inbox(self, instrument: Instrument, timeframe: str) -> Inbox:
        await self.symbols()
        inbox = Inbox(instrument.id.symbol, timeframe)
        self._inboxes[inbox.key].append(inbox)
        return inbox

    async def close_inbox(self, inbox: Inbox) -> None:
        """The stream ends with its last reader; on a socket that is gone it has ended already."""
        self._inboxes[inbox.key].remove(inbox)
        stream = f"ohlcv::{inbox.key[0]}::{inbox.key[1]}"
        is_on = any(stream in client.subscriptions and not client.closed() for client in self._exchange.clients.values())
        if self._inboxes[inbox.key] or self.is_closed or not is_on or self._exchange.has.get("unWatchOHLCV") is not True:
            return
        with suppress(BaseError, TimeoutError):
            await asyncio.wait_for(self._exchange.un_watch_ohlcv(*inbox.key), _FAREWELL_SECONDS)

    async def listen(self, inbox: Inbox, patience: float) -> Sequence[Candle]:
        """What was told of the bars since the last call, at least one; empty after `patience` seconds of silence, or when closed."""
        while not (told := inbox.taken()):
            try:
                rows = await asyncio.wait_for(self._once(lambda: self._exchange.watch_ohlcv(*inbox.key)), patience)
            except TimeoutError:
                return ()
            except asyncio.CancelledError:
                # ccxt closes by cancelling what it was awaited for, not whoever awaits it.
                if self.is_closed and not _is_cancelled():
                    return ()
                raise
            if self.venue not in KNOWN:
                for row in rows:
                    inbox.put(codec.candle(self.venue, row))
        return told

    def heard(self, message: object, url: str) -> None:
        """A message about bars, as it came: ccxt keeps neither whether a bar has closed nor when the venue wrote it."""
        assert self._symbols is not None
        for kline in decode(self.venue, message):
            if not isinstance(kline, Kline) or kline.symbol is None or kline.timeframe is None:
                raise MalformedAnswerError(self.venue, "no bar on the stream of bars")
            instrument = self._symbols.spelled(kline.symbol, spot=KNOWN[self.venue].spot_mark in url)
            for inbox in self._inboxes[instrument.id.symbol, kline.timeframe]:
                inbox.put(codec.candle_of(self.venue, kline))

    def hang_up(self, why: str) -> None:
        """Break off every socket: whoever listens is told so, and dials again."""
        for client in list(self._exchange.clients.values()):
            client.on_error(NetworkError(why))

    async def close(self) -> None:
        self.is_closed = True
        await self._exchange.close()

    def check_answer(self, status: int, headers: Mapping[str, str], body: str, answer: object) -> None:
        """Before ccxt looks at it. Raises a VenueError for what HTTP itself tells."""
        limited = codec.rate_limit(self.venue, status, headers, body, self.clock.now())
        if limited is not None:
            self._gate.shut(limited)
            raise limited
        failed = codec.failure(self.venue, status, body, answer)
        if failed is not None:
            raise failed

    def check_bars(self, url: str, answer: object) -> None:
        """ccxt passes over rows that it cannot read, and the hole would be taken for a market that was closed. Raises a VenueError."""
        if self.venue in KNOWN and "/kline" in url:
            with suppress(EmptyAnswerError):
                decode(self.venue, answer)

    def check_gate(self) -> None:
        self._gate.check()


class _Ours:
    """What an exchange of ccxt does differently here; mixed in before its class, which differs from venue to venue."""

    connection: Connection

    async def fetch(self, url: str, *request: Any, **more: Any) -> Any:
        """The gate may have been shut while this request waited for its turn."""
        self.connection.check_gate()
        return await super().fetch(url, *request, **more)  # type: ignore[misc]

    def ws_dial_delay(self, url: str) -> float:
        """None: whoever follows pauses before it dials again, and ccxt's own pause would come on top."""
        return 0.0

    def handle_errors(
        self, status: int, reason: str, url: str, method: str, headers: Mapping[str, str], body: str, answer: object, *request: object
    ) -> None:
        self.connection.check_answer(status, headers, body, answer)
        super().handle_errors(status, reason, url, method, headers, body, answer, *request)  # type: ignore[misc]
        self.connection.check_bars(url, answer)

    def handle_message(self, client: Any, message: object) -> None:
        """What cannot be read ends the connection: whoever listens is told why, and what was missed is fetched."""
        try:
            super().handle_message(client, message)  # type: ignore[misc]
        except VenueError as error:
            client.reject(error)
        except _NOT_ITS_FORMAT as error:
            client.reject(MalformedAnswerError(self.connection.venue, f"a message that cannot be read: {type(error).__name__} {error}"))

    def handle_ohlcv(self, client: Any, message: object) -> None:
        if self.connection.venue in KNOWN:
            self.connection.heard(message, client.url)
        super().handle_ohlcv(client, message)  # type: ignore[misc]


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _milliseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)
