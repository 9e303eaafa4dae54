"""Bars that a market owes and that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Ints
from assay.core.market.calendar import ALWAYS, DAY_NS, HOUR_NS, WEEKDAYS, Always, Calendar, expected
from assay.core.market.findings import PLACES, Finding, Place, counted
from assay.core.market.instants import closed_ts, shown
from assay.core.market.rows import Path

CLOSED_LONGEST: Final = 5 * DAY_NS
"""For how long a market whose sessions nobody told may be closed without a bar missing: two holidays beside a weekend."""
SEEN_FOR: Final = 14 * DAY_NS
"""Bars of less time do not show how a market's week goes."""


@dataclass(frozen=True, eq=False)
class Gaps:
    """Holes: the row of the bar after each, how many bars are missing before it, and when the first and the last of those would open."""

    rows: Ints
    missing: Ints
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.rows)


def gaps(bars: Bars, calendar: Calendar | None = None) -> Gaps:
    """Where bars are missing, by the market's calendar; without one, by what the bars show of it."""
    return gaps_between(bars.ts, bars.timeframe, calendar)


def gaps_between(ts: Ints, timeframe: Timeframe, calendar: Calendar | None = None) -> Gaps:
    """The same, of the bars' opens alone."""
    known = calendar or inferred(ts, timeframe)
    if known is None:
        return _unexplained(_holes(ts, timeframe), ts)
    return _holes(ts, timeframe) if isinstance(known, Always) else _owed(ts, timeframe, known)


def inferred(ts: Ints, timeframe: Timeframe) -> Calendar | None:
    """What the bars show: open always where they are few or some open on a Saturday (UTC); open on weekdays where all hours of those have
    bars. None where the market keeps sessions, for nobody can tell its holidays from missing days.
    """
    if len(ts) < 2 or ts[-1] - ts[0] < SEEN_FOR or timeframe.nanoseconds > DAY_NS:
        return ALWAYS
    weekday = (ts // DAY_NS + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    if (weekday == 5).any():
        return ALWAYS
    inner = ts[(weekday >= 1) & (weekday <= 3)]
    hours = np.unique(inner // HOUR_NS % 24)
    return WEEKDAYS if len(hours) >= 24 * HOUR_NS // max(HOUR_NS, timeframe.nanoseconds) > 1 else None


def missing_bars(bars: Bars, calendar: Calendar | None = None) -> int:
    """How many there should be and are not; none where a market keeps sessions that nobody told."""
    told = calendar or inferred(bars.ts, bars.timeframe)
    return 0 if told is None else int(gaps(bars, told).missing.sum())


def gap_findings(bars: Bars, calendar: Calendar | None, path: Path) -> Iterator[Finding]:
    """The longest hole is told; where the market keeps sessions that nobody told, it is no more than a note."""
    found = gaps(bars, calendar)
    if len(found) == 0:
        return
    longest = int(np.argmax(found.missing))
    after = int(found.rows[longest])
    message = (
        f"{counted(len(found), 'gap')}, {counted(int(found.missing.sum()), 'bar')} missing; the longest lacks {found.missing[longest]} "
        f"between {shown(bars.ts[after - 1])} and {shown(bars.ts[after])}"
    )
    told = calendar is not None or inferred(bars.ts, bars.timeframe) is not None
    if not told:
        message += "; the market keeps sessions that nobody told, and may have been closed"
    places = tuple(_place(found, hole) for hole in np.argsort(-found.missing, kind="stable")[:PLACES].tolist())
    yield Finding("warning" if told else "info", "gaps", path(int(found.rows[0])), message, len(found), places)


def _place(found: Gaps, hole: int) -> Place:
    row = int(found.rows[hole])
    return Place(row, row, int(found.first[hole]), int(found.last[hole]), int(found.missing[hole]))


def _holes(ts: Ints, timeframe: Timeframe) -> Gaps:
    """On the timeframe's own grid. Months have none finer than the calendar, so they are counted in calendar months."""
    length = timeframe.nanoseconds
    if timeframe.name == "1M":
        months = ts.view("datetime64[ns]").astype("datetime64[M]").view(np.int64)
        absent = np.diff(months) - 1
    else:
        absent = (np.diff(ts) + length // 2) // length - 1
    before = np.flatnonzero(absent > 0)
    missing = absent[before]
    first = closed_ts(ts[before], timeframe)
    return Gaps(before + 1, missing, first, first + (missing - 1) * length)


def _unexplained(holes: Gaps, ts: Ints) -> Gaps:
    """A market that closes over weekends also closes overnight and on holidays, and nobody misses bars then."""
    before, after = ts[holes.rows - 1], ts[holes.rows]
    kept = (before // DAY_NS == after // DAY_NS) | (after - before > CLOSED_LONGEST)
    return Gaps(holes.rows[kept], holes.missing[kept], holes.first[kept], holes.last[kept])


def _owed(ts: Ints, timeframe: Timeframe, calendar: Calendar) -> Gaps:
    """A bar stands for the first of those owed that ends after it opens: sources stamp the day's at midnight here, there or at the open."""
    if not len(ts):
        return Gaps(ts, ts, ts, ts)
    phases = np.unique(ts % timeframe.nanoseconds)
    owed = expected(calendar, timeframe, int(ts[0]), int(ts[-1]) + 1, int(phases[0]) if len(phases) == 1 else None)
    stands_for = np.searchsorted(owed.ends, ts, side="right")
    met = np.zeros(len(owed) + 1, np.bool_)
    met[stands_for] = True
    lacking = np.flatnonzero(~met[: int(stands_for[-1])])
    rows, places, missing = np.unique(np.searchsorted(ts, owed.ends[lacking]), return_index=True, return_counts=True)
    return Gaps(rows, missing, owed.starts[lacking[places]], owed.starts[lacking[places + missing - 1]])
