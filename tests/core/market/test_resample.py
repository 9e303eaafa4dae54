"""Coarser bars are those that venues make, and nothing is known of one before it has closed."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.domain.timeframe import MINUTE_NS, NAMES, Timeframe
from assay.core.market.bars import Ints
from assay.core.market.instants import closed_ts, to_datetime
from assay.core.market.resample import Clock

PAIRS = [
    (fine, coarse)
    for fine in NAMES
    for coarse in NAMES
    if fine != coarse and Timeframe(fine).fills(Timeframe(coarse)) and Timeframe(fine).minutes >= 15
]


def instants(*written: str) -> Ints:
    return np.array([int(datetime.fromisoformat(each).replace(tzinfo=UTC).timestamp()) * 1_000_000_000 for each in written], np.int64)


def opened(clock: Clock, coarse: str) -> list[str]:
    """When the first finer bar of each coarser one opened."""
    return [f"{to_datetime(ts):%a %Y-%m-%d %H:%M}" for ts in clock.ts[clock.coarser(coarse).starts].tolist()]


def daily(first: str, days: int) -> Clock:
    return Clock(instants(first)[0] + np.arange(days, dtype=np.int64) * 1440 * MINUTE_NS, Timeframe("1d"))


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    assert opened(daily("2024-01-01", 22), "1w") == ["Mon 2024-01-01 00:00", "Mon 2024-01-08 00:00", "Mon 2024-01-15 00:00"]
    assert opened(daily("2024-01-01", 31 + 29 + 30), "1M") == ["Mon 2024-01-01 00:00", "Thu 2024-02-01 00:00"]
    assert opened(daily("1969-12-01", 62), "1M") == ["Mon 1969-12-01 00:00", "Thu 1970-01-01 00:00"]


def test_a_bar_that_the_data_begins_in_the_middle_of_does_not_count() -> None:
    assert opened(daily("2024-01-02", 14), "1w") == ["Mon 2024-01-08 00:00"]
    assert daily("2024-01-02", 14).coarser("1w").known.tolist() == [0] * 12 + [1, 1]


def test_a_bar_is_known_from_its_close_on_and_with_its_last_finer_bar_missing_from_the_next() -> None:
    clock = Clock(instants("2024-01-01T00:00", "2024-01-01T01:00", "2024-01-01T02:00", "2024-01-01T04:00"), Timeframe("1h"))
    assert clock.coarser("2h").known.tolist() == [0, 1, 1, 2]
    made = {name: clock.coarser("2h").bar(name, np.arange(4.0)).tolist() for name in ("open", "high", "low", "close", "volume")}
    assert made == {"open": [0, 2], "high": [1, 2], "low": [0, 2], "close": [1, 2], "volume": [1, 2]}


def test_a_bar_across_a_boundary_belongs_to_where_it_closes() -> None:
    clock = Clock(instants("2024-01-01T00:00", "2024-01-01T01:30", "2024-01-01T02:30"), Timeframe("1h"))
    assert clock.coarser("2h").known.tolist() == [0, 1, 1]
    assert clock.coarser("2h").ends.tolist() == [1]


def test_no_bars_make_no_bars() -> None:
    clock = Clock(np.empty(0, np.int64), Timeframe("1h"))
    assert [len(clock.coarser("4h").bar(name, np.empty(0))) for name in ("open", "high", "low", "close", "volume")] == [0] * 5


@pytest.mark.parametrize(
    ("fine", "coarse", "fills"),
    [("1h", "4h", True), ("1h", "1M", True), ("8h", "12h", False), ("3d", "1w", False), ("1w", "1M", False), ("1d", "3d", True),
     ("3d", "1M", False), ("4h", "1h", False), ("1M", "1M", True), ("1M", "1w", False), ("12h", "1w", True)],
)  # fmt: skip
def test_some_timeframes_fill_others(fine: str, coarse: str, fills: bool) -> None:
    assert Timeframe(fine).fills(Timeframe(coarse)) is fills


@given(st.sampled_from(PAIRS), st.integers(0, 50_000_000), st.lists(st.booleans(), min_size=1, max_size=120))
def test_what_is_known_is_what_one_would_make_by_hand(pair: tuple[str, str], start: int, kept: list[bool]) -> None:
    """By datetimes, bar by bar."""
    fine, coarse = Timeframe(pair[0]), Timeframe(pair[1])
    first = start // fine.minutes * fine.nanoseconds
    there = np.arange(len(kept)) if all(kept[:3]) else np.flatnonzero([True, *kept])
    ts = first + there.astype(np.int64) * fine.nanoseconds
    if fine.name == "1w":
        ts += 4 * 1440 * MINUTE_NS
    made, closes = Clock(ts, fine).coarser(coarse.name), closed_ts(ts, fine)
    members: dict[datetime, list[int]] = {}
    for row, at in enumerate(ts.tolist()):
        members.setdefault(began(to_datetime(at), coarse), []).append(row)
    if to_datetime(ts[0]) != next(iter(members)):
        members.pop(next(iter(members)))
    for row in range(len(ts)):
        closed = [rows for opened_at, rows in members.items() if coarse.closed_at(opened_at) <= to_datetime(closes[row])]
        assert made.known[row] == len(closed)
        if closed:
            last = made.known[row] - 1
            assert list(range(made.starts[last], made.ends[last])) == closed[-1]


def began(at: datetime, timeframe: Timeframe) -> datetime:
    """When the bar that holds an instant began, as calendars say it."""
    match timeframe.name:
        case "1M":
            return at.replace(day=1, hour=0, minute=0, second=0)
        case "1w":
            return datetime.fromordinal(at.toordinal() - at.weekday()).replace(tzinfo=UTC)
        case _:
            seconds = timeframe.minutes * 60
            return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
