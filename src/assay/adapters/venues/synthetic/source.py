"""The venue `synthetic`: instruments that are functions of time, told live second by second, and the bundled sample, which has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

import numpy as np

from assay.core.domain.errors import RefusedError, UnknownInstrumentError
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Bars
from assay.core.market.grid import opened_at
from assay.core.market.instants import closed_ts, to_datetime, to_ns
from assay.core.market.resample import resampled
from assay.core.market.sample import NAMES as SAMPLES
from assay.core.market.sample import sample_bars
from assay.core.market.synthetic import SYNTHETIC, Synthetic, bars, forming
from assay.runtime.ports import Clock
from assay.runtime.records import Link, LiveBar

VENUE: Final = "synthetic"
PAGE: Final = timedelta(days=366)
"""A year of minutes is made in a tenth of a second."""
BEAT_SECONDS: Final = 1.0

_BY_SYMBOL: Final = {of.symbol: of for of in SYNTHETIC}


class SyntheticSource:
    """`ports.Source`. Nothing is ever refused to it or late, for it asks nobody."""

    venue = VENUE
    name = "Synthetic"
    timeframes: Sequence[str] = NAMES
    streams = True

    def __init__(self, clock: Clock, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._clock, self._pause = clock, pause

    async def instruments(self) -> Sequence[Instrument]:
        """Those that go on, then those of the bundled sample, which are not active."""
        return [*map(_listed, SYNTHETIC), *map(_bundled, SAMPLES)]

    async def find(self, symbol: str) -> Instrument:
        if symbol in _BY_SYMBOL:
            return _listed(_BY_SYMBOL[symbol])
        if f"{VENUE}:{symbol}" in SAMPLES:
            return _bundled(f"{VENUE}:{symbol}")
        raise UnknownInstrumentError(VENUE, f"there is no {symbol}; there are {', '.join(_BY_SYMBOL)}")

    async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """Of the bundled sample what it has; raises UnknownInstrumentError for a timeframe that is finer than its bars."""
        of, length = _BY_SYMBOL.get(instrument.id.symbol), Timeframe.parse(timeframe)
        start = span.start
        while start < span.end:
            page = Span(start, min(start + PAGE, span.end))
            if of is None:
                page = span
                made = (await asyncio.to_thread(_sample, str(instrument.id), length)).between(span.start, span.end)
            else:
                made = await asyncio.to_thread(bars, of, str(instrument.id), length, page.start, page.end)
            yield _closed(made, self._clock.now()), page
            start = page.end

    async def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        """A tick each second in which something was traded. Raises RefusedError for the bundled sample."""
        of, length = _BY_SYMBOL.get(instrument.id.symbol), Timeframe.parse(timeframe)
        if of is None:
            raise RefusedError(VENUE, f"{instrument.id} is bundled history and has ended; {', '.join(_BY_SYMBOL)} go on")
        told = opened_at(self._clock.now(), length)
        yield Link(venue=VENUE, state="connected", since=self._clock.now(), lag_seconds=0.0)
        newest: LiveBar | None = None
        while True:
            now = self._clock.now()
            begun = opened_at(now, length)
            if begun > told:
                for tick in _ticks(bars(of, str(instrument.id), length, told, begun), instrument, now, closed=True):
                    yield tick
                told = begun
            for tick in _ticks(forming(of, str(instrument.id), length, now), instrument, now, closed=False):
                if newest is None or replace(tick, at=newest.at) != newest:
                    yield tick
                newest = tick
            await self._pause(BEAT_SECONDS)

    async def close(self) -> None:
        """There is nothing open."""


def _closed(made: Bars, at: datetime) -> Bars:
    """Without what is not closed by then."""
    return made[: int(np.searchsorted(closed_ts(made.ts, made.timeframe), to_ns(at), side="right"))]


def _ticks(made: Bars, instrument: Instrument, at: datetime, *, closed: bool) -> Iterator[LiveBar]:
    for row in range(len(made)):
        yield LiveBar(
            instrument=instrument.id, timeframe=made.timeframe.name, opened_at=to_datetime(int(made.ts[row])), open=float(made.open[row]),
            high=float(made.high[row]), low=float(made.low[row]), close=float(made.close[row]), volume=float(made.volume[row]),
            closed=closed, at=at,
        )  # fmt: skip


def _sample(instrument: str, timeframe: Timeframe) -> Bars:
    made = _samples()[instrument]
    if not made.timeframe.fills(timeframe):
        raise UnknownInstrumentError(VENUE, f"{instrument} is bundled in bars of {made.timeframe}, and there are no {timeframe} in them")
    return made if made.timeframe == timeframe else resampled(made, timeframe)


@cache
def _samples() -> Mapping[str, Bars]:
    return sample_bars()


def _listed(of: Synthetic) -> Instrument:
    base, _, quote = of.symbol.partition("/")
    return Instrument(
        id=InstrumentId(VENUE, of.symbol), venue_symbol=of.symbol, kind="synthetic", name=f"{base.title()}: {of.says}", base=base,
        quote=quote, tick=Decimal("0.01"), lot=Decimal("0.001"), minimum_notional=Decimal(1),
        maker_fee_rate=Decimal(0), taker_fee_rate=Decimal(0),
    )  # fmt: skip


def _bundled(name: str) -> Instrument:
    symbol = InstrumentId.parse(name).symbol
    base, _, quote = symbol.partition("/")
    called = base if quote else base.title()
    return Instrument(
        id=InstrumentId(VENUE, symbol), venue_symbol=symbol, kind="synthetic", name=f"{called} (bundled sample)",
        base=base, quote=quote or "USD", calendar="24/7" if quote else "XNYS", tick=Decimal("0.01"), active=False,
    )  # fmt: skip
