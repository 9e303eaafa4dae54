"""Drawdowns, days and months of an equity curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.core.results.scripted import MONDAY, stamps

from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import closed_ts
from assay.core.results.equity import BLOCK, DAY_NS, Drawdown, daily_marks, daily_returns, drawdown, max_drawdown, monthly_returns

CURVES = {
    "no fall": ([100.0, 101.0, 101.0, 105.0], Drawdown(0.0, 0, 0, 0)),
    "from the peak to the trough and back": ([100.0, 120.0, 90.0, 110.0, 120.0, 119.0], Drawdown(0.25, 1, 2, 4)),
    "never made good": ([100.0, 120.0, 110.0, 60.0, 70.0], Drawdown(0.5, 1, 3, None)),
    "the last time at the peak counts": ([100.0, 120.0, 120.0, 60.0, 130.0], Drawdown(0.5, 2, 3, 4)),
    "the initial cash is a peak": ([80.0, 90.0, 100.0], Drawdown(0.2, 0, 0, 2)),
    "the first of equals": ([100.0, 50.0, 100.0, 50.0], Drawdown(0.5, 0, 1, 2)),
}


@pytest.mark.parametrize(("curve", "expected"), CURVES.values(), ids=CURVES)
def test_the_max_drawdown_is_found(curve: list[float], expected: Drawdown) -> None:
    found = max_drawdown(np.array(curve), 100.0)
    assert (found.start, found.trough, found.end) == (expected.start, expected.trough, expected.end)
    assert found.depth == pytest.approx(expected.depth)


curves = arrays.arrays(np.float64, st.integers(1, 60), elements=st.floats(0.01, 1e6))


@given(curves, st.floats(0.01, 1e6))
def test_a_drawdown_lies_in_0_to_1_and_the_deepest_is_the_largest(curve: Floats, cash: float) -> None:
    falls = drawdown(curve, cash)
    assert ((falls >= 0.0) & (falls <= 1.0)).all()
    assert max_drawdown(curve, cash).depth == falls.max()


@pytest.mark.parametrize("size", [BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 17])
@pytest.mark.parametrize("drift", [-0.01, 0.0, 0.01])
def test_looking_into_few_blocks_finds_the_same(size: int, drift: float) -> None:
    curve = 100.0 * np.exp(np.cumsum(np.random.default_rng(size).normal(drift, 0.01, size)))
    falls, found = drawdown(curve, 100.0), max_drawdown(curve, 100.0)
    assert (found.depth, found.trough) == (float(falls.max()), int(falls.argmax()))


def days_of(ts: Ints, timeframe: str, equity: Floats) -> dict[int, float]:
    """The definition, bar by bar."""
    closed = closed_ts(ts, Timeframe(timeframe))
    return {(int(at) - 1) // DAY_NS: mark for at, mark in zip(closed, equity.tolist(), strict=True)}


@given(st.sampled_from(NAMES), st.integers(1, 200), st.integers(0, 10_000), st.lists(st.integers(0, 199), max_size=20), st.booleans())
def test_a_days_mark_is_the_last_of_its_closes(timeframe: str, count: int, minutes: int, holes: list[int], shifted: bool) -> None:
    start = MONDAY + minutes * 60_000_000_000 * shifted
    ts = stamps(count, timeframe, start)
    if timeframe == "1M":
        ts = (np.datetime64("2024-01", "M") + np.arange(count)).astype("datetime64[ns]").view(np.int64)
    kept = np.setdiff1d(np.arange(count), holes)
    ts, equity = ts[kept], np.arange(1.0, count + 1.0)[kept]
    daily = daily_marks(ts, Timeframe(timeframe), equity)
    assert dict(zip(daily.day.tolist(), daily.equity.tolist(), strict=True)) == days_of(ts, timeframe, equity)


def test_a_daily_bar_marks_the_day_it_opened_on() -> None:
    daily = daily_marks(stamps(3), Timeframe("1d"), np.array([1.0, 2.0, 3.0]))
    assert daily.day.tolist() == [MONDAY // DAY_NS + k for k in range(3)]


WEEKENDS = {
    "five daily bars from Monday": (stamps(5), "1d", False),
    "six daily bars from Monday": (stamps(6), "1d", True),
    "daily bars of New York close on Saturday in UTC, but open on Friday": (stamps(5, start=MONDAY + 5 * 3_600 * 10**9), "1d", False),
    "a minute on Sunday": (np.array([MONDAY, MONDAY + 6 * DAY_NS]), "1m", True),
    "weekly bars span weekends": (stamps(3, "1w"), "1w", True),
}  # fmt: skip


@pytest.mark.parametrize(("ts", "timeframe", "expected"), WEEKENDS.values(), ids=WEEKENDS)
def test_empty_days_count_where_the_market_trades_on_weekends(ts: Ints, timeframe: str, expected: bool) -> None:
    assert daily_marks(ts, Timeframe(timeframe), np.ones(len(ts))).every_day is expected


def test_the_first_daily_return_is_against_the_cash_and_empty_days_are_0() -> None:
    ts = MONDAY + np.array([0, 1, 5]) * DAY_NS
    daily = daily_marks(ts, Timeframe("1d"), np.array([110.0, 99.0, 198.0]))
    assert daily_returns(daily, 100.0) == pytest.approx([0.1, -0.1, 0.0, 0.0, 0.0, 1.0])


def test_only_days_with_bars_count_where_the_market_rests_on_weekends() -> None:
    ts = MONDAY + np.array([0, 1, 4, 7]) * DAY_NS
    daily = daily_marks(ts, Timeframe("1d"), np.array([110.0, 99.0, 198.0, 198.0]))
    assert daily_returns(daily, 100.0) == pytest.approx([0.1, -0.1, 1.0, 0.0])


def test_from_nothing_there_is_no_return() -> None:
    daily = daily_marks(stamps(3), Timeframe("1d"), np.array([100.0, 0.0, 50.0]))
    assert len(daily_returns(daily, 100.0)) == 0


def test_a_month_is_its_last_mark_against_the_month_before() -> None:
    equity = np.full(40, 110.0)
    equity[30], equity[39] = 120.0, 90.0  # 31 January and 9 February
    rows = monthly_returns(daily_marks(stamps(40), Timeframe("1d"), equity), 100.0)
    assert [(year, month) for year, month, _ in rows] == [(2024, 1), (2024, 2)]
    assert [value for *_, value in rows] == pytest.approx([0.2, -0.25])


def test_no_marks_no_months() -> None:
    daily = daily_marks(stamps(0), Timeframe("1h"), np.empty(0))
    assert monthly_returns(daily, 100.0) == []
    assert len(daily_returns(daily, 100.0)) == 0
