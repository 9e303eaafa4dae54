"""Coarser bars are those that venues make, and nothing is known of one before it has closed."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from assay.adapters.files.candles import import_bars
from assay.core.domain.timeframe import MINUTE_NS, NAMES, Timeframe
from assay.core.market.bars import Bars, Ints
from assay.core.market.instants import closed_ts, to_datetime
from assay.core.market.resample import Clock, resampled

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


@st.composite
def minutes(draw: st.DrawFn) -> Bars:
    """Some hours of minutes with holes, from anywhere in an hour on; the last hour has its last minute."""
    start, hours = draw(st.integers(0, 10_000)), draw(st.integers(1, 4))
    length = hours * 60 - start % 60
    there = np.array(draw(st.lists(st.sampled_from([True] * 9 + [False]), min_size=length, max_size=length)))
    there[-1] = True
    ts = (start + np.flatnonzero(there).astype(np.int64)) * MINUTE_NS
    seed = draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    low, first, second, high = np.sort(chance.integers(1, 10**6, (4, len(ts))).astype(np.float64), axis=0)
    return Bars("test:A", Timeframe("1m"), ts, first, high, low, second, chance.integers(0, 10**6, len(ts)).astype(np.float64))


@given(minutes(), st.sampled_from(["3m", "5m", "15m", "30m"]))
def test_hours_are_the_same_by_whatever_way_minutes_come_to_them(bars: Bars, between: str) -> None:
    hour = Timeframe("1h")
    there, by_way = resampled(bars, hour), resampled(resampled(bars, Timeframe(between)), hour)
    assert by_way.fingerprint == there.fingerprint


@given(minutes())
def test_an_hour_is_the_first_open_the_extremes_the_last_close_and_all_the_volume(bars: Bars) -> None:
    made = resampled(bars, Timeframe("1h"))
    length = made.timeframe.nanoseconds
    assert (made.ts % length == 0).all()
    for row, ts in enumerate(made.ts.tolist()):
        inside = (bars.ts >= ts) & (bars.ts < ts + length)
        expected = (
            bars.open[inside][0],
            bars.high[inside].max(),
            bars.low[inside].min(),
            bars.close[inside][-1],
            bars.volume[inside].sum(),
        )
        assert (made.open[row], made.high[row], made.low[row], made.close[row], made.volume[row]) == expected


@pytest.mark.parametrize(
    ("fine", "coarse", "hours"),
    [
        ("BTCUSDT_1m_2021-03-26_04-30", "BTCUSDT_1h_2017-2023", 835),
        ("BTCUSDT_1m_2022-06-15_07-19", "BTCUSDT_1h_2017-2023", 833),
        ("ETHUSDT_1m_2021-08-09_09-13", "ETHUSDT_1h_2021-04_2023-12", 833),
        ("ETHUSDT_1m_2023-10-07_11-10", "ETHUSDT_1h_2021-04_2023-12", 833),
        ("BTCUSDT_5m_2022-08_2023-09", "BTCUSDT_1h_2017-2023", 10_145),
    ],
)
def test_recorded_minutes_make_the_hours_that_the_venue_made(fine: str, coarse: str, hours: int) -> None:
    """Also the hours in which it went down: what was traded in them is all there is."""
    made = resampled(import_bars(shared(f"candles/binance_spot_{fine}.parquet")).bars, Timeframe("1h"))
    venue = import_bars(shared(f"candles/binance_spot_{coarse}.parquet")).bars
    _, ours, theirs = np.intersect1d(made.ts, venue.ts, return_indices=True)
    assert len(ours) == hours
    for name in ("open", "high", "low", "close"):
        assert getattr(made, name)[ours].tolist() == getattr(venue, name)[theirs].tolist()
    assert made.volume[ours] == pytest.approx(venue.volume[theirs], rel=1e-9)


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
