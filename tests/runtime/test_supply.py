"""Bars on their way from a venue to the store: once, in order, whole, and gone on with wherever they were broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.runtime.conftest import TestClock
from tests.runtime.shelf import Shelf
from tests.runtime.supplied import Lists, Paced, supplied
from tests.runtime.venue import BTC, Venue, bars_of, raising

from assay.adapters.store.candles import CandleFiles
from assay.core.domain.errors import (
    ClockSkewError,
    DataError,
    MalformedAnswerError,
    RateLimitedError,
    UnknownInstrumentError,
    UnreachableError,
)
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_datetime
from assay.runtime.fetches import Fetches
from assay.runtime.hub import Hub
from assay.runtime.jobs import Jobs
from assay.runtime.patience import BACKOFF_SECONDS
from assay.runtime.records import State
from assay.runtime.sources import Offer, Sources
from assay.runtime.supply import WAITING, Supply, WantedError
from assay.runtime.workers import Workers

pytestmark = pytest.mark.anyio

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = Span(FIRST, FIRST + 24 * HOUR)
HOURLY = Timeframe("1h")


class Told:
    """What a fetch said of itself."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.fractions: list[float | None] = []

    def __call__(self, phase: str, fraction: float | None) -> None:
        self.phases.append(phase)
        self.fractions.append(fraction)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def fetched(venue: Venue, clock: TestClock, shelf: Shelf, told: Told, span: Span = DAY, timeframe: str = "1h") -> int:
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        return await supply.fetch(BTC, Timeframe(timeframe), span, told)


async def test_pages_are_stored_as_they_come_and_told(clock: TestClock, shelf: Shelf, told: Told) -> None:
    venue = Venue(page=6)
    assert await fetched(venue, clock, shelf, told) == 24
    assert [fraction for fraction in told.fractions if fraction is not None] == [0.0, 0.0, 0.25, 0.5, 0.75, 1.0][1:]
    assert await fetched(venue, clock, shelf, told) == 0
    assert len(venue.asked) == 4


async def test_two_callers_wait_for_one_fetch(clock: TestClock, shelf: Shelf) -> None:
    venue, first, second = Venue(page=6), Told(), Told()
    wider = Span(DAY.start, DAY.end + 6 * HOUR)
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        new = await asyncio.gather(supply.fetch(BTC, HOURLY, DAY, first), supply.fetch(BTC, HOURLY, wider, second))
        assert tuple(new) == (24, 6)
        assert (WAITING in first.phases, second.phases[0]) == (False, WAITING)
    assert len(venue.asked) == 5


async def test_one_who_leaves_does_not_take_the_fetch_from_the_other(clock: TestClock, shelf: Shelf, told: Told) -> None:
    venue = Venue(page=6)
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        first = asyncio.create_task(supply.fetch(BTC, HOURLY, DAY, told))
        second = asyncio.create_task(supply.fetch(BTC, HOURLY, DAY, told))
        while len(venue.asked) < 2:
            await asyncio.sleep(0)
        first.cancel()
        await second
    kept = shelf.read(str(BTC), "1h")
    assert kept is not None
    assert len(kept) == 24


async def test_what_is_there_from_elsewhere_is_not_asked_for(clock: TestClock, shelf: Shelf, told: Told) -> None:
    venue = Venue(page=100)
    shelf.write(venue.between(venue.listed[0], "1h", Span(FIRST + 6 * HOUR, FIRST + 12 * HOUR)))
    assert await fetched(venue, clock, shelf, told) == 18
    assert venue.asked == [Span(FIRST, FIRST + 6 * HOUR), Span(FIRST + 12 * HOUR, DAY.end)]


async def test_a_hole_is_asked_for_once(clock: TestClock, shelf: Shelf, told: Told) -> None:
    first = int(FIRST.timestamp()) // 3600
    venue = Venue(holes=frozenset(range(first + 3, first + 17)), page=6)
    assert await fetched(venue, clock, shelf, told) == 10
    assert await fetched(venue, clock, shelf, told) == 0
    assert len(venue.asked) == 4


async def test_the_bar_that_is_forming_is_never_stored(clock: TestClock, shelf: Shelf, told: Told) -> None:
    """Not even where a venue hands it out."""
    clock.at = FIRST + 3 * HOUR + timedelta(minutes=59)
    forming = int(clock.at.timestamp()) // 3600 * 3_600_000_000_000
    venue = Venue()
    venue.spoil = lambda bars: bars_of(venue.listed[0], "1h", [*bars.ts.tolist(), forming])
    assert await fetched(venue, clock, shelf, told) == 3
    clock.pass_(60)
    venue.spoil = lambda bars: bars
    assert await fetched(venue, clock, shelf, told) == 1
    assert venue.asked[-1].start == FIRST + 3 * HOUR


