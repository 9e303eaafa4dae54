"""Everything between a caller and a venue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from tests.runtime.conftest import TestClock
from tests.runtime.venue import Venue

from assay.core.domain.instrument import Instrument
from assay.runtime.instruments import Instruments
from assay.runtime.patience import Patience, Pause
from assay.runtime.ports import Candles, Listings
from assay.runtime.sources import Offer, Sources
from assay.runtime.supply import Supply
from assay.runtime.workers import Workers


class Paced:
    """A pause that takes no time: the clock moves instead. `pauses` are those that were asked for."""

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        self.pauses: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.clock.pass_(seconds)
        self.pauses.append(seconds)
        await asyncio.sleep(0)


class Lists:
    """`ports.Listings` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Sequence[Instrument], datetime]] = {}

    def read(self, venue: str) -> tuple[Sequence[Instrument], datetime] | None:
        return self.kept.get(venue)

    def write(self, venue: str, instruments: Sequence[Instrument], at: datetime) -> None:
        self.kept[venue] = (instruments, at)

    def delete(self, venue: str) -> bool:
        return self.kept.pop(venue, None) is not None


@asynccontextmanager
async def supplied(
    venues: Sequence[Venue], clock: TestClock, pause: Pause, candles: Candles, listings: Listings | None = None
) -> AsyncIterator[tuple[Supply, Instruments]]:
    sources = Sources({venue.venue: Offer("exchange", lambda venue=venue: venue) for venue in venues})  # type: ignore[misc]
    workers, patience = Workers(2), Patience(clock, pause)
    instruments = Instruments(listings or Lists(), candles, sources, patience, clock, workers)
    try:
        yield Supply(candles, sources, instruments, patience, clock, workers), instruments
    finally:
        await sources.close()
        workers.close()
