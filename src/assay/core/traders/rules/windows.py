"""Truths over the last bars on columns: held at each of them, held at one at least, and steps that all go one way.

A window is slid by doubling: the least of sixteen rows is the lesser of two leasts of eight, so its cost grows with the logarithm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.core.kernel.drive import Floats

UNKNOWN = np.uint8(1)


def held(truths: NDArray[np.uint8], bars: int) -> NDArray[np.uint8]:
    """Kleene's `and` of the last `bars` truths; those before the first bar are unknown."""
    return _slid(np.minimum, _after_unknown(truths, bars), bars)


def within(truths: NDArray[np.uint8], bars: int) -> NDArray[np.uint8]:
    """Kleene's `or` of the last `bars` truths; those before the first bar are unknown."""
    return _slid(np.maximum, _after_unknown(truths, bars), bars)


def trend(values: Floats, rising: bool, bars: int) -> NDArray[np.uint8]:
    """Each of the last `bars` steps strictly in the direction; unknown until there are that many, and where a value is missing."""
    truths = np.full(len(values), UNKNOWN)
    if len(values) <= bars:
        return truths
    steps = values[1:] > values[:-1] if rising else values[1:] < values[:-1]
    every = _slid(np.logical_and, steps, bars).view(np.uint8)
    finite = np.isfinite(values)
    np.left_shift(every, UNKNOWN, out=truths[bars:])
    if not finite.all():
        truths[bars:][~_slid(np.logical_and, finite, bars + 1)] = UNKNOWN
    return truths


def trend_margin(values: Floats, rising: bool, bars: int, rows: NDArray[np.int64]) -> Floats:
    """The smallest of the last `bars` steps in the direction at each of the rows; NaN where one is missing."""
    known = rows >= bars
    margin = np.full(len(rows), np.nan)
    if known.any():
        steps = np.diff(values if rising else -values)
        margin[known] = _slid(np.minimum, steps, bars)[rows[known] - bars]
    return margin


def _after_unknown(truths: NDArray[np.uint8], bars: int) -> NDArray[np.uint8]:
    return np.concatenate([np.full(bars - 1, UNKNOWN), truths])


def _slid(choose: np.ufunc, column: NDArray[Any], bars: int) -> NDArray[Any]:
    """`choose` of each `bars` rows that follow one another; `bars` - 1 fewer than the column has."""
    width, window = 1, column
    while 2 * width <= bars:
        window = choose(window[width:], window[:-width])
        width *= 2
    rest = bars - width
    return window if rest == 0 else choose(window[rest:], window[:-rest])
