"""When one series crosses another: ties are looked through, and a missing value forgets the side.

`a` crosses above `b` at t when a > b at t and the last bar before t that was not a tie had a < b. On cent prices more than half of all
pairs of averages meet an exact tie somewhere; asking for a strict inequality on both bars misses those crosses.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from assay.core.indicators.entry import Floats

TIE: Final = 1e-10
"""|a - b| <= TIE * |b| is a tie."""


def sides(a: Floats, b: Floats) -> Floats:
    """1 where a is above b, -1 below, 0 at a tie, NaN where either is missing."""
    with np.errstate(all="ignore"):
        difference = a - b
        side = np.where(np.abs(difference) <= TIE * np.abs(b), 0.0, np.sign(difference))
    return np.where(np.isfinite(a) & np.isfinite(b), side, np.nan)


def crossed_above(a: Floats, b: Floats) -> Floats:
    """1 where a crosses above b, 0 where it does not, NaN where either is missing."""
    side = sides(a, b)
    # The row of the last side before each row: a tie keeps the older one, a missing value has none to give.
    row = np.where(side != 0.0, np.arange(len(side)), 0)
    before = np.empty_like(side)
    before[:1] = np.nan
    before[1:] = side[np.maximum.accumulate(row)][:-1]
    crossed = np.where((side > 0.0) & (before < 0.0), 1.0, 0.0)
    crossed[np.isnan(side)] = np.nan
    return crossed
