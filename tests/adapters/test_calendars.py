"""Exchanges are open when they were, and recorded shares lack no day of theirs."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from tests.shared_data import shared

from assay.adapters.calendars import exchange
from assay.adapters.files.candles import import_bars
from assay.core.domain.timeframe import Timeframe
from assay.core.market.calendar import expected
from assay.core.market.gaps import gaps, gaps_between
from assay.core.market.instants import shown, to_ns


def day(code: str, date: str) -> list[tuple[str, str]]:
    """When it was open on a date, in UTC."""
    calendar = exchange(code)
    assert calendar is not None
    start = to_ns(datetime.fromisoformat(date).replace(tzinfo=UTC))
    hours = calendar.hours(start, start + 86_400_000_000_000)
    return [(shown(opens)[11:], shown(closes)[11:]) for opens, closes in zip(hours.starts, hours.ends, strict=True)]


@pytest.mark.parametrize(
    ("code", "date", "hours"),
    [
        ("XNYS", "2024-01-10", [("14:30", "21:00")]),
        ("XNYS", "2024-07-10", [("13:30", "20:00")]),
        ("XNYS", "2024-11-29", [("14:30", "18:00")]),
        ("XNYS", "2024-12-25", []),
        ("XNYS", "2001-09-12", []),
        ("XLON", "2024-07-10", [("07:00", "15:30")]),
        ("XTKS", "2024-07-10", [("00:00", "02:30"), ("03:30", "06:00")]),
    ],
    ids=["winter", "summer", "half a day", "holiday", "closed by events", "London", "with a break"],
)
def test_hours_are_those_that_the_exchange_kept(code: str, date: str, hours: list[tuple[str, str]]) -> None:
    assert day(code, date) == hours


def test_what_is_no_exchange_has_no_calendar() -> None:
    assert exchange("XXXX") is None


def test_a_day_is_one_bar_also_where_it_has_a_break() -> None:
    tokyo = exchange("XTKS")
    assert tokyo is not None
    start = to_ns(datetime(2024, 7, 8, tzinfo=UTC))
    assert len(expected(tokyo, Timeframe("1d"), start, start + 5 * 86_400_000_000_000)) == 5


@pytest.mark.parametrize(
    "name", ["stock_AAPL_1d_1998-2021_raw", "stock_SPY_1d_1998-2021_raw", "index_SP500_1d_2000-2020", "stock_GOOG_1d_2004-2013"]
)
def test_recorded_shares_lack_no_day_of_new_yorks(name: str) -> None:
    new_york = exchange("XNYS")
    assert len(gaps(import_bars(shared(f"candles/{name}.parquet")).bars, new_york)) == 0


def test_days_that_are_taken_out_are_missed() -> None:
    whole = import_bars(shared("candles/stock_MSFT_1d_2012-2014.parquet")).bars
    kept = np.delete(whole.ts, [100, 101, 500])
    found = gaps_between(kept, whole.timeframe, exchange("XNYS"))
    assert found.missing.tolist() == [2, 1]
    assert found.first.tolist() == whole.ts[[100, 500]].tolist()
