"""Recorded files of venues and vendors load as they are, and their known holes are found."""

from __future__ import annotations

import pytest
from tests.shared_data import shared

from assay.adapters.files.candles import import_bars
from assay.core.domain.errors import DataError
from assay.core.market.calendar import WEEKDAYS
from assay.core.market.gaps import gaps

FILES = {
    "binance_spot_ADAUSDT_1d_2017-2023": (2_073, "1d"),
    "binance_spot_BNBUSDT_1h_2021-04_2023-12": (23_987, "1h"),
    "binance_spot_BTCUSDT_1d_2017-2023": (2_328, "1d"),
    "binance_spot_BTCUSDT_1h_2017-2023": (55_740, "1h"),
    "binance_spot_BTCUSDT_1m_2021-03-26_04-30": (50_000, "1m"),
    "binance_spot_BTCUSDT_1m_2022-06-15_07-19": (50_000, "1m"),
    "binance_spot_BTCUSDT_5m_2022-08_2023-09": (121_739, "5m"),
    "binance_spot_ETHUSDT_1d_2019-12_2023-12": (1_492, "1d"),
    "binance_spot_ETHUSDT_1h_2021-04_2023-12": (23_988, "1h"),
    "binance_spot_ETHUSDT_1m_2021-08-09_09-13": (50_000, "1m"),
    "binance_spot_ETHUSDT_1m_2023-10-07_11-10": (50_000, "1m"),
    "binance_spot_SOLUSDT_5m_2023-01_2023-09": (77_687, "5m"),
    "binance_usdm_XRPUSDT_1h_2021-11": (100, "1h"),
    "binance_usdm_XRPUSDT_1h_mark_2021-11": (100, "1h"),
    "binance_usdm_XRPUSDT_5m_2021-11": (1_999, "5m"),
    "bittrex_spot_ETHBTC_5m_2018-01": (5_760, "5m"),
    "bittrex_spot_LTCBTC_5m_2018-01": (5_760, "5m"),
    "bittrex_spot_UNITTESTBTC_1m_2017-11": (13_681, "1m"),
    "bittrex_spot_UNITTESTBTC_5m_2018-01": (5_760, "5m"),
    "crypto_BTCUSD_1M_2012-2024": (156, "1M"),
    "fx_EURUSD_1d_2007-2018": (3_487, "1d"),
    "fx_EURUSD_1h_2017-2018": (5_000, "1h"),
    "index_SP500_1d_2000-2020": (5_105, "1d"),
    "stock_AAPL_1d_1998-2021_raw": (5_849, "1d"),
    "stock_AAPL_1d_2015-2017_plotly": (506, "1d"),
    "stock_GOOG_1d_2004-2013": (2_148, "1d"),
    "stock_MSFT_1d_2012-2014": (754, "1d"),
    "stock_SPY_1d_1998-2021_raw": (5_849, "1d"),
}


@pytest.mark.parametrize("name", FILES)
def test_it_loads_with_every_bar(name: str) -> None:
    bars = import_bars(shared(f"candles/{name}.parquet")).bars
    assert (len(bars), bars.timeframe.name) == FILES[name]


@pytest.mark.parametrize(
    ("name", "holes", "missing"),
    [
        ("binance_spot_BTCUSDT_1h_2017-2023", 28, 128),
        ("binance_spot_BTCUSDT_5m_2022-08_2023-09", 1, 16),
        ("binance_spot_BTCUSDT_1m_2021-03-26_04-30", 2, 434),
        ("binance_spot_ETHUSDT_1m_2021-08-09_09-13", 1, 270),
        ("bittrex_spot_UNITTESTBTC_1m_2017-11", 538, 717),
        ("crypto_BTCUSD_1M_2012-2024", 0, 0),
        ("binance_spot_BTCUSDT_1d_2017-2023", 0, 0),
    ],
)
def test_the_holes_that_are_known_are_found(name: str, holes: int, missing: int) -> None:
    found = gaps(import_bars(shared(f"candles/{name}.parquet")).bars)
    assert (len(found), int(found.missing.sum())) == (holes, missing)


def test_the_outage_of_march_2023_shows_as_a_dead_stretch_and_a_gap() -> None:
    imported = import_bars(shared("candles/binance_spot_BTCUSDT_5m_2022-08_2023-09.parquet"))
    told = {finding.code: finding.message for finding in imported.findings}
    assert told["stale"].endswith("the longest is 14 bars from 2023-03-24 11:30")
    assert told["gaps"].startswith("1 gap, 16 bars missing")


@pytest.mark.parametrize(("name", "longest"), [("BTCUSDT_1m_2021-03-26_04-30", [284, 150]), ("ETHUSDT_1m_2021-08-09_09-13", [270])])
def test_outages_of_minutes_are_told_to_the_minute(name: str, longest: list[int]) -> None:
    """What 285 and 151 minutes lie between lacks one bar less."""
    (told,) = import_bars(shared(f"candles/binance_spot_{name}.parquet")).findings
    assert [place.bars for place in told.places] == longest


def test_currencies_lack_nothing_in_their_week() -> None:
    bars = import_bars(shared("candles/fx_EURUSD_1h_2017-2018.parquet")).bars
    assert len(gaps(bars)) == len(gaps(bars, WEEKDAYS)) == 0


@pytest.mark.parametrize(
    "name", ["binance_usdm_XRPUSDT_8h_funding_2021-11.parquet", "stock_SPY_factors.csv", "stock_SPY_maps.csv", "README.md"]
)
def test_what_holds_no_candles_is_refused(name: str) -> None:
    with pytest.raises(DataError, match=name):
        import_bars(shared(f"candles/{name}"))
