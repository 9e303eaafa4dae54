"""The venue `synthetic` tells live what its history says later, and answers for the bundled sample too."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.adapters.venues.moving import AT, Moving, first, pages

from assay.adapters.files.sample import sample
from assay.adapters.venues.synthetic.source import SyntheticSource
from assay.core.domain.errors import RefusedError, UnknownInstrumentError
from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns
from assay.runtime.records import Link, LiveBar

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def moving() -> Moving:
    return Moving()


@pytest.fixture
def source(moving: Moving) -> SyntheticSource:
    return SyntheticSource(moving, moving.pause)


def rows(bars: Bars) -> list[tuple[float, ...]]:
    return list(zip(*(column.tolist() for column in (bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume)), strict=True))


def row(tick: LiveBar) -> tuple[float, ...]:
    return (to_ns(tick.opened_at), tick.open, tick.high, tick.low, tick.close, tick.volume)


@pytest.mark.parametrize("symbol", ["WALK/USD", "GAPS/USD"])
@pytest.mark.parametrize("timeframe", ["1m", "5m"])
async def test_what_was_told_live_is_what_history_says_later(source: SyntheticSource, moving: Moving, symbol: str, timeframe: str) -> None:
    moving.at = AT + timedelta(seconds=37)
    instrument = await source.find(symbol)
    link, *told = await first(800, source.follow(instrument, timeframe))
    assert isinstance(link, Link)
    assert link.state == "connected"
    ticks = [tick for tick in told if isinstance(tick, LiveBar)]
    closed = [row(tick) for tick in ticks if tick.closed]
    span = Span(AT, moving.at)
    (page, _), *_ = await pages(source, instrument, timeframe, span)
    assert closed == rows(page)[: len(closed)]
    assert len(closed) >= 3
    known = {bar[0]: bar for bar in closed}
    for tick in ticks:
        if (bar := known.get(to_ns(tick.opened_at))) is not None:
            assert tick.open == bar[1]
            assert bar[3] <= tick.low <= tick.close <= tick.high <= bar[2]
            assert tick.volume <= bar[5]


async def test_a_clock_that_slept_is_told_all_that_closed_meanwhile(source: SyntheticSource, moving: Moving) -> None:
    following = source.follow(await source.find("JUMPS/USD"), "1m")
    await anext(following)
    await anext(following)
    moving.at += timedelta(minutes=10)
    closed = [tick for tick in [await anext(following) for _ in range(10)] if isinstance(tick, LiveBar) and tick.closed]
    await following.aclose()
    assert [tick.opened_at for tick in closed] == [AT + timedelta(minutes=minute) for minute in range(10)]


async def test_long_histories_come_in_pages(source: SyntheticSource) -> None:
    found = await pages(source, await source.find("TREND/USD"), "1d", Span(AT - timedelta(days=3 * 366 - 1), AT))
    assert [len(bars) for bars, _ in found] == [366, 366, 364], "the day that is forming is not in one"


async def test_the_bar_that_forms_is_never_in_history(source: SyntheticSource) -> None:
    ((page, _),) = await pages(source, await source.find("WALK/USD"), "1h", Span(AT - timedelta(hours=3), AT + timedelta(hours=3)))
    assert page.ts.tolist() == [to_ns(AT.replace(hour=hour, minute=0)) for hour in (13, 14)]


async def test_the_bundled_sample_is_answered_for_with_its_own_bars(source: SyntheticSource) -> None:
    bundled = sample("BTC/USDT")
    instrument = await source.find("BTC/USDT")
    assert not instrument.active
    ((hours, _),) = await pages(source, instrument, "1h", Span(datetime(2020, 1, 1, tzinfo=AT.tzinfo), AT))
    assert rows(hours) == rows(bundled)
    ((days, _),) = await pages(source, instrument, "1d", Span(datetime(2023, 1, 1, tzinfo=AT.tzinfo), AT))
    assert np.isclose(days.volume.sum(), bundled.volume.sum())
    ((after, _),) = await pages(source, instrument, "1h", Span(AT - timedelta(days=1), AT))
    assert len(after) == 0


async def test_the_bundled_sample_says_what_it_cannot_give(source: SyntheticSource) -> None:
    instrument = await source.find("SHARE")
    with pytest.raises(UnknownInstrumentError, match="bundled in bars of 1d"):
        await pages(source, instrument, "1h", Span(AT - timedelta(days=1), AT))
    with pytest.raises(RefusedError, match="has ended; WALK/USD"):
        await anext(source.follow(instrument, "1d"))


async def test_all_that_is_listed_is_found(source: SyntheticSource) -> None:
    listed = await source.instruments()
    assert [await source.find(instrument.id.symbol) for instrument in listed] == list(listed)
    assert len({instrument.id for instrument in listed}) == len(listed)
    with pytest.raises(UnknownInstrumentError, match="there is no NOPE"):
        await source.find("NOPE")
