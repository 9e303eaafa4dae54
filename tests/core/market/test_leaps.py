"""A split, a bad print and a crash leap equally far; the bars beside them tell them apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.shared_data import shared

from assay.adapters.files.candles import import_bars
from assay.adapters.files.sample import sample
from assay.core.market.bars import Bars
from assay.core.market.instants import shown
from assay.core.market.leaps import RATIOS, leaps
from assay.core.market.quality import inspect

SHARE = sample("synthetic:SHARE")
LONG = len(SHARE)
PRICES = ("open", "high", "low", "close")


def split(row: int, ratio: float, bars: Bars = SHARE) -> Bars:
    """As if `ratio` shares had become of each before `row`, and nobody had put the past right."""
    columns = {name: getattr(bars, name).copy() for name in (*PRICES, "volume")}
    for name in PRICES:
        columns[name][row:] /= ratio
    columns["volume"][row:] *= ratio
    return replace(bars, **columns)


def found(bars: Bars) -> dict[str, list[str]]:
    """The days of each kind."""
    seen = leaps(bars)
    kinds = {"split": seen.splits, "spike": seen.spikes[:, 0], "leap": seen.stayed}
    return {kind: [shown(ts)[:10] for ts in bars.ts[rows]] for kind, rows in kinds.items() if len(rows)}


def day(row: int) -> str:
    return shown(SHARE.ts[row])[:10]


def test_an_ordinary_share_leaps_nowhere() -> None:
    assert found(SHARE) == {}
    assert found(replace(SHARE, has_volume=False, volume=np.zeros(LONG))) == {}


@given(st.integers(30, LONG - 30), st.sampled_from([*RATIOS, *(1.0 / ratio for ratio in RATIOS)]), st.booleans())
def test_a_split_is_found_wherever_it_was_and_of_whatever_ratio(row: int, ratio: float, has_volume: bool) -> None:
    bars = split(row, ratio)
    if not has_volume:
        bars = replace(bars, has_volume=False, volume=np.zeros(LONG))
    assume(abs(np.log(SHARE.open[row] / SHARE.close[row - 1])) < 0.03)  # a night like most
    assume(SHARE.volume[row] < 3.0 * np.median(SHARE.volume[row - 20 : row]))
    assert found(bars) == {"split": [day(row)]}
    assert leaps(bars).ratios[0] == pytest.approx(ratio)


def test_half_the_price_with_ten_times_the_money_is_a_crash() -> None:
    bars = split(600, 2.0)
    bars.volume[600] = 10.0 * np.median(SHARE.close[580:600] * SHARE.volume[580:600]) / bars.close[600]
    assert found(bars) == {"leap": [day(600)]}


def test_half_the_price_within_a_day_is_a_crash() -> None:
    bars = split(600, 2.0)
    bars.open[600] = SHARE.open[600]
    bars.high[600] = SHARE.high[600]
    assert found(bars) == {"leap": [day(600)]}


@pytest.mark.parametrize("bars_long", [1, 2, 3])
def test_a_price_that_comes_back_is_a_bad_print(bars_long: int) -> None:
    bars = split(600, 3.0)
    for name in PRICES:
        getattr(bars, name)[600 + bars_long :] *= 3.0
    assert found(bars) == {"spike": [day(600)]}
    assert leaps(bars).spikes.tolist() == [[600, 600 + bars_long]]


@pytest.mark.parametrize(("name", "factor"), [("low", 0.1), ("high", 10.0)])
def test_a_high_or_a_low_that_no_bar_beside_it_shares_is_a_bad_print(name: str, factor: float) -> None:
    bars = split(600, 1.0)
    getattr(bars, name)[600] *= factor
    assert found(bars) == {"spike": [day(600)]}


def test_what_is_told_of_a_split_names_its_ratio_and_its_bars() -> None:
    told = {finding.code: finding for finding in inspect(split(600, 4.0))}["split"]
    assert told.message.startswith(f"1 step like a 4:1 split at {day(600)}")
    assert [(place.start, place.end) for place in told.places] == [(600, 601)]
    assert "like a 1:10 split" in {finding.code: finding.message for finding in inspect(split(600, 0.1))}["split"]
    assert "like a 3:2 split" in {finding.code: finding.message for finding in inspect(split(600, 1.5))}["split"]


def test_the_splits_of_a_recorded_share_are_told_from_its_crash_and_its_bad_prints() -> None:
    """2000-09-29 lost 52% in truth; the lows of the three prints are tenths of their neighbours."""
    bars = import_bars(shared("candles/stock_AAPL_1d_1998-2021_raw.parquet")).bars
    assert found(bars) == {
        "split": ["2000-06-21", "2005-02-28", "2014-06-09", "2020-08-31"],
        "spike": ["2009-09-21", "2010-08-31", "2011-01-03"],
        "leap": ["2000-09-29"],
    }
    assert leaps(bars).ratios == pytest.approx([2.0, 2.0, 7.0, 4.0])


def test_the_crash_of_march_2020_is_no_bad_print() -> None:
    for name in ("binance_spot_BTCUSDT_1d_2017-2023", "binance_spot_ADAUSDT_1d_2017-2023"):
        assert found(import_bars(shared(f"candles/{name}.parquet")).bars) == {"leap": ["2020-03-12"]}
