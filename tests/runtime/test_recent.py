"""A list of prices waits for no venue for long: what is stored stands in, and says by its times how old it is."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from tests.runtime.conftest import TestClock
from tests.runtime.shelf import Shelf
from tests.runtime.supplied import Paced, supplied
from tests.runtime.venue import BTC, Venue, listed, raising

from assay.core.domain.errors import RefusedError, UnknownInstrumentError, UnreachableError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.core.market.instants import to_datetime
from assay.runtime.recent import PATIENCE_SECONDS, Recent
from assay.runtime.sources import Offer, Sources
from assay.runtime.workers import Workers

pytestmark = pytest.mark.anyio

NOW = TestClock().now()
DAY = timedelta(days=1)
TODAY = Span(NOW - DAY, NOW)


async def asked(venue: Venue, shelf: Shelf, instrument: str = str(BTC), *, seconds: float = PATIENCE_SECONDS) -> Bars | None:
    clock = TestClock()
    workers, sources = Workers(1), Sources({venue.venue: Offer("exchange", lambda: venue)})
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        try:
            return await Recent(supply, sources, shelf, workers, seconds)(instrument, "1h", TODAY)
        finally:
            workers.close()


def opened(bars: Bars | None) -> list[datetime]:
    assert bars is not None
    return [to_datetime(ts) for ts in (bars.ts[0], bars.ts[-1])]


async def test_what_is_missing_comes_from_the_venue() -> None:
    assert opened(await asked(Venue(), Shelf())) == [NOW - DAY, NOW - timedelta(hours=1)]


@pytest.mark.parametrize("venue", ["venue", "elsewhere"])
async def test_where_the_venue_gives_nothing_the_last_stored_bars_stand_in(venue: str) -> None:
    old = Span(TODAY.start - 30 * DAY, TODAY.end - 30 * DAY)
    shelf = Shelf()
    shelf.write(Venue(venue).between(listed("BTC/USDT", venue), "1h", Span(old.start - DAY, old.end)))
    mute = Venue(trouble=raising(*[RefusedError("venue", "closed today")] * 9))
    assert opened(await asked(mute, shelf, f"{venue}:BTC/USDT")) == [old.start, old.end - timedelta(hours=1)]


async def test_without_stored_bars_the_venue_s_refusal_is_the_answer() -> None:
    with pytest.raises(RefusedError, match="closed today"):
        await asked(Venue(trouble=raising(*[RefusedError("venue", "closed today")] * 9)), Shelf())


async def test_what_no_venue_can_be_asked_for_is_nothing() -> None:
    assert await asked(Venue(), Shelf(), "elsewhere:BTC/USDT") is None


async def test_what_is_no_instrument_is_refused() -> None:
    with pytest.raises(UnknownInstrumentError):
        await asked(Venue(), Shelf(), "BTC/USDT")


async def test_a_venue_that_takes_too_long_is_not_waited_for() -> None:
    class Slow(Venue):
        async def find(self, symbol: str) -> Instrument:
            await asyncio.Event().wait()
            raise AssertionError("nobody waits so long")

    with pytest.raises(UnreachableError):
        await asked(Slow(), Shelf(), seconds=0.01)
