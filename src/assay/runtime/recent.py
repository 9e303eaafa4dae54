"""The newest bars that can be had soon: of the venue where it answers in time, of the store where it does not."""

from __future__ import annotations

import asyncio
from typing import Final

from assay.core.domain.errors import LocatedError, UnknownInstrumentError, UnreachableError, VenueError
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.runtime.ports import Candles, unheard
from assay.runtime.sources import Sources
from assay.runtime.supply import Supply
from assay.runtime.workers import Workers

PATIENCE_SECONDS: Final = 3.0
"""How long somebody who only looks at a list waits for a venue."""


class Recent:
    """It belongs to the event loop."""

    def __init__(self, supply: Supply, sources: Sources, candles: Candles, workers: Workers, seconds: float = PATIENCE_SECONDS) -> None:
        self._supply, self._sources, self._candles, self._workers, self._seconds = supply, sources, candles, workers, seconds

    async def __call__(self, instrument: str, timeframe: str, span: Span) -> Bars | None:
        """The bars of `span`, or, where there are none, the last stored ones, as many as fit into a span of that length.

        None where nothing is stored and no venue can be asked. Raises VenueError where it was asked, and nothing is stored.
        """
        problem = await self._ask(instrument, timeframe, span)
        bars = await self._workers.run(_last, self._candles, instrument, timeframe, span)
        if bars is None and problem is not None:
            raise problem
        return bars

    async def _ask(self, instrument: str, timeframe: str, span: Span) -> VenueError | None:
        """What is missing is fetched as far as it comes; pages that came are stored, and the next who asks goes on there."""
        try:
            known = InstrumentId.parse(instrument)
        except ValueError as error:
            return UnknownInstrumentError(instrument.partition(":")[0][:80], str(error))
        if known.venue not in self._sources:
            return None
        try:
            async with asyncio.timeout(self._seconds):
                await self._supply.fetch(known, Timeframe(timeframe), span, unheard)
        except VenueError as error:
            return error
        except TimeoutError:
            return UnreachableError(known.venue, f"it has not answered in {self._seconds:g} seconds")
        except LocatedError:
            return None  # it has no bars of that length
        return None


def _last(candles: Candles, instrument: str, timeframe: str, span: Span) -> Bars | None:
    """Of the timeframe, or of the shortest that is stored. Blocks."""
    stored = [coverage for coverage in candles.coverage(instrument) if coverage.instrument == instrument]
    named = [coverage for coverage in stored if coverage.timeframe == timeframe] or stored[:1]
    if not named:
        return None
    coverage = named[0]
    bars = candles.read(instrument, coverage.timeframe, span.start, span.end)
    if bars is not None and len(bars):
        return bars
    end = Timeframe(coverage.timeframe).closed_at(coverage.last_at)
    return candles.read(instrument, coverage.timeframe, end - span.length, end)
