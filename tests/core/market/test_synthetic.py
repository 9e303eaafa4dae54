"""Synthetic instruments are functions of the seed and the minute: whoever asks gets the same, and each has its trait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns
from assay.core.market.lookup import exponential, motion
from assay.core.market.resample import resampled
from assay.core.market.rows import bar_number, price_faults, time_faults, volume_faults
from assay.core.market.synthetic import BEGINNING, SYNTHETIC, Synthetic, bars, forming

OF: Final = {of.symbol.partition("/")[0]: of for of in SYNTHETIC}
MINUTE, HOUR, DAY = Timeframe("1m"), Timeframe("1h"), Timeframe("1d")
START: Final = datetime(2024, 2, 26, tzinfo=UTC)
HOUR_NS: Final = 3_600_000_000_000


def history(of: Synthetic, timeframe: Timeframe, start: datetime, end: datetime) -> Bars:
    return bars(of, f"synthetic:{of.symbol}", timeframe, start, end)


def same(one: Bars, other: Bars) -> bool:
    names = ("ts", "open", "high", "low", "close", "volume")
    return one.timeframe == other.timeframe and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def hourly_returns(of: Synthetic) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of ten years."""
    close = history(of, HOUR, datetime(2015, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)).close
    return np.diff(np.log(close))


each = pytest.mark.parametrize("of", SYNTHETIC, ids=lambda of: of.symbol)


@each
def test_bars_are_sound(of: Synthetic) -> None:
    made = history(of, MINUTE, START, START + timedelta(days=60))
    faults = [
        *price_faults(made.open, made.high, made.low, made.close), *volume_faults(made.volume), *time_faults(made.ts, bar_number),
    ]  # fmt: skip
    assert not faults
    assert np.array_equal(np.rint(made.close * 100) / 100, made.close)


@given(
    of=st.sampled_from(SYNTHETIC),
    timeframe=st.sampled_from(["1m", "5m", "1h", "4h"]),
    cuts=st.lists(st.integers(0, 6 * 1440), min_size=2, max_size=5, unique=True).map(sorted),
)
def test_however_it_is_paged_it_is_the_same(of: Synthetic, timeframe: str, cuts: list[int]) -> None:
    at = [START + timedelta(minutes=cut) for cut in cuts]
    whole = history(of, Timeframe(timeframe), at[0], at[-1])
    pages = [history(of, Timeframe(timeframe), *pair) for pair in pairwise(at)]
    assert np.array_equal(np.concatenate([page.ts for page in pages]), whole.ts)
    assert np.array_equal(np.concatenate([page.close for page in pages]), whole.close)
    assert np.array_equal(np.concatenate([page.volume for page in pages]), whole.volume)


@each
@pytest.mark.parametrize("timeframe", [name for name in NAMES if name != "1m"])
def test_coarser_bars_are_finer_ones_resampled(of: Synthetic, timeframe: str) -> None:
    start, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 3, 4, 0, 7, tzinfo=UTC)
    coarse = resampled(history(of, MINUTE, start, end), Timeframe(timeframe))
    first, last = int(coarse.ts[0]), int(coarse.ts[-1])
    asked = history(of, Timeframe(timeframe), start, end)
    asked = asked[int(np.searchsorted(asked.ts, first)) : int(np.searchsorted(asked.ts, last)) + 1]
    assert same(asked, coarse)


def test_a_bar_that_opened_before_is_not_in_the_answer() -> None:
    late = history(OF["WALK"], HOUR, START + timedelta(minutes=1), START + timedelta(hours=2, minutes=1))
    assert late.ts.tolist() == [to_ns(START) + HOUR_NS, to_ns(START) + 2 * HOUR_NS]


def test_before_the_beginning_there_is_nothing() -> None:
    assert len(history(OF["GAPS"], HOUR, BEGINNING - timedelta(days=9), BEGINNING)) == 0
    assert history(OF["WALK"], MINUTE, BEGINNING - timedelta(days=9), BEGINNING + timedelta(minutes=1)).ts.tolist() == [to_ns(BEGINNING)]


@each
@pytest.mark.parametrize("timeframe", [MINUTE, Timeframe("15m"), DAY])
def test_what_forms_ends_as_the_bar_of_history(of: Synthetic, timeframe: Timeframe) -> None:
    name = f"synthetic:{of.symbol}"
    end = START + timedelta(days=1)
    known = history(of, timeframe, START, end)
    closing = forming(of, name, timeframe, timeframe.closed_at(START) - timedelta(microseconds=1))
    assert closing.ts.tolist() == [to_ns(START)]
    assert closing.open[0] == known.open[0]
    grown = [forming(of, name, timeframe, START + timedelta(seconds=second)) for second in range(60)]
    highs, lows = [float(bar.high[0]) for bar in grown if len(bar)], [float(bar.low[0]) for bar in grown if len(bar)]
    assert highs == sorted(highs)
    assert lows == sorted(lows, reverse=True)
    assert known.low[0] <= lows[-1] <= highs[-1] <= known.high[0]
    if timeframe == MINUTE:
        assert (highs[-1], lows[-1]) == (known.high[0], known.low[0]), "both extremes are reached before the minute ends"


