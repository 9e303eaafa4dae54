"""Which own deciding bar each slice belongs to, where slices are not simply every instrument's bars (SIMULATION S1.5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assay.core.engine.carries import DAY_NS
from assay.core.kernel.drive import PLAIN, Calendar, Ints
from assay.core.market.bars import Bars
from assay.core.market.instants import closed_ts
from assay.core.market.nesting import nest
from assay.core.market.slices import Slices


def calendar(slices: Slices) -> Calendar:
    """Deciding bars are the slices' own; nothing to write down where every instrument has every bar."""
    if slices.present is None:
        return PLAIN
    count = np.cumsum(slices.present, axis=1, dtype=np.int64)
    return _calendar(count, slices.present.astype(np.uint8))


def nested_calendar(slices: Slices, deciding: Mapping[str, Bars], fine: Mapping[str, Bars]) -> Calendar:
    """Slices are of finer bars; a deciding bar closes with the last of them inside it."""
    count = np.zeros(slices.shape, np.int64)
    closing = np.zeros(slices.shape, np.uint8)
    for row, name in enumerate(slices.instruments):
        ordinals = nest(deciding[name], fine[name]) + 1
        places = np.searchsorted(slices.ts, fine[name].ts)
        count[row, places] = ordinals
        closing[row, places[np.diff(ordinals, append=-1) != 0]] = 1
    np.maximum.accumulate(count, axis=1, out=count)
    return _calendar(count, closing)


def _calendar(count: Ints, closing: NDArray[np.uint8]) -> Calendar:
    width = int(count.max(initial=0)) + 1
    closes = np.full((len(count), width), np.iinfo(np.int64).max // 4, np.int64)
    for row in range(len(count)):
        places = np.flatnonzero(closing[row])
        closes[row, count[row, places]] = places
    return Calendar(np.ascontiguousarray(count, np.int64), np.ascontiguousarray(closing), closes)


def marked_days(slices: Slices) -> Ints:
    """The UTC day that each slice's mark belongs to, counted from 1970: that of the instant before its close (SIMULATION S10.4)."""
    days: Ints = (closed_ts(slices.ts, slices.timeframe) - 1) // DAY_NS
    return days
