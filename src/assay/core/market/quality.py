"""What is odd about bars that can still be used: gaps, flat stretches, leaps. Findings are told, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from assay.core.market.bars import Bars, Ints
from assay.core.market.instants import shown
from assay.core.market.rows import Path, bar_number, finite_faults, price_faults, time_faults, volume_faults

Severity: TypeAlias = Literal["info", "warning", "error"]

DAY_NS: Final = 86_400_000_000_000
STALE_BARS: Final = 10
LEAP_SHARE: Final = 0.20
LEAP_MEDIANS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing about data, where the first of it is, and how many there are."""

    severity: Severity
    code: str
    path: str
    message: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(frozen=True, eq=False)
class Gaps:
    """Holes in the timeframe's grid: the ordinal of the bar after each, and how many bars are missing before it."""

    rows: Ints
    missing: Ints

    def __len__(self) -> int:
        return len(self.rows)


def inspect(bars: Bars, path: Path = bar_number) -> tuple[Finding, ...]:
    """All checks, the errors first; bars that were imported have none of those."""
    faults = [
        *time_faults(bars.ts, path),
        *finite_faults({name: getattr(bars, name) for name in ("open", "high", "low", "close", "volume")}),
        *price_faults(bars.open, bars.high, bars.low, bars.close),
        *volume_faults(bars.volume),
    ]
    errors = (Finding("error", fault.code, path(fault.row), fault.message) for fault in sorted(faults))
    return (*errors, *oddities(bars, path))


def oddities(bars: Bars, path: Path = bar_number) -> tuple[Finding, ...]:
    """Everything short of an error."""
    return (*_gaps_found(bars, path), *_off_grid(bars, path), *_stale(bars, path), *_leaps(bars, path))


def gaps(bars: Bars) -> Gaps:
    """Where bars are missing. Months have no grid finer than the calendar, so they are counted in calendar months."""
    if bars.timeframe.name == "1M":
        months = bars.ts.view("datetime64[ns]").astype("datetime64[M]").view(np.int64)
        absent = np.diff(months) - 1
    else:
        length = bars.timeframe.nanoseconds
        absent = (np.diff(bars.ts) + length // 2) // length - 1
    rows = np.flatnonzero(absent > 0)
    return Gaps(rows + 1, absent[rows])


def keeps_sessions(bars: Bars) -> bool:
    """Whether the market closes over weekends: no bar opens on a Saturday (UTC), though the bars span several."""
    if len(bars) < 2 or bars.ts[-1] - bars.ts[0] < 14 * DAY_NS or bars.timeframe.nanoseconds > DAY_NS:
        return False
    weekdays = (bars.ts // DAY_NS + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    return not (weekdays == 5).any()


def _gaps_found(bars: Bars, path: Path) -> Iterator[Finding]:
    found = gaps(bars)
    if len(found) == 0:
        return
    longest = int(np.argmax(found.missing))
    after = int(found.rows[longest])
    total = int(found.missing.sum())
    message = (
        f"{_counted(len(found), 'gap')}, {_counted(total, 'bar')} missing; the longest lacks {found.missing[longest]} "
        f"between {shown(bars.ts[after - 1])} and {shown(bars.ts[after])}"
    )
    if keeps_sessions(bars):
        yield Finding("info", "gaps", path(int(found.rows[0])), f"{message}; the market seems to close over weekends", len(found))
    else:
        yield Finding("warning", "gaps", path(int(found.rows[0])), message, len(found))


def _off_grid(bars: Bars, path: Path) -> Iterator[Finding]:
    """Within a day the grid is the first bar's; from a day on, daylight saving may move it, and nothing is said."""
    if bars.timeframe.nanoseconds >= DAY_NS or len(bars) == 0:
        return
    off = np.flatnonzero((bars.ts - bars.ts[0]) % bars.timeframe.nanoseconds)
    if len(off):
        row = int(off[0])
        message = (
            f"{_counted(len(off), 'bar')} off the grid of {bars.timeframe} that starts at {shown(bars.ts[0])}; here {shown(bars.ts[row])}"
        )
        yield Finding("warning", "off_grid", path(row), message, len(off))


def _stale(bars: Bars, path: Path) -> Iterator[Finding]:
    """Bars that repeat the last close without volume: a venue that was down, and was recorded as quiet."""
    if len(bars) < STALE_BARS:
        return
    flat = (bars.high == bars.low) & (bars.volume == 0.0)
    flat[1:] &= bars.close[1:] == bars.close[:-1]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flat.view(np.int8), [0]))))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    long = lengths >= STALE_BARS
    if long.any():
        starts, lengths = starts[long], lengths[long]
        longest = int(np.argmax(lengths))
        message = (
            f"{_counted(len(starts), 'stretch', 'stretches')} of at least {STALE_BARS} flat bars without volume; "
            f"the longest is {lengths[longest]} bars from {shown(bars.ts[starts[longest]])}"
        )
        yield Finding("warning", "stale", path(int(starts[0])), message, len(starts))


def _leaps(bars: Bars, path: Path) -> Iterator[Finding]:
    """Closes that leap by far more than this instrument's bars do: a split that was not adjusted for, or a bad print."""
    if len(bars) < 20 or not (bars.close > 0.0).all():
        return
    change = np.abs(np.diff(np.log(bars.close)))
    leap = np.flatnonzero(change > max(float(np.log1p(LEAP_SHARE)), LEAP_MEDIANS * float(np.median(change))))
    if len(leap):
        largest = int(leap[np.argmax(change[leap])]) + 1
        share = bars.close[largest] / bars.close[largest - 1] - 1.0
        message = (
            f"{_counted(len(leap), 'close')} leapt unusually far; the farthest by {share:+.0%} at {shown(bars.ts[largest])} "
            "(a split that is not adjusted for, or a bad print?)"
        )
        yield Finding("warning", "leap", path(int(leap[0]) + 1), message, len(leap))


def _counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
