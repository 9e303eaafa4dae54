"""Bars of a universe side by side: one row an instrument, one column a slice (SIMULATION S1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats, Ints


@dataclass(frozen=True, eq=False)
class Slices:
    """The union of the instruments' bars: `ts` int64 [T] open times, prices float64 [N, T], C-contiguous (time runs fastest).

    Where an instrument has no bar in a slice, `present` is False, open, high and low are NaN, volume 0, and close is the last
    one before (NaN before the first). `present` is None where every instrument has every bar.
    """

    instruments: tuple[str, ...]
    timeframe: Timeframe
    ts: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    has_volume: bool
    present: NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.ts)

    def at(self, index: int) -> datetime:
        """When the slice closed."""
        raise NotImplementedError


def align(universe: Mapping[str, Bars]) -> Slices:
    """Merge bars of one timeframe; one instrument costs no copy."""
    raise NotImplementedError
