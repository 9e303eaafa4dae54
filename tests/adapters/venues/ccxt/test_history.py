"""History by REST against the stand-in: page by page, exactly its ledger, and never a bar that is still forming."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.adapters.venues.standin.faults import Answer
from tests.adapters.venues.standin.ledger import LISTED_AT, Bar
from tests.adapters.venues.standin.server import Standin
from tests.adapters.venues.standin.shapes_binance import kline_row

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.core.domain.errors import EmptyAnswerError, UnknownInstrumentError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span, union
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def fetched(source: CcxtSource, instrument: Instrument, timeframe: str, span: Span) -> list[tuple[Bars, Span]]:
    return [page async for page in source.history(instrument, timeframe, span)]


def rows(pages: list[tuple[Bars, Span]]) -> list[tuple[float, ...]]:
    return [
        row
        for bars, _ in pages
        for row in zip(*(column.tolist() for column in (bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume)), strict=True)
    ]


def as_rows(bars: list[Bar]) -> list[tuple[float, ...]]:
    return [(to_ns(bar.opened_at), *map(float, (bar.open, bar.high, bar.low, bar.close, bar.volume))) for bar in bars]


def kept(venue: Standin, instrument: Instrument, timeframe: str, span: Span) -> list[Bar]:
    """What the ledger has, closed by now."""
    asset = venue.ledger.asset(instrument.venue_symbol, spot=instrument.kind == "spot")
    assert asset is not None
    now = venue.world.venue_now()
    return [bar for bar in venue.ledger.bars(asset, Timeframe(timeframe), span.start, span.end, now) if bar.closed_at <= now]


@pytest.mark.parametrize("symbol", ["BTC/USDT", "BTC/USDT:USDT"])
async def test_pages_are_the_ledger_from_old_to_new(source: CcxtSource, venue: Standin, symbol: str) -> None:
    instrument = await source.find(symbol)
    span = Span(NOON - timedelta(minutes=2500), NOON - timedelta(minutes=7))
    pages = await fetched(source, instrument, "1m", span)
    assert rows(pages) == as_rows(kept(venue, instrument, "1m", span))
    assert len(pages) >= 3
    assert [answered for _, answered in pages] == sorted(answered for _, answered in pages)
    assert union(answered for _, answered in pages) == (span,)


@pytest.mark.parametrize("timeframe", ["5m", "1h", "4h", "1d", "1w"])
async def test_every_timeframe_is_the_ledgers(source: CcxtSource, venue: Standin, timeframe: str) -> None:
    instrument = await source.find("ETH/USDT")
    span = Span(NOON - timedelta(days=10), NOON)
    pages = await fetched(source, instrument, timeframe, span)
    assert rows(pages) == as_rows(kept(venue, instrument, timeframe, span))


async def test_the_bar_that_is_forming_is_never_given_nor_answered_for(source: CcxtSource, venue: Standin) -> None:
    instrument = await source.find("BTC/USDT")
    venue.world.pass_(90.0)
    ((bars, answered),) = await fetched(source, instrument, "1m", Span(NOON - timedelta(minutes=3), NOON + timedelta(hours=1)))
    assert bars.ts.tolist() == [to_ns(NOON + timedelta(minutes=minute)) for minute in (-3, -2, -1, 0)]
    assert answered == Span(NOON - timedelta(minutes=3), NOON + timedelta(minutes=1))


async def test_whether_a_bar_has_closed_is_told_by_the_venues_clock(source: CcxtSource, venue: Standin) -> None:
    """Ours is forty seconds ahead, and believes that the bar of 12:00 is over."""
    venue.world.venue_ahead = timedelta(seconds=-40)
    venue.world.pass_(70.0)
    instrument = await source.find("BTC/USDT")
    ((bars, answered),) = await fetched(source, instrument, "1m", Span(NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)))
    assert bars.ts.tolist() == [to_ns(NOON - timedelta(minutes=1))]
    assert answered.end == NOON


async def test_nothing_is_answered_for_the_future(source: CcxtSource) -> None:
    instrument = await source.find("BTC/USDT")
    assert await fetched(source, instrument, "1m", Span(NOON + timedelta(hours=1), NOON + timedelta(hours=2))) == []


async def test_years_before_a_listing_take_a_few_requests(source: CcxtSource, venue: Standin) -> None:
    instrument = await source.find("BTC/USDT")
    span = Span(datetime(2020, 1, 1, tzinfo=UTC), LISTED_AT + timedelta(minutes=5))
    venue.requests.clear()
    pages = await fetched(source, instrument, "1m", span)
    assert rows(pages) == as_rows(kept(venue, instrument, "1m", span))
    assert union(answered for _, answered in pages) == (span,)
    assert len(venue.requests) < 20


async def test_a_halt_is_answered_for_with_nothing_in_it(source: CcxtSource, venue: Standin) -> None:
    instrument = await source.find("ETH/USDT")
    halted = Span(datetime(2026, 3, 1, 3, 30, tzinfo=UTC), datetime(2026, 3, 1, 5, 0, tzinfo=UTC))
    pages = await fetched(source, instrument, "1m", halted)
    assert rows(pages) == []
    assert union(answered for _, answered in pages) == (halted,)


async def test_an_empty_answer_for_a_day_with_trades_is_an_error(binance: CcxtSource, venue: Standin) -> None:
    instrument = await binance.find("BTC/USDT")
    venue.faults.at("klines", Answer(body="[]"))
    with pytest.raises(EmptyAnswerError, match="2026-02-28, a day with trades"):
        await fetched(binance, instrument, "15m", Span(NOON - timedelta(days=3), NOON))


async def test_a_venue_that_does_not_reach_back_that_far_says_so(binance: CcxtSource, venue: Standin) -> None:
    """It gives its newest bars whatever it is asked, as some do."""
    instrument = await binance.find("BTC/USDT")
    asset = venue.ledger.asset("BTCUSDT", spot=True)
    assert asset is not None
    newest = venue.ledger.bars(asset, Timeframe("1m"), NOON - timedelta(minutes=3), NOON, NOON)
    venue.faults.at("klines", Answer(body=json.dumps([kline_row(bar) for bar in newest])))
    with pytest.raises(EmptyAnswerError, match="no bars of 1m before 2026-03-02 11:57"):
        await fetched(binance, instrument, "1m", Span(NOON - timedelta(days=2), NOON - timedelta(days=1)))


async def test_a_timeframe_that_it_does_not_have_is_unknown(bybit: CcxtSource) -> None:
    instrument = await bybit.find("BTC/USDT")
    with pytest.raises(UnknownInstrumentError, match="no bars of 8h"):
        await fetched(bybit, instrument, "8h", Span(NOON - timedelta(days=1), NOON))
