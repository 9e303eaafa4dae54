"""A market owes the bars of its open hours, whoever stamps them and however long they are."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Ints
from assay.core.market.calendar import ALWAYS, WEEKDAYS, Calendar, Exchange, Stretches, expected
from assay.core.market.gaps import gaps_between, inferred
from assay.core.market.instants import to_datetime, to_ns

HOUR = 3_600_000_000_000
DAY = 24 * HOUR


def at(text: str) -> int:
    return to_ns(datetime.fromisoformat(text).replace(tzinfo=UTC))


def market(*sessions: tuple[str, str]) -> Exchange:
    return Exchange("TEST", Stretches(np.array([at(opens) for opens, _ in sessions]), np.array([at(closes) for _, closes in sessions])))


def opens(calendar: Calendar, timeframe: str, start: str, end: str, phase: int | None = None) -> list[str]:
    owed = expected(calendar, Timeframe(timeframe), at(start), at(end), phase)
    return [f"{to_datetime(ts):%a %m-%d %H:%M}" for ts in owed.starts.tolist()]


NEW_YORK = market(
    ("2024-03-07T14:30", "2024-03-07T21:00"), ("2024-03-08T14:30", "2024-03-08T21:00"), ("2024-03-11T13:30", "2024-03-11T20:00"),
)  # fmt: skip
"""Over a weekend on which its clocks change."""


def test_a_market_without_closes_owes_every_bar() -> None:
    assert opens(ALWAYS, "8h", "2024-01-06", "2024-01-07") == ["Sat 01-06 00:00", "Sat 01-06 08:00", "Sat 01-06 16:00"]
    assert opens(ALWAYS, "1d", "2024-02-28", "2024-03-02") == ["Wed 02-28 00:00", "Thu 02-29 00:00", "Fri 03-01 00:00"]
    assert opens(ALWAYS, "1w", "2024-01-01", "2024-01-15") == ["Mon 01-01 00:00", "Mon 01-08 00:00"]
    assert opens(ALWAYS, "1M", "2024-01-01", "2024-04-01") == ["Mon 01-01 00:00", "Thu 02-01 00:00", "Fri 03-01 00:00"]


def test_currencies_rest_from_friday_evening_to_sunday_evening() -> None:
    hours = opens(WEEKDAYS, "1h", "2024-03-08T19:00", "2024-03-11T01:00")
    assert hours == ["Fri 03-08 19:00", "Fri 03-08 20:00", "Sun 03-10 22:00", "Sun 03-10 23:00", "Mon 03-11 00:00"]
    assert opens(WEEKDAYS, "1d", "2024-03-08", "2024-03-13") == ["Fri 03-08 00:00", "Mon 03-11 00:00", "Tue 03-12 00:00"]
    assert len(opens(WEEKDAYS, "1h", "2024-03-10T22:00", "2024-03-15T21:00")) == 119


@pytest.mark.parametrize("holiday", ["2024-12-25", "2025-01-01"])
def test_currencies_rest_on_christmas_and_new_year(holiday: str) -> None:
    day = datetime.fromisoformat(holiday).replace(tzinfo=UTC)
    owed = expected(WEEKDAYS, Timeframe("1h"), to_ns(day), to_ns(day) + 22 * HOUR)
    assert len(owed) == 0
    assert len(expected(WEEKDAYS, Timeframe("1h"), to_ns(day) + 22 * HOUR, to_ns(day) + 24 * HOUR)) == 2


def test_bars_of_an_exchange_begin_with_its_session_or_lie_on_their_sources_grid() -> None:
    anchored = opens(NEW_YORK, "4h", "2024-03-08", "2024-03-12")
    assert anchored == ["Fri 03-08 14:30", "Fri 03-08 18:30", "Mon 03-11 13:30", "Mon 03-11 17:30"]
    on_the_hour = opens(NEW_YORK, "1h", "2024-03-11", "2024-03-12", phase=0)
    assert (on_the_hour[0], on_the_hour[-1], len(on_the_hour)) == ("Mon 03-11 13:00", "Mon 03-11 19:00", 7)
    assert opens(NEW_YORK, "1d", "2024-03-07", "2024-03-12") == ["Thu 03-07 00:00", "Fri 03-08 00:00", "Mon 03-11 00:00"]
    assert opens(NEW_YORK, "1w", "2024-03-07", "2024-03-12") == ["Mon 03-04 00:00", "Mon 03-11 00:00"]


def test_outside_of_the_sessions_that_are_known_nothing_is_owed() -> None:
    assert opens(NEW_YORK, "1h", "2024-03-12", "2024-06-01") == []
    assert opens(NEW_YORK, "1d", "2020-01-01", "2024-03-07") == []


@pytest.mark.parametrize("stamp", ["2024-03-{:02}T00:00", "2024-03-{:02}T05:00", "2024-03-{:02}T13:30"], ids=["date", "midnight", "open"])
def test_a_day_is_there_wherever_in_it_a_source_puts_the_stamp(stamp: str) -> None:
    whole, holed = (np.array([at(stamp.format(day)) for day in days]) for days in ((7, 8, 11), (7, 11)))
    assert len(gaps_between(whole, Timeframe("1d"), NEW_YORK)) == 0
    found = gaps_between(holed, Timeframe("1d"), NEW_YORK)
    assert (found.rows.tolist(), found.missing.tolist(), found.first.tolist()) == ([1], [1], [at("2024-03-08T00:00")])


def test_a_day_that_ends_before_the_date_does_where_it_is_stamped_belongs_to_its_own_session() -> None:
    """Tokyo's midnight is 15:00 UTC of the day before."""
    tokyo = market(*((f"2024-03-{day:02}T00:00", f"2024-03-{day:02}T06:00") for day in (7, 8, 11)))
    ts = np.array([at("2024-03-06T15:00"), at("2024-03-07T15:00"), at("2024-03-10T15:00")])
    assert len(gaps_between(ts, Timeframe("1d"), tokyo)) == 0


