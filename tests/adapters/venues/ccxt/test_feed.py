"""Live bars by socket against the stand-in: each close exactly once and in order, whatever happens to the connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from tests.adapters.venues.ccxt.conftest import source_of
from tests.adapters.venues.standin.faults import Answer
from tests.adapters.venues.standin.server import Standin
from tests.adapters.venues.standin.shapes_binance import kline_row

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.core.domain.timeframe import Timeframe
from assay.runtime.records import Link, LiveBar

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOON = 5.0
"""Seconds of the real world after which something that was to come has not come."""


@dataclass
class Heard:
    """Everything that a feed told, taken as it comes."""

    events: list[LiveBar | Link] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, following: AsyncGenerator[LiveBar | Link]) -> None:
        async for event in following:
            async with self.changed:
                self.events.append(event)
                self.changed.notify_all()

    async def until(self, closes: int) -> None:
        async with asyncio.timeout(SOON), self.changed:
            await self.changed.wait_for(lambda: len(self.closes) >= closes)

    async def forming(self, after: int = 0) -> None:
        """Until a bar was told that is forming."""
        async with asyncio.timeout(SOON), self.changed:
            await self.changed.wait_for(lambda: any(isinstance(event, LiveBar) and not event.closed for event in self.events[after:]))

    async def state(self, state: str, after: int = 0) -> None:
        """Until the link was in that state, not counting its first `after` states."""
        async with asyncio.timeout(SOON), self.changed:
            await self.changed.wait_for(lambda: state in self.states[after:])

    @property
    def closes(self) -> list[LiveBar]:
        return [event for event in self.events if isinstance(event, LiveBar) and event.closed]

    @property
    def links(self) -> list[Link]:
        return [event for event in self.events if isinstance(event, Link)]

    @property
    def states(self) -> list[str]:
        """Each change once."""
        states = [link.state for link in self.links]
        return [state for place, state in enumerate(states) if place == 0 or states[place - 1] != state]


class Following:
    """A source that is followed on one instrument while the block lasts."""

    def __init__(self, venue: Standin, source: CcxtSource, symbol: str = "BTC/USDT", timeframe: str = "1m") -> None:
        self._venue, self._source, self._symbol, self._timeframe = venue, source, symbol, timeframe

    async def __aenter__(self) -> Heard:
        heard = Heard()
        instrument = await self._source.find(self._symbol)
        self._task = asyncio.ensure_future(heard.take(self._source.follow(instrument, self._timeframe)))
        async with asyncio.timeout(SOON):
            await self._venue.subscribed()
        return heard

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def assert_closes(venue: Standin, heard: Heard, first: datetime, count: int, *, symbol: str = "BTCUSDT", spot: bool = True) -> None:
    """Exactly the ledger's bars from `first` on, each once, in order."""
    asset = venue.ledger.asset(symbol, spot=spot)
    assert asset is not None
    kept = list(venue.ledger.bars(asset, Timeframe("1m"), first, first + timedelta(minutes=count), venue.world.venue_now()))
    told = [(tick.opened_at, tick.open, tick.high, tick.low, tick.close, tick.volume) for tick in heard.closes]
    assert told == [(bar.opened_at, *map(float, (bar.open, bar.high, bar.low, bar.close, bar.volume))) for bar in kept]
    assert len(told) == count


@pytest.mark.parametrize(("symbol", "spot"), [("BTC/USDT", True), ("BTC/USDT:USDT", False)])
async def test_each_close_is_told_once_and_in_order(source: CcxtSource, venue: Standin, symbol: str, spot: bool) -> None:
    async with Following(venue, source, symbol) as heard:
        for _ in range(20):
            await venue.trade(20)
        await heard.until(6)
    assert_closes(venue, heard, NOON, 6, spot=spot)
    assert heard.states == ["connecting", "connected"]


