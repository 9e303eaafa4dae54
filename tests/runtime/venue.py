"""A venue of our own: a `Source` whose history is known, that counts what it was asked, and refuses when it is told to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import numpy as np

from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns
from assay.runtime.records import Link, LiveBar

BTC = InstrumentId("venue", "BTC/USDT")


def listed(symbol: str, venue: str = "venue") -> Instrument:
    base, _, quote = symbol.partition("/")
    return Instrument(
        id=InstrumentId(venue, symbol), venue_symbol=symbol.replace("/", ""), kind="spot", name=f"{base} of {venue}", base=base,
        quote=quote or "USD", tick=Decimal("0.01"), lot=Decimal("0.00001"), minimum_notional=Decimal(5),
        maker_fee_rate=Decimal("0.001"), taker_fee_rate=Decimal("0.002"),
    )  # fmt: skip


def bars_of(instrument: Instrument, timeframe: str, opened: Sequence[int]) -> Bars:
    """Bars that are a function of their times, so that whoever has them can be held to the venue's."""
    ts = np.array(opened, dtype=np.int64)
    close = 100.0 + ts / 3.6e12 % 89
    return Bars(str(instrument.id), Timeframe(timeframe), ts, close - 1, close + 2, close - 2, close, close * 3)


class Venue:
    """`runtime.ports.Source`. Its market has bars on the hour (or whatever `timeframe` is), except for the `holes`.

    `trouble` is asked before each page, and may raise; `spoil` may change the bars of a page.
    """

    timeframes: Sequence[str] = ("1h", "1d")
    streams = False
    name = "Venue"

    def __init__(
        self,
        venue: str = "venue",
        symbols: Sequence[str] = ("BTC/USDT", "ETH/USDT"),
        *,
        holes: frozenset[int] = frozenset(),
        page: int = 5,
        trouble: Callable[[], None] = lambda: None,
        spoil: Callable[[Bars], Bars] = lambda bars: bars,
    ) -> None:
        self.venue = venue
        self.listed = [listed(symbol, venue) for symbol in symbols]
        self.holes, self.page, self.trouble, self.spoil = holes, page, trouble, spoil
        self.asked: list[Span] = []
        self.listings = self.closed = 0

    async def instruments(self) -> Sequence[Instrument]:
        self.trouble()
        self.listings += 1
        return self.listed

    async def find(self, symbol: str) -> Instrument:
        self.trouble()
        for each in self.listed:
            if each.id.symbol == symbol:
                return each
        raise UnknownInstrumentError(self.venue, f"it lists no {symbol}")

    async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        length = Timeframe(timeframe).nanoseconds
        at = span.start
        while at < span.end:
            self.trouble()
            end = min(span.end, at + self.page * timedelta(microseconds=length // 1_000))
            answered = Span(at, end)
            self.asked.append(answered)
            yield self.spoil(self.between(instrument, timeframe, answered)), answered
            at = end

    def between(self, instrument: Instrument, timeframe: str, span: Span) -> Bars:
        """What happened, whoever asks."""
        length = Timeframe(timeframe).nanoseconds
        first = -(-to_ns(span.start) // length)
        opened = [step * length for step in range(first, -(-to_ns(span.end) // length)) if step not in self.holes]
        return bars_of(instrument, timeframe, opened)

    async def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        """It says nothing while it happens."""
        silence: tuple[LiveBar, ...] = ()
        for tick in silence:
            yield tick

    async def close(self) -> None:
        self.closed += 1


def raising(*errors: Exception | None) -> Callable[[], None]:
    """These, one a request; then none."""
    left = list(errors)

    def trouble() -> None:
        if left and (error := left.pop(0)) is not None:
            raise error

    return trouble
