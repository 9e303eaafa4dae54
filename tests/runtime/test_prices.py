"""Whoever watches hears the newest price; however many watch, the venue is asked once; and whoever waits in vain is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import numpy as np
import pytest
from tests.runtime.live import AT, COIN, Standing, Tape, link, tick, until

from assay.core.domain.errors import RefusedError, UnknownInstrumentError, UnreachableError
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns
from assay.runtime.last_prices import LastPrices
from assay.runtime.prices import LINKS, Prices, together
from assay.runtime.sources import Offer, Sources

pytestmark = pytest.mark.anyio
HOUR_NS = 3_600_000_000_000


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def tape() -> Tape:
    return Tape()


def hours(*closes: float) -> Bars:
    """Hours that end now."""
    ts = to_ns(AT) - HOUR_NS * np.arange(len(closes), 0, -1, dtype=np.int64)
    close = np.array(closes)
    return Bars(COIN, Timeframe("1h"), ts, close, close, close, close, close)


async def past(instrument: str, timeframe: str, span: Span) -> Bars | None:
    assert (instrument, timeframe, span.length) == (COIN, "1h", timedelta(days=2))
    return hours(*[100.0] * 24, *range(101, 125))


async def unreachable(instrument: str, timeframe: str, span: Span) -> Bars | None:
    raise UnreachableError("tape", "nobody answers")


class Doors:
    """A pause that lasts until somebody opens the door."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Event] = []

    async def pause(self, seconds: float) -> None:
        self.waiting.append(asyncio.Event())
        await self.waiting[-1].wait()


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
async def prices(tape: Tape, doors: Doors) -> AsyncIterator[Prices]:
    prices = Prices(Sources({"tape": Offer("data", lambda: tape)}), LastPrices(past, Standing()), Standing(), doors.pause)
    yield prices
    await prices.close()


async def test_a_price_comes_with_its_change_over_a_day(prices: Prices, tape: Tape) -> None:
    async with prices.watching(COIN, "1m") as watch:
        tape.says.put_nowait(tick(150.0))
        assert (await watch.next()).value.change == 0.5


async def test_without_the_hours_prices_come_without_a_change(tape: Tape) -> None:
    prices = Prices(Sources({"tape": Offer("data", lambda: tape)}), LastPrices(unreachable, Standing()), Standing())
    async with prices.watching(COIN, "1m") as watch:
        tape.says.put_nowait(tick(150.0))
        post = await watch.next()
        assert (post.value.bar.close, post.value.change) == (150.0, None)
    await prices.close()


async def test_who_is_slow_hears_the_newest_and_nothing_else(prices: Prices, tape: Tape) -> None:
    async with prices.watching(COIN, "1m") as watch:
        for close in (1.0, 2.0, 3.0):
            tape.says.put_nowait(tick(close))
        await until(tape.says.empty)
        await asyncio.sleep(0)
        post = await watch.next()
        assert (post.value.bar.close, post.seq) == (3.0, 3)


async def test_however_many_watch_the_venue_is_followed_once(prices: Prices, tape: Tape) -> None:
    async with prices.watching(COIN, "1m") as first, prices.watching(COIN, "1m") as second:
        tape.says.put_nowait(tick(7.0))
        assert (await first.next()) is (await second.next())
        async with prices.watching(COIN, "1m") as third:
            assert third.newest is not None
            assert third.newest.value.bar.close == 7.0
    assert tape.followed == ["1m"]


async def test_a_stream_outlives_its_last_watcher_for_a_while_and_no_longer(prices: Prices, tape: Tape, doors: Doors) -> None:
    async with prices.watching(COIN, "1m"):
        await until(lambda: tape.followed == ["1m"])
    await until(lambda: len(doors.waiting) == 1)
    async with prices.watching(COIN, "1m"):
        assert tape.left == 0
    await until(lambda: len(doors.waiting) == 2)
    doors.waiting[1].set()
    await until(lambda: tape.left == 1)
    assert prices.all_links() == ()


