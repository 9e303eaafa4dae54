"""Bars, and what is known of them, as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from assay.api.wire.market import BarColumns, CoverageItem, Finding, FindingPlace, Gap, Imported, Quality
from assay.core.market.bars import Bars, Floats
from assay.core.market.calendar import Calendar
from assay.core.market.candles import Imported as Read
from assay.core.market.findings import Finding as Found
from assay.core.market.findings import Place
from assay.core.market.gaps import inferred
from assay.core.market.instants import to_datetime
from assay.core.market.quality import inspect
from assay.runtime.records import Coverage

SECOND_NS: Final = 1_000_000_000
PICTURED: Final = 3
"""Of a finding so many places come with the bars around them,"""
BESIDE: Final = 40
"""so many to either side, and as many of its own."""


def columns(bars: Bars) -> dict[str, Floats]:
    """The columns of bars in the order in which they are drawn."""
    return {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume}


def thinned(bars: Bars, points: int) -> Bars:
    """At most so many bars, each of as many that follow one another: first open, highest high, lowest low, last close, all the volume."""
    each = -(-len(bars) // points)
    if each <= 1:
        return bars
    firsts = np.arange(0, len(bars), each)
    lasts = np.append(firsts[1:], len(bars)) - 1
    return Bars(
        bars.instrument,
        bars.timeframe,
        bars.ts[firsts],
        bars.open[firsts],
        np.maximum.reduceat(bars.high, firsts),
        np.minimum.reduceat(bars.low, firsts),
        bars.close[lasts],
        np.add.reduceat(bars.volume, firsts),
        bars.has_volume,
    )


def bar_columns(bars: Bars, *, older: bool) -> BarColumns:
    """Bars as JSON; `older` says that there are more before them."""
    return BarColumns(
        instrument=bars.instrument,
        timeframe=bars.timeframe.name,
        time=(bars.ts // SECOND_NS).tolist(),
        next_before=to_datetime(bars.ts[0]) if older and len(bars) else None,
        **{name: column.tolist() for name, column in columns(bars).items()},
    )


def known(columns: Mapping[str, Floats]) -> dict[str, list[float | None]]:
    """Columns as JSON has them, None where there is no value."""
    return {name: [value if np.isfinite(value) else None for value in column.tolist()] for name, column in columns.items()}


def coverage_item(coverage: Coverage) -> CoverageItem:
    """What is stored of one instrument and timeframe."""
    return CoverageItem(
        instrument=coverage.instrument,
        timeframe=coverage.timeframe,
        first_at=coverage.first_at,
        last_at=coverage.last_at,
        bars=coverage.bars,
        bytes=coverage.bytes,
        updated_at=coverage.updated_at,
        gaps=[Gap(start=start, end=end) for start, end in coverage.gaps],
    )


def quality(bars: Bars, calendar: Calendar | None) -> Quality:
    """What is wrong with bars, and what is odd; looks at every bar, which takes a moment."""
    known = calendar or inferred(bars.ts, bars.timeframe)
    return Quality(
        instrument=bars.instrument,
        timeframe=bars.timeframe.name,
        bars=len(bars),
        calendar=None if known is None else known.name,
        findings=[_finding(each, bars) for each in inspect(bars, calendar=calendar)],
    )


def _finding(found: Found, bars: Bars | None = None) -> Finding:
    """With `bars`, those around its gravest places are in it."""
    return Finding(
        severity=found.severity,
        code=found.code,
        path=found.path,
        message=found.message,
        count=found.count,
        places=[_place(place, bars if number < PICTURED else None) for number, place in enumerate(found.places)],
    )


def _place(place: Place, bars: Bars | None) -> FindingPlace:
    window = None
    if bars is not None:
        rows = slice(max(0, place.start - BESIDE), min(place.end, place.start + BESIDE) + BESIDE)
        window = bar_columns(bars[rows], older=False)
    return FindingPlace(first_at=to_datetime(place.first_ts), last_at=to_datetime(place.last_ts), bars=place.bars, window=window)


def imported(read: Read, new: int) -> Imported:
    """What an import came to; looks for oddities, which takes a moment."""
    bars = read.bars
    return Imported(
        instrument=bars.instrument,
        timeframe=bars.timeframe.name,
        bars=len(bars),
        new=new,
        first_at=to_datetime(bars.ts[0]),
        last_at=to_datetime(bars.ts[-1]),
        findings=[_finding(each) for each in read.findings],
    )
