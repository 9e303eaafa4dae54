"""Yahoo is read as yfinance 1.7 hands it over, an answer without bars is no success, and what it refuses is said before it is asked.

The frames are written here after `yfinance.scrapers.history` and `yfinance.multi`; no byte of Yahoo's is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.adapters.venues.moving import Moving, pages
from yfinance import exceptions as yahoos

from assay.adapters.venues.yahoo.client import Client
from assay.adapters.venues.yahoo.codec import decode, describe
from assay.adapters.venues.yahoo.source import YahooSource
from assay.core.domain.errors import (
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.instants import to_datetime

pytestmark = pytest.mark.anyio
DAY, HOUR = Timeframe("1d"), Timeframe("1h")
APPLE = {"instrumentType": "EQUITY", "currency": "USD", "exchangeName": "NMS", "longName": "Apple Inc."}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def frame(index: pd.DatetimeIndex, *, volume: float = 1_000.0) -> Any:
    """As `Ticker.history(actions=False)`, prices in single precision as Yahoo sends them."""
    close = np.float32(100.0) + np.arange(len(index), dtype=np.float32) * np.float32(0.1)
    columns = {"Open": close, "High": close + np.float32(0.5), "Low": close - np.float32(0.5), "Close": close, "Adj Close": close * 0.9}
    return pd.DataFrame({**{name: column.astype(np.float64) for name, column in columns.items()}, "Volume": volume}, index=index)


def days(*dates: str, zone: str | None = "America/New_York") -> Any:
    return frame(pd.DatetimeIndex(dates, tz=zone, name="Date"))


def opened(frame: Any, timeframe: Timeframe) -> list[str]:
    bars = decode(frame, "AAPL", "yahoo:AAPL", timeframe)
    return [f"{to_datetime(ts):%Y-%m-%d %H:%M}" for ts in bars.ts.tolist()]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Europe/London", "Australia/Sydney", None])
def test_a_day_is_stamped_by_its_date_whatever_the_zone_of_the_exchange(zone: str | None) -> None:
    assert opened(days("2026-02-27", "2026-03-02", "2026-03-09", zone=zone), DAY) == [
        "2026-02-27 00:00", "2026-03-02 00:00", "2026-03-09 00:00",
    ]  # fmt: skip


def test_weeks_and_months_are_stamped_by_their_first_day() -> None:
    assert opened(days("2026-02-23", "2026-03-04"), Timeframe("1w")) == ["2026-02-23 00:00", "2026-03-02 00:00"]
    assert opened(days("2026-02-01", "2026-03-01"), Timeframe("1M")) == ["2026-02-01 00:00", "2026-03-01 00:00"]


def test_within_the_day_zones_become_utc_also_where_the_clocks_change() -> None:
    index = pd.DatetimeIndex(["2026-03-06 09:30", "2026-03-09 09:30"], tz="America/New_York", name="Datetime")
    assert opened(frame(index), HOUR) == ["2026-03-06 14:30", "2026-03-09 13:30"]
    with pytest.raises(MalformedAnswerError, match="without a time zone"):
        opened(frame(index.tz_localize(None)), HOUR)


@pytest.mark.parametrize("resolution", ["s", "ms", "us", "ns"])
def test_the_resolution_of_an_index_is_nobodys_business(resolution: str) -> None:
    index = pd.DatetimeIndex(["2026-03-06 09:30"], tz="America/New_York").as_unit(resolution)
    assert opened(frame(index), HOUR) == ["2026-03-06 14:30"]


@pytest.mark.parametrize("order", [["AAPL", "Price"], ["Price", "AAPL"]])
def test_download_names_the_ticker_in_a_second_level(order: Sequence[str]) -> None:
    one = days("2026-03-02", "2026-03-03", zone=None)
    both = pd.concat([one, one * np.nan], axis=1, keys=["AAPL", "MSFT"], names=["Ticker", "Price"])
    both = both if order[0] == "AAPL" else both.swaplevel(0, 1, axis=1)
    assert decode(both, "AAPL", "yahoo:AAPL", DAY).close.tolist() == one["Close"].tolist()
    with pytest.raises(EmptyAnswerError, match="no prices in 2 bars of MSFT"):
        decode(both, "MSFT", "yahoo:MSFT", DAY)
    with pytest.raises(MalformedAnswerError, match="without a column for TSLA"):
        decode(both, "TSLA", "yahoo:TSLA", DAY)


@pytest.mark.parametrize("empty", [None, pd.DataFrame(), days()], ids=["none", "bare", "no rows"])
def test_an_empty_frame_is_an_error(empty: Any) -> None:
    with pytest.raises(EmptyAnswerError):
        decode(empty, "AAPL", "yahoo:AAPL", DAY)


def test_rows_without_prices_are_padding_and_rows_that_lack_some_are_wrong() -> None:
    padded = days("2026-03-02", "2026-03-03", "2026-03-04")
    padded.loc[padded.index[1], ["Open", "High", "Low", "Close", "Volume"]] = np.nan
    assert opened(padded, DAY) == ["2026-03-02 00:00", "2026-03-04 00:00"]
    torn = days("2026-03-02", "2026-03-03")
    torn.loc[torn.index[1], "Low"] = np.nan
    with pytest.raises(MalformedAnswerError, match="lack some of their prices"):
        opened(torn, DAY)


def test_what_single_precision_does_is_forgiven_and_what_contradicts_itself_is_not() -> None:
    rounded = days("2026-03-02")
    rounded["High"] = rounded["Close"] * (1.0 - 1e-7)
    bars = decode(rounded, "AAPL", "yahoo:AAPL", DAY)
    assert bars.high[0] == bars.close[0]
    for column, value in (("High", 99.0), ("Low", 101.0), ("Close", -1.0), ("Volume", -1.0), ("Open", np.inf)):
        wrong = days("2026-03-02")
        wrong[column] = value
        with pytest.raises(MalformedAnswerError):
            opened(wrong, DAY)
    with pytest.raises(MalformedAnswerError):
        opened(days("2026-03-03", "2026-03-02"), DAY)
    with pytest.raises(MalformedAnswerError, match="without Volume"):
        opened(days("2026-03-02").drop(columns="Volume"), DAY)


def test_what_has_no_volume_says_so() -> None:
    assert not decode(frame(pd.DatetimeIndex(["2026-03-02"]), volume=0.0), "^GSPC", "yahoo:^GSPC", DAY).has_volume


class Scripted:
    """`client.Ticker`: answers from days and hours that it holds, as Yahoo would, and remembers what it was asked."""

    def __init__(self, held: Any = None, metadata: Mapping[str, Any] = APPLE, error: Exception | None = None) -> None:
        self.held, self.metadata, self.error = held, metadata, error
        self.asked: list[Mapping[str, Any]] = []

    def __call__(self, symbol: str) -> Scripted:
        self.symbol = symbol
        return self

    def history(self, **asked: Any) -> Any:
        self.asked.append(asked)
        if self.error is not None:
            raise self.error
        if "start" not in asked:
            return self.held
        start, end = (pd.Timestamp(asked[name]) for name in ("start", "end"))
        if start.tz is None:
            start, end = (at.tz_localize(self.held.index.tz) for at in (start, end))
        found = self.held[(self.held.index >= start) & (self.held.index < end)]
        if found.empty:
            raise yahoos.YFPricesMissingError("AAPL", "(1d)")
        return found

    def get_history_metadata(self) -> Mapping[str, Any]:
        return self.metadata


def source(ticker: Scripted, at: datetime = datetime(2026, 3, 4, 15, tzinfo=UTC)) -> YahooSource:
    return YahooSource(Moving(at), Client(ticker))


WEEK = ("2026-02-26", "2026-02-27", "2026-03-02", "2026-03-03", "2026-03-04")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
async def test_history_is_what_has_closed_in_the_span(zone: str) -> None:
    yahoo = source(Scripted(days(*WEEK, zone=zone)))
    span = Span(datetime(2026, 2, 27, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC))
    ((bars, _),) = await pages(yahoo, await yahoo.find("AAPL"), "1d", span)
    assert [f"{to_datetime(ts):%m-%d}" for ts in bars.ts.tolist()] == ["02-27", "03-02", "03-03"], "the fourth is not over"


async def test_prices_with_dividends_have_a_name_of_their_own() -> None:
    ticker = Scripted(days(*WEEK))
    yahoo, span = source(ticker), Span(datetime(2026, 2, 26, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    raw, adjusted = await yahoo.find("AAPL"), await yahoo.find("AAPL@adjusted")
    assert (str(raw.id), str(adjusted.id)) == ("yahoo:AAPL", "yahoo:AAPL@adjusted")
    assert {raw.venue_symbol, adjusted.venue_symbol} == {"AAPL"}
    for instrument in (raw, adjusted):
        ((bars, _),) = await pages(yahoo, instrument, "1d", span)
        assert bars.instrument == str(instrument.id)
    assert [asked["auto_adjust"] for asked in ticker.asked if "start" in asked] == [False, True]


async def test_a_closed_market_is_an_empty_page_only_where_the_days_before_have_bars() -> None:
    weekend = Span(datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    ticker = Scripted(days(*WEEK))
    yahoo = source(ticker)
    ((bars, _),) = await pages(yahoo, await yahoo.find("AAPL"), "1d", weekend)
    assert len(bars) == 0
    assert [asked["start"] for asked in ticker.asked if "start" in asked] == ["2026-02-28", "2026-02-17"]
    later = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
    with pytest.raises(EmptyAnswerError):
        await pages(yahoo, await yahoo.find("AAPL"), "1d", later)


async def test_minutes_are_asked_for_a_week_at_a_time() -> None:
    now = datetime(2026, 3, 20, 21, tzinfo=UTC)
    ticker = Scripted(frame(pd.date_range("2026-02-25", "2026-03-20", freq="60min", tz="America/New_York")))
    yahoo = source(ticker, now)
    found = await pages(yahoo, await yahoo.find("AAPL"), "1m", Span(now - timedelta(days=20), now))
    assert [answered.length.days for _, answered in found] == [7, 7, 6]
    assert all(len(bars) for bars, _ in found)


@pytest.mark.parametrize(("timeframe", "reach"), [("1m", 30), ("5m", 60), ("30m", 60), ("1h", 730)])
async def test_what_lies_too_far_back_is_refused_in_words_and_not_asked_for(timeframe: str, reach: int) -> None:
    now = datetime(2026, 3, 20, 21, tzinfo=UTC)
    ticker = Scripted(days(*WEEK))
    yahoo = source(ticker, now)
    with pytest.raises(RefusedError, match=rf"bars of {timeframe} for {reach} days, that is from .* ask for later ones"):
        await pages(yahoo, await yahoo.find("AAPL"), timeframe, Span(now - timedelta(days=reach, hours=1), now))
    assert all("start" not in asked for asked in ticker.asked)


async def test_what_it_does_not_have_is_refused() -> None:
    yahoo = source(Scripted(days(*WEEK)))
    apple = await yahoo.find("AAPL")
    with pytest.raises(UnknownInstrumentError, match="no bars of 4h"):
        await pages(yahoo, apple, "4h", Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)))
    with pytest.raises(UnknownInstrumentError, match="AAPL@adjusted"):
        await yahoo.find("AAPL@raw")
    with pytest.raises(RefusedError, match="no live prices"):
        yahoo.follow(apple, "1m")


FAILURES: Sequence[tuple[Exception, type[VenueError]]] = [
    (yahoos.YFRateLimitError(), RateLimitedError),
    (yahoos.YFTzMissingError("NOPE"), UnknownInstrumentError),
    (yahoos.YFPricesMissingError("NOPE", "", yahoo_reason="No data found, symbol may be delisted"), UnknownInstrumentError),
    (yahoos.YFPricesMissingError("AAPL", "", yahoo_reason="The requested range must be within the last 730 days."), RefusedError),
    (yahoos.YFPricesMissingError("AAPL", "", yahoo_reason="Data doesn't exist for startDate = 1, endDate = 2"), EmptyAnswerError),
    (yahoos.YFPricesMissingError("AAPL", "(1d)"), EmptyAnswerError),
    (yahoos.YFDataException("*** YAHOO! FINANCE IS CURRENTLY DOWN! ***"), UnreachableError),
    (TimeoutError("timed out"), UnreachableError),
    (ConnectionResetError("reset"), UnreachableError),
    (KeyError("currency"), MalformedAnswerError),
]


@pytest.mark.parametrize(("raised", "told"), FAILURES, ids=lambda of: str(of)[:40])
async def test_what_yfinance_raises_is_said_in_our_words(raised: Exception, told: type[VenueError]) -> None:
    with pytest.raises(told) as caught:
        await source(Scripted(error=raised)).find("AAPL")
    assert caught.value.venue == "yahoo"


def responding(status: int) -> Callable[[], Exception]:
    def error() -> Exception:
        from curl_cffi.requests import Response
        from curl_cffi.requests.exceptions import HTTPError

        response = Response()
        response.status_code = status
        return HTTPError(f"HTTP Error {status}", 0, response)

    return error


@pytest.mark.parametrize(
    ("error", "told"), [(responding(404), UnknownInstrumentError), (responding(403), RefusedError), (responding(503), UnreachableError)]
)
async def test_a_status_says_whose_fault_it_is(error: Callable[[], Exception], told: type[VenueError]) -> None:
    with pytest.raises(told):
        await source(Scripted(error=error())).find("AAPL")


async def test_nobody_home_is_unreachable_by_the_library_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library as it is, behind a proxy that refuses: it raises, where by default it would hand over an empty frame."""
    import yfinance

    monkeypatch.setitem(yfinance.config.network.data, "proxy", "http://127.0.0.1:9")
    with pytest.raises(UnreachableError):
        await YahooSource(Moving()).find("AAPL")


def test_instruments_are_described_by_what_yahoo_says_of_them() -> None:
    euro = describe({"instrumentType": "CURRENCY", "currency": "USD", "exchangeName": "CCY", "shortName": "EUR/USD"}, "EURUSD=X")
    assert (euro.base, euro.quote, euro.kind, euro.calendar) == ("EUR", "USD", "forex", "24/5")
    coin = describe({"instrumentType": "CRYPTOCURRENCY", "currency": "USD", "exchangeName": "CCC"}, "BTC-USD")
    assert (coin.base, coin.quote, coin.kind, coin.calendar) == ("BTC", "USD", "spot", "24/7")
    assert describe(APPLE, "AAPL@adjusted").name == "Apple Inc., with dividends"
    with pytest.raises(MalformedAnswerError, match="AAPL is a None in None"):
        describe({}, "AAPL")


async def test_those_that_are_shown_can_be_read_as_instruments() -> None:
    listed = await source(Scripted()).instruments()
    assert len({instrument.id for instrument in listed}) == len(listed) > 20
