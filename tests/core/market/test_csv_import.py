"""Candles in every form that venues, vendors and backtesters write come to the same bars."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from tests.core.market.made_bars import HOUR, START, series

from assay.core.domain.errors import DataError
from assay.core.market.bars import Bars
from assay.core.market.candles import read_csv
from assay.core.market.frames import to_frame

BINANCE_MS = b"""\
1704067200000,42283.58,42554.57,42261.02,42475.23,1271.68108,1704070799999,53957248.97,47134,682.57581,28957416.81,0
1704070800000,42475.23,42775.00,42431.65,42613.56,1196.37856,1704074399999,50984380.73,48396,639.25,27243430.13,0
"""
BINANCE_US = BINANCE_MS.replace(b"1704067200000,", b"1704067200000000,").replace(b"1704070800000,", b"1704070800000000,")
BINANCE_NAMED = (
    b"open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n" + BINANCE_MS
)
YAHOO = b"""\
Datetime,Open,High,Low,Close,Adj Close,Volume
2024-01-01 00:00:00+00:00,42283.58,42554.57,42261.02,42475.23,42475.23,1271.68108
2024-01-01 01:00:00+00:00,42475.23,42775.00,42431.65,42613.56,42613.56,1196.37856
"""
YFINANCE = b"""\
Price,Close,High,Low,Open,Volume
Ticker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD
Datetime,,,,,
2024-01-01 00:00:00+00:00,42475.23,42554.57,42261.02,42283.58,1271.68108
2024-01-01 01:00:00+00:00,42613.56,42775.00,42431.65,42475.23,1196.37856
"""
BACKTESTING = b"""\
,Open,High,Low,Close,Volume
2024-01-01 00:00:00,42283.58,42554.57,42261.02,42475.23,1271.68108
2024-01-01 01:00:00,42475.23,42775.00,42431.65,42613.56,1196.37856
"""
FREQTRADE = BACKTESTING.replace(b",Open,High,Low,Close,Volume", b"date,open,high,low,close,volume")
EPOCH_SECONDS = b"""\
ts;open;high;low;close;volume
1704067200;42283.58;42554.57;42261.02;42475.23;1271.68108
1704070800;42475.23;42775.00;42431.65;42613.56;1196.37856
"""
METATRADER = b"""\
<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>
2024.01.01\t00:00:00\t42283.58\t42554.57\t42261.02\t42475.23\t1271.68108
2024.01.01\t01:00:00\t42475.23\t42775.00\t42431.65\t42613.56\t1196.37856
"""
SPLIT_HEADERLESS = b"""\
2024.01.01,00:00,42283.58,42554.57,42261.02,42475.23,1271.68108
2024.01.01,01:00,42475.23,42775.00,42431.65,42613.56,1196.37856
"""
CRYPTODATADOWNLOAD = b"""\
https://www.CryptoDataDownload.com
unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT,tradecount
1704067200000,2024-01-01 00:00:00,BTCUSDT,42283.58,42554.57,42261.02,42475.23,1271.68108,53957248.97,47134
1704070800000,2024-01-01 01:00:00,BTCUSDT,42475.23,42775.00,42431.65,42613.56,1196.37856,50984380.73,48396
"""
ISO = FREQTRADE.replace(b" 00:00:00", b"T00:00:00Z").replace(b" 01:00:00", b"T01:00:00Z")
OFFSETS = FREQTRADE.replace(b"2024-01-01 00:00:00", b"2023-12-31 19:00:00-05:00").replace(
    b"2024-01-01 01:00:00", b"2023-12-31 20:00:00-05:00"
)
QUOTED = b"\n".join(b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in FREQTRADE.splitlines())

FORMS = {
    "binance in milliseconds": BINANCE_MS,
    "binance in microseconds": BINANCE_US,
    "binance with names": BINANCE_NAMED,
    "yahoo": YAHOO,
    "yfinance with three header lines": YFINANCE,
    "backtesting.py": BACKTESTING,
    "freqtrade": FREQTRADE,
    "epoch seconds with semicolons": EPOCH_SECONDS,
    "metatrader": METATRADER,
    "date and time without header": SPLIT_HEADERLESS,
    "cryptodatadownload": CRYPTODATADOWNLOAD,
    "iso": ISO,
    "offsets": OFFSETS,
    "quoted": QUOTED,
    "crlf": FREQTRADE.replace(b"\n", b"\r\n"),
    "carriage returns alone": FREQTRADE.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + FREQTRADE,
    "utf-16": FREQTRADE.decode().encode("utf-16"),
    "blank lines": FREQTRADE.replace(b"\n", b"\n\n") + b"\n \n",
    "shouting": FREQTRADE.replace(b"date,open,high,low,close,volume", b"DATE,OPEN,HIGH,LOW,CLOSE,VOLUME"),
    "spaces": FREQTRADE.replace(b",", b", "),
    "no last newline": FREQTRADE.rstrip(b"\n"),
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_every_form_comes_to_the_same_bars(data: bytes) -> None:
    bars = read_csv(data, "binance:BTC/USDT").bars
    assert bars.timeframe.name == "1h"
    assert bars.ts.tolist() == [START, START + HOUR]
    assert bars.open.tolist() == [42283.58, 42475.23]
    assert bars.high.tolist() == [42554.57, 42775.0]
    assert bars.low.tolist() == [42261.02, 42431.65]
    assert bars.close.tolist() == [42475.23, 42613.56]
    assert bars.volume.tolist() == [1271.68108, 1196.37856]
    assert bars.has_volume


@given(series())
def test_bars_written_as_csv_are_read_back_bit_for_bit(bars: Bars) -> None:
    written = to_frame(bars).write_csv().encode()
    read = read_csv(written, bars.instrument).bars
    assert read.fingerprint == bars.fingerprint
    assert to_frame(read).write_csv().encode() == written


def findings(data: bytes, timezone: str | None = None) -> dict[str, str]:
    return {finding.code: str(finding) for finding in read_csv(data, "test:A", timezone=timezone).findings}


def test_nothing_is_said_about_a_file_that_leaves_no_question() -> None:
    assert findings(ISO) == {}
    assert findings(BINANCE_NAMED).keys() == {"ignored_columns"}


def test_times_without_a_zone_are_utc_and_that_is_said() -> None:
    assert findings(FREQTRADE)["naive_times"] == "line 2: times carry no zone and are taken as UTC"
    assert "naive_times" not in findings(FREQTRADE, "Europe/Berlin")


def test_a_named_zone_moves_times_that_have_none_and_no_others() -> None:
    assert read_csv(FREQTRADE, "test:A", timezone="America/New_York").bars.ts[0] == START + 5 * HOUR
    assert read_csv(ISO, "test:A", timezone="America/New_York").bars.ts[0] == START


def test_columns_that_are_not_read_are_named() -> None:
    assert findings(YAHOO)["ignored_columns"] == "line 1: columns that are not read: 'Adj Close'"


def test_a_missing_volume_is_said() -> None:
    without = b"date,open,high,low,close\n2024-01-01,1,1,1,1\n2024-01-02,1,1,1,1\n"
    imported = read_csv(without, "test:A")
    assert not imported.bars.has_volume
    assert imported.bars.volume.tolist() == [0.0, 0.0]
    assert "no_volume" in findings(without)
    assert "no_volume" in findings(without.replace(b"close\n", b"close,volume\n").replace(b"1\n", b"1,0\n"))
    assert "no_volume" in findings(without.replace(b"close\n", b"close,volume\n").replace(b"1\n", b"1,\n"))


def candles(*times: str) -> bytes:
    return b"date,open,high,low,close,volume\n" + "".join(f"{time},1,1,1,1,1\n" for time in times).encode()


@pytest.mark.parametrize(
    ("times", "timeframe"),
    [
        (("2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"), "1d"),
        (("2024-01-01", "2024-02-01", "2024-03-01"), "1M"),
        (("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"), "1M"),
        (("2024-01-01", "2024-01-08", "2024-01-15"), "1w"),
        (("2024-01-01 00:00", "2024-01-01 00:01"), "1m"),
        (("20240101 000000", "20240101 000500"), "5m"),
        (("20240101", "20240102"), "1d"),
        (("20240101000000", "20240101010000"), "1h"),
        (("01/13/2024", "01/14/2024"), "1d"),
        (("13/01/2024 10:00", "13/01/2024 10:30"), "30m"),
        (("01.02.2024 00:00:00.000", "01.02.2024 04:00:00.000"), "4h"),
        (("1704067200.0", "1704070800.0"), "1h"),
        (("1.7040672e12", "1.7040708e12"), "1h"),
        (("1704067200000000000", "1704070800000000000"), "1h"),
        (("2024-01-01T00:00:00.000000000", "2024-01-01T01:00:00.000000000"), "1h"),
        (("2024-01-01 00:00:00 UTC", "2024-01-01 01:00:00 UTC"), "1h"),
        (("2024-01-01 12:00 AM", "2024-01-01 01:00 AM"), "1h"),
        (("1962-01-02", "1962-01-03"), "1d"),
        (("-252374400", "-252288000"), "1d"),
    ],
)
def test_the_timeframe_is_the_commonest_spacing(times: tuple[str, ...], timeframe: str) -> None:
    assert read_csv(candles(*times), "test:A").bars.timeframe.name == timeframe


def test_a_day_tells_the_day_from_the_month_for_the_whole_file() -> None:
    bars = read_csv(candles("01/02/2024", "02/02/2024", "13/02/2024"), "test:A").bars
    assert bars.ts[0] == int(datetime(2024, 2, 1, tzinfo=UTC).timestamp()) * 10**9


def test_a_date_that_may_mean_two_days_is_refused() -> None:
    with pytest.raises(DataError, match="may mean two days"):
        read_csv(candles("01/02/2024", "02/02/2024"), "test:A")


def test_milliseconds_and_microseconds_may_follow_each_other() -> None:
    bars = read_csv(candles("1735682400000", "1735686000000", "1735689600000000", "1735693200000000"), "test:A").bars
    assert np.diff(bars.ts).tolist() == [HOUR] * 3
