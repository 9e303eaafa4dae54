"""The path of bars: memory and the store are what `Candles` is; what is missing there is asked of the venue, and of nothing else.

Every page is stored before the next is asked for. Whatever ends a fetch, a kill or a person, the next one goes on where it was.
"""

from __future__ import annotations

from asyncio import Lock
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Final

from assay.core.domain.errors import LocatedError, Problem
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.ranges import Span, without
from assay.core.domain.timeframe import Timeframe
from assay.core.market.calendar import ALWAYS
from assay.core.market.gaps import gaps
from assay.core.market.instants import to_datetime
from assay.runtime.instruments import Instruments
from assay.runtime.pages import Pages, keep
from assay.runtime.patience import Patience
from assay.runtime.ports import Candles, Clock, Tell
from assay.runtime.sources import Sources
from assay.runtime.workers import Workers

FETCHING: Final = "fetching"
WAITING: Final = "waiting for another fetch of the same"


class WantedError(LocatedError):
    """A stretch of bars that no venue can be asked for."""


class Supply:
    """Bars that are there when they are asked for. It belongs to the event loop; what blocks runs in the workers."""

    def __init__(
        self, candles: Candles, sources: Sources, instruments: Instruments, patience: Patience, clock: Clock, workers: Workers
    ) -> None:
        self._candles, self._sources, self._instruments = candles, sources, instruments
        self._patience, self._clock, self._workers = patience, clock, workers
        self._turns: dict[tuple[str, str], Lock] = {}
        self._waiting: Counter[tuple[str, str]] = Counter()

    def check(self, instrument: InstrumentId, timeframe: Timeframe, span: Span) -> None:
        """Raises UnknownInstrumentError or WantedError for what cannot be fetched, without asking the venue."""
        source = self._sources.of(instrument.venue)
        if timeframe.name not in source.timeframes:
            message = f"{source.name} has no {timeframe} bars; it has {', '.join(source.timeframes)}"
            raise WantedError([Problem("timeframe", "timeframe", message)])
        if span.start >= timeframe.closed_until(self._clock.now()):
            raise WantedError([Problem("from", "future", f"no {timeframe} bar that opens then has closed yet")])

    async def fetch(self, instrument: InstrumentId, timeframe: Timeframe, span: Span, tell: Tell) -> int:
        """Have all closed bars opened in `span`. Answers how many are new. Raises VenueError, WantedError.

        Two who want the same wait for one another, and the second asks for what the first did not get.
        """
        self.check(instrument, timeframe, span)
        wanted = Span(span.start, min(span.end, timeframe.closed_until(self._clock.now())))
        async with self._turn(instrument, timeframe, tell):
            missing = await self.missing(instrument, timeframe, wanted)
            return await self._fetch(instrument, timeframe, missing, tell) if missing else 0

    async def missing(self, instrument: InstrumentId, timeframe: Timeframe, wanted: Span) -> Sequence[Span]:
        """What of it is neither stored nor known to be nowhere."""
        return await self._workers.run(_missing, self._candles, str(instrument), timeframe, wanted)

    async def _fetch(self, instrument: InstrumentId, timeframe: Timeframe, missing: Sequence[Span], tell: Tell) -> int:
        source, whole, new = self._sources.of(instrument.venue), _length(missing), 0
        tell(FETCHING, 0.0)
        known = await self._instruments.find(instrument, tell)
        behind = timedelta()
        for span in missing:
            pages = Pages(source, known, timeframe, span)
            try:
                while (page := await self._patience.ask(source.venue, pages.next, tell, behind / whole)) is not None:
                    bars, answered = page
                    new += await self._workers.run(keep, self._candles, bars, answered, self._clock.now())
                    behind += answered.length
                    tell(FETCHING, behind / whole)
            finally:
                await pages.close()
        return new

    @asynccontextmanager
    async def _turn(self, instrument: InstrumentId, timeframe: Timeframe, tell: Tell) -> AsyncIterator[None]:
        """One fetch at a time of an instrument and timeframe; the last to leave takes the lock away."""
        key = (str(instrument), timeframe.name)
        lock = self._turns.setdefault(key, Lock())
        if lock.locked():
            tell(WAITING, None)
        self._waiting[key] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._turns[key]


def _missing(candles: Candles, instrument: str, timeframe: Timeframe, wanted: Span) -> Sequence[Span]:
    """What was not asked for yet, and is not there from elsewhere. Blocks."""
    unasked = without([wanted], candles.asked(instrument, timeframe.name))
    return [rest for span in unasked for rest in without([span], _stored(candles, instrument, timeframe, span))]


def _stored(candles: Candles, instrument: str, timeframe: Timeframe, span: Span) -> Iterator[Span]:
    """Bars without a hole between them. A hole is asked for once, also where a market seems to be closed."""
    bars = candles.read(instrument, timeframe.name, span.start, span.end)
    if bars is not None and len(bars):
        for first, end in pairwise([0, *gaps(bars, ALWAYS).rows.tolist(), len(bars)]):
            yield Span(to_datetime(bars.ts[first]), timeframe.alone_until(to_datetime(bars.ts[end - 1])))


def _length(spans: Sequence[Span]) -> timedelta:
    return sum((span.length for span in spans), timedelta())
