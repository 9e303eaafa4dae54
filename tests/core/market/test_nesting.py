"""Every finer bar belongs to the deciding bar that it lies in, or the data do not fit together."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.market.made_bars import HOUR, START, hourly

from assay.core.domain.errors import DataError
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.nesting import nest


def quarters(count: list[int]) -> Bars:
    ts = START + np.array(count, dtype=np.int64) * (HOUR // 4)
    column = np.ones(len(count))
    return Bars("test:A", Timeframe("15m"), ts, column, column, column, column, column)


def test_four_quarters_lie_in_their_hour() -> None:
    assert nest(hourly([0, 1]), quarters([0, 1, 2, 3, 4, 5, 6, 7])).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_hole_in_the_finer_bars_is_no_fault() -> None:
    assert nest(hourly([0, 1, 2]), quarters([1, 3, 8])).tolist() == [0, 0, 2]


@pytest.mark.parametrize("outside", [[0, 1], [4, 8], [4, 12, 16]])
def test_a_finer_bar_in_no_coarse_one_is_refused(outside: list[int]) -> None:
    with pytest.raises(DataError, match="lie inside no bar of 1h"):
        nest(hourly([1, 3]), quarters(outside))


def test_a_finer_bar_that_reaches_over_the_end_is_refused() -> None:
    late = quarters([3])
    shifted = Bars("test:A", late.timeframe, late.ts + 60_000_000_000, late.open, late.high, late.low, late.close, late.volume)
    with pytest.raises(DataError, match="1 of 1 bars"):
        nest(hourly([0, 1]), shifted)


def test_bars_that_are_not_finer_are_refused() -> None:
    with pytest.raises(DataError, match="not finer"):
        nest(hourly([0, 1]), hourly([0, 1]))


def test_months_take_in_what_the_calendar_says() -> None:
    days = np.array([np.datetime64(day, "ns").astype(np.int64) for day in ("2024-02-29", "2024-03-01", "2024-03-31")])
    months = np.array([np.datetime64(day, "ns").astype(np.int64) for day in ("2024-02-01", "2024-03-01")])
    two, three = np.ones(2), np.ones(3)
    coarse = Bars("test:A", Timeframe("1M"), months, two, two, two, two, two)
    assert nest(coarse, Bars("test:A", Timeframe("1d"), days, three, three, three, three, three)).tolist() == [0, 1, 1]
