"""Finer bars inside deciding bars: a session with a `match_timeframe` walks the finer and counts the deciding (SIMULATION S1.5)."""

from __future__ import annotations

import numpy as np

from assay.core.domain.errors import DataError, Problem
from assay.core.market.bars import Bars, Ints
from assay.core.market.instants import closed_ts, shown


def nest(coarse: Bars, fine: Bars) -> Ints:
    """For each fine bar the ordinal of the coarse bar that contains it.

    Raises DataError where a fine bar lies in no coarse one: what it would match belongs to no decision. A coarse bar may be
    without fine ones, as those before the start are when only their closes are wanted for warm-up.
    """
    if fine.timeframe.nanoseconds >= coarse.timeframe.nanoseconds:
        message = f"bars of {fine.timeframe} are not finer than the deciding bars of {coarse.timeframe}"
        raise DataError([Problem(fine.instrument, "not_finer", message)])
    ordinals = np.searchsorted(coarse.ts, fine.ts, side="right") - 1
    ends = closed_ts(coarse.ts, coarse.timeframe)
    inside = ordinals >= 0
    if len(coarse) > 0:
        inside &= closed_ts(fine.ts, fine.timeframe) <= ends[ordinals]
    if not inside.all():
        raise DataError([_outside(coarse, fine, np.flatnonzero(~inside))])
    return ordinals.astype(np.int64, copy=False)


def _outside(coarse: Bars, fine: Bars, rows: Ints) -> Problem:
    span = f"from {shown(coarse.ts[0])} to {shown(closed_ts(coarse.ts[-1:], coarse.timeframe)[0])}" if len(coarse) else "none"
    message = (
        f"{len(rows)} of {len(fine)} bars of {fine.timeframe} lie inside no bar of {coarse.timeframe}, the first at "
        f"{shown(fine.ts[rows[0]])}; the deciding bars go {span}: cut the finer ones to that, and fill the holes of the deciding ones"
    )
    return Problem(fine.instrument, "outside", message)