@pytest.mark.parametrize("timeframe", NAMES)
def test_whatever_opened_before_has_closed(timeframe: str) -> None:
    length = Timeframe(timeframe)
    for minutes in range(0, 100_000, 777):
        now = FIRST + timedelta(minutes=minutes, seconds=minutes % 60)
        until = length.closed_until(now)
        last = until - timedelta(milliseconds=1) if timeframe != "1M" else (until - timedelta(days=1)).replace(day=1)
        assert length.closed_at(last) <= now
        assert length.closed_at(until) > now


async def test_a_venue_that_wants_fewer_requests_is_left_alone_by_everybody(clock: TestClock, shelf: Shelf, told: Told) -> None:
    venue = Venue(page=24, trouble=raising(None, RateLimitedError("venue", "too many", 90.0)))
    began = clock.at
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        other = InstrumentId("venue", "ETH/USDT")
        await asyncio.gather(supply.fetch(BTC, HOURLY, DAY, told), supply.fetch(other, HOURLY, DAY, told))
    assert clock.at - began >= timedelta(seconds=90)
    assert "venue wants fewer requests; again in 90 s" in told.phases
    assert "venue wants fewer requests; again in 1 s" in told.phases


async def test_a_venue_that_cannot_be_reached_is_tried_again_a_few_times(clock: TestClock, shelf: Shelf, told: Told) -> None:
    down = UnreachableError("venue", "no route")
    venue = Venue(page=6, trouble=raising(None, None, down, down, None, down))
    assert await fetched(venue, clock, shelf, told) == 24
    assert "venue cannot be reached (no route); again in 2 s" in told.phases
    venue = Venue(trouble=raising(*[down] * (len(BACKOFF_SECONDS) + 1)))
    with pytest.raises(UnreachableError):
        await fetched(venue, clock, shelf, told, Span(FIRST, FIRST + 99 * HOUR))


async def test_what_waiting_does_not_cure_is_said_at_once(clock: TestClock, shelf: Shelf, told: Told) -> None:
    with pytest.raises(ClockSkewError):
        await fetched(Venue(trouble=raising(ClockSkewError("venue", "your clock is wrong"))), clock, shelf, told)


def spoilt(change: Callable[[Bars], Bars]) -> Venue:
    return Venue(page=6, spoil=lambda bars: change(bars) if to_datetime(int(bars.ts[0])) >= FIRST + 6 * HOUR else bars)