def test_a_hole_in_a_session_is_told_apart_from_the_night_around_it() -> None:
    ts = expected(NEW_YORK, Timeframe("30m"), at("2024-03-07"), at("2024-03-12")).starts
    holed = np.delete(ts, [3, 4, 12, 13])  # two at noon; the last of a day and the first of the next
    found = gaps_between(holed, Timeframe("30m"), NEW_YORK)
    assert found.missing.tolist() == [2, 2]
    assert [f"{to_datetime(first):%d %H:%M}" for first in found.first.tolist()] == ["07 16:00", "07 20:30"]
    assert [f"{to_datetime(last):%d %H:%M}" for last in found.last.tolist()] == ["07 16:30", "08 14:30"]


@given(
    st.sampled_from([ALWAYS, WEEKDAYS]),
    st.sampled_from([name for name in NAMES if name != "1M"]),
    st.integers(20_000, 20_400),
    st.lists(st.booleans(), min_size=3, max_size=200),
)
def test_what_is_taken_out_of_what_is_owed_is_what_is_missing(calendar: Calendar, name: str, day: int, kept: list[bool]) -> None:
    """The first and the last stay, for nobody misses what was before or comes after."""
    timeframe = Timeframe(name)
    owed = expected(calendar, timeframe, day * DAY, day * DAY + 400 * timeframe.nanoseconds).starts
    if len(owed) < 3:
        return
    there = np.resize(np.array(kept), len(owed))
    there[[0, -1]] = True
    found = gaps_between(owed[there], timeframe, calendar)
    assert found.missing.sum() == np.count_nonzero(~there)
    assert len(found) == np.count_nonzero(there[:-1] & ~there[1:])
    assert found.first.tolist() == owed[1:][there[:-1] & ~there[1:]].tolist()


def hours(first: str, days: int, weekdays: range, of_day: range) -> Ints:
    ts = at(first) + np.arange(days * 24, dtype=np.int64) * HOUR
    return ts[np.isin((ts // DAY + 3) % 7, weekdays) & np.isin(ts // HOUR % 24, of_day)]


def test_what_a_market_does_shows_in_its_bars() -> None:
    hourly, daily = Timeframe("1h"), Timeframe("1d")
    assert inferred(hours("2024-01-01", 30, range(7), range(24)), hourly) is ALWAYS
    assert inferred(hours("2024-01-01", 30, range(5), range(24)), hourly) is WEEKDAYS
    assert inferred(hours("2024-01-01", 30, range(5), range(14, 21)), hourly) is None
    assert inferred(hours("2024-01-01", 30, range(5), range(1)), daily) is None
    assert inferred(hours("2024-01-01", 5, range(5), range(14, 21)), hourly) is ALWAYS
