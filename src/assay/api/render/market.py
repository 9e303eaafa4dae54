"""Bars, and what is known of them, as they go over the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from assay.api.wire.market import BarColumns, CoverageItem, Finding, Gap, Imported
from assay.core.market.bars import Bars, Floats
from assay.core.market.candles import Imported as Read
from assay.core.market.findings import Finding as Found
from assay.core.market.instants import to_datetime
from assay.runtime.records import Coverage

SECOND_NS: Final = 1_000_000_000


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


def findings(found: Iterable[Found]) -> list[Finding]:
    """What was found odd."""
    return [Finding(severity=each.severity, code=each.code, path=each.path, message=each.message, count=each.count) for each in found]


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
        findings=findings(read.findings),
    )