async def test_a_stream_that_ends_says_why_and_the_next_who_comes_begins_anew(prices: Prices, tape: Tape) -> None:
    async with prices.watching(COIN, "1m") as watch:
        tape.says.put_nowait(link())
        tape.says.put_nowait(RefusedError("tape", "not from there"))
        with pytest.raises(RefusedError, match="not from there"):
            await watch.next()
        assert [(each.state, each.problem) for each in prices.all_links()] == [("disconnected", "not from there")]
        async with prices.watching(COIN, "1m") as again:
            tape.says.put_nowait(tick(5.0))
            assert (await again.next()).value.bar.close == 5.0


async def test_our_own_mistake_keeps_nobody_waiting(prices: Prices, tape: Tape) -> None:
    async with prices.watching(COIN, "1m") as watch:
        tape.says.put_nowait(ZeroDivisionError("ours"))
        with pytest.raises(RefusedError, match="inside Assay") as refused:
            await watch.next()
        assert "ours" not in str(refused.value)


@pytest.mark.parametrize(("instrument", "error"), [("nowhere:COIN", UnknownInstrumentError), ("mute:COIN", RefusedError)])
async def test_where_nothing_streams_nobody_waits(instrument: str, error: type[Exception]) -> None:
    prices = Prices(Sources({"mute": Offer("data", lambda: Tape(streams=False))}), LastPrices(past, Standing()), Standing())
    with pytest.raises(error):
        async with prices.watching(instrument, "1m"):
            raise AssertionError("there is nothing to watch")


async def test_an_instrument_that_the_venue_does_not_list_is_told(prices: Prices) -> None:
    async with prices.watching("tape:NONE", "1m") as watch:
        with pytest.raises(UnknownInstrumentError):
            await watch.next()


async def test_connections_are_told_when_they_change(prices: Prices, tape: Tape) -> None:
    heard = prices.links.subscribe(LINKS)
    async with prices.watching(COIN, "1m"):
        tape.says.put_nowait(link("connecting"))
        post = await heard.next()
        assert post is not None
        assert [each.state for each in post.value] == ["connecting"]
    heard.close()


def test_connections_of_a_venue_are_as_bad_as_the_worst_and_as_fresh_as_the_freshest() -> None:
    late, early = AT, AT - timedelta(seconds=9)
    both = together(
        [
            link("connected", last_message_at=late, lag_seconds=0.2, reconnects=1),
            link("disconnected", last_message_at=early, lag_seconds=9.0, reconnects=2, problem="gone"),
        ]
    )
    assert (both.state, both.problem, both.last_message_at, both.lag_seconds, both.reconnects) == ("disconnected", "gone", late, 0.2, 3)


async def test_a_quote_is_live_where_somebody_watches_and_says_its_age_where_nobody_does(prices: Prices, tape: Tape) -> None:
    still = await prices.last_price(COIN)
    assert (still.last, still.at, still.live, len(still.sketch)) == (124.0, AT, False, 48)
    assert still.change == pytest.approx(0.24)
    async with prices.watching(COIN, "1m") as watch:
        tape.says.put_nowait(tick(150.0))
        await watch.next()
        live = await prices.last_price(COIN)
        assert (live.last, live.at, live.live, live.sketch[-1]) == (150.0, AT + timedelta(seconds=30), True, 150.0)


async def test_an_instrument_without_bars_has_a_quote_that_says_nothing() -> None:
    async def nothing(instrument: str, timeframe: str, span: Span) -> Bars | None:
        return None

    last_price = await LastPrices(nothing, Standing()).last_price(COIN, None)
    assert (last_price.last, last_price.at, last_price.change, last_price.sketch) == (None, None, None, ())


async def test_hours_are_asked_for_again_after_a_while() -> None:
    clock, asked = Standing(), []

    async def counting(instrument: str, timeframe: str, span: Span) -> Bars | None:
        asked.append(span.end)
        return hours(1.0)

    last_prices = LastPrices(counting, clock)
    for minutes in (0, 5, 11, 12):
        clock.at = AT + timedelta(minutes=minutes)
        await last_prices.last_price(COIN, None)
    assert asked == [AT, AT + timedelta(minutes=11)]
