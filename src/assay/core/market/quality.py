"""What is wrong with bars, and what is odd about those that can still be used. Findings are told, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from assay.core.market.bars import Bars
from assay.core.market.calendar import DAY_NS, Calendar
from assay.core.market.findings import PLACES, Finding, Place, counted
from assay.core.market.gaps import gap_findings
from assay.core.market.instants import shown
from assay.core.market.leaps import leap_findings
from assay.core.market.rows import Fault, Path, bar_number, finite_faults, price_faults, time_faults, volume_faults
from assay.core.market.stale import stale_findings


def inspect(bars: Bars, path: Path = bar_number, calendar: Calendar | None = None) -> tuple[Finding, ...]:
    """All checks, the errors first; bars that were imported have none of those. `calendar` says when the market is open, if it is known."""
    faults = [
        *time_faults(bars.ts, path),
        *finite_faults({name: getattr(bars, name) for name in ("open", "high", "low", "close", "volume")}),
        *price_faults(bars.open, bars.high, bars.low, bars.close),
        *volume_faults(bars.volume),
    ]
    kinds = groupby(sorted(faults, key=lambda fault: (fault.code, fault.row)), key=lambda fault: fault.code)
    errors = sorted((_error(bars, list(of), path) for _, of in kinds), key=lambda finding: finding.places[0].start)
    # Bars that do not follow one another have no holes and no steps that anything could be said of.
    in_order = not any(finding.code in ("duplicate_time", "out_of_order", "descending") for finding in errors)
    return (*errors, *(oddities(bars, path, calendar) if in_order else ()))


def oddities(bars: Bars, path: Path = bar_number, calendar: Calendar | None = None) -> tuple[Finding, ...]:
    """Everything short of an error (`core.domain.spec.ODDITIES`)."""
    return (*gap_findings(bars, calendar, path), *_off_grid(bars, path), *stale_findings(bars, path), *leap_findings(bars, path))


def _error(bars: Bars, faults: list[Fault], path: Path) -> Finding:
    rows = list(dict.fromkeys(fault.row for fault in faults))
    places = tuple(Place(row, row + 1, int(bars.ts[row]), int(bars.ts[row]), 1) for row in rows[:PLACES])
    return Finding("error", faults[0].code, path(rows[0]), faults[0].message, sum(fault.times for fault in faults), places)


def _off_grid(bars: Bars, path: Path) -> Iterator[Finding]:
    """Within a day the grid is the first bar's; from a day on, daylight saving may move it, and nothing is said."""
    if bars.timeframe.nanoseconds >= DAY_NS or len(bars) == 0:
        return
    off = np.flatnonzero((bars.ts - bars.ts[0]) % bars.timeframe.nanoseconds)
    if len(off):
        row = int(off[0])
        message = (
            f"{counted(len(off), 'bar')} off the grid of {bars.timeframe} that starts at {shown(bars.ts[0])}; here {shown(bars.ts[row])}"
        )
        places = tuple(Place(each, each + 1, int(bars.ts[each]), int(bars.ts[each]), 1) for each in off[:PLACES].tolist())
        yield Finding("warning", "off_grid", path(row), message, len(off), places)
