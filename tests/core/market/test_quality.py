"""Odd bars are told apart from wrong ones, counted, and left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.core.market.made_bars import HOUR, START, hourly

from assay.core.domain.spec import ODDITIES
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats
from assay.core.market.calendar import WEEKDAYS
from assay.core.market.findings import PLACES
from assay.core.market.gaps import gaps
from assay.core.market.quality import inspect


def level(count: int, spacing_ns: int = HOUR, timeframe: str = "1h", start: int = START) -> Bars:
    """Bars that wander by a tenth, each with volume."""
    ts = start + np.arange(count, dtype=np.int64) * spacing_ns
    close: Floats = 100.0 + (np.arange(count) % 2).astype(np.float64) * 0.1
    return Bars("test:A", Timeframe(timeframe), ts, close.copy(), close + 1.0, close - 1.0, close, np.ones(count))


def weekly(days: list[int]) -> Bars:
    """Days counted from 2024-01-01."""
    ts = START + np.array(days, dtype=np.int64) * 24 * HOUR
    return replace(level(len(days)), timeframe=Timeframe("1d"), ts=ts)


def found(bars: Bars) -> dict[str, tuple[str, int, str]]:
    return {finding.code: (finding.severity, finding.count, str(finding)) for finding in inspect(bars)}


def test_whole_and_lively_bars_are_not_remarked_on() -> None:
    assert inspect(level(100)) == ()
    assert inspect(hourly([])) == ()


def test_gaps_are_counted_and_the_longest_is_located() -> None:
    bars = hourly([0, 1, 3, 4, 9, 10])
    assert (gaps(bars).rows.tolist(), gaps(bars).missing.tolist()) == ([2, 4], [1, 4])
    assert found(bars)["gaps"] == (
        "warning", 2, "bar 3: 2 gaps, 5 bars missing; the longest lacks 4 between 2024-01-01 04:00 and 2024-01-01 09:00",
    )  # fmt: skip


def test_weekends_of_a_share_are_no_gaps_and_a_week_without_it_is_a_note() -> None:
    days = [day for day in range(40) if day % 7 < 5]  # 2024-01-01 is a Monday
    whole = weekly(days)
    assert inspect(whole) == ()
    severity, count, message = found(weekly([day for day in days if not 14 <= day < 19]))["gaps"]
    assert (severity, count) == ("info", 1)
    assert message.endswith("the market keeps sessions that nobody told, and may have been closed")


def test_by_a_calendar_a_missing_day_is_a_warning() -> None:
    bars = weekly([day for day in range(40) if day % 7 < 5 and day != 16])
    (finding,) = inspect(bars, calendar=WEEKDAYS)
    assert (finding.severity, finding.count, finding.places[0].bars) == ("warning", 1, 1)
    assert finding.places[0].first_ts == START + 16 * 24 * HOUR


def test_a_month_of_thirty_days_is_no_gap_and_a_missing_one_is() -> None:
    months = ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-06-01"]
    ts = np.array(months, dtype="datetime64[ns]").view(np.int64)
    assert gaps(replace(level(5), timeframe=Timeframe("1M"), ts=ts)).missing.tolist() == [1]


def test_a_dead_stretch_is_reported_with_its_length() -> None:
    bars = level(60)
    for column in (bars.open, bars.high, bars.low, bars.close):
        column[20:32] = bars.close[19]
    bars.volume[20:32] = 0.0
    assert found(bars)["stale"][2] == (
        "bar 21: 1 stretch of at least 10 flat bars without volume; the longest is 12 bars from 2024-01-01 20:00"
    )


def test_a_bar_off_the_grid_is_reported() -> None:
    bars = level(10)
    bars.ts[7:] += 60_000_000_000
    assert found(bars)["off_grid"][:2] == ("warning", 3)


def test_contradictions_are_errors() -> None:
    bars = level(10)
    bars.high[3] = 1.0
    bars.close[4] = np.nan
    bars.volume[5] = -1.0
    bars.ts[6] = bars.ts[5]
    errors = {(finding.path, finding.code) for finding in inspect(bars) if finding.severity == "error"}
    assert errors == {("bar 4", "high_below"), ("bar 5", "not_finite"), ("bar 6", "negative_volume"), ("bar 7", "duplicate_time")}


def test_prices_of_nothing_and_less_are_errors_with_their_bars() -> None:
    bars = level(10)
    bars.low[2:4] = 0.0
    bars.low[7] = -1.0
    (finding,) = (each for each in inspect(bars) if each.code == "not_positive")
    assert (finding.count, [place.start for place in finding.places]) == (3, [2, 3, 7])


def test_a_fault_in_every_bar_is_one_finding_with_its_count_and_some_of_the_bars() -> None:
    bars = level(5_000)
    bars.high[:] = 1.0
    (finding,) = (each for each in inspect(bars) if each.code == "high_below")
    assert (finding.count, len(finding.places)) == (5_000, PLACES)


def test_places_are_the_bars_that_a_finding_is_about_the_gravest_first() -> None:
    bars = hourly([0, 1, 3, 4, 9, 10])
    (holes,) = inspect(bars)
    assert [(place.start, place.end, (place.first_ts - START) // HOUR, (place.last_ts - START) // HOUR) for place in holes.places] == [
        (4, 4, 5, 8),
        (2, 2, 2, 2),
    ]
    quiet = level(60)
    for column in (quiet.open, quiet.high, quiet.low, quiet.close):
        column[20:32] = quiet.close[19]
    quiet.volume[20:32] = 0.0
    (stale,) = inspect(quiet)
    assert [(place.start, place.end, place.bars) for place in stale.places] == [(20, 32, 12)]


def test_everything_short_of_an_error_is_an_oddity_that_a_session_may_tolerate() -> None:
    bars = level(200)
    bars.ts[7:] += 60_000_000_000
    bars.ts[12:] += 5 * HOUR
    for name in ("open", "high", "low", "close"):
        column = getattr(bars, name)
        column[40:52] = bars.close[39]
        column[80:] /= 4.0
        column[120:] *= 0.55 if name in ("low", "close") else 1.0
        column[121:] *= 0.55 if name in ("open", "high") else 1.0
    bars.low[150] /= 10.0
    bars.volume[40:52] = 0.0
    assert [finding.code for finding in inspect(bars)] == list(ODDITIES)
