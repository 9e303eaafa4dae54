"""Odd bars are told apart from wrong ones, counted, and left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.core.market.made_bars import HOUR, START, hourly

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats
from assay.core.market.quality import gaps, inspect


def level(count: int, spacing_ns: int = HOUR, timeframe: str = "1h", start: int = START) -> Bars:
    """Bars that wander by a tenth, each with volume."""
    ts = start + np.arange(count, dtype=np.int64) * spacing_ns
    close: Floats = 100.0 + (np.arange(count) % 2).astype(np.float64) * 0.1
    return Bars("test:A", Timeframe(timeframe), ts, close.copy(), close + 1.0, close - 1.0, close, np.ones(count))


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


def test_weekends_of_a_share_are_no_warning() -> None:
    days = [day for day in range(40) if day % 7 < 5]  # 2024-01-01 is a Monday
    ts = START + np.array(days, dtype=np.int64) * 24 * HOUR
    bars = replace(level(len(days)), timeframe=Timeframe("1d"), ts=ts)
    severity, _count, message = found(bars)["gaps"]
    assert severity == "info"
    assert message.endswith("the market seems to close over weekends")


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


def test_a_split_shows_as_a_leap() -> None:
    bars = level(60)
    for column in (bars.open, bars.high, bars.low, bars.close):
        column[40:] /= 4.0
    assert found(bars)["leap"][2].startswith("bar 41: 1 close leapt unusually far; the farthest by -75% at 2024-01-02 16:00")


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