def test_a_bar_that_has_just_opened_has_not_been_traded_in() -> None:
    assert len(forming(OF["WALK"], "synthetic:WALK/USD", MINUTE, START)) == 0


@each
def test_prices_keep_to_an_ordinary_size(of: Synthetic) -> None:
    for year in (2000, 2010, 2020, 2026, 2035, 2050):
        days = history(of, DAY, datetime(year, 1, 1, tzinfo=UTC), datetime(year, 2, 1, tzinfo=UTC))
        assert 2.0 < days.low.min() < days.high.max() < 20_000.0


def test_a_walk_has_the_deviation_that_it_states_and_no_memory() -> None:
    returns = hourly_returns(OF["WALK"])
    assert np.std(returns) == pytest.approx(OF["WALK"].hourly, rel=0.01)
    assert abs(np.corrcoef(returns[1:], returns[:-1])[0, 1]) < 0.012, "three and a half standard errors"


def test_the_known_edge_is_what_the_stated_rule_earns() -> None:
    of = OF["EDGE"]
    returns = hourly_returns(of)
    after_a_rise = returns[1:][returns[:-1] > 0.0]
    error = float(np.std(after_a_rise)) / np.sqrt(len(after_a_rise))
    assert of.correlation == pytest.approx(0.4)
    assert np.corrcoef(returns[1:], returns[:-1])[0, 1] == pytest.approx(0.4, abs=0.015)
    assert np.std(returns) == pytest.approx(of.hourly, rel=0.01)
    assert of.edge == pytest.approx(0.00128, abs=0.00001)
    assert float(after_a_rise.mean()) == pytest.approx(of.edge, rel=0.05)
    assert float(after_a_rise.mean()) > 40.0 * error


def test_trends_last() -> None:
    days = {name: history(of, DAY, datetime(2015, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)).close for name, of in OF.items()}
    moves = {name: np.log(close[10:] / close[:-10])[::10] for name, close in days.items()}
    lasting = {name: float(np.corrcoef(move[1:], move[:-1])[0, 1]) for name, move in moves.items()}
    assert lasting["TREND"] > 0.3 > 0.12 > abs(lasting["WALK"])


def test_jumps_leap_within_a_minute() -> None:
    def leaps(of: Synthetic) -> int:
        made = history(of, MINUTE, START, START + timedelta(days=300))
        return int(np.count_nonzero(np.abs(np.diff(np.log(made.close))) > 0.02))

    assert leaps(OF["WALK"]) == 0
    assert 50 < leaps(OF["JUMPS"]) < 150


def test_gaps_are_hours_and_single_minutes() -> None:
    made = history(OF["GAPS"], MINUTE, START, START + timedelta(days=60))
    hours = history(OF["GAPS"], HOUR, START, START + timedelta(days=60))
    assert 0.95 < len(hours) / (60 * 24) < 1.0
    assert 0.94 < len(made) / (60 * 1440) < 0.99


def test_motion_is_the_same_from_wherever_one_looks() -> None:
    whole = motion(0, 7, 12, 0, 1 << 12)
    assert np.array_equal(motion(0, 7, 12, 1_001, 1_037), whole[1_001:1_038])
    assert whole[0] == 0.0
    assert np.std(np.diff(whole)) == pytest.approx(1.0, abs=0.05)


def test_the_exponential_is_one() -> None:
    exponents = np.linspace(-20.0, 20.0, 10_001)
    assert np.allclose(exponential(exponents), np.exp(exponents), rtol=1e-12, atol=0.0)


def test_it_is_the_same_on_every_machine() -> None:
    """What it gave when it was written; whoever changes it changes everybody's history."""
    made = {name: history(of, HOUR, START, START + timedelta(hours=3)) for name, of in OF.items()}
    assert {name: bars.fingerprint[:16] for name, bars in made.items()} == {
        "WALK": "8749d2808dd17ae4",
        "TREND": "874257a1a9a14cca",
        "JUMPS": "7d1010cfb212d201",
        "GAPS": "824c037d1d200495",
        "EDGE": "2f930e1164f92c78",
    }
