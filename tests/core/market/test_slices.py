"""A universe side by side is the union of its bars, and says truly what was absent."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.market.made_bars import HOUR, START, hourly

from assay.core.domain.errors import DataError
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.slices import align

hours = st.lists(st.integers(0, 40), unique=True, max_size=25).map(sorted)


def test_one_instrument_is_not_copied() -> None:
    bars = hourly([0, 1, 2])
    slices = align({"test:A": bars})
    assert slices.present is None
    assert slices.shape == slices.close.shape == (1, 3)
    assert np.shares_memory(slices.ts, bars.ts)
    for name in ("open", "high", "low", "close", "volume"):
        assert np.shares_memory(getattr(slices, f"{name}s")[0], getattr(bars, name))


def test_instruments_with_the_same_times_have_every_bar_and_are_not_copied() -> None:
    universe = {"test:A": hourly([0, 1, 2]), "test:B": hourly([0, 1, 2], price=50.0)}
    slices = align(universe)
    assert all(closes is bars.close for closes, bars in zip(slices.closes, universe.values(), strict=True))
    assert slices.present is None
    assert slices.open.tolist() == [[100.0, 101.0, 102.0], [50.0, 51.0, 52.0]]
    assert slices.instruments == ("test:A", "test:B")


def test_an_absent_bar_has_no_prices_but_the_last_close() -> None:
    slices = align({"test:A": hourly([0, 1, 3]), "test:B": hourly([1, 2])})
    assert slices.present is not None
    assert slices.present.tolist() == [[True, True, False, True], [False, True, True, False]]
    np.testing.assert_array_equal(slices.open, [[100, 101, np.nan, 102], [np.nan, 100, 101, np.nan]])
    np.testing.assert_array_equal(slices.close, [[101, 102, 102, 103], [np.nan, 101, 102, 102]])
    np.testing.assert_array_equal(slices.volume, [[5, 5, 0, 5], [0, 5, 5, 0]])


@given(st.lists(hours, min_size=1, max_size=4))
def test_align_is_the_union_and_loses_nothing(universe: list[list[int]]) -> None:
    members = {f"test:{i}": hourly(times) for i, times in enumerate(universe)}
    slices = align(members)
    assert slices.ts.tolist() == [START + hour * HOUR for hour in sorted({hour for times in universe for hour in times})]
    for row, bars in enumerate(members.values()):
        there = np.isin(slices.ts, bars.ts)
        assert slices.present is None or slices.present[row].tolist() == there.tolist()
        for name in ("open", "high", "low", "close", "volume"):
            column = getattr(slices, name)
            assert column.flags.c_contiguous
            assert column[row][there].tolist() == getattr(bars, name).tolist()


@given(st.lists(hours, min_size=2, max_size=3), st.integers(0, 40))
def test_what_comes_later_changes_no_earlier_slice(universe: list[list[int]], cut: int) -> None:
    members = {f"test:{i}": hourly(times) for i, times in enumerate(universe)}
    earlier = {name: bars[: int(np.searchsorted(bars.ts, START + cut * HOUR))] for name, bars in members.items()}
    whole, part = align(members), align(earlier)
    for name in ("open", "close", "volume"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[:, : len(part)])


def test_bars_of_two_timeframes_are_refused_by_name() -> None:
    bars = hourly([0, 1])
    daily = Bars("test:B", Timeframe("1d"), bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume)
    with pytest.raises(DataError, match="test:A is 1h, test:B is 1d"):
        align({"test:A": bars, "test:B": daily})


def test_a_universe_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="at least one instrument"):
        align({})


def test_volume_counts_only_where_every_instrument_has_it() -> None:
    bars = hourly([0, 1])
    silent = Bars("test:B", bars.timeframe, bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume, has_volume=False)
    assert not align({"test:A": bars, "test:B": silent}).has_volume


def test_a_slice_closes_one_timeframe_after_it_opened() -> None:
    assert align({"test:A": hourly([0, 5])}).at(1) == datetime(2024, 1, 1, 6, tzinfo=UTC)


def test_a_month_closes_when_the_next_begins() -> None:
    ts = np.array([np.datetime64(day, "ns").astype(np.int64) for day in ("2024-01-01", "2024-02-01", "2024-12-01")])
    column = np.ones(3)
    monthly = align({"test:A": Bars("test:A", Timeframe("1M"), ts, column, column, column, column, column)})
    assert [monthly.at(i).date().isoformat() for i in range(3)] == ["2024-02-01", "2024-03-01", "2025-01-01"]