FAULTS: dict[str, Callable[[Bars], Bars]] = {
    "high": lambda bars: replace(bars, high=bars.low - 1),
    "zero": lambda bars: replace(bars, low=bars.low * 0.0),
    "number": lambda bars: replace(bars, close=bars.close * np.nan),
    "volume": lambda bars: replace(bars, volume=-bars.volume),
    "twice": lambda bars: replace(bars, ts=np.repeat(bars.ts[::2], 2)),
    "order": lambda bars: replace(bars, ts=bars.ts[::-1].copy()),
    "earlier": lambda bars: replace(bars, ts=bars.ts - 7_200_000_000_000),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_bars_that_contradict_themselves_are_refused_and_nothing_is_mended(
    clock: TestClock, shelf: Shelf, told: Told, name: str
) -> None:
    with pytest.raises(MalformedAnswerError, match="BTC/USDT 1h"):
        await fetched(spoilt(FAULTS[name]), clock, shelf, told)
    kept = shelf.read(str(BTC), "1h")
    assert kept is not None
    assert len(kept) == 6, "the page before it is there"
    venue = Venue(page=6)
    assert await fetched(venue, clock, shelf, told) == 18


async def test_what_no_venue_can_be_asked_for_is_refused_before_it_is_asked(clock: TestClock, shelf: Shelf, told: Told) -> None:
    venue = Venue(trouble=raising(*[AssertionError("it was asked")] * 9))
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        with pytest.raises(UnknownInstrumentError, match="nothing can be fetched"):
            await supply.fetch(InstrumentId("else", "BTC/USDT"), HOURLY, DAY, told)
        with pytest.raises(WantedError, match="no 1m bars"):
            await supply.fetch(BTC, Timeframe("1m"), DAY, told)
        with pytest.raises(WantedError, match="has closed"):
            await supply.fetch(BTC, HOURLY, Span(clock.at, clock.at + HOUR), told)


@pytest.mark.parametrize("symbol", ["../../etc/passwd", "A" * 300, "\U0001f600", "..", "%2e%2e/x", "a\\b"])
async def test_a_hostile_name_is_a_name_or_is_refused(clock: TestClock, told: Told, tmp_path: Path, symbol: str) -> None:
    candles = CandleFiles(tmp_path / "home")
    async with supplied([Venue(symbols=[symbol], page=100)], clock, Paced(clock), candles) as (supply, _):
        try:
            assert await supply.fetch(InstrumentId("venue", symbol), HOURLY, DAY, told) == 24
        except DataError:
            assert len(symbol) > 240
    assert [path.name for path in tmp_path.iterdir()] in ([], ["home"])


class DyingError(Exception):
    """The process is gone between bars and the word that they were asked for."""


class Dying(CandleFiles):
    """Dies once, just before it marks."""

    dead = False

    def mark_asked(self, instrument: str, timeframe: str, span: Span) -> None:
        if not self.dead:
            self.dead = True
            raise DyingError
        super().mark_asked(instrument, timeframe, span)


async def test_a_kill_between_bars_and_their_mark_costs_no_bar_twice(clock: TestClock, told: Told, tmp_path: Path) -> None:
    venue = Venue(page=6)
    for candles in (Dying(tmp_path), CandleFiles(tmp_path)):
        async with supplied([venue], clock, Paced(clock), candles) as (supply, _):
            try:
                assert await supply.fetch(BTC, HOURLY, DAY, told) == 18
            except DyingError:
                continue
    assert len(venue.asked) == 4
    assert len(CandleFiles(tmp_path).read(str(BTC), "1h") or ()) == 24


async def test_a_fetch_is_a_job_that_stops_where_it_waits(clock: TestClock, shelf: Shelf) -> None:
    venue = Venue(page=6, trouble=raising(None, None, RateLimitedError("venue", "banned", 1e9)))
    stuck = asyncio.Event()

    async def pause(seconds: float) -> None:
        stuck.set()
        await asyncio.Event().wait()

    async with supplied([venue], clock, pause, shelf) as (supply, instruments):
        workers = Workers(1)
        jobs = Jobs(clock, Hub(), workers)
        fetches = Fetches(jobs, supply, instruments, Sources({"venue": Offer("exchange", lambda: venue)}))
        job = fetches.fetch("ada", BTC, HOURLY, DAY)
        await stuck.wait()
        running = jobs.get("ada", job.id)
        assert running is not None
        assert (running.state, running.kind, running.fraction) == (State.RUNNING, "fetch", 0.25)
        assert jobs.stop("ada", job.id)
        await jobs.wait(job.id)
        stopped = jobs.get("ada", job.id)
        assert stopped is not None
        assert stopped.state is State.STOPPED
        failing = fetches.fetch("ada", InstrumentId("venue", "NONE"), HOURLY, DAY)
        await jobs.close()
        workers.close()
    assert failing.kind == "fetch"


async def test_what_a_venue_refuses_is_told_by_its_job_and_takes_no_turn_from_what_computes(clock: TestClock, shelf: Shelf) -> None:
    venue = Venue()
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, instruments):
        workers = Workers(1)
        jobs = Jobs(clock, Hub(), workers, at_once=1)
        fetches = Fetches(jobs, supply, instruments, Sources({"venue": Offer("exchange", lambda: venue)}))
        blocked = asyncio.Event()

        async def compute(job: object) -> str:
            await blocked.wait()
            return "computed"

        computing = jobs.start("backtest", "ada", compute)
        job = fetches.fetch("ada", InstrumentId("venue", "NONE/USDT"), HOURLY, DAY)
        await jobs.wait(job.id)
        failed = jobs.get("ada", job.id)
        assert failed is not None
        assert [(problem.path, problem.code) for problem in failed.problems] == [("instrument", "unknown_instrument")]
        blocked.set()
        await jobs.wait(computing.id)
        await jobs.close()
        workers.close()


async def test_a_listing_that_is_known_saves_the_question(clock: TestClock, shelf: Shelf, told: Told) -> None:
    venue, lists = Venue(trouble=raising()), Lists()
    lists.write("venue", venue.listed, clock.at)
    venue.listed = []
    async with supplied([venue], clock, Paced(clock), shelf, lists) as (supply, _):
        assert isinstance(supply, Supply)
        assert await supply.fetch(BTC, HOURLY, DAY, told) == 24


async def test_what_a_venue_whose_clock_is_behind_has_not_closed_is_asked_for_again(tmp_path: Path) -> None:
    class Behind(Venue):
        async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
            async for page in super().history(instrument, timeframe, Span(span.start, span.end - HOUR)):
                yield page

    clock, candles = TestClock(), CandleFiles(tmp_path)
    day = Span(clock.now() - 24 * HOUR, clock.now())
    for venue, new in ((Behind(), 23), (Venue(), 1)):
        async with supplied([venue], clock, Paced(clock), candles) as (supply, _):
            assert await supply.fetch(BTC, HOURLY, day, Told()) == new