async def test_the_forming_bar_is_told_as_it_changes(source: CcxtSource, venue: Standin) -> None:
    async with Following(venue, source) as heard:
        volumes = []
        for _ in range(3):
            before = len(heard.events)
            await venue.trade(15)
            await heard.forming(before)
            volumes += [event.volume for event in heard.events[before:] if isinstance(event, LiveBar)]
    assert volumes == sorted(volumes)
    assert len(set(volumes)) == 3
    assert heard.closes == []


async def test_two_instruments_share_a_socket_and_keep_apart(source: CcxtSource, venue: Standin) -> None:
    async with Following(venue, source) as bitcoin, Following(venue, source, "ETH/USDT") as ether:
        await venue.subscribed(2)
        for _ in range(4):
            await venue.trade(30)
        await bitcoin.until(2)
        await ether.until(2)
    assert len(venue.dials) == 1
    assert_closes(venue, bitcoin, NOON, 2)
    assert_closes(venue, ether, NOON, 2, symbol="ETHUSDT")


async def test_the_lag_is_what_the_message_was_under_way_by_the_venues_clock(source: CcxtSource, venue: Standin) -> None:
    """Ours is an hour behind, and the lag is not an hour."""
    venue.world.venue_ahead = timedelta(hours=1)
    async with Following(venue, source) as heard:
        await venue.trade(10)
        await heard.state("connected")
    assert heard.links[-1].lag_seconds == pytest.approx(0.0, abs=0.001)
    assert heard.links[-1].last_message_at == venue.world.now()


async def test_lost_closes_are_fetched_before_anything_newer_is_told(source: CcxtSource, venue: Standin) -> None:
    async with Following(venue, source) as heard:
        await venue.trade(30)
        await heard.forming()
        venue.faults.lose = 7
        for _ in range(6):
            await venue.trade(60)
        await heard.until(5)
        await venue.trade(60)
        await heard.until(7)
    assert_closes(venue, heard, NOON, 7)
    assert heard.states == ["connecting", "connected"]


async def test_doubled_and_late_messages_change_nothing(source: CcxtSource, venue: Standin) -> None:
    async with Following(venue, source) as heard:
        venue.faults.double = True
        await venue.trade(30)
        for _ in range(4):
            await venue.trade(60)
            await venue.repeat()
        await heard.until(4)
    assert_closes(venue, heard, NOON, 4)


@pytest.mark.parametrize("how", ["cut", "hang_up"])
async def test_after_a_break_the_missed_closes_come_first(source: CcxtSource, venue: Standin, how: str) -> None:
    async with Following(venue, source) as heard:
        await venue.trade(90)
        await heard.until(1)
        await (venue.cut() if how == "cut" else venue.hang_up())
        await venue.unsubscribed()
        venue.world.pass_(1800.0)
        await venue.subscribed()
        await venue.trade(30)
        await venue.trade(60)
        await heard.until(33)
    assert_closes(venue, heard, NOON, 33)
    assert heard.states == ["connecting", "connected", "disconnected", "connecting", "connected"]
    assert heard.links[-1].reconnects == 1


async def test_a_socket_that_lives_and_says_nothing_is_noticed_and_its_closes_are_fetched(venue: Standin) -> None:
    source = source_of(venue, "binance", silence=0.3)
    async with Following(venue, source) as heard:
        await venue.trade(90)
        await heard.until(1)
        venue.faults.silent = True
        await venue.trade(120)
        await heard.until(3)
        assert "disconnected" in heard.states
        await venue.trade(60)
        await heard.until(4)
    assert_closes(venue, heard, NOON, 4)
    assert "nothing was heard for 0.3 seconds" in [link.problem for link in heard.links]
    assert len(venue.dials) >= 2
    await source.close()


async def test_a_quiet_market_is_not_a_dead_socket(venue: Standin) -> None:
    source = source_of(venue, "binance", silence=0.1)
    async with Following(venue, source) as heard:
        await venue.trade(30)
        await heard.forming()
        await asyncio.sleep(0.5)
    assert heard.states == ["connecting", "connected"]
    assert sum("klines" in path for path, _ in venue.requests) >= 2
    await source.close()


