"""What goes wrong with a request is one of our errors, by name, and nothing is sent while a venue wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.adapters.venues.ccxt.conftest import source_of
from tests.adapters.venues.standin.faults import Answer
from tests.adapters.venues.standin.server import Standin

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.core.domain.errors import (
    ClockSkewError,
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.ranges import Span

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = Span(NOON - timedelta(hours=1), NOON)
SKEWED = Answer(400, '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}')
SKEWED_BYBIT = Answer(200, '{"retCode":10002,"retMsg":"invalid request, please check your server timestamp","result":{},"time":1}')
KLINES = {"binance": "klines", "bybit": "kline"}


async def hour(source: CcxtSource) -> int:
    """How many bars the last hour has."""
    instrument = await source.find("BTC/USDT")
    return sum([len(bars) async for bars, _ in source.history(instrument, "1m", HOUR)])


@pytest.mark.parametrize(
    ("name", "answer", "seconds", "banned"),
    [
        ("binance", Answer(429, '{"code":-1003,"msg":"Too many requests."}', {"Retry-After": "7"}), 7.0, False),
        ("binance", Answer(418, '{"code":-1003,"msg":"Way too much request weight used; IP banned until 1772453100000."}'), 300.0, True),
        ("binance", Answer(418, "", {"Retry-After": "120"}), 120.0, True),
        ("binance", Answer(429, "slow down", {"Retry-After": "soon"}), 60.0, False),
        ("bybit", Answer(403, "access too frequent", content_type="text/plain"), 600.0, True),
        (
            "bybit",
            Answer(200, '{"retCode":10006,"retMsg":"Too many visits!"}', {"X-Bapi-Limit-Reset-Timestamp": "1772452805000"}),
            5.0,
            False,
        ),
        ("bybit", Answer(200, '{"retCode": 10018, "retMsg": "Out of frequency limit of IP"}'), 60.0, False),
    ],
)
async def test_nothing_is_sent_until_the_venue_wants_to_hear_again(
    venue: Standin, name: str, answer: Answer, seconds: float, banned: bool
) -> None:
    source = source_of(venue, name)
    await source.find("BTC/USDT")
    venue.faults.at(KLINES[name], answer)
    with pytest.raises(RateLimitedError) as limited:
        await hour(source)
    assert (limited.value.seconds, limited.value.banned) == (seconds, banned)
    venue.requests.clear()
    for waited in (0.0, seconds / 2, seconds / 2 - 0.25):
        venue.world.pass_(waited)
        with pytest.raises(RateLimitedError) as still:
            await hour(source)
        assert 0 < still.value.seconds <= seconds
    assert venue.requests == []
    venue.world.pass_(0.25)
    assert await hour(source) == 60
    await source.close()


async def test_a_ban_holds_for_every_call_and_every_socket(binance: CcxtSource, venue: Standin) -> None:
    instrument = await binance.find("BTC/USDT")
    venue.faults.at("klines", Answer(418, "", {"Retry-After": "120"}))
    with pytest.raises(RateLimitedError):
        await hour(binance)
    venue.requests.clear()
    with pytest.raises(RateLimitedError):
        await binance.instruments()
    following = binance.follow(instrument, "1m")
    assert [await anext(following), await anext(following)][1].problem == "banned for asking too often"  # type: ignore[union-attr]
    assert venue.requests == []
    assert venue.dials == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(500, "Internal Server Error"), UnreachableError),
        (Answer(502, "<html><body>Bad Gateway</body></html>", content_type="text/html"), UnreachableError),
        (Answer(503, '{"code":-1000,"msg":"Service Unavailable."}'), UnreachableError),
        (Answer(cut=True), UnreachableError),
        (Answer(403, "<html>Forbidden</html>", content_type="text/html"), RefusedError),
        (Answer(451, '{"code":0,"msg":"Service unavailable from a restricted location."}'), RefusedError),
        (Answer(400, '{"code":-1100,"msg":"Illegal characters found in a parameter."}'), RefusedError),
        (Answer(400, '{"code":-1121,"msg":"Invalid symbol."}'), UnknownInstrumentError),
        (SKEWED, ClockSkewError),
        (Answer(200, '[[1772449200000, "1', content_type="application/json"), MalformedAnswerError),
        (Answer(200, "<html>hello</html>", content_type="text/html"), MalformedAnswerError),
        (Answer(200, ""), MalformedAnswerError),
        (Answer(200, "17"), MalformedAnswerError),
        (Answer(200, '{"symbols": 5, "timezone": "UTC"}'), MalformedAnswerError),
        (Answer(200, '[{"open": 1}]'), MalformedAnswerError),
        (Answer(200, '[["now", "1", "2", "1", "1", "5"]]'), MalformedAnswerError),
        (Answer(200, '[[1772449200000, "1", "2"]]'), MalformedAnswerError),
        (Answer(200, '[[1772449200000, "0", "2", "0", "1", "5", 1772449259999]]'), MalformedAnswerError),
        (Answer(200, '[[1772449200000, "1", "2", "1", "NaN", "5", 1772449259999]]'), MalformedAnswerError),
        (Answer(200, '[[1772449200000, "1", "1.5", "1", "2", "5", 1772449259999]]'), MalformedAnswerError),
        (Answer(200, '[[1772449200000, "1", "2", "1", "1", "-5", 1772449259999]]'), MalformedAnswerError),
        (
            Answer(200, '[[1772449200000,"1","2","1","1","5",1772449259999],[1772449200000,"1","2","1","2","5",1772449259999]]'),
            MalformedAnswerError,
        ),
    ],
)
async def test_what_goes_wrong_has_a_name(binance: CcxtSource, venue: Standin, answer: Answer, error: type[VenueError]) -> None:
    await binance.find("BTC/USDT")
    venue.faults.at("klines", answer, times=99)
    with pytest.raises(VenueError) as raised:
        await hour(binance)
    assert type(raised.value) is error
    assert raised.value.venue == "binance"
    assert len(str(raised.value)) < 300


async def test_only_what_was_not_answered_is_sent_again_and_ever_later(binance: CcxtSource, venue: Standin) -> None:
    await binance.find("BTC/USDT")
    venue.faults.at("klines", Answer(503), times=3)
    venue.requests.clear()
    assert await hour(binance) == 60
    assert venue.world.slept == [0.75, 1.5, 3.0]
    venue.requests.clear()
    venue.faults.at("klines", Answer(400, '{"code":-1100,"msg":"no"}'))
    with pytest.raises(RefusedError):
        await hour(binance)
    assert len(venue.requests) == 1


async def test_it_gives_up_in_the_end(binance: CcxtSource, venue: Standin) -> None:
    await binance.find("BTC/USDT")
    venue.faults.at("klines", Answer(503), times=100)
    venue.requests.clear()
    with pytest.raises(UnreachableError):
        await hour(binance)
    assert sum("klines" in path for path, _ in venue.requests) == 5


@pytest.mark.parametrize(("name", "answer"), [("binance", SKEWED), ("bybit", SKEWED_BYBIT)])
async def test_a_refused_clock_is_set_once_and_then_the_request_succeeds(venue: Standin, name: str, answer: Answer) -> None:
    source = source_of(venue, name)
    assert await hour(source) == 60
    venue.faults.at(KLINES[name], answer)
    venue.requests.clear()
    assert await hour(source) == 60
    assert [path.partition("?")[0].rpartition("/")[2] for path, _ in venue.requests] == [KLINES[name], "time", KLINES[name]]
    venue.faults.at(KLINES[name], answer, times=2)
    with pytest.raises(ClockSkewError):
        await hour(source)
    assert not venue.faults.answers
    await source.close()


async def test_a_slow_answer_is_none(venue: Standin) -> None:
    source = source_of(venue, "binance", timeout=0.5)
    await source.find("BTC/USDT")
    venue.faults.at("klines", Answer(hangs=True), times=9)
    with pytest.raises(UnreachableError):
        await hour(source)
    await source.close()


async def test_a_venue_that_nobody_answers_for_is_unreachable(venue: Standin) -> None:
    source = CcxtSource(
        "binance", clock=venue.world, sleep=venue.world.sleep, spread=lambda: 0.5,
        urls={"public": "http://127.0.0.1:1/api/v3", "fapiPublic": "http://127.0.0.1:1/fapi/v1"},
    )  # fmt: skip
    with pytest.raises(UnreachableError):
        await source.instruments()
    await source.close()


async def test_a_venue_that_ccxt_does_not_know_is_refused(venue: Standin) -> None:
    source = CcxtSource("nowhere", clock=venue.world)
    with pytest.raises(RefusedError, match="ccxt knows no such venue"):
        await source.instruments()
    await source.close()


async def test_a_venue_that_lists_nothing_is_an_error(binance: CcxtSource, venue: Standin) -> None:
    venue.faults.at("exchangeInfo", Answer(body='{"symbols":[]}'), times=2)
    with pytest.raises(EmptyAnswerError, match="it lists no instrument"):
        await binance.instruments()


async def test_what_is_not_listed_is_unknown(source: CcxtSource) -> None:
    with pytest.raises(UnknownInstrumentError, match="'DOGE/USDT' is not listed"):
        await source.find("DOGE/USDT")