@pytest.mark.parametrize("garbage", ["{", "hello", '{"e":"kline","E":1,"k":{}}', '{"e":"kline"}', "[]", "7"])
async def test_what_cannot_be_read_ends_the_connection_and_loses_nothing(venue: Standin, garbage: str) -> None:
    source = source_of(venue, "binance", silence=0.3)
    async with Following(venue, source) as heard:
        await venue.trade(90)
        await heard.until(1)
        venue.faults.garbage = [garbage, garbage]
        await venue.trade(60)
        await asyncio.sleep(0.5)
        await venue.subscribed()
        await venue.trade(60)
        await heard.until(3)
    assert_closes(venue, heard, NOON, 3)
    await source.close()


async def test_a_dial_that_is_refused_for_asking_too_often_is_not_repeated_before_its_time(binance: CcxtSource, venue: Standin) -> None:
    await binance.find("BTC/USDT")
    venue.faults.refuse_sockets = Answer(429, "", {"Retry-After": "30"})
    heard = Heard()
    task = asyncio.ensure_future(heard.take(binance.follow(await binance.find("BTC/USDT"), "1m")))
    await heard.state("disconnected")
    venue.faults.refuse_sockets = None
    await venue.subscribed()
    first, second = venue.dials
    assert second - first >= timedelta(seconds=30)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_venue_that_refuses_to_be_dialled_is_dialled_ever_less_often(binance: CcxtSource, venue: Standin) -> None:
    venue.faults.refuse_sockets = Answer(503)
    heard = Heard()
    task = asyncio.ensure_future(heard.take(binance.follow(await binance.find("BTC/USDT"), "1m")))
    async with asyncio.timeout(SOON):
        while len(venue.world.slept) < 9:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert venue.world.slept[:9] == [0.75, 1.5, 3.0, 6.0, 12.0, 24.0, 45.0, 45.0, 45.0]
    assert len(venue.dials) <= len(venue.world.slept) + 1


async def test_what_a_venue_does_not_reach_back_to_does_not_hold_up_what_is_new(binance: CcxtSource, venue: Standin) -> None:
    async with Following(venue, binance) as heard:
        await venue.trade(90)
        await heard.until(1)
        venue.faults.lose = 1
        await venue.trade(60)
        asset = venue.ledger.asset("BTCUSDT", spot=True)
        assert asset is not None
        newest = list(
            venue.ledger.bars(asset, Timeframe("1m"), NOON + timedelta(minutes=9), NOON + timedelta(minutes=10), NOON + timedelta(days=1))
        )
        venue.faults.at("klines", Answer(body=json.dumps([kline_row(bar) for bar in newest])), times=4)
        await venue.trade(60)
        await venue.trade(60)
        await heard.until(3)
    assert [tick.opened_at for tick in heard.closes[:2]] == [NOON, NOON + timedelta(minutes=2)]


async def test_a_feed_ends_when_its_source_is_closed(source: CcxtSource, venue: Standin) -> None:
    heard = Heard()
    instrument = await source.find("BTC/USDT")
    task = asyncio.ensure_future(heard.take(source.follow(instrument, "1m")))
    await venue.subscribed()
    await source.close()
    async with asyncio.timeout(SOON):
        await task


async def test_a_stream_ends_with_its_last_reader_and_can_be_followed_again(source: CcxtSource, venue: Standin) -> None:
    async with Following(venue, source) as first:
        async with Following(venue, source) as second:
            await venue.trade(60)
            await second.until(1)
        await venue.trade(60)
        await first.until(2)
    async with asyncio.timeout(SOON):
        await venue.unsubscribed()
    async with Following(venue, source) as third:
        await venue.trade(60)
        await third.until(1)
    assert len(venue.dials) == 1
    assert_closes(venue, third, NOON + timedelta(minutes=2), 1)
